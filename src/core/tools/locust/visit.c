/* The mean over all that a user runs. A user picks a task, runs it, waits, and picks again; a
 * TaskSet that is picked does the same inside until one of its tasks leaves it. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tools/locust/tasks.h"

enum { VISIT_DEPTH_MAX = 12, VISITS_MAX = 500 };

/* Totals of a visit to a TaskSet; of one that is never left, of one execution in it. */
struct visit {
    bool stays;
    double executions;
    double leaves; /* chance that the visit ends the TaskSet around it; only of functions */
    struct range requests, think_ms, wait_ms, waits;
};

struct measure {
    struct cost_count *c;
    struct class *user;
    struct locust_script *s;
    size_t index; /* of the user's class in s */
    struct err *e;
    bool high;      /* where it is open whether a task leaves, take that it does */
    bool uncertain; /* it was open somewhere */
    struct range open_at;
    bool failed; /* *e is set */
    int visits;
};

static void visit_add(struct visit *to, struct visit v, double share) {
    to->executions += v.executions * share;
    to->requests = locust_range_add(to->requests, locust_range_times(v.requests, share));
    to->think_ms = locust_range_add(to->think_ms, locust_range_times(v.think_ms, share));
    to->wait_ms = locust_range_add(to->wait_ms, locust_range_times(v.wait_ms, share));
    to->waits = locust_range_add(to->waits, locust_range_times(v.waits, share));
}

static struct visit visit_times(struct visit v, double n) {
    struct visit out = {.stays = v.stays, .leaves = v.leaves};
    visit_add(&out, v, n);
    return out;
}

/* Totals to one execution. */
static struct visit per_execution(struct visit v) {
    v = visit_times(v, v.executions > 0 ? 1 / v.executions : 1);
    v.stays = true;
    return v;
}

static struct visit visit_unknown(struct range why) {
    return (struct visit){
        .stays = true, .executions = 1, .requests = why, .think_ms = why, .wait_ms = why};
}

/* --- names for the block --- */

static void note(struct measure *w, struct locust_names *list, const struct class *k,
                 const char *what) {
    char name[LOCUST_NAME_BYTES];
    if (w->failed)
        return;
    if (!py_class_expression(w->c->classes, k, name, sizeof name)) {
        w->failed = true;
        syntax_refuse(&k->m->py, node_start(k->node), w->e,
                      "TaskSet %s %s, and the script has no name for it at its end", k->name, what);
        err_fix(w->e, "import %s into the script, or define it at the top level", k->name);
        return;
    }
    uint64_t bit = UINT64_C(1) << w->index;
    for (size_t i = 0; i < list->len; i++)
        if (strcmp(list->item[i].name, name) == 0) {
            list->item[i].users |= bit;
            return;
        }
    if (list->len == LOCUST_NAMES_MAX) {
        w->failed = true;
        syntax_refuse(&k->m->py, node_start(k->node), w->e,
                      "more than %d TaskSets with a wait of their own", LOCUST_NAMES_MAX);
        return;
    }
    struct locust_name *it = &list->item[list->len++];
    *it = (struct locust_name){.line = node_line(k->node), .users = bit};
    snprintf(it->name, sizeof it->name, "%s", name);
}

/* --- one execution --- */

static struct range rest_of_period(struct range think_ms, double period_ms) {
    if (think_ms.why != WHY_KNOWN)
        return think_ms;
    struct range r = think_ms;
    r.low = fmax(0, period_ms - think_ms.high);
    r.high = fmax(0, period_ms - think_ms.low);
    return r;
}

static double chance(struct measure *w, struct range r) {
    if (r.why == WHY_KNOWN && r.low == r.high)
        return r.low > 0 ? 1 : 0;
    w->uncertain = true;
    if (w->open_at.place == 0)
        w->open_at = r;
    return w->high ? 1 : 0;
}

static struct cost cost_of(struct measure *w, struct class *in, const struct task *t) {
    return locust_cost_of_task(w->c, t->m, t->node, t->whole, t->owner, in);
}

static bool sends(struct cost cost) {
    return !locust_range_is_zero(cost.q[Q_REQUESTS]) || !locust_range_is_zero(cost.q[Q_FIRES]);
}

static struct visit execution(struct measure *w, struct class *in, const struct task *t,
                              struct wait wait, bool jumps_wait) {
    struct cost cost = cost_of(w, in, t);
    struct visit v = {.executions = 1};
    v.requests = locust_range_add(cost.q[Q_REQUESTS], cost.q[Q_FIRES]);
    v.think_ms = cost.q[Q_THINK_MS];
    v.leaves = chance(w, cost.q[Q_LEAVES]);
    v.wait_ms = wait.period_ms > 0 ? rest_of_period(v.think_ms, wait.period_ms) : wait.mean_ms;
    v.waits = locust_range_add(locust_range_exact(1), cost.q[Q_WAITS]);
    bool jumps = cost.q[Q_JUMPS].why == WHY_KNOWN && cost.q[Q_JUMPS].low > 0;
    if (jumps && !jumps_wait && locust_range_is_zero(v.requests)) { /* gone before any wait */
        v.executions = 0;
        v.wait_ms = v.waits = locust_range_exact(0);
    }
    return v;
}

/* --- a list of tasks --- */

static struct visit visit_set(struct measure *w, struct class *k, int depth);

static struct visit visit_task(struct measure *w, struct class *in, const struct task *t,
                               struct wait wait, bool jumps_wait, int depth) {
    return t->set ? visit_set(w, t->set, depth + 1) : execution(w, in, t, wait, jumps_wait);
}

struct mix {
    struct measure *w;
    struct class *k;
    const struct tasks *tasks;
    struct wait wait;
    bool jumps_wait;
    int depth;
};

