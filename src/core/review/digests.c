/* Hashes of what a run says, and which of them differ. */
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "review/parts.h"

enum { CANONICAL_MAX_BYTES = 8 << 20 };

/* --- a text that is the same for the same facts ----------------------------------------------- */

/* With its length before it, so that no text can stand for two. Cleaned: the store keeps texts as
 * they may be shown, and the hash is the same before and after. */
static void put_text(struct buf *b, const char *text) {
    size_t len = strlen(text);
    char *clean = mem_new(len + 1, 1);
    text_clean(text, len, TEXT_LINES, clean, len + 1);
    buf_printf(b, "%zu:%s ", strlen(clean), clean);
    free(clean);
}

static void put_number(struct buf *b, double x) {
    if (isnan(x))
        buf_str(b, "nan ");
    else
        buf_printf(b, "%.17g ", x);
}

static void digest_text(struct buf *b, char out[DIGEST_BYTES]) {
    digest_of(b->data, b->len, out);
    buf_fini(b);
}

void review_limits_digest(const struct judgement *j, char out[DIGEST_BYTES]) {
    struct buf b;
    buf_init(&b, CANONICAL_MAX_BYTES);
    buf_str(&b, "perfscale limits 1\n");
    for (size_t i = 0; i < j->checks; i++) {
        const struct check *c = &j->check[i];
        put_text(&b, c->metric);
        put_text(&b, op_text(c->op));
        put_number(&b, c->limit);
        put_text(&b, c->unit);
        put_text(&b, c->limit_from);
        buf_printf(&b, "%d\n", c->required);
    }
    digest_text(&b, out);
}

void review_verdict_digest(const struct judgement *j, char out[DIGEST_BYTES]) {
    struct buf b;
    buf_init(&b, CANONICAL_MAX_BYTES);
    buf_printf(&b, "perfscale verdict 1\n%s %s\n", model_name(j->model), verdict_name(j->verdict));
    for (size_t i = 0; i < j->checks; i++) {
        const struct check *c = &j->check[i];
        put_text(&b, c->metric);
        put_text(&b, verdict_name(c->status));
        put_number(&b, c->value);
        put_number(&b, c->limit);
        put_text(&b, op_text(c->op));
        buf_printf(&b, "%d ", c->near_limit);
        put_text(&b, c->waived_by);
        put_text(&b, c->waived_why);
        buf_char(&b, '\n');
    }
    for (size_t i = 0; i < j->causes; i++)
        put_text(&b, j->cause[i].id);
    digest_text(&b, out);
}

/* --- what changed ----------------------------------------------------------------------------- */

static const struct {
    const char *name;
    size_t offset;
} sealed[SEALEDS] = {
    [SEALED_RESULTS] = {"results", offsetof(struct hashes, results)},
    [SEALED_LIMITS] = {"limits", offsetof(struct hashes, limits)},
    [SEALED_RULES] = {"rules", offsetof(struct hashes, rules)},
    [SEALED_SCRIPT] = {"script", offsetof(struct hashes, script)},
    [SEALED_VERDICT] = {"verdict", offsetof(struct hashes, verdict)},
};

const char *sealed_name(enum sealed s) { return sealed[s].name; }

const char *sealed_of(const struct hashes *h, enum sealed s) {
    return (const char *)h + sealed[s].offset;
}

/* The digits that screens show. */
static void show_hash(const char *hash, char out[16]) {
    if (hash[0])
        snprintf(out, 16, "%.*s", DIGEST_SHOWN, hash);
    else
        text_copy(out, 16, "unknown");
}

bool sealed_changed(const struct hashes *was, const struct hashes *is, const enum sealed *order,
                    size_t n, char why[WHY_BYTES]) {
    struct text_out o = {.to = why, .size = WHY_BYTES};
    char from[16], to[16], first[80];
    size_t changed = 0;
    for (size_t i = 0; i < n; i++) {
        const char *a = sealed_of(was, order[i]), *b = sealed_of(is, order[i]);
        if (strcmp(a, b) == 0)
            continue;
        if (changed == 0) {
            show_hash(a, from);
            show_hash(b, to);
            snprintf(first, sizeof first, "%s changed from %s to %s", sealed_name(order[i]), from,
                     to);
        } else {
            snprintf(first, sizeof first, "%s%s", changed == 1 ? "; also " : ", ",
                     sealed_name(order[i]));
        }
        text_put(&o, first, strlen(first));
        changed++;
    }
    return changed > 0;
}
