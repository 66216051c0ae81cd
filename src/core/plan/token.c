#include "plan/plan_parts.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/text.h"

enum { DIGITS_MAX = 24, FILE_MAX_BYTES = 200 };

/* --- the list --- */

static struct token *add(struct tokens *t, enum token_kind kind, const char *s, size_t len) {
    t->item = mem_grow(t->item, t->len, &t->cap, sizeof *t->item);
    struct token *it = &t->item[t->len++];
    *it = (struct token){.kind = kind, .s = s, .len = len};
    return it;
}

void tokens_mark(struct tokens *t, enum token_kind kind, char mark, long line) {
    struct token *it = add(t, kind, "", 0);
    it->mark = mark;
    it->line = line;
}

void tokens_clear(struct tokens *t) { t->len = 0; }

void tokens_fini(struct tokens *t) {
    free(t->item);
    *t = (struct tokens){0};
}

const struct token *token_at(const struct tokens *t, size_t i) {
    static const struct token end = {.kind = TOKEN_END, .s = ""};
    return i < t->len ? &t->item[i] : &end;
}

bool token_is(const struct token *t, const char *word) {
    enum { CASE_BIT = 0x20 }; /* most words differ in their first letter */
    return t->kind == TOKEN_WORD && ((t->s[0] ^ word[0]) & ~CASE_BIT) == 0 &&
           strncasecmp(t->s, word, t->len) == 0 && word[t->len] == '\0';
}

bool token_in(const struct token *t, const char *const *words) {
    for (; t->kind == TOKEN_WORD && *words; words++)
        if (token_is(t, *words))
            return true;
    return false;
}

bool token_is_mark(const struct token *t, char mark) {
    return t->kind == TOKEN_MARK && t->mark == mark;
}

/* --- numbers --- */

static bool digit(const char *s, const char *end) { return s < end && isdigit((unsigned char)*s); }

static size_t digits(const char *s, const char *end) {
    const char *p = s;
    while (digit(p, end))
        p++;
    return (size_t)(p - s);
}

/* A space that people put between thousands: blank, no-break, thin, narrow no-break. */
static size_t group_space(const char *s, const char *end) {
    static const char *const spaces[] = {" ", "\u00a0", "\u2009", "\u202f"};
    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++) {
        size_t n = strlen(spaces[i]);
        if ((size_t)(end - s) >= n && memcmp(s, spaces[i], n) == 0)
            return n;
    }
    return 0;
}

struct scan {
    char text[DIGITS_MAX + 1];
    size_t len;
    bool bad;
};

static void take(struct scan *n, const char *s, size_t len) {
    if (n->len + len > DIGITS_MAX) {
        n->bad = true;
        return;
    }
    memcpy(n->text + n->len, s, len);
    n->len += len;
    n->text[n->len] = '\0';
}

/* Groups of three behind a first group of one to three. Returns where they end. */
static const char *take_groups(struct scan *n, const char *p, const char *end, bool comma) {
    for (;;) {
        size_t gap = comma ? (p < end && *p == ',') : group_space(p, end);
        if (!gap || digits(p + gap, end) != 3)
            return p;
        take(n, p + gap, 3);
        p += gap + 3;
    }
}

/* What would make the digits before it mean something else: 10'000, 1.2.3, 1,23,4. */
static bool runs_on(const char *p, const char *end) {
    return p + 1 < end && strchr(".,'", *p) && isdigit((unsigned char)p[1]);
}

static const char *scan_number(const char *s, const char *end, struct number_style style,
                               struct token *out) {
    struct scan n = {0};
    size_t first = digits(s, end);
    const char *p = s + first;
    bool grouped = false;
    take(&n, s, first);
    out->form = NUMBER_PLAIN;
    if (first <= 3) {
        const char *before = p;
        p = take_groups(&n, p, end, true);
        if (p == before)
            p = take_groups(&n, p, end, false);
        grouped = p != before;
    }
    size_t decimals = p < end && (*p == '.' || *p == ',') ? digits(p + 1, end) : 0;
    if (decimals && *p == '.') {
        take(&n, p, decimals + 1);
        if (decimals == 3 && !grouped && style.decimal_comma && first <= 3 && s[0] != '0')
            out->form = NUMBER_DOUBTFUL;
        p += decimals + 1;
    } else if (decimals && decimals <= 2 && !grouped) {
        take(&n, ".", 1);
        take(&n, p + 1, decimals);
        out->form = style.thousands_comma ? NUMBER_DOUBTFUL : NUMBER_PLAIN;
        p += decimals + 1;
    }
    if (n.bad || runs_on(p, end))
        out->form = NUMBER_BAD;
    while (runs_on(p, end))
        p += 1 + digits(p + 1, end);
    out->number = strtod(n.text, NULL);
    return p;
}

