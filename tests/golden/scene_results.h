/* tests/golden/scene_results.h
 * Results of single requests, of a stress and of a soak test, filled by hand: the pictures show how
 * they are said, not how they are found. One story, no measurement. */
#ifndef PERFSCALE_TESTS_SCENE_RESULTS_H
#define PERFSCALE_TESTS_SCENE_RESULTS_H

#include "base/mem.h"
#include "golden/scene.h"

/* --- series ---------------------------------------------------------------------------------- */

enum { SCENE_PIECE_S = 5 };
#define SCENE_START_MS ((int64_t)(SCENE_SCRIPT_S + 208) * 1000) /* 13:51:35 */

/* -1 to 1, the same for the same place. */
static inline double scene_noise(size_t i) {
    uint32_t x = ((uint32_t)i + 1) * 2654435761u;
    x ^= x >> 15;
    return (double)(x % 2001) / 1000 - 1;
}

struct scene_piece {
    double rps, p95_ms, failed;
};
typedef struct scene_piece scene_curve(double at_s);

static inline void scene_series(struct summary *run, double length_s, double piece_s,
                                scene_curve *curve) {
    struct series *r = &run->series;
    size_t n = (size_t)(length_s / piece_s);
    free(r->point);
    *r = (struct series){
        .point = mem_new(n, sizeof *r->point), .points = n, .cap = n, .start_ms = SCENE_START_MS};
    for (size_t i = 0; i < n; i++) {
        struct scene_piece x = curve((double)i * piece_s);
        r->point[i] = point_none((double)i * piece_s, piece_s);
        r->point[i].requests = x.rps * piece_s * (1 + 0.01 * scene_noise(i));
        r->point[i].failed = x.failed * r->point[i].requests;
        r->point[i].p95_ms = x.p95_ms * (1 + 0.06 * scene_noise(i + 7000));
    }
}

static inline struct stretch *scene_stretch(struct summary *run, const char *name, double from_s,
                                            double to_s) {
    free(run->stretch);
    run->stretch = mem_new(1, sizeof *run->stretch);
    run->stretches = 1;
    *run->stretch = stretch_none();
    text_copy(run->stretch->name, sizeof run->stretch->name, name);
    run->stretch->from_s = from_s;
    run->stretch->to_s = to_s;
    return run->stretch;
}

/* A result holds the load it was made with. */
static inline void scene_judged_load(struct scene *c) {
    struct result *r = &c->s.result;
    if (!r->there || r->has_profile)
        return;
    r->profile = c->s.profile;
    r->has_profile = r->profile.stages > 0;
}

/* --- load ------------------------------------------------------------------------------------ */

enum { SCENE_UP_S = 100, SCENE_DOWN_AT_S = 700, SCENE_LOAD_S = 750, SCENE_STALL_S = 400 };

static inline double scene_ramps(double at_s) {
    return fmin(1, fmin((at_s + SCENE_PIECE_S) / SCENE_UP_S, (SCENE_LOAD_S - at_s) / 50));
}

static inline struct scene_piece scene_kept(double at_s) {
    bool slow = at_s >= 440 && at_s < 450;
    return (struct scene_piece){200 * scene_ramps(at_s), slow ? 380 : 238, 0};
}

static inline struct scene_piece scene_broken(double at_s) {
    bool stall = at_s >= SCENE_STALL_S && at_s < SCENE_STALL_S + 15;
    return (struct scene_piece){stall ? 0 : 185 * scene_ramps(at_s), at_s < 300 ? 320 : 610,
                                at_s < 300 ? 0 : 0.02};
}

