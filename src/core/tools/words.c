#include "tools/words.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"

struct words words_begin(struct command *c, struct err *e) {
    *c = (struct command){.parts = 1};
    return (struct words){.c = c, .e = e, .ok = true};
}

void words_plain(struct words *w, const char *words) {
    char *to = w->c->part[w->c->parts - 1];
    size_t size = sizeof w->c->part[0], len = strlen(to);
    if (w->ok &&
        len + (size_t)snprintf(to + len, size - len, "%s%s", len ? " " : "", words) >= size)
        w->ok = err_set(w->e, ERR_LIMIT, "the command is longer than %zu bytes", size - 1);
}

void words_quoted(struct words *w, const char *word) {
    w->ok = w->ok && shell_quote(word, w->c->part[w->c->parts - 1], sizeof w->c->part[0], w->e);
}

void words_part(struct words *w) { w->c->parts++; }

/* The parts, joined by spaces, are the line. */
bool words_end(struct words *w) {
    char *line = w->c->line;
    size_t size = sizeof w->c->line, len = 0;
    for (int i = 0; w->ok && i < w->c->parts; i++) {
        int n = snprintf(line + len, size - len, "%s%s", i ? " " : "", w->c->part[i]);
        if (n < 0 || (size_t)n >= size - len)
            w->ok = err_set(w->e, ERR_LIMIT, "the command is longer than %zu bytes", size - 1);
        else
            len += (size_t)n;
    }
    return w->ok;
}

/* A path that begins with "-" would be a flag. */
void words_script(struct words *w, const char *script) {
    char path[sizeof w->c->part[0]];
    int n = snprintf(path, sizeof path, "%s%s", *script == '-' ? "./" : "", script);
    if (n < 0 || (size_t)n >= sizeof path)
        w->ok = err_set(w->e, ERR_LIMIT, "the name of the script is too long");
    words_plain(w, "");
    words_quoted(w, path);
}

/* Result file of that ending in the script's folder, as named in the command. */
const char *words_result(struct words *w, const char *script, const char *stem, const char *end) {
    struct command *c = w->c;
    size_t folder = (size_t)(file_base(script) - script);
    char *name = c->file[c->files];
    int n = snprintf(name, sizeof c->file[0], "%s%.*s%s%s", *script == '-' && folder ? "./" : "",
                     (int)folder, script, stem, end);
    if (n < 0 || (size_t)n >= sizeof c->file[0]) {
        w->ok = err_set(w->e, ERR_LIMIT, "the names of the result files are too long");
        name[0] = '\0';
    }
    c->files++;
    return name;
}

void words_unset(struct words *w, const char *variable, const char *effect, bool first) {
    char words[64];
    snprintf(words, sizeof words, "%s-u %s", first ? "env " : "", variable);
    words_plain(w, words);
    findings_add(&w->c->findings, FINDING_WARNING, "environment",
                 "%s is set in this shell: %s. The command takes it away.", variable, effect);
}

void words_option(struct words *w, const char *option, const char *file) {
    words_plain(w, option);
    words_quoted(w, file);
}

void words_stem(const char *script, char *out, size_t size) {
    text_copy(out, size, file_base(script));
    char *dot = strrchr(out, '.');
    if (dot && dot != out)
        *dot = '\0';
    for (char *c = out; *c; c++)
        if (!isalnum((unsigned char)*c) && *c != '_' && *c != '-')
            *c = '_';
}
