#include "wrap.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

static int width_n(const struct grid *g, const char *text, size_t len) {
    char small[256];
    if (len < sizeof small) {
        memcpy(small, text, len);
        small[len] = '\0';
        return grid_width(g, small);
    }
    char *copy = mem_strndup(text, len);
    int width = grid_width(g, copy);
    free(copy);
    return width;
}

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

static size_t blanks(const char *text) {
    size_t n = 0;
    while (is_blank(text[n]))
        n++;
    return n;
}

/* A number keeps its unit. */
static bool unit_follows(const char *blank) {
    static const char *const units[] = {" %", " ms", " RPS", " VUs"};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strncmp(blank, units[i], strlen(units[i])) == 0)
            return true;
    return false;
}

static size_t word(const char *text) {
    size_t n = 0;
    while (text[n] && (!is_blank(text[n]) || (n > 0 && unit_follows(text + n))))
        n++;
    return n;
}

/* As word(), but a blank inside quotes or behind a backslash is part of it. */
static size_t shell_word(const char *text) {
    size_t n = 0;
    char quote = '\0';
    for (; text[n] && (quote || !is_blank(text[n])); n++) {
        if (quote) {
            if (text[n] == quote)
                quote = '\0';
        } else if (text[n] == '\'' || text[n] == '"') {
            quote = text[n];
        } else if (text[n] == '\\' && text[n + 1]) {
            n++;
        }
    }
    return n;
}

/* As many characters of a word as fit, at least one. */
static size_t broken_word(const struct grid *g, const char *text, size_t len, int cols) {
    size_t n = 0;
    int width = 0;
    while (n < len) {
        uint32_t cp;
        size_t used = text_decode(text + n, len - n, &cp);
        width += width_n(g, text + n, used);
        if (n > 0 && width > cols)
            break;
        n += used;
    }
    return n;
}

static size_t whole_words(const struct grid *g, const char *text, int cols,
                          size_t (*measure)(const char *)) {
    size_t end = 0;
    int width = 0;
    while (text[end]) {
        size_t gap = blanks(text + end), n = measure(text + end + gap);
        if (n == 0)
            break;
        width += width_n(g, text + end, gap + n);
        if (end > 0 && width > cols)
            break;
        end += gap + n;
        if (width > cols)
            break;
    }
    return end;
}

size_t wrap_line(const struct grid *g, const char *text, int cols, size_t *next) {
    size_t end = whole_words(g, text, cols, word);
    if (width_n(g, text, end) > cols)
        end = broken_word(g, text, end, cols);
    *next = end + blanks(text + end);
    return end;
}

size_t wrap_command(const struct grid *g, const char *text, int cols, size_t *next) {
    size_t end = whole_words(g, text, cols, shell_word);
    *next = end + blanks(text + end);
    return end;
}
