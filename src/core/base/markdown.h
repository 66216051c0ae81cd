/* base/markdown.h
 * A Markdown file as a flat list of what a person reads, each piece with its line: headings,
 * paragraphs, list items, table rows. Code blocks and HTML are left out. Texts are plain: emphasis,
 * code marks and links are gone, entities and escapes undone. The only place that knows cmark-gfm.
 */
#ifndef PERFSCALE_BASE_MARKDOWN_H
#define PERFSCALE_BASE_MARKDOWN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum { MARKDOWN_MAX_BYTES = 1 << 20, MARKDOWN_CELLS_MAX = 64 };

enum md_kind {
    MD_HEADING, /* level, text */
    MD_TEXT,    /* one source line of a paragraph */
    MD_ITEM,    /* one source line of a list item (its own text, without nested items) */
    MD_TABLE,   /* the header row: cells; starts a table */
    MD_ROW,     /* a data row of the table before it: cells */
};

struct md_block {
    enum md_kind kind;
    long line;   /* from 1 */
    int level;   /* of a heading: 1 to 6 */
    char *text;  /* owned; heading, text and item: the text; table rows: "" */
    char **cell; /* owned; table rows only */
    size_t cells;
};

struct markdown {
    struct md_block *block; /* owned */
    size_t len, cap;
};

/* ERR_LIMIT above MARKDOWN_MAX_BYTES, ERR_FORMAT for bytes that are not text. *m is initialised by
 * it; on error it is empty. A table row with fewer cells than the header gets empty ones, more are
 * cut, as Markdown says. */
bool markdown_parse(struct markdown *m, const char *text, size_t len, struct err *e);
void markdown_fini(struct markdown *m);

#endif
