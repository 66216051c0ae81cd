/* The profile as JMeter can run it: nothing ramps down, no ramp is shorter than two slots, threads
 * give slots of whole milliseconds and divide by the number of generators. */
#include <math.h>
#include <string.h>

#include "base/unit.h"
#include "tools/jmeter/jmeter_script.h"
#include "tools/jmeter/wanted.h"

enum { SLOWEST_SLOT_S = 3600 };
static const double rounding_to_tell = 0.001;
static const struct jmeter_pacing as_sized;

/* --- stages --- */

static void drop_ramp_down(struct profile *p, struct findings *notes) {
    const struct stage *last = &p->stage[p->stages - 1];
    if (p->stages < 2 || !stage_is_ramp(last) || last->target_rps > 0)
        return;
    p->stages--;
    findings_add(notes, FINDING_INFO, "no-ramp-down",
                 "A JMeter thread group has no ramp-down: all threads stop sharply when its "
                 "duration is over.");
}

/* The longest ramp that a part's threads need before this hold. */
static double least_ramp_s(const struct profile *p, int hold) {
    double least = 0;
    for (size_t k = 0; k < p->parts; k++) {
        struct jmeter_wanted w;
        jmeter_wanted_make(&w, p, &p->part[k], &as_sized);
        int group = 0;
        for (int i = 0; i < hold; i++)
            group += !stage_is_ramp(&p->stage[i]);
        least = fmax(least, (double)jmeter_least_ramp_s(w.group[group].slot_ms));
    }
    return least;
}

static void insert_ramp(struct profile *p, int hold) {
    struct stage *s = &p->stage[hold];
    memmove(s + 1, s, (size_t)(p->stages - hold) * sizeof *s);
    s->duration_s = 0;
    if (p->model == MODEL_STRESS)
        strcat(strcpy(s->name, s[1].name), " ramp");
    else
        strcpy(s->name, "ramp");
    for (size_t k = 0; k < p->parts; k++) {
        int *vus = &p->part[k].stage_vus[hold];
        memmove(vus + 1, vus, (size_t)(p->stages - hold) * sizeof *vus);
    }
    p->stages++;
}

/* Start of each stage, the length of all, the requests under them. */
static void sum_stages(struct profile *p) {
    p->duration_s = p->planned_requests = 0;
    for (int i = 0; i < p->stages; i++) {
        struct stage *s = &p->stage[i];
        s->start_s = p->duration_s;
        p->duration_s += s->duration_s;
        p->planned_requests += (profile_stage_from(p, i) + s->target_rps) / 2 * s->duration_s;
    }
}

static void lengthen_ramps(struct profile *p, struct findings *notes) {
    double longest_s = 0;
    for (int i = 0; i < p->stages; i++) {
        if (stage_is_ramp(&p->stage[i]))
            continue;
        double least_s = least_ramp_s(p, i);
        bool ramps = i > 0 && stage_is_ramp(&p->stage[i - 1]);
        if (ramps && p->stage[i - 1].duration_s >= least_s)
            continue;
        if (!ramps)
            insert_ramp(p, i++);
        p->stage[i - 1].duration_s = least_s;
        longest_s = fmax(longest_s, least_s);
    }
    char length[32];
    if (longest_s > 0)
        findings_add(notes, FINDING_INFO, "ramp-longer",
                     "Ramp up: %s, not shorter: threads that start together send together, so a "
                     "ramp takes two iterations at least.",
                     unit_show_clock(longest_s, length, sizeof length));
    sum_stages(p);
}

/* --- threads --- */

static void note_rounding(const struct part *part, const struct jmeter_wanted *w,
                          struct findings *notes) {
    double worst = 0;
    for (int i = 0; i < w->groups; i++)
        worst = fmax(worst, jmeter_rounding(&w->group[i]));
    char share[32];
    if (worst > rounding_to_tell)
        findings_add(notes, FINDING_INFO, "rounded-rate",
                     "JMeter's timer waits whole milliseconds: the rate%s%s may be off by %s.",
                     part->name[0] ? " of " : "", part->name,
                     unit_show_share(worst, share, sizeof share));
}

static bool fit_part(struct profile *p, struct part *part, struct findings *notes, struct err *e) {
    struct jmeter_wanted w;
    jmeter_wanted_make(&w, p, part, &as_sized);
    for (int i = 0; i < w.groups; i++)
        if (w.group[i].slot_ms > SLOWEST_SLOT_S * 1000.0) {
            err_set(e, ERR_RANGE, "%g iterations/s are too few for JMeter's timer",
                    part->iteration_rps);
            return err_fix(e, "choose a higher target");
        }
    part->users = jmeter_wanted_threads(&w);
    note_rounding(part, &w, notes);
    return true;
}

bool jmeter_fit(struct profile *p, struct findings *notes, struct err *e) {
    if (p->stages == 0)
        return true;
    drop_ramp_down(p, notes);
    lengthen_ramps(p, notes);
    for (size_t k = 0; k < p->parts; k++)
        if (!fit_part(p, &p->part[k], notes, e))
            return false;
    profile_sum_parts(p);
    return jmeter_check_threads(p, p->users, e);
}
