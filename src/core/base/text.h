/* base/text.h
 * Text from others: UTF-8, and the filter that keeps every control out of terminals, reports and
 * logs. A filter of characters on purpose, not a parser of escape sequences: a parser can be left
 * half-way, a filter cannot. Widths come from wcwidth() in the process's LC_CTYPE, which main()
 * sets to a UTF-8 locale. */
#ifndef PERFSCALE_BASE_TEXT_H
#define PERFSCALE_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One character from s (len bytes, len > 0). Writes its code point, or UINT32_MAX for bytes that
 * are not UTF-8, overlong, a surrogate or above U+10FFFF. Returns the bytes used, at least 1. */
size_t text_decode(const char *s, size_t len, uint32_t *cp);

/* Writes the UTF-8 form of cp (1 to 4 bytes, no NUL). Returns the count. */
size_t text_encode(uint32_t cp, char out[4]);

/* What the filter does with a code point. */
enum text_class {
    TEXT_KEEP,    /* printable, 1 or 2 columns */
    TEXT_COMBINE, /* a mark of width 0 on the character before it */
    TEXT_DROP,    /* zero width: removed */
    TEXT_REPLACE, /* control, bidirectional, unassigned: shown as ? */
    TEXT_TAB,
    TEXT_NEWLINE, /* LF, NEL, U+2028, U+2029 */
    TEXT_RETURN,  /* CR: dropped before LF, else replaced */
};
enum text_class text_classify(uint32_t cp);

/* Columns of a printable code point: 1 or 2; 0 for anything else. */
int text_cp_width(uint32_t cp);

enum text_lines {
    TEXT_ONE_LINE, /* newlines become ? */
    TEXT_LINES,    /* newlines become LF */
};

/* Clean len bytes of s into out as printable UTF-8 with NUL, cut between characters when out is
 * full. At most two combining marks per character, none at the start. A tab becomes one space.
 * Returns how many characters were replaced or dropped. */
size_t text_clean(const char *s, size_t len, enum text_lines lines, char *out, size_t size);

/* Columns of a clean string; of its first len bytes. */
int text_width(const char *clean);
int text_width_n(const char *clean, size_t len);

/* Bytes of the longest start of a clean string that fits into columns. */
size_t text_fit(const char *clean, int columns);

/* Same letters, upper and lower case alike (ASCII only). */
bool text_same(const char *a, const char *b);
bool text_starts(const char *s, const char *prefix);
bool text_ends(const char *s, const char *suffix);

/* The part of s (len bytes) without spaces, tabs and line ends at both sides; *len is changed. */
const char *text_trim(const char *s, size_t *len);

/* The part of s (len bytes) behind a byte order mark and white space; *len is changed. */
const char *text_begin(const char *s, size_t *len);

/* Lines of a text; the last one may lack its line end. */
long text_count_lines(const char *s, size_t len);

/* strcpy with a size; false when it was cut. */
bool text_copy(char *out, size_t size, const char *s);

/* A string that is put together; what does not fit is cut off. size is at least 1. */
struct text_out {
    char *to; /* borrowed; ends with NUL from the first text_put() on */
    size_t size, len;
};
void text_put(struct text_out *o, const char *bytes, size_t len);

#endif
