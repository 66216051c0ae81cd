#include "tools/k6/k6_text.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum { DOTS_LEAST = 3 }; /* between a name and its colon */

static const struct {
    const char *bytes;
    enum k6_mark mark;
} marks[] = {
    {"\u2713", K6_MARK_OK},   /* ✓ */
    {"\u2717", K6_MARK_FAIL}, /* ✗ */
    {"\u221a", K6_MARK_OK},   /* √ and × of Windows consoles */
    {"\u00d7", K6_MARK_FAIL},
    {"\u00e2\u0153\u201c", K6_MARK_OK}, /* ✓ and ✗ taken for code page 1252 */
    {"\u00e2\u0153\u2014", K6_MARK_FAIL},
    {"\u0393\u00a3\u00f4", K6_MARK_OK}, /* and for code page 437 */
    {"\u0393\u00a3\u00f9", K6_MARK_FAIL},
    {"?", K6_MARK_UNREADABLE},
    {"\ufffd", K6_MARK_UNREADABLE},
};

static const char *const sections[] = {"CUSTOM",  "HTTP",       "EXECUTION", "NETWORK",
                                       "BROWSER", "WEB_VITALS", "GRPC",      "WEBSOCKET"};

static const char *const record_starts[] = {"time=\"", "INFO[", "WARN[",      "ERRO[",
                                            "FATA[",   "DEBU[", "{\"level\":"};

static bool starts(const char *s, size_t len, const char *with) {
    size_t n = strlen(with);
    return len >= n && memcmp(s, with, n) == 0;
}

static bool same(const char *s, size_t len, const char *word) {
    return strlen(word) == len && memcmp(s, word, len) == 0;
}

enum k6_mark k6_mark_at(const char *s, size_t n, size_t *len) {
    for (size_t i = 0; i < COUNT(marks); i++)
        if (starts(s, n, marks[i].bytes)) {
            *len = strlen(marks[i].bytes);
            return marks[i].mark;
        }
    *len = 0;
    return K6_NO_MARK;
}

/* From the dots behind a name on: ": values", or nothing when the terminal cut the line in the
 * dots. */
static bool dots(const char *s, size_t len, const char **rest, size_t *rest_len) {
    size_t n = 0;
    while (n < len && s[n] == '.')
        n++;
    if (n == len && n > 0) {
        *rest = s + len;
        *rest_len = 0;
        return true;
    }
    if (n < DOTS_LEAST || s[n] != ':')
        return false;
    *rest = s + n + 1;
    *rest_len = len - n - 1;
    return true;
}

static bool metric(const char *s, size_t len, struct k6_item *it) {
    size_t n = 0;
    while (n < len && (isalnum((unsigned char)s[n]) || s[n] == '_'))
        n++;
    if (n == 0 || n >= K6_NAME_MAX_BYTES || isdigit((unsigned char)s[0]) ||
        !dots(s + n, len - n, &it->rest, &it->rest_len))
        return false;
    it->kind = K6_METRIC;
    it->name = s;
    it->name_len = n;
    return true;
}

/* The tags may hold braces and dots themselves: the last brace with dots behind it ends them. */
static bool sub_metric(const char *s, size_t len, struct k6_item *it) {
    if (!len || s[0] != '{')
        return false;
    for (size_t i = len; i-- > 1;) {
        if (s[i] != '}' || !dots(s + i + 1, len - i - 1, &it->rest, &it->rest_len))
            continue;
        it->kind = K6_SUB_METRIC;
        it->name_len = i - 1;
        it->name = text_trim(s + 1, &it->name_len);
        return true;
    }
    return false;
}

/* "█ TOTAL RESULTS"; the block may be missing or be shown as something else. */
static bool title(const char *s, size_t len, struct k6_item *it) {
    size_t n = 0;
    while (n < len && ((unsigned char)s[n] >= 0x80 || s[n] == '?'))
        n++;
    bool symbol = n > 0 && n < len && s[n] == ' ';
    if (n && !symbol)
        return false;
    size_t rest_len = len - n;
    const char *rest = text_trim(s + n, &rest_len);
    if (same(rest, rest_len, "THRESHOLDS"))
        it->kind = K6_THRESHOLDS;
    else if (same(rest, rest_len, "TOTAL RESULTS"))
        it->kind = K6_TOTAL;
    else if (symbol &&
             (starts(rest, rest_len, "SCENARIO: ") || starts(rest, rest_len, "GROUP: "))) {
        it->kind = K6_PART;
        it->name = rest;
        it->name_len = strcspn(rest, ":");
        it->rest = rest + it->name_len + 2;
        it->rest_len = rest_len - it->name_len - 2;
    }
    return it->kind != K6_UNKNOWN;
}

static bool all_digits(const char *s, size_t len) {
    size_t n = 0;
    while (n < len && isdigit((unsigned char)s[n]))
        n++;
    return len > 0 && n == len;
}

static bool marked(const char *s, size_t len, struct k6_item *it) {
    size_t n;
    it->mark = k6_mark_at(s, len, &n);
    if (it->mark == K6_NO_MARK || n >= len || s[n] != ' ') {
        it->mark = K6_NO_MARK;
        return false;
    }
    size_t rest_len = len - n;
    const char *rest = text_trim(s + n, &rest_len);
    if (metric(rest, rest_len, it) || sub_metric(rest, rest_len, it))
        return true;
    it->kind = K6_CHECK;
    it->rest = rest;
    it->rest_len = rest_len;
    if (rest_len && *rest == '\'')
        it->kind = K6_THRESHOLD;
    else if (all_digits(rest, rest_len))
        it->kind = K6_MARK_NUMBER;
    return true;
}

/* "default ✗ [====>---] 28/70 VUs  22.0s/26.0s" */
static bool bar(const char *s, size_t len, struct k6_item *it) {
    static const char cut_off[] = " \u2717 [";
    const char *at = memmem(s, len, cut_off, sizeof cut_off - 1);
    if (!at || at == s)
        return false;
    it->kind = K6_BAR;
    it->name_len = (size_t)(at - s);
    it->name = text_trim(s, &it->name_len);
    it->rest = at + sizeof cut_off - 1;
    it->rest_len = len - (size_t)(it->rest - s);
    return true;
}

static enum k6_item_kind by_word(const char *s, size_t len) {
    for (size_t i = 0; i < COUNT(record_starts); i++)
        if (starts(s, len, record_starts[i]))
            return K6_LOG;
    for (size_t i = 0; i < COUNT(sections); i++)
        if (same(s, len, sections[i]))
            return K6_SECTION;
    if (starts(s, len, "running ("))
        return K6_PROGRESS;
    /* 0.26 has other words before it on the same line. */
    if (memmem(s, len, "execution: local", 16))
        return K6_BANNER;
    return K6_UNKNOWN;
}

struct k6_item k6_item_of(const char *s, size_t len) {
    struct k6_item it = {.kind = K6_UNKNOWN};
    s = text_trim(s, &len);
    if (!len) {
        it.kind = K6_BLANK;
        return it;
    }
    it.kind = by_word(s, len);
    if (it.kind != K6_UNKNOWN)
        return it;
    if (title(s, len, &it) || marked(s, len, &it) || metric(s, len, &it) ||
        sub_metric(s, len, &it) || bar(s, len, &it))
        return it;
    return it;
}
