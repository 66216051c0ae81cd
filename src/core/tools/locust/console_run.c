#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "tools/locust/console.h"
#include "tools/locust/results.h"

void locust_run_init(struct locust_run *r) {
    *r = (struct locust_run){0};
    locust_log_init(&r->log);
}

void locust_run_fini(struct locust_run *r) {
    free(r->now.row);
    free(r->last.row);
    free(r->percentile);
    free(r->error);
}

/* --- taking --- */

static void begin_requests(struct locust_run *r) {
    r->now.rows = 0;
    r->now.complete = false;
    r->now.final = r->log.shutting_down;
}

void locust_run_begin(struct locust_run *r, enum locust_table which) {
    if (which == LOCUST_REQUESTS)
        begin_requests(r);
    else if (which == LOCUST_LATENCY)
        r->percentiles = 0;
    else if (which == LOCUST_ERRORS)
        r->errors = 0;
    if (which == LOCUST_LATENCY || which == LOCUST_ERRORS) {
        r->tables_end = true;
        r->last.final |= r->last.complete; /* they stand only behind the last table */
    }
}

void locust_run_row(struct locust_run *r, const struct locust_row *row) {
    struct locust_request_table *t = &r->now;
    if (t->complete)
        return;
    if (!row->total) {
        if (t->rows == LOCUST_ROWS_MAX)
            return;
        t->row = mem_grow(t->row, t->rows, &t->cap, sizeof *t->row);
        t->row[t->rows++] = *row;
        return;
    }
    t->total = *row;
    t->complete = true;
    struct locust_request_table swap = r->last;
    r->last = *t;
    *t = swap;
    t->complete = true; /* until the next one begins */
}

void locust_run_percentiles(struct locust_run *r, const struct locust_percentiles *p) {
    if (r->percentiles > LOCUST_ROWS_MAX)
        return;
    r->percentile = mem_grow(r->percentile, r->percentiles, &r->percentiles_cap, sizeof *p);
    r->percentile[r->percentiles++] = *p;
}

void locust_run_error(struct locust_run *r, const char *text, double count) {
    locust_log_generator(&r->log, text);
    if (r->errors == ERRORS_MAX)
        return;
    r->error = mem_grow(r->error, r->errors, &r->errors_cap, sizeof *r->error);
    struct error_kind *x = &r->error[r->errors++];
    *x = (struct error_kind){.count = count};
    text_copy(x->text, sizeof x->text, text);
}

/* --- saying --- */

static void say(const struct sink *out, enum metric m, const char *scope, double v,
                enum locust_rounding how, long line, const char *quote) {
    struct figure f = locust_figure(v, how, line, quote);
    locust_say(out, m, scope, &f);
}

static void say_row(const struct locust_row *r, bool final, const struct sink *out) {
    const char *scope = r->total ? NULL : r->name;
    say(out, METRIC_REQUESTS, scope, r->requests, LOCUST_EXACT, r->line, r->quote);
    say(out, METRIC_FAILED, scope, r->failed, LOCUST_EXACT, r->line, r->quote);
    if (r->requests == 0)
        return; /* Locust prints 0 for what nobody measured */
    say(out, METRIC_AVG_MS, scope, r->avg_ms, LOCUST_CUT_OFF, r->line, r->quote);
    say(out, METRIC_MIN_MS, scope, r->min_ms, LOCUST_CUT_OFF, r->line, r->quote);
    say(out, METRIC_MED_MS, scope, r->med_ms, LOCUST_MEDIAN_CUT_OFF, r->line, r->quote);
    say(out, METRIC_MAX_MS, scope, r->max_ms, LOCUST_CUT_OFF, r->line, r->quote);
    if (final)
        say(out, METRIC_RPS, scope, r->rps, LOCUST_DECIMALS, r->line, r->quote);
}

/* With --json Locust prints the last table after it has emptied all endpoints. */
static bool emptied(const struct locust_request_table *t) {
    for (size_t i = 0; i < t->rows; i++)
        if (t->row[i].requests > 0)
            return false;
    return t->rows > 0 && t->total.requests > 0;
}

