#include "plan/plan_parts.h"

#include <string.h>

#include "base/text.h"

/* Labels and heads are read again for each cell of their row or column, so their length is bounded.
 */
enum { LABEL_MAX_BYTES = 200 };

struct column {
    bool figure; /* its head names one: "p95 (ms)" */
    bool goal, measured, unit;
    enum plan_scope model;
    struct hint hint;
};

struct table {
    struct reader_state *r;
    const struct context *base;
    const struct md_block *head;
    struct column column[MARKDOWN_CELLS_MAX];
    int models; /* columns of a model */
    size_t rows;
    bool parts_said; /* that rows of parts are not taken */
    struct tokens t; /* used for one cell after the other */
};

static size_t shortened(const char *s) {
    size_t n = strlen(s);
    if (n <= LABEL_MAX_BYTES)
        return n;
    n = LABEL_MAX_BYTES;
    while (n && ((unsigned char)s[n] & 0xc0) == 0x80)
        n--;
    return n;
}

static const struct tokens *tokens_of(struct table *tb, const char *cell, long line) {
    tokens_clear(&tb->t);
    tokens_add(&tb->t, cell, shortened(cell), line, tb->r->style);
    return &tb->t;
}

static void read_head(struct table *tb) {
    static const char *const unit_words[] = {"unit", "units", NULL};
    for (size_t i = 0; i < tb->head->cells; i++) {
        const struct tokens *t = tokens_of(tb, tb->head->cell[i], tb->head->line);
        struct column *c = &tb->column[i];
        int count;
        c->measured = tokens_have(t, words_measured);
        c->goal = tokens_have(t, words_goal);
        c->unit = t->len == 1 && tokens_have(t, unit_words);
        c->figure = !c->measured && names_first(t) != WHAT_NONE;
        c->hint = hint_in(t);
        enum plan_scope m = models_in(t, 0, t->len, &count);
        if (t->len <= 2 && !c->measured)
            c->model = m;
        tb->models += c->model != PLAN_ANY;
    }
}

/* A column that only names what its row is about. */
static bool is_label(const struct column *c) {
    return !c->figure && !c->goal && !c->measured && !c->unit && c->model == PLAN_ANY;
}

/* Endpoint and model that the row's labels name. */
static void row_scope(struct table *tb, const struct md_block *row, struct context *c) {
    *c = *tb->base;
    for (size_t i = 0; i < row->cells; i++) {
        char name[256];
        int count;
        const struct tokens *t = tokens_of(tb, row->cell[i], row->line);
        if (!is_label(&tb->column[i]) ||
            (i > 1 && token_at(t, 0)->kind != TOKEN_PATH && token_at(t, 1)->kind != TOKEN_PATH))
            continue;
        if (endpoint_in(t, 0, t->len, name, sizeof name, &count))
            text_copy(c->endpoint, sizeof c->endpoint, name);
        enum plan_scope m = models_in(t, 0, t->len, &count);
        if (m != PLAN_ANY)
            c->scope = m;
    }
}

/* "Load" alone is the row's model. */
static bool names_figure(const struct tokens *t) {
    int count;
    return names_first(t) != WHAT_NONE &&
           (t->len > 2 || models_in(t, 0, t->len, &count) == PLAN_ANY);
}

/* The cell that names the row's figure, or cells when none does. */
static size_t label_of(struct table *tb, const struct md_block *row) {
    for (size_t i = 0; i < row->cells && i < 2; i++)
        if (!tb->column[i].figure && !tb->column[i].goal && !tb->column[i].unit &&
            names_figure(tokens_of(tb, row->cell[i], row->line)))
            return i;
    return row->cells;
}

static bool empty_cell(const char *s) { return s[strspn(s, " -\t")] == '\0'; }

/* Reads "name = cell". The sign keeps a head that says "Load" from being a model. */
static void read_pair(struct table *tb, const struct context *c, const char *name, const char *cell,
                      long line, char sign) {
    if (empty_cell(cell))
        return;
    tokens_of(tb, name, line);
    tokens_mark(&tb->t, TOKEN_MARK, sign, line);
    tokens_add(&tb->t, cell, strlen(cell), line, tb->r->style);
    match_tokens(tb->r, c, &tb->t);
}

static struct hint unit_of_row(struct table *tb, const struct md_block *row) {
    for (size_t i = 0; i < row->cells; i++)
        if (tb->column[i].unit)
            return hint_in(tokens_of(tb, row->cell[i], row->line));
    return (struct hint){DIM_PLAIN, 1};
}

/* No column says target or limit: what follows the name in its row, up to the first fitting value.
 */
