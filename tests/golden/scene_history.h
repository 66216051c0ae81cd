/* tests/golden/scene_history.h
 * Stored runs, one of them open, and two compared, filled by hand: the pictures show how they are
 * said. One story, no measurement. */
#ifndef PERFSCALE_TESTS_SCENE_HISTORY_H
#define PERFSCALE_TESTS_SCENE_HISTORY_H

#include "base/mem.h"
#include "golden/scene_results.h"
#include "session/together_parts.h"

/* --- the list -------------------------------------------------------------------------------- */

struct scene_run {
    int64_t id, minutes; /* before now */
    const char *model, *verdict;
    double target_rps, p95_ms, error_rate, rps;
    enum review_state review;
    int notes, open_notes;
    bool pinned;
};

static const struct scene_run scene_stored[] = {
    {16, 93, "soak", "fail", 200, 247, 0.0002, 199.6, REVIEW_NONE, 0, 0, false},
    {15, 1205, "stress", "fail", 600, 2940, 0.0192, 431.2, REVIEW_CHANGES, 1, 1, false},
    {14, 1234, "load", "pass", 200, 243, 0.0002, 199.6, REVIEW_APPROVED, 1, 0, true},
    {13, 1423, "load", "fail", 200, 612, 0.0041, 187.3, REVIEW_APPROVED, 12, 0, false},
    {12, 1454, "load", "invalid", 200, 198, 0, 141, REVIEW_NONE, 0, 0, false},
    {11, 1483, "load", "pass", NAN, 212, 0, 12.6, REVIEW_NONE, 0, 0, false},
    {10, 2518, "load", "no_data", 150, NAN, 0, NAN, REVIEW_OPEN, 2, 1, false},
    {9, 2605, "load", "pass", 200, 214, 0, 198.5, REVIEW_OUTDATED, 3, 0, false},
    {8, 4100, "load", "pass", 200, 545, 0.0012, 196.2, REVIEW_NONE, 0, 0, false},
    {7, 5600, "stress", "pass", 12600, 318.4, 0.12345, 12588, REVIEW_NONE, 0, 0, false},
    {6, 7100, "load", "pass", 200, 38.4, 0, 199.9, REVIEW_NONE, 0, 0, false},
    {5, 9000, "load", "pass", 200, 560, 0, 199.8, REVIEW_NONE, 0, 0, false},
    {4, 530000, "soak", "pass", 180, 249, 0, 179.8, REVIEW_NONE, 0, 0, false},
    {3, 540000, "load", "pass", 200, 540, 0, 198.8, REVIEW_OPEN, 1, 0, false},
};
enum { SCENE_STORED = sizeof scene_stored / sizeof *scene_stored };

static inline void scene_run(struct run_row *row, const struct scene_run *x) {
    *row = (struct run_row){.notes = x->notes,
                            .open_notes = x->open_notes,
                            .review = x->review,
                            .pinned = x->pinned,
                            .is = {.id = x->id,
                                   .at_ms = SCENE_NOW_MS - x->minutes * 60000,
                                   .author_uid = 1001,
                                   .author_proven = true,
                                   .author = "ana",
                                   .confirmed_by = "ana",
                                   .host = "vm-perf-02",
                                   .tool = "k6",
                                   .tool_version = "2.2.0",
                                   .script = "load_orders.js",
                                   .source = "load_orders.csv",
                                   .target_rps = x->target_rps,
                                   .rps = x->rps,
                                   .p95_ms = x->p95_ms,
                                   .error_rate = x->error_rate}};
    text_copy(row->is.model, sizeof row->is.model, x->model);
    text_copy(row->is.verdict, sizeof row->is.verdict, x->verdict);
    text_copy(row->is.hash.results, sizeof row->is.hash.results, "8f3c21d09a44");
    text_copy(row->is.hash.script, sizeof row->is.hash.script, "77e0b4c2a1f0");
    text_copy(row->is.hash.rules, sizeof row->is.hash.rules, "51ab07e9c3d2");
}

/* Room for n runs in the list, which is empty until then. */
static inline struct run_row *scene_list(struct scene *c, size_t n) {
    struct together *t = c->s.together;
    found_drop(&t->found);
    free(t->row);
    free(t->count);
    t->row = mem_new(n, sizeof *t->row);
    t->count = NULL;
    t->rows = n;
    return t->row;
}

static inline void scene_runs(struct scene *c) {
    scene_ready(c);
    struct run_row *row = scene_list(c, SCENE_STORED);
    for (size_t i = 0; i < SCENE_STORED; i++)
        scene_run(&row[i], &scene_stored[i]);
}

