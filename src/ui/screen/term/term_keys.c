/* Our own decoder and not curses' wgetch(): that one reads a byte per system call, knows one form
 * of each key, cannot tell what arrived in one go (which the guards against pastes need), and holds
 * the keys it has read back where nobody can drop them. A table and four small parsers do all of
 * it. */
#include "term_parts.h"

#include <string.h>

#include "base/text.h"

static const char paste_end[] = "\033[201~";
enum { PASTE_START = 200, PASTE_END_BYTES = sizeof paste_end - 1 };

/* ---- sequences: one key, one mouse report or one mark at the start of some bytes ---- */

struct unit {
    enum { UNIT_NOTHING, UNIT_KEY, UNIT_MOUSE, UNIT_PASTE } kind;
    uint32_t key;
    int number[3]; /* of a mouse report: button, column, row */
    bool released;
};

/* ESC [ LETTER, ESC O LETTER, with or without a number before the letter. */
static const struct {
    char letter;
    uint32_t key;
} letters[] = {
    {'A', KEYC_UP},     {'B', KEYC_DOWN},   {'C', KEYC_RIGHT},    {'D', KEYC_LEFT},
    {'H', KEYC_HOME},   {'F', KEYC_END},    {'P', KEYC_F1},       {'Q', KEYC_F1 + 1},
    {'R', KEYC_F1 + 2}, {'S', KEYC_F1 + 3}, {'Z', KEYC_BACK_TAB},
};

/* ESC [ NUMBER ~ ; index is the number. xterm, VT220, linux, rxvt and PuTTY together. */
static const uint32_t tildes[] = {
    [1] = KEYC_HOME,    [2] = KEYC_INSERT,    [3] = KEYC_DELETE,   [4] = KEYC_END,
    [5] = KEYC_PAGE_UP, [6] = KEYC_PAGE_DOWN, [7] = KEYC_HOME,     [8] = KEYC_END,
    [11] = KEYC_F1,     [12] = KEYC_F1 + 1,   [13] = KEYC_F1 + 2,  [14] = KEYC_F1 + 3,
    [15] = KEYC_F1 + 4, [17] = KEYC_F1 + 5,   [18] = KEYC_F1 + 6,  [19] = KEYC_F1 + 7,
    [20] = KEYC_F1 + 8, [21] = KEYC_F1 + 9,   [23] = KEYC_F1 + 10, [24] = KEYC_F12,
};

static struct unit key_unit(uint32_t key) {
    return (struct unit){.kind = key ? UNIT_KEY : UNIT_NOTHING, .key = key};
}

static uint32_t letter_key(char letter) {
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (letters[i].letter == letter)
            return letters[i].key;
    return 0;
}

/* Up to n numbers from s, separated by semicolons; what is not there is 0. */
static void read_numbers(const char *s, size_t len, int *number, size_t n) {
    enum { NUMBER_MAX = 9999 };
    size_t at = 0;
    for (size_t i = 0; i < len && at < n; i++) {
        if (s[i] == ';')
            at++;
        else if (s[i] >= '0' && s[i] <= '9' && number[at] <= NUMBER_MAX)
            number[at] = number[at] * 10 + (s[i] - '0');
    }
}

static struct unit mouse_unit(int button, int col, int row, bool released) {
    return (struct unit){.kind = UNIT_MOUSE, .number = {button, col, row}, .released = released};
}

/* ESC [ parameters final; s and len are the parameters. */
static struct unit csi_unit(const char *s, size_t len, char final) {
    int n[3] = {0};
    if (len > 0 && s[0] == '<') {
        read_numbers(s + 1, len - 1, n, 3);
        return mouse_unit(n[0], n[1], n[2], final == 'm');
    }
    if (len > 0 && s[0] > '9') /* an answer of the terminal */
        return key_unit(0);
    read_numbers(s, len, n, 1);
    if (final != '~') /* above 1: a cursor position, which looks like F3 */
        return key_unit(n[0] <= 1 ? letter_key(final) : 0);
    if (n[0] == PASTE_START)
        return (struct unit){.kind = UNIT_PASTE};
    return key_unit((size_t)n[0] < sizeof tildes / sizeof *tildes ? tildes[n[0]] : 0);
}

/* ESC [ M and three bytes, each 32 above its value: mice of terminals without the decimal form. */
static size_t read_old_mouse(const char *s, size_t len, struct unit *u) {
    enum { BASE = 32, RELEASED = 3 };
    if (len < 6)
        return 0;
    int button = (unsigned char)s[3] - BASE;
    *u = mouse_unit(button, (unsigned char)s[4] - BASE, (unsigned char)s[5] - BASE,
                    (button & RELEASED) == RELEASED);
    return 6;
}

/* The linux console's F1 to F5: ESC [ [ A to ESC [ [ E. */
static size_t read_linux_key(const char *s, size_t len, struct unit *u) {
    if (len < 4)
        return 0;
    *u = key_unit(s[3] >= 'A' && s[3] <= 'E' ? KEYC_F1 + (uint32_t)(s[3] - 'A') : 0);
    return 4;
}

