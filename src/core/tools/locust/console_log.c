#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "results/number.h"
#include "tools/locust/console.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define STAMP "[dddd-dd-dd dd:dd:dd,ddd] "

void locust_log_init(struct locust_log *l) {
    *l = (struct locust_log){
        .started_ms = -1, .ended_ms = -1, .users = NAN, .exit_code = -1, .users_line = 0};
}

/* "[2026-11-23 08:53:58,565] " at s. */
static bool stamp_at(const char *s) {
    for (const char *p = STAMP; *p; p++, s++)
        if (*p == 'd' ? !isdigit((unsigned char)*s) : *p != *s)
            return false;
    return true;
}

/* The stamp of a record, also behind what a CI system puts before it. */
static const char *stamp_of(const char *s) {
    enum { PREFIX_MAX_BYTES = 120 };
    for (const char *at = strchr(s, '['); at && at - s < PREFIX_MAX_BYTES; at = strchr(at + 1, '['))
        if (stamp_at(at))
            return at;
    return NULL;
}

static int64_t stamp_ms(const char *stamp) {
    char text[] = "dddd-dd-ddTdd:dd:dd.dddZ";
    int64_t ns;
    memcpy(text, stamp + 1, 10);
    memcpy(text + 11, stamp + 12, 8);
    memcpy(text + 20, stamp + 21, 3);
    return number_rfc3339(text, strlen(text), &ns) ? ns / 1000000 : -1;
}

/* What stands behind word at s, blanks not counted: where a terminal cut a record, one may be lost.
 * NULL when it does not begin so. */
static const char *behind(const char *s, const char *word) {
    for (; s && *word; s++) {
        while (*word == ' ')
            word++;
        while (*s == ' ')
            s++;
        if (*word == '\0')
            break;
        if (*s != *word++)
            return NULL;
    }
    while (s && *s == ' ')
        s++;
    return s;
}

/* "host/INFO/locust.main: text": the text; NULL when that logger did not say it. */
static const char *message_of(const char *s, const char *logger) {
    const char *stamp = stamp_of(s);
    const char *at = stamp ? strstr(stamp, logger) : NULL;
    return at && at > stamp && at[-1] == '/' ? at + strlen(logger) : NULL;
}

bool locust_log_is_record(const char *s) { return stamp_of(s) != NULL; }

static bool says(const char *message, const char *const *starts, size_t n) {
    for (size_t i = 0; message && i < n; i++)
        if (behind(message, starts[i]))
            return true;
    return false;
}

static const char main_logger[] = "locust.main:", runner_logger[] = "locust.runners:";

static const char *const spawning[] = {"Ramping to", "Spawning", "Hatching and swarming",
                                       "Shape test starting"};

enum locust_start locust_log_start(const char *s) {
    static const char *const limits[] = {"Run time limit set", "No run time limit set"};
    if (says(message_of(s, main_logger), limits, COUNT(limits)))
        return LOCUST_STARTS;
    return says(message_of(s, runner_logger), spawning, COUNT(spawning)) ? LOCUST_SPAWNS
                                                                         : LOCUST_NO_START;
}

/* "{"OrderUser": 10} (10 total users)" */
static void take_users(struct locust_log *l, const char *spawned, long line) {
    const char *open = spawned ? strrchr(spawned, '(') : NULL;
    if (!open || !isdigit((unsigned char)open[1]))
        return;
    char *unit;
    double n = strtod(open + 1, &unit);
    if (!behind(unit, "total") || n <= l->users)
        return;
    l->users = n;
    l->users_line = line;
    snprintf(l->users_quote, sizeof l->users_quote, "All users spawned: %.90s", spawned);
}

static void take_runner(struct locust_log *l, const char *message, const char *s, long line) {
    if (says(message, spawning, COUNT(spawning)) && l->started_ms < 0)
        l->started_ms = stamp_ms(stamp_of(s));
    if (behind(message, "Shape test stopping"))
        l->limit_reached = true;
    take_users(l, behind(message, "All users spawned:"), line);
}

static void take_main(struct locust_log *l, const char *message, const char *s, long line) {
    static const char *const ends[] = {"--run-time limit reached", "Time limit reached",
                                       "--autoquit time reached"};
    const char *version = behind(message, "Starting Locust");
    const char *code = behind(message, "Shutting down (exit code");
    if (version)
        sscanf(version, "%31[0-9a-z.]", l->version);
    if (behind(message, "Run time limit set"))
        l->limited = true;
    if (says(message, ends, COUNT(ends)) || strstr(message, "limit reached"))
        l->limit_reached = true;
    if (behind(message, "Got SIGTERM signal"))
        text_copy(l->stopped, sizeof l->stopped,
                  "The run was stopped before its end: Locust received a SIGTERM signal.");
    if (!code)
        return;
    l->shutting_down = true;
    l->exit_code = isdigit((unsigned char)*code) ? (int)strtol(code, NULL, 10) : -1;
    l->ended_ms = stamp_ms(stamp_of(s));
    l->ended_line = line;
}

/* Limits of the load machine (references/diagnosis.md, D04). */
void locust_log_generator(struct locust_log *l, const char *s) {
    static const char *const signs[] = {
        "CPU usage above",
        "CPU usage was too high at some point during the test",
        "CPU usage threshold was exceeded on workers",
        "Too many open files",
        "Cannot assign requested address",
        "Cannot allocate memory",
        "No buffer space available",
        "failed to send heartbeat, setting state to missing",
    };
    for (size_t i = 0; i < COUNT(signs) && !l->generator[0]; i++) {
        const char *at = strstr(s, signs[i]);
        struct text_out o = {.to = l->generator, .size = sizeof l->generator};
        if (at)
            text_put(&o, at, strcspn(at, "!.,('\""));
    }
}

void locust_log_take(struct locust_log *l, const char *s, long line) {
    const char *runner = message_of(s, runner_logger), *own = message_of(s, main_logger);
    if (runner)
        take_runner(l, runner, s, line);
    if (own)
        take_main(l, own, s, line);
    if (message_of(s, "ERROR/locust.user.task:")) {
        l->exceptions++;
        l->exception_line = l->exception_line ? l->exception_line : line;
    }
    locust_log_generator(l, s);
}

bool locust_log_interrupt(struct locust_log *l, const char *s) {
    if (strcmp(s, "KeyboardInterrupt") != 0)
        return false;
    if (!l->stopped[0])
        text_copy(l->stopped, sizeof l->stopped,
                  "The run was stopped before its end: by Ctrl-C (KeyboardInterrupt).");
    return true;
}
