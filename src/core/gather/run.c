/* All sources of a run to its figures. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/unit.h"
#include "gather/parts.h"

static double said_requests(const struct input *s) {
    return summary_value(&s->said, METRIC_REQUESTS);
}

/* Printed tables of Locust are newer than its CSV, which is written each second and not at the end;
 * else what has more digits is believed first. */
static bool more_believed(const struct input *a, const struct input *b) {
    enum gives x = a->reader->gives, y = b->reader->gives;
    bool tables =
        (x == GIVES_TEXT || x == GIVES_SUMMARY) && (y == GIVES_TEXT || y == GIVES_SUMMARY);
    if (tables && x != y && strcmp(a->reader->tool, "locust") == 0) {
        double n = said_requests(a), m = said_requests(b);
        if (n != m)
            return n > m;
        return x == GIVES_SUMMARY;
    }
    return x > y;
}

/* The sources of a machine, the most believed first. Returns how many. */
static size_t sources_of(struct sources *all, int machine, struct input **out) {
    size_t n = 0;
    for (size_t i = 0; i < all->len; i++) {
        struct input *s = &all->item[i];
        if (s->machine != machine)
            continue;
        size_t at = n++;
        for (; at > 0 && more_believed(s, out[at - 1]); at--)
            out[at] = out[at - 1];
        out[at] = s;
    }
    return n;
}

/* --- do they agree? --- */

static bool outside(const struct figure *f, double value) {
    double room = 1e-6 * fmax(1, fabs(value));
    return !isnan(value) && !isnan(f->value) && (value < f->low - room || value > f->high + room);
}

static void say_disagree(struct summary *out, const struct input *base, const struct input *s,
                         enum metric m, double value) {
    char a[32], b[32];
    const struct figure *f = &s->said.figure[m];
    bool count = m == METRIC_REQUESTS || m == METRIC_FAILED;
    struct finding *note = findings_add(
        &out->findings, FINDING_WARNING, "summary-disagrees",
        "%.80s has %s %s, %.80s has %s: one of them is of another run, or was cut off. The figures "
        "are those of %.80s.",
        file_base(s->path),
        count ? unit_show(f->value, 0, a, sizeof a) : unit_show_ms(f->value, a, sizeof a),
        metric_name(m), file_base(base->path),
        count ? unit_show(value, 0, b, sizeof b) : unit_show_ms(value, b, sizeof b),
        file_base(base->path));
    text_copy(note->file, sizeof note->file, s->path);
}

static void say_behind(struct summary *out, const struct input *base, const struct input *s) {
    char a[32], b[32];
    struct finding *note = findings_add(
        &out->findings, FINDING_INFO, "csv-behind",
        "%.80s has %s requests, %.80s %s: Locust writes its CSV each second and not once more at "
        "the end. The figures are those of %.80s.",
        file_base(s->path), unit_show(said_requests(s), 0, a, sizeof a), file_base(base->path),
        unit_show(summary_value(out, METRIC_REQUESTS), 0, b, sizeof b), file_base(base->path));
    text_copy(note->file, sizeof note->file, s->path);
}

/* How far Locust's CSV may be behind: what came in its last two seconds. */
static bool is_behind(const struct summary *out, const struct input *s) {
    double rps = summary_value(out, METRIC_RPS);
    double lacks = summary_value(out, METRIC_REQUESTS) - said_requests(s);
    if (isnan(rps))
        rps = summary_value(&s->said, METRIC_RPS);
    return strcmp(s->reader->tool, "locust") == 0 && s->reader->gives != GIVES_TEXT && lacks > 0 &&
           lacks <= 4 * rps + 10;
}

static void compare(struct summary *out, const struct input *base, const struct input *s) {
    enum gives g = s->reader->gives;
    bool p95 = g != GIVES_SERIES && strcmp(s->reader->tool, "k6") == 0;
    if (g == GIVES_ERRORS || isnan(said_requests(s)))
        return;
    if (outside(&s->said.figure[METRIC_REQUESTS], summary_value(out, METRIC_REQUESTS))) {
        if (is_behind(out, s))
            say_behind(out, base, s);
        else
            say_disagree(out, base, s, METRIC_REQUESTS, summary_value(out, METRIC_REQUESTS));
        return;
    }
    if (outside(&s->said.figure[METRIC_FAILED], summary_value(out, METRIC_FAILED)))
        say_disagree(out, base, s, METRIC_FAILED, summary_value(out, METRIC_FAILED));
    else if (p95 && outside(&s->said.figure[METRIC_P95_MS], summary_value(out, METRIC_P95_MS)))
        say_disagree(out, base, s, METRIC_P95_MS, summary_value(out, METRIC_P95_MS));
}