/* The steady state of the run, with the figures of each endpoint in it. */
static inline void scene_steady(struct scene *c, scene_curve *curve) {
    struct summary *run = &c->s.result.run;
    struct judged_window *w = &c->s.result.judgement.window;
    struct stretch *hold = scene_stretch(run, "hold", 120, SCENE_DOWN_AT_S);
    static const double fifths[FIFTHS] = {238, 241, 252, 240, 239};
    scene_series(run, SCENE_LOAD_S, SCENE_PIECE_S, curve);
    for (int m = 0; m < ENDPOINT_METRICS; m++)
        hold->value[m] = run->figure[m].value;
    hold->value[METRIC_REQUESTS] = 113772;
    memcpy(hold->fifth_p95_ms, fifths, sizeof fifths);
    *w = (struct judged_window){true, 120, SCENE_DOWN_AT_S, 113772, false};
    for (size_t i = 0; i < run->endpoints; i++)
        for (int m = 0; m < ENDPOINT_METRICS; m++)
            run->endpoint[i].steady[m] = run->endpoint[i].figure[m].value;
}

static inline struct check *scene_check(struct judgement *j, const char *metric, double value,
                                        double limit, const char *unit, enum verdict status) {
    struct check *c = &j->check[j->checks++];
    *c = (struct check){.value = value,
                        .limit = limit,
                        .op = OP_LESS,
                        .status = status,
                        .required = true,
                        .low = NAN,
                        .high = NAN};
    text_copy(c->metric, sizeof c->metric, metric);
    text_copy(c->unit, sizeof c->unit, unit);
    text_copy(c->limit_from, sizeof c->limit_from, "test-plan.md:9");
    return c;
}

/* What is said beside the figures is of the picture alone. */
static inline void scene_judged_quietly(struct scene *c, const char *file) {
    struct judgement *j = &c->s.result.judgement;
    scene_judged(c, file);
    findings_clear(&j->findings);
    j->causes = 0;
    j->steps = 1;
    text_copy(j->step[0], sizeof j->step[0], "p95 is at 49 % of its limit.");
}

static inline void scene_load_kept(struct scene *c) {
    struct judgement *j = &c->s.result.judgement;
    scene_judged_quietly(c, "run_pass.txt");
    scene_steady(c, scene_kept);
    for (size_t i = 0; i < j->checks; i++)
        if (strcmp(j->check[i].metric, "p95") == 0) {
            j->check[i].low = 233;
            j->check[i].high = 256;
        }
    struct series *w = &c->s.result.run.windows;
    free(w->point);
    *w = (struct series){.point = mem_new(2, sizeof *w->point), .points = 2, .cap = 2};
    w->point[0] = point_none(120, 60);
    w->point[1] = point_none(420, 60);
    w->point[0].p95_ms = 239;
    w->point[1].p95_ms = 287;
}

static inline void scene_say(struct judgement *j, enum verdict verdict, const char *sentence) {
    j->verdict = verdict;
    text_copy(j->sentence, sizeof j->sentence, sentence);
}

static inline void scene_cause(struct judgement *j, const char *id, const char *name,
                               const char *evidence, const char *points_at, const char *look) {
    struct cause *x = &j->cause[j->causes++];
    *x = (struct cause){0};
    text_copy(x->id, sizeof x->id, id);
    text_copy(x->name, sizeof x->name, name);
    text_copy(x->evidence, sizeof x->evidence, evidence);
    text_copy(x->points_at, sizeof x->points_at, points_at);
    text_copy(x->look_next, sizeof x->look_next, look);
}

/* An endpoint has a limit of its own and breaks it, one is above the run's, and one is not called
 * in the window. */