/* ESC [ or ESC O, parameters and intermediates, a final byte. A byte that cannot be part of it ends
 * the sequence before it. */
static size_t read_csi(const char *s, size_t len, struct unit *u) {
    bool csi = s[1] == '[';
    if (csi && len > 2 && s[2] == 'M')
        return read_old_mouse(s, len, u);
    if (csi && len > 2 && s[2] == '[')
        return read_linux_key(s, len, u);
    size_t i = 2;
    while (i < len && i < SEQUENCE_BYTES && s[i] >= 0x20 && s[i] < 0x40)
        i++;
    if (i == len)
        return 0;
    if (s[i] < 0x40 || s[i] > 0x7e)
        return i;
    if (csi)
        *u = csi_unit(s + 2, i - 2, s[i]);
    else
        *u = key_unit(s[i] == 'M' ? KEYC_ENTER /* of the number block */ : letter_key(s[i]));
    return i + 1;
}

/* An answer of the terminal that somebody else asked for: ESC ] text BEL, or ESC ] text ESC \ . */
static size_t read_string(const char *s, size_t len) {
    size_t i = 2;
    for (; i < len && i < SEQUENCE_BYTES; i++) {
        if (s[i] == '\a')
            return i + 1;
        if (s[i] == '\033')
            return i + 1 == len ? 0 : s[i + 1] == '\\' ? i + 2 : i;
    }
    return i == len ? 0 : i;
}

/* A function above and below returns the bytes used, 0 when more must come. */
static size_t read_escape(const char *s, size_t len, struct unit *u) {
    if (len == 1)
        return 0;
    if (s[1] == '[' || s[1] == 'O')
        return read_csi(s, len, u);
    if (s[1] == ']' || s[1] == 'P')
        return read_string(s, len);
    *u = key_unit(KEYC_ESC); /* and then a key of its own */
    return 1;
}

/* The start of a character in UTF-8, so far without a mistake. */
static bool is_unfinished(const char *s, size_t len) {
    unsigned char lead = (unsigned char)s[0];
    size_t want = lead > 0xf4 ? 0 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
    for (size_t i = 1; i < len && i < want; i++)
        if (((unsigned char)s[i] & 0xc0) != 0x80)
            return false;
    return len < want;
}

static size_t read_character(const char *s, size_t len, struct unit *u) {
    uint32_t cp;
    if (is_unfinished(s, len))
        return 0;
    size_t used = text_decode(s, len, &cp);
    enum text_class k = text_classify(cp);
    if (cp < 0x80 || k == TEXT_KEEP || k == TEXT_COMBINE)
        *u = key_unit(cp);
    return used;
}

/* What stands at the start of s. Returns the bytes used; 0 when more must come, which is never so
 * when `last` says that nothing will: then a lone ESC is the key and half a sequence is nothing. */
static size_t read_unit(const char *s, size_t len, bool last, struct unit *u) {
    *u = (struct unit){0};
    size_t used = s[0] == '\033' ? read_escape(s, len, u) : read_character(s, len, u);
    if (used > 0 || !last)
        return used;
    *u = key_unit(len == 1 && s[0] == '\033' ? KEYC_ESC : 0);
    return len;
}

/* ---- pastes ---- */

static void paste_begin(struct keys *k) {
    buf_clear(&k->paste);
    k->paste_bytes = 0;
    k->mark_bytes = 0;
    k->after_cr = false;
    k->unmarked = false;
    k->mode = KEYS_PASTING;
}

static void paste_char(struct keys *k, char c) {
    bool second = c == '\n' && k->after_cr; /* CR LF is one line end */
    k->after_cr = c == '\r';
    if (second)
        return;
    buf_char(&k->paste, c == '\r' ? '\n' : c);
    k->paste_bytes++;
}

static void drain(struct keys *k, enum event_kind kind, size_t len) {
    k->coming = (struct event){.kind = kind, .paste_len = len};
    k->mode = KEYS_DRAINING;
}

static void paste_over(struct keys *k, bool complete) {
    bool cut = !complete || k->paste_bytes > PASTE_MAX_BYTES;
    drain(k, cut ? EVENT_PASTE_CUT : EVENT_PASTE, k->paste_bytes);
    if (cut)
        buf_clear(&k->paste);
}

/* One byte of a paste. The bytes of an end mark are held back until it is clear that they are one;
 * it starts with its only ESC, so a false start ends where the next one may begin. */
static void paste_byte(struct keys *k, char c) {
    if (c == paste_end[k->mark_bytes]) {
        if (++k->mark_bytes == PASTE_END_BYTES)
            paste_over(k, true);
        return;
    }
    for (size_t i = 0; i < k->mark_bytes; i++)
        paste_char(k, paste_end[i]);
    k->mark_bytes = c == paste_end[0];
    if (!k->mark_bytes)
        paste_char(k, c);
}

/* ---- what arrived ---- */

/* The pending bytes from `at` on are the start of a paste. */
static void paste_pending(struct keys *k, size_t at, bool unmarked) {
    paste_begin(k);
    k->unmarked = unmarked;
    for (size_t i = at; i < k->len && k->mode == KEYS_PASTING; i++)
        paste_byte(k, k->pending[i]);
}

