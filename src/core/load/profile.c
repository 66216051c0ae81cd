#include "load/profile.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/expr.h"
#include "base/unit.h"

static const char *const arrival_names[ARRIVALS] = {"open", "closed", "paced"};

const char *arrivals_name(enum arrivals a) { return arrival_names[a]; }

bool arrivals_parse(const char *word, enum arrivals *out) {
    for (int a = 0; a < ARRIVALS; a++)
        if (strcmp(word, arrival_names[a]) == 0) {
            *out = (enum arrivals)a;
            return true;
        }
    return false;
}

static bool positive(double x) { return isfinite(x) && x > 0; }

/* One sentence for all that is missing, so that the user needs one round, not three. */
static bool missing_figures(const struct load_input *in, struct err *e) {
    bool several = in->parts > 1; /* have figures of their own */
    const struct {
        bool missing;
        const char *name, *option;
    } figure[] = {
        {isnan(in->target_rps), "target RPS", "--rps"},
        {isnan(in->avg_ms), "average response time", "--avg"},
        {!several && isnan(in->requests_per_iteration), "requests per iteration",
         "--requests-per-iteration"},
        {!several && isnan(in->think_ms), "think time", "--think"},
    };
    char names[200] = "", options[200] = "";
    for (size_t i = 0; i < sizeof figure / sizeof *figure; i++) {
        if (!figure[i].missing)
            continue;
        size_t n = strlen(names), o = strlen(options);
        snprintf(names + n, sizeof names - n, "%s%s", n ? ", " : "", figure[i].name);
        snprintf(options + o, sizeof options - o, "%s%s", o ? ", " : "", figure[i].option);
    }
    if (!names[0])
        return false;
    err_set(e, ERR_USAGE, "not known: %s", names);
    err_fix(e, "give %s, or the baseline's result", options);
    return true;
}

static bool check_part(const struct part_input *part, struct err *e) {
    if (!positive(part->requests_per_iteration)) {
        err_set(e, isnan(part->requests_per_iteration) ? ERR_USAGE : ERR_RANGE,
                "requests per iteration of %s must be known and above 0", part->name);
        return err_fix(e, "give --requests-per-iteration \"%s=N ...\"", part->name);
    }
    if (!(part->think_ms >= 0) || !(part->wait_ms >= 0) ||
        !isfinite(part->think_ms + part->wait_ms)) {
        err_set(e, ERR_USAGE, "think time of %s is not known", part->name);
        return err_fix(e, "give --think \"%s=1s ...\"", part->name);
    }
    if (!positive(part->share)) {
        err_set(e, ERR_USAGE, "the share of %s in the target is not known", part->name);
        return err_fix(e, "give --shares \"%s=N ...\"", part->name);
    }
    return true;
}

static bool check_parts(const struct load_input *in, struct err *e) {
    for (size_t i = 0; i < in->parts; i++)
        if (!check_part(&in->part[i], e))
            return false;
    return true;
}

static bool check_input(const struct load_input *in, struct err *e) {
    if (missing_figures(in, e))
        return false;
    if (!positive(in->target_rps))
        return err_set(e, ERR_RANGE, "target RPS must be above 0");
    if (!positive(in->avg_ms))
        return err_set(e, ERR_RANGE, "average response time must be above 0");
    if (in->parts > 1)
        return check_parts(in, e);
    if (!positive(in->requests_per_iteration))
        return err_set(e, ERR_RANGE, "requests per iteration must be above 0");
    if (!isfinite(in->think_ms) || in->think_ms < 0)
        return err_set(e, ERR_RANGE, "think time must not be below 0");
    return true;
}

/* A sizing formula for L VUs in flight, rounded as the rules say, never below 1. */
static bool vus_for(const char *formula, const struct sizing_rules *s, double in_flight, int *vus,
                    struct err *e) {
    const struct expr_name names[] = {{"L", fmax(0, in_flight - s->rounding_guard)}};
    double value;
    if (!expr_eval(formula, names, 1, &value, e))
        return false;
    if (!isfinite(value) || value > s->users_ask_above) {
        char many[32], most[32];
        err_set(e, ERR_RANGE, "%s VUs are more than the %s that the rules let through",
                unit_show(value, 0, many, sizeof many),
                unit_show(s->users_ask_above, 0, most, sizeof most));
        return err_fix(e, "if it is meant, raise users_ask_above in rules/load-model-selection.md");
    }
    *vus = value < 1 ? 1 : (int)value;
    return true;
}

/* --- parts --- */

static double in_flight(const struct part *part, double response_ms, double pause_ms) {
    return part->iteration_rps * (part->requests_per_iteration * response_ms + pause_ms) / 1000;
}

