/* Results of a soak test: a row per trend with one of three answers, and what is known of the
 * memory. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "ui/screen/panel/parts.h"

enum { AT_SIGN = 2, AT_TEXT = 4, AT_LABEL = 2, AT_WHY = 11 };
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

/* scale: from the trend's own unit to the one that is shown. */
static const struct row_kind {
    const char *name, *unit, *subject;
    double scale;
    int decimals; /* of a value, at least */
    bool falls;   /* the bad direction */
} kinds[] = {{"Server memory", "MB", "server memory", 1, 0, false},
             {"p95", "ms", "p95", 1, 0, false},
             {"Errors", "%", "the error rate", 100, 2, false},
             {"Rate", "RPS", "the rate", 1, 1, true}};
enum { KINDS = sizeof kinds / sizeof *kinds, MEMORY = 0, LATENCY = 1 };

static const struct soak_found *found(const struct session *s) { return &s->result.judgement.soak; }

static const struct trend *trend_of(const struct session *s, int kind) {
    const struct soak_found *f = found(s);
    const struct trend *const trends[KINDS] = {&f->memory, &f->latency, &f->errors, &f->throughput};
    return trends[kind];
}

/* --- figures --------------------------------------------------------------------------------- */

/* Digits that tell a value of this size. */
static int decimals_of(double value) {
    double size = fabs(value);
    return size >= 99.5 ? 0 : size >= 9.95 ? 1 : 2;
}

/* With as many digits as tell a value of the size of `like`. */
static char *show_value(int kind, double value, double like, char *out, size_t size) {
    char number[48];
    int decimals = decimals_of(like * kinds[kind].scale);
    unit_show(value * kinds[kind].scale,
              decimals > kinds[kind].decimals ? decimals : kinds[kind].decimals, number,
              sizeof number);
    snprintf(out, size, "%s%s%s", number, isnan(value) ? "" : " ",
             isnan(value) ? "" : kinds[kind].unit);
    return out;
}

static char *show_slope(int kind, double slope, char *out, size_t size) {
    double shown = slope * kinds[kind].scale;
    char number[48];
    unit_show_short(shown, decimals_of(shown), number, sizeof number);
    snprintf(out, size, "%s%s %s", slope > 0 && strcmp(number, "0") != 0 ? "+" : "", number,
             kinds[kind].unit);
    return out;
}

/* "23 ms/h": two digits are all that can be said of it. */
static char *show_above(int kind, double value, char *out, size_t size) {
    double shown = fabs(value * kinds[kind].scale);
    int decimals = shown >= 9.95 ? 0 : shown >= 0.95 ? 1 : shown >= 0.095 ? 2 : 3;
    char number[48];
    snprintf(out, size, "%s %s/h", unit_show_short(shown, decimals, number, sizeof number),
             kinds[kind].unit);
    return out;
}

/* "9" or "1.5": about is all that can be said. */
static char *show_hours(double hours, char *out, size_t size) {
    return unit_show_short(hours, hours >= 3 ? 0 : 1, out, size);
}

/* "3:48 h" */
static char *show_length(double hours, char *out, size_t size) {
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
        snprintf(out, size, "none above %s", show_above(kind, t->none_above, above, sizeof above));
    else
        text_copy(out, size, words[t->answer]);
    return out;
}

/* --- rows ------------------------------------------------------------------------------------ */