/* Keys that were just typed, or a paste without marks? Behind a start mark everything is paste. */
static void sort_out(struct keys *k) {
    struct unit u = {0};
    size_t keys = 0, at = 0, used = 0;
    uint32_t first = 0;
    bool differ = false;
    for (; at < k->len; at += used) {
        used = read_unit(k->pending + at, k->len - at, false, &u);
        if (used == 0 || u.kind == UNIT_PASTE)
            break;
        if (u.kind == UNIT_KEY && keys++ == 0)
            first = u.key;
        differ |= u.kind == UNIT_KEY && u.key != first;
    }
    bool burst = keys > BURST_KEYS && differ;
    if (burst && k->expected) {
        paste_pending(k, 0, true);
        k->len = 0;
    } else if (burst) {
        drain(k, EVENT_BURST, k->len);
        k->len = 0;
    } else if (u.kind == UNIT_PASTE) {
        paste_pending(k, at + used, false);
        k->len = at;
    }
}

static void feed_typing(struct keys *k, const char *bytes, size_t len) {
    size_t room = sizeof k->pending - k->len;
    size_t n = len < room ? len : room;
    memcpy(k->pending + k->len, bytes, n);
    k->len += n;
    sort_out(k);
}

void keys_feed(struct keys *k, const char *bytes, size_t len, int64_t now_ms) {
    k->now_ms = now_ms;
    k->last = false;
    if (k->mode == KEYS_TYPING)
        feed_typing(k, bytes, len);
    else if (k->mode == KEYS_PASTING)
        for (size_t i = 0; i < len && k->mode == KEYS_PASTING; i++)
            paste_byte(k, bytes[i]);
    else if (k->coming.kind == EVENT_BURST)
        k->coming.paste_len += len;
}

/* ---- what is given out ---- */

static bool mouse_event(struct keys *k, const struct unit *u, struct event *ev) {
    enum { SHIFTS = 4 | 8 | 16, LEFT = 0, WHEEL_UP = 64, WHEEL_DOWN = 65 };
    int button = u->number[0] & ~SHIFTS;
    if (u->released || (button != LEFT && button != WHEEL_UP && button != WHEEL_DOWN))
        return false;
    *ev = (struct event){.kind = EVENT_MOUSE, .col = u->number[1] - 1, .row = u->number[2] - 1};
    ev->button = button == LEFT       ? MOUSE_LEFT
                 : button == WHEEL_UP ? MOUSE_WHEEL_UP
                                      : MOUSE_WHEEL_DOWN;
    if (button != LEFT)
        return true;
    ev->twice = k->click.kind == EVENT_MOUSE && k->click.row == ev->row &&
                k->click.col == ev->col && k->now_ms - k->click_ms <= DOUBLE_CLICK_MS;
    k->click = *ev;
    k->click_ms = k->now_ms;
    if (ev->twice)
        k->click.kind = EVENT_NONE; /* a third click starts anew */
    return true;
}

static bool key_event(const struct keys *k, const struct unit *u, struct event *ev) {
    bool erase = u->key == '\b' || (u->key == k->erase && k->erase != 0);
    *ev = (struct event){.kind = EVENT_KEY, .key = erase ? KEYC_BACKSPACE : u->key};
    return true;
}

bool keys_next(struct keys *k, struct event *ev) {
    struct unit u;
    size_t used;
    while (k->len > 0 && (used = read_unit(k->pending, k->len, k->last, &u)) > 0) {
        k->len -= used;
        memmove(k->pending, k->pending + used, k->len);
        if (u.kind == UNIT_KEY ? key_event(k, &u, ev)
                               : u.kind == UNIT_MOUSE && mouse_event(k, &u, ev))
            return true;
    }
    *ev = k->ready;
    k->ready.kind = EVENT_NONE;
    return ev->kind != EVENT_NONE;
}

int keys_silence_ms(const struct keys *k) {
    switch (k->mode) {
    case KEYS_PASTING:
        return PASTE_SILENCE_MS;
    case KEYS_DRAINING:
        return DRAIN_QUIET_MS;
    case KEYS_TYPING:
        break;
    }
    return k->len > 0 ? k->esc_delay_ms : -1;
}

void keys_silent(struct keys *k) {
    k->last = true;
    if (k->mode == KEYS_TYPING)
        return;
    if (k->mode == KEYS_PASTING)
        paste_over(k, k->unmarked);
    if (!k->unwanted)
        k->ready = k->coming;
    if (k->ready.kind == EVENT_PASTE)
        k->ready.paste = k->paste.data;
    k->unwanted = false;
    k->mode = KEYS_TYPING;
}

void keys_drop(struct keys *k) {
    k->len = 0;
    k->ready.kind = EVENT_NONE;
    k->unwanted = k->mode != KEYS_TYPING;
}

void keys_init(struct keys *k, int esc_delay_ms) {
    *k = (struct keys){.esc_delay_ms = esc_delay_ms > 0 ? esc_delay_ms : ESC_DELAY_MS};
    buf_init(&k->paste, PASTE_MAX_BYTES);
}

void keys_fini(struct keys *k) { buf_fini(&k->paste); }