static struct visit mixed(const struct mix *m) {
    struct visit all = {0}, staying = {0};
    double weights = 0, stay = 0, leave = 0;
    for (size_t i = 0; i < m->tasks->len; i++)
        weights += m->tasks->item[i].weight;
    for (size_t i = 0; i < m->tasks->len; i++) {
        const struct task *t = &m->tasks->item[i];
        double share = t->weight / weights;
        struct visit v = visit_task(m->w, m->k, t, m->wait, m->jumps_wait, m->depth);
        if (v.stays) {
            visit_add(&staying, v, share);
            stay += share;
        }
        visit_add(&all, v, share);
        leave += v.leaves * share;
    }
    if (stay > 0) { /* sooner or later every user is in one of these */
        staying = visit_times(staying, 1 / stay);
        return per_execution(staying);
    }
    return leave > 0 ? visit_times(all, 1 / leave) : per_execution(all);
}

static struct visit in_order(const struct mix *m) {
    struct visit all = {0};
    double still = 1;
    for (size_t i = 0; i < m->tasks->len && still > 0; i++) {
        const struct task *t = &m->tasks->item[i];
        struct visit v = visit_task(m->w, m->k, t, m->wait, m->jumps_wait, m->depth);
        if (v.stays)
            return v;
        for (double n = 0; n < floor(t->weight) && n < TASKS_MAX && still > 0; n++) {
            visit_add(&all, v, still);
            still *= 1 - v.leaves;
        }
    }
    return still < 1 ? visit_times(all, 1 / (1 - still)) : per_execution(all);
}

/* Does a task of the list send requests and then leave without a wait? */
static bool leaves_after_requests(struct measure *w, struct class *k, const struct tasks *tasks) {
    for (size_t i = 0; i < tasks->len; i++) {
        if (tasks->item[i].set)
            continue;
        struct cost cost = cost_of(w, k, &tasks->item[i]);
        if (sends(cost) && !locust_range_is_zero(cost.q[Q_JUMPS]) &&
            !locust_range_is_zero(cost.q[Q_LEAVES]))
            return true;
    }
    return false;
}

static struct visit visit_list(struct measure *w, struct class *k, struct wait wait, int depth) {
    struct tasks tasks;
    locust_tasks_of(w->c, k, &tasks);
    struct mix m = {w, k, &tasks, wait, false, depth};
    struct visit v;
    if (tasks.tagged)
        locust_cost_remark(
            w->c, k->m, k->node, FINDING_INFO, "tags",
            "Tasks here have tags: --tags and --exclude-tags change which ones run. The "
            "figures are those without; run the new script with the baseline's options.");
    m.jumps_wait = k->kind & KIND_TASKSET && leaves_after_requests(w, k, &tasks);
    if (m.jumps_wait)
        note(w, &w->s->leaves, k, "is left by interrupt() after requests");
    if (tasks.unknown.why != WHY_KNOWN)
        v = visit_unknown(tasks.unknown);
    else if (tasks.len == 0)
        v = (struct visit){.stays = true, .executions = 1};
    else
        v = k->kind & KIND_SEQUENTIAL ? in_order(&m) : mixed(&m);
    locust_tasks_fini(&tasks);
    return v;
}

static struct visit visit_set(struct measure *w, struct class *k, int depth) {
    if (depth > VISIT_DEPTH_MAX || ++w->visits > VISITS_MAX)
        return visit_unknown(locust_range_unknown(w->c, WHY_DEEP, k->m, k->node));
    const struct class *in = NULL;
    struct wait wait = locust_wait_of(w->c, k, &in);
    if (in)
        note(w, &w->s->waits, in, "has a wait of its own");
    else
        wait = locust_wait_of(w->c, w->user, &in);
    return visit_list(w, k, wait, depth);
}

/* --- the user --- */

static struct visit visit_user(struct measure *w, bool high) {
    const struct class *in = NULL;
    w->high = high;
    w->visits = 0;
    return visit_list(w, w->user, locust_wait_of(w->c, w->user, &in), 0);
}

static struct range either(struct measure *w, struct range a, struct range b) {
    struct range r = locust_range_either(a, b);
    if (r.why == WHY_KNOWN && r.low < r.high && r.place == 0)
        r.place = w->open_at.place;
    return r;
}

static bool has_own_waits(const struct locust_script *s, size_t index) {
    for (size_t i = 0; i < s->waits.len; i++)
        if (s->waits.item[i].users & UINT64_C(1) << index)
            return true;
    return false;
}

bool locust_tasks_measure(struct cost_count *c, struct class *user, struct locust_script *s,
                          size_t index, struct err *e) {
    struct measure w = {.c = c, .user = user, .s = s, .index = index, .e = e};
    struct locust_class *out = &s->cls[index];
    locust_cost_begin_user(c, user);
    struct visit v = visit_user(&w, false);
    if (w.uncertain) {
        struct visit other = visit_user(&w, true);
        v.requests = either(&w, v.requests, other.requests);
        v.think_ms = either(&w, v.think_ms, other.think_ms);
        v.wait_ms = either(&w, v.wait_ms, other.wait_ms);
        v.waits = either(&w, v.waits, other.waits);
    }
    const struct class *in = NULL;
    out->period_ms = has_own_waits(s, index) ? 0 : locust_wait_of(c, user, &in).period_ms;
    out->requests = locust_range_known(c, v.requests);
    out->think_ms = locust_range_known(c, v.think_ms);
    out->wait_ms = locust_range_known(c, v.wait_ms);
    out->waits = v.waits.why == WHY_KNOWN ? fmax(1, (v.waits.low + v.waits.high) / 2) : 1;
    return !w.failed;
}
