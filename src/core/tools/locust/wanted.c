#include "tools/locust/wanted.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TITLE_STEPS = 12,       /* of a stress test, named one by one */
    SPAWN_RATE_USUAL = 100, /* above, Locust warns */
};

char *block_number(double value, char out[32]) {
    snprintf(out, 32, "%.6g", value);
    return out;
}

char *block_seconds(double seconds, char out[32]) {
    snprintf(out, 32, "%.3f", seconds);
    char *end = out + strlen(out);
    while (end[-1] == '0')
        *--end = '\0';
    if (end[-1] == '.')
        end[-1] = '\0';
    return out;
}

static double as_written(double value) {
    char text[32];
    return strtod(block_number(value, text), NULL);
}

/* --- classes --- */

static const struct locust_class *class_named(const struct locust_script *s, const char *name) {
    for (size_t i = 0; i < s->classes; i++)
        if (strcmp(s->cls[i].name, name) == 0)
            return &s->cls[i];
    return NULL;
}

static bool sends_nothing(const struct locust_class *c) {
    return c->weight.value == 0 || (c->requests.value == 0 && c->requests.most == 0);
}

/* The class of a profile whose only part has no name. */
static const struct locust_class *only_class(const struct locust_script *s) {
    const struct locust_class *found = NULL;
    for (size_t i = 0; i < s->classes; i++) {
        if (sends_nothing(&s->cls[i]))
            continue;
        if (found)
            return NULL;
        found = &s->cls[i];
    }
    return found;
}

static bool add_class(struct locust_wanted *w, const struct locust_script *s,
                      const struct profile *p, const struct part *part, struct err *e) {
    const struct locust_class *c =
        p->parts == 1 && !part->name[0] ? only_class(s) : class_named(s, part->name);
    if (!c) {
        err_set(e, ERR_REFUSED, "the load is for %s, which is no User class that Locust runs here",
                part->name[0] ? part->name : "one scenario");
        return err_at(e, s->src->file, 0);
    }
    bool paced = p->arrivals == ARRIVALS_PACED;
    long users = paced ? part->users : part->vus;
    w->cls[w->classes++] = (struct locust_wanted_class){
        .cls = c,
        .part = part,
        .users = users,
        .per_second = paced ? as_written(c->waits * part->iteration_rps / (double)users) : 0,
        .fixed_count = s->classes > 1 ? users : 0,
    };
    return true;
}

static bool is_wanted(const struct locust_wanted *w, const struct locust_class *c) {
    for (size_t i = 0; i < w->classes; i++)
        if (w->cls[i].cls == c)
            return true;
    return false;
}

/* Classes that carry no part of the target: those with a fixed count keep it. */
static long others(struct locust_wanted *w, const struct locust_script *s) {
    long users = 0;
    for (size_t i = 0; i < s->classes; i++) {
        const struct locust_class *c = &s->cls[i];
        if (is_wanted(w, c))
            continue;
        if (c->fixed_count.value >= 1)
            users += (long)c->fixed_count.value;
        else if (c->weight.value != 0)
            w->without_users[w->without++] = c;
    }
    return users;
}

/* --- stages --- */

/* Users of one class in a stage of the profile. */
static long users_at(const struct profile *p, int stage, const struct part *part) {
    double share = p->stage[stage].target_rps / p->target_rps;
    if (!(share > 0))
        return 0;
    if (p->arrivals != ARRIVALS_PACED)
        return part->stage_vus[stage];
    long users = lround(share * part->users);
    return users > 0 ? users : 1;
}

static long stage_users(const struct locust_wanted *w, const struct profile *p, int stage,
                        long other_users) {
    long users = lround((double)other_users * p->stage[stage].target_rps / p->target_rps);
    for (size_t i = 0; i < w->classes; i++)
        users += users_at(p, stage, w->cls[i].part);
    return users;
}

/* Users started or stopped per second: so many in ramp_s seconds; without a ramp at once. */
static double spawn_rate(long users, double ramp_s, double stage_s) {
    if (users == 0)
        return 1; /* never 0: Locust divides by it */
    if (ramp_s > 0)
        return (double)users / ramp_s;
    double least = (double)users / stage_s;
    return fmin((double)users, fmax(SPAWN_RATE_USUAL, least));
}

/* Locust wants the users at the end and how fast: a ramp and the hold behind it are one row. */
static void make_stages(struct locust_wanted *w, const struct profile *p, long other_users) {
    long before = 0;
    for (int i = 0; i < p->stages; i++) {
        const struct stage *s = &p->stage[i], *hold = s + 1;
        bool ramps = stage_is_ramp(s);
        bool held =
            ramps && i + 1 < p->stages && !stage_is_ramp(hold) && hold->target_rps == s->target_rps;
        const struct stage *last = held ? hold : s;
        long users = stage_users(w, p, i, other_users);
        char text[32];
        w->stage[w->stages++] = (struct locust_block_stage){
            .until_s = strtod(block_seconds(last->start_s + last->duration_s, text), NULL),
            .users = users,
            .rate = as_written(
                spawn_rate(labs(users - before), ramps ? s->duration_s : 0, s->duration_s)),
        };
        before = users;
        i += held;
    }
}

/* --- words --- */

static void add_rps(struct locust_wanted *w, const char *before, double rps) {
    char text[32];
    size_t len = strlen(w->title);
    snprintf(w->title + len, sizeof w->title - len, "%s %s", before, block_number(rps, text));
}

/* "load 60 RPS", "stress 20 30 40 RPS"; many steps: "stress 10 to 400 RPS". */
static void make_title(struct locust_wanted *w, const struct profile *p) {
    double first_rps;
    bool many = profile_steps(p, &first_rps) > TITLE_STEPS;
    snprintf(w->title, sizeof w->title, "%s", model_name(p->model));
    for (int i = 0; p->model == MODEL_STRESS && !many && i < p->stages; i++)
        if (!stage_is_ramp(&p->stage[i]))
            add_rps(w, "", p->stage[i].target_rps);
    if (many)
        add_rps(w, "", first_rps);
    if (many || p->model != MODEL_STRESS)
        add_rps(w, many ? " to" : "", p->target_rps);
    size_t len = strlen(w->title);
    snprintf(w->title + len, sizeof w->title - len, " RPS");
}

bool locust_wanted_make(struct locust_wanted *w, const struct locust_script *s,
                        const struct profile *p, struct err *e) {
    *w = (struct locust_wanted){.abort_share = as_written(p->stop_error_rate),
                                .abort_seconds = as_written(p->stop_after_s),
                                .several_processes = p->generators > 1};
    for (size_t i = 0; i < p->parts; i++)
        if (!add_class(w, s, p, &p->part[i], e))
            return false;
    make_stages(w, p, others(w, s));
    make_title(w, p);
    return true;
}
