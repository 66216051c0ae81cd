/* _stats_history.csv: a row each second for the whole run, with --csv-full-history also one per
 * endpoint before it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "tools/locust/csv_file.h"
#include "tools/locust/history.h"
#include "tools/locust/results.h"

#define TIME_MAX_S 32503680000.0 /* the year 3000 */

enum { TIME, USERS, TYPE, NAME, REQUESTS, FAILED, MED, AVG, MIN, MAX, P50, P90, P95, P99, P100 };

static const char *const wanted[] = {
    [TIME] = "Timestamp",
    [USERS] = "User Count",
    [TYPE] = "Type",
    [NAME] = "Name",
    [REQUESTS] = "Total Request Count",
    [FAILED] = "Total Failure Count",
    [MED] = "Total Median Response Time",
    [AVG] = "Total Average Response Time",
    [MIN] = "Total Min Response Time",
    [MAX] = "Total Max Response Time",
    [P50] = "50%",
    [P90] = "90%",
    [P95] = "95%",
    [P99] = "99%",
    [P100] = "100%",
    NULL,
};

struct endpoint_totals {
    char name[SCOPE_MAX_BYTES];
    struct locust_totals totals;
};

struct history_csv {
    struct locust_csv csv;
    struct locust_history history;
    struct figure p90, p95, p99;      /* of the last row of the run */
    struct endpoint_totals *endpoint; /* owned */
    size_t endpoints, endpoints_cap, next;
};

/* Rows of endpoints come in the same order each second. */
static struct endpoint_totals *endpoint_of(struct history_csv *h, const char *name) {
    for (size_t i = 0; i < h->endpoints; i++) {
        size_t at = (h->next + i) % h->endpoints;
        if (strcmp(h->endpoint[at].name, name) == 0) {
            h->next = at + 1;
            return &h->endpoint[at];
        }
    }
    if (h->endpoints == ENDPOINTS_MAX)
        return NULL;
    h->endpoint = mem_grow(h->endpoint, h->endpoints, &h->endpoints_cap, sizeof *h->endpoint);
    struct endpoint_totals *p = &h->endpoint[h->endpoints++];
    text_copy(p->name, sizeof p->name, name);
    h->next = h->endpoints;
    return p;
}

static double number_or_nan(const struct locust_csv *c, int column) {
    double v;
    return locust_csv_number(c, column, &v) ? v : NAN;
}

static bool read_totals(const struct locust_csv *c, struct locust_totals *t) {
    *t = (struct locust_totals){.avg_ms = number_or_nan(c, AVG),
                                .min_ms = number_or_nan(c, MIN),
                                .med_ms = number_or_nan(c, MED),
                                .max_ms = number_or_nan(c, MAX),
                                .line = c->line};
    return locust_csv_count(c, REQUESTS, &t->requests) && locust_csv_count(c, FAILED, &t->failed) &&
           t->failed <= t->requests;
}

static struct figure class_at(const struct locust_csv *c, int column) {
    char quote[QUOTE_MAX_BYTES];
    return locust_figure(number_or_nan(c, column), LOCUST_CLASS, c->line,
                         locust_csv_quote(c, column, quote, sizeof quote));
}

/* --- figures of the run --------------------------------------------------------------------- */

static void say_totals(const struct history_csv *h, const struct sink *to, const char *scope,
                       const struct locust_totals *t) {
    enum locust_rounding time = h->csv.quoted ? LOCUST_CUT_OFF : LOCUST_EXACT;
    enum locust_rounding median = h->csv.quoted ? LOCUST_MEDIAN_CUT_OFF : LOCUST_MEDIAN;
    const struct {
        enum metric metric;
        double value;
        enum locust_rounding how;
        int column;
    } said[] = {
        {METRIC_REQUESTS, t->requests, LOCUST_EXACT, REQUESTS},
        {METRIC_FAILED, t->failed, LOCUST_EXACT, FAILED},
        {METRIC_AVG_MS, t->avg_ms, time, AVG},
        {METRIC_MIN_MS, t->min_ms, time, MIN},
        {METRIC_MED_MS, t->med_ms, median, MED},
        {METRIC_MAX_MS, t->max_ms, time, MAX},
    };
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        char quote[QUOTE_MAX_BYTES];
        snprintf(quote, sizeof quote, "%s=%.15g", wanted[said[i].column], said[i].value);
        struct figure f = locust_figure(said[i].value, said[i].how, t->line, quote);
        if (t->requests > 0 || i < 2)
            locust_say(to, said[i].metric, scope, &f);
    }
}

/* Times are whole seconds: a length of time is known to one of them at each end. */
static void say_length(const struct history_csv *h, const struct sink *to) {
    const struct locust_history *x = &h->history;
    double s = x->last.at_s - x->first_s, n = x->newest.requests - x->first_requests;
    if (s < 2)
        return;
    struct figure f = locust_figure(s, LOCUST_EXACT, x->newest.line, "last - first Timestamp");
    f.low = s - 1;
    f.high = s + 1;
    locust_say(to, METRIC_DURATION_S, NULL, &f);
    f = locust_figure(n / s, LOCUST_EXACT, x->newest.line, "Total Request Count / time");
    f.low = n / (s + 1);
    f.high = n / (s - 1);
    locust_say(to, METRIC_RPS, NULL, &f);
}

