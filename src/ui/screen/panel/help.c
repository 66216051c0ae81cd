/* The help: keys of the command table, signs, and what else there is to know. */
#include <stdio.h>
#include <string.h>

#include "ui/screen/panel/parts.h"
#include "ui/screen/widget/wrap.h"

enum { AT_SECTION = 3, AT_KEY = 5, KEY_GAP = 2, TEXT_LEAST = 20, TWO_BLOCKS_FROM = 118 };
enum { HELP_LINES_MAX = 240, HEAD_ROWS = 3 }; /* blank, title, blank */

/* A line: a heading, or key or sign with a text, or the rest of a long text; else blank. */
struct entry {
    const char *section, *key, *text;
    struct sign sign; /* sign NULL: none */
    size_t len;       /* of text */
};

struct block {
    struct entry at[HELP_LINES_MAX];
    int n;
    int col, cols, text_col;
};

struct help {
    const struct grid *g;
    struct block left, right;
    char theme[64];
    bool two;
    int rows; /* of the higher block */
};

static int key_width(const struct grid *g, const struct entry *x) {
    return x->sign.sign ? 2 + grid_width(g, x->sign.word) : x->key ? grid_width(g, x->key) : 0;
}

static void add(struct block *b, struct entry x) {
    if (b->n == HELP_LINES_MAX)
        return;
    x.len = x.text ? strlen(x.text) : 0;
    b->at[b->n++] = x;
}

static void add_section(struct block *b, const char *name) {
    if (b->n > 0)
        add(b, (struct entry){0});
    add(b, (struct entry){.section = name});
}

static bool same(const char *a, const char *b) { return a && b && strcmp(a, b) == 0; }

/* Lines of the table from i on that belong to one section; returns the next i. */
static int add_table(struct block *b, const struct chrome *c, int i) {
    const char *section = c->help[i].section;
    add_section(b, section);
    for (; i < c->helps && same(c->help[i].section, section); i++)
        add(b, (struct entry){.key = c->help[i].key, .text = c->help[i].text});
    return i;
}

static void add_signs(struct block *b) {
    static const struct {
        enum mark mark;
        const char *text;
    } signs[] = {{MARK_OK, "kept, below 90 % of the limit"},
                 {MARK_NEAR, "kept, the last 10 % below it"},
                 {MARK_BROKEN, "limit broken"},
                 {MARK_NODATA, "not measured; never counts as ok"},
                 {MARK_INVALID, "the generator was the limit"},
                 {MARK_LIVE, "being worked on"},
                 {MARK_NONE, "nothing here yet"}};
    add_section(b, "Signs");
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        add(b, (struct entry){.sign = sign_of(signs[i].mark), .text = signs[i].text});
}

static void add_headless(struct block *b) {
    add_section(b, "Headless");
    add(b, (struct entry){.key = "perfscale status", .text = "prerequisites, as text or --json"});
    add(b, (struct entry){.key = "perfscale plan", .text = "size, script and command"});
    add(b, (struct entry){.key = "perfscale check FILE", .text = "judge a result file"});
}

static void add_terminal(struct block *b, const struct view *v, struct help *h) {
    add_section(b, "Terminal");
    snprintf(h->theme, sizeof h->theme, "%s, %d colours", v->theme ? v->theme : "auto", v->colors);
    add(b, (struct entry){.key = "Theme", .text = h->theme});
    add(b, (struct entry){.key = "Glyphs",
                          .text = h->g->glyphs == GLYPHS_ASCII
                                      ? "ASCII"
                                      : "Unicode; --ascii or PERFSCALE_GLYPHS=ascii for plain"});
    add(b, (struct entry){.key = "Mouse",
                          .text = v->mouse ? "on; Shift selects text"
                                           : "off, so you can select text; M switches it on"});
}

