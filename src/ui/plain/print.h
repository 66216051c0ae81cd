/* ui/plain/print.h
 * Text for people on standard output. Everything goes through the filter of base/text.h; where the
 * locale is not UTF-8 it is folded to ASCII. No colour: signs and words carry the meaning. */
#ifndef PERFSCALE_PLAIN_PRINT_H
#define PERFSCALE_PLAIN_PRINT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/finding.h"
#include "session/session.h"

/* Sets LC_CTYPE: the user's, else a UTF-8 one for the widths of characters. To be called first. */
void print_init(void);

/* Standard output; printf-like, the lines are cleaned. */
void print(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* As print, for one line with text of others in it: a line end within is shown as ?, so that nobody
 * writes lines of his own; the line's own end is added. */
void print_one(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Lines of code or a diff: as print, and tabs stay tabs. */
void print_code(const char *text);

/* A command as one line for a shell, indented. Where the terminal cannot show a character of it, a
 * second line says so, because the line would not work. */
void print_command(const char *line);

/* Standard error, without line end. */
void print_aside(const char *text);

/* JSON of the program's own making, then frees it. */
void print_json(char *json);
/* The same on one line, where each line is an object. */
void print_json_line(char *json);

/* "perfscale: FILE:LINE: what; what to do" on standard error, with json as an object on standard
 * output too. Returns the exit status of its kind. */
int print_error(const struct err *e, bool json);

/* One line per remark: sign, place, text. level_from: lesser ones are left out. */
void print_findings(const struct findings *f);

/* Columns that line up. A cell is text of any origin, cut at CELL_BYTES. */
enum { TABLE_COLUMNS = 12, TABLE_ROWS = 20000, CELL_BYTES = 400 };
struct table {
    char *(*cell)[TABLE_COLUMNS]; /* owned, with its texts */
    size_t rows, cap;
    int columns;
    bool right[TABLE_COLUMNS]; /* aligned right */
};
/* align: one letter per column, "l" or "r": "llrrl". */
void table_init(struct table *t, const char *align);
void table_add(struct table *t, const char *const *cells);
/* Prints with two spaces between columns and `indent` before the first; frees. */
void table_print(struct table *t, int indent);

#endif
