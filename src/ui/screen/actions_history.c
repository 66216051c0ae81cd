/* The list of runs, and the comparison that lies in its place. */
#include "ui/screen/actions.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "rules/rules.h"

static struct history_view *view_of(struct app *a) { return &a->v.history; }

bool compares_runs(const struct app *a) {
    return a->v.open == STEP_HISTORY && a->v.history.compare && session_comparison(&a->s);
}

bool lists_runs(const struct app *a) { return a->v.open == STEP_HISTORY && !compares_runs(a); }

static const struct run_row *row_at(const struct app *a, const struct item *it) {
    size_t n;
    const struct run_row *row = session_runs(&a->s, &n);
    return it->kind == ITEM_RUN && it->index >= 0 && (size_t)it->index < n ? &row[it->index] : NULL;
}

static const struct run_row *focused_run(const struct app *a) {
    struct item it;
    return app_item(a, &it) ? row_at(a, &it) : NULL;
}

static const char *type_of(const struct run_row *r) {
    enum model model;
    return model_parse(r->is.model, &model) ? model_title(model) : r->is.model;
}

static bool focus_run(struct app *a, int64_t id) {
    size_t n;
    const struct run_row *row = session_runs(&a->s, &n), *r = session_run_row(&a->s, id);
    return r && app_focus(a, ITEM_RUN, (int)(r - row));
}

/* ---- the focus stays on its run ---- */

/* When nobody moved it, the run that has it may still stand in another row: a run came in, the
 * order or the filter is another. */
static void keep_focus(const struct app *a, const struct item *item, int n, int *focus) {
    const struct history_view *h = &a->v.history;
    for (int i = 0; *focus == h->at_focus && i < n; i++) {
        const struct run_row *r = row_at(a, &item[i]);
        if (r && r->is.id == h->at) {
            *focus = i;
            return;
        }
    }
}

void history_looked(struct app *a) {
    struct item item[ITEMS_MAX];
    struct history_view *h = view_of(a);
    int *focus = &a->v.focus[STEP_HISTORY];
    if (!lists_runs(a))
        return;
    int n = panel_items(&a->s, &a->v, item);
    keep_focus(a, item, n, focus);
    *focus = *focus >= n ? n - 1 : *focus;
    *focus = *focus < 0 ? 0 : *focus;
    const struct run_row *r = n > 0 ? row_at(a, &item[*focus]) : NULL;
    h->at = r ? r->is.id : 0;
    h->at_focus = *focus;
    int from = panel_list_from(&a->s, &a->v, app_pane(a));
    if (from >= 0)
        a->v.scroll[STEP_HISTORY] = from;
}

/* ---- opening ---- */

static int64_t open_id(const struct app *a) {
    const struct record *r = session_record(&a->s);
    return r ? r->is.id : 0;
}

static bool is_own(const struct app *a, int64_t id) {
    return id == 0 || (a->s.result.there && a->s.result.run_id == id);
}

void act_open_run(struct app *a, int arg) {
    (void)arg;
    struct err e = {0};
    const struct run_row *r = focused_run(a);
    if (!r)
        return;
    int64_t id = r->is.id;
    if (!session_run_open(&a->s, id, &e)) {
        app_say_err(a, &e);
        return;
    }
    a->visited[STEP_RESULTS] = a->visited[STEP_REVIEW] = false;
    app_show(a, STEP_RESULTS);
    if (!is_own(a, id))
        app_say(a, LOOK_TEXT,
                "Run %lld is open. Results (6), review (7). Esc in History goes back to yours.",
                (long long)id);
}

/* Back to the run of the workflow. */
static void close_run(struct app *a) {
    long long id = (long long)open_id(a);
    session_run_close(&a->s);
    a->visited[STEP_RESULTS] = a->visited[STEP_REVIEW] = false;
    if (open_id(a))
        app_say(a, LOOK_TEXT, "Run %lld is closed. Yours is open: run %lld.", id,
                (long long)open_id(a));
    else
        app_say(a, LOOK_TEXT, "Run %lld is closed.", id);
}