struct number_style number_style_of(const char *text, size_t len) {
    struct number_style style = {false, false};
    const char *end = text + len;
    for (const char *p = text; p < end;) {
        size_t n = digits(p, end);
        if (!n) {
            p++;
            continue;
        }
        bool fresh = p == text || p[-1] != ',';
        p += n;
        if (p == end || *p != ',')
            continue;
        size_t behind = digits(p + 1, end);
        bool more = p + 1 + behind < end && p[1 + behind] == ',' && digit(p + 2 + behind, end);
        style.thousands_comma |= n <= 3 && behind == 3;
        style.decimal_comma |= fresh && !more && (behind == 1 || behind == 2);
    }
    return style;
}

/* --- addresses, paths, files --- */

static bool blank(const char *p, const char *end) {
    return p >= end || isspace((unsigned char)*p) || group_space(p, end);
}

static size_t run_length(const char *s, const char *end) {
    const char *p = s;
    while (p < end && !blank(p, end) && !strchr("|<>\"`", *p))
        p++;
    while (p > s && strchr(".,;:!?)]'*", p[-1]))
        p--;
    return (size_t)(p - s);
}

/* "http://" at s: the length of the address, else 0. */
static size_t url_length(const char *s, const char *end) {
    const char *p = s;
    while (p < end && p - s < 8 && isalpha((unsigned char)*p))
        p++;
    if (p == s || end - p < 4 || memcmp(p, "://", 3) != 0 || !isalnum((unsigned char)p[3]))
        return 0;
    return run_length(s, end);
}

static bool file_letter(char c) {
    return isalnum((unsigned char)c) || strchr("_-./=@+", c) || (unsigned char)c >= 0x80;
}

static size_t file_length(const char *s, const char *end) {
    static const char *const endings[] = {".js", ".ts", ".py", ".jmx"};
    const char *p = s;
    while (p < end && *p && file_letter(*p) && p - s < FILE_MAX_BYTES)
        p++;
    while (p > s && p[-1] == '.')
        p--;
    size_t n = (size_t)(p - s);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t m = strlen(endings[i]);
        if (n > m && memcmp(s + n - m, endings[i], m) == 0)
            return n;
    }
    return 0;
}

static const char *const per_what[] = {"s",      "sec", "second", "m", "min",
                                       "minute", "h",   "hour",   NULL};

/* A path begins with a slash that nothing stands before; "100 /s" is a rate. */
static size_t path_length(const struct tokens *t, const char *s, const char *end) {
    const struct token *before = t->len ? &t->item[t->len - 1] : NULL;
    bool method = before && token_in(before, words_methods);
    if (before && before->kind == TOKEN_NUMBER)
        return 0;
    if (method && blank(s + 1, end))
        return 1;
    if (s + 1 == end || !(isalnum((unsigned char)s[1]) || strchr("_{:~*.", s[1])))
        return 0;
    size_t n = run_length(s, end);
    struct token rest = {.kind = TOKEN_WORD, .s = s + 1, .len = n ? n - 1 : 0};
    return !method && token_in(&rest, per_what) ? 0 : n;
}

/* --- the text --- */

struct sign {
    const char *text;
    enum token_kind kind;
};

static const struct sign signs[] = {
    {"->", TOKEN_MARK},     {"\u2192", TOKEN_MARK}, {"\u2248", TOKEN_MARK}, {"\u2022", TOKEN_MARK},
    {"<=", TOKEN_LESS},     {"=<", TOKEN_LESS},     {"<", TOKEN_LESS},      {"\u2264", TOKEN_LESS},
    {"\u2a7d", TOKEN_LESS}, {">=", TOKEN_MORE},     {"=>", TOKEN_MORE},     {">", TOKEN_MORE},
    {"\u2265", TOKEN_MORE}, {"\u2a7e", TOKEN_MORE}, {"-", TOKEN_DASH},      {"_", TOKEN_DASH},
    {"\u2010", TOKEN_DASH}, {"\u2011", TOKEN_DASH}, {"\u2012", TOKEN_DASH}, {"\u2013", TOKEN_DASH},
    {"\u2014", TOKEN_DASH}, {"\u2212", TOKEN_DASH},
};

