/* Two runs side by side: whether they may be compared, what differs, and what it comes to. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "ui/screen/panel/history_parts.h"
#include "ui/screen/widget/wrap.h"

enum { AT_LABEL = 2, AT_TEXT = HISTORY_LABEL_TEXT, AT_DIFFERS = 18 };

/* --- how comparable they are ------------------------------------------------------------------ */

static enum mark grade_mark(enum grade g) {
    static const enum mark marks[] = {[GRADE_SAME] = MARK_OK,
                                      [GRADE_EXPLAINABLE] = MARK_NEAR,
                                      [GRADE_NOT_COMPARABLE] = MARK_BROKEN};
    return marks[g];
}

static const char *grade_words(enum grade g) {
    static const char *const words[] = {[GRADE_SAME] = "comparable",
                                        [GRADE_EXPLAINABLE] = "explainable",
                                        [GRADE_NOT_COMPARABLE] = "not comparable"};
    return words[g];
}

static void add_title(struct sheet *sh, const struct comparison *c) {
    const struct record *a = session_compared(sh->s, 0), *b = session_compared(sh->s, 1);
    char one[64], other[64], text[160];
    if (sh->narrow)
        snprintf(text, sizeof text, "run %lld with run %lld", (long long)c->a, (long long)c->b);
    else
        snprintf(text, sizeof text, "%s   with   %s", show_run_name(sh->s, &a->is, one, sizeof one),
                 show_run_name(sh->s, &b->is, other, sizeof other));
    sheet_blank(sh);
    sheet_state(sh, sheet_title(sh, LINE_KEEP, "Compare", text), grade_mark(c->grade),
                grade_words(c->grade));
    sheet_blank(sh);
}

static bool any_read(const struct compared *f, size_t n, enum reading reading) {
    for (size_t i = 0; i < n; i++)
        if (f[i].read && f[i].reading == reading)
            return true;
    return false;
}

/* The worst of what is read; of an endpoint alone it is a warning. */
static enum mark sentence_mark(const struct comparison *c) {
    if (c->grade == GRADE_NOT_COMPARABLE || any_read(c->figure, c->figures, READING_WORSE))
        return MARK_BROKEN;
    if (any_read(c->endpoint, c->endpoints, READING_WORSE))
        return MARK_NEAR;
    return any_read(c->figure, c->figures, READING_BETTER) ? MARK_OK : MARK_NONE;
}

static void add_sentence(struct sheet *sh, const struct comparison *c) {
    enum mark mark = sentence_mark(c);
    struct line *l = sheet_say(sh, LINE_KEEP, HISTORY_TEXT, sign_of(mark).look, c->sentence);
    sheet_sign(sh, l, HISTORY_SIGN, mark);
    sheet_blank(sh);
}

/* --- what is the same, what differs ----------------------------------------------------------- */

/* "tool version" of "tool_version". */
static char *show_field(const char *field, char *out, size_t size) {
    static const char *const names[][2] = {{"model", "test type"}, {"base_url", "address"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i][0], field) == 0)
            field = names[i][1];
    text_copy(out, size, field);
    for (char *c = out; *c; c++)
        *c = *c == '_' ? ' ' : *c;
    return out;
}

static void add_same(struct sheet *sh, const struct comparison *c) {
    char text[sizeof c->same + 32] = "", field[32];
    size_t len = 0;
    for (size_t i = 0; i < c->sames && len < sizeof text; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%s", i ? ", " : "",
                                show_field(c->same[i], field, sizeof field));
    if (c->sames > 0)
        sheet_pair(sh, LINE_SOURCE, AT_LABEL, "Same", AT_TEXT, text);
    sheet_pair(sh, LINE_SOURCE, AT_LABEL, "Figures", AT_TEXT, c->of);
}

static const char *known(const char *text) { return text[0] ? text : "not known"; }

static void show_differs(const struct session *s, const struct differs *d, char *out, size_t size) {
    bool lines = strcmp(d->field, "script") == 0 && session_compare_scripts(s);
    snprintf(out, size, "%s → %s%s%s%s", known(d->a), known(d->b), d->why[0] ? "   " : "", d->why,
             lines ? "; s shows the lines" : "");
}

static void add_differs(struct sheet *sh, const struct comparison *c) {
    char field[32], text[480];
    sheet_blank(sh);
    for (size_t i = 0; i < c->differ; i++) {
        const struct differs *d = &c->differs[i];
        struct line *l = sheet_line(sh, LINE_ROW, NULL, 0);
        show_differs(sh->s, d, text, sizeof text);
        sheet_sign(sh, l, HISTORY_SIGN, grade_mark(d->grade));
        sheet_piece(sh, l, HISTORY_TEXT, AT_DIFFERS - HISTORY_TEXT - 1, LOOK_TEXT,
                    show_field(d->field, field, sizeof field));
        sheet_piece(sh, l, AT_DIFFERS, 0, LOOK_TEXT, text);
        sheet_item(sh, l, ITEM_DIFFERS, (int)i, grade_mark(d->grade));
    }
}

/* --- why the row in focus is read so ---------------------------------------------------------- */

enum { WHY_TEXT_BYTES = 640 };

