/* Results of a soak test: a row per trend with one of three answers. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "ui/screen/panel/results_soak.h"

enum { AT_SIGN = 2 };
enum { COL_NAME, COL_FIRST, COL_LAST, COL_SLOPE, COL_VERDICT, COLUMNS };

static const struct column columns[PANE_SIZES][COLUMNS] = {
    {{"Trend", 4, 15, false},
     {"First", 20, 12, true},
     {"Last", 35, 12, true},
     {"Per hour", 49, 12, true},
     {"Verdict", 65, 27, false}},
    {{"Trend", 4, 14, false},
     {"First", 18, 10, true},
     {"Last", 30, 10, true},
     {"Per hour", 42, 10, true},
     {"Verdict", 54, 24, false}},
    {{"Trend", 4, 13, false},
     {"First", 17, 9, true},
     {"Last", 27, 9, true},
     {"Per hour", 37, 9, true},
     {"Verdict", 48, 22, false}},
};

const struct soak_kind soak_kinds[SOAK_KINDS] = {
    {"Server memory", "MB", "server memory", 1, 0, false},
    {"p95", "ms", "p95", 1, 0, false},
    {"Errors", "%", "the error rate", 100, 2, false},
    {"Rate", "RPS", "the rate", 1, 1, true}};

static const struct soak_found *found(const struct session *s) {
    return &session_result(s)->judgement.soak;
}

const struct trend *soak_trend_of(const struct session *s, int kind) {
    const struct soak_found *f = found(s);
    const struct trend *const trends[SOAK_KINDS] = {&f->memory, &f->latency, &f->errors,
                                                    &f->throughput};
    return trends[kind];
}

/* --- figures --------------------------------------------------------------------------------- */

/* Digits that tell a value of this size. */
static int decimals_of(double value) {
    double size = fabs(value);
    return size >= 99.5 ? 0 : size >= 9.95 ? 1 : 2;
}

/* With as many digits as tell a value of the size of `like`. */
char *soak_value(int kind, double value, double like, char *out, size_t size) {
    char number[48];
    int decimals = decimals_of(like * soak_kinds[kind].scale);
    unit_show(value * soak_kinds[kind].scale,
              decimals > soak_kinds[kind].decimals ? decimals : soak_kinds[kind].decimals, number,
              sizeof number);
    snprintf(out, size, "%s%s%s", number, isnan(value) ? "" : " ",
             isnan(value) ? "" : soak_kinds[kind].unit);
    return out;
}

static char *show_slope(int kind, double slope, char *out, size_t size) {
    double shown = slope * soak_kinds[kind].scale;
    char number[48];
    unit_show_short(shown, decimals_of(shown), number, sizeof number);
    snprintf(out, size, "%s%s %s", slope > 0 && strcmp(number, "0") != 0 ? "+" : "", number,
             soak_kinds[kind].unit);
    return out;
}

/* "23 ms/h": two digits are all that can be said of it. */
char *soak_above(int kind, double value, char *out, size_t size) {
    double shown = fabs(value * soak_kinds[kind].scale);
    int decimals = shown >= 9.95 ? 0 : shown >= 0.95 ? 1 : shown >= 0.095 ? 2 : 3;
    char number[48];
    snprintf(out, size, "%s %s/h", unit_show_short(shown, decimals, number, sizeof number),
             soak_kinds[kind].unit);
    return out;
}

/* "3:48 h" */
char *soak_length(double hours, char *out, size_t size) {
    long minutes = isfinite(hours) && hours < 1e6 ? lround(hours * 60) : 0;
    snprintf(out, size, "%ld:%02ld h", minutes / 60, minutes % 60);
    return out;
}

static enum mark answer_mark(const struct trend *t) {
    static const enum mark marks[] = {[SOAK_NOT_MEASURED] = MARK_NODATA,
                                      [SOAK_NONE_FOUND] = MARK_OK,
                                      [SOAK_CANNOT_TELL] = MARK_NODATA,
                                      [SOAK_DRIFT] = MARK_BROKEN,
                                      [SOAK_RESTART] = MARK_BROKEN};
    return marks[t->answer];
}

