#include "results/terminal.h"

#include <ctype.h>
#include <string.h>

enum {
    SEQUENCE_MAX_BYTES = 4096, /* a longer one is text with a stray escape */
    CURSOR_MAX_COLUMNS = 300,
    NO_TEXT = 0x1a, /* stands for a control byte: fits nothing, so it can never join two digits */
};

void terminal_lines_init(struct terminal_lines *l, void *self,
                         void (*line)(void *, const struct terminal_line *)) {
    *l = (struct terminal_lines){.self = self, .line = line, .number = 1};
    buf_init(&l->text, TERMINAL_LINE_MAX_BYTES);
}

void terminal_lines_fini(struct terminal_lines *l) { buf_fini(&l->text); }

static size_t characters(const char *s, size_t len) {
    size_t n = 0;
    for (size_t i = 0; i < len; i++)
        n += (s[i] & 0xc0) != 0x80;
    return n;
}

static void emit(struct terminal_lines *l, bool ended) {
    const char *s = l->text.data;
    size_t len = l->text.full ? 0 : l->text.len;
    if (!l->begun && len >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0) {
        s += 3;
        len -= 3;
    }
    l->begun = true;
    struct terminal_line line = {.text = len ? s : "",
                                 .len = len,
                                 .columns = characters(s, len),
                                 .number = l->number,
                                 .ended = ended,
                                 .too_long = l->text.full};
    l->line(l->self, &line);
    buf_clear(&l->text);
}

/* The blanks that a cursor movement to the right leaves. */
static void move_right(struct terminal_lines *l) {
    int n = l->columns ? l->columns : 1;
    for (int i = 0; i < n; i++)
        buf_char(&l->text, ' ');
}

static void csi(struct terminal_lines *l, unsigned char c) {
    if (isdigit(c)) {
        l->columns = l->columns * 10 + (c - '0');
        if (l->columns > CURSOR_MAX_COLUMNS)
            l->columns = CURSOR_MAX_COLUMNS;
    } else if (c >= 0x40 && c <= 0x7e) {
        if (c == 'C')
            move_right(l);
        l->state = TERMINAL_TEXT;
    }
}

static void escape(struct terminal_lines *l, unsigned char c) {
    if (c == '[')
        l->state = TERMINAL_CSI;
    else if (c == ']' || c == 'P' || c == 'X' || c == '^' || c == '_')
        l->state = TERMINAL_OSC;
    else if (c < 0x20 || c > 0x2f) /* "ESC ( B" has a byte in between */
        l->state = TERMINAL_TEXT;
}

static void plain(struct terminal_lines *l, unsigned char c) {
    if (c == 0x1b) {
        l->state = TERMINAL_ESC;
        l->sequence = 0;
        l->columns = 0;
        return;
    }
    bool control = (c < 0x20 && c != '\t') || c == 0x7f;
    buf_char(&l->text, control ? (char)NO_TEXT : (char)c);
}

/* A byte inside a terminal sequence. */
static void sequence(struct terminal_lines *l, unsigned char c) {
    if (++l->sequence > SEQUENCE_MAX_BYTES) {
        l->state = TERMINAL_TEXT;
        return;
    }
    switch (l->state) {
    case TERMINAL_ESC:
        escape(l, c);
        break;
    case TERMINAL_CSI:
        csi(l, c);
        break;
    case TERMINAL_OSC:
        l->state = c == 0x07 ? TERMINAL_TEXT : c == 0x1b ? TERMINAL_OSC_ESC : TERMINAL_OSC;
        break;
    default:
        l->state = TERMINAL_TEXT;
        break;
    }
}

/* A line end also ends a sequence that was cut. CR LF and CR CR LF are one line end; a CR alone is
 * a line drawn over, and what was there before is a line of its own. */
static void byte(struct terminal_lines *l, unsigned char c) {
    if (c == '\n') {
        l->state = TERMINAL_TEXT;
        l->after_return = false;
        emit(l, true);
        l->number++;
        return;
    }
    if (c == '\r') {
        l->state = TERMINAL_TEXT;
        l->after_return = true;
        return;
    }
    if (l->after_return) {
        l->after_return = false;
        emit(l, true);
    }
    if (l->state == TERMINAL_TEXT)
        plain(l, c);
    else
        sequence(l, c);
}

