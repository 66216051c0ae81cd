/* A result that has been read and is not used yet: what was understood of it, before it counts. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/unit.h"
#include "ui/screen/panel/parts.h"
#include "ui/screen/widget/table.h"

enum { AT_SIGN = 2, AT_NAME = 4, AT_LOOKS = 18, AT_USE = 4, AT_DISCARD = 16, AT_TEXT = 6 };

static const struct column columns[] = {
    {"Found", AT_NAME, 14, false}, {"Value", 18, 12, true}, {"In line", 34, 400, false}};

bool intake_here(const struct session *s, const struct view *v) {
    return s->intake.there && v->open == (v->baseline_intake ? STEP_PREREQUISITES : STEP_RUN);
}

/* --- what was found -------------------------------------------------------------------------- */

struct found {
    const char *name;
    char value[48], line[200];
};

static void quote(const struct figure *f, char *out, size_t size) {
    if (isnan(f->value))
        snprintf(out, size, "not in this result");
    else if (f->line > 0)
        snprintf(out, size, "line %ld%s%s", f->line, f->quote[0] ? ": " : "", f->quote);
    else
        snprintf(out, size, "%s", f->quote);
}

static void find_p95(const struct session *s, struct found *f) {
    const struct figure *p95 = &s->intake.run.figure[METRIC_P95_MS];
    unit_show_ms(p95->value, f->value, sizeof f->value);
    quote(p95, f->line, sizeof f->line);
}

static void find_errors(const struct session *s, struct found *f) {
    unit_show_share(summary_error_rate(&s->intake.run), f->value, sizeof f->value);
    quote(&s->intake.run.figure[METRIC_FAILED], f->line, sizeof f->line);
}

static void find_requests(const struct session *s, struct found *f) {
    const struct figure *n = &s->intake.run.figure[METRIC_REQUESTS];
    unit_show(n->value, 0, f->value, sizeof f->value);
    quote(n, f->line, sizeof f->line);
}

static void find_iterations(const struct session *s, struct found *f) {
    const struct figure *n = &s->intake.run.figure[METRIC_ITERATIONS];
    unit_show(n->value, 0, f->value, sizeof f->value);
    quote(n, f->line, sizeof f->line);
}

static void find_rate(const struct session *s, struct found *f) {
    const struct summary *run = &s->intake.run;
    double ok = summary_ok_requests(run), planned = s->profile.planned_requests;
    char a[32], b[32], rate[32];
    show_rate(summary_value(run, METRIC_RPS), rate, sizeof rate);
    if (s->confirmed && planned > 0 && !isnan(ok)) {
        snprintf(f->value, sizeof f->value, "%.1f %%", 100 * ok / planned);
        snprintf(f->line, sizeof f->line, "%s of %s planned; %s/s includes the ramps",
                 unit_show(ok, 0, a, sizeof a), unit_show(planned, 0, b, sizeof b), rate);
        return;
    }
    snprintf(f->value, sizeof f->value, "%s%s", rate, summary_has(run, METRIC_RPS) ? " RPS" : "");
    quote(&run->figure[METRIC_RPS], f->line, sizeof f->line);
}

static void find_series(const struct session *s, struct found *f) {
    const struct series *r = &s->intake.run.series;
    char length[32];
    if (r->points > 0) {
        unit_show((double)r->points, 0, f->value, sizeof f->value);
        snprintf(f->line, sizeof f->line, "points in %s",
                 unit_show_clock(series_end_s(r), length, sizeof length));
        return;
    }
    snprintf(f->value, sizeof f->value, "no data");
    snprintf(f->line, sizeof f->line, "a summary has no time series: no charts, no knee, no drift");
}

static void find_endpoints(const struct session *s, struct found *f) {
    size_t n = s->intake.run.endpoints;
    if (n > 0)
        snprintf(f->value, sizeof f->value, "%zu", n);
    else
        snprintf(f->value, sizeof f->value, "no data");
    snprintf(f->line, sizeof f->line,
             n > 0 ? "endpoints with figures of their own" : "the result names no endpoint");
}