static void say_table(const struct locust_request_table *t, const struct sink *out) {
    say_row(&t->total, t->final, out);
    if (emptied(t)) {
        sink_remark(out, FINDING_INFO, "endpoints-emptied", t->row[0].line,
                    "the endpoints stand at 0 requests and were left out: Locust empties them "
                    "for --json before it prints the last table");
        return;
    }
    for (size_t i = 0; i < t->rows; i++)
        say_row(&t->row[i], t->final, out);
    if (t->rows == LOCUST_ROWS_MAX)
        sink_remark(out, FINDING_WARNING, "endpoints", t->total.line,
                    "the table has more rows than the %d that are kept", LOCUST_ROWS_MAX);
}

static void say_percentiles(const struct locust_run *r, const struct sink *out) {
    for (size_t i = 0; i < r->percentiles; i++) {
        const struct locust_percentiles *p = &r->percentile[i];
        const char *scope = p->total ? NULL : p->name;
        say(out, METRIC_P90_MS, scope, p->p90_ms, LOCUST_CLASS, p->line, p->quote);
        say(out, METRIC_P95_MS, scope, p->p95_ms, LOCUST_CLASS, p->line, p->quote);
        say(out, METRIC_P99_MS, scope, p->p99_ms, LOCUST_CLASS, p->line, p->quote);
    }
}

/* Requests over rate is the tool's own length of the run; the log is a little longer. */
static void say_length(const struct locust_run *r, const struct sink *out) {
    enum { START_AND_END_S = 2 };
    const struct locust_row *t = &r->last.total;
    const struct locust_log *l = &r->log;
    if (r->last.final && t->rps > 0) {
        struct figure rate = locust_figure(t->rps, LOCUST_DECIMALS, t->line, "");
        struct figure f = locust_duration(t->requests, &rate);
        locust_say(out, METRIC_DURATION_S, NULL, &f);
    } else if (l->started_ms >= 0 && l->ended_ms > l->started_ms) {
        double s = (double)(l->ended_ms - l->started_ms) / 1000;
        struct figure f = locust_figure(s, LOCUST_EXACT, l->ended_line, "log: start to shutdown");
        f.low = fmax(0, s - START_AND_END_S);
        locust_say(out, METRIC_DURATION_S, NULL, &f);
    }
}

static void say_log(const struct locust_run *r, const struct sink *out) {
    const struct locust_log *l = &r->log;
    if (l->version[0])
        sink_text(out, DOOR_TOOL_VERSION, l->version, 0);
    say(out, METRIC_VUS_MAX, NULL, l->users, LOCUST_EXACT, l->users_line, l->users_quote);
    if (l->stopped[0])
        sink_text(out, DOOR_STOPPED, l->stopped, 0);
    else if (l->shutting_down && l->limited && !l->limit_reached)
        sink_text(out, DOOR_STOPPED,
                  "The run was stopped before its end: Locust shut down before its time "
                  "limit.",
                  0);
    if (l->generator[0])
        sink_text(out, DOOR_GENERATOR, l->generator, 0);
    if (l->exceptions > 0)
        sink_remark(out, FINDING_INFO, "exceptions", l->exception_line,
                    "%.0f exceptions in the script's own code stand in the log; they are not "
                    "failed requests",
                    l->exceptions);
    if (l->exit_code > 1)
        sink_remark(out, FINDING_WARNING, "exit-code", l->ended_line,
                    "Locust ended with exit code %d: an error that it did not handle",
                    l->exit_code);
}

void locust_run_say(const struct locust_run *r, const struct sink *out) {
    say_table(&r->last, out);
    say_percentiles(r, out);
    say_length(r, out);
    say_log(r, out);
    for (size_t i = 0; i < r->errors; i++)
        sink_text(out, DOOR_ERROR, r->error[i].text, r->error[i].count);
    if (!r->last.final)
        sink_remark(out, FINDING_INFO, "no-final-table", r->last.total.line,
                    "only a table that Locust prints while it runs: its req/s is of ten seconds, "
                    "and there are no percentiles; the last requests may be missing. --csv or "
                    "--json-file has them");
}