/* Percentiles of the whole run: only without --csv-full-history, from 1.2 on. */
static void say_percentiles(const struct history_csv *h, const struct sink *to) {
    if (h->endpoints || h->csv.quoted || h->history.windows || h->history.newest.requests == 0)
        return;
    locust_say(to, METRIC_P90_MS, NULL, &h->p90);
    locust_say(to, METRIC_P95_MS, NULL, &h->p95);
    locust_say(to, METRIC_P99_MS, NULL, &h->p99);
}

static void say_run(const struct history_csv *h, const struct sink *to) {
    const struct locust_history *x = &h->history;
    struct figure users = locust_figure(x->users_max, LOCUST_EXACT, x->users_line, "User Count");
    say_totals(h, to, NULL, &x->newest);
    say_percentiles(h, to);
    say_length(h, to);
    locust_say(to, METRIC_VUS_MAX, NULL, &users);
}

static void tell_so_far(void *self, const struct word *w) {
    const struct sink *out = self;
    out->so_far(out->self, w->metric, w->figure.value);
}

/* --- rows ------------------------------------------------------------------------------------ */

static void take_total(struct history_csv *h, const struct locust_totals *t, double at_s) {
    const struct locust_csv *c = &h->csv;
    struct locust_moment m = {.at_s = at_s,
                              .users = number_or_nan(c, USERS),
                              .p50_ms = number_or_nan(c, P50),
                              .p95_ms = number_or_nan(c, P95),
                              .p100_ms = number_or_nan(c, P100)};
    h->history.cut_off = c->quoted;
    locust_history_add(&h->history, t, &m);
    h->p90 = class_at(c, P90);
    h->p95 = class_at(c, P95);
    h->p99 = class_at(c, P99);
    const struct sink so_far = {.self = &h->csv.out, .summary = tell_so_far};
    if (h->csv.out.so_far)
        say_run(h, &so_far);
}

static bool take_row(void *self) {
    struct history_csv *h = self;
    char type[SCOPE_MAX_BYTES], name[SCOPE_MAX_BYTES], scope[SCOPE_MAX_BYTES];
    struct locust_totals t;
    double at_s;
    bool total;
    if (!locust_csv_count(&h->csv, TIME, &at_s) || at_s > TIME_MAX_S || !read_totals(&h->csv, &t))
        return false;
    locust_name(locust_csv_text(&h->csv, TYPE, type, sizeof type),
                locust_csv_text(&h->csv, NAME, name, sizeof name), scope, sizeof scope, &total);
    if (total) {
        take_total(h, &t, at_s);
    } else {
        struct endpoint_totals *p = endpoint_of(h, scope);
        if (p)
            p->totals = t;
    }
    return true;
}

static void say_all(struct history_csv *h) {
    locust_history_end(&h->history);
    say_run(h, &h->csv.out);
    for (size_t i = 0; i < h->endpoints; i++)
        say_totals(h, &h->csv.out, h->endpoint[i].name, &h->endpoint[i].totals);
    sink_text(&h->csv.out, DOOR_BLOCKS, "", 1);
}

/* --- reader ---------------------------------------------------------------------------------- */

static void *history_open(const struct sink *out) {
    struct history_csv *h = mem_new(1, sizeof *h);
    locust_csv_init(&h->csv, out, wanted, h, take_row);
    locust_history_init(&h->history, &h->csv.out);
    return h;
}

static bool history_feed(void *self, const char *bytes, size_t len, struct err *e) {
    return locust_csv_feed(&((struct history_csv *)self)->csv, bytes, len, e);
}

static bool history_finish(void *self, struct err *e) {
    struct history_csv *h = self;
    if (!locust_csv_finish(&h->csv, e))
        return false;
    if (h->history.any) {
        say_all(h);
        return true;
    }
    err_set(e, ERR_FORMAT, "is a _stats_history.csv of Locust without a row of the whole run");
    return err_fix(e, "Locust writes the first rows after ten seconds: wait, then take the file");
}

static void history_close(void *self) {
    struct history_csv *h = self;
    locust_history_fini(&h->history);
    locust_csv_fini(&h->csv);
    free(h->endpoint);
    free(h);
}

static int history_sniff(const char *head, size_t len) {
    return locust_csv_sniff(head, len, "Timestamp,User Count,Type,Name,");
}

const struct reader locust_history_reader = {
    .name = "locust-history-csv",
    .tool = "locust",
    .gives = GIVES_SERIES,
    .sniff = history_sniff,
    .open = history_open,
    .feed = history_feed,
    .finish = history_finish,
    .close = history_close,
};
