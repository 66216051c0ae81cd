/* All inputs of a run, read, to its figures. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/unit.h"
#include "gather/parts.h"
#include "tools/tool.h"

/* The inputs of a machine, the most believed first. Returns how many. */
static size_t inputs_of(struct inputs *all, int machine, struct input **out) {
    size_t n = 0;
    for (size_t i = 0; i < all->len; i++) {
        struct input *s = &all->item[i];
        if (s->machine != machine || s->left_out)
            continue;
        size_t at = n++;
        for (; at > 0 && more_believed(s, out[at - 1]); at--)
            out[at] = out[at - 1];
        out[at] = s;
    }
    return n;
}

/* What another file lacks ("no-percentiles") is no news when it is there. */
static bool is_news(const struct summary *out, const struct finding *f) {
    return f->level != FINDING_INFO || strncmp(f->kind, "no-", 3) != 0 ||
           !summary_has(out, METRIC_P95_MS);
}

static void take_findings(struct summary *out, const struct input *base, const struct input *s) {
    for (size_t i = 0; i < s->said.findings.len; i++) {
        if (s != base && !is_news(out, &s->said.findings.item[i]))
            continue;
        struct finding *to = findings_add(&out->findings, FINDING_INFO, "", "%s", "");
        *to = s->said.findings.item[i];
        if (!to->file[0])
            finding_about(to, s);
    }
}

static void drop_finding(struct findings *f, const char *kind) {
    size_t to = 0;
    for (size_t i = 0; i < f->len; i++)
        if (strcmp(f->item[i].kind, kind) != 0)
            f->item[to++] = f->item[i];
    f->len = to;
}

/* --- samples --- */

static void say_transactions(struct summary *s, bool only, uint64_t rows) {
    char n[32];
    unit_show((double)rows, 0, n, sizeof n);
    if (only)
        findings_add(&s->findings, FINDING_INFO, "transactions-only",
                     "All %s rows are transactions, sums over requests that are not there: the "
                     "requests here are transactions",
                     n);
    else
        findings_add(&s->findings, FINDING_INFO, "transactions",
                     "%s row%s transactions, sums over other requests: listed apart, and no part "
                     "of the run's figures",
                     n, rows == 1 ? " is of" : "s are");
}

void finish_samples(struct stats *stats, const uint64_t rows[ROWS], struct summary *s) {
    bool only = rows[ROWS_TRANSACTIONS] && !rows[ROWS_REQUESTS];
    stats_finish(stats, s);
    if (rows[ROWS_TRANSACTIONS])
        say_transactions(s, only, rows[ROWS_TRANSACTIONS]);
    for (size_t i = 0; only && i < s->endpoints; i++)
        s->endpoint[i].transaction = false;
}

/* --- one machine --- */

/* Samples with a loose clock do not know when the run began and ended: what the tool says of it
 * goes before them. */
static void take_clock(struct summary *out, const struct summary *from) {
    static const enum metric clock[] = {METRIC_DURATION_S, METRIC_RPS};
    for (size_t m = 0; m < sizeof clock / sizeof *clock; m++) {
        out->figure[clock[m]] = from->figure[clock[m]];
        out->figure[clock[m]].line = 0;
    }
    drop_finding(&out->findings, "rate-from-samples");
}

static bool has_clock(const struct summary *s) {
    return summary_has(s, METRIC_DURATION_S) && summary_has(s, METRIC_RPS);
}

/* Of the others the most believed one that has both comes first. */
static bool wants_clock(const struct input *base, const struct input *s) {
    const struct sample_rules *rules = base->reader->samples;
    return rules && rules->loose_clock && !base->own_clock && s->reader->gives >= GIVES_TEXT &&
           has_clock(&s->said);
}