/* n runs by ana, bo and eve, the newest with the highest number. */
static inline void scene_many_runs(struct scene *c, size_t n) {
    static const char *const people[] = {"ana", "bo", "eve"};
    struct run_row *row = scene_list(c, n);
    for (size_t i = 0; i < n; i++) {
        struct scene_run x = scene_stored[i % SCENE_STORED];
        x.id = (int64_t)(n - i);
        x.minutes = 30 + 47 * (int64_t)i;
        x.p95_ms *= 1 + 0.2 * scene_noise(i);
        x.pinned = false;
        scene_run(&row[i], &x);
        text_copy(row[i].is.author, sizeof row[i].is.author, people[i % 3]);
    }
}

static inline void scene_runs_60(struct scene *c) {
    scene_ready(c);
    scene_many_runs(c, 60);
}

static inline void scene_runs_1000(struct scene *c) {
    scene_ready(c);
    scene_many_runs(c, 1000);
}

/* --- the open run ---------------------------------------------------------------------------- */

static inline void scene_said(struct said *x, int id, enum said_kind kind, const char *by,
                              const char *text) {
    *x = (struct said){.run = 14, .id = id, .kind = kind, .proven = true};
    x->at_ms = SCENE_NOW_MS - (int64_t)(1214 - id) * 60000;
    text_copy(x->by, sizeof x->by, by);
    text_copy(x->text, sizeof x->text, text);
}

/* Run 14: bo approved it, ana has a note on it. */
static inline void scene_run_open(struct scene *c) {
    scene_runs(c);
    struct open_run *o = &c->s.together->open;
    open_drop(o);
    record_init(&o->record);
    o->record.is = session_run_row(&c->s, 14)->is;
    o->said.item = mem_new(2, sizeof *o->said.item);
    o->said.n = 2;
    scene_said(&o->said.item[0], 1, SAID_NOTE, "ana", "index on orders.customer_id added");
    scene_said(&o->said.item[1], 2, SAID_APPROVE, "bo", "");
    o->review = (struct review){.state = REVIEW_APPROVED, .notes = 1, .votes = 1, .approvals = 1};
    o->review.note = mem_new(1, sizeof *o->review.note);
    o->review.note[0] = (struct note){.said = &o->said.item[0], .state = NOTE_AGREED};
    o->review.vote = mem_new(1, sizeof *o->review.vote);
    o->review.vote[0] = (struct vote){.said = &o->said.item[1], .valid = true};
    o->shown.there = true;
    o->shown.run_id = 14;
    o->there = true;
}

/* --- two runs compared ----------------------------------------------------------------------- */

static inline struct scene_piece scene_slow(double at_s) {
    (void)at_s;
    return (struct scene_piece){187, 612, 0.004};
}

static inline struct scene_piece scene_fast(double at_s) {
    bool spike = at_s >= 440 && at_s < 450;
    return (struct scene_piece){199.6, spike ? 430 : 243, 0};
}

static inline void scene_side(struct scene *c, int side, int64_t id, scene_curve *curve) {
    struct record *r = &c->s.together->side[side];
    record_init(r);
    r->is = session_run_row(&c->s, id)->is;
    scene_series(&r->run, SCENE_LOAD_S, SCENE_PIECE_S, curve);
    scene_stretch(&r->run, "hold", 120, SCENE_DOWN_AT_S);
    scene_check(&r->judgement, "p95", r->is.p95_ms, 500, "ms", VERDICT_PASS);
}

static inline struct compared *scene_figure(struct comparison *c, const char *metric,
                                            const char *unit, double a, double b,
                                            enum reading reading, const char *why,
                                            const char *also) {
    struct compared *f = &c->figure[c->figures++];
    *f = (struct compared){.a = a, .b = b, .reading = reading, .read = why[0] != '\0'};
    f->difference = unit[0] ? (b - a) / a : b - a;
    text_copy(f->metric, sizeof f->metric, metric);
    text_copy(f->unit, sizeof f->unit, unit);
    text_copy(f->why, sizeof f->why, why);
    text_copy(f->also, sizeof f->also, also);
    return f;
}

static inline void scene_figures(struct comparison *c) {
    scene_figure(c, "p50", "ms", 188, 131, READING_BETTER,
                 "intervals 184 ms to 192 ms and 129 ms to 133 ms do not touch", "");
    scene_figure(c, "p95", "ms", 612, 243, READING_BETTER,
                 "intervals 598 ms to 626 ms and 239 ms to 247 ms do not touch",
                 "now within limit");
    scene_figure(c, "p99", "ms", 1940, 402, READING_UNKNOWN,
                 "run 13 holds no spread of it over time: no interval", "");
    scene_figure(c, "error_rate", "", 0.0041, 0.0002, READING_BETTER,
                 "intervals 0.37 % to 0.45 % and 0.01 % to 0.03 % do not touch", "");
    scene_figure(c, "rps", "RPS", 187.3, 199.6, READING_BETTER,
                 "intervals 186.9 to 187.7 and 199.1 to 200.1 do not touch", "target reached");
    scene_figure(c, "requests", "count", 106761, 113772, READING_UNKNOWN, "", "");
    scene_figure(c, "vus", "count", 374, 98, READING_UNKNOWN, "", "run 13 used all it had");
}

