#include "ui/screen/actions.h"

#include "base/text.h"

bool text_mode(const struct app *a) {
    return a->v.mode == VIEW_EDIT || a->v.mode == VIEW_FIND || a->v.mode == VIEW_FILE ||
           a->v.mode == VIEW_SOURCE || a->v.mode == VIEW_NOTE || a->v.mode == VIEW_FILTER;
}

static void changed(struct app *a) {
    if (a->v.mode == VIEW_EDIT)
        load_edited(a);
    else if (a->v.mode == VIEW_FILTER)
        filter_edited(a);
}

void act_cursor(struct app *a, int where) {
    struct edit_line *l = &a->v.edit;
    switch (where) {
    case CURSOR_LEFT:
        edit_left(l);
        break;
    case CURSOR_RIGHT:
        edit_right(l);
        break;
    case CURSOR_HOME:
        edit_home(l);
        break;
    default:
        edit_end(l);
    }
}

void act_erase(struct app *a, int what) {
    if (what == ERASE_BEFORE ? edit_backspace(&a->v.edit) : edit_delete(&a->v.edit))
        changed(a);
}

void act_empty(struct app *a, int arg) {
    (void)arg;
    edit_clear(&a->v.edit);
    changed(a);
}

void act_word(struct app *a, int arg) {
    (void)arg;
    if (edit_delete_word(&a->v.edit))
        changed(a);
}

void text_insert(struct app *a, uint32_t cp) {
    if (edit_insert(&a->v.edit, cp))
        changed(a);
}

/* The first line of what was pasted: a name, a number. A note takes them all. */
void text_paste(struct app *a, const char *text, size_t len) {
    const char *s = text_trim(text, &len);
    uint32_t cp;
    for (size_t i = 0; i < len && (a->v.edit.lines || s[i] != '\n');) {
        i += text_decode(s + i, len - i, &cp);
        edit_insert(&a->v.edit, cp);
    }
    changed(a);
}