/* First and last are of an eighth of the time. */
static void show_part(const struct session *s, const char *word, char *out, size_t size) {
    double minutes = 0;
    for (int i = 0; i < KINDS; i++)
        if (trend_of(s, i)->hours > 0)
            minutes = fmax(minutes, trend_of(s, i)->hours * 60 / 8);
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
    const struct trend *t = trend_of(p->s, kind);
    const struct column *col = columns[pane_size(p->a.cols)];
    double most = fmax(fabs(t->first), fabs(t->last));
    enum look plain = results_look(p->s, LOOK_TEXT);
    bool drift = t->answer == SOAK_DRIFT;
    char text[96];
    results_sign(p, AT_SIGN, answer_mark(t));
    table_cell(p->g, p->a.row, p->a.col, &col[COL_NAME], plain, kinds[kind].name);
    if (!isnan(t->first))
        table_cell(p->g, p->a.row, p->a.col, &col[COL_FIRST], plain,
                   show_value(kind, t->first, most, text, sizeof text));
    if (!isnan(t->last))
        table_cell(p->g, p->a.row, p->a.col, &col[COL_LAST], plain,
                   show_value(kind, t->last, most, text, sizeof text));
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
static void say_slope(int kind, const struct trend *t, char *out, size_t size) {
    char slope[64], low[48], high[48], points[32];
    double scale = kinds[kind].scale, least = fmin(t->low, t->high), most = fmax(t->low, t->high);
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

/* "At this pace 2,048 MB are reached about 9 h after the end of the run (8 to 11)." */
static bool say_limit(const struct soak_found *f, char *out, size_t size) {
    const struct trend *t = &f->memory;
    char limit[32], hours[32], low[32], high[32];
    if (isnan(t->hours_to_limit) || isnan(f->memory_limit_mb))
        return false;
    unit_show(f->memory_limit_mb, 0, limit, sizeof limit);
    show_hours(t->hours_to_limit, hours, sizeof hours);
    if (t->hours_to_limit <= 0)
        snprintf(out, size, "The limit of %s MB was reached in the run.", limit);
    else if (t->beyond_projection)
        snprintf(out, size,
                 "At this pace %s MB are reached more than %s h after the end of the run.", limit,
                 hours);
    else
        snprintf(out, size,
                 "At this pace %s MB are reached about %s h after the end of the run "
                 "(%s to %s).",
                 limit, hours, show_hours(t->hours_low, low, sizeof low),
                 show_hours(t->hours_high, high, sizeof high));
    return true;
}

static const char alike[] =
    "A leak, a growing cache and a growing queue look alike here; a heap dump decides.";
static const char how_to_measure[] =
    "not measured, which does not mean that none leaks. Keep a CSV of it (t_s,rss_mb) or a "
    "Prometheus range query, and give it beside the results (check: --memory FILE).";

static void add_why(struct sheet *sh, const char *label, const char *text) {
    sheet_label(sh, LINE_ROW, AT_LABEL, label, AT_WHY, text);
}

static void add_memory(struct sheet *sh) {
    const struct soak_found *f = found(sh->s);
    const struct trend *t = &f->memory;
    char text[256];
    if (t->answer == SOAK_NOT_MEASURED) {
        add_why(sh, "Memory", how_to_measure);
        return;
    }
    if (t->answer != SOAK_DRIFT)
        return;
    say_slope(MEMORY, t, text, sizeof text);
    add_why(sh, "Memory", text);
    if (say_limit(f, text, sizeof text))
        add_why(sh, "", text);
    add_why(sh, "", alike);
}

static void add_restarts(struct sheet *sh) {
    const struct soak_found *f = found(sh->s);
    char text[400], at[32];
    size_t shown = f->restarts < 4 ? f->restarts : 4, n;
    if (f->restarts == 0)
        return;
    n = (size_t)snprintf(text, sizeof text, "%zu, at", f->restarts);
    for (size_t i = 0; i < shown; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, " %s%s",
                              show_at(sh->s, f->restart_s[i], true, at, sizeof at),
                              i + 1 < shown ? "," : "");
    snprintf(text + n, sizeof text - n, "%s: memory fell and requests suffered.",
             shown < f->restarts ? " and later" : "");
    add_why(sh, "Restarts", text);
}

/* What keeps an answer from being given, and what would give it. */
static void add_open_answers(struct sheet *sh) {
    for (int i = 0; i < KINDS; i++) {
        const struct trend *t = trend_of(sh->s, i);
        char text[sizeof t->why + 32];
        if (t->answer != SOAK_CANNOT_TELL || !t->why[0])
            continue;
        snprintf(text, sizeof text, "cannot tell: %s", t->why);
        size_t n = strlen(text);
        if (text[n - 1] != '.')
            snprintf(text + n, sizeof text - n, ".");
        add_why(sh, i == MEMORY ? "Memory" : kinds[i].name, text);
    }
}

void soak_build(struct sheet *sh) {
    sheet_blank(sh);
    sheet_part(sh);
    sheet_line(sh, LINE_KEEP, draw_head, 0);
    for (int i = 0; i < KINDS; i++)
        sheet_item(sh, sheet_line(sh, LINE_ROW, draw_trend, i), ITEM_TREND, i,
                   answer_mark(trend_of(sh->s, i)));
    sheet_blank(sh);
    add_memory(sh);
    add_restarts(sh);
    add_open_answers(sh);
    if (found(sh->s)->load_drifted)
        add_why(sh, "Load", "The rate moved by more than 5 % over the run: memory may follow it.");
}

/* --- the sentence below the verdict ---------------------------------------------------------- */

static bool limits_kept(const struct judgement *j) {
    for (size_t i = 0; i < j->checks; i++)
        if (j->check[i].status != VERDICT_PASS && !strstr(j->check[i].metric, "_drift"))
            return false;
    return true;
}

/* The first trend with this answer; -1: none. */
static int first_with(const struct session *s, enum soak_answer answer) {
    for (int i = 0; i < KINDS; i++)
        if (trend_of(s, i)->answer == answer)
            return i;
    return -1;
}

static void say_drift(const struct session *s, int kind, char *out, size_t size) {
    const struct trend *t = trend_of(s, kind);
    char amount[64];
    bool kept = limits_kept(&s->result.judgement);
    snprintf(out, size, "%s%s %s by %s per hour%s.", kept ? "Limits are kept, but " : "",
             kinds[kind].subject, kinds[kind].falls ? "falls" : "grows",
             show_value(kind, fabs(t->slope), t->slope, amount, sizeof amount),
             t->verdict == SOAK_SLOWING ? ", slower in the second half"
             : t->verdict == SOAK_LEAK  ? " and does not level off"
                                        : "");
    if (!kept && out[0] >= 'a' && out[0] <= 'z' && kind != LATENCY)
        out[0] = (char)(out[0] - 'a' + 'A');
}

/* "No drift found above 23 ms/h and 20 MB/h in 3:12 h." */
static void say_none(const struct session *s, char *out, size_t size) {
    char one[64], two[64], hours[32];
    const struct trend *memory = trend_of(s, MEMORY), *latency = trend_of(s, LATENCY);
    double analysed = fmax(memory->hours, latency->hours);
    bool both = memory->answer == SOAK_NONE_FOUND && latency->answer == SOAK_NONE_FOUND;
    bool any = both || latency->answer == SOAK_NONE_FOUND;
    show_above(LATENCY, latency->none_above, one, sizeof one);
    show_above(MEMORY, memory->none_above, two, sizeof two);
    show_length(analysed, hours, sizeof hours);
    snprintf(out, size, "No drift found above %s%s%s in %s%s.", any ? one : two,
             both ? " and " : "", both ? two : "", hours,
             memory->answer == SOAK_NOT_MEASURED ? "; memory was not measured" : "");
}

void soak_state(const struct session *s, enum mark mark, char *out, size_t size) {
    bool drift = first_with(s, SOAK_DRIFT) >= 0;
    text_copy(out, size,
              mark != MARK_BROKEN                          ? sign_of(mark).word
              : found(s)->restarts > 0                     ? "restarted"
              : drift && limits_kept(&s->result.judgement) ? "drift found"
                                                           : sign_of(mark).word);
}

void soak_sentence_build(struct sheet *sh) {
    const struct session *s = sh->s;
    const struct soak_found *f = found(s);
    char text[320];
    int drift = first_with(s, SOAK_DRIFT), unclear = first_with(s, SOAK_CANNOT_TELL);
    if (f->restarts > 0)
        snprintf(text, sizeof text, "The server was restarted %s in the run.",
                 f->restarts == 1 ? "once" : "several times");
    else if (drift >= 0)
        say_drift(s, drift, text, sizeof text);
    else if (first_with(s, SOAK_NONE_FOUND) < 0)
        snprintf(text, sizeof text, "Cannot tell whether anything grows%s%s",
                 unclear >= 0 && trend_of(s, unclear)->why[0] ? ": " : "",
                 unclear >= 0 && trend_of(s, unclear)->why[0] ? trend_of(s, unclear)->why : ".");
    else
        say_none(s, text, sizeof text);
    sheet_say(sh, LINE_KEEP, AT_TEXT, LOOK_TEXT, text);
}

/* --- one trend ------------------------------------------------------------------------------- */

bool soak_copy(const struct session *s, int index, struct buf *out) {
    const struct trend *t = trend_of(s, index);
    char first[64], last[64], slope[64], words[96];
    answer_words(index, t, words, sizeof words);
    if (t->answer == SOAK_NOT_MEASURED) /* its figures are no figures */
        return buf_printf(out, "%s: %s", kinds[index].name, words);
    return buf_printf(out, "%s: first %s, last %s, per hour %s, %s", kinds[index].name,
                      show_value(index, t->first, t->first, first, sizeof first),
                      show_value(index, t->last, t->last, last, sizeof last),
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
             show_length(t->hours, hours, sizeof hours));
    details_add(sh, "Rise", text);
    if (isnan(t->tail_ratio))
        return;
    details_add(sh, "Shape", shape_words(t));
    snprintf(text, sizeof text, "%.0f %% of the slope of the whole", 100 * t->tail_ratio);
    details_add(sh, "Second half", text);
}

struct line *soak_details(struct sheet *sh, int index) {
    const struct soak_found *f = found(sh->s);
    const struct trend *t = trend_of(sh->s, index);
    char text[256], a[64], b[64];
    struct line *l = details_head(sh, kinds[index].name, answer_mark(t),
                                  answer_words(index, t, text, sizeof text));
    if (t->answer == SOAK_NOT_MEASURED) {
        details_add(sh, "Series", index == MEMORY ? how_to_measure : "not measured");
        return l;
    }
    if (index == MEMORY)
        details_add(sh, "Process", f->memory_of);
    snprintf(text, sizeof text, "first %s, last %s",
             show_value(index, t->first, t->first, a, sizeof a),
             show_value(index, t->last, t->last, b, sizeof b));
    details_add(sh, "Values", text);
    say_slope(index, t, text, sizeof text);
    details_add(sh, "Per hour", text);
    add_test(sh, t);
    add_shape(sh, t);
    if (t->answer == SOAK_NONE_FOUND && !isnan(t->none_above)) {
        snprintf(text, sizeof text, "a growth of %s would have been seen",
                 show_above(index, t->none_above, a, sizeof a));
        details_add(sh, "None above", text);
    }
    if (index == MEMORY && say_limit(f, text, sizeof text))
        details_add(sh, "Limit", text);
    if (index == MEMORY && t->answer == SOAK_DRIFT)
        details_add(sh, "Remark", alike);
    details_add(sh, "Why", t->why);
    return l;
}