/* Scenarios with their share of the rate. */
static void make_parts(const struct load_input *in, struct profile *p) {
    double sum = 0;
    p->parts = in->parts ? in->parts : 1;
    for (size_t i = 0; i < in->parts; i++)
        sum += in->part[i].share;
    for (size_t i = 0; i < p->parts; i++) {
        const struct part_input *from = &in->part[i];
        struct part *to = &p->part[i];
        memcpy(to->name, from->name, sizeof to->name);
        to->share = from->share / sum;
        to->requests_per_iteration = from->requests_per_iteration;
        to->think_ms = from->think_ms;
        to->wait_ms = from->wait_ms;
    }
    if (p->parts == 1) {
        struct part *only = &p->part[0];
        only->share = 1;
        only->requests_per_iteration = in->requests_per_iteration;
        only->wait_ms = only->wait_ms < in->think_ms ? only->wait_ms : in->think_ms;
        only->think_ms = in->think_ms - only->wait_ms;
    }
}

/* Means of the parts over their iterations; of one part exactly its figures. */
static void sum_rates(struct profile *p) {
    double pause = 0, requests = 0;
    p->iteration_rps = 0;
    for (size_t i = 0; i < p->parts; i++) {
        struct part *part = &p->part[i];
        part->iteration_rps = p->target_rps * part->share / part->requests_per_iteration;
        part->iteration_ms =
            part->requests_per_iteration * p->avg_ms + part->think_ms + part->wait_ms;
        p->iteration_rps += part->iteration_rps;
        pause += part->iteration_rps * (part->think_ms + part->wait_ms);
        requests += part->iteration_rps * part->requests_per_iteration;
    }
    p->think_ms = p->part[0].think_ms + p->part[0].wait_ms;
    p->requests_per_iteration = p->part[0].requests_per_iteration;
    if (p->parts > 1) {
        p->think_ms = pause / p->iteration_rps;
        p->requests_per_iteration = requests / p->iteration_rps;
    }
    p->iteration_ms = p->requests_per_iteration * p->avg_ms + p->think_ms;
}

/* VUs to allocate: for the limit, so that a slow server shows as response time before it shows as
 * dropped iterations; with the longer think time of text and baseline, so that neither drops. A
 * paced load has its own wait in the place of the script's. */
static bool allocate(const struct load_input *in, const struct rules *rules,
                     const struct profile *p, struct part *part, struct err *e) {
    const struct sizing_rules *s = &rules->sizing;
    bool open = in->arrivals == ARRIVALS_OPEN;
    part->users = part->vus;
    if (in->arrivals == ARRIVALS_CLOSED)
        return true;
    double response_ms = in->avg_ms, pause_ms = part->think_ms + (open ? part->wait_ms : 0);
    if (s->allocate_for_p95_limit && in->p95_limit_ms > response_ms)
        response_ms = in->p95_limit_ms;
    double measured = in->baseline.iteration_ms - p->requests_per_iteration * in->baseline.avg_ms;
    if (open && p->parts == 1 && measured > pause_ms && !in->figures_given)
        pause_ms = measured;
    if (!vus_for(s->allocate, s, in_flight(part, response_ms, pause_ms), &part->preallocated_vus,
                 e))
        return false;
    if (open)
        part->max_vus = (int)ceil(part->preallocated_vus * s->max_vus_factor);
    if (open || part->preallocated_vus > part->users)
        part->users = part->preallocated_vus;
    return true;
}

void profile_sum_parts(struct profile *p) {
    p->vus = p->preallocated_vus = p->max_vus = p->users = 0;
    for (size_t i = 0; i < p->parts; i++) {
        p->vus += p->part[i].vus;
        p->max_vus += p->part[i].max_vus;
        p->users += p->part[i].users;
        if (p->arrivals == ARRIVALS_OPEN)
            p->preallocated_vus += p->part[i].preallocated_vus;
    }
}

int profile_most_users(const struct profile *p) {
    return p->arrivals == ARRIVALS_OPEN ? p->max_vus : p->users;
}

/* VUs of all parts, each rounded up, when a response takes response_ms and all is scale times as
 * many. */
static bool sum_vus(const struct profile *p, const struct sizing_rules *s, double response_ms,
                    double scale, int *sum, struct err *e) {
    *sum = 0;
    for (size_t i = 0; i < p->parts; i++) {
        const struct part *part = &p->part[i];
        int vus;
        if (!vus_for(s->users, s,
                     scale * in_flight(part, response_ms, part->think_ms + part->wait_ms), &vus, e))
            return false;
        *sum += vus;
    }
    return true;
}

