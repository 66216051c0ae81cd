#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tools/locust/block_text.h"
#include "tools/locust/write.h"

static bool differs(const struct locust_script *s, struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static bool differs(const struct locust_script *s, struct err *e, const char *fmt, ...) {
    char what[200];
    va_list args;
    va_start(args, fmt);
    vsnprintf(what, sizeof what, fmt, args);
    va_end(args);
    err_set(e, ERR_INTERNAL, "the new script does not say what the plan says (%s)", what);
    err_at(e, s->src->file, s->block.line);
    return err_fix(e, "nothing was written; report this with the baseline");
}

static const struct locust_block_class *read_class(const struct locust_script *s,
                                                   const char *name) {
    for (size_t i = 0; i < s->block.classes; i++)
        if (strcmp(s->block.cls[i].name, name) == 0)
            return &s->block.cls[i];
    return NULL;
}

/* The written numbers are the plan's; their product is the plan's rate. */
static bool check_classes(const struct locust_script *s, const struct locust_wanted *w,
                          struct err *e) {
    static const double tolerance = 1e-4;
    for (size_t i = 0; i < w->classes; i++) {
        const struct locust_wanted_class *want = &w->cls[i];
        const struct locust_block_class *have = read_class(s, want->cls->name);
        if (!have || have->per_second != want->per_second)
            return differs(s, e, "pace of %s", want->cls->name);
        if (have->fixed_count != want->fixed_count)
            return differs(s, e, "fixed_count of %s", want->cls->name);
        double rate = have->per_second * (double)want->users / want->cls->waits;
        double planned = want->part->iteration_rps;
        if (have->per_second > 0 && fabs(rate - planned) > tolerance * planned)
            return differs(s, e, "rate of %s", want->cls->name);
    }
    return true;
}

static bool check_stages(const struct locust_script *s, const struct locust_wanted *w,
                         const struct profile *p, struct err *e) {
    if (s->block.stages != w->stages)
        return differs(s, e, "stages");
    for (size_t i = 0; i < w->stages; i++) {
        const struct locust_block_stage *have = &s->block.stage[i], *want = &w->stage[i];
        if (have->until_s != want->until_s || have->users != want->users ||
            have->rate != want->rate)
            return differs(s, e, "stage %zu", i + 1);
    }
    double end_s = w->stages ? s->block.stage[w->stages - 1].until_s : 0;
    return fabs(end_s - p->duration_s) < 0.001 || differs(s, e, "duration");
}

static bool same(double a, double b) { return a == b || (isnan(a) && isnan(b)); }

static bool check_block(const struct locust_script *s, const struct locust_wanted *w,
                        const struct profile *p, struct err *e) {
    if (!s->block.found)
        return differs(s, e, "no block");
    if (!check_classes(s, w, e) || !check_stages(s, w, p, e))
        return false;
    if (!same(s->block.abort_share, w->abort_share) ||
        !same(s->block.abort_seconds, w->abort_seconds))
        return differs(s, e, "abort");
    struct block_text b;
    block_text_make(&b, s, w);
    bool as_written = strlen(b.text) == b.end - b.start &&
                      memcmp(b.text, s->src->text + b.start, b.end - b.start) == 0;
    block_text_fini(&b);
    return as_written || differs(s, e, "its words");
}

bool locust_verify(const struct source *src, const struct profile *p, struct err *e) {
    struct locust_script s;
    struct locust_wanted w;
    bool ok =
        locust_open(&s, src, e) && locust_wanted_make(&w, &s, p, e) && check_block(&s, &w, p, e);
    if (!ok && e && e->kind == ERR_REFUSED)
        e->kind = ERR_INTERNAL;
    locust_close(&s);
    return ok;
}
