#include "base/markdown.h"

#include <stdlib.h>
#include <string.h>

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"

/* Short rows are filled up to the width of their table, so a small file can ask for a large tree.
 */
enum { CELLS_TOTAL_MAX = 1 << 18 };

/* --- what is refused before it is parsed ----------------------------------------------------- */

static bool is_utf8(const char *text, size_t len) {
    for (size_t i = 0; i < len;) {
        uint32_t cp;
        i += text_decode(text + i, len - i, &cp);
        if (cp == UINT32_MAX)
            return false;
    }
    return true;
}

/* Columns, if this line can be the one below a table's header. */
static size_t delimiter_columns(const char *line, size_t len) {
    size_t bars = 0;
    bool dash = false;
    for (size_t i = 0; i < len; i++) {
        if (strchr("|:-+*>. \t\v\f0123456789", line[i]) == NULL)
            return 0;
        bars += line[i] == '|';
        dash |= line[i] == '-';
    }
    return dash ? bars + 1 : 0;
}

static size_t line_length(const char *s, size_t len) {
    size_t n = 0;
    while (n < len && s[n] != '\n' && s[n] != '\r')
        n++;
    return n;
}

static bool tables_fit(const char *text, size_t len, struct err *e) {
    size_t widest = 0, lines = 0;
    long widest_line = 0;
    for (size_t at = 0; at < len; lines++) {
        size_t n = line_length(text + at, len - at);
        size_t columns = delimiter_columns(text + at, n);
        if (columns > widest) {
            widest = columns;
            widest_line = (long)lines + 1;
        }
        bool crlf = at + n + 1 < len && text[at + n] == '\r' && text[at + n + 1] == '\n';
        at += n + 1 + crlf;
    }
    if (widest > MARKDOWN_CELLS_MAX + 2 || widest * lines > CELLS_TOTAL_MAX) {
        err_set(e, ERR_LIMIT, "the table is too large: at most %d columns, and %d cells in a file",
                MARKDOWN_CELLS_MAX, CELLS_TOTAL_MAX);
        return err_at(e, NULL, widest_line);
    }
    return true;
}

static bool acceptable(const char *text, size_t len, struct err *e) {
    if (len > MARKDOWN_MAX_BYTES)
        return err_set(e, ERR_LIMIT, "the file has %zu bytes, at most %d are read", len,
                       MARKDOWN_MAX_BYTES);
    if (file_is_binary(text, len) || memchr(text, '\0', len))
        return err_set(e, ERR_FORMAT, "the file is not text");
    if (!is_utf8(text, len)) {
        err_set(e, ERR_FORMAT, "the file is not UTF-8 text");
        return err_fix(e, "save it as UTF-8");
    }
    return tables_fit(text, len, e);
}

/* --- texts ----------------------------------------------------------------------------------- */

static struct md_block *add(struct markdown *m, enum md_kind kind, long line) {
    m->block = mem_grow(m->block, m->len, &m->cap, sizeof *m->block);
    struct md_block *b = &m->block[m->len++];
    *b = (struct md_block){.kind = kind, .line = line};
    return b;
}

static char *trimmed(const struct buf *b) {
    size_t len = b->len;
    const char *s = text_trim(b->data, &len);
    return mem_strndup(s, len);
}

static bool breaks_line(cmark_node *n) {
    cmark_node_type t = cmark_node_get_type(n);
    return t == CMARK_NODE_SOFTBREAK || t == CMARK_NODE_LINEBREAK;
}

static void add_leaf(struct buf *out, cmark_node *n) {
    cmark_node_type t = cmark_node_get_type(n);
    if (t == CMARK_NODE_TEXT || t == CMARK_NODE_CODE)
        buf_str(out, cmark_node_get_literal(n));
}

/* All text under a heading or cell as one line; the caller frees. */
static char *text_under(cmark_node *root) {
    struct buf out;
    buf_init(&out, MARKDOWN_MAX_BYTES);
    cmark_iter *it = cmark_iter_new(root);
    for (cmark_event_type ev; (ev = cmark_iter_next(it)) != CMARK_EVENT_DONE;) {
        cmark_node *n = cmark_iter_get_node(it);
        if (ev == CMARK_EVENT_ENTER && breaks_line(n))
            buf_char(&out, ' ');
        else if (ev == CMARK_EVENT_ENTER)
            add_leaf(&out, n);
    }
    cmark_iter_free(it);
    char *text = trimmed(&out);
    buf_fini(&out);
    return text;
}

/* --- blocks ---------------------------------------------------------------------------------- */

static void add_heading(struct markdown *m, cmark_node *n) {
    struct md_block *b = add(m, MD_HEADING, cmark_node_get_start_line(n));
    b->level = cmark_node_get_heading_level(n);
    b->text = text_under(n);
}

