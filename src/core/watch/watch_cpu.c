/* How busy this machine is beside the run: the load generator itself. */
#include <math.h>
#include <stdlib.h>

#include "watch/watch_parts.h"

enum { NEAR_MS = 2000 };

static double share(const struct cpu_mark *from, const struct cpu_mark *to) {
    double all = to->is.all_s - from->is.all_s;
    if (!from->day_ms || !to->day_ms || all <= 0)
        return NAN;
    double busy = (to->is.busy_s - from->is.busy_s) / all;
    return busy < 0 ? 0 : busy > 1 ? 1 : busy;
}

/* The one before the newest, from 0 on. */
static const struct cpu_mark *back(const struct cpu_log *c, size_t n) {
    return &c->kept[(c->next + CPU_KEPT - 1 - n) % CPU_KEPT];
}

static struct cpu_mark near(const struct cpu_log *c, int64_t day_ms) {
    const struct cpu_mark *best = NULL;
    for (size_t i = 0; i < c->n; i++) {
        const struct cpu_mark *m = back(c, i);
        int64_t off = llabs(m->day_ms - day_ms);
        if (off <= NEAR_MS && (!best || off < llabs(best->day_ms - day_ms)))
            best = m;
    }
    return best ? *best : (struct cpu_mark){0};
}

/* A mark is taken once, when its moment has come. */
static void mark(const struct watch *w, struct cpu_mark *m, double at_s) {
    int64_t day_ms = w->view.start_ms + (int64_t)(at_s * 1000);
    if (!m->day_ms && day_ms <= w->now.day_ms)
        *m = near(&w->cpu, day_ms);
}

void cpu_take(struct watch *w) {
    struct cpu_log *c = &w->cpu;
    struct cpu_mark m = {.day_ms = w->now.day_ms};
    if (!w->here || w->replay || !host_cpu(&m.is, ""))
        return;
    c->kept[c->next] = m;
    c->next = (c->next + 1) % CPU_KEPT;
    c->n = c->n < CPU_KEPT ? c->n + 1 : c->n;
    if (w->view.start_ms == 0)
        return;
    mark(w, &c->first, 0);
    if (!c->first.day_ms && w->view.start_ms < w->begun.day_ms)
        c->first = *back(c, c->n - 1);
    for (size_t i = 0; i < w->stretches; i++) {
        mark(w, &c->begin[i], w->stretch[i].from_s);
        mark(w, &c->end[i], w->stretch[i].to_s);
    }
}

static double share_of_last(const struct cpu_log *c, size_t seconds) {
    if (c->n < 2)
        return NAN;
    return share(back(c, seconds < c->n ? seconds : c->n - 1), back(c, 0));
}

void cpu_look(const struct watch *w, size_t stretch, double out[4]) {
    const struct cpu_log *c = &w->cpu;
    out[0] = share_of_last(c, STREAM_NOW_S);
    out[1] = share_of_last(c, STREAM_MINUTE_S);
    out[2] = out[3] = NAN;
    if (c->n == 0)
        return;
    out[2] = share(&c->first, back(c, 0));
    if (stretch < w->stretches) {
        bool over = c->end[stretch].day_ms != 0;
        out[3] = share(&c->begin[stretch], over ? &c->end[stretch] : back(c, 0));
    }
}

double cpu_of_stretch(const struct watch *w, size_t i) {
    return share(&w->cpu.begin[i], &w->cpu.end[i]);
}