static bool size_parts(const struct load_input *in, const struct rules *rules, struct profile *p,
                       struct err *e) {
    const struct sizing_rules *s = &rules->sizing;
    double scale = p->baseline_used ? p->from_baseline / p->from_script : 1;
    for (size_t i = 0; i < p->parts; i++) {
        struct part *part = &p->part[i];
        part->in_flight = in_flight(part, in->avg_ms, part->think_ms + part->wait_ms) * scale;
        if (p->parts == 1 && p->baseline_used)
            part->in_flight = p->from_baseline;
        if (!vus_for(s->users, s, part->in_flight, &part->vus, e) ||
            !allocate(in, rules, p, part, e))
            return false;
    }
    profile_sum_parts(p);
    return true;
}

static bool size_vus(const struct load_input *in, const struct rules *rules, struct profile *p,
                     struct findings *notes, struct err *e) {
    const struct sizing_rules *s = &rules->sizing;
    p->from_script = 0;
    for (size_t i = 0; i < p->parts; i++)
        p->from_script +=
            in_flight(&p->part[i], in->avg_ms, p->part[i].think_ms + p->part[i].wait_ms);
    p->from_baseline = p->target_rps / in->baseline.rps * in->baseline.vus;
    bool measured = positive(p->from_baseline);
    if (!measured)
        p->from_baseline = NAN;
    if (!sum_vus(p, s, in->avg_ms, 1, &p->from_script_vus, e) ||
        !sum_vus(p, s, 2 * in->avg_ms, 1, &p->vus_at_twice, e))
        return false;
    double scale = p->parts > 1 ? p->from_baseline / p->from_script : NAN;
    if (measured &&
        !(p->parts > 1 ? sum_vus(p, s, in->avg_ms, scale, &p->from_baseline_vus, e)
                       : vus_for(s->users, s, p->from_baseline, &p->from_baseline_vus, e)))
        return false;
    p->baseline_used = measured && !in->figures_given;
    p->difference = measured ? fabs(p->from_script - p->from_baseline) / p->from_baseline : NAN;
    if (p->difference > s->two_sizings_differ)
        findings_add(notes, FINDING_WARNING, "sizes-differ",
                     "The fields give %d VUs, the baseline %d. %s is used.", p->from_script_vus,
                     p->from_baseline_vus,
                     p->baseline_used ? "The baseline's" : "The fields' size");
    return size_parts(in, rules, p, e);
}

/* --- stages --- */

static void add_stage(struct profile *p, double duration_s, double target_rps, const char *fmt,
                      int number) {
    if (duration_s <= 0 || p->stages == STAGES_MAX)
        return;
    struct stage *s = &p->stage[p->stages++];
    *s = (struct stage){
        .start_s = p->duration_s, .duration_s = duration_s, .target_rps = target_rps};
    snprintf(s->name, sizeof s->name, fmt, number);
    p->duration_s += duration_s;
}

/* "hold/6" and the like: a length in whole seconds between the bounds of the rules. */
static bool shape_length(const char *formula, double hold_s, double ramp_s, double least,
                         double most, double *out, struct err *e) {
    const struct expr_name names[] = {{"hold", hold_s}, {"ramp", ramp_s}};
    double value;
    if (!expr_eval(formula, names, 2, &value, e))
        return false;
    value = round(value);
    if (value < least)
        value = least;
    *out = value > most ? most : value;
    return true;
}

static double or_rule(double given_ms, double rule_s) {
    return isnan(given_ms) ? rule_s : given_ms / 1000;
}

static void warn_short_hold(const struct shape_rules *shape, double hold_s,
                            struct findings *notes) {
    if (!(hold_s < shape->hold_least_s))
        return;
    char have[32], least[32];
    findings_add(notes, FINDING_WARNING, "hold-short",
                 "Hold: %s is short. %s or more gives a usable p95.",
                 unit_show_clock(hold_s, have, sizeof have),
                 unit_show_clock(shape->hold_least_s, least, sizeof least));
}

static void warn_ramp(const struct shape_rules *shape, double ramp_s, struct findings *notes) {
    if (ramp_s >= shape->ramp_least_s && ramp_s <= shape->ramp_most_s)
        return;
    char have[32], least[32], most[32];
    findings_add(notes, FINDING_WARNING, "ramp-unusual", "Ramp up: %s is outside %s to %s.",
                 unit_show_clock(ramp_s, have, sizeof have),
                 unit_show_clock(shape->ramp_least_s, least, sizeof least),
                 unit_show_clock(shape->ramp_most_s, most, sizeof most));
}

