#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/unit.h"
#include "tools/k6/k6_script.h"
#include "tools/k6/outside.h"
#include "tools/k6/run.h"
#include "tools/version.h"
#include "tools/words.h"

enum {
    RECORD_PERIOD_S = 5,
    RECORD_PERIODS_MAX = 2880, /* a longer run stretches the period */
    RECORD_BYTES = 950,        /* per period */
    SUMMARY_BYTES = 4096,
};

bool k6_version(const char *output, char *out, size_t size) {
    return version_find(output, out, size);
}

/* Of several machines the number is not known here: the summary that each of them writes stands for
 * its other files, as far as there is room. */
int k6_result_names(const char *stem, char out[][256], int most) {
    static const char *const ends[] = {".json", ".ndjson", ".csv", ".csv.gz", ".testrun.yaml"};
    int n = 0;
    for (; n < most && n < (int)(sizeof ends / sizeof *ends); n++)
        snprintf(out[n], 256, "%.200s%s", stem, ends[n]);
    for (int machines = 2; n < most; n++, machines++)
        snprintf(out[n], 256, "%.200s-1of%d.json", stem, machines);
    return n;
}

/* --- result files --- */

static double requests(const struct k6_run *r) {
    return r->p->planned_requests / (r->machines > 1 ? r->machines : 1);
}

/* How the single requests are kept: ".csv", ".csv.gz", or NULL when they would fill the disk. */
static const char *csv_ending(const struct k6_run *run, struct command *c) {
    const struct k6_result_rules *r = &run->rules->k6_results;
    double plain_bytes = requests(run) * r->csv_bytes_per_request;
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

/* --- memory --- */

/* k6 keeps every value of its trends for the summary. Below this it is no reason to do anything;
 * what fits into this machine the host check says. */
static const double summary_worth_words = 1e9;

/* The command keeps the summary: thresholds need it, a stress run its abort, and reading it back is
 * how most runs are judged. So the way out is said and not taken. */
static void summary_memory(const struct k6_run *r, bool csv, struct command *c) {
    const struct tool_need *need = rules_tool(r->rules, "k6");
    double bytes = need ? requests(r) * need->bytes_per_request : 0;
    char size[32];
    if (bytes < summary_worth_words)
        return;
    const char *flag = version_below(r->version, 2, 0) ? "--no-summary" : "--summary-mode=disabled";
    struct finding *f = findings_add(
        &c->findings, FINDING_WARNING, "summary-memory",
        "k6 keeps about %.0f bytes of each request for its summary: %s at the end of this run.",
        need->bytes_per_request, unit_show_bytes(bytes, size, sizeof size));
    size_t len = strlen(f->text);
    snprintf(
        f->text + len, sizeof f->text - len,
        csv ? " With %s --no-thresholds it keeps none, but then writes no summary and stops at "
              "no threshold: the CSV alone holds the results."
            : " Without that summary nothing would hold the results, because there is no CSV.",
        flag);
}

/* --- commands --- */

static double recording_bytes(const struct profile *p) {
    return fmin(ceil(p->duration_s / RECORD_PERIOD_S), RECORD_PERIODS_MAX) * RECORD_BYTES;
}

/* Where the i-th of n segments ends: "0", "1/3", "2/3", "1". */
static void write_mark(struct buf *out, int i, int n) {
    if (i == 0 || i == n)
        buf_char(out, i == 0 ? '0' : '1');
    else
        buf_printf(out, "%d/%d", i, n);
}

static void write_segment(struct words *w, int machine, int machines) {
    struct buf text;
    buf_init(&text, sizeof w->c->part[0]);
    buf_str(&text, "--execution-segment ");
    write_mark(&text, machine - 1, machines);
    buf_char(&text, ':');
    write_mark(&text, machine, machines);
    buf_str(&text, " --execution-segment-sequence ");
    for (int i = 0; i <= machines; i++) {
        buf_str(&text, i > 0 ? "," : "");
        write_mark(&text, i, machines);
    }
    if (text.full && w->ok) {
        w->ok = err_set(w->e, ERR_LIMIT, "the command for %d machines is too long", machines);
        err_fix(w->e, "use fewer machines, or k6-operator");
    }
    words_plain(w, text.data);
    buf_fini(&text);
}

static void result_stem(const struct k6_run *r, char *out, size_t size) {
    if (r->machines > 1)
        snprintf(out, size, "%.180s-%dof%d", r->stem, r->machine, r->machines);
    else
        snprintf(out, size, "%.200s", r->stem);
}

bool k6_run_command(const struct k6_run *r, struct command *out, struct err *e) {
    struct words w = words_begin(out, e);
    bool segment = r->machines > 1;
    char stem[256];
    result_stem(r, stem, sizeof stem);
    outside_unset(&w);
    outside_config(r->version, &out->findings);
    if (!version_below(r->version, 0, 49)) { /* the recording came with it */
        words_plain(&w,
                    "K6_WEB_DASHBOARD=true K6_WEB_DASHBOARD_PORT=-1 K6_WEB_DASHBOARD_PERIOD=5s");
        words_part(&w);
        words_plain(&w, "K6_WEB_DASHBOARD_RECORD=");
        words_quoted(&w, words_result(&w, r->script, stem, ".ndjson"));
        out->result_bytes += recording_bytes(r->p);
    }
    words_plain(&w, "k6 run");
    if (segment) {
        write_segment(&w, r->machine, r->machines);
        words_part(&w);
    }
    const char *csv = folder_fits_csv(r->script, out) ? csv_ending(r, out) : NULL;
    if (csv)
        words_option(&w, "--out csv=", words_result(&w, r->script, stem, csv));
    if (!segment)
        words_part(&w);
    words_option(&w, "--summary-export ", words_result(&w, r->script, stem, ".json"));
    out->result_bytes += SUMMARY_BYTES;
    summary_memory(r, csv != NULL, out);
    words_script(&w, r->script);
    return words_end(&w);
}

bool k6_command(const char *script, const char *stem, const char *tool_version,
                const struct profile *p, const struct rules *rules, struct command *out,
                struct err *e) {
    const struct k6_run run = {.script = script,
                               .stem = stem,
                               .version = tool_version,
                               .p = p,
                               .rules = rules,
                               .machine = 1,
                               .machines = 1};
    return k6_run_command(&run, out, e);
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