/* What one machine's inputs say, into out; total: its samples, NULL when they are elsewhere. */
static void machine_figures(struct input **of, size_t n, struct stats *total, struct summary *out) {
    struct input *base = of[0];
    summary_copy(out, &base->said);
    findings_clear(&out->findings);
    take_findings(out, base, base);
    if (total)
        finish_samples(total, base->rows, out);
    for (size_t i = 0; total && i < out->findings.len; i++)
        if (!out->findings.item[i].file[0])
            finding_about(&out->findings.item[i], base);
    bool clock = out->computed;
    for (size_t i = 1; i < n; i++) {
        if (!agree(out, base, of[i])) {
            summary_fill_words(out, &of[i]->said);
        } else {
            if (clock && wants_clock(base, of[i])) {
                take_clock(out, &of[i]->said);
                clock = false;
            }
            summary_fill(out, &of[i]->said);
        }
        take_findings(out, base, of[i]);
    }
}

/* --- several machines --- */

static bool span_of(const struct input *s, double *first_s, double *last_s) {
    const struct series *r = &s->said.series;
    if (s->timed) {
        *first_s = (double)s->first_ms / 1000;
        *last_s = (double)s->last_ms / 1000;
        return true;
    }
    if (r->points == 0 || r->start_ms == 0)
        return false;
    *first_s = (double)r->start_ms / 1000;
    *last_s = *first_s + series_end_s(r);
    return true;
}

/* Of the most believed input that knows it. */
static const struct input *timed_input(struct inputs *all, int machine, double *first_s,
                                       double *last_s) {
    struct input *of[GATHER_FILES_MAX];
    size_t n = inputs_of(all, machine, of);
    for (size_t i = 0; i < n; i++)
        if (span_of(of[i], first_s, last_s))
            return of[i];
    return NULL;
}

static void say_apart(struct summary *out, const struct input *s, double by_s, bool end) {
    char n[32];
    unit_show(by_s, 1, n, sizeof n);
    finding_about(
        findings_add(&out->findings, FINDING_WARNING,
                     end ? "generator-ended-early" : "generator-started-late",
                     end ? "%.80s ended %s s before the last load machine: from then on the load "
                           "was not the planned one"
                         : "%.80s started %s s after the first load machine: until then the load "
                           "was not the planned one",
                     file_base(s->path), n),
        s);
}

static void compare_spans(struct summary *out, struct inputs *all, int machines) {
    static const double least_s = 2, share = 0.02;
    double begin = INFINITY, end = -INFINITY, first, last;
    for (int i = 0; i < machines; i++)
        if (timed_input(all, i, &first, &last)) {
            begin = fmin(begin, first);
            end = fmax(end, last);
        }
    double room = fmax(least_s, share * (end - begin));
    for (int i = 0; i < machines; i++) {
        const struct input *s = timed_input(all, i, &first, &last);
        if (s && end - last > room)
            say_apart(out, s, end - last, true);
        if (s && first - begin > room)
            say_apart(out, s, first - begin, false);
    }
}

/* "k6-csv, k6-json": what holds single requests. */
static void formats_with_samples(const char *tool, char *out, size_t size) {
    const struct tool *t = tool_find(tool);
    struct text_out o = {.to = out, .size = size};
    out[0] = '\0';
    for (const struct reader *const *r = t ? t->readers : NULL; r && *r; r++) {
        if (!(*r)->samples)
            continue;
        text_put(&o, ", ", o.len ? 2 : 0);
        text_put(&o, (*r)->name, strlen((*r)->name));
    }
}

static void say_no_percentiles(struct summary *out, int machines) {
    char names[160];
    formats_with_samples(out->tool, names, sizeof names);
    findings_add(&out->findings, FINDING_WARNING, "percentiles-not-averaged",
                 "Percentiles of %d load machines cannot be had from their summaries and are not "
                 "averaged. Results with single requests give them%s%s%s",
                 machines, names[0] ? " (" : "", names, names[0] ? ")" : "");
}

/* What is added up is of no source alone. */
static void no_definition(struct summary *s) {
    s->computed = false;
    s->percentiles[0] = '\0';
    s->percentile_error = 0;
    s->in_flight = s->in_flight_vus = NAN;
    free(s->stretch);
    s->stretch = NULL;
    s->stretches = 0;
}

