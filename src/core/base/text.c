#include "text.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <wchar.h>

size_t text_decode(const char *s, size_t len, uint32_t *cp) {
    const unsigned char *u = (const unsigned char *)s;
    *cp = UINT32_MAX;
    if (u[0] < 0x80) {
        *cp = u[0];
        return 1;
    }
    size_t n = u[0] >= 0xf0 ? 4 : u[0] >= 0xe0 ? 3 : u[0] >= 0xc2 ? 2 : 0;
    if (n == 0 || u[0] > 0xf4 || n > len)
        return 1;
    uint32_t c = u[0] & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((u[i] & 0xc0) != 0x80)
            return 1;
        c = c << 6 | (u[i] & 0x3fu);
    }
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
        return 1;
    *cp = c;
    return n;
}

size_t text_encode(uint32_t cp, char out[4]) {
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    size_t n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (cp & 0x3f));
        cp >>= 6;
    }
    static const unsigned char lead[5] = {0, 0, 0xc0, 0xe0, 0xf0};
    out[0] = (char)(lead[n] | cp);
    return n;
}

struct range {
    uint32_t first, last;
};

static bool in_ranges(uint32_t cp, const struct range *r, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (cp >= r[i].first && cp <= r[i].last)
            return true;
    return false;
}

/* Bidirectional controls: they turn the order of what is shown. */
static const struct range bidi[] = {
    {0x061c, 0x061c}, {0x200e, 0x200f}, {0x202a, 0x202e}, {0x2066, 0x2069}};
/* Zero width: they hide in names. Variation selectors and tag characters among them. */
static const struct range unseen[] = {{0x00ad, 0x00ad},   {0x200b, 0x200d},  {0x2060, 0x2064},
                                      {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},  {0x180b, 0x180f},
                                      {0xe0000, 0xe007f}, {0xe0100, 0xe01ef}};

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum text_class text_classify(uint32_t cp) {
    switch (cp) {
    case '\t':
        return TEXT_TAB;
    case '\r':
        return TEXT_RETURN;
    case '\n':
    case 0x85:
    case 0x2028:
    case 0x2029:
        return TEXT_NEWLINE;
    default:
        break;
    }
    if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp > 0x10ffff || (cp & 0xfffe) == 0xfffe ||
        (cp >= 0xfdd0 && cp <= 0xfdef))
        return TEXT_REPLACE;
    if (cp < 0x7f)
        return TEXT_KEEP;
    if (in_ranges(cp, bidi, COUNT(bidi)))
        return TEXT_REPLACE;
    if (in_ranges(cp, unseen, COUNT(unseen)))
        return TEXT_DROP;
    int w = wcwidth((wchar_t)cp);
    return w == 0 ? TEXT_COMBINE : w < 0 ? TEXT_REPLACE : TEXT_KEEP;
}

int text_cp_width(uint32_t cp) {
    if (text_classify(cp) != TEXT_KEEP)
        return 0;
    return cp < 0x7f ? 1 : wcwidth((wchar_t)cp);
}

struct cleaner {
    char *out;
    size_t size, len;
    bool full;
};

static void put(struct cleaner *c, const char *bytes, size_t n) {
    if (c->full || c->len + n + 1 > c->size) {
        c->full = true;
        return;
    }
    memcpy(c->out + c->len, bytes, n);
    c->len += n;
}

size_t text_clean(const char *s, size_t len, enum text_lines lines, char *out, size_t size) {
    struct cleaner c = {.out = out, .size = size};
    size_t changed = 0;
    int marks = 2; /* none at the start */
    for (size_t i = 0; i < len && !c.full;) {
        uint32_t cp;
        size_t n = text_decode(s + i, len - i, &cp);
        enum text_class k = text_classify(cp);
        if (k == TEXT_NEWLINE)
            k = lines == TEXT_LINES ? TEXT_NEWLINE : TEXT_REPLACE;
        if (k == TEXT_RETURN)
            k = i + 1 < len && s[i + 1] == '\n' ? TEXT_DROP : TEXT_REPLACE;
        if (k == TEXT_COMBINE && marks >= 2)
            k = TEXT_DROP;
        switch (k) {
        case TEXT_KEEP:
            put(&c, s + i, n);
            marks = 0;
            break;
        case TEXT_COMBINE:
            put(&c, s + i, n);
            marks++;
            break;
        case TEXT_TAB:
            put(&c, " ", 1);
            marks = 2;
            break;
        case TEXT_NEWLINE:
            put(&c, "\n", 1);
            marks = 2;
            break;
        case TEXT_DROP:
            changed += cp != '\r';
            break;
        case TEXT_REPLACE:
        case TEXT_RETURN:
            put(&c, "?", 1);
            marks = 2;
            changed++;
            break;
        }
        i += n;
    }
    if (size)
        out[c.len] = '\0';
    return changed;
}

int text_width_n(const char *clean, size_t len) {
    int w = 0;
    for (size_t i = 0; i < len;) {
        uint32_t cp;
        i += text_decode(clean + i, len - i, &cp);
        w += text_cp_width(cp);
    }
    return w;
}

int text_width(const char *clean) { return text_width_n(clean, strlen(clean)); }

size_t text_fit(const char *clean, int columns) {
    size_t len = strlen(clean), i = 0;
    for (int w = 0; i < len;) {
        uint32_t cp;
        size_t n = text_decode(clean + i, len - i, &cp);
        w += text_cp_width(cp);
        if (w > columns)
            break;
        i += n;
    }
    return i;
}

bool text_same(const char *a, const char *b) { return strcasecmp(a, b) == 0; }

bool text_starts(const char *s, const char *prefix) {
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool text_ends(const char *s, const char *suffix) {
    size_t n = strlen(s), m = strlen(suffix);
    return n >= m && memcmp(s + n - m, suffix, m) == 0;
}

static bool blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

const char *text_trim(const char *s, size_t *len) {
    while (*len && blank(s[0])) {
        s++;
        --*len;
    }
    while (*len && blank(s[*len - 1]))
        --*len;
    return s;
}

bool text_copy(char *out, size_t size, const char *s) {
    int n = snprintf(out, size, "%s", s);
    return n >= 0 && (size_t)n < size;
}

long text_count_lines(const char *s, size_t len) {
    long lines = len > 0 && s[len - 1] != '\n';
    for (const char *at = s, *end = s + len;
         at < end && (at = memchr(at, '\n', (size_t)(end - at))); at++)
        lines++;
    return lines;
}

void text_put(struct text_out *o, const char *bytes, size_t len) {
    if (len > o->size - 1 - o->len)
        len = o->size - 1 - o->len;
    memcpy(o->to + o->len, bytes, len);
    o->len += len;
    o->to[o->len] = '\0';
}

const char *text_begin(const char *s, size_t *len) {
    if (*len >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0) {
        s += 3;
        *len -= 3;
    }
    while (*len && (*s == ' ' || *s == '\t' || *s == '\r' || *s == '\n')) {
        s++;
        --*len;
    }
    return s;
}