static void read_rest(struct table *tb, const struct context *c, const struct md_block *row,
                      size_t label) {
    tokens_of(tb, row->cell[label], row->line);
    for (size_t i = label + 1; i < row->cells; i++) {
        if (tb->column[i].measured || tb->column[i].unit || empty_cell(row->cell[i]))
            continue;
        tokens_mark(&tb->t, TOKEN_MARK, '|', row->line);
        tokens_add(&tb->t, row->cell[i], strlen(row->cell[i]), row->line, tb->r->style);
    }
    match_tokens(tb->r, c, &tb->t);
}

/* | p95 | 300 ms | 500 ms | under | Metric | Baseline | Limit | */
static void read_figure_row(struct table *tb, const struct context *row_context,
                            const struct md_block *row, size_t label) {
    struct hint unit = unit_of_row(tb, row);
    bool any = false;
    for (size_t i = 0; i < row->cells; i++) {
        const struct column *col = &tb->column[i];
        struct context c = *row_context;
        bool wanted = col->goal || col->model != PLAN_ANY;
        if (i == label || (!wanted && !col->measured))
            continue;
        c.hint = unit.dim != DIM_PLAIN ? unit : col->hint;
        c.measured |= col->measured;
        c.goal |= col->goal;
        if (col->model != PLAN_ANY)
            c.scope = col->model;
        read_pair(tb, &c, row->cell[label], row->cell[i], row->line, '|');
        any |= wanted;
    }
    struct context c = *row_context;
    c.hint = unit;
    if (!any)
        read_rest(tb, &c, row, label);
}

/* "| Browse | 140 |", one of several: its figures are those of a part that nobody else names. */
static bool is_part(struct table *tb, const struct context *row_context,
                    const struct md_block *row) {
    static const char *const whole[] = {"total", "sum", "all", "overall", "whole", NULL};
    const char *label = NULL;
    for (size_t i = 0; i < row->cells && !label; i++)
        if (is_label(&tb->column[i]) && !empty_cell(row->cell[i]))
            label = row->cell[i];
    bool named = row_context->endpoint[0] || row_context->scope != tb->base->scope;
    return tb->rows > 1 && label && !named && !tokens_have(tokens_of(tb, label, row->line), whole);
}

static void say_parts(struct table *tb, long line) {
    if (!tb->parts_said)
        keep_note(tb->r, FINDING_INFO, "plan-part", line,
                  "rows that name neither an endpoint nor a kind of test; not taken");
    tb->parts_said = true;
}

/* | POST /orders | 50 | 400 | under | Endpoint | RPS | p95 (ms) | */
static void read_column_row(struct table *tb, const struct context *row_context,
                            const struct md_block *row) {
    bool lone_load = tb->models == 1;
    bool any = false, part = is_part(tb, row_context, row);
    for (size_t i = 0; i < row->cells; i++) {
        const struct column *col = &tb->column[i];
        if (!col->figure || (col->model != PLAN_ANY && !lone_load))
            continue;
        any = true;
        if (part) {
            say_parts(tb, row->line);
            continue;
        }
        struct context c = *row_context;
        c.hint = col->hint;
        c.goal |= col->goal;
        read_pair(tb, &c, tb->head->cell[i], row->cell[i], row->line, '=');
    }
    for (size_t i = 0; i + 1 < row->cells && !any; i++)
        read_pair(tb, row_context, row->cell[i], row->cell[i + 1], row->line, '|');
}

/* "| p95 | 500 ms |" on top of others like it. */
static bool head_is_data(struct table *tb) {
    if (tb->head->cells < 2 || !names_figure(tokens_of(tb, tb->head->cell[0], tb->head->line)))
        return false;
    const struct token *t = token_at(tokens_of(tb, tb->head->cell[1], tb->head->line), 0);
    return (t->kind == TOKEN_NUMBER || t->kind == TOKEN_LESS || t->kind == TOKEN_MORE) &&
           names_first(&tb->t) == WHAT_NONE;
}

size_t table_read(struct reader_state *r, const struct context *c, const struct md_block *block,
                  size_t blocks, size_t at) {
    struct table tb = {.r = r, .base = c, .head = &block[at]};
    if (!head_is_data(&tb))
        read_head(&tb);
    if (block[at].cells)
        read_rest(&tb, c, &block[at], 0); /* a head can be data: "Tool | k6" */
    while (at + 1 + tb.rows < blocks && block[at + 1 + tb.rows].kind == MD_ROW)
        tb.rows++;
    size_t i = at + 1;
    for (; i <= at + tb.rows; i++) {
        struct context row_context;
        row_scope(&tb, &block[i], &row_context);
        size_t label = label_of(&tb, &block[i]);
        if (label < block[i].cells)
            read_figure_row(&tb, &row_context, &block[i], label);
        else
            read_column_row(&tb, &row_context, &block[i]);
    }
    tokens_fini(&tb.t);
    return i;
}
