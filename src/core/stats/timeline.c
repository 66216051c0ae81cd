#include "stats/timeline.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const struct second nothing = {
    .first_start_ms = INT64_MAX, .last_end_ms = INT64_MIN, .vus_least = -1, .vus_most = -1};

void timeline_fini(struct timeline *t) {
    free(t->at);
    t->at = NULL;
    t->n = t->cap = 0;
    t->halvings = 0;
}

int64_t timeline_length_ms(const struct timeline *t) { return INT64_C(1000) << t->halvings; }

int64_t timeline_number(const struct timeline *t, int64_t ms) {
    int64_t since =
        (ms - t->anchor_ms) >> 3 >> t->halvings; /* 8 x 125 = 1000, floor at each step */
    return since >= 0 ? since / 125 : -((-since + 124) / 125);
}

int64_t timeline_begin_ms(const struct timeline *t, int64_t number) {
    return t->anchor_ms + number * timeline_length_ms(t);
}

void second_vus(struct second *s, int32_t least, int32_t most) {
    if (least < 0)
        return;
    if (s->vus_least < 0 || least < s->vus_least)
        s->vus_least = least;
    if (most > s->vus_most)
        s->vus_most = most;
}

static void add(struct second *into, const struct second *from) {
    for (int k = 0; k < KINDS; k++)
        counts_join(&into->of[k], &from->of[k]);
    if (from->first_start_ms < into->first_start_ms)
        into->first_start_ms = from->first_start_ms;
    if (from->last_end_ms > into->last_end_ms)
        into->last_end_ms = from->last_end_ms;
    into->requests += from->requests;
    into->failed += from->failed;
    into->dropped += from->dropped;
}

static void halve(struct timeline *t) {
    int64_t first = t->first >> 1;
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        size_t to = (size_t)(((t->first + (int64_t)i) >> 1) - first);
        struct second from = t->at[i];
        for (; n <= to; n++)
            t->at[n] = nothing;
        add(&t->at[to], &from);
        second_vus(&t->at[to], from.vus_least, from.vus_most);
    }
    t->n = n;
    t->first = first;
    t->halvings++;
}

void timeline_limit(struct timeline *t, size_t max) {
    t->max = max;
    while (t->n > max)
        halve(t);
}

static void reserve(struct timeline *t, size_t n) {
    if (n <= t->cap)
        return;
    size_t cap = t->cap ? t->cap : 64;
    while (cap < n)
        cap *= 2;
    t->at = mem_resize(t->at, cap, sizeof *t->at);
    t->cap = cap;
}

static void extend(struct timeline *t, int64_t number) {
    size_t before = number < t->first ? (size_t)(t->first - number) : 0;
    size_t n = before ? t->n + before : (size_t)(number - t->first) + 1;
    reserve(t, n);
    memmove(t->at + before, t->at, t->n * sizeof *t->at);
    for (size_t i = 0; i < before; i++)
        t->at[i] = nothing;
    for (size_t i = before + t->n; i < n; i++)
        t->at[i] = nothing;
    t->n = n;
    t->first -= (int64_t)before;
}

struct second *timeline_at(struct timeline *t, int64_t ms) {
    for (;;) {
        int64_t number = timeline_number(t, ms);
        if (t->n == 0)
            t->first = number;
        int64_t i = number - t->first;
        if (i >= 0 && i < (int64_t)t->n)
            return &t->at[i];
        int64_t last = t->first + (int64_t)t->n - 1;
        int64_t span = i < 0 ? last - number + 1 : number - t->first + 1;
        if (span <= (int64_t)t->max)
            extend(t, number);
        else
            halve(t);
    }
}

/* VUs go on between the seconds in which they were said. */
static void carry_vus(struct timeline *t) {
    int32_t now = -1;
    size_t last = t->n;
    while (last > 0 && t->at[last - 1].vus_most < 0)
        last--;
    for (size_t i = 0; i < last; i++) {
        if (t->at[i].vus_most < 0)
            t->at[i].vus_least = t->at[i].vus_most = now;
        now = t->at[i].vus_most;
    }
}

static void add_vus(struct second *into, const struct second *from) {
    if (into->vus_most < 0 || from->vus_most < 0) {
        second_vus(into, from->vus_least, from->vus_most);
        return;
    }
    into->vus_least += from->vus_least;
    into->vus_most += from->vus_most;
}

void timeline_join(struct timeline *into, struct timeline *from, bool same_machine) {
    if (from->n == 0)
        return;
    (void)timeline_at(into, timeline_begin_ms(from, from->first));
    (void)timeline_at(into, timeline_begin_ms(from, from->first + (int64_t)from->n - 1));
    while (from->halvings < into->halvings)
        halve(from);
    while (into->halvings < from->halvings)
        halve(into);
    if (!same_machine) {
        carry_vus(into);
        carry_vus(from);
    }
    for (size_t i = 0; i < from->n; i++) {
        struct second *to = timeline_at(into, timeline_begin_ms(from, from->first + (int64_t)i));
        add(to, &from->at[i]);
        if (same_machine)
            second_vus(to, from->at[i].vus_least, from->at[i].vus_most);
        else
            add_vus(to, &from->at[i]);
    }
}
