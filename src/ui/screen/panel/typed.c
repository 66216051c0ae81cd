/* A text being edited, in one row of the screen. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/unit.h"
#include "ui/screen/panel/parts.h"

/* Line breaks as a sign of their own. Up to a byte of the text. */
static const char *in_one_line(const struct edit_line *e, size_t len, struct buf *out) {
    buf_clear(out);
    for (size_t i = 0; i < len; i++) {
        if (e->text[i] == '\n')
            buf_add(out, "↵", strlen("↵"));
        else
            buf_char(out, e->text[i]);
    }
    return len > 0 ? out->data : "";
}

void typed_draw(const struct edit_line *e, struct grid *g, int row, int col, int most) {
    enum { SIGN_BYTES = 3 };
    struct buf text;
    buf_init(&text, SIGN_BYTES * EDIT_MAX_BYTES);
    bool fits = grid_width(g, in_one_line(e, e->len, &text)) < most;
    if (fits)
        grid_put(g, row, col, most, LOOK_FIELD, in_one_line(e, e->len, &text));
    const char *before = in_one_line(e, e->cursor, &text);
    int width = grid_width(g, before);
    if (!fits && width < most) /* the cursor is near the begin */
        grid_put(g, row, col, most, LOOK_FIELD, in_one_line(e, e->len, &text));
    else if (!fits) /* what is before the cursor is seen */
        grid_right(g, row, col + most - 1, most - 1, LOOK_FIELD, before);
    g->cursor_col = col + (width < most ? width : most - 1);
    g->cursor_row = row;
    buf_fini(&text);
}

char *typed_count(const struct edit_line *e, char *out, size_t size) {
    size_t characters = 0;
    char most[32];
    for (size_t i = 0; i < e->len; i++)
        characters += ((unsigned char)e->text[i] & 0xc0) != 0x80;
    snprintf(out, size, "%zu of %s %s", e->len, unit_show((double)e->most, 0, most, sizeof most),
             characters == e->len ? "characters" : "bytes");
    return out;
}
