#include "ui/plain/print.h"

#include <cjson/cJSON.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/locale.h"
#include "base/mem.h"
#include "base/text.h"
#include "report/report.h"

enum { PRINT_MAX_BYTES = 8 << 20 };

static bool utf8 = true;

void print_init(void) { utf8 = locale_utf8(); }

static const struct {
    uint32_t cp;
    const char *ascii;
} folded[] = {
    {0x2713, "+"}, {0x2717, "x"}, {0x2298, "%"}, {0x25cf, "*"},   {0xb7, "-"},
    {0xb5, "u"},   {0x3bc, "u"},  {0xd7, "x"},   {0x2026, "..."}, {0x2192, "->"},
};

static const char *fold(uint32_t cp) {
    for (size_t i = 0; i < sizeof folded / sizeof *folded; i++)
        if (folded[i].cp == cp)
            return folded[i].ascii;
    return "?";
}

/* Clean text as the terminal can show it; the caller frees. */
static char *shown(const char *text, size_t len, enum text_lines lines) {
    char *clean = mem_new(len + 1, 1);
    text_clean(text, len, lines, clean, len + 1);
    if (utf8)
        return clean;
    struct buf b;
    buf_init(&b, PRINT_MAX_BYTES);
    size_t n = strlen(clean);
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        size_t used = text_decode(clean + i, n - i, &cp);
        if (cp < 0x80)
            buf_char(&b, (char)cp);
        else if (text_cp_width(cp) > 0)
            buf_str(&b, fold(cp));
        i += used;
    }
    free(clean);
    char *ascii = buf_take(&b);
    buf_fini(&b);
    return ascii;
}

static void __attribute__((format(printf, 2, 0)))
print_shown(enum text_lines lines, const char *fmt, va_list ap) {
    struct buf b;
    buf_init(&b, PRINT_MAX_BYTES);
    buf_vprintf(&b, fmt, ap);
    char *text = shown(b.data, b.len, lines);
    fputs(text, stdout);
    free(text);
    buf_fini(&b);
}

void print(const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    print_shown(TEXT_LINES, fmt, ap);
    va_end(ap);
}

void print_one(const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    print_shown(TEXT_ONE_LINE, fmt, ap);
    va_end(ap);
    putchar('\n');
}

void print_code(const char *text) {
    while (*text) {
        size_t n = strcspn(text, "\t");
        char *piece = shown(text, n, TEXT_LINES);
        fputs(piece, stdout);
        free(piece);
        text += n;
        for (; *text == '\t'; text++)
            putchar('\t');
    }
}

static bool is_ascii(const char *s) {
    while (*s && (unsigned char)*s < 0x80)
        s++;
    return !*s;
}

void print_command(const char *line) {
    print("  %s\n", line);
    if (!utf8 && !is_ascii(line))
        print("  This locale cannot show every character of it. Use LC_ALL=C.UTF-8.\n");
}

void print_aside(const char *text) {
    char *clean = shown(text, strlen(text), TEXT_LINES);
    fputs(clean, stderr);
    fflush(stderr);
    free(clean);
}

void print_json(char *json) {
    puts(json);
    free(json);
}

void print_json_line(char *json) {
    cJSON_Minify(json);
    print_json(json);
}

int print_error(const struct err *e, bool json) {
    char sentence[1200];
    err_sentence(e, sentence, sizeof sentence);
    char *clean = shown(sentence, strlen(sentence), TEXT_ONE_LINE);
    fflush(stdout);
    fprintf(stderr, "perfscale: %s\n", clean);
    free(clean);
    if (json)
        print_json_line(report_error_json(e)); /* watch has an object a line */
    return e->kind == ERR_MISSING ? 5 : 2;
}

void print_findings(const struct findings *f) {
    for (size_t i = 0; i < f->len; i++) {
        const struct finding *it = &f->item[i];
        char place[160] = "";
        if (it->file[0] && it->line > 0)
            snprintf(place, sizeof place, "%s:%ld: ", it->file, it->line);
        else if (it->file[0])
            snprintf(place, sizeof place, "%s: ", it->file);
        else if (it->line > 0)
            snprintf(place, sizeof place, "line %ld: ", it->line);
        print("%s %s%s\n", mark_sign(mark_of_finding(it->level)), place, it->text);
    }
}
