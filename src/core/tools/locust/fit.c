#include <math.h>

#include "tools/locust/write.h"

enum { MORE_USERS = 44 }; /* that a class may get so that 12 steps are whole numbers */

static const double same = 1e-9, worth_saying = 0.01;

/* The share by which the worst step misses its rate when `users` run at the top: Locust starts
 * whole users. */
static double worst_step(const struct profile *p, int users) {
    double worst = 0;
    for (int i = 0; i < p->stages; i++) {
        double exact = users * p->stage[i].target_rps / p->target_rps;
        if (exact > 0)
            worst = fmax(worst, fabs(fmax(1, round(exact)) - exact) / exact);
    }
    return worst;
}

static int best_users(const struct profile *p, int least, double *worst) {
    int best = least, most = least + (least / 4 > MORE_USERS ? least / 4 : MORE_USERS);
    *worst = worst_step(p, least);
    for (int users = least + 1; users <= most && *worst > same; users++) {
        double off = worst_step(p, users);
        if (off < *worst - same) {
            *worst = off;
            best = users;
        }
    }
    return best;
}

bool locust_fit(struct profile *p, struct findings *notes, struct err *e) {
    (void)e;
    if (p->arrivals != ARRIVALS_PACED || p->model != MODEL_STRESS)
        return true;
    for (size_t i = 0; i < p->parts; i++) {
        struct part *part = &p->part[i];
        double worst;
        part->users = best_users(p, part->users, &worst);
        if (worst > worth_saying)
            findings_add(notes, FINDING_WARNING, "steps-rounded",
                         "Users are whole numbers: with %d at the top%s%s a step is off by up to "
                         "%.1f %%. A step size that divides the top helps.",
                         part->users, part->name[0] ? " of " : "", part->name, worst * 100);
    }
    profile_sum_parts(p);
    return true;
}