static bool in_item(cmark_node *n) {
    for (; n; n = cmark_node_parent(n))
        if (cmark_node_get_type(n) == CMARK_NODE_ITEM)
            return true;
    return false;
}

static void end_line(struct markdown *m, enum md_kind kind, long line, struct buf *text) {
    if (text->len > 0)
        add(m, kind, line)->text = trimmed(text);
    buf_clear(text);
}

/* A paragraph that a table follows without a blank line loses its place to the table. */
static long first_line(cmark_node *paragraph) {
    long line = cmark_node_get_start_line(paragraph);
    cmark_node *table = cmark_node_next(paragraph);
    return line > 0 || !table ? line : cmark_node_get_start_line(table);
}

/* ... so the head of that table is found from below: the rule stands between it and the first row.
 */
static long head_line(cmark_node *head) {
    cmark_node *row = cmark_node_next(head);
    return row ? cmark_node_get_start_line(row) - 2 : cmark_node_get_start_line(head);
}

static void add_paragraph(struct markdown *m, cmark_node *root) {
    enum md_kind kind = in_item(root) ? MD_ITEM : MD_TEXT;
    long line = first_line(root);
    struct buf text;
    buf_init(&text, MARKDOWN_MAX_BYTES);
    cmark_iter *it = cmark_iter_new(root);
    for (cmark_event_type ev; (ev = cmark_iter_next(it)) != CMARK_EVENT_DONE;) {
        cmark_node *n = cmark_iter_get_node(it);
        if (ev != CMARK_EVENT_ENTER)
            continue;
        if (breaks_line(n)) {
            end_line(m, kind, line++, &text);
            continue;
        }
        /* cmark counts the lines inside a code span, which we do not see, but not a break that is
         * made with a backslash. */
        if (text.len == 0 && cmark_node_get_start_line(n) > line)
            line = cmark_node_get_start_line(n);
        add_leaf(&text, n);
    }
    cmark_iter_free(it);
    end_line(m, kind, line, &text);
    buf_fini(&text);
}

static void add_row(struct markdown *m, cmark_node *row, enum md_kind kind) {
    struct md_block *b =
        add(m, kind, kind == MD_TABLE ? head_line(row) : cmark_node_get_start_line(row));
    b->text = mem_strdup("");
    b->cell = mem_new(MARKDOWN_CELLS_MAX, sizeof *b->cell);
    for (cmark_node *c = cmark_node_first_child(row); c && b->cells < MARKDOWN_CELLS_MAX;
         c = cmark_node_next(c))
        b->cell[b->cells++] = text_under(c);
}

/* Adds n when it is a piece of its own; false: look inside it. */
static bool add_block(struct markdown *m, cmark_node *n) {
    const char *type = cmark_node_get_type_string(n);
    if (cmark_node_get_type(n) == CMARK_NODE_HEADING)
        add_heading(m, n);
    else if (cmark_node_get_type(n) == CMARK_NODE_PARAGRAPH)
        add_paragraph(m, n);
    else if (strcmp(type, "table_header") == 0)
        add_row(m, n, MD_TABLE);
    else if (strcmp(type, "table_row") == 0)
        add_row(m, n, MD_ROW);
    else
        return false;
    return true;
}

static void add_blocks(struct markdown *m, cmark_node *doc) {
    cmark_iter *it = cmark_iter_new(doc);
    for (cmark_event_type ev; (ev = cmark_iter_next(it)) != CMARK_EVENT_DONE;) {
        cmark_node *n = cmark_iter_get_node(it);
        if (ev == CMARK_EVENT_ENTER && add_block(m, n))
            cmark_iter_reset(it, n, CMARK_EVENT_EXIT);
    }
    cmark_iter_free(it);
}

bool markdown_parse(struct markdown *m, const char *text, size_t len, struct err *e) {
    *m = (struct markdown){0};
    if (!acceptable(text, len, e))
        return false;
    cmark_gfm_core_extensions_ensure_registered();
    cmark_parser *parser = cmark_parser_new(CMARK_OPT_SOURCEPOS);
    cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension("table"));
    cmark_parser_feed(parser, text, len);
    cmark_node *doc = cmark_parser_finish(parser);
    add_blocks(m, doc);
    cmark_node_free(doc);
    cmark_parser_free(parser);
    return true;
}

void markdown_fini(struct markdown *m) {
    for (size_t i = 0; i < m->len; i++) {
        struct md_block *b = &m->block[i];
        for (size_t c = 0; c < b->cells; c++)
            free(b->cell[c]);
        free(b->cell);
        free(b->text);
    }
    free(m->block);
    *m = (struct markdown){0};
}
