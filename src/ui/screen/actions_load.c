#include "ui/screen/actions.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* FIELDS: none that can be seen. */
static enum field focused_field(const struct app *a) {
    struct item it;
    bool field = !a->v.zoom && app_item(a, &it) && it.kind == ITEM_FIELD;
    return field ? (enum field)it.index : FIELDS;
}

static bool is_choice(enum field f) { return field_def(f)->kind == KIND_CHOICE; }

bool on_choice(const struct app *a) {
    enum field f = focused_field(a);
    return f != FIELDS && is_choice(f);
}

bool on_value(const struct app *a) {
    enum field f = focused_field(a);
    return f != FIELDS && !is_choice(f);
}

/* ---- editing ---- */

static void start_edit(struct app *a, enum field f) {
    const struct field_state *st = &a->s.form.field[f];
    a->field = f;
    text_copy(a->before, sizeof a->before, st->typed);
    a->undos_before = a->s.form.undos;
    edit_set(&a->v.edit, st->typed[0] ? st->typed : st->shown, FIELD_TEXT_MAX - 1);
    a->v.mode = VIEW_EDIT;
}

/* The first key on a field: a digit replaces the text, the others work on what is there. */
void act_type(struct app *a, int key) {
    start_edit(a, focused_field(a));
    struct edit_line *l = &a->v.edit;
    switch (key) {
    case KEYC_BACKSPACE:
        edit_backspace(l);
        break;
    case 'w' & 0x1f:
        edit_delete_word(l);
        break;
    case 'u' & 0x1f:
    case KEYC_DELETE:
        edit_clear(l);
        break;
    default:
        edit_clear(l);
        edit_insert(l, (uint32_t)key);
    }
    load_edited(a);
}

void load_edited(struct app *a) { session_set_field(&a->s, a->field, a->v.edit.text); }

static void keep_undos(struct app *a, int most) {
    if (a->s.form.undos > most)
        a->s.form.undos = most;
}

void load_leave_field(struct app *a) {
    keep_undos(a, a->undos_before + 1);
    a->v.mode = VIEW_BROWSE;
}

void act_accept(struct app *a, int where) {
    load_leave_field(a);
    if (where == ACCEPT_PART)
        act_part(a, 1);
    else
        move_focus(a, where);
}

void act_restore(struct app *a, int arg) {
    (void)arg;
    session_set_field(&a->s, a->field, a->before);
    keep_undos(a, a->undos_before);
    a->v.mode = VIEW_BROWSE;
}

void act_choice(struct app *a, int dir) {
    enum field f = focused_field(a);
    const char *const *words = field_choices(f);
    int n = 0, now = (int)a->s.form.field[f].value;
    while (words[n])
        n++;
    do
        now = (now + dir + n) % n;
    while (!session_choice(&a->s, f, now));
    session_set_field(&a->s, f, words[now]);
    app_focus(a, ITEM_FIELD, (int)f); /* another test type has other fields */
}

bool can_undo(const struct app *a) { return a->s.form.undos > 0; }

void act_undo(struct app *a, int arg) {
    (void)arg;
    enum field f = a->s.form.undo[a->s.form.undos - 1].field;
    if (session_undo(&a->s))
        app_focus(a, ITEM_FIELD, (int)f);
}

/* ---- confirming ---- */

bool can_confirm(const struct app *a) { return !a->v.zoom; }

void act_confirm(struct app *a, int arg) {
    char missing[512];
    (void)arg;
    enum model m = session_model(&a->s);
    enum field wrong = form_first_error(&a->s.form, m);
    if (wrong != FIELDS) {
        app_focus(a, ITEM_FIELD, (int)wrong);
        app_say(a, LOOK_FAIL, "%s", a->s.form.field[wrong].error);
    } else if (a->s.profile.stages == 0) {
        session_next(&a->s, STEP_LOAD, missing, sizeof missing);
        app_say(a, LOOK_FAIL, "%s", missing);
    } else {
        ask_load(a);
    }
}

void load_confirmed(struct app *a) {
    struct err e = {0};
    if (!session_confirm_load(&a->s, &e)) {
        app_say_err(a, &e);
        return;
    }
    a->visited[STEP_HOST] = a->visited[STEP_SCRIPT] = a->visited[STEP_RESULTS] = false;
    app_show(a, STEP_HOST);
    app_say(a, LOOK_OK, "Load confirmed. Enter goes on to the script.");
}

/* ---- more machines ---- */

bool can_split(const struct app *a) { return session_can_split(&a->s); }

/* It is another load than the confirmed one, so the question comes again. */
void act_split(struct app *a, int arg) {
    char machines[16];
    bool confirmed = a->s.confirmed;
    (void)arg;
    snprintf(machines, sizeof machines, "%d", a->s.generators_needed);
    session_set_field(&a->s, FIELD_GENERATORS, machines);
    if (confirmed && a->s.profile.stages > 0)
        ask_load(a);
    else
        app_say(a, LOOK_TEXT, "Split over %s machines.", machines);
}