/* --- findings --- */

static void take_findings(struct summary *out, const struct input *s) {
    for (size_t i = 0; i < s->said.findings.len; i++) {
        const struct finding *f = &s->said.findings.item[i];
        struct finding *to = findings_add(&out->findings, f->level, f->kind, "%s", f->text);
        text_copy(to->file, sizeof to->file, f->file[0] ? f->file : s->path);
        to->line = f->line;
    }
}

/* --- sums over other samples --- */

static void say_transactions(struct summary *out, bool only, uint64_t rows) {
    char n[32];
    unit_show((double)rows, 0, n, sizeof n);
    if (only)
        findings_add(&out->findings, FINDING_INFO, "transactions-only",
                     "All %s rows are sums over a transaction controller's samples: requests here "
                     "are transactions.",
                     n);
    else
        findings_add(&out->findings, FINDING_INFO, "transactions",
                     "%s rows are sums over a transaction controller's samples. They are listed "
                     "apart and are not part of the run's figures.",
                     n);
}

/* Endpoints of from as transactions of out. */
static void list_transactions(struct summary *out, struct stats *from) {
    struct summary t;
    summary_init(&t);
    stats_finish(from, &t);
    for (size_t i = 0; i < t.endpoints; i++)
        t.endpoint[i].transaction = true;
    struct summary only = {.endpoint = t.endpoint, .endpoints = t.endpoints};
    for (int m = 0; m < METRICS; m++)
        only.figure[m].value = NAN;
    summary_fill(out, &only);
    summary_fini(&t);
}

/* The samples' figures into out. Without other samples the transactions are the samples. */
static void finish_samples(struct stats *stats, struct stats *transactions, struct summary *out) {
    uint64_t rows = transactions ? stats_requests(transactions) : 0;
    bool only = rows > 0 && stats_requests(stats) == 0;
    stats_finish(only ? transactions : stats, out);
    if (rows > 0)
        say_transactions(out, only, rows);
    if (rows > 0 && !only)
        list_transactions(out, transactions);
}

/* --- one machine --- */

/* A tool whose samples have a coarse clock knows its own length and rate better. */
static void take_clock(struct summary *out, const struct input *base, struct input **of, size_t n) {
    static const enum metric clock[] = {METRIC_DURATION_S, METRIC_RPS};
    if (!base->reader->samples || !base->reader->samples->loose_clock)
        return;
    for (size_t m = 0; m < 2; m++)
        for (size_t i = n; i-- > 1;) {
            const struct figure *f = &of[i]->said.figure[clock[m]];
            if (!isnan(f->value) && of[i]->reader->gives >= GIVES_TEXT)
                out->figure[clock[m]] = *f;
        }
}

/* All that one machine's files say, into out (initialised). */
static void machine_figures(struct input **of, size_t n, bool finish, struct summary *out) {
    struct input *base = of[0];
    out->tool = base->reader->tool;
    text_copy(out->format, sizeof out->format, base->said.format);
    out->lines = base->said.lines;
    summary_fill(out, &base->said);
    if (finish && base->stats)
        finish_samples(base->stats, base->transactions, out);
    for (size_t i = 1; i < n; i++)
        compare(out, base, of[i]);
    if (finish)
        take_clock(out, base, of, n);
    for (size_t i = 1; i < n; i++)
        summary_fill(out, &of[i]->said);
    for (size_t i = 0; i < n; i++)
        take_findings(out, of[i]);
}

/* --- several machines --- */

static bool span_of(const struct input *s, double *first_s, double *last_s) {
    int64_t first, last;
    const struct series *r = &s->said.series;
    if (s->stats && stats_span(s->stats, &first, &last)) {
        *first_s = (double)first / 1000;
        *last_s = (double)last / 1000;
        return true;
    }
    if (r->points == 0 || r->start_ms == 0)
        return false;
    *first_s = (double)r->start_ms / 1000;
    *last_s = *first_s + r->point[r->points - 1].at_s + r->point[r->points - 1].length_s;
    return true;
}

static void say_late(struct summary *out, const struct input *s, double by_s, bool end) {
    char n[32];
    struct finding *f = findings_add(
        &out->findings, FINDING_WARNING, end ? "generator-ended-early" : "generator-started-late",
        end ? "%.80s: this load generator ended %s s before the last one. From then on the load "
              "was not the planned one."
            : "%.80s: this load generator started %s s after the first one. Until then the load "
              "was not the planned one.",
        file_base(s->path), unit_show(by_s, 1, n, sizeof n));
    text_copy(f->file, sizeof f->file, s->path);
}

