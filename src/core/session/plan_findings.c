/* All that is to be said about a plan, each remark once. */
#include <string.h>

#include "session/parts.h"

static bool said(const struct findings *all, const struct finding *it) {
    for (size_t i = 0; i < all->len; i++)
        if (all->item[i].line == it->line && strcmp(all->item[i].text, it->text) == 0)
            return true;
    return false;
}

static void add_new(struct findings *all, const struct findings *more) {
    for (size_t i = 0; i < more->len; i++) {
        if (said(all, &more->item[i]))
            continue;
        *findings_add(all, FINDING_INFO, "", "%s", "") = more->item[i];
    }
}

void script_findings(const struct script *sc, struct findings *out) {
    findings_append(out, &sc->findings);
    findings_append(out, &sc->machines.findings);
    add_new(out, &sc->command.findings);
    for (size_t i = 0; i < sc->machines.len; i++)
        add_new(out, &sc->machines.item[i].findings);
}

/* What the reading of the script has said of the same place, and the rewrite has not answered yet.
 */
static struct finding *answered(struct findings *all, bool *done, size_t of,
                                const struct finding *it) {
    for (size_t i = 0; i < of && it->line > 0; i++) {
        struct finding *old = &all->item[i];
        if (done[i] || old->line != it->line || strcmp(old->kind, it->kind) != 0 ||
            strcmp(old->file, it->file) != 0)
            continue;
        done[i] = true;
        return old;
    }
    return NULL;
}

/* What a rewrite does about a mistake takes the place of the mistake's own remark. */
static void answer(struct findings *all, const struct findings *more) {
    bool done[FINDINGS_MAX] = {0};
    size_t of = all->len;
    for (size_t i = 0; i < more->len; i++) {
        const struct finding *it = &more->item[i];
        struct finding *old = answered(all, done, of, it);
        enum finding_level level = it->level;
        if (said(all, it))
            continue;
        if (old && old->level > level)
            level = old->level;
        if (!old)
            old = findings_add(all, FINDING_INFO, "", "%s", "");
        *old = *it;
        old->level = level;
    }
}

void session_plan_findings(const struct session *s, struct findings *out) {
    struct findings script = {0};
    session_prerequisite_findings(s, out);
    session_load_findings(s, out);
    findings_append(out, &s->generators_why);
    script_findings(&s->script, &script);
    answer(out, &script);
    findings_fini(&script);
}