static inline void scene_load_broken(struct scene *c) {
    struct judgement *j = &c->s.result.judgement;
    struct summary *run = &c->s.result.run;
    char metric[SCOPE_MAX_BYTES];
    scene_judged_quietly(c, "run_pass.txt");
    scene_steady(c, scene_broken);
    for (size_t i = 0; i < j->checks; i++)
        if (strcmp(j->check[i].metric, "p95") == 0) {
            j->check[i].value = 612;
            j->check[i].status = VERDICT_FAIL;
        }
    run->endpoint[1].steady[METRIC_P95_MS] = 655;
    run->endpoint[3].steady[METRIC_P95_MS] = 430;
    snprintf(metric, sizeof metric, "p95:%.200s", run->endpoint[3].name);
    scene_check(j, metric, 430, 400, "ms", VERDICT_FAIL);
    scene_check(j, "stalls", 1, 0, "", VERDICT_FAIL)->op = OP_LESS_EQUAL;
    j->stall[j->stalls++] = (struct stall){SCENE_STALL_S, 15};
    for (int m = 0; m < ENDPOINT_METRICS; m++)
        run->endpoint[0].steady[m] = NAN;
    j->steps = 0;
    scene_say(j, VERDICT_FAIL, "Bottleneck detected. Check logs/metrics.");
    scene_cause(j, "D38", "slower under load", "p95 2.9 and mean 2.1 times the baseline's",
                "a resource of the server that fills up: CPU, a pool, a lock, the database",
                "CPU, pools and lock waits of the server during the hold");
}

/* --- stress ---------------------------------------------------------------------------------- */

enum { SCENE_STEPS = 6, SCENE_STEP_S = 180 };

static const struct {
    double load, reached, p95_ms, error_rate, vus;
} scene_step[SCENE_STEPS] = {
    {100, 99.9, 209, 0, 40},          {200, 199.6, 236, 0, 81},
    {300, 299.3, 262, 0, 121},        {400, 398.9, 318, 0.0004, 164},
    {500, 431.2, 2940, 0.0192, 1028}, {600, 428.7, 3110, 0.0635, 1028},
};

static inline struct scene_piece scene_steps(double at_s) {
    size_t i = (size_t)(at_s / SCENE_STEP_S);
    i = i < SCENE_STEPS ? i : SCENE_STEPS - 1;
    return (struct scene_piece){scene_step[i].reached, scene_step[i].p95_ms,
                                scene_step[i].error_rate};
}

static inline struct scene_piece scene_healthy_steps(double at_s) {
    size_t i = (size_t)(at_s / SCENE_STEP_S);
    i = i < SCENE_STEPS ? i : SCENE_STEPS - 1;
    return (struct scene_piece){scene_step[i].load, 200 + 12 * (double)i, 0};
}

/* A run of the model, judged by hand from here on. */
static inline struct judgement *scene_of_model(struct scene *c, const char *model) {
    struct err e = {0};
    scene_ready(c);
    session_set_field(&c->s, FIELD_MODEL, model);
    scene_confirm(c);
    scene_must(session_prepare_script(&c->s, NULL, &e), &e);
    scene_must(session_write_script(&c->s, &e), &e);
    scene_pasted(c, "run_pass.txt");
    scene_must(session_use_intake(&c->s, &e), &e);
    scene_finish(c, strcmp(model, "Soak") == 0 ? "soak_orders.csv" : "stress_orders.csv");
    struct judgement *j = &c->s.result.judgement;
    enum model kind = j->model;
    judgement_fini(j);
    *j = (struct judgement){.model = kind, .stall_window_s = NAN};
    findings_clear(&c->s.result.run.findings);
    return j;
}

