#include "ui/plain/watch_print.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/unit.h"
#include "ui/plain/print.h"

enum { SOURCES_SHOWN = 4 };

/* "95 %" */
static char *show_limit(double share, char *out, size_t size) {
    char number[32];
    snprintf(out, size, "%s %%", unit_show_short(100 * share, 2, number, sizeof number));
    return out;
}

void watch_print_head(const struct watch_view *v, const struct watch_limits *limits) {
    char p95[32], errors[32], share[32];
    for (size_t i = 0; i < v->sources && i < SOURCES_SHOWN; i++)
        print("%s%s", i ? ", " : "Watching ", v->source[i].name);
    if (v->sources > SOURCES_SHOWN)
        print(" and %zu more", v->sources - SOURCES_SHOWN);
    print(". Ctrl-C ends it, and what came until then is judged.\n");
    print("  limits");
    if (!isnan(limits->p95_ms))
        print("   p95 %s", unit_show_ms(limits->p95_ms, p95, sizeof p95));
    if (!isnan(limits->error_rate))
        print("   errors %s", show_limit(limits->error_rate, errors, sizeof errors));
    if (!isnan(limits->rate_share))
        print("   rate %s of the offered one", show_limit(limits->rate_share, share, sizeof share));
    print("\n\n");
}

void watch_print_events(const struct watch_view *v, size_t told) {
    char at[16];
    for (size_t i = told > v->events_dropped ? told - v->events_dropped : 0; i < v->events; i++)
        print("%s %s  %s\n", mark_sign(mark_of_finding(v->event[i].level)),
              unit_show_time(v->event[i].at_ms, at, sizeof at), v->event[i].text);
}

/* The source that is worst off; of equal ones the first. What only appears at the end is no matter
 * before it. */
static const struct watch_source *worst(const struct watch_view *v) {
    static const int weight[] = {[WATCH_ENDED] = 0,
                                 [WATCH_LIVE] = 1,
                                 [WATCH_WAITING] = 2,
                                 [WATCH_STALLED] = 3,
                                 [WATCH_LOST] = 4};
    const struct watch_source *w = NULL;
    for (size_t i = 0; i < v->sources; i++)
        if (v->source[i].role != WATCH_END && (!w || weight[v->source[i].state] > weight[w->state]))
            w = &v->source[i];
    return w ? w : v->source;
}

/* "load.csv live", "3 sources live", "127.0.0.1:6565 lost, no answer for 10 s, trying again" */
static void show_sources(const struct watch_view *v, char *out, size_t size) {
    const struct watch_source *s = worst(v);
    if (!s)
        out[0] = '\0';
    else if (v->sources > 1 && (s->state == WATCH_LIVE || s->state == WATCH_ENDED))
        snprintf(out, size, "%zu sources %s", v->sources, watch_state_name(s->state));
    else
        snprintf(out, size, "%s %s%s%s", s->name, watch_state_name(s->state),
                 s->words[0] ? ", " : "", s->words);
}

/* "199.4/s of 200" */
static void show_rate(const struct watch_view *v, char *out, size_t size) {
    char rps[32], offered[32];
    unit_show(v->run.now.rps, 1, rps, sizeof rps);
    if (isnan(v->run.now.rps))
        snprintf(out, size, "rate %s", rps);
    else if (isnan(v->offered_rps))
        snprintf(out, size, "%s/s", rps);
    else
        snprintf(out, size, "%s/s of %s", rps,
                 unit_show_short(v->offered_rps, 1, offered, sizeof offered));
}

static void print_figures(const struct watch_view *v, const char *sources) {
    char elapsed[32], rate[80], p95[32], errors[32], vus[32];
    show_rate(v, rate, sizeof rate);
    print("%8s  %-12s %-18s p95 %-9s errors %-8s %4s VUs   %s\n",
          unit_show_clock(v->elapsed_s, elapsed, sizeof elapsed), v->stage, rate,
          unit_show_ms(v->run.now.p95_ms, p95, sizeof p95),
          unit_show_share(v->run.now.error_rate, errors, sizeof errors),
          unit_show(v->run.vus, 0, vus, sizeof vus), sources);
}

/* How it stands: the state of the run and of its worst source. */
static unsigned standing(const struct watch_view *v) {
    const struct watch_source *s = worst(v);
    size_t which = s ? (size_t)(s - v->source) : 0;
    return 1u + (unsigned)v->state + 8u * (s ? (unsigned)s->state : 0) + 64u * (unsigned)which;
}

void watch_print_line(const struct watch_view *v, unsigned *before) {
    char sources[512], left[32];
    unsigned is = standing(v);
    bool calm = v->state != WATCH_LIVE && is == *before;
    *before = is;
    if (calm)
        return;
    show_sources(v, sources, sizeof sources);
    if (v->catching_up)
        print("%8s  catching up, %s left   %s\n", "",
              unit_show_bytes((double)v->left_bytes, left, sizeof left), sources);
    else if (v->run.any)
        print_figures(v, sources);
    else
        print("%8s  %s\n", "", sources);
}

void watch_print_end(const struct watch_view *v) {
    if (v->end_words[0])
        print("The run is over: %s.\n", v->end_words);
    print("\n");
}
