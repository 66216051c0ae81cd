/* widget/edit.h
 * A line being edited: its text and the cursor. UTF-8; the cursor stands between characters. */
#ifndef PERFSCALE_SCREEN_EDIT_H
#define PERFSCALE_SCREEN_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EDIT_MAX_BYTES = 2048 };

struct edit_line {
    char text[EDIT_MAX_BYTES];
    size_t len;
    size_t cursor; /* in bytes */
    size_t most;   /* bytes it may hold, at most EDIT_MAX_BYTES - 1 */
    bool lines;    /* it may hold line breaks; set behind edit_set() */
};

/* Starts with a text, the cursor behind it. most 0: as long as it goes. */
void edit_set(struct edit_line *l, const char *text, size_t most);

/* One printable character, or a line break where they may be; false when there is no room or it is
 * none. */
bool edit_insert(struct edit_line *l, uint32_t cp);
bool edit_backspace(struct edit_line *l);
bool edit_delete(struct edit_line *l);
bool edit_delete_word(struct edit_line *l); /* Ctrl-W: back to the start of the word */
void edit_clear(struct edit_line *l);       /* Ctrl-U */
bool edit_left(struct edit_line *l);
bool edit_right(struct edit_line *l);
void edit_home(struct edit_line *l);
void edit_end(struct edit_line *l);

#endif