static bool check_length(double seconds, const char *name, struct err *e) {
    enum { LONGEST_DAYS = 60 };
    if (seconds >= 0 && seconds <= LONGEST_DAYS * 86400.0)
        return true;
    return err_set(e, ERR_RANGE, "%s must be between 0 and %d days", name, LONGEST_DAYS);
}

/* Load and soak: up, hold, down. */
static bool shape_hold(const struct load_input *in, const struct shape_rules *shape,
                       struct profile *p, struct findings *notes, struct err *e) {
    double hold_s = or_rule(in->hold_ms, shape->hold_s), ramp_s, down_s;
    if (!shape_length(shape->ramp, hold_s, 0, shape->ramp_least_s, shape->ramp_most_s, &ramp_s, e))
        return false;
    ramp_s = or_rule(in->ramp_ms, ramp_s);
    if (!shape_length(shape->ramp_down, hold_s, ramp_s, shape->ramp_down_least_s, INFINITY, &down_s,
                      e))
        return false;
    down_s = or_rule(in->ramp_down_ms, down_s);
    if (!check_length(hold_s, "hold", e) || !check_length(ramp_s, "ramp up", e) ||
        !check_length(down_s, "ramp down", e))
        return false;
    if (hold_s <= 0)
        return err_set(e, ERR_RANGE, "hold must be above 0");
    warn_short_hold(shape, hold_s, notes);
    warn_ramp(shape, ramp_s, notes);
    add_stage(p, ramp_s, p->target_rps, "ramp", 0);
    add_stage(p, hold_s, p->target_rps, "hold", 0);
    add_stage(p, down_s, 0, "ramp down", 0);
    return true;
}

struct step_plan {
    double first_rps, last_rps;
    int steps;
};

static bool plan_steps(const struct load_input *in, const struct shape_rules *shape,
                       struct step_plan *plan, struct findings *notes, struct err *e) {
    double first = isnan(in->start_rps) ? shape->first_step * in->target_rps : in->start_rps;
    double last = isnan(in->max_rps) ? shape->last_step * in->target_rps : in->max_rps;
    if (!positive(first) || !isfinite(last) || last <= first)
        return err_set(e, ERR_RANGE, "the steps must rise: from %g to %g RPS does not", first,
                       last);
    double steps = in->steps;
    if (isnan(steps)) {
        steps = round((last - first) / (shape->step * in->target_rps)) + 1;
        steps = fmin(fmax(steps, shape->steps_least), shape->steps_most);
    } else if (steps < 2 || steps > STAGES_MAX / 2 || steps != floor(steps)) {
        return err_set(e, ERR_RANGE, "steps must be a whole number from 2 to %d", STAGES_MAX / 2);
    } else if (steps < shape->steps_least || steps > shape->steps_most) {
        findings_add(notes, FINDING_WARNING, "steps-unusual",
                     "Steps: %.0f is outside %.0f to %.0f.", steps, shape->steps_least,
                     shape->steps_most);
    }
    *plan = (struct step_plan){.first_rps = first, .last_rps = last, .steps = (int)steps};
    return true;
}

static bool shape_steps(const struct load_input *in, const struct shape_rules *shape,
                        struct profile *p, struct findings *notes, struct err *e) {
    struct step_plan plan = {0};
    double ramp_s, down_s;
    if (!plan_steps(in, shape, &plan, notes, e) ||
        !shape_length(shape->ramp, NAN, 0, shape->ramp_least_s, shape->ramp_most_s, &ramp_s, e))
        return false;
    ramp_s = or_rule(in->ramp_ms, ramp_s);
    if (!shape_length(shape->ramp_down, NAN, ramp_s, shape->ramp_down_least_s, INFINITY, &down_s,
                      e))
        return false;
    down_s = or_rule(in->ramp_down_ms, down_s);
    if (!check_length(ramp_s, "ramp", e) || !check_length(down_s, "ramp down", e) ||
        (!isnan(in->hold_ms) && !check_length(in->hold_ms / 1000, "hold", e)))
        return false;
    for (int i = 0; i < plan.steps; i++) {
        double rps = plan.first_rps + (plan.last_rps - plan.first_rps) * i / (plan.steps - 1);
        double enough_s = fmin(fmax(ceil(shape->requests_per_step / rps), shape->step_hold_least_s),
                               shape->step_hold_most_s);
        double hold_s = or_rule(in->hold_ms, enough_s);
        if (hold_s <= 0)
            return err_set(e, ERR_RANGE, "hold must be above 0");
        if (hold_s < shape->step_hold_least_s && i == 0)
            warn_short_hold(shape, hold_s, notes);
        add_stage(p, ramp_s, rps, "step %d ramp", i + 1);
        add_stage(p, hold_s, rps, "step %d", i + 1);
    }
    add_stage(p, down_s, 0, "ramp down", 0);
    p->stop_error_rate = shape->stop_error_rate;
    p->stop_after_s = shape->stop_after_s;
    return true;
}

