#include "tools/k6/k6_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum { PROGRESS_MAX_BYTES = 200 };

/* "1h02m03.4s" in seconds; -1 when it is something else. */
static double clock_seconds(const char *s) {
    static const struct {
        char unit;
        double seconds;
    } units[] = {{'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}};
    double sum = 0;
    for (size_t i = 0; *s; i++) {
        char *end;
        double value = strtod(s, &end);
        if (end == s)
            return -1;
        while (i < COUNT(units) && units[i].unit != *end)
            i++;
        if (i == COUNT(units))
            return -1;
        sum += value * units[i].seconds;
        s = end + 1;
    }
    return sum;
}

void k6_log_progress(struct k6_log *l, const char *s, size_t len, long line) {
    char text[PROGRESS_MAX_BYTES], clock[20], used[10], all[10], complete[16], interrupted[16];
    s = text_trim(s, &len);
    if (len >= sizeof text)
        return;
    memcpy(text, s, len);
    text[len] = '\0';
    int end = 0;
    int n = sscanf(text,
                   "running (%19[0-9dhms.]), %9[0-9]/%9[0-9] VUs, %15[0-9] complete and %15[0-9]%n",
                   clock, used, all, complete, interrupted, &end);
    double seconds = n == 5 && text[end] == ' ' ? clock_seconds(clock) : -1;
    if (seconds < 0)
        return;
    l->progress = (struct k6_progress){.seen = true,
                                       .duration_s = seconds,
                                       .used = strtod(used, NULL),
                                       .allocated = strtod(all, NULL),
                                       .complete = strtod(complete, NULL),
                                       .interrupted = strtod(interrupted, NULL),
                                       .line = line};
    text_copy(l->progress.quote, sizeof l->progress.quote, text);
}

/* How much of a scenario's time is over, 0..1: "[  98% ]", or on a terminal "[=====>---]". */
static double bar_share(const char *s, const char *end) {
    const char *percent = memchr(s, '%', (size_t)(end - s));
    size_t done = 0, all = 0;
    if (percent) {
        while (percent > s && percent[-1] != ' ' && percent[-1] != '[')
            percent--;
        return strtod(percent, NULL) / 100;
    }
    for (const char *p = s; p < end; p++) {
        done += *p == '=' || *p == '>';
        all += *p == '=' || *p == '>' || *p == '-';
    }
    return all ? (double)done / (double)all : 0;
}

/* "22.0s/26.0s" behind the bar; *len is 0 when it is not there. */
static const char *bar_clock(const char *s, const char *end, size_t *len) {
    for (const char *p = s + 1; p < end; p++) {
        if (*p != '/' || p[-1] != 's')
            continue;
        const char *from = p, *to = p;
        while (from > s && from[-1] != ' ')
            from--;
        while (to < end && *to != ' ')
            to++;
        *len = (size_t)(to - from);
        return from;
    }
    *len = 0;
    return end;
}

/* A scenario whose last iterations end a little before its time has the same mark. */
void k6_log_bar(struct k6_log *l, const struct k6_item *it) {
    static const double nearly_all = 0.95;
    const char *end = it->rest + it->rest_len;
    const char *close = memchr(it->rest, ']', it->rest_len);
    if (l->bar[0] || (close && bar_share(it->rest, close) >= nearly_all))
        return;
    size_t len;
    const char *clock = bar_clock(close ? close : end, end, &len);
    snprintf(l->bar, sizeof l->bar, "The run was stopped before its end: scenario %.*s%s%.*s.",
             it->name_len < 80 ? (int)it->name_len : 80, it->name, len ? " at " : "",
             len < 40 ? (int)len : 40, clock);
}

/* --- log records ----------------------------------------------------------------------------- */

static const struct {
    const char *needle, *sentence;
} stops[] = {
    {"has abortOnFail enabled, stopping test prematurely",
     "The run was stopped before its end: a threshold with abortOnFail was crossed."},
    {"because k6 received a 'interrupt' signal",
     "The run was stopped before its end: k6 received an interrupt signal."},
    {"because k6 received a '", "The run was stopped before its end: k6 received a signal."},
    {"in response to signal", "The run was stopped before its end: k6 received a signal."},
    {"test aborted", "The run was stopped before its end: the script called test.abort()."},
    {"test run stopped from REST API", "The run was stopped before its end: over k6's REST API."},
};

/* Limits of the load machine (references/diagnosis.md, D04). "Insufficient VUs" is not among them:
 * that is the script's own limit, and a server that became slow causes it as well. */
static const char *const limits[] = {
    "too many open files",       "cannot assign requested address", "address already in use",
    "no buffer space available", "cannot allocate memory",
};

/* k6 says these of a connection that it opens itself; elsewhere they are words of the server. */
static const char *connection(const char *s, const char *limit) {
    static const char *const words[] = {"dial ", "socket: "};
    for (size_t i = 0; i < COUNT(words); i++) {
        const char *at = strstr(s, words[i]);
        if (at && at < limit)
            return at;
    }
    return NULL;
}

static void take_generator(struct k6_log *l, const char *s) {
    for (size_t i = 0; i < COUNT(limits) && !l->generator[0]; i++) {
        const char *at = strstr(s, limits[i]);
        const char *from = at ? connection(s, at) : NULL;
        if (!from)
            continue;
        size_t len = (size_t)(at - from) + strlen(limits[i]);
        bool fits = len < sizeof l->generator;
        const char *piece = fits ? from : at;
        snprintf(l->generator, sizeof l->generator, "%.*s",
                 fits ? (int)len : (int)strlen(limits[i]), piece);
    }
}

void k6_log_record(struct k6_log *l, const char *s) {
    if (strstr(s, "source=console") || strstr(s, "\"source\":\"console\""))
        return; /* the script's own words */
    for (size_t i = 0; i < COUNT(stops) && !l->stopped[0]; i++)
        if (strstr(s, stops[i].needle))
            text_copy(l->stopped, sizeof l->stopped, stops[i].sentence);
    take_generator(l, s);
}
