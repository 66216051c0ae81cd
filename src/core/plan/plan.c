#include "plan/plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "plan/plan_parts.h"

enum { DEPTH_MAX = 32, LEVELS = 6, HEAD_MAX_BYTES = 200 };

/* A list item that others stand under. */
struct level {
    size_t indent;
    struct context context;
};

struct walk {
    struct reader_state r;
    const struct markdown *m;
    const char *text;
    size_t len;
    size_t *line_start; /* owned; of each line of the file */
    size_t lines;
    struct context heading[LEVELS + 1]; /* [0]: nothing above */
    int depth;                          /* level of the last heading */
    bool one_title;                     /* the file has a single heading of level 1, in front */
    const struct md_block *named;       /* a heading that names a figure, until its first text */
    struct context above;               /* heading, or a line such as "Soak test:" below it */
    struct level list[DEPTH_MAX];
    int levels;
    bool in_goal; /* texts here belong to the goal */
    struct tokens t;
};

/* --- lines of the file --- */

static void find_lines(struct walk *w) {
    size_t cap = 0;
    for (size_t at = 0; at <= w->len;) {
        w->line_start = mem_grow(w->line_start, w->lines, &cap, sizeof *w->line_start);
        w->line_start[w->lines++] = at;
        while (at < w->len && w->text[at] != '\n' && w->text[at] != '\r')
            at++;
        at += at + 1 < w->len && w->text[at] == '\r' && w->text[at + 1] == '\n' ? 2 : 1;
    }
}

/* Column of the first character of a line, quote marks of "> " passed over; *marker: a list item
 * begins there. */
static size_t indent_of(const struct walk *w, long line, bool *marker) {
    *marker = false;
    if (line < 1 || (size_t)line > w->lines)
        return 0;
    const char *s = w->text + w->line_start[line - 1], *end = w->text + w->len, *p = s;
    size_t column = 0;
    for (; p < end && (*p == ' ' || *p == '\t' || *p == '>'); p++)
        column = *p == '\t' ? column - column % 4 + 4 : column + 1;
    const char *q = p;
    while (q < end && *q >= '0' && *q <= '9')
        q++;
    bool number = q > p && q < end && (*q == '.' || *q == ')');
    bool bullet = q == p && q < end && strchr("-*+", *q);
    *marker = (number || bullet) && q + 1 < end && (q[1] == ' ' || q[1] == '\t');
    return column;
}

/* --- what a text says of the texts under it --- */

static void add_scope(struct context *c, const struct tokens *t) {
    int count;
    char name[256];
    enum plan_scope m = models_in(t, 0, t->len, &count);
    if (m != PLAN_ANY)
        c->scope = m;
    if (endpoint_in(t, 0, t->len, name, sizeof name, &count))
        text_copy(c->endpoint, sizeof c->endpoint, name);
    bool goal = tokens_have(t, words_goal);
    c->measured = goal ? false : c->measured || tokens_have(t, words_measured);
    c->goal |= goal;
}

static bool has_number(const struct tokens *t) {
    for (size_t i = 0; i < t->len; i++)
        if (token_at(t, i)->kind == TOKEN_NUMBER)
            return true;
    return false;
}

/* --- goal --- */

static const char *const goal_words[] = {"goal",      "goals",      "purpose", "purposes",
                                         "objective", "objectives", NULL};

static void add_goal(struct plan *p, const char *text) {
    size_t n = strlen(p->goal);
    text += strspn(text, " ");
    if (n && n + 1 < sizeof p->goal)
        p->goal[n++] = ' ';
    if (n < sizeof p->goal)
        text_clean(text, strlen(text), TEXT_ONE_LINE, p->goal + n, sizeof p->goal - n);
}

