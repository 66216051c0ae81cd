/* tools/k6/style.h
 * How the user writes, and new text written the same way. */
#ifndef PERFSCALE_TOOLS_K6_STYLE_H
#define PERFSCALE_TOOLS_K6_STYLE_H

#include "base/buf.h"
#include "tools/k6/wanted.h"

enum { INDENT_MAX = 64, SCRIPT_TEXT_MAX = 1 << 20 };

struct style {
    const char *newline; /* "\n" or "\r\n" */
    char quote;
    char step[INDENT_MAX]; /* one level */
    bool trailing_comma;   /* after the last member of an object of several lines */
    bool semicolons;
};

/* Of the options object, or of the whole file when there is none. */
void style_read(const struct k6_script *s, struct style *out);

/* The white space at the begin of the line that holds a byte. */
void style_indent(const struct syntax *js, size_t at, char out[INDENT_MAX]);

/* White space in front of the members of a list that stand on lines of their own. */
void style_member_indent(const struct syntax *js, const struct js_list *l, const struct style *st,
                         char out[INDENT_MAX]);

/* No line break between its brackets. */
bool style_is_one_line(const struct syntax *js, const struct js_list *l);

/* --- writing: text without the indent of its first line --- */

/* Where new text stands: its indent, and whether all of it goes on one line. */
struct place {
    const struct style *style;
    char indent[INDENT_MAX];
    bool one_line;
};
struct place place_inside(const struct place *p);

void put_string(struct buf *out, const struct style *st, const char *text);
void put_value(struct buf *out, const struct place *p, const struct wanted *w,
               const struct wanted_value *v);
/* key: value */
void put_pair(struct buf *out, const struct place *p, const struct wanted *w,
              const struct wanted_value *v);
/* scenarios: { default: { ... } } */
void put_scenarios(struct buf *out, const struct place *p, const struct wanted *w);

/* Brackets and commas of a list, one line or several: begin, then next before each member, end. */
void put_open(struct buf *out, char bracket);
void put_next(struct buf *out, const struct place *inside, bool first);
void put_close(struct buf *out, const struct place *outside, char bracket);

#endif
