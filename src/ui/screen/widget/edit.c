#include "edit.h"

#include <string.h>

#include "base/text.h"

static size_t most_of(const struct edit_line *l) {
    return l->most > 0 && l->most < EDIT_MAX_BYTES ? l->most : EDIT_MAX_BYTES - 1;
}

static void cut(struct edit_line *l, size_t from, size_t to) {
    memmove(l->text + from, l->text + to, l->len - to + 1);
    l->len -= to - from;
    l->cursor = from;
}

/* Inserts what is printable of a text and fits; whole characters only. */
static void insert_text(struct edit_line *l, const char *text) {
    size_t left = strlen(text);
    while (left > 0) {
        uint32_t cp;
        size_t used = text_decode(text, left, &cp);
        if (cp != UINT32_MAX)
            edit_insert(l, cp);
        text += used;
        left -= used;
    }
}

void edit_set(struct edit_line *l, const char *text, size_t most) {
    *l = (struct edit_line){.most = most};
    insert_text(l, text);
}

bool edit_insert(struct edit_line *l, uint32_t cp) {
    char bytes[4];
    enum text_class k = text_classify(cp);
    bool breaks = l->lines && cp == '\n';
    if (!breaks && k != TEXT_KEEP && (k != TEXT_COMBINE || l->cursor == 0))
        return false;
    size_t n = text_encode(cp, bytes);
    if (l->len + n > most_of(l))
        return false;
    memmove(l->text + l->cursor + n, l->text + l->cursor, l->len - l->cursor + 1);
    memcpy(l->text + l->cursor, bytes, n);
    l->len += n;
    l->cursor += n;
    return true;
}

static bool is_mark(const char *s, size_t len) {
    uint32_t cp;
    text_decode(s, len, &cp);
    return text_classify(cp) == TEXT_COMBINE;
}

/* Start of the character before `at`, with the marks that stand on it. */
static size_t before(const struct edit_line *l, size_t at) {
    while (at > 0) {
        do
            at--;
        while (at > 0 && ((unsigned char)l->text[at] & 0xc0) == 0x80);
        if (!is_mark(l->text + at, l->len - at))
            break;
    }
    return at;
}

static size_t behind(const struct edit_line *l, size_t at) {
    uint32_t cp;
    if (at >= l->len)
        return l->len;
    do
        at += text_decode(l->text + at, l->len - at, &cp);
    while (at < l->len && is_mark(l->text + at, l->len - at));
    return at;
}

bool edit_backspace(struct edit_line *l) {
    if (l->cursor == 0)
        return false;
    cut(l, before(l, l->cursor), l->cursor);
    return true;
}

bool edit_delete(struct edit_line *l) {
    if (l->cursor >= l->len)
        return false;
    cut(l, l->cursor, behind(l, l->cursor));
    return true;
}

bool edit_delete_word(struct edit_line *l) {
    size_t end = l->cursor, from = end;
    while (from > 0 && l->text[from - 1] == ' ')
        from--;
    while (from > 0 && l->text[from - 1] != ' ')
        from--;
    if (from == end)
        return false;
    cut(l, from, end);
    return true;
}

void edit_clear(struct edit_line *l) {
    l->text[0] = '\0';
    l->len = l->cursor = 0;
}

bool edit_left(struct edit_line *l) {
    size_t old = l->cursor;
    l->cursor = before(l, old);
    return l->cursor != old;
}

bool edit_right(struct edit_line *l) {
    size_t old = l->cursor;
    l->cursor = behind(l, old);
    return l->cursor != old;
}

void edit_home(struct edit_line *l) { l->cursor = 0; }

void edit_end(struct edit_line *l) { l->cursor = l->len; }
