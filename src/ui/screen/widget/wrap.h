/* widget/wrap.h
 * Long text in lines that fit, broken between words. */
#ifndef PERFSCALE_SCREEN_WRAP_H
#define PERFSCALE_SCREEN_WRAP_H

#include <stddef.h>

#include "ui/screen/grid/grid.h"

/* Bytes of the first line of a text (raw: the grid cleans it) that is at most cols wide on this
 * grid; *next is where the following one begins, equal to strlen(text) at the end. A word wider
 * than a line is broken. Always makes progress. */
size_t wrap_line(const struct grid *g, const char *text, int cols, size_t *next);

/* The same for a shell command: only blanks outside quotes are places to break. A word wider than a
 * line stays in one piece. */
size_t wrap_command(const struct grid *g, const char *text, int cols, size_t *next);

#endif