/* "Goal: find the leak", or all texts under a heading that says goal: blocks [i, end). */
static void goal_of_texts(struct walk *w, size_t i, size_t end) {
    const struct md_block *b = w->m->block;
    bool goal = w->in_goal;
    if (goal)
        add_goal(w->r.plan, b[i].text);
    for (size_t k = 0; k < 3 && !goal; k++) {
        const struct token *colon = token_at(&w->t, k + 1);
        goal = token_in(token_at(&w->t, k), goal_words) && token_is_mark(colon, ':') && colon->len;
        if (goal)
            add_goal(w->r.plan, colon->s + 1);
    }
    for (size_t k = i + 1; k < end && goal; k++)
        add_goal(w->r.plan, b[k].text);
}

/* --- blocks --- */

static void tokens_of(struct walk *w, const char *s, size_t max, long line) {
    size_t n = strlen(s);
    tokens_clear(&w->t);
    tokens_add(&w->t, s, n < max ? n : max, line, w->r.style);
}

/* The title names the file: "Load test plan" and "Performance baseline" say nothing of its parts.
 */
static void forget_title(struct context *c) {
    if (c->scope == PLAN_LOAD)
        c->scope = PLAN_ANY;
    c->measured = false;
}

static void read_heading(struct walk *w, const struct md_block *b) {
    struct plan *p = w->r.plan;
    int level = b->level < 1 ? 1 : b->level > LEVELS ? LEVELS : b->level;
    bool title = !p->title[0];
    tokens_of(w, b->text, HEAD_MAX_BYTES, b->line);
    if (title)
        text_clean(b->text, strlen(b->text), TEXT_ONE_LINE, p->title, sizeof p->title);
    for (int i = w->depth + 1; i <= level; i++)
        w->heading[i] = w->heading[w->depth];
    struct context c = w->heading[level - 1];
    add_scope(&c, &w->t);
    if (title && w->one_title)
        forget_title(&c);
    w->heading[level] = c;
    w->depth = level;
    w->above = c;
    w->levels = 0;
    w->in_goal = !title && tokens_have(&w->t, goal_words);
    w->named = names_first(&w->t) != WHAT_NONE && !has_number(&w->t) ? b : NULL;
    struct context quiet = c;
    quiet.measured = true; /* a heading alone sets no figure, only tool and file names */
    match_tokens(&w->r, &quiet, &w->t);
}

/* A heading "p95 (ms)" or "Duration" is the name of a value that stands alone below it. */
static void put_heading_before(struct walk *w) {
    if (!w->named)
        return;
    tokens_add(&w->t, w->named->text, strlen(w->named->text), w->named->line, w->r.style);
    tokens_mark(&w->t, TOKEN_MARK, ':', w->named->line);
}

static bool continues(const struct walk *w, size_t i) {
    const struct md_block *b = &w->m->block[i], *before = &w->m->block[i - 1];
    bool marker;
    if (b->kind != before->kind || b->line != before->line + 1)
        return false;
    indent_of(w, b->line, &marker);
    return b->kind == MD_TEXT || !marker;
}

/* The lines of one paragraph or item from block i on, as tokens. Returns the index behind them. */
static size_t gather(struct walk *w, size_t i) {
    const struct md_block *b = w->m->block;
    tokens_clear(&w->t);
    struct tokens own = {0};
    tokens_add(&own, b[i].text, strlen(b[i].text), b[i].line, w->r.style);
    if (names_first(&own) == WHAT_NONE && has_number(&own))
        put_heading_before(w);
    tokens_fini(&own);
    w->named = NULL;
    size_t k = i;
    do {
        if (k > i)
            tokens_mark(&w->t, TOKEN_BREAK, 0, b[k].line);
        tokens_add(&w->t, b[k].text, strlen(b[k].text), b[k].line, w->r.style);
        k++;
    } while (k < w->m->len && continues(w, k));
    return k;
}

/* "Soak test:" or a bold line alone stands for a heading. */
static size_t read_paragraph(struct walk *w, size_t i) {
    size_t end = gather(w, i);
    w->levels = 0;
    goal_of_texts(w, i, end);
    struct context c = w->heading[w->depth];
    w->above = c;
    if (end == i + 1 && w->t.len <= 8 && !has_number(&w->t))
        add_scope(&w->above, &w->t);
    match_tokens(&w->r, &c, &w->t);
    return end;
}

