#include "review/place_time.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "base/unit.h"

enum { MOMENT_BYTES = 32, DAYS_MOST = 31 };

/* A time is written to the second (and kept to a tenth). */
static const double WITHIN_S = 1;

static const char to_word[] = " to ";

static bool allowed(const char *text) {
    return text[strspn(text, "0123456789:.,- hmsuto")] == '\0';
}

bool place_time_like(const char *text) { return isdigit((unsigned char)text[0]) && allowed(text); }

/* --- one moment ------------------------------------------------------------------------------- */

/* "14:02:10", "14:02": hours, minutes, seconds. */
static bool clock_read(const char *text, int part[3], int *parts) {
    int end = 0;
    part[2] = 0;
    *parts = sscanf(text, "%2d:%2d%n:%2d%n", &part[0], &part[1], &end, &part[2], &end);
    return *parts >= 2 && text[end] == '\0' && strlen(text) >= 4 &&
           text[strspn(text, "0123456789:")] == '\0' && part[0] < 24 && part[1] < 60 &&
           part[2] < 60;
}

/* The first time after the start that a clock shows this. */
static double since_start(int64_t start_ms, const int part[3]) {
    time_t start = (time_t)(start_ms / 1000);
    struct tm day;
    if (!localtime_r(&start, &day))
        return NAN;
    double start_s = (double)start_ms / 1000;
    for (int later = 0; later < 2; later++) {
        struct tm t = {.tm_year = day.tm_year,
                       .tm_mon = day.tm_mon,
                       .tm_mday = day.tm_mday + later,
                       .tm_hour = part[0],
                       .tm_min = part[1],
                       .tm_sec = part[2],
                       .tm_isdst = -1};
        double at_s = (double)mktime(&t) - start_s;
        if (at_s > -WITHIN_S)
            return at_s > 0 ? at_s : 0;
    }
    return NAN;
}

static bool no_time(const char *text, struct err *e) {
    err_set(e, ERR_USAGE, "\"%.40s\" is no time", text);
    return err_fix(e, "write 14:02:10, or 95s from the start");
}

static bool moment_read(const char *text, const struct summary *run, double *at_s, struct err *e) {
    int part[3], parts;
    double ms;
    bool known = run->series.start_ms > 0, clock = clock_read(text, part, &parts);
    if (clock && known) {
        *at_s = since_start(run->series.start_ms, part);
        return !isnan(*at_s) || no_time(text, e);
    }
    if (clock && parts == 3) {
        err_set(e, ERR_USAGE, "the result does not say at what time the run began");
        return err_fix(e, "give times from its start: 95s-2m");
    }
    if (!unit_duration_ms(text, 0, &ms, NULL))
        return no_time(text, e);
    *at_s = ms / 1000;
    return true;
}

/* --- a range ---------------------------------------------------------------------------------- */

static void show_moment(const struct summary *run, double at_s, char *out, size_t size) {
    if (run->series.start_ms > 0) /* half of what place_text() keeps: 54.96 s is 55 s */
        unit_show_time(run->series.start_ms + (int64_t)(at_s * 1000) + 50, out, size);
    else
        unit_show_clock(at_s, out, size);
}

static bool is_inside(const struct summary *run, const char *text, double at_s, struct err *e) {
    char from[MOMENT_BYTES], to[MOMENT_BYTES];
    double end_s = summary_end_s(run);
    if (isnan(end_s))
        end_s = DAYS_MOST * 86400.0;
    if (at_s <= end_s + WITHIN_S)
        return true;
    show_moment(run, 0, from, sizeof from);
    show_moment(run, end_s, to, sizeof to);
    return err_set(e, ERR_USAGE, "%s is outside of the run: it went from %s to %s", text, from, to);
}

static bool copy_part(const char *from, size_t len, char out[MOMENT_BYTES]) {
    from = text_trim(from, &len);
    if (len >= MOMENT_BYTES)
        return false;
    memcpy(out, from, len);
    out[len] = '\0';
    return true;
}

/* false: a part is too long to be a time. One moment is both. */
static bool split(const char *text, char from[MOMENT_BYTES], char to[MOMENT_BYTES]) {
    const char *word = strstr(text, to_word), *dash = strchr(text, '-');
    const char *cut = word ? word : dash;
    if (!cut)
        return copy_part(text, strlen(text), from) && copy_part(text, strlen(text), to);
    const char *rest = cut + (word ? strlen(to_word) : 1);
    return copy_part(text, (size_t)(cut - text), from) && copy_part(rest, strlen(rest), to);
}

bool place_time_read(const char *text, const struct summary *run, double *from_s, double *to_s,
                     struct err *e) {
    char from[MOMENT_BYTES], to[MOMENT_BYTES];
    if (!split(text, from, to))
        return no_time(text, e);
    if (!moment_read(from, run, from_s, e) || !moment_read(to, run, to_s, e) ||
        !is_inside(run, from, *from_s, e) || !is_inside(run, to, *to_s, e))
        return false;
    return *to_s >= *from_s || err_set(e, ERR_USAGE, "%s is before %s", to, from);
}

/* --- for people ------------------------------------------------------------------------------- */

/* "14:17:00" to "14:17". */
static bool cut_seconds(char *clock) {
    size_t len = strlen(clock);
    if (len != strlen("14:17:00") || strcmp(clock + len - 3, ":00") != 0)
        return false;
    clock[len - 3] = '\0';
    return true;
}

void place_time_show(const struct summary *run, double from_s, double to_s, char *out,
                     size_t size) {
    char from[MOMENT_BYTES], to[MOMENT_BYTES], whole_to[MOMENT_BYTES];
    show_moment(run, from_s, from, sizeof from);
    show_moment(run, to_s, to, sizeof to);
    if (!(to_s > from_s)) {
        text_copy(out, size, from);
        return;
    }
    text_copy(whole_to, sizeof whole_to, to);
    if (run->series.start_ms > 0 && cut_seconds(to) && !cut_seconds(from))
        text_copy(to, sizeof to, whole_to);
    snprintf(out, size, "%s%s%s", from, to_word, to);
}