/* VUs of each stage, and the area under them. */
static bool fill_stages(struct profile *p, const struct rules *rules, struct err *e) {
    for (int i = 0; i < p->stages; i++) {
        struct stage *s = &p->stage[i];
        for (size_t k = 0; s->target_rps > 0 && k < p->parts; k++) {
            struct part *part = &p->part[k];
            if (!vus_for(rules->sizing.users, &rules->sizing,
                         part->in_flight * s->target_rps / p->target_rps, &part->stage_vus[i], e))
                return false;
            s->vus += part->stage_vus[i];
        }
        p->planned_requests += (profile_stage_from(p, i) + s->target_rps) / 2 * s->duration_s;
    }
    return true;
}

static void warn_slow_average(const struct load_input *in, struct findings *notes) {
    if (in->avg_ms < in->p95_limit_ms || isnan(in->p95_limit_ms))
        return;
    findings_add(notes, FINDING_WARNING, "average-over-limit",
                 "The average response time, %.0f ms, is not below the p95 limit of %.0f ms.",
                 in->avg_ms, in->p95_limit_ms);
}

static bool make(const struct load_input *in, const struct rules *rules, struct profile *p,
                 struct findings *notes, struct err *e) {
    const struct shape_rules *shape = &rules->shape[in->model];
    if (!check_input(in, e))
        return false;
    p->model = in->model;
    p->arrivals = in->arrivals;
    p->expected_rps = p->target_rps = in->target_rps;
    p->avg_ms = in->avg_ms;
    p->generators = in->generators > 1 ? in->generators : 1;
    p->p95_limit_ms = in->p95_limit_ms;
    p->error_limit = in->error_limit;
    p->stop_error_rate = p->stop_after_s = NAN;
    bool steps = in->model == MODEL_STRESS;
    if (!(steps ? shape_steps : shape_hold)(in, shape, p, notes, e))
        return false;
    if (steps)
        p->target_rps = profile_top_rps(p);
    make_parts(in, p);
    sum_rates(p);
    warn_slow_average(in, notes);
    return size_vus(in, rules, p, notes, e) && fill_stages(p, rules, e);
}

bool profile_make(const struct load_input *in, const struct rules *rules, struct profile *p,
                  struct findings *notes, struct err *e) {
    *p = (struct profile){0};
    if (make(in, rules, p, notes, e))
        return true;
    *p = (struct profile){0};
    return false;
}

bool stage_is_ramp(const struct stage *s) { return strstr(s->name, "ramp") != NULL; }

double stage_settled_s(const struct stage *s, const struct rules *r) {
    return s->start_s + fmax(r->steady.settle_s, r->steady.settle_share * s->duration_s);
}

int profile_steps(const struct profile *p, double *first_rps) {
    int n = 0;
    *first_rps = NAN;
    for (int i = 0; i < p->stages; i++)
        if (!stage_is_ramp(&p->stage[i]) && n++ == 0)
            *first_rps = p->stage[i].target_rps;
    return n;
}

double profile_stage_from(const struct profile *p, int i) {
    if (!stage_is_ramp(&p->stage[i]))
        return p->stage[i].target_rps;
    return i > 0 ? p->stage[i - 1].target_rps : 0;
}

double profile_rate_at(const struct profile *p, double t_s) {
    for (int i = 0; i < p->stages; i++) {
        const struct stage *s = &p->stage[i];
        double from = profile_stage_from(p, i);
        if (t_s >= s->start_s && t_s < s->start_s + s->duration_s)
            return from + (s->target_rps - from) * (t_s - s->start_s) / s->duration_s;
    }
    return 0;
}

double profile_requests_between(const struct profile *p, double from_s, double to_s) {
    double sum = 0;
    for (int i = 0; i < p->stages; i++) {
        const struct stage *s = &p->stage[i];
        double begin = fmax(from_s, s->start_s), end = fmin(to_s, s->start_s + s->duration_s);
        double from = profile_stage_from(p, i);
        if (end > begin)
            sum +=
                (from + (s->target_rps - from) * ((begin + end) / 2 - s->start_s) / s->duration_s) *
                (end - begin);
    }
    return sum;
}

double profile_top_rps(const struct profile *p) {
    double top = 0;
    for (int i = 0; i < p->stages; i++)
        top = fmax(top, p->stage[i].target_rps);
    return top;
}
