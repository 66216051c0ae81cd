/* rules/parts.h
 * Shared by the files of this room. A document is described by tables of ours: which headings it
 * has, which rows and columns stand below each, how a cell is read and where its value goes.
 * sheet.c walks a document by such a description, cell.c reads the cells, and one file per document
 * (models.c, validation.c, infrastructure.c, diagnosis.c) holds nothing but its description. */
#ifndef PERFSCALE_RULES_PARTS_H
#define PERFSCALE_RULES_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/markdown.h"
#include "rules/rules.h"

struct field;

/* One cell on its way into a struct. */
struct cell {
    const char *file, *heading, *row, *column; /* for the error's place */
    long line;
    const char *text;
    const char *unit; /* of the row; "" when it has none */
    const struct field *field;
    bool needed; /* an empty cell is an error */
    struct err *e;
};

typedef bool read_fn(const struct cell *c, void *out);

/* Which value columns need a value. Tables with one value column have COLUMN_1 only. */
enum { OPTIONAL = 0, COLUMN_1 = 1, COLUMN_2 = 2, COLUMN_3 = 4, NEEDED = 7 };

struct field {
    const char *name; /* of the row in a parameter table, of the column in a list */
    unsigned needed;
    read_fn *read;
    size_t at, size;          /* where in the struct; size of a text there; UNUSED: checked only */
    const char *unit;         /* parameter tables: what the unit column must say */
    double least, most;       /* of a number, in that unit */
    const char *const *words; /* choices, or names of a formula; NULL at the end */
    const char *above;        /* this number must not be below the one of that field */
};

#define UNUSED ((size_t)-1)

/* For the initialisers of fields. */
#define FIELD(n, need, fn) .name = (n), .needed = (need), .read = (fn)
#define INTO(type, member)                                                                         \
    .at = offsetof(struct type, member), .size = sizeof(((struct type *)0)->member)
#define RANGE(low, high) .least = (low), .most = (high)
#define COUNT(a) (sizeof(a) / sizeof *(a))

/* A table of "parameter | value | unit": each row is a field. */
struct params {
    const char *heading;
    const char *const *columns; /* of values, NULL at the end; at most 3 */
    size_t at, stride;          /* in struct rules; from one value column to the next */
    const struct field *fields;
    size_t count;
};

/* A table whose rows are items: each column is a field, the first one is the key. */
struct list {
    const char *heading;
    const struct field *fields;
    size_t count;
    size_t at, stride, max; /* in struct rules: the array, one item, how many fit */
    size_t count_at;        /* where the number of rows goes; UNUSED: rows stand where their key is
                               in `required`, and no other keys are taken */
    size_t line_at;         /* in an item; UNUSED: none */
    const char *const *required; /* keys that must be there, NULL at the end; or NULL */
    bool (*check)(const struct cell *c, const void *item); /* after all cells of a row; or NULL */
};

struct document {
    const char *name;
    const struct params *params;
    size_t params_count;
    const struct list *lists;
    size_t lists_count;
};

extern const struct document models_document, validation_document, infrastructure_document,
    diagnosis_document;

/* Reads md by its description into r. */
bool sheet_read(const struct document *doc, const struct markdown *md, const char *file,
                struct rules *r, struct err *e);

/* Cells. Numbers get NAN and texts "" when the cell is empty and may be. */
read_fn cell_number;        /* double; "%" becomes a share, "MB" bytes */
read_fn cell_number_or_all; /* as above; "all" is INFINITY */
read_fn cell_text;          /* char[size] */
read_fn cell_formula;       /* char[size], checked against the names in words */
read_fn cell_word;          /* char[size], one of words */
read_fn cell_choice;        /* enum: index of the word in words */
read_fn cell_flag;          /* bool: false for words[0], true for words[1] */

/* "expected WHAT, found TEXT" with the cell's place. Returns false. */
bool cell_wrong(const struct cell *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