/* Does something to a run as if it were open, and leaves open what was. */
static void with_run(struct app *a, int64_t id, void (*run)(struct app *a)) {
    struct err e = {0};
    int64_t before = open_id(a);
    if (before != id && !session_run_open(&a->s, id, &e)) {
        app_say_err(a, &e);
        return;
    }
    run(a);
    if (before == id)
        return;
    session_run_close(&a->s);
    if (before && open_id(a) != before && !session_run_open(&a->s, before, &e))
        app_say_err(a, &e);
}

/* ---- marks ---- */

static bool unmark(struct history_view *h, int64_t id) {
    bool first = h->mark[0] == id, second = h->mark[1] == id;
    if (first)
        h->mark[0] = h->mark[1];
    if (first || second)
        h->mark[1] = 0;
    return first || second;
}

/* A third one takes the place of the older. */
void act_mark(struct app *a, int arg) {
    (void)arg;
    struct history_view *h = view_of(a);
    const struct run_row *r = focused_run(a);
    if (!r || unmark(h, r->is.id))
        return;
    if (h->mark[1])
        h->mark[0] = h->mark[1];
    h->mark[h->mark[0] ? 1 : 0] = r->is.id;
}

/* ---- comparing ---- */

static bool same_target(const struct run *a, const struct run *b) {
    return !(a->target_rps < b->target_rps) && !(a->target_rps > b->target_rps);
}

/* The newest of its type before it, at the same target if there is one. */
static int64_t previous(const struct app *a, const struct run *is) {
    size_t n;
    const struct run_row *row = session_runs(&a->s, &n);
    int64_t other = 0;
    for (size_t i = 0; i < n; i++) {
        const struct run *r = &row[i].is;
        if (r->id >= is->id || strcmp(r->model, is->model) != 0)
            continue;
        if (same_target(r, is))
            return r->id;
        other = other ? other : r->id;
    }
    return other;
}

static void show_comparison(struct app *a, int64_t from, int64_t to) {
    struct err e = {0};
    struct history_view *h = view_of(a);
    if (!session_compare(&a->s, from, to, &e)) {
        h->compare = false;
        app_say_err(a, &e);
        return;
    }
    h->compare = true;
    h->scripts = false;
    a->v.scroll[STEP_HISTORY] = 0;
    app_show(a, STEP_HISTORY);
    const struct comparison *c = session_comparison(&a->s);
    for (size_t i = 0; i < c->figures; i++)
        if (strcmp(c->figure[i].metric, "p95") == 0)
            app_focus(a, ITEM_COMPARED, (int)i);
}

/* With the reference of its type, else with the run before it; says which. */
static void compare_one(struct app *a, int64_t id) {
    const struct run_row *r = session_run_row(&a->s, id);
    if (!r)
        return;
    const char *type = type_of(r);
    int64_t with = session_reference(&a->s, r->is.model);
    bool reference = with != 0 && with != id;
    if (!reference)
        with = previous(a, &r->is);
    if (!with) {
        app_say(a, LOOK_WARN, "There is no %.20s run before run %lld to compare it with.", type,
                (long long)id);
        return;
    }
    show_comparison(a, with, id);
    if (compares_runs(a))
        app_say(a, LOOK_TEXT, "Run %lld with run %lld, %s %.20s%s.", (long long)id, (long long)with,
                reference ? "the reference for" : "the last", type,
                reference ? "" : " run before it");
}

static void compare_two(struct app *a, int64_t one, int64_t other) {
    show_comparison(a, one < other ? one : other, one < other ? other : one);
}

void act_compare_leave(struct app *a, int arg) {
    (void)arg;
    const struct comparison *c = session_comparison(&a->s);
    int64_t newer = c->a > c->b ? c->a : c->b;
    view_of(a)->compare = false;
    view_of(a)->at = 0;
    a->v.zoom = false;
    session_compare_end(&a->s);
    focus_run(a, newer);
}

void act_compare(struct app *a, int arg) {
    (void)arg;
    const int64_t *mark = a->v.history.mark;
    const struct run_row *r = focused_run(a);
    if (mark[0] && mark[1])
        compare_two(a, mark[0], mark[1]);
    else if (mark[0] && r && r->is.id != mark[0])
        compare_two(a, mark[0], r->is.id);
    else if (r)
        compare_one(a, r->is.id);
}