static void add_machines(struct inputs *all, int machines, struct summary *out) {
    struct input *of[GATHER_FILES_MAX];
    for (int i = 0; i < machines; i++) {
        struct summary one;
        machine_figures(of, inputs_of(all, i, of), NULL, &one);
        if (i == 0) {
            *out = one;
            continue;
        }
        summary_add(out, &one);
        findings_append(&out->findings, &one.findings);
        summary_fini(&one);
    }
    no_definition(out);
}

static void count_rows(const struct inputs *all, uint64_t rows[ROWS]) {
    for (size_t i = 0; i < all->len; i++)
        for (int r = 0; r < ROWS && !all->item[i].counted_only; r++)
            rows[r] += all->item[i].rows[r];
}

/* The words of all machines fill what their samples lack. */
static void several_with_samples(struct inputs *all, struct stats *total,
                                 const struct summary *words, struct summary *out) {
    const struct sample_rules *rules = tool_samples(all->item[0].reader);
    uint64_t rows[ROWS] = {0};
    count_rows(all, rows);
    summary_copy(out, words);
    finish_samples(total, rows, out);
    if (rules && rules->loose_clock && has_clock(words))
        take_clock(out, words);
}

static void several_machines(struct inputs *all, int machines, struct stats *total,
                             struct summary *out) {
    struct summary words;
    add_machines(all, machines, &words);
    if (total) {
        several_with_samples(all, total, &words, out);
        summary_fini(&words);
    } else {
        *out = words;
        say_no_percentiles(out, machines);
    }
    out->generators = machines;
    compare_spans(out, all, machines);
}

/* --- the run --- */

static void say_left_out(const struct inputs *all, struct summary *out) {
    for (size_t i = 0; i < all->len; i++) {
        const struct input *s = &all->item[i];
        if (s->left_out)
            finding_about(findings_add(&out->findings, FINDING_WARNING, "left-out",
                                       "%.80s was left out: it %s", file_base(s->path),
                                       s->why.text),
                          s);
    }
}

/* Failures and exceptions alone are no result of a run. */
static bool has_figures(const struct inputs *all, struct err *e) {
    for (size_t i = 0; i < all->len; i++)
        if (all->item[i].reader->gives != GIVES_ERRORS && !all->item[i].left_out)
            return true;
    err_set(e, ERR_FORMAT, "lists errors only: it does not say how many requests there were");
    err_fix(e, "give the statistics of the same run too, such as _stats.csv");
    return err_at(e, all->item[0].path, 0);
}

/* A plain series may tell response times alone. */
static bool has_times(const struct summary *s) {
    for (size_t i = 0; i < s->series.points; i++)
        if (!isnan(s->series.point[i].p95_ms))
            return true;
    return false;
}

/* A source that says nothing about requests says nothing about the server. */
static bool has_requests(const struct inputs *all, const struct summary *out, struct err *e) {
    if (summary_has(out, METRIC_REQUESTS) || has_times(out))
        return true;
    err_set(e, ERR_FORMAT, "holds no request: nothing in it can be judged");
    err_fix(e, "give the result of a run that sent HTTP requests");
    return err_at(e, all->item[0].path, 0);
}

void end_sentences(struct findings *f) {
    for (size_t i = 0; i < f->len; i++) {
        char *text = f->item[i].text;
        size_t n = strlen(text);
        if (n > 0 && n + 1 < sizeof f->item[i].text && !strchr(".?:", text[n - 1]))
            memcpy(text + n, ".", 2);
    }
}

bool run_make(struct inputs *all, int machines, struct stats *total, const struct gather_options *o,
              struct summary *out, struct err *e) {
    struct input *of[GATHER_FILES_MAX];
    if (!has_figures(all, e))
        return false;
    summary_fini(out);
    if (machines > 1)
        several_machines(all, machines, total, out);
    else
        machine_figures(of, inputs_of(all, 0, of), total, out);
    say_left_out(all, out);
    stretches_fill(out, o);
    memory_place(all, out);
    end_sentences(&out->findings);
    origins_drop(out);
    return has_requests(all, out, e);
}