static size_t read_item(struct walk *w, size_t i) {
    bool marker;
    const struct md_block *b = &w->m->block[i];
    size_t end = gather(w, i), indent = indent_of(w, b->line, &marker);
    while (w->levels > 0 && w->list[w->levels - 1].indent >= indent)
        w->levels--;
    struct context c = w->levels ? w->list[w->levels - 1].context : w->above;
    goal_of_texts(w, i, end);
    match_tokens(&w->r, &c, &w->t);
    add_scope(&c, &w->t);
    if (w->levels < DEPTH_MAX)
        w->list[w->levels++] = (struct level){indent, c};
    return end;
}

static size_t read_table(struct walk *w, size_t i) {
    w->named = NULL;
    struct context c = w->levels ? w->list[w->levels - 1].context : w->above;
    return table_read(&w->r, &c, w->m->block, w->m->len, i);
}

static void walk_blocks(struct walk *w) {
    for (size_t i = 0; i < w->m->len;) {
        switch (w->m->block[i].kind) {
        case MD_HEADING:
            read_heading(w, &w->m->block[i++]);
            break;
        case MD_TEXT:
            i = read_paragraph(w, i);
            break;
        case MD_ITEM:
            i = read_item(w, i);
            break;
        default:
            i = read_table(w, i);
            break;
        }
    }
}

static bool has_one_title(const struct markdown *m) {
    int titles = 0;
    for (size_t i = 0; i < m->len; i++)
        titles += m->block[i].kind == MD_HEADING && m->block[i].level == 1;
    return titles == 1 && m->block[0].kind == MD_HEADING && m->block[0].level == 1;
}

/* --- the plan --- */

static void init(struct plan *p, const char *name) {
    *p = (struct plan){.endpoint_rps_sum = NAN};
    text_copy(p->file, sizeof p->file, name);
    for (int s = 0; s < PLAN_SCOPES; s++)
        for (int k = 0; k < PLAN_KEYS; k++)
            p->value[s][k] = (struct plan_value){.value = NAN, .a = NAN, .b = NAN};
}

static void sum_endpoints(struct plan *p) {
    double sum = p->endpoints ? 0 : NAN;
    for (size_t i = 0; i < p->endpoints; i++)
        sum += p->endpoint[i].value[PLAN_TARGET_RPS].value;
    p->endpoint_rps_sum = sum;
}

static bool acceptable(const char *text, size_t len, struct err *e) {
    if (len > PLAN_MAX_BYTES)
        return err_set(e, ERR_LIMIT, "has %zu bytes; a test plan may have %d", len, PLAN_MAX_BYTES);
    if (file_is_binary(text, len))
        return err_set(e, ERR_FORMAT, "is a binary file, not a text");
    return true;
}

bool plan_read(struct plan *p, const char *name, const char *text, size_t len, struct err *e) {
    init(p, name);
    struct markdown m = {0};
    if (!acceptable(text, len, e) || !markdown_parse(&m, text, len, e))
        return err_at(e, name, 0);
    struct walk w = {.r = {.plan = p, .style = number_style_of(text, len)},
                     .m = &m,
                     .text = text,
                     .len = len,
                     .one_title = has_one_title(&m)};
    for (int i = 0; i <= LEVELS; i++)
        w.heading[i].hint = (struct hint){DIM_PLAIN, 1};
    w.above = w.heading[0];
    find_lines(&w);
    walk_blocks(&w);
    sum_endpoints(p);
    tokens_fini(&w.t);
    free(w.line_start);
    markdown_fini(&m);
    return true;
}

void plan_fini(struct plan *p) {
    free(p->endpoint);
    findings_fini(&p->findings);
    p->endpoint = NULL;
    p->endpoints = p->endpoints_cap = 0;
}

const struct plan_value *plan_get(const struct plan *p, enum plan_scope scope, enum plan_key key) {
    const struct plan_value *own = &p->value[scope][key];
    return own->line ? own : &p->value[PLAN_ANY][key];
}
