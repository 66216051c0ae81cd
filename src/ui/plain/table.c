#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "ui/plain/print.h"

void table_init(struct table *t, const char *align) {
    *t = (struct table){0};
    for (; align[t->columns] && t->columns < TABLE_COLUMNS; t->columns++)
        t->right[t->columns] = align[t->columns] == 'r';
}

void table_add(struct table *t, const char *const *cells) {
    if (t->rows == TABLE_ROWS)
        return;
    t->cell = mem_grow(t->cell, t->rows, &t->cap, sizeof *t->cell);
    for (int c = 0; c < t->columns; c++) {
        char clean[CELL_BYTES];
        text_clean(cells[c], strlen(cells[c]), TEXT_ONE_LINE, clean, sizeof clean);
        t->cell[t->rows][c] = mem_strdup(clean);
    }
    t->rows++;
}

static int column_width(const struct table *t, int column) {
    int widest = 0;
    for (size_t r = 0; r < t->rows; r++) {
        int w = text_width(t->cell[r][column]);
        widest = w > widest ? w : widest;
    }
    return widest;
}

static void add_spaces(struct buf *b, int n) {
    for (; n > 0; n--)
        buf_char(b, ' ');
}

static void add_cell(struct buf *b, const char *text, int width, bool right) {
    int missing = width - text_width(text);
    if (right)
        add_spaces(b, missing);
    buf_str(b, text);
    if (!right)
        add_spaces(b, missing);
}

void table_print(struct table *t, int indent) {
    int width[TABLE_COLUMNS];
    for (int c = 0; c < t->columns; c++)
        width[c] = column_width(t, c);
    for (size_t r = 0; r < t->rows; r++) {
        struct buf b;
        buf_init(&b, TABLE_COLUMNS * (CELL_BYTES + 2) + 64);
        add_spaces(&b, indent);
        for (int c = 0; c < t->columns; c++) {
            add_cell(&b, t->cell[r][c], width[c], t->right[c]);
            if (c + 1 < t->columns && width[c])
                add_spaces(&b, c == 0 && width[0] == 1 ? 1 : 2);
        }
        while (b.len && b.data[b.len - 1] == ' ')
            b.data[--b.len] = '\0';
        print("%s\n", b.data);
        buf_fini(&b);
        for (int c = 0; c < t->columns; c++)
            free(t->cell[r][c]);
    }
    free(t->cell);
    *t = (struct table){0};
}