/* Texts in lines that fit behind the longest key. */
static void wrap_block(struct block *b, const struct grid *g) {
    struct block in = *b;
    int longest = 0;
    for (int i = 0; i < in.n; i++)
        longest = key_width(g, &in.at[i]) > longest ? key_width(g, &in.at[i]) : longest;
    b->text_col = AT_KEY + longest + KEY_GAP;
    int room = b->cols - b->text_col - 1;
    b->n = 0;
    for (int i = 0; i < in.n; i++) {
        struct entry x = in.at[i];
        const char *rest = x.text ? x.text : "";
        do {
            size_t next = 0, n = wrap_line(g, rest, room > TEXT_LEAST ? room : TEXT_LEAST, &next);
            x.text = rest;
            add(b, x);
            b->at[b->n - 1].len = n;
            x = (struct entry){0};
            rest += next;
        } while (*rest);
    }
}

static void fill(struct help *h, const struct view *v, const struct chrome *c, const struct grid *g,
                 int cols) {
    *h = (struct help){.g = g, .two = cols >= TWO_BLOCKS_FROM};
    h->left.cols = h->two ? cols * 54 / 100 : cols;
    h->right.col = h->left.cols;
    h->right.cols = cols - h->left.cols;
    struct block *second = h->two ? &h->right : &h->left;
    int i = 0;
    while (i < c->helps && same(c->help[i].section, c->help[0].section))
        i++;
    while (i < c->helps) /* what is of this screen alone stands on top, also in one block */
        i = add_table(second, c, i);
    if (c->helps > 0)
        add_table(&h->left, c, 0);
    add_signs(second);
    add_headless(second);
    add_terminal(&h->left, v, h);
    wrap_block(&h->left, g);
    wrap_block(&h->right, g);
    h->rows = h->left.n > h->right.n ? h->left.n : h->right.n;
}

static void draw_key(const struct entry *x, struct grid *g, int row, int col, int cols) {
    if (x->sign.sign) {
        grid_put(g, row, col, 1, x->sign.look, x->sign.sign);
        grid_put(g, row, col + 2, cols - 2, x->sign.look, x->sign.word);
    } else if (x->key) {
        grid_put(g, row, col, cols, LOOK_ACCENT, x->key);
    }
}

static void draw_block(const struct block *b, int first, struct grid *g, int row, int rows) {
    for (int i = 0; i < rows && first + i < b->n; i++) {
        const struct entry *x = &b->at[first + i];
        char text[200];
        if (x->section)
            grid_put(g, row + i, b->col + AT_SECTION, b->cols - AT_SECTION, LOOK_TITLE, x->section);
        draw_key(x, g, row + i, b->col + AT_KEY, b->text_col - AT_KEY - 1);
        snprintf(text, sizeof text, "%.*s", (int)x->len, x->text ? x->text : "");
        grid_put(g, row + i, b->col + b->text_col, b->cols - b->text_col - 1, LOOK_TEXT, text);
    }
}

static int scroll_most(const struct help *h, int rows) {
    int most = h->rows - (rows - HEAD_ROWS);
    return most > 0 ? most : 0;
}

void help_draw(const struct view *v, const struct chrome *c, struct grid *g, struct area a) {
    struct help h;
    fill(&h, v, c, g, g->cols);
    int most = scroll_most(&h, a.rows), row = a.row + 1;
    int first = v->help_scroll < 0 ? 0 : v->help_scroll < most ? v->help_scroll : most;
    grid_fill(g, row, 1, 1, LOOK_ACCENT, 0x258c);
    int col = grid_put(g, row, AT_SECTION, g->cols, LOOK_TITLE, "Help") + 3;
    col = grid_print(g, row, col, LOOK_MUTED, "%d %s", (int)v->open, panels[v->open]->name);
    if (first < most)
        grid_print(g, row, col + 4, LOOK_MUTED, "↓ %d more", most - first);
    grid_right(g, row, g->cols - PANE_MARGIN, 20, LOOK_MUTED, "Esc closes");
    draw_block(&h.left, first, g, a.row + HEAD_ROWS, a.rows - HEAD_ROWS);
    draw_block(&h.right, first, g, a.row + HEAD_ROWS, a.rows - HEAD_ROWS);
}

int chrome_help_scroll_most(const struct session *s, const struct view *v, const struct chrome *c,
                            int rows, int cols) {
    (void)s;
    struct help h;
    const struct grid ruler = {.glyphs = GLYPHS_BRAILLE};
    fill(&h, v, c, &ruler, cols);
    return scroll_most(&h, chrome_help_area(rows, cols).rows);
}