static inline void scene_endpoint(struct compared *f, const char *name, double a, double b,
                                  enum reading reading, const char *why) {
    *f = (struct compared){.a = a, .b = b, .reading = reading, .read = true};
    f->difference = (b - a) / a;
    text_copy(f->metric, sizeof f->metric, name);
    text_copy(f->unit, sizeof f->unit, "ms");
    text_copy(f->why, sizeof f->why, why);
}

static inline void scene_endpoints(struct comparison *c) {
    static const char apart[] = "intervals do not touch";
    c->endpoints = 4;
    c->endpoint = mem_new(c->endpoints, sizeof *c->endpoint);
    scene_endpoint(&c->endpoint[0], "POST /login", 340, 312, READING_NOISE,
                   "within 10 %: no clear change");
    scene_endpoint(&c->endpoint[1], "GET /orders", 1120, 268, READING_BETTER, apart);
    scene_endpoint(&c->endpoint[2], "GET /orders/{id}/positions/all", 131, 158, READING_WORSE,
                   apart);
    scene_endpoint(&c->endpoint[3], "POST /orders", 288, 251, READING_BETTER, apart);
    c->only_b = 2;
}

static inline void scene_differs(struct comparison *c, const char *field, const char *a,
                                 const char *b, enum grade grade, const char *why) {
    struct differs *d = &c->differs[c->differ++];
    *d = (struct differs){.grade = grade};
    text_copy(d->field, sizeof d->field, field);
    text_copy(d->a, sizeof d->a, a);
    text_copy(d->b, sizeof d->b, b);
    text_copy(d->why, sizeof d->why, why);
    c->grade = grade > c->grade ? grade : c->grade;
}

static inline void scene_same(struct comparison *c) {
    static const char *const same[] = {"target", "model", "arrivals", "limits", "tool_version"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        text_copy(c->same[c->sames++], sizeof *c->same, same[i]);
    text_copy(c->of, sizeof c->of, "steady part, 9:40 and 9:40");
    c->steady = true;
}

static inline void scene_script_lines(struct together *t) {
    static const char was[] = "import http from 'k6/http';\n"
                              "export default function () {\n"
                              "  http.get(`${BASE}/orders`);\n"
                              "}\n",
                      is[] = "import http from 'k6/http';\n"
                             "export default function () {\n"
                             "  http.get(`${BASE}/orders?page=1`);\n"
                             "  sleep(1);\n"
                             "}\n";
    t->side[0].is.script_text = mem_strdup(was);
    t->side[1].is.script_text = mem_strdup(is);
    diff_texts(&t->scripts, t->side[0].is.script_text, strlen(was), t->side[1].is.script_text,
               strlen(is));
    t->has_scripts = true;
}

/* Runs 13 and 14. */
static inline struct comparison *scene_compared(struct scene *c) {
    scene_runs(c);
    struct together *t = c->s.together;
    scene_side(c, 0, 13, scene_slow);
    scene_side(c, 1, 14, scene_fast);
    t->comparison = (struct comparison){.a = 13, .b = 14};
    t->compared = true;
    scene_figures(&t->comparison);
    scene_endpoints(&t->comparison);
    scene_same(&t->comparison);
    scene_script_lines(t);
    text_copy(t->comparison.sentence, sizeof t->comparison.sentence,
              "p95 is 60 % lower: better. Nothing is worse.");
    return &t->comparison;
}

static inline void scene_explainable(struct scene *c) {
    struct comparison *x = scene_compared(c);
    scene_differs(x, "host", "vm-perf-01", "vm-perf-02", GRADE_EXPLAINABLE,
                  "another load machine has other limits and another way to the server");
    scene_differs(x, "script", "77e0b4", "a1177c", GRADE_EXPLAINABLE,
                  "2 lines added, 1 taken away: other requests may be sent");
}

static inline void scene_comparable(struct scene *c) { scene_compared(c); }

static inline void scene_refused(struct scene *c) {
    struct comparison *x = scene_compared(c);
    scene_differs(x, "target", "200 RPS", "400 RPS", GRADE_NOT_COMPARABLE,
                  "another target: response times follow the load");
    scene_differs(x, "tool_version", "", "2.2.0", GRADE_EXPLAINABLE, "not known of run 13");
    text_copy(x->sentence, sizeof x->sentence,
              "Not comparable: another target, 200 RPS and 400 RPS. Response times follow the "
              "load.");
    for (size_t i = 0; i < x->figures; i++) {
        x->figure[i].reading = READING_UNKNOWN;
        x->figure[i].why[0] = x->figure[i].also[0] = '\0';
    }
}

#endif