static inline struct stress_found *scene_stress(struct scene *c, scene_curve *curve) {
    struct judgement *j = scene_of_model(c, "Stress");
    struct stress_found *f = &j->stress;
    scene_series(&c->s.result.run, SCENE_STEPS * SCENE_STEP_S, SCENE_PIECE_S, curve);
    j->has_stress = true;
    *f = (struct stress_found){.open = true,
                               .think_ms = NAN,
                               .steps = SCENE_STEPS,
                               .last_pass = SCENE_STEPS - 1,
                               .first_fail = -1,
                               .generator_step = -1,
                               .fraction = NAN,
                               .break_load = NAN,
                               .low = NAN,
                               .high = NAN,
                               .break_rps = NAN,
                               .at_least = NAN,
                               .at_most = NAN,
                               .saturation_rps = NAN};
    for (int i = 0; i < SCENE_STEPS; i++) {
        struct scene_piece x = curve(i * SCENE_STEP_S);
        double requests = x.rps / (1 - x.failed) * SCENE_STEP_S;
        f->step[i] = (struct stress_judged){.is = {.number = i + 1,
                                                   .from_s = i * SCENE_STEP_S,
                                                   .to_s = (i + 1) * SCENE_STEP_S,
                                                   .load = scene_step[i].load,
                                                   .window_s = SCENE_STEP_S,
                                                   .requests = requests,
                                                   .ok = x.rps * SCENE_STEP_S,
                                                   .mean_ms = x.p95_ms * 0.7,
                                                   .p95_ms = x.p95_ms,
                                                   .p99_ms = NAN,
                                                   .dropped = 0,
                                                   .vus = scene_step[i].vus,
                                                   .generator_cpu = 0.3 + 0.06 * i},
                                            .judged = true,
                                            .p95_judged = true,
                                            .law = NAN};
    }
    scene_check(j, "p95", NAN, 500, "ms", VERDICT_PASS);
    return f;
}

static inline void scene_stress_broke(struct scene *c) {
    struct stress_found *f = scene_stress(c, scene_steps);
    struct judgement *j = &c->s.result.judgement;
    f->verdict = STRESS_BROKE;
    f->last_pass = 3;
    f->first_fail = 4;
    f->confirmed = true;
    f->break_load = f->break_rps = 420;
    f->low = 300;
    f->high = 600;
    f->saturation = SATURATION_PLATEAU;
    f->saturation_rps = 412;
    f->transient[1] = true;
    f->step[1].failed[STRESS_P95] = true;
    f->step[1].is.p95_ms = 640;
    for (int i = 4; i < SCENE_STEPS; i++)
        f->step[i].failed[STRESS_P95] = f->step[i].failed[STRESS_ERRORS] =
            f->step[i].failed[STRESS_RATE] = true;
    scene_say(j, VERDICT_FAIL, "Bottleneck detected. Check logs/metrics.");
    scene_cause(j, "D20", "saturated",
                "iteration 9.54 s, 6.0 times the baseline; generator CPU 54 %",
                "a full resource of the server: CPU, pool, lock, database",
                "CPU, pools and log of the server at 14:03:35");
    findings_add(&j->findings, FINDING_WARNING, "transient",
                 "Step 2 broke a limit, and a higher step kept them all: a disturbance, not the "
                 "break.");
}

static inline void scene_stress_kept(struct scene *c) {
    struct stress_found *f = scene_stress(c, scene_healthy_steps);
    f->verdict = STRESS_NOT_REACHED;
    f->at_least = 600;
    f->saturation_rps = 600;
    scene_say(&c->s.result.judgement, VERDICT_PASS,
              "Test successful. Ready for deployment/higher load.");
}

static inline void scene_stress_generator(struct scene *c) {
    struct stress_found *f = scene_stress(c, scene_healthy_steps);
    struct judgement *j = &c->s.result.judgement;
    f->verdict = STRESS_GENERATOR_LIMITED;
    f->generator_step = 3;
    f->last_pass = 2;
    f->at_least = 300;
    f->reason = f->step[3].generator = STRESS_VU_CAP;
    f->step[3].is.dropped = 1810;
    f->step[3].failed[STRESS_RATE] = true;
    for (int i = 3; i < SCENE_STEPS; i++)
        f->step[i].judged = false;
    scene_say(j, VERDICT_INVALID,
              "Run invalid: the load generator was the limit from step 4 (400 RPS).");
    scene_cause(j, "D02", "VUs ran out",
                "step 4: 1,810 iterations dropped, response time as in the first step",
                "allocation too small", "allocate VUs for the p95 limit");
    text_copy(j->step[j->steps++], sizeof j->step[0], "Allocate 374 VUs for step 4 and run again.");
}

