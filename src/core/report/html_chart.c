/* A chart as SVG. Colours and fonts are those of report.css; a title and a description say it to
 * who cannot see it. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/document.h"

enum { WIDE = 560, HIGH = 250, LEFT = 56, RIGHT = 28, TOP = 16, BOTTOM = 40 };

static double at_x(const struct chart *c, double x) {
    double span = c->to > c->from ? c->to - c->from : 1;
    return LEFT + (x - c->from) / span * (WIDE - LEFT - RIGHT);
}

static double at_y(const struct chart *c, double y) {
    double share =
        c->log ? log10(fmax(y, c->bottom) / c->bottom) / log10(c->top / c->bottom) : y / c->top;
    return HIGH - BOTTOM - share * (HIGH - TOP - BOTTOM);
}

static void add_text(struct buf *out, double x, double y, const char *kind, const char *text) {
    buf_printf(out, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">", x, y, kind);
    doc_escape(out, text, false);
    buf_str(out, "</text>\n");
}

static void add_rule(struct buf *out, double x1, double y1, double x2, double y2,
                     const char *kind) {
    buf_printf(out, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>\n", x1,
               y1, x2, y2, kind);
}

/* --- the frame ------------------------------------------------------------------------------- */

static void add_window(struct buf *out, const struct chart *c) {
    if (!(c->window_to > c->window_from))
        return;
    double from = at_x(c, fmax(c->window_from, c->from)), to = at_x(c, fmin(c->window_to, c->to));
    buf_printf(out, "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" class=\"window\"/>\n",
               from, TOP, fmax(to - from, 0), HIGH - TOP - BOTTOM);
}

static void add_axes(struct buf *out, const struct chart *c) {
    char text[64];
    for (size_t i = 0; i < c->y_ticks; i++) {
        double y = at_y(c, c->y_tick[i]);
        add_rule(out, LEFT, y, WIDE - RIGHT, y, i == 0 ? "axis" : "grid");
        add_text(out, LEFT - 6, y + 4, "y", chart_y_text(c, c->y_tick[i], text, sizeof text));
    }
    for (size_t i = 0; i < c->x_ticks; i++) {
        double x = at_x(c, c->x_tick[i]);
        add_rule(out, x, HIGH - BOTTOM, x, HIGH - BOTTOM + 4, "axis");
        add_text(out, x, HIGH - BOTTOM + 17, "x", chart_x_text(c, c->x_tick[i], text, sizeof text));
    }
    add_text(out, (LEFT + WIDE - RIGHT) / 2.0, HIGH - 5, "x unit",
             c->time ? "time from the start" : c->x_unit);
}

static void add_limit(struct buf *out, const struct chart *c) {
    char text[64];
    if (!(c->limit >= c->bottom) || c->limit > c->top)
        return;
    double y = at_y(c, c->limit);
    add_rule(out, LEFT, y, WIDE - RIGHT, y, "limit");
    add_text(out, WIDE - RIGHT - 2, y - 5, "limit-name", chart_limit_text(c, text, sizeof text));
}

/* What happened, as ticks below the upper edge; names give way to one another. */
static void add_notes(struct buf *out, const struct chart *c) {
    double free_from = 0;
    for (size_t i = 0; i < c->notes; i++) {
        double x = at_x(c, c->note[i].x);
        add_rule(out, x, TOP, x, HIGH - BOTTOM, "note");
        if (x < free_from)
            continue;
        add_text(out, x + 3, TOP + 10, "note-name", c->note[i].text);
        free_from = x + 8 + 7 * (double)strlen(c->note[i].text);
    }
}

/* --- lines ----------------------------------------------------------------------------------- */

static void add_path(struct buf *out, const struct chart *c, const struct chart_line *l) {
    bool pen = false;
    buf_printf(out, "<path class=\"%s\" d=\"", l->guide ? "guide" : "line");
    for (size_t i = 0; i < l->n; i++) {
        bool known = isfinite(l->y[i]);
        if (known)
            buf_printf(out, "%c%.1f %.1f", pen ? 'L' : 'M', at_x(c, l->x[i]), at_y(c, l->y[i]));
        pen = known;
    }
    buf_str(out, "\"/>\n");
}

static void add_dots(struct buf *out, const struct chart *c, const struct chart_line *l) {
    for (size_t i = 0; i < l->n; i++)
        if (isfinite(l->y[i]))
            buf_printf(out, "<circle class=\"dot\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>\n",
                       at_x(c, l->x[i]), at_y(c, l->y[i]));
}

static void add_key(struct buf *out, const struct chart *c) {
    buf_str(out, "<p class=\"key\">");
    for (size_t i = 0; i < c->lines; i++) {
        buf_printf(out, "<span><i class=\"%s\"></i>", c->line[i].guide ? "guide" : "line");
        doc_escape(out, c->line[i].name, false);
        buf_str(out, "</span> ");
    }
    if (c->window_to > c->window_from)
        buf_str(out, "<span><i class=\"window\"></i>judged window</span> ");
    if (isfinite(c->limit) && c->limit > c->top) {
        char text[64];
        buf_printf(out, "<span>%s is above the chart</span>",
                   chart_limit_text(c, text, sizeof text));
    }
    buf_str(out, "</p>\n");
}

void html_chart(struct buf *out, const struct chart *c, size_t id) {
    char words[DOC_TEXT];
    buf_printf(out, "<figure>\n<figcaption>%s <span class=\"unit\">%s%s</span></figcaption>\n",
               c->title, c->unit, c->log ? ", logarithmic" : "");
    buf_printf(out,
               "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"t%zu d%zu\">\n"
               "<title id=\"t%zu\">%s</title>\n<desc id=\"d%zu\">",
               WIDE, HIGH, id, id, id, c->title, id);
    doc_escape(out, chart_words(c, words, sizeof words), false);
    buf_str(out, "</desc>\n");
    add_window(out, c);
    add_axes(out, c);
    add_notes(out, c);
    for (size_t i = c->lines; i-- > 0;)
        add_path(out, c, &c->line[i]);
    if (c->dots && c->lines > 0)
        add_dots(out, c, &c->line[0]);
    add_limit(out, c);
    buf_str(out, "</svg>\n");
    add_key(out, c);
    buf_str(out, "</figure>\n");
}
