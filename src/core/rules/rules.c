#include "rules/rules.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/embedded.h"
#include "base/file.h"
#include "base/markdown.h"
#include "base/mem.h"
#include "base/text.h"
#include "rules/parts.h"

static const struct document *const documents[DOCS] = {
    [DOC_MODELS] = &models_document,
    [DOC_VALIDATION] = &validation_document,
    [DOC_INFRASTRUCTURE] = &infrastructure_document,
    [DOC_DIAGNOSIS] = &diagnosis_document,
};

/* --- names ----------------------------------------------------------------------------------- */

static const struct {
    const char *name, *title;
} models[MODELS] = {
    [MODEL_LOAD] = {"load", "Load"},
    [MODEL_STRESS] = {"stress", "Stress"},
    [MODEL_SOAK] = {"soak", "Soak"},
};

const char *model_name(enum model m) { return models[m].name; }
const char *model_title(enum model m) { return models[m].title; }

bool model_parse(const char *word, enum model *m) {
    for (int i = 0; i < MODELS; i++)
        if (text_same(models[i].name, word)) {
            *m = (enum model)i;
            return true;
        }
    return false;
}

const char *op_text(enum rule_op op) {
    static const char *const texts[] = {
        [OP_LESS] = "<", [OP_LESS_EQUAL] = "<=", [OP_MORE_EQUAL] = ">="};
    return texts[op];
}

/* --- reading --------------------------------------------------------------------------------- */

bool rules_read(struct rules *r, enum rules_doc doc, const char *name, const char *text, size_t len,
                struct err *e) {
    struct markdown md;
    if (!markdown_parse(&md, text, len, e))
        return err_at(e, name, 0);
    struct rules *fresh = mem_new(1, sizeof *fresh);
    *fresh = *r;
    bool ok = sheet_read(documents[doc], &md, name, fresh, e);
    if (ok) {
        *r = *fresh;
        r->doc[doc].name = documents[doc]->name;
    }
    free(fresh);
    markdown_fini(&md);
    return ok;
}

bool rules_load_file(struct rules *r, enum rules_doc doc, const char *path, struct err *e) {
    struct doc source = {.name = documents[doc]->name, .team = true};
    size_t len;
    if (!text_copy(source.path, sizeof source.path, path))
        return err_set(e, ERR_LIMIT, "the path %.200s... is too long", path);
    char *text = file_read(path, MARKDOWN_MAX_BYTES, &len, e);
    if (!text)
        return false;
    bool ok = rules_read(r, doc, path, text, len, e);
    free(text);
    if (ok)
        r->doc[doc] = source;
    return ok;
}

const char *rules_builtin(enum rules_doc doc, size_t *len) {
    for (const struct embedded *f = embedded_rules; f->name; f++)
        if (strcmp(f->name, documents[doc]->name) == 0) {
            *len = f->len;
            return f->bytes;
        }
    *len = 0;
    return "";
}

static bool load_builtin(struct rules *r, enum rules_doc doc, struct err *e) {
    size_t len;
    const char *text = rules_builtin(doc, &len);
    r->doc[doc] = (struct doc){0};
    return rules_read(r, doc, documents[doc]->name, text, len, e);
}

/* Only a name that is not there leaves the built-in text: what cannot be looked at is an error, or
 * a team would be judged by rules it does not know of. */
static bool is_absent(const char *path) {
    struct stat st;
    return lstat(path, &st) != 0 && (errno == ENOENT || errno == ENOTDIR);
}

static bool load_document(struct rules *r, enum rules_doc doc, const char *dir, struct err *e) {
    char path[sizeof r->doc[doc].path];
    if (!dir)
        return load_builtin(r, doc, e);
    if (!file_join(path, sizeof path, dir, documents[doc]->name))
        return err_set(e, ERR_LIMIT, "the path of %s is too long", documents[doc]->name);
    return is_absent(path) ? load_builtin(r, doc, e) : rules_load_file(r, doc, path, e);
}

bool rules_load(struct rules *r, const char *dir, struct err *e) {
    *r = (struct rules){0};
    for (int doc = 0; doc < DOCS; doc++)
        r->doc[doc].name = documents[doc]->name;
    for (int doc = 0; doc < DOCS; doc++)
        if (!load_document(r, (enum rules_doc)doc, dir, e))
            return false;
    return true;
}

/* --- looking things up ----------------------------------------------------------------------- */

char *rules_place(const struct rules *r, enum rules_doc doc, long line, char *out, size_t size) {
    const struct doc *d = &r->doc[doc];
    bool own_name = !d->team || text_ends(d->path, d->name);
    int n = snprintf(out, size, "%s%s", d->team ? "" : "built-in ", own_name ? d->name : d->path);
    if (line > 0 && n >= 0 && (size_t)n < size)
        snprintf(out + n, size - (size_t)n, ":%ld", line);
    return out;
}

/* Rows of any table: each begins with its key, an array of characters. */
static const void *find_row(const void *rows, size_t count, size_t stride, const char *key) {
    for (size_t i = 0; i < count; i++) {
        const char *row = (const char *)rows + i * stride;
        if (strcmp(row, key) == 0)
            return row;
    }
    return NULL;
}

const struct limit_rule *rules_limit(const struct rules *r, const char *check) {
    return find_row(r->limit, r->limits, sizeof *r->limit, check);
}

const struct sample_rule *rules_sample(const struct rules *r, const char *statistic) {
    return find_row(r->sample, r->samples, sizeof *r->sample, statistic);
}

const struct tool_need *rules_tool(const struct rules *r, const char *tool) {
    return find_row(r->tool, r->tools, sizeof *r->tool, tool);
}

const struct diagnosis_row *rules_diagnosis(const struct rules *r, const char *id) {
    return find_row(r->diagnosis, r->diagnoses, sizeof *r->diagnosis, id);
}

/* --- selection ------------------------------------------------------------------------------- */

static bool is_word(char c) { return isalnum((unsigned char)c) || (unsigned char)c >= 0x80; }

/* A word of the rules begins a word of the goal: "leak" is in "memory leaks", "SLO" not in "slow".
 * An abbreviation must be the whole word. */
static bool occurs(const char *word, size_t len, const char *goal) {
    enum { ABBREVIATION_MAX = 3 };
    for (const char *at = goal; *at; at++) {
        if ((at > goal && is_word(at[-1])) || strncasecmp(at, word, len) != 0)
            continue;
        if (len > ABBREVIATION_MAX || !is_word(at[len]))
            return true;
    }
    return false;
}

static bool any_occurs(const char *words, const char *goal) {
    for (const char *at = words; *at;) {
        size_t whole = strcspn(at, ","), len = whole;
        const char *word = text_trim(at, &len);
        if (len > 0 && occurs(word, len, goal))
            return true;
        at += whole + (at[whole] == ',');
    }
    return false;
}

bool rules_select_model(const struct rules *r, const char *goal, enum model *m) {
    for (size_t i = 0; i < r->selections; i++)
        if (any_occurs(r->selection[i].words, goal)) {
            *m = r->selection[i].model;
            return true;
        }
    return false;
}
