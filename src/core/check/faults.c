/* The kinds of errors, from the words of the load tools. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "check/evidence.h"

static const struct {
    int status;
    enum fault is;
} statuses[] = {{429, FAULT_429}, {401, FAULT_401}, {403, FAULT_403}, {500, FAULT_500},
                {502, FAULT_502}, {503, FAULT_503}, {504, FAULT_504}};

/* The first that is found counts: "connect timed out" goes before "timed out". */
static const struct {
    const char *words;
    enum fault is;
} reasons[] = {
    {"connection refused", FAULT_REFUSED}, {"connectionrefused", FAULT_REFUSED},
    {"error code 1212", FAULT_REFUSED},    {"reset by peer", FAULT_RESET},
    {"connection reset", FAULT_RESET},     {"connectionreset", FAULT_RESET},
    {"broken pipe", FAULT_RESET},          {"remotedisconnected", FAULT_RESET},
    {"remote end closed", FAULT_RESET},    {"failed to respond", FAULT_RESET},
    {"nohttpresponse", FAULT_RESET},       {"error code 1220", FAULT_RESET},
    {"error code 1201", FAULT_RESET},      {"dial: i/o timeout", FAULT_DIAL},
    {"error code 1211", FAULT_DIAL},       {"connecttimeout", FAULT_DIAL},
    {"connect timed out", FAULT_DIAL},     {"request timeout", FAULT_TIMEOUT},
    {"error code 1050", FAULT_TIMEOUT},    {"timed out", FAULT_TIMEOUT},
    {"readtimeout", FAULT_TIMEOUT},        {"sockettimeout", FAULT_TIMEOUT},
    {"deadline exceeded", FAULT_TIMEOUT},
};

/* Behind the name of the request, which may hold any word. */
static const char *reason_in(const char *text) {
    const char *colon = strstr(text, ": ");
    return colon ? colon + 2 : text;
}

/* Three digits that stand alone: 0 for anything else. */
static int status_at(const char *s) {
    if (!(s[0] >= '2' && s[0] <= '5') || !isdigit((unsigned char)s[1]) ||
        !isdigit((unsigned char)s[2]) || isalnum((unsigned char)s[3]))
        return 0;
    return atoi(s);
}

/* "HTTP 503", "HTTPError('503 Server Error", "BadStatusCode(..., code=503)", and a script's own
 * "unexpected status 503". */
static int status_behind(const char *reason) {
    static const char *const before[] = {"HTTP ", "HTTPError('", "HTTPError(\"",
                                         "code=", "unexpected status "};
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        const char *at = strstr(reason, before[i]);
        int status = at ? status_at(at + strlen(before[i])) : 0;
        if (status)
            return status;
    }
    return 0;
}

/* "503 Service Unavailable", also behind a name that holds ": " itself. */
static int status_in(const char *reason) {
    int status = status_behind(reason);
    for (const char *s = reason; !status && s; s = strstr(s, ": "), s = s ? s + 2 : NULL)
        status = status_at(s);
    return status;
}

static bool says(const char *text, const char *words) {
    size_t len = strlen(words);
    for (; *text; text++)
        if (strncasecmp(text, words, len) == 0)
            return true;
    return false;
}

/* k6: the server closed the connection before it answered. */
static bool is_end_of_file(const char *reason) {
    size_t len = strlen(reason);
    return len >= 3 && strcmp(reason + len - 3, "EOF") == 0 &&
           (len == 3 || !isalnum((unsigned char)reason[len - 4]));
}

enum fault fault_of(const char *text) {
    const char *reason = reason_in(text);
    int status = status_in(reason);
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        if (status == statuses[i].status)
            return statuses[i].is;
    if (status)
        return status < 400 ? FAULT_CONTENT : FAULT_OTHER;
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (says(reason, reasons[i].words))
            return reasons[i].is;
    return is_end_of_file(reason) ? FAULT_RESET : FAULT_OTHER;
}

struct faults faults_of(const struct summary *run) {
    struct faults f = {0};
    for (size_t i = 0; i < run->errors; i++) {
        f.count[fault_of(run->error[i].text)] += run->error[i].count;
        f.all += run->error[i].count;
    }
    double failed = summary_value(run, METRIC_FAILED);
    if (failed > f.all) /* kinds that were left out */
        f.all = failed;
    return f;
}
