/* _stats.csv: a row per endpoint and one for the whole run, over the whole time. Locust writes it
 * once a second and not at the end: it may lack the last second of the run. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tools/locust/csv_file.h"
#include "tools/locust/results.h"

enum { TYPE, NAME, REQUESTS, FAILED, MED, AVG, MIN, MAX, RPS, P90, P95, P99 };

static const char *const wanted[] = {
    [TYPE] = "Type",
    [NAME] = "Name",
    [REQUESTS] = "Request Count",
    [FAILED] = "Failure Count",
    [MED] = "Median Response Time",
    [AVG] = "Average Response Time",
    [MIN] = "Min Response Time",
    [MAX] = "Max Response Time",
    [RPS] = "Requests/s",
    [P90] = "90%",
    [P95] = "95%",
    [P99] = "99%",
    NULL,
};

static const struct {
    int column;
    enum metric metric;
    enum locust_rounding now, old; /* old: 1.0 and 1.1 */
} columns[] = {
    {REQUESTS, METRIC_REQUESTS, LOCUST_EXACT, LOCUST_EXACT},
    {FAILED, METRIC_FAILED, LOCUST_EXACT, LOCUST_EXACT},
    {RPS, METRIC_RPS, LOCUST_EXACT, LOCUST_DECIMALS},
    {AVG, METRIC_AVG_MS, LOCUST_EXACT, LOCUST_CUT_OFF},
    {MIN, METRIC_MIN_MS, LOCUST_EXACT, LOCUST_CUT_OFF},
    {MED, METRIC_MED_MS, LOCUST_MEDIAN, LOCUST_MEDIAN_CUT_OFF},
    {P90, METRIC_P90_MS, LOCUST_CLASS, LOCUST_CLASS},
    {P95, METRIC_P95_MS, LOCUST_CLASS, LOCUST_CLASS},
    {P99, METRIC_P99_MS, LOCUST_CLASS, LOCUST_CLASS},
    {MAX, METRIC_MAX_MS, LOCUST_EXACT, LOCUST_CUT_OFF},
};

struct stats_csv {
    struct locust_csv csv;
    long totals;
    bool total_last;
};

static struct figure figure_at(const struct locust_csv *c, size_t i) {
    char quote[QUOTE_MAX_BYTES];
    double v = NAN;
    if (!locust_csv_number(c, columns[i].column, &v))
        return (struct figure){.value = NAN};
    return locust_figure(v, c->quoted ? columns[i].old : columns[i].now, c->line,
                         locust_csv_quote(c, columns[i].column, quote, sizeof quote));
}

static void say_row(const struct locust_csv *c, const char *scope, double requests) {
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        bool count = columns[i].column == REQUESTS || columns[i].column == FAILED;
        struct figure f = figure_at(c, i);
        if (!count && requests == 0)
            continue; /* Locust writes 0 for what nobody measured */
        locust_say(&c->out, columns[i].metric, scope, &f);
        if (columns[i].column == RPS && !scope && f.value > 0) {
            struct figure length = locust_duration(requests, &f);
            locust_say(&c->out, METRIC_DURATION_S, NULL, &length);
        }
    }
}

static bool take_row(void *self) {
    struct stats_csv *s = self;
    char type[SCOPE_MAX_BYTES], name[SCOPE_MAX_BYTES], scope[SCOPE_MAX_BYTES];
    double requests, failed;
    bool total;
    if (!locust_csv_count(&s->csv, REQUESTS, &requests) ||
        !locust_csv_count(&s->csv, FAILED, &failed) || failed > requests)
        return false;
    locust_name(locust_csv_text(&s->csv, TYPE, type, sizeof type),
                locust_csv_text(&s->csv, NAME, name, sizeof name), scope, sizeof scope, &total);
    say_row(&s->csv, total ? NULL : scope, requests);
    s->totals += total;
    s->total_last = total;
    return true;
}

static void *stats_open(const struct sink *out) {
    struct stats_csv *s = mem_new(1, sizeof *s);
    locust_csv_init(&s->csv, out, wanted, s, take_row);
    return s;
}

static bool stats_feed(void *self, const char *bytes, size_t len, struct err *e) {
    return locust_csv_feed(&((struct stats_csv *)self)->csv, bytes, len, e);
}

static bool stats_finish(void *self, struct err *e) {
    struct stats_csv *s = self;
    if (!locust_csv_finish(&s->csv, e))
        return false;
    sink_text(&s->csv.out, DOOR_BLOCKS, "", 1);
    if (s->totals)
        return true;
    err_set(e, ERR_FORMAT, "is a _stats.csv of Locust without its last row, Aggregated");
    return err_fix(e, "wait for the end of the run, then take the whole file");
}

static void stats_close(void *self) {
    struct stats_csv *s = self;
    locust_csv_fini(&s->csv);
    free(s);
}

static bool stats_whole(const char *bytes, size_t len) {
    const struct sink nobody = {0};
    struct stats_csv *s = stats_open(&nobody);
    bool whole = locust_csv_whole(&s->csv, bytes, len) && s->totals == 1 && s->total_last;
    stats_close(s);
    return whole;
}

static int stats_sniff(const char *head, size_t len) {
    return locust_csv_sniff(head, len, "Type,Name,Request Count,Failure Count,");
}

const struct reader locust_stats_reader = {
    .name = "locust-stats-csv",
    .tool = "locust",
    .gives = GIVES_SUMMARY,
    .sniff = stats_sniff,
    .open = stats_open,
    .feed = stats_feed,
    .finish = stats_finish,
    .close = stats_close,
    .rewritten_whole = stats_whole,
};