static char *answer_words(int kind, const struct trend *t, char *out, size_t size) {
    static const char *const words[] = {[SOAK_NOT_MEASURED] = "not measured",
                                        [SOAK_NONE_FOUND] = "none found",
                                        [SOAK_CANNOT_TELL] = "cannot tell",
                                        [SOAK_DRIFT] = "drift found",
                                        [SOAK_RESTART] = "restarted"};
    char above[64];
    if (t->answer == SOAK_NONE_FOUND && !isnan(t->none_above))
        snprintf(out, size, "none above %s", soak_above(kind, t->none_above, above, sizeof above));
    else
        text_copy(out, size, words[t->answer]);
    return out;
}

/* --- rows ------------------------------------------------------------------------------------ */

/* First and last are of an eighth of the time. */
static void show_part(const struct session *s, const char *word, char *out, size_t size) {
    double minutes = 0;
    for (int i = 0; i < SOAK_KINDS; i++)
        if (soak_trend_of(s, i)->hours > 0)
            minutes = fmax(minutes, soak_trend_of(s, i)->hours * 60 / 8);
    if (minutes >= 1)
        snprintf(out, size, "%s %.0f min", word, minutes);
    else
        text_copy(out, size, word);
}

static void draw_head(const struct pen *p, int index) {
    (void)index;
    const struct column *col = columns[pane_size(p->a.cols)];
    for (int i = 0; i < COLUMNS; i++) {
        char text[32];
        text_copy(text, sizeof text, col[i].title);
        if ((i == COL_FIRST || i == COL_LAST) && pane_size(p->a.cols) == PANE_LONG)
            show_part(p->s, col[i].title, text, sizeof text);
        table_cell(p->g, p->a.row, p->a.col, &col[i], LOOK_MUTED, text);
    }
}

static void draw_trend(const struct pen *p, int kind) {
    const struct trend *t = soak_trend_of(p->s, kind);
    const struct column *col = columns[pane_size(p->a.cols)];
    double most = fmax(fabs(t->first), fabs(t->last));
    enum look plain = results_look(p->s, LOOK_TEXT);
    bool drift = t->answer == SOAK_DRIFT;
    char text[96];
    results_sign(p, AT_SIGN, answer_mark(t));
    table_cell(p->g, p->a.row, p->a.col, &col[COL_NAME], plain, soak_kinds[kind].name);
    if (!isnan(t->first))
        table_cell(p->g, p->a.row, p->a.col, &col[COL_FIRST], plain,
                   soak_value(kind, t->first, most, text, sizeof text));
    if (!isnan(t->last))
        table_cell(p->g, p->a.row, p->a.col, &col[COL_LAST], plain,
                   soak_value(kind, t->last, most, text, sizeof text));
    if (!isnan(t->slope))
        table_cell(p->g, p->a.row, p->a.col, &col[COL_SLOPE],
                   drift ? results_look(p->s, LOOK_FAIL) : plain,
                   show_slope(kind, t->slope, text, sizeof text));
    results_verdict(p, &col[COL_VERDICT], answer_mark(t), answer_words(kind, t, text, sizeof text));
}

/* --- in words -------------------------------------------------------------------------------- */

static const char *shape_words(const struct trend *t) {
    static const char *const words[SHAPES] = {[SHAPE_FLAT] = "flat",
                                              [SHAPE_LINEAR] = "a straight line",
                                              [SHAPE_STEP] = "a step",
                                              [SHAPE_SATURATING] = "levelling off",
                                              [SHAPE_LATE] = "starting late"};
    return t->shape < SHAPES ? words[t->shape] : "";
}

/* "+124 MB/h, 95 % interval 117 to 131, 456 points, a straight line." */
void soak_slope_words(int kind, const struct trend *t, char *out, size_t size) {
    char slope[64], low[48], high[48], points[32];
    double scale = soak_kinds[kind].scale, least = fmin(t->low, t->high),
           most = fmax(t->low, t->high);
    show_slope(kind, t->slope, slope, sizeof slope);
    unit_show((double)t->samples, 0, points, sizeof points);
    if (isnan(t->slope))
        snprintf(out, size, "%s points.", points);
    else if (isnan(least) || isnan(most))
        snprintf(out, size, "%s/h, %s points.", slope, points);
    else
        snprintf(out, size, "%s/h, 95 %% interval %s to %s, %s points, %s.", slope,
                 unit_show(least * scale, decimals_of(t->slope * scale), low, sizeof low),
                 unit_show(most * scale, decimals_of(t->slope * scale), high, sizeof high), points,
                 shape_words(t));
}

