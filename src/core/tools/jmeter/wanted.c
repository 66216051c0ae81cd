#include "tools/jmeter/wanted.h"

#include <math.h>

#include "base/unit.h"

static const double slot_tolerance = 0.001, guard = 1e-9;
enum {
    MORE_THREADS = 20,     /* looked at for a better slot, at the least */
    COUNTED_MOST = 1000000 /* far above what is let through */
};

static double slot_ms(int threads, double rate) { return 1000 * threads / rate; }

static double rounding(double slot) { return fabs(slot - round(slot)) / slot; }

double jmeter_rounding(const struct jmeter_group *g) { return rounding(g->slot_ms); }

/* From least upwards the first number with a slot of whole milliseconds. A rate that misses them by
 * a little at each number would take hundreds of threads more: then one near that is much better,
 * or least. */
static int round_threads(int least, double rate, int generators) {
    int first = (least + generators - 1) / generators * generators;
    int last = first + (first > MORE_THREADS * generators ? first : MORE_THREADS * generators);
    int best = first;
    for (int t = first; t <= last; t += generators) {
        double missed = rounding(slot_ms(t, rate));
        if (missed <= slot_tolerance)
            return t;
        if (missed < rounding(slot_ms(best, rate)) / 2)
            best = t;
    }
    return best;
}

/* --- threads of one group --- */

static int whole_up(double threads) {
    return (int)fmin(fmax(1, ceil(threads - guard)), COUNTED_MOST);
}

static int larger(int a, int b) { return a > b ? a : b; }

/* share: of the part's rate. */
static int least_threads(const struct profile *p, const struct part *part,
                         const struct jmeter_pacing *pacing, double share) {
    bool slower = p->p95_limit_ms > p->avg_ms;
    double response_ms = slower ? p->p95_limit_ms : p->avg_ms;
    double k = part->requests_per_iteration, rate = part->iteration_rps * share;
    double busy_ms = k * response_ms + part->think_ms + pacing->extra_ms;
    if (pacing->per_sample)
        busy_ms = k * (response_ms + pacing->longest_ms);
    double in_flight = rate * busy_ms / 1000;
    int allocated = whole_up(in_flight + 3 * sqrt(in_flight));
    int vus = whole_up(part->in_flight * share);
    if (share < 1 || pacing->per_sample)
        return larger(allocated, vus);
    int planned = larger(part->preallocated_vus, part->vus);
    return pacing->extra_ms > 0 ? larger(allocated, planned) : planned;
}

/* --- times --- */

long jmeter_least_ramp_s(double slot) {
    long least = (long)ceil(2 * slot / 1000 - guard);
    return least > 1 ? least : 1;
}

/* Whole slots, so that the last threads start as far apart as the first. */
static long ramp_s(double stage_s, double slot) {
    double slot_s = slot / 1000, least = (double)jmeter_least_ramp_s(slot);
    double ramp = slot_s >= 1 ? floor(stage_s / slot_s + guard) * slot_s : stage_s;
    return lround(fmax(ramp, least));
}

/* End of the last stage that holds a rate: nothing ramps down. */
static double end_s(const struct profile *p) {
    double end = 0;
    for (int i = 0; i < p->stages; i++)
        if (!stage_is_ramp(&p->stage[i]))
            end = p->stage[i].start_s + p->stage[i].duration_s;
    return end;
}

static struct jmeter_group make_group(const struct profile *p, const struct part *part,
                                      const struct jmeter_pacing *pacing, int hold,
                                      double added_rps) {
    struct jmeter_group g = {0};
    bool ramps = hold > 0 && stage_is_ramp(&p->stage[hold - 1]);
    const struct stage *start = &p->stage[ramps ? hold - 1 : hold];
    double share = added_rps / p->target_rps, rate = part->iteration_rps * share;
    int n = p->generators > 1 ? p->generators : 1;
    if (pacing->per_sample)
        rate *= part->requests_per_iteration;
    g.added_rps = added_rps * part->share;
    g.threads = round_threads(least_threads(p, part, pacing, share), rate, n);
    g.threads_each = g.threads / n;
    g.slot_ms = slot_ms(g.threads, rate);
    g.throughput = 60 * rate / (pacing->per_sample ? n : g.threads);
    g.ramp_s = ramp_s(ramps ? start->duration_s : 0, g.slot_ms);
    g.delay_s = lround(start->start_s);
    g.duration_s = lround(end_s(p)) - g.delay_s;
    return g;
}

void jmeter_wanted_make(struct jmeter_wanted *w, const struct profile *p, const struct part *part,
                        const struct jmeter_pacing *pacing) {
    double before = 0;
    w->groups = 0;
    for (int i = 0; i < p->stages && w->groups < JMETER_GROUPS_MAX; i++) {
        const struct stage *s = &p->stage[i];
        if (stage_is_ramp(s))
            continue;
        w->group[w->groups++] = make_group(p, part, pacing, i, s->target_rps - before);
        before = s->target_rps;
    }
}

int jmeter_wanted_threads(const struct jmeter_wanted *w) {
    int threads = 0;
    for (int i = 0; i < w->groups; i++)
        threads += w->group[i].threads;
    return threads;
}

bool jmeter_check_threads(const struct profile *p, int threads, struct err *e) {
    int needed = (threads + JMETER_THREADS_MAX - 1) / JMETER_THREADS_MAX;
    char have[32], most[32];
    if (needed <= (p->generators > 1 ? p->generators : 1))
        return true;
    err_set(e, ERR_REFUSED, "%s threads are more than the %s that one JMeter carries",
            unit_show(threads, 0, have, sizeof have),
            unit_show(JMETER_THREADS_MAX, 0, most, sizeof most));
    return err_fix(e, "split the load over %d generators", needed);
}
