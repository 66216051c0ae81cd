#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "base/unit.h"
#include "tools/k6/k6_script.h"
#include "tools/words.h"

enum {
    RECORD_PERIOD_S = 5,
    RECORD_PERIODS_MAX = 2880, /* a longer run stretches the period */
    RECORD_BYTES = 950,        /* per period */
    SUMMARY_BYTES = 4096,
};

/* Variables of the shell that make k6 run another test than the script says. */
static const struct {
    const char *name, *effect;
} overriding[] = {
    {"K6_VUS", "it throws the scenarios away"},
    {"K6_DURATION", "it throws the scenarios away"},
    {"K6_ITERATIONS", "it throws the scenarios away"},
    {"K6_STAGES", "it throws the scenarios away"},
    {"K6_RPS", "it caps the rate"},
    {"K6_MIN_ITERATION_DURATION", "it lowers the rate"},
    {"K6_PAUSED", "the run would never start"},
    {"K6_NO_THRESHOLDS", "the limits would not count, and nothing would stop the run"},
    {"K6_SYSTEM_TAGS", "scenario and endpoint names may be missing in the results"},
    {"K6_EXECUTION_SEGMENT", "only a part of the load would run"},
    {"K6_EXECUTION_SEGMENT_SEQUENCE", "only a part of the load would run"},
};
enum { OVERRIDING = sizeof overriding / sizeof *overriding };

bool k6_version(const char *output, char *out, size_t size) {
    for (const char *c = output; *c; c++) {
        size_t len = strspn(c, "0123456789.");
        bool begins = c == output || c[-1] == 'v' || c[-1] == ' ';
        if (!begins || !isdigit((unsigned char)*c) || !memchr(c, '.', len) || len >= size)
            continue;
        memcpy(out, c, len);
        out[len] = '\0';
        return true;
    }
    return false;
}

/* The recording came with 0.49. An unknown version is taken for a current one. */
static bool can_record(const char *version) {
    unsigned major, minor;
    return sscanf(version, "%u.%u", &major, &minor) != 2 || major > 0 || minor >= 49;
}

int k6_result_names(const char *stem, char out[][256], int most) {
    static const char *const ends[] = {".json", ".ndjson", ".csv", ".csv.gz"};
    int n = 0;
    for (; n < most && n < (int)(sizeof ends / sizeof *ends); n++)
        snprintf(out[n], 256, "%.200s%s", stem, ends[n]);
    return n;
}

/* --- result files --- */

/* How the single requests are kept: ".csv", ".csv.gz", or NULL when they would fill the disk. */
static const char *csv_ending(const struct profile *p, const struct rules *rules,
                              struct command *c) {
    const struct k6_result_rules *r = &rules->k6_results;
    double plain_bytes = p->planned_requests * r->csv_bytes_per_request;
    char size[32], packed[32];
    unit_show_bytes(plain_bytes, size, sizeof size);
    unit_show_bytes(plain_bytes / r->csv_gz_share, packed, sizeof packed);
    if (plain_bytes <= r->csv_most_bytes) {
        c->result_bytes += plain_bytes;
        return ".csv";
    }
    if (plain_bytes <= r->csv_gz_most_bytes) {
        c->result_bytes += plain_bytes / r->csv_gz_share;
        findings_add(&c->findings, FINDING_INFO, "csv-compressed",
                     "The CSV would have %s, so it is compressed to about %s: exact after the run, "
                     "not to be watched.",
                     size, packed);
        return ".csv.gz";
    }
    findings_add(&c->findings, FINDING_WARNING, "csv-left-out",
                 "The CSV would have %s, so it is left out: p95 of the steady state will not be "
                 "measured.",
                 size);
    return NULL;
}

/* k6 takes a '=' in the name of a CSV for an option. */
static bool folder_fits_csv(const char *script, struct command *c) {
    if (!memchr(script, '=', (size_t)(file_base(script) - script)))
        return true;
    findings_add(&c->findings, FINDING_WARNING, "csv-left-out",
                 "k6 writes no CSV into a folder with = in its name: p95 of the steady state will "
                 "not be measured. Go into the folder and run the command there.");
    return false;
}

/* --- environment --- */

static void unset_overriding(struct words *w) {
    bool any = false;
    for (int i = 0; i < OVERRIDING; i++) {
        if (!getenv(overriding[i].name))
            continue;
        char words[64];
        snprintf(words, sizeof words, "%s-u %s", any ? "" : "env ", overriding[i].name);
        words_plain(w, words);
        any = true;
        findings_add(&w->c->findings, FINDING_WARNING, "environment",
                     "%s is set in this shell: %s. The command takes it away.", overriding[i].name,
                     overriding[i].effect);
    }
    if (any)
        words_part(w);
}

/* --- commands --- */

static double recording_bytes(const struct profile *p) {
    return fmin(ceil(p->duration_s / RECORD_PERIOD_S), RECORD_PERIODS_MAX) * RECORD_BYTES;
}

bool k6_command(const char *script, const char *stem, const char *tool_version,
                const struct profile *p, const struct rules *rules, struct command *out,
                struct err *e) {
    struct words w = words_begin(out, e);
    unset_overriding(&w);
    if (can_record(tool_version)) {
        words_plain(&w,
                    "K6_WEB_DASHBOARD=true K6_WEB_DASHBOARD_PORT=-1 K6_WEB_DASHBOARD_PERIOD=5s");
        words_part(&w);
        words_plain(&w, "K6_WEB_DASHBOARD_RECORD=");
        words_quoted(&w, words_result(&w, script, stem, ".ndjson"));
        out->result_bytes += recording_bytes(p);
    }
    words_plain(&w, "k6 run");
    const char *csv = folder_fits_csv(script, out) ? csv_ending(p, rules, out) : NULL;
    if (csv)
        words_option(&w, "--out csv=", words_result(&w, script, stem, csv));
    words_part(&w);
    words_option(&w, "--summary-export ", words_result(&w, script, stem, ".json"));
    out->result_bytes += SUMMARY_BYTES;
    words_script(&w, script);
    return words_end(&w);
}

bool k6_baseline_command(const char *script, struct command *out, struct err *e) {
    char stem[128];
    struct words w = words_begin(out, e);
    words_stem(script, stem, sizeof stem);
    words_plain(&w, "K6_WEB_DASHBOARD=true K6_WEB_DASHBOARD_PORT=-1");
    words_part(&w);
    words_plain(&w, "K6_WEB_DASHBOARD_RECORD=");
    words_quoted(&w, words_result(&w, script, stem, ".ndjson"));
    words_part(&w);
    words_plain(&w, "k6 run");
    words_option(&w, "--summary-export ", words_result(&w, script, stem, ".json"));
    words_script(&w, script);
    return words_end(&w);
}
