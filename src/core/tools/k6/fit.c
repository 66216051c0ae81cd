#include "tools/k6/k6_script.h"

static bool round_up(int *vus, int machines) {
    int before = *vus;
    *vus = (*vus + machines - 1) / machines * machines;
    return *vus != before;
}

/* A machine's share of a rate follows its share of the whole VUs, so those are to divide evenly. */
bool k6_fit(struct profile *p, struct findings *notes, struct err *e) {
    (void)e;
    bool changed = false;
    if (p->generators < 2 || p->arrivals != ARRIVALS_OPEN)
        return true;
    for (size_t i = 0; i < p->parts; i++) {
        struct part *part = &p->part[i];
        changed |= round_up(&part->preallocated_vus, p->generators);
        changed |= round_up(&part->max_vus, p->generators);
        part->users = part->preallocated_vus;
    }
    profile_sum_parts(p);
    if (changed)
        findings_add(notes, FINDING_INFO, "vus-divided",
                     "preAllocatedVUs and maxVUs are rounded up to multiples of %d: k6 gives each "
                     "machine a share of the rate by its share of whole VUs.",
                     p->generators);
    return true;
}