static const struct {
    const char *name;
    void (*find)(const struct session *s, struct found *f);
} finders[] = {{"p95", find_p95},
               {"Errors", find_errors},
               {"Requests", find_requests},
               {"Iterations", find_iterations},
               {"Rate", find_rate},
               {"Over time", find_series},
               {"Per endpoint", find_endpoints}};
enum { FINDERS = sizeof finders / sizeof *finders };

static void draw_head(const struct pen *p, int index) {
    (void)index;
    table_head(p->g, p->a.row, p->a.col, columns, 3);
}

static void draw_found(const struct pen *p, int index) {
    struct found f = {0};
    finders[index].find(p->s, &f);
    bool none = strcmp(f.value, "no data") == 0;
    struct column line = columns[2];
    line.width = pen_room(p, line.at);
    pen_sign(p, AT_SIGN, none ? MARK_NODATA : MARK_OK);
    table_cell(p->g, p->a.row, p->a.col, &columns[0], LOOK_TEXT, finders[index].name);
    table_cell(p->g, p->a.row, p->a.col, &columns[1], none ? LOOK_NODATA : LOOK_TEXT, f.value);
    table_cell(p->g, p->a.row, p->a.col, &line, LOOK_MUTED, f.line);
}

/* --- the pasted text ------------------------------------------------------------------------- */

enum { TEXT_SCROLLED, TEXT_FROM_START };

static void draw_text(const struct pen *p, int index) {
    const struct intake *in = &p->s->intake;
    const char *at = in->text, *end = in->text + in->len;
    long lines = text_count_lines(in->text, in->len), first = 0, line = 0;
    long most = lines > p->a.rows ? lines - p->a.rows : 0;
    if (index == TEXT_SCROLLED)
        first = p->v->scroll[p->v->open];
    first = first > most ? most : first < 0 ? 0 : first;
    for (; at < end && line < first + p->a.rows; line++) {
        const char *nl = memchr(at, '\n', (size_t)(end - at));
        if (line >= first) {
            char text[1024];
            text_clean(at, (size_t)((nl ? nl : end) - at), TEXT_ONE_LINE, text, sizeof text);
            grid_put(p->g, p->a.row + (int)(line - first), p->a.col + AT_TEXT, pen_room(p, AT_TEXT),
                     LOOK_MUTED, text);
        }
        at = nl ? nl + 1 : end;
    }
}

static void add_text(struct sheet *sh) {
    enum { LEAST = 5, COUNT_MOST = 64 << 10 };
    const struct intake *in = &sh->s->intake;
    char text[160], lines_text[32];
    if (!in->text)
        return;
    long lines = text_count_lines(in->text, in->len);
    int rows = lines < 1000 ? (int)lines : 1000;
    sheet_blank(sh);
    snprintf(text, sizeof text, "%s lines; PgUp and PgDn scroll",
             unit_show((double)lines, 0, lines_text, sizeof lines_text));
    sheet_title(sh, LINE_SOURCE, "As pasted", text);
    struct line *l =
        sheet_block(sh, LINE_FILL, draw_text, TEXT_SCROLLED, rows, rows < LEAST ? rows : LEAST);
    l->scroll_rows = lines;
    if (in->len > COUNT_MOST)
        return;
    char *clean = mem_new(in->len * 4 + 1, 1);
    size_t replaced = text_clean(in->text, in->len, TEXT_LINES, clean, in->len * 4 + 1);
    free(clean);
    snprintf(text, sizeof text, "Unprintable characters removed: %zu.", replaced);
    sheet_say(sh, LINE_SOURCE, AT_SIGN, LOOK_MUTED, text);
}