static size_t sign_at(const char *s, const char *end, enum token_kind *kind) {
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t n = strlen(signs[i].text);
        if ((size_t)(end - s) >= n && memcmp(s, signs[i].text, n) == 0) {
            *kind = signs[i].kind;
            return n;
        }
    }
    return 0;
}

static bool letter(const char *p, const char *end) {
    enum token_kind kind;
    if (p >= end)
        return false;
    if ((unsigned char)*p < 0x80)
        return isalpha((unsigned char)*p);
    return !sign_at(p, end, &kind) && !group_space(p, end);
}

/* Directly behind a number only letters belong to the word: 1h30m. */
static size_t word_length(const char *s, const char *end, bool behind_number) {
    const char *p = s;
    for (;;) {
        if (letter(p, end)) {
            uint32_t cp;
            p += text_decode(p, (size_t)(end - p), &cp);
        } else if (!behind_number && digit(p, end)) {
            p++;
        } else if (!behind_number && p < end && *p == '.' && p + 1 < end &&
                   isalnum((unsigned char)p[1])) {
            p++;
        } else {
            return (size_t)(p - s);
        }
    }
}

/* A full stop ends a sentence, unless it belongs to a short form: "approx. 100". */
static bool ends_sentence(const struct tokens *t, const char *p, const char *end) {
    static const char *const shorts[] = {"approx", "max", "min", "avg", "e.g", "i.e",
                                         "ca",     "req", "no",  "vs",  NULL};
    if (!strchr(".!?;", *p) || !blank(p + 1, end))
        return false;
    size_t n = t->len;
    bool shortened = *p == '.' && n && token_in(&t->item[n - 1], shorts);
    bool unit = n > 1 && t->item[n - 2].kind == TOKEN_NUMBER;
    return !shortened || unit;
}

/* One token at p. Returns where it ends. */
static const char *next(struct tokens *t, const char *text, const char *p, const char *end,
                        struct number_style style) {
    bool fresh = p == text || !(file_letter(p[-1]) || p[-1] == ':');
    bool opens = p == text || strchr(" \t(['\":=,*>", p[-1]) || (unsigned char)p[-1] >= 0x80;
    bool behind_number = t->len && t->item[t->len - 1].kind == TOKEN_NUMBER && p > text &&
                         p == t->item[t->len - 1].s + t->item[t->len - 1].len;
    enum token_kind kind = TOKEN_MARK;
    size_t n;
    if ((fresh || opens) && isalpha((unsigned char)*p) && (n = url_length(p, end))) {
        add(t, TOKEN_URL, p, n);
    } else if ((fresh || opens) && (n = file_length(p, end))) {
        add(t, TOKEN_FILE, p, n);
    } else if (opens && *p == '/' && (n = path_length(t, p, end))) {
        add(t, TOKEN_PATH, p, n);
    } else if (digit(p, end)) {
        struct token number = {0};
        const char *after = scan_number(p, end, style, &number);
        struct token *it = add(t, TOKEN_NUMBER, p, n = (size_t)(after - p));
        it->number = number.number;
        it->form = number.form;
    } else if (letter(p, end)) {
        add(t, TOKEN_WORD, p, n = word_length(p, end, behind_number));
    } else if ((n = sign_at(p, end, &kind))) {
        add(t, kind, p, n);
    } else {
        add(t, ends_sentence(t, p, end) ? TOKEN_END : TOKEN_MARK, p, n = 1)->mark = *p;
    }
    return p + n;
}

/* "-5" where nothing stands before the dash. */
static void make_negative(struct tokens *t) {
    struct token *n = &t->item[t->len - 1], *dash = n - 1;
    if (t->len < 2 || n->kind != TOKEN_NUMBER || !n->glued || dash->kind != TOKEN_DASH)
        return;
    bool alone = !dash->glued ||
                 (t->len > 2 && (dash[-1].kind == TOKEN_LESS || token_is_mark(&dash[-1], ':') ||
                                 token_is_mark(&dash[-1], '=')));
    if (!alone || dash->s[0] != '-')
        return;
    n->number = -n->number;
    n->glued = false;
    *dash = *n;
    t->len--;
}

void tokens_add(struct tokens *t, const char *s, size_t len, long line, struct number_style style) {
    const char *end = s + len;
    bool glued = false;
    for (const char *p = s; p < end;) {
        size_t space = isspace((unsigned char)*p) ? 1 : group_space(p, end);
        if (space) {
            p += space;
            glued = false;
            continue;
        }
        p = next(t, s, p, end, style);
        t->item[t->len - 1].line = line;
        t->item[t->len - 1].glued = glued;
        make_negative(t);
        glued = true;
    }
}