void act_compare_open(struct app *a, int arg) {
    (void)arg;
    if (open_id(a))
        compare_one(a, open_id(a));
    else
        app_say(a, LOOK_WARN, "This result is not stored, so there is nothing to compare it with.");
}

void act_swap(struct app *a, int arg) {
    (void)arg;
    const struct comparison *c = session_comparison(&a->s);
    struct item it;
    bool any = app_item(a, &it);
    show_comparison(a, c->b, c->a);
    if (any)
        app_focus(a, it.kind, it.index);
}

void act_values(struct app *a, int arg) {
    (void)arg;
    view_of(a)->values = !view_of(a)->values;
}

bool can_scripts(const struct app *a) {
    return compares_runs(a) && session_compare_scripts(&a->s) &&
           session_compare_scripts(&a->s)->changes > 0;
}

void act_scripts(struct app *a, int arg) {
    (void)arg;
    view_of(a)->scripts = !view_of(a)->scripts;
    a->v.scroll[STEP_HISTORY] = 0;
    a->v.aside = 0;
    if (!view_of(a)->scripts)
        app_focus(a, ITEM_COMPARED, -1);
}

/* ---- reference and report ---- */

static void pin(struct app *a) {
    struct err e = {0};
    const struct saying w = {.kind = SAID_PIN};
    if (session_say(&a->s, &w, &e))
        app_say(a, LOOK_OK, "Run %lld is the reference for its type now.", (long long)open_id(a));
    else
        app_say_err(a, &e);
}

void act_reference(struct app *a, int arg) {
    (void)arg;
    const struct run_row *r = focused_run(a);
    const char *silent = session_why_silent(&a->s);
    if (!r)
        return;
    long long id = (long long)r->is.id;
    if (silent[0])
        app_say(a, LOOK_WARN, "%s", silent);
    else if (r->pinned)
        app_say(a, LOOK_TEXT, "Run %lld is the reference for %.20s already.", id, type_of(r));
    else if (r->review != REVIEW_APPROVED)
        app_say(a, LOOK_WARN, "Only a signed run can be the reference: run %lld is not approved.",
                id);
    else
        with_run(a, r->is.id, pin);
}

static void write_report(struct app *a) { act_export(a, 0); }

void act_export_run(struct app *a, int arg) {
    (void)arg;
    const struct run_row *r = focused_run(a);
    if (r)
        with_run(a, r->is.id, write_report);
}

void read_runs(struct app *a) {
    struct err e = {0};
    if (session_runs_read(&a->s, &e))
        app_say(a, LOOK_TEXT, "Read again.");
    else
        app_say_err(a, &e);
}

/* ---- filter and order ---- */

void act_filter(struct app *a, int arg) {
    (void)arg;
    edit_set(&a->v.edit, view_of(a)->filter, sizeof view_of(a)->filter - 1);
    a->v.mode = VIEW_FILTER;
}

void filter_edited(struct app *a) {
    text_copy(view_of(a)->filter, sizeof view_of(a)->filter, a->v.edit.text);
}

void act_filter_do(struct app *a, int arg) {
    (void)arg;
    a->v.mode = VIEW_BROWSE;
}

void act_filter_clear(struct app *a, int arg) {
    (void)arg;
    view_of(a)->filter[0] = '\0';
    a->v.mode = VIEW_BROWSE;
}

void act_sort(struct app *a, int arg) {
    (void)arg;
    struct history_view *h = view_of(a);
    h->sort = (enum runs_sort)((h->sort + 1) % SORTS);
    h->reverse = false;
}

void act_sort_reverse(struct app *a, int arg) {
    (void)arg;
    view_of(a)->reverse = !view_of(a)->reverse;
}

/* ---- back ---- */

bool history_leave(struct app *a) {
    struct history_view *h = view_of(a);
    if (a->v.open != STEP_HISTORY || a->v.zoom)
        return false;
    if (compares_runs(a) && h->scripts)
        act_scripts(a, 0);
    else if (compares_runs(a))
        act_compare_leave(a, 0);
    else if (h->filter[0])
        h->filter[0] = '\0';
    else if (!is_own(a, open_id(a)))
        close_run(a);
    else
        return false;
    return true;
}
