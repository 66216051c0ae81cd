/* Which waivers count, and the judgement with them. */
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "review/parts.h"

/* Not the verdict: each waiver changes that. */
static const enum sealed waived[] = {SEALED_RESULTS, SEALED_LIMITS, SEALED_RULES, SEALED_SCRIPT};

/* Newest first: a later waiver of the same check has been looked at before. */
static bool waived_later(const struct review *v, size_t i) {
    for (size_t k = i + 1; k < v->waivers; k++)
        if (v->waiver[k].valid && strcmp(v->waiver[k].said->on, v->waiver[i].said->on) == 0)
            return true;
    return false;
}

/* Fills why; "" when it counts. */
static void judge_waiver(struct review *v, size_t i) {
    struct waiver *w = &v->waiver[i];
    const struct check *c = judgement_find(&v->judgement, w->said->on);
    char metric[80];
    text_clean(w->said->on, strlen(w->said->on), TEXT_ONE_LINE, metric, sizeof metric);
    if (!w->said->proven)
        unconfirmed_words(w->said, w->why);
    else if (has_no_words(w->said->text))
        snprintf(w->why, WHY_BYTES, "no reason is given");
    else if (!c)
        snprintf(w->why, WHY_BYTES, "the run has no check %s", metric);
    else if (c->status == VERDICT_PASS)
        snprintf(w->why, WHY_BYTES, "%s is within its limit", metric);
    else if (waived_later(v, i))
        snprintf(w->why, WHY_BYTES, "a later waiver of %s counts", metric);
    else
        sealed_changed(&w->said->seal, &v->now, waived, sizeof waived / sizeof *waived, w->why);
    w->valid = w->why[0] == '\0';
}

void review_waivers(const struct said_list *said, struct review *out) {
    for (size_t i = 0; i < said->n; i++)
        out->waivers += said->item[i].kind == SAID_WAIVE;
    if (out->waivers == 0)
        return;
    out->waiver = mem_new(out->waivers, sizeof *out->waiver);
    size_t n = 0;
    for (size_t i = 0; i < said->n; i++)
        if (said->item[i].kind == SAID_WAIVE)
            out->waiver[n++].said = &said->item[i];
    while (n-- > 0)
        judge_waiver(out, n);
    for (size_t i = 0; i < out->waivers; i++) {
        const struct said *s = out->waiver[i].said;
        if (out->waiver[i].valid)
            judgement_waive(&out->judgement, s->on, s->by, s->text);
    }
}