/* Users, not a rate; the last step alone is over the limit. */
static inline void scene_stress_closed(struct scene *c) {
    static const double vus[] = {20, 40, 60, 80, 100, 120};
    static const double rps[] = {18.1, 36, 53.1, 68.5, 76.9, 78.9};
    static const double p95[] = {300, 310, 330, 380, 470, 760};
    struct stress_found *f = scene_stress(c, scene_healthy_steps);
    struct judgement *j = &c->s.result.judgement;
    f->open = false;
    f->verdict = STRESS_BROKE;
    f->last_pass = 4;
    f->first_fail = 5;
    f->break_load = 102.6;
    f->low = 80;
    f->high = 120;
    f->break_rps = 77.2;
    f->saturation = SATURATION_PLATEAU;
    f->saturation_rps = 78.9;
    f->usl = (struct stress_usl){.fitted = true, .accepted = true, .n_max = 131, .x_max = 80};
    for (int i = 0; i < SCENE_STEPS; i++) {
        struct stress_judged *s = &f->step[i];
        s->is.load = s->is.vus = vus[i];
        s->is.p95_ms = p95[i];
        s->is.requests = s->is.ok = rps[i] * SCENE_STEP_S;
        s->law = 0.9991;
    }
    f->step[5].failed[STRESS_P95] = true;
    scene_say(j, VERDICT_FAIL, "Bottleneck detected. Check logs/metrics.");
}

static inline void scene_stress_few(struct scene *c) {
    struct stress_found *f = scene_stress(c, scene_healthy_steps);
    f->verdict = STRESS_TOO_FEW_STEPS;
    f->steps = 2;
    f->last_pass = 1;
    scene_say(&c->s.result.judgement, VERDICT_NO_DATA, "");
}

/* --- soak ------------------------------------------------------------------------------------ */

enum { SCENE_SOAK_S = 4 * 3600, SCENE_SOAK_PIECE_S = 30 };

static inline struct scene_piece scene_long(double at_s) {
    double share = fmin(1, fmin((at_s + SCENE_SOAK_PIECE_S) / 300, (SCENE_SOAK_S - at_s) / 300));
    return (struct scene_piece){200 * share, 241 + at_s / 3600 * 2.5, 0.0002};
}

static inline struct trend scene_trend(enum soak_answer answer, enum soak_verdict verdict) {
    return (struct trend){.answer = answer,
                          .verdict = verdict,
                          .samples = 456,
                          .blocks = 20,
                          .hours = 3.8,
                          .s = 21,
                          .variance = 950,
                          .z = 0.65,
                          .p = 0.26,
                          .slope = NAN,
                          .low = NAN,
                          .high = NAN,
                          .level = NAN,
                          .rise = NAN,
                          .none_above = NAN,
                          .step_block = -1,
                          .tail_ratio = NAN,
                          .tail_slope = NAN,
                          .level_end = NAN,
                          .hours_to_limit = NAN,
                          .hours_low = NAN,
                          .hours_high = NAN,
                          .first = NAN,
                          .last = NAN};
}

static inline struct trend scene_stable(double first, double last, double slope,
                                        double none_above) {
    struct trend t = scene_trend(SOAK_NONE_FOUND, SOAK_STABLE);
    t.first = first;
    t.last = last;
    t.slope = slope;
    t.low = slope - none_above / 2;
    t.high = slope + none_above / 2;
    t.none_above = none_above;
    text_copy(t.why, sizeof t.why, "no significant rise");
    return t;
}

