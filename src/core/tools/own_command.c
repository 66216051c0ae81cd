#include "tools/own_command.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"

enum { WORD_MAX_BYTES = 120 };

/* A file read word by word. */
struct reading {
    const char *at, *end;
    long line;
};

/* Between the words of a command, and at its end. Quotes and code marks are no part of a word. */
static bool is_gap(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\'' || c == '"'; }
static bool is_end(const struct reading *r) {
    char c = *r->at;
    bool last = r->at + 1 == r->end || r->at[1] == '\n' || is_gap(r->at[1]);
    return c == ';' || c == '&' || c == '|' || c == '`' || (c == ',' && last);
}

/* A line that ends with \ goes on in the next one. */
static void skip_gap(struct reading *r) {
    for (; r->at < r->end; r->at++) {
        bool goes_on = *r->at == '\\' && r->at + 1 < r->end &&
                       (r->at[1] == '\n' || (r->at[1] == '\r' && r->at + 2 < r->end));
        bool escape = *r->at == '\\' && r->at + 1 < r->end && r->at[1] == '"';
        if (goes_on) {
            r->at = memchr(r->at, '\n', (size_t)(r->end - r->at));
            if (!r->at)
                r->at = r->end - 1;
            r->line++;
        } else if (!is_gap(*r->at) && !escape) {
            return;
        }
    }
}

/* The next word of this command; false at its end. */
static bool next_word(struct reading *r, char word[WORD_MAX_BYTES]) {
    size_t n = 0;
    skip_gap(r);
    const char *start = r->at;
    while (r->at < r->end && *r->at != '\n' && !is_gap(*r->at) && !is_end(r)) {
        if (*r->at == '\\' && r->at > start)
            break;
        if (n + 1 < WORD_MAX_BYTES)
            word[n++] = *r->at;
        r->at++;
    }
    word[n] = '\0';
    return n > 0;
}

/* "k6", "/opt/k6/k6", "jmeter.sh" */
static bool is_program(const struct tool *tool, const char *word) {
    const char *base = file_base(word);
    size_t n = strlen(tool->name);
    return strncmp(base, tool->name, n) == 0 &&
           (base[n] == '\0' || strcmp(base + n, ".sh") == 0 || strcmp(base + n, ".bat") == 0 ||
            strcmp(base + n, ".exe") == 0);
}

/* "--vus", "--vus=5", "-u", "-u5" */
static bool is_flag(const char *flag, const char *word) {
    size_t n = strlen(flag);
    if (strncmp(word, flag, n) != 0)
        return false;
    bool is_long = flag[1] == '-';
    return word[n] == '\0' || (is_long && word[n] == '=') || !is_long;
}

static bool is_harmless(const struct load_flag *f, const char *word) {
    for (const char *const *n = f->not ; n && *n; n++)
        if (text_starts(word, *n))
            return true;
    return false;
}

static const struct load_flag *flag_of(const struct tool *tool, const char *word) {
    for (const struct load_flag *f = tool->load_flags; f->flag; f++)
        if (is_flag(f->flag, word) && !is_harmless(f, word))
            return f;
    return NULL;
}

static void add_flag(char *flags, size_t size, const char *word) {
    size_t n = strlen(flags);
    int shown = (int)strcspn(word, "=");
    snprintf(flags + n, size - n, "%s%.*s", n ? ", " : "", shown < 40 ? shown : 40, word);
}

/* One command, behind its program. */
static void read_command(const struct tool *tool, struct reading *r, const char *file,
                         struct findings *out) {
    char word[WORD_MAX_BYTES], flags[160] = "";
    const char *effect = NULL;
    enum finding_level level = FINDING_INFO;
    long line = r->line;
    bool runs = !tool->run_word;
    while (next_word(r, word)) {
        const struct load_flag *f = flag_of(tool, word);
        runs = runs || strcmp(word, tool->run_word) == 0;
        if (!f)
            continue;
        add_flag(flags, sizeof flags, word);
        if (!effect || f->level > level) {
            effect = f->effect;
            level = f->level;
        }
    }
    if (!effect || !runs)
        return;
    struct finding *it = findings_add(
        out, level, "own-command",
        "This command has %s: %s. Run the new script with the command that perfscale prints.",
        flags, effect);
    it->line = line;
    text_copy(it->file, sizeof it->file, file);
}

void own_command_scan(const struct tool *tool, const char *text, size_t len, const char *file,
                      struct findings *out) {
    struct reading r = {text, text + len, 1};
    char word[WORD_MAX_BYTES];
    if (!tool->load_flags)
        return;
    while (r.at < r.end) {
        if (next_word(&r, word)) {
            if (is_program(tool, word))
                read_command(tool, &r, file, out);
            continue;
        }
        if (r.at < r.end) {
            r.line += *r.at == '\n';
            r.at++;
        }
    }
}