static size_t printable_run(const char *s, size_t len) {
    size_t n = 0;
    while (n < len && (unsigned char)s[n] >= 0x20 && s[n] != 0x7f)
        n++;
    return n;
}

void terminal_lines_feed(struct terminal_lines *l, const char *bytes, size_t len) {
    for (size_t i = 0; i < len;) {
        bool text = l->state == TERMINAL_TEXT && !l->after_return;
        size_t run = text ? printable_run(bytes + i, len - i) : 0;
        if (run)
            buf_add(&l->text, bytes + i, run);
        else
            byte(l, (unsigned char)bytes[i++]);
        i += run;
    }
}

void terminal_lines_finish(struct terminal_lines *l) {
    if (l->text.len || l->text.full)
        emit(l, false);
    else
        l->number--;
}

/* --- what CI systems put before a line ------------------------------------------------------- */

/* The length of s that fits: "d" is a digit, all else itself; 0 when it does not. */
static size_t shape(const char *s, size_t len, const char *pattern) {
    size_t n = strlen(pattern);
    if (n > len)
        return 0;
    for (size_t i = 0; i < n; i++)
        if (pattern[i] == 'd' ? !isdigit((unsigned char)s[i]) : pattern[i] != s[i])
            return 0;
    return n;
}

static size_t zone(const char *s, size_t len) {
    if (len && *s == 'Z')
        return 1;
    if (!len || (*s != '+' && *s != '-'))
        return 0;
    size_t n = shape(s + 1, len - 1, "dd:dd");
    if (!n)
        n = shape(s + 1, len - 1, "dddd");
    return n ? n + 1 : 0;
}

/* "2026-11-23T08:50:55.123Z" or "08:50:55"; 0 when there is none at s. */
static size_t time_stamp(const char *s, size_t len) {
    size_t n = shape(s, len, "dddd-dd-dd");
    if (n && n < len && (s[n] == 'T' || s[n] == ' '))
        n++;
    else if (n)
        return 0;
    size_t clock = shape(s + n, len - n, "dd:dd:dd");
    if (!clock)
        return 0;
    n += clock;
    if (n < len && (s[n] == '.' || s[n] == ','))
        for (n++; n < len && isdigit((unsigned char)s[n]); n++)
            ;
    return n + zone(s + n, len - n);
}

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

/* The prefix at s with the one blank behind it; 0 when there is none. */
static size_t one_prefix(const char *s, size_t len) {
    size_t n = time_stamp(s, len);
    if (!n && len && *s == '[') {
        const char *close = memchr(s, ']', len < 80 ? len : 80);
        n = close ? (size_t)(close - s) + 1 : 0;
    }
    if (n)
        return n == len ? n : is_blank(s[n]) ? n + 1 : 0;
    while (n < len && (isalnum((unsigned char)s[n]) || strchr("_.-/", s[n])))
        n++;
    if (!n)
        return 0;
    while (n < len && is_blank(s[n]))
        n++;
    return n + 1 < len && s[n] == '|' && is_blank(s[n + 1]) ? n + 2 : 0;
}

/* "job <tab> step <tab> time text": everything up to a time stamp behind a tab. */
static size_t tab_fields(const char *s, size_t len) {
    for (size_t i = 0; i + 1 < len; i++)
        if (s[i] == '\t' && time_stamp(s + i + 1, len - i - 1))
            return i + 1;
    return 0;
}

const char *terminal_without_prefix(const char *s, size_t *len) {
    size_t n = tab_fields(s, *len);
    for (int i = 0; i < 3; i++) {
        s += n;
        *len -= n;
        n = one_prefix(s, *len);
        if (!n)
            break;
    }
    return s;
}

/* --- recognising ----------------------------------------------------------------------------- */

enum { LOOK_BYTES = 64 << 10 };

struct surest {
    int (*sure)(const struct terminal_line *l);
    int best;
};

static void look(void *self, const struct terminal_line *l) {
    struct surest *s = self;
    int sure = s->sure(l);
    s->best = sure > s->best ? sure : s->best;
}

int terminal_surest(const char *head, size_t len, int (*sure)(const struct terminal_line *l)) {
    struct surest s = {.sure = sure};
    struct terminal_lines lines;
    terminal_lines_init(&lines, &s, look);
    terminal_lines_feed(&lines, head, len < LOOK_BYTES ? len : LOOK_BYTES);
    terminal_lines_finish(&lines);
    terminal_lines_fini(&lines);
    return s.best;
}
