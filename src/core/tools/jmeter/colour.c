/* Tags as keywords, values of attributes as strings. By hand: a diff shows files that are not
 * well-formed as well. */
#include <string.h>

#include "base/mem.h"
#include "tools/jmeter/jmeter_script.h"

struct painter {
    const char *text;
    size_t len;
    struct code_spans *out;
};

static void paint(struct painter *p, size_t start, size_t end, enum code_kind kind) {
    if (start == end)
        return;
    p->out->item = mem_grow(p->out->item, p->out->len, &p->out->cap, sizeof *p->out->item);
    p->out->item[p->out->len++] = (struct code_span){.start = start, .end = end, .kind = kind};
}

/* The byte after the next `what` from `at` on; the end when there is none. */
static size_t after(const struct painter *p, size_t at, const char *what) {
    const char *found = memmem(p->text + at, p->len - at, what, strlen(what));
    return found ? (size_t)(found - p->text) + strlen(what) : p->len;
}

static bool begins(const struct painter *p, size_t at, const char *what) {
    size_t len = strlen(what);
    return p->len - at >= len && memcmp(p->text + at, what, len) == 0;
}

/* A tag from its "<"; returns the byte after it. */
static size_t paint_tag(struct painter *p, size_t start) {
    size_t at = start + 1;
    at += at < p->len && p->text[at] == '/';
    while (at < p->len && !strchr(" \t\r\n/>\"'<", p->text[at]))
        at++;
    paint(p, start, at, CODE_KEYWORD);
    while (at < p->len && p->text[at] != '>' && p->text[at] != '<') {
        size_t from = at++;
        if (p->text[from] == '"' || p->text[from] == '\'') {
            const char quote[] = {p->text[from], '\0'};
            at = after(p, at, quote);
            paint(p, from, at, CODE_STRING);
        } else if (p->text[from] == '/') {
            paint(p, from, at, CODE_KEYWORD);
        }
    }
    if (at == p->len || p->text[at] == '<')
        return at;
    paint(p, at, at + 1, CODE_KEYWORD);
    return at + 1;
}

void jmeter_colour(const char *text, size_t len, struct code_spans *out) {
    static const struct {
        const char *begin, *end;
        enum code_kind kind;
    } rows[] = {{"<!--", "-->", CODE_COMMENT},
                {"<![CDATA[", "]]>", CODE_PLAIN},
                {"<?", "?>", CODE_COMMENT},
                {"<!", ">", CODE_COMMENT}};
    struct painter p = {text, len, out};
    *out = (struct code_spans){0};
    for (size_t at = 0; at < len;) {
        const char *next = memchr(text + at, '<', len - at);
        size_t row = 0, count = sizeof rows / sizeof *rows;
        if (!next)
            return;
        at = (size_t)(next - text);
        while (row < count && !begins(&p, at, rows[row].begin))
            row++;
        size_t end = row < count ? after(&p, at + 1, rows[row].end) : paint_tag(&p, at);
        if (row < count && rows[row].kind != CODE_PLAIN)
            paint(&p, at, end, rows[row].kind);
        at = end;
    }
}
