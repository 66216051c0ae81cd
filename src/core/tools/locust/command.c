#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "base/unit.h"
#include "tools/locust/processes.h"
#include "tools/locust/settings.h"
#include "tools/locust/write.h"
#include "tools/version.h"

enum {
    STOP_TIMEOUT_S = 30, /* what is under way at the end may take so long */
    HISTORY_ROW_BYTES = 145,
    TABLES_BYTES = 8192, /* statistics, failures, exceptions */
    HTML_BYTES = 800000,
};

static const char *const ends[] = {"_stats.csv", "_stats_history.csv", "_failures.csv",
                                   "_exceptions.csv", ".html"};
enum { ENDS = sizeof ends / sizeof *ends, CSV_ENDS = ENDS - 1 };

bool locust_version(const char *output, char *out, size_t size) {
    return version_find(output, out, size);
}

int locust_result_names(const char *stem, char out[][256], int most) {
    int n = 0;
    for (; n < most && n < ENDS; n++)
        snprintf(out[n], 256, "%.200s%s", stem, ends[n]);
    return n;
}

bool locust_starts_processes(const char *version) { return version_at_least(version, 2, 19); }

bool locust_sends_file(const char *version) { return version_at_least(version, 2, 23); }

int locust_processes(const struct profile *p, const struct rules *rules) {
    const struct tool_need *need = rules_tool(rules, "locust_http");
    if (!need || !(need->rps_per_core > 0))
        return 1;
    double cores = profile_top_rps(p) / need->rps_per_core / p->generators;
    return cores > 1 ? (int)ceil(cores - 1e-9) : 1;
}

bool locust_can_run(const char *script, const char *version, struct err *e) {
    if (version[0] && !version_at_least(version, 2, 6)) {
        err_set(e, ERR_REFUSED, "Locust %s is too old for this; at least 2.6 is needed", version);
        return err_fix(e, "pip install --upgrade locust");
    }
    if (strchr(script, ',') || !text_ends(script, ".py")) {
        err_set(e, ERR_REFUSED, "Locust cannot open this name%s",
                strchr(script, ',') ? ": it divides names at commas" : "; it takes .py files");
        err_at(e, script, 0);
        return err_fix(e, "save it as %s",
                       strchr(script, ',') ? "a name without a comma" : "a .py file");
    }
    return true;
}

/* --- result files --- */

/* A value that begins with "-" would be an option. */
static void add_value(struct words *w, const char *option, const char *value) {
    char text[64];
    snprintf(text, sizeof text, "%s%s", option, *value == '-' ? "=" : " ");
    words_option(w, text, value);
}

static void add_csv(struct words *w, const char *script, const char *stem) {
    char prefix[256];
    text_copy(prefix, sizeof prefix, words_result(w, script, stem, ends[0]));
    size_t len = strlen(prefix), end = strlen(ends[0]);
    prefix[len > end ? len - end : 0] = '\0';
    for (int i = 1; i < CSV_ENDS; i++)
        words_result(w, script, stem, ends[i]);
    add_value(w, "--csv", prefix);
    words_plain(w, "--csv-full-history");
}

/* A row per endpoint and one for all, each second. */
static double history_bytes(const struct profile *p) {
    double names = 1;
    for (size_t i = 0; i < p->parts; i++)
        names += fmax(1, ceil(p->part[i].requests_per_iteration));
    return ceil(p->duration_s) * names * HISTORY_ROW_BYTES;
}

/* Requests under way when the run ends are counted only if they may end: in whole seconds, older
 * versions take no others. */
static int stop_timeout_s(const struct profile *p) {
    double response_ms = p->p95_limit_ms > p->avg_ms ? p->p95_limit_ms : p->avg_ms;
    double longest_s = STOP_TIMEOUT_S;
    for (size_t i = 0; i < p->parts; i++) {
        const struct part *part = &p->part[i];
        double ms = part->requests_per_iteration * response_ms + part->think_ms;
        longest_s = fmax(longest_s, ceil(ms / 1000));
    }
    return (int)fmin(longest_s, 86400);
}

void locust_words(struct words *w, const char *script, const char *stem, const struct profile *p,
                  const char *more) {
    char timeout[40];
    settings_unset(w);
    words_plain(w, "locust -f");
    words_script(w, script);
    words_plain(w, "--headless");
    if (settings_read(&w->c->findings))
        words_plain(w, "-t 0");
    if (more[0])
        words_plain(w, more);
    words_part(w);
    add_csv(w, script, stem);
    words_part(w);
    add_value(w, "--html", words_result(w, script, stem, ends[CSV_ENDS]));
    snprintf(timeout, sizeof timeout, "--stop-timeout %d", stop_timeout_s(p));
    words_plain(w, timeout);
    w->c->result_bytes = history_bytes(p) + TABLES_BYTES + HTML_BYTES;
}

/* --- commands --- */

/* A version that starts no processes itself: what a person starts beside it. Without a version
 * string a master takes workers only from a script for several generators. */
static void say_workers(const char *script, const char *version, const struct profile *p,
                        int processes, struct findings *f) {
    char rps[32], by_hand[200] = "";
    if (version[0])
        snprintf(by_hand, sizeof by_hand,
                 "add --master --expect-workers %d to the command and start locust -f %.80s "
                 "--worker %d times beside it, or ",
                 processes, file_base(script), processes);
    findings_add(f, FINDING_WARNING, "one-core",
                 "%s RPS need %d Locust processes, one per core. This version starts one: %splan "
                 "%d generators; their workers may run on one machine.",
                 unit_show_short(profile_top_rps(p), 1, rps, sizeof rps), processes, by_hand,
                 processes);
}

bool locust_command(const char *script, const char *stem, const char *tool_version,
                    const struct profile *p, const struct rules *rules, struct command *out,
                    struct err *e) {
    char more[40] = "";
    struct words w = words_begin(out, e);
    if (!locust_can_run(script, tool_version, e))
        return false;
    struct profile one = *p;
    one.generators = 1;
    int processes = locust_processes(&one, rules);
    if (processes > 1 && locust_starts_processes(tool_version))
        snprintf(more, sizeof more, "--processes %d", processes);
    else if (processes > 1)
        say_workers(script, tool_version, p, processes, &out->findings);
    locust_words(&w, script, stem, p, more);
    return words_end(&w);
}

/* Five users for a minute: enough requests for a mean, too few to load anything. */
bool locust_baseline_command(const char *script, struct command *out, struct err *e) {
    char stem[128];
    struct words w = words_begin(out, e);
    if (!locust_can_run(script, "", e))
        return false;
    words_stem(script, stem, sizeof stem);
    words_plain(&w, "locust -f");
    words_script(&w, script);
    words_plain(&w, "--headless -u 5 -r 5 -t 60s");
    words_part(&w);
    add_csv(&w, script, stem);
    words_plain(&w, "--stop-timeout 10");
    return words_end(&w);
}
