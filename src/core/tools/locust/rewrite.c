#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "tools/locust/block_text.h"
#include "tools/locust/write.h"

static void place(const struct locust_script *s, struct finding *f, long line) {
    text_copy(f->file, sizeof f->file, s->src->file);
    f->line = line;
}

/* --- what the block sets aside --- */

static void note_shapes(const struct locust_script *s, struct findings *notes) {
    for (size_t i = 0; i < s->shapes.len; i++) {
        const struct locust_name *shape = &s->shapes.item[i];
        place(s,
              findings_add(notes, FINDING_INFO, "own-shape",
                           "%s is put aside (del): Locust runs the first shape that it finds.",
                           shape->name),
              shape->line);
    }
}

static void note_counts(const struct locust_script *s, const struct locust_wanted *w,
                        struct findings *notes) {
    for (size_t i = 0; i < w->classes; i++) {
        const struct locust_wanted_class *c = &w->cls[i];
        if (!(c->cls->fixed_count.value >= 1) ||
            (double)c->fixed_count == c->cls->fixed_count.value)
            continue;
        place(s,
              findings_add(notes, FINDING_INFO, "fixed-count",
                           "fixed_count = %.0f of %s is replaced by %ld: it would hold the load "
                           "down.",
                           c->cls->fixed_count.value, c->cls->name, c->fixed_count),
              c->cls->fixed_count.line);
    }
}

/* "Browse 51, Buy 17" */
static void note_weights(const struct locust_wanted *w, struct findings *notes) {
    char users[256] = "";
    for (size_t i = 0; i < w->classes; i++) {
        size_t len = strlen(users);
        snprintf(users + len, sizeof users - len, "%s%s %ld", i ? ", " : "", w->cls[i].cls->name,
                 w->cls[i].users);
    }
    if (w->classes > 1)
        findings_add(notes, FINDING_INFO, "weights",
                     "Weights become exact numbers of users (fixed_count): %s.", users);
}

static void note_without(const struct locust_script *s, const struct locust_wanted *w,
                         struct findings *notes) {
    for (size_t i = 0; i < w->without; i++)
        place(s,
              findings_add(notes, FINDING_WARNING, "class-without-users",
                           "%s carries no part of the target and gets no users. Give it a "
                           "fixed_count to run it beside the load.",
                           w->without_users[i]->name),
              w->without_users[i]->line);
}

static void note_pace(const struct locust_script *s, const struct locust_wanted *w,
                      struct findings *notes) {
    if (w->classes == 0 || !(w->cls[0].per_second > 0))
        return;
    for (size_t i = 0; i < w->classes; i++) {
        const struct locust_class *c = w->cls[i].cls;
        if (c->wait_ms.value != 0)
            place(s,
                  findings_add(notes, FINDING_INFO, "wait-replaced",
                               "wait_time of %s is replaced by a paced wait: as long as it takes "
                               "to keep the rate.",
                               c->name),
                  c->wait_ms.line ? c->wait_ms.line : c->line);
    }
    for (size_t i = 0; i < s->waits.len; i++)
        place(s,
              findings_add(notes, FINDING_INFO, "wait-replaced",
                           "wait_time of %s is replaced by the paced wait of its user.",
                           s->waits.item[i].name),
              s->waits.item[i].line);
    for (size_t i = 0; i < s->leaves.len; i++)
        place(s,
              findings_add(notes, FINDING_INFO, "interrupt-waits",
                           "%s leaves by interrupt() right after requests: its parent now waits "
                           "first, so that the rate holds.",
                           s->leaves.item[i].name),
              s->leaves.item[i].line);
}

static void note_host(const struct locust_script *s, struct findings *notes) {
    if (s->has_host || s->base_url[0])
        return;
    findings_add(notes, FINDING_WARNING, "no-host",
                 "No class sets a host: add -H URL to the command, or host = in a locust.conf.");
}

bool locust_rewrite(const struct source *src, const struct profile *p, struct edits *out,
                    struct findings *notes, struct err *e) {
    struct locust_script s;
    struct locust_wanted w;
    bool ok = locust_open(&s, src, e) && locust_wanted_make(&w, &s, p, e);
    if (ok) {
        struct block_text b;
        block_text_make(&b, &s, &w);
        bool same = strlen(b.text) == b.end - b.start &&
                    memcmp(b.text, src->text + b.start, b.end - b.start) == 0;
        if (!same)
            edits_add(out, b.start, b.end, b.text);
        block_text_fini(&b);
        note_shapes(&s, notes);
        note_counts(&s, &w, notes);
        note_weights(&w, notes);
        note_without(&s, &w, notes);
        note_pace(&s, &w, notes);
        note_host(&s, notes);
    }
    locust_close(&s);
    return ok;
}