const char soak_alike[] =
    "A leak, a growing cache and a growing queue look alike here; a heap dump decides.";
const char soak_how_to_measure[] =
    "not measured, which does not mean that none leaks. Keep a CSV of it (t_s,rss_mb) or a "
    "Prometheus range query, and give it beside the results (check: --memory FILE).";

void soak_build(struct sheet *sh) {
    sheet_blank(sh);
    sheet_part(sh);
    sheet_line(sh, LINE_KEEP, draw_head, 0);
    for (int i = 0; i < SOAK_KINDS; i++)
        sheet_item(sh, sheet_line(sh, LINE_ROW, draw_trend, i), ITEM_TREND, i,
                   answer_mark(soak_trend_of(sh->s, i)));
    sheet_blank(sh);
    soak_words_build(sh);
}

/* --- one trend ------------------------------------------------------------------------------- */

bool soak_copy(const struct session *s, int index, struct buf *out) {
    const struct trend *t = soak_trend_of(s, index);
    char first[64], last[64], slope[64], words[96];
    answer_words(index, t, words, sizeof words);
    if (t->answer == SOAK_NOT_MEASURED) /* its figures are no figures */
        return buf_printf(out, "%s: %s", soak_kinds[index].name, words);
    return buf_printf(out, "%s: first %s, last %s, per hour %s, %s", soak_kinds[index].name,
                      soak_value(index, t->first, t->first, first, sizeof first),
                      soak_value(index, t->last, t->last, last, sizeof last),
                      show_slope(index, t->slope, slope, sizeof slope), words);
}

static void add_test(struct sheet *sh, const struct trend *t) {
    char text[160];
    if (isnan(t->z) || isnan(t->p))
        return;
    snprintf(text, sizeof text, "Mann-Kendall on %zu blocks: S %.0f, Z %.2f, p %.4f", t->blocks,
             t->s, t->z, t->p);
    details_add(sh, "Trend test", text);
}

static void add_shape(struct sheet *sh, const struct trend *t) {
    char text[160], hours[32];
    if (isnan(t->rise))
        return;
    snprintf(text, sizeof text, "%.1f %% of the level over %s", 100 * t->rise,
             soak_length(t->hours, hours, sizeof hours));
    details_add(sh, "Rise", text);
    if (isnan(t->tail_ratio))
        return;
    details_add(sh, "Shape", shape_words(t));
    snprintf(text, sizeof text, "%.0f %% of the slope of the whole", 100 * t->tail_ratio);
    details_add(sh, "Second half", text);
}

struct line *soak_details(struct sheet *sh, int index) {
    const struct soak_found *f = found(sh->s);
    const struct trend *t = soak_trend_of(sh->s, index);
    char text[256], a[64], b[64];
    struct line *l = details_head(sh, soak_kinds[index].name, answer_mark(t),
                                  answer_words(index, t, text, sizeof text));
    if (t->answer == SOAK_NOT_MEASURED) {
        details_add(sh, "Series", index == SOAK_KIND_MEMORY ? soak_how_to_measure : "not measured");
        return l;
    }
    if (index == SOAK_KIND_MEMORY)
        details_add(sh, "Process", f->memory_of);
    snprintf(text, sizeof text, "first %s, last %s",
             soak_value(index, t->first, t->first, a, sizeof a),
             soak_value(index, t->last, t->last, b, sizeof b));
    details_add(sh, "Values", text);
    soak_slope_words(index, t, text, sizeof text);
    details_add(sh, "Per hour", text);
    add_test(sh, t);
    add_shape(sh, t);
    if (t->answer == SOAK_NONE_FOUND && !isnan(t->none_above)) {
        snprintf(text, sizeof text, "a growth of %s would have been seen",
                 soak_above(index, t->none_above, a, sizeof a));
        details_add(sh, "None above", text);
    }
    if (index == SOAK_KIND_MEMORY && soak_limit_words(f, text, sizeof text))
        details_add(sh, "Limit", text);
    if (index == SOAK_KIND_MEMORY && t->answer == SOAK_DRIFT)
        details_add(sh, "Remark", soak_alike);
    details_add(sh, "Why", t->why);
    return l;
}