void intake_add_unknown(struct sheet *sh) {
    enum { SHOWN = 10 };
    const struct intake *in = &sh->s->intake;
    char text[160], lines_text[32];
    if (in->there || !in->text || in->len == 0)
        return;
    long lines = text_count_lines(in->text, in->len);
    int rows = lines < SHOWN ? (int)lines : SHOWN;
    sheet_blank(sh);
    snprintf(text, sizeof text, "not a summary that is known; lines 1 to %d of %s", rows,
             unit_show((double)lines, 0, lines_text, sizeof lines_text));
    sheet_title(sh, LINE_ROW, "As pasted", text);
    sheet_block(sh, LINE_ROW, draw_text, TEXT_FROM_START, rows, rows < 3 ? rows : 3);
}

/* --- the whole ------------------------------------------------------------------------------- */

static void draw_choice(const struct pen *p, int index) {
    (void)index;
    grid_put(p->g, p->a.row, p->a.col + AT_USE, 10, p->focus == 0 ? LOOK_TITLE : LOOK_TEXT,
             "Use it");
    grid_put(p->g, p->a.row, p->a.col + AT_DISCARD, 10, p->focus == 1 ? LOOK_TITLE : LOOK_TEXT,
             "Discard");
    pen_mark(p, (p->focus == 1 ? AT_DISCARD : AT_USE) - 2);
}

static void add_title(struct sheet *sh) {
    const struct intake *in = &sh->s->intake;
    char text[NAME_MAX_BYTES + 80], lines[32], bytes[32];
    if (in->text)
        snprintf(text, sizeof text, "pasted %s lines, %s bytes",
                 unit_show((double)text_count_lines(in->text, in->len), 0, lines, sizeof lines),
                 unit_show((double)in->len, 0, bytes, sizeof bytes));
    else
        snprintf(text, sizeof text, "%s", in->from);
    struct line *l = sheet_title(sh, LINE_KEEP, panels[sh->v->open]->name, text);
    sheet_state(sh, l, MARK_NODATA, "check before use");
}

static void add_question(struct sheet *sh) {
    bool baseline = sh->v->baseline_intake;
    bool steps = summary_stretch(&sh->s->intake.run, "step 1") != NULL;
    sheet_blank(sh);
    sheet_say(sh, LINE_KEEP, AT_SIGN, LOOK_TEXT,
              baseline ? "Use these values as the baseline's?"
              : summary_steady(&sh->s->intake.run) || steps
                  ? "Use these values for this run?   Ramps are left out of the verdict."
                  : "Use these values for this run?   p95 then includes the ramps.");
    sheet_loose(sh);
    struct line *l = sheet_line(sh, LINE_KEEP, draw_choice, 0);
    l->draws_mark = true;
    sheet_item(sh, l, ITEM_USE, 0, MARK_NONE);
    sheet_item(sh, l, ITEM_DISCARD, 0, MARK_NONE);
}

static const char *kind_of(const struct summary *run) {
    return run->computed            ? "single requests"
           : run->series.points > 0 ? "figures over time"
                                    : "end-of-test summary";
}

void intake_build(struct sheet *sh) {
    const struct summary *run = &sh->s->intake.run;
    char text[160];
    sheet_blank(sh);
    add_title(sh);
    sheet_blank(sh);
    snprintf(text, sizeof text, "%s%s%s %s, %s", run->tool ? run->tool : "",
             run->tool_version[0] ? " " : "", run->tool_version, kind_of(run), run->format);
    sheet_pair(sh, LINE_KEEP, AT_SIGN, "Looks like", AT_LOOKS, text);
    sheet_blank(sh);
    sheet_line(sh, LINE_KEEP, draw_head, 0);
    for (int i = 0; i < FINDERS; i++)
        sheet_line(sh, LINE_ROW, draw_found, i);
    if (run->findings.len) {
        sheet_blank(sh);
        sheet_findings(sh, &run->findings, AT_SIGN, false);
    }
    add_text(sh);
    add_question(sh);
}
