/* tests/screen/vt.h
 * A terminal to test against: libvterm, fed with what the program sends. Right half of a wide
 * character: (uint32_t)-1 in its cell. Works with libvterm 0.1.4 and 0.3.3. */
#ifndef PERFSCALE_TEST_VT_H
#define PERFSCALE_TEST_VT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>
#include <vterm.h>

#include "base/text.h"

struct vt {
    VTerm *term;
    VTermScreen *screen;
    int rows, cols;
    bool alternate, cursor;
    int mouse;
};

static int vt_property(VTermProp prop, VTermValue *value, void *user) {
    struct vt *v = user;
    if (prop == VTERM_PROP_ALTSCREEN)
        v->alternate = value->boolean;
    if (prop == VTERM_PROP_CURSORVISIBLE)
        v->cursor = value->boolean;
    if (prop == VTERM_PROP_MOUSE)
        v->mouse = value->number;
    return 1;
}

static inline void vt_open(struct vt *v, int rows, int cols) {
    static const VTermScreenCallbacks callbacks = {.settermprop = vt_property};
    *v = (struct vt){.term = vterm_new(rows, cols), .rows = rows, .cols = cols, .cursor = true};
    vterm_set_utf8(v->term, 1);
    v->screen = vterm_obtain_screen(v->term);
    vterm_screen_set_callbacks(v->screen, &callbacks, v);
    vterm_screen_enable_altscreen(v->screen, 1);
    vterm_screen_reset(v->screen, 1);
}

static inline void vt_close(struct vt *v) { vterm_free(v->term); }

static inline void vt_feed(struct vt *v, const char *bytes, size_t len) {
    vterm_input_write(v->term, bytes, len);
}

static inline VTermScreenCell vt_cell(const struct vt *v, int row, int col) {
    VTermScreenCell cell;
    VTermPos pos = {.row = row, .col = col};
    memset(&cell, 0, sizeof cell);
    vterm_screen_get_cell(v->screen, pos, &cell);
    return cell;
}

/* The colour number of a character; -1: the terminal's own. */
static inline int vt_colour(const VTermScreenCell *cell) {
    return VTERM_COLOR_IS_DEFAULT_FG(&cell->fg) ? -1 : cell->fg.indexed.idx;
}

/* One row as UTF-8 without trailing blanks, in a buffer that the next call uses again. */
static inline const char *vt_row(const struct vt *v, int row) {
    static char text[8192];
    size_t len = 0, end = 0;
    for (int col = 0; col < v->cols && len + 32 < sizeof text; col++) {
        VTermScreenCell cell = vt_cell(v, row, col);
        if (cell.chars[0] == (uint32_t)-1)
            continue;
        if (cell.chars[0] == 0)
            cell.chars[0] = ' ';
        for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
            len += text_encode(cell.chars[i], text + len);
        if (cell.chars[0] != ' ')
            end = len;
    }
    text[end] = '\0';
    return text;
}

/* The whole screen as grid_dump() writes one; the caller frees. */
static inline char *vt_dump(const struct vt *v) {
    size_t size = (size_t)v->rows * ((size_t)v->cols * 12 + 1) + 1, len = 0;
    char *dump = malloc(size);
    assert_non_null(dump);
    dump[0] = '\0';
    for (int row = 0; row < v->rows; row++)
        len += (size_t)snprintf(dump + len, size - len, "%s\n", vt_row(v, row));
    return dump;
}

#endif