/* bases: the most believed source of each machine. */
static void compare_spans(struct summary *out, struct input **bases, int machines) {
    static const double least_s = 2, share = 0.02;
    double begin = INFINITY, end = -INFINITY, first, last;
    for (int i = 0; i < machines; i++)
        if (span_of(bases[i], &first, &last)) {
            begin = fmin(begin, first);
            end = fmax(end, last);
        }
    double room = fmax(least_s, share * (end - begin));
    for (int i = 0; i < machines; i++) {
        if (!span_of(bases[i], &first, &last))
            continue;
        if (end - last > room)
            say_late(out, bases[i], end - last, true);
        if (first - begin > room)
            say_late(out, bases[i], first - begin, false);
    }
}

/* Words of all machines added; percentiles are gone. */
static void add_words(struct summary *out, struct summary *of, int machines) {
    summary_copy(out, &of[0]);
    for (int i = 1; i < machines; i++) {
        summary_add(out, &of[i]);
        findings_append(&out->findings, &of[i].findings);
    }
    out->computed = false;
    out->generators = machines;
}

static bool all_samples(struct input **bases, int machines) {
    for (int i = 0; i < machines; i++)
        if (!bases[i]->stats || bases[i]->reader->samples != bases[0]->reader->samples)
            return false;
    return true;
}

static void join_samples(struct input **bases, int machines) {
    for (int i = 1; i < machines; i++) {
        stats_join(bases[0]->stats, bases[i]->stats, false);
        stats_join(bases[0]->transactions, bases[i]->transactions, false);
        bases[i]->stats = bases[i]->transactions = NULL;
    }
}

/* The rate of several tools' own summaries: their sum, when each has one. */
static void take_clocks(struct summary *out, const struct summary *words,
                        const struct sample_rules *rules) {
    static const enum metric clock[] = {METRIC_DURATION_S, METRIC_RPS};
    for (size_t m = 0; rules->loose_clock && m < 2; m++)
        if (summary_has(words, clock[m]))
            out->figure[clock[m]] = words->figure[clock[m]];
}

static void several_machines(struct sources *all, int machines, struct summary *out) {
    struct input *bases[GATHER_FILES_MAX] = {0}, *of[GATHER_FILES_MAX];
    struct summary *each = mem_new((size_t)machines, sizeof *each), words;
    for (int i = 0; i < machines; i++) {
        sources_of(all, i, of);
        bases[i] = of[0];
    }
    compare_spans(out, bases, machines);
    bool samples = all_samples(bases, machines);
    for (int i = 0; i < machines; i++) {
        summary_init(&each[i]);
        size_t n = sources_of(all, i, of);
        machine_figures(of, n, !samples, &each[i]);
    }
    add_words(&words, each, machines);
    out->tool = words.tool;
    text_copy(out->format, sizeof out->format, words.format);
    out->generators = machines;
    if (samples) {
        join_samples(bases, machines);
        finish_samples(bases[0]->stats, bases[0]->transactions, out);
        take_clocks(out, &words, bases[0]->reader->samples);
    } else {
        findings_add(&out->findings, FINDING_WARNING, "percentiles-not-averaged",
                     "Percentiles of %d load generators cannot be had from their summaries, and "
                     "are not averaged. Give the single requests of each (k6 CSV, JTL, Locust "
                     "--json).",
                     machines);
    }
    summary_fill(out, &words);
    findings_append(&out->findings, &words.findings);
    summary_fini(&words);
    for (int i = 0; i < machines; i++)
        summary_fini(&each[i]);
    free(each);
}

/* --- the run --- */

/* Failures and exceptions alone are no result of a run. */
static bool has_figures(const struct sources *all, struct err *e) {
    for (size_t i = 0; i < all->len; i++)
        if (all->item[i].reader->gives != GIVES_ERRORS)
            return true;
    err_set(e, ERR_FORMAT, "lists errors only: it does not say how many requests there were");
    err_fix(e, "give the statistics of the same run too, such as _stats.csv");
    return err_at(e, all->item[0].path, 0);
}

bool run_make(struct sources *all, int machines, struct summary *out, struct err *e) {
    struct input *of[GATHER_FILES_MAX];
    if (!has_figures(all, e))
        return false;
    if (machines > 1)
        several_machines(all, machines, out);
    else
        machine_figures(of, sources_of(all, 0, of), true, out);
    return true;
}