static inline struct soak_found *scene_soak(struct scene *c) {
    struct judgement *j = scene_of_model(c, "Soak");
    struct soak_found *f = &j->soak;
    scene_series(&c->s.result.run, SCENE_SOAK_S, SCENE_SOAK_PIECE_S, scene_long);
    j->has_soak = true;
    j->window = (struct judged_window){true, 720, 14100, 2679000, false};
    *f = (struct soak_found){.memory = scene_trend(SOAK_NOT_MEASURED, SOAK_INSUFFICIENT),
                             .latency = scene_stable(241, 251, 3, 23),
                             .errors = scene_stable(0.0002, 0.0002, 0, 0.001),
                             .throughput = scene_stable(199.6, 199.5, -0.03, 1),
                             .memory_limit_mb = NAN};
    f->memory.samples = 0;
    scene_check(j, "p95", 246, 500, "ms", VERDICT_PASS);
    scene_check(j, "error_rate", 0.0002, 0.01, "", VERDICT_PASS);
    struct check *rate = scene_check(j, "rps", 199.6, 190, "RPS", VERDICT_PASS);
    rate->op = OP_MORE_EQUAL;
    scene_check(j, "latency_drift", 0.05, 0.1, "", VERDICT_PASS);
    return f;
}

static inline void scene_memory(struct scene *c, double from_mb, double per_hour) {
    enum { EVERY_S = 30 };
    struct trace *t = summary_trace(&c->s.result.run, "orders:8080");
    text_copy(c->s.result.judgement.soak.memory_of, SCOPE_MAX_BYTES, t->name);
    for (int s = 0; s < SCENE_SOAK_S; s += EVERY_S)
        trace_add(t, s, from_mb + per_hour * s / 3600 + 6 * scene_noise((size_t)s));
}

static inline void scene_soak_drift(struct scene *c) {
    struct soak_found *f = scene_soak(c);
    struct judgement *j = &c->s.result.judgement;
    struct trend *t = &f->memory;
    *t = scene_trend(SOAK_DRIFT, SOAK_LEAK);
    t->first = 468;
    t->last = 877;
    t->slope = 124;
    t->low = 117;
    t->high = 131;
    t->rise = 0.67;
    t->s = 190;
    t->z = 6.13;
    t->p = 0;
    t->shape = SHAPE_LINEAR;
    t->tail_ratio = 0.98;
    t->hours_to_limit = 9.4;
    t->hours_low = 8.1;
    t->hours_high = 11.2;
    f->memory_limit_mb = 2048;
    scene_memory(c, 380, 124);
    scene_check(j, "memory_drift", 0.67, 0.05, "", VERDICT_FAIL);
    scene_say(j, VERDICT_FAIL, "Bottleneck detected. Check logs/metrics.");
    text_copy(j->step[j->steps++], sizeof j->step[0], j->sentence);
    text_copy(j->step[j->steps++], sizeof j->step[0],
              "Take a heap dump; then run one hour more and see whether memory is freed after it.");
}

static inline void scene_soak_unmeasured(struct scene *c) {
    scene_soak(c);
    scene_say(&c->s.result.judgement, VERDICT_PASS,
              "Test successful. Ready for deployment/higher load.");
}

/* The server ran out of memory again and again, and p95 cannot be judged. */
static inline void scene_soak_restarts(struct scene *c) {
    struct soak_found *f = scene_soak(c);
    struct judgement *j = &c->s.result.judgement;
    f->memory = scene_trend(SOAK_RESTART, SOAK_STABLE);
    f->memory.first = 512;
    f->memory.last = 540;
    f->latency = scene_trend(SOAK_CANNOT_TELL, SOAK_PLATEAU);
    f->latency.first = 241;
    f->latency.last = 290;
    text_copy(f->latency.why, sizeof f->latency.why,
              "it rose and levelled off; a run twice as long would tell");
    f->restarts = 3;
    f->restart_s[0] = 3600;
    f->restart_s[1] = 7300;
    f->restart_s[2] = 11000;
    f->load_drifted = true;
    scene_memory(c, 500, 12);
    scene_say(j, VERDICT_FAIL, "Bottleneck detected. Check logs/metrics.");
}

#endif
