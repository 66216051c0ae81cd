#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "base/unit.h"
#include "tools/k6/k6_script.h"

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

/* --- words --- */

/* A command while it is written: part by part. */
struct writer {
    struct command *c;
    struct err *e;
    bool ok;
};

static void plain(struct writer *w, const char *words) {
    char *to = w->c->part[w->c->parts - 1];
    size_t size = sizeof w->c->part[0], len = strlen(to);
    if (w->ok &&
        len + (size_t)snprintf(to + len, size - len, "%s%s", len ? " " : "", words) >= size)
        w->ok = err_set(w->e, ERR_LIMIT, "the command is longer than %zu bytes", size - 1);
}

static void quoted(struct writer *w, const char *word) {
    w->ok = w->ok && shell_quote(word, w->c->part[w->c->parts - 1], sizeof w->c->part[0], w->e);
}

static void new_part(struct writer *w) { w->c->parts++; }

/* The parts, joined by spaces, are the line. */
static void finish(struct writer *w) {
    char *line = w->c->line;
    size_t size = sizeof w->c->line, len = 0;
    for (int i = 0; w->ok && i < w->c->parts; i++) {
        int n = snprintf(line + len, size - len, "%s%s", i ? " " : "", w->c->part[i]);
        if (n < 0 || (size_t)n >= size - len)
            w->ok = err_set(w->e, ERR_LIMIT, "the command is longer than %zu bytes", size - 1);
        else
            len += (size_t)n;
    }
}

/* A path that begins with "-" would be a flag. */
static void script_word(struct writer *w, const char *script) {
    char path[sizeof w->c->part[0]];
    int n = snprintf(path, sizeof path, "%s%s", *script == '-' ? "./" : "", script);
    if (n < 0 || (size_t)n >= sizeof path)
        w->ok = err_set(w->e, ERR_LIMIT, "the name of the script is too long");
    plain(w, "");
    quoted(w, path);
}

/* --- result files --- */

/* Result file of that ending in the script's folder, as named in the command. */
static const char *result_file(struct writer *w, const char *script, const char *stem,
                               const char *end) {
    struct command *c = w->c;
    size_t folder = (size_t)(file_base(script) - script);
    char *name = c->file[c->files];
    int n = snprintf(name, sizeof c->file[0], "%s%.*s%s%s", *script == '-' && folder ? "./" : "",
                     (int)folder, script, stem, end);
    if (n < 0 || (size_t)n >= sizeof c->file[0]) {
        w->ok = err_set(w->e, ERR_LIMIT, "the names of the result files are too long");
        name[0] = '\0';
    }
    c->files++;
    return name;
}

static void option_with(struct writer *w, const char *option, const char *file) {
    plain(w, option);
    quoted(w, file);
}

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

static void unset_overriding(struct writer *w) {
    bool any = false;
    for (int i = 0; i < OVERRIDING; i++) {
        if (!getenv(overriding[i].name))
            continue;
        char words[64];
        snprintf(words, sizeof words, "%s-u %s", any ? "" : "env ", overriding[i].name);
        plain(w, words);
        any = true;
        findings_add(&w->c->findings, FINDING_WARNING, "environment",
                     "%s is set in this shell: %s. The command takes it away.", overriding[i].name,
                     overriding[i].effect);
    }
    if (any)
        new_part(w);
}

/* --- commands --- */

static double recording_bytes(const struct profile *p) {
    return fmin(ceil(p->duration_s / RECORD_PERIOD_S), RECORD_PERIODS_MAX) * RECORD_BYTES;
}

bool k6_command(const char *script, const char *stem, const char *tool_version,
                const struct profile *p, const struct rules *rules, struct command *out,
                struct err *e) {
    *out = (struct command){.parts = 1};
    struct writer w = {.c = out, .e = e, .ok = true};
    unset_overriding(&w);
    if (can_record(tool_version)) {
        plain(&w, "K6_WEB_DASHBOARD=true K6_WEB_DASHBOARD_PORT=-1 K6_WEB_DASHBOARD_PERIOD=5s");
        new_part(&w);
        plain(&w, "K6_WEB_DASHBOARD_RECORD=");
        quoted(&w, result_file(&w, script, stem, ".ndjson"));
        out->result_bytes += recording_bytes(p);
    }
    plain(&w, "k6 run");
    const char *csv = folder_fits_csv(script, out) ? csv_ending(p, rules, out) : NULL;
    if (csv)
        option_with(&w, "--out csv=", result_file(&w, script, stem, csv));
    new_part(&w);
    option_with(&w, "--summary-export ", result_file(&w, script, stem, ".json"));
    out->result_bytes += SUMMARY_BYTES;
    script_word(&w, script);
    finish(&w);
    return w.ok;
}

/* "baseline_orders.js" gives "baseline_orders"; what a result name must not hold becomes "_". */
static void stem_of(const char *script, char *out, size_t size) {
    text_copy(out, size, file_base(script));
    char *dot = strrchr(out, '.');
    if (dot && dot != out)
        *dot = '\0';
    for (char *c = out; *c; c++)
        if (!isalnum((unsigned char)*c) && *c != '_' && *c != '-')
            *c = '_';
}

bool k6_baseline_command(const char *script, struct command *out, struct err *e) {
    char stem[128];
    *out = (struct command){.parts = 1};
    struct writer w = {.c = out, .e = e, .ok = true};
    stem_of(script, stem, sizeof stem);
    plain(&w, "K6_WEB_DASHBOARD=true K6_WEB_DASHBOARD_PORT=-1");
    new_part(&w);
    plain(&w, "K6_WEB_DASHBOARD_RECORD=");
    quoted(&w, result_file(&w, script, stem, ".ndjson"));
    new_part(&w);
    plain(&w, "k6 run");
    option_with(&w, "--summary-export ", result_file(&w, script, stem, ".json"));
    script_word(&w, script);
    finish(&w);
    return w.ok;
}