static const struct compared *compared_of(const struct comparison *c, const struct item *it) {
    return it->kind == ITEM_COMPARED            ? &c->figure[it->index]
           : it->kind == ITEM_COMPARED_ENDPOINT ? &c->endpoint[it->index]
                                                : NULL;
}

static void show_evidence(const struct comparison *c, const struct compared *f, char *out,
                          size_t size) {
    if (c->grade == GRADE_NOT_COMPARABLE)
        snprintf(out, size, "not read, the runs are not comparable");
    else
        snprintf(out, size, "%s%s%s", f->why, f->why[0] && f->also[0] ? "; " : "", f->also);
}

static void show_why(const struct session *s, const struct item *it, char *out, size_t size) {
    const struct comparison *c = session_comparison(s);
    const struct compared *f = compared_of(c, it);
    char name[SCOPE_MAX_BYTES], text[480];
    out[0] = '\0';
    if (it->kind == ITEM_DIFFERS) {
        show_differs(s, &c->differs[it->index], text, sizeof text);
        snprintf(out, size, "%s: %s", show_field(c->differs[it->index].field, name, sizeof name),
                 text);
    } else if (f) {
        show_evidence(c, f, text, sizeof text);
        snprintf(out, size, "%s%s%s", show_compared_name(f, name, sizeof name), text[0] ? ": " : "",
                 text);
    }
}

/* Two rows whatever the text, so that nothing below them moves with the focus. */
static void add_why(struct sheet *sh) {
    enum { ROWS = 2 };
    char text[WHY_TEXT_BYTES] = "", line[WHY_TEXT_BYTES];
    const char *rest = text;
    if (sh->items > 0)
        show_why(sh->s, &sh->item[sheet_focused(sh)], text, sizeof text);
    sheet_blank(sh);
    for (int i = 0; i < ROWS; i++) {
        struct line *l = sheet_line(sh, LINE_KEEP, NULL, 0);
        size_t next = 0, n = wrap_line(&sh->ruler, rest, sh->cols - PANE_MARGIN - AT_TEXT, &next);
        snprintf(line, sizeof line, "%.*s", (int)n, rest);
        sheet_piece(sh, l, AT_TEXT, 0, LOOK_TEXT, i + 1 == ROWS ? rest : line);
        if (i == 0)
            sheet_piece(sh, l, AT_LABEL, 0, LOOK_MUTED, "Why");
        rest += next;
    }
}

static void add_rule(struct sheet *sh, const struct comparison *c) {
    const struct compare_rules *r = &sh->s->rules.compare;
    char text[200], hold[32], samples[32];
    if (sh->s->rules_error.kind != ERR_NONE || c->grade == GRADE_NOT_COMPARABLE)
        return;
    snprintf(text, sizeof text,
             "\"better\" and \"worse\" need %.3g %% change, %s and %s requests on both sides.",
             100 * (r->warn_ratio - 1), unit_show_clock(r->hold_least_s, hold, sizeof hold),
             unit_show(r->samples_least, 0, samples, sizeof samples));
    sheet_blank(sh);
    sheet_pair(sh, LINE_SOURCE, AT_LABEL, "Reading", AT_TEXT, text);
}

/* --- the panel ------------------------------------------------------------------------------- */

static void build_zoom(struct sheet *sh) {
    struct line *title;
    sheet_restart(sh);
    title = sheet_title(sh, LINE_KEEP, "Compare", "over time   z closes");
    title->first_item = 0;
    title->items = sh->items;
    compare_chart_build(sh);
}

static void build_table(struct sheet *sh) {
    const struct comparison *c = session_comparison(sh->s);
    sheet_columns(sh, 94, 60);
    if (!sh->wide)
        sheet_columns(sh, 80, 50);
    add_title(sh, c);
    add_sentence(sh, c);
    add_same(sh, c);
    add_differs(sh, c);
    sheet_part(sh);
    compare_figures_build(sh);
    sheet_part(sh);
    compare_endpoints_build(sh);
    if (!sh->wide)
        compare_chart_build(sh);
    add_why(sh);
    add_rule(sh, c);
    if (sh->wide) {
        sheet_right(sh);
        compare_chart_build(sh);
    }
}

void compare_build(struct sheet *sh) {
    if (sh->v->history.scripts && session_compare_scripts(sh->s)) {
        compare_scripts_build(sh);
        return;
    }
    build_table(sh);
    if (sh->v->zoom)
        build_zoom(sh);
}

bool compare_copy(const struct session *s, const struct item *it, struct buf *out) {
    const struct comparison *c = session_comparison(s);
    const struct compared *f = c ? compared_of(c, it) : NULL;
    char name[SCOPE_MAX_BYTES], a[48], b[48], change[48], why[WHY_TEXT_BYTES];
    if (c && it->kind == ITEM_DIFFERS) {
        show_why(s, it, why, sizeof why);
        return buf_str(out, why);
    }
    if (!f)
        return false;
    show_evidence(c, f, why, sizeof why);
    return buf_printf(out, "%s: run %lld %s, run %lld %s, %s%s%s",
                      show_compared_name(f, name, sizeof name), (long long)c->a,
                      show_compared(f, 0, a, sizeof a), (long long)c->b,
                      show_compared(f, 1, b, sizeof b),
                      show_change(f, false, change, sizeof change), why[0] ? "; " : "", why);
}
