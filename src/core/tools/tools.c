#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "tools/jmeter/jmeter.h"
#include "tools/k6/k6.h"
#include "tools/k6/k6_rest.h"
#include "tools/live.h"
#include "tools/locust/locust.h"
#include "tools/locust/web.h"
#include "tools/series/series.h"
#include "tools/tool.h"

/* One row per load tool: a folder of its own and a line here. Nothing else knows their names. */
const struct tool *const tools[] = {
    &tool_k6, &tool_locust, &tool_jmeter, &tool_series, NULL,
};

/* And one for what a tool tells over HTTP. */
const struct live *const lives[] = {
    &k6_rest_live,
    &locust_web_live,
    NULL,
};

const struct tool *tool_find(const char *name) {
    for (const struct tool *const *t = tools; *t; t++)
        if (strcmp((*t)->name, name) == 0)
            return *t;
    return NULL;
}

/* What perfscale wrote itself is no baseline. */
static bool is_written_script(const char *name) {
    return text_starts(name, "load_") || text_starts(name, "stress_") || text_starts(name, "soak_");
}

const struct tool *tool_of_script(const char *name) {
    const char *base = file_base(name);
    if (is_written_script(base))
        return NULL;
    for (const struct tool *const *t = tools; *t; t++)
        for (const char *const *pattern = (*t)->scripts; *pattern; pattern++)
            if (fnmatch(*pattern, base, 0) == 0)
                return *t;
    return NULL;
}

/* Of two alike the first in the tables. */
static const struct reader *surest(const char *head, size_t len, bool lines, int *sure) {
    const struct reader *best = NULL;
    *sure = 0;
    for (const struct tool *const *t = tools; *t; t++)
        for (const struct reader *const *r = (*t)->readers; *r; r++) {
            int n = lines || !(*r)->sniffs_lines ? (*r)->sniff(head, len) : 0;
            if (n > *sure) {
                *sure = n;
                best = *r;
            }
        }
    return best;
}

/* Printed texts cost the most to recognise, and most files are none. */
const struct reader *tool_reader(const char *head, size_t len) {
    int sure;
    const struct reader *r = surest(head, len, false, &sure);
    return sure > SUREST_OF_LINES ? r : surest(head, len, true, &sure);
}

const struct reader *tool_reader_named(const char *name) {
    for (const struct tool *const *t = tools; *t; t++)
        for (const struct reader *const *r = (*t)->readers; *r; r++)
            if (strcmp((*r)->name, name) == 0)
                return *r;
    return NULL;
}

const struct reader *tool_reader_for(const char *format, const char *head, size_t len) {
    const struct reader *told = tool_reader(head, len);
    bool named = format && !(told && told->gives == GIVES_MEMORY);
    return named ? tool_reader_named(format) : told;
}

void code_spans_fini(struct code_spans *s) {
    free(s->item);
    *s = (struct code_spans){0};
}

void command_fini(struct command *c) {
    findings_fini(&c->findings);
    *c = (struct command){0};
}

void distribution_fini(struct distribution *d) {
    for (size_t i = 0; i < d->len; i++)
        command_fini(&d->item[i]);
    free(d->item);
    free(d->manifest);
    findings_fini(&d->findings);
    *d = (struct distribution){0};
}

struct command *distribution_add(struct distribution *d) {
    d->item = mem_grow(d->item, d->len, &d->cap, sizeof *d->item);
    struct command *c = &d->item[d->len++];
    *c = (struct command){0};
    return c;
}

/* What the screen cannot show as it is, a person cannot copy: such a name gets no command. */
static bool can_be_shown(const char *word) {
    size_t len = strlen(word);
    for (size_t i = 0; i < len;) {
        uint32_t cp;
        i += text_decode(word + i, len - i, &cp);
        if (cp == UINT32_MAX)
            return false;
        enum text_class class = text_classify(cp);
        if (class != TEXT_KEEP && class != TEXT_COMBINE)
            return false;
    }
    return true;
}

static bool is_plain(const char *word) {
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./+-";
    return *word && *word != '-' && word[strspn(word, plain)] == '\0';
}

/* Bytes that the quoted word takes. */
static size_t quoted_bytes(const char *word) {
    size_t need = strlen(word);
    if (is_plain(word))
        return need;
    for (const char *c = word; *c; c++)
        need += *c == '\'' ? strlen("'\\''") - 1 : 0;
    return need + 2;
}

bool shell_quote(const char *word, char *out, size_t size, struct err *e) {
    if (!can_be_shown(word)) {
        err_set(e, ERR_REFUSED,
                "The file name contains a line break or another character that cannot be shown. "
                "perfscale prints no command for it");
        return err_fix(e, "rename the file or its folder");
    }
    char *to = out + strlen(out);
    if (quoted_bytes(word) >= size - strlen(out))
        return err_set(e, ERR_LIMIT, "the command is longer than %zu bytes", size - 1);
    if (is_plain(word)) {
        stpcpy(to, word);
        return true;
    }
    *to++ = '\'';
    for (const char *c = word; *c; c++) {
        if (*c == '\'')
            to = stpcpy(to, "'\\''");
        else
            *to++ = *c;
    }
    stpcpy(to, "'");
    return true;
}
