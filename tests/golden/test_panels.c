/* Every screen in its states, as text and as looks, compared with a file. GOLDEN_UPDATE=1 writes
 * the files anew; their diff is what one reviews. Then what must hold on every screen at every
 * size. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "golden/scene_history.h"
#include "golden/scene_review.h"
#include "golden/scene_watch.h"
#include "ui/screen/panel/panel.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* --- scenes --- */

static const struct view plain_view = {.mode = VIEW_BROWSE, .theme = "auto", .colors = 256};

static void empty(struct scene *c) {
    scene_init(c);
    scene_put(c, "baseline_orders.js", "baseline_orders.js", SCENE_SCRIPT_S);
    scene_open(c);
}

static void no_baseline(struct scene *c) {
    scene_init(c);
    scene_put(c, "test-plan.md", "test-plan.md", SCENE_SCRIPT_S);
    scene_open(c);
}

static void no_result(struct scene *c) {
    scene_init(c);
    scene_put(c, "test-plan.md", "test-plan.md", SCENE_SCRIPT_S);
    scene_put(c, "baseline_orders.js", "baseline_orders.js", SCENE_SCRIPT_S);
    scene_put(c, "run_pass.txt", "yesterday.txt", SCENE_RESULT_S);
    scene_open(c);
}

static void several(struct scene *c) {
    scene_init(c);
    scene_put(c, "test-plan.md", "test-plan.md", SCENE_SCRIPT_S);
    scene_put(c, "baseline_orders.js", "baseline_orders.js", SCENE_SCRIPT_S);
    scene_put(c, "baseline_orders.js", "baseline_users.js", SCENE_SCRIPT_S);
    scene_open(c);
}

static void failed_baseline(struct scene *c) {
    scene_init(c);
    scene_put(c, "test-plan.md", "test-plan.md", SCENE_SCRIPT_S);
    scene_put(c, "baseline_orders.js", "baseline_orders.js", SCENE_SCRIPT_S);
    scene_put(c, "run_flaky.txt", "baseline_orders.txt", SCENE_RESULT_S);
    scene_open(c);
}

static void stated(struct scene *c) {
    no_result(c);
    session_state_baseline(&c->s);
    scene_same_everywhere(c);
}

static void baseline_pasted(struct scene *c) {
    no_result(c);
    scene_pasted(c, "baseline_orders.txt");
}

static void stress(struct scene *c) {
    scene_ready(c);
    session_set_field(&c->s, FIELD_MODEL, "Stress");
    scene_same_everywhere(c);
}

static void closed(struct scene *c) {
    scene_ready(c);
    session_set_field(&c->s, FIELD_METHOD, "Constant VUs");
    session_set_field(&c->s, FIELD_AVG, "400");
    scene_same_everywhere(c);
}

static void wrong(struct scene *c) {
    scene_ready(c);
    session_set_field(&c->s, FIELD_TARGET, "2oo");
    scene_same_everywhere(c);
}

static void refused(struct scene *c) {
    scene_confirmed(c);
    struct script *sc = &c->s.script;
    err_set(&sc->error, ERR_REFUSED,
            "options is built by a function; perfscale changes literal "
            "options only");
    err_at(&sc->error, "baseline_orders.js", 10);
}

static void offered(struct scene *c) {
    struct err e = {0};
    scene_written(c);
    scene_put(c, "run_pass.txt", "run_pass.txt", SCENE_RESULT_S + 60);
    scene_put(c, "run_fail.txt", "run_fail.txt", SCENE_RESULT_S + 90);
    scene_must(session_rescan(&c->s, &e), &e);
    scene_same_everywhere(c);
}

static void pasted(struct scene *c) {
    scene_written(c);
    scene_pasted(c, "run_pass.txt");
}

static void pasted_unknown(struct scene *c) {
    static const char text[] = "$ tail -3 app.log\nconnection \x1b[31mrefused\x1b[0m\nexit 1\n";
    scene_written(c);
    session_take_paste(&c->s, text, sizeof text - 1, NULL);
}

/* Two scenarios that share the target, and no result of the baseline. */
static void shop(struct scene *c) {
    scene_init(c);
    scene_put(c, "test-plan.md", "test-plan.md", SCENE_SCRIPT_S);
    scene_put(c, "baseline_shop.js", "baseline_shop.js", SCENE_SCRIPT_S);
    scene_open(c);
    session_state_baseline(&c->s);
    session_set_field(&c->s, FIELD_AVG, "148");
    scene_same_everywhere(c);
}

static void shop_shares(struct scene *c) {
    shop(c);
    session_set_field(&c->s, FIELD_SHARES, "buy=1 sell=3");
    session_set_field(&c->s, FIELD_THINK, "look=2s");
    scene_same_everywhere(c);
}

static void shop_unknown(struct scene *c) {
    shop(c);
    session_set_field(&c->s, FIELD_AVG, "");
    scene_same_everywhere(c);
}

static void shop_rewritten(struct scene *c) {
    struct err e = {0};
    shop(c);
    scene_confirm(c);
    scene_must(session_prepare_script(&c->s, NULL, &e), &e);
}

/* Paced by thread groups; results of this tool are not read. */
static void thread_groups(struct scene *c) {
    scene_init(c);
    scene_put(c, "test-plan.md", "test-plan.md", SCENE_SCRIPT_S);
    scene_put(c, "shop.jmx", "shop.jmx", SCENE_SCRIPT_S);
    scene_open(c);
}

static void paced(struct scene *c) {
    thread_groups(c);
    session_state_baseline(&c->s);
    session_set_field(&c->s, FIELD_AVG, "148");
    scene_same_everywhere(c);
}

/* User classes, which are paced or not. */
static void user_classes(struct scene *c) {
    scene_init(c);
    scene_put(c, "test-plan.md", "test-plan.md", SCENE_SCRIPT_S);
    scene_put(c, "locustfile.py", "locustfile.py", SCENE_SCRIPT_S);
    scene_open(c);
    session_state_baseline(&c->s);
    session_set_field(&c->s, FIELD_AVG, "148");
    session_set_field(&c->s, FIELD_METHOD, "Constant VUs");
    scene_same_everywhere(c);
}

static void paced_written(struct scene *c) {
    struct err e = {0};
    paced(c);
    scene_confirm(c);
    scene_must(session_prepare_script(&c->s, NULL, &e), &e);
    scene_must(session_write_script(&c->s, &e), &e);
}

/* More than this machine carries. */
static void large_load(struct scene *c) {
    scene_ready(c);
    session_set_field(&c->s, FIELD_TARGET, "12000");
    scene_confirm(c);
}

/* What a tool says of three machines. */
static void split_over_three(struct scene *c) {
    struct distribution *d = &c->s.script.machines;
    static const char *const segment[] = {"0:1/3", "1/3:2/3", "2/3:1"};
    session_set_field(&c->s, FIELD_GENERATORS, "3");
    scene_confirm(c);
    struct err e = {0};
    scene_must(session_prepare_script(&c->s, NULL, &e), &e);
    command_fini(&c->s.script.command);
    distribution_fini(d);
    c->s.script.command_error = (struct err){0};
    for (size_t i = 0; i < COUNT(segment); i++) {
        struct command *m = distribution_add(d);
        snprintf(m->where, sizeof m->where, "machine %zu of 3", i + 1);
        snprintf(m->part[0], sizeof m->part[0], "k6 run --execution-segment %s", segment[i]);
        snprintf(m->part[1], sizeof m->part[1], "--execution-segment-sequence 0,1/3,2/3,1 %s",
                 "load_orders.js");
        snprintf(m->line, sizeof m->line, "%.500s %.500s", m->part[0], m->part[1]);
        m->parts = 2;
        m->result_bytes = 63e6;
    }
    findings_add(&d->findings, FINDING_WARNING, "split",
                 "Start all three within a second of each other.");
    text_copy(c->s.script.manifest, sizeof c->s.script.manifest, "load_orders.yaml");
}

static void split(struct scene *c) {
    scene_ready(c);
    split_over_three(c);
}

static void split_written(struct scene *c) {
    struct err e = {0};
    split(c);
    c->s.script.manifest[0] = '\0';
    scene_must(session_write_script(&c->s, &e), &e);
}

static void passed(struct scene *c) { scene_judged(c, "run_pass.txt"); }
static void near(struct scene *c) { scene_judged(c, "run_near.txt"); }
static void failed(struct scene *c) { scene_judged(c, "run_fail.txt"); }
static void no_data(struct scene *c) { scene_judged(c, "run_nodata.txt"); }
static void invalid(struct scene *c) { scene_judged(c, "run_invalid.txt"); }

/* The whole way as a stress test: a summary has no steps, and the screen says so. */
static void stress_judged(struct scene *c) {
    struct err e = {0};
    stress(c);
    scene_confirm(c);
    scene_must(session_prepare_script(&c->s, NULL, &e), &e);
    scene_must(session_write_script(&c->s, &e), &e);
    scene_pasted(c, "run_fail.txt");
    scene_must(session_use_intake(&c->s, &e), &e);
    scene_finish(c, "run_fail.txt");
}

/* --- single requests --- */

/* The planned run at a tenth of its rate, from 13:51:35 on: up 1:40, hold, down 0:50. One pause of
 * the server, and some failed requests in it. */
static void write_samples(const struct scene *c, const char *name, int64_t changed_s) {
    enum { LENGTH_S = 750, UP_S = 100, DOWN_S = 50, RATE = 20, PAUSE_S = 400 };
    char path[512];
    uint32_t random = 1;
    snprintf(path, sizeof path, "%s/%s", c->dir, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fputs(
        "metric_name,timestamp,metric_value,error,error_code,expected_response,method,name,status,"
        "extra_tags\n",
        f);
    for (int s = 0; s < LENGTH_S; s++) {
        double share = fmin(1, fmin((double)(s + 1) / UP_S, (double)(LENGTH_S - s) / DOWN_S));
        long at = SCENE_SCRIPT_S + 208 + s;
        for (int i = 0; i < (int)(share * RATE + 0.5); i++) {
            random = random * 1664525u + 1013904223u;
            bool pause = s >= PAUSE_S && s < PAUSE_S + 20, bad = pause && i % 7 == 0;
            double ms = (pause ? 380 : 90) + (random >> 16) % 120 * (1 + share);
            const char *tags = i % 4 ? "GET,/orders" : "POST,/orders";
            const char *good = bad ? ",1503,false" : ",,true", *status = bad ? "503" : "200";
            fprintf(f, "http_reqs,%ld,1,%s,%s,%s,\n", at, good, tags, status);
            fprintf(f, "http_req_duration,%ld,%.3f,%s,%s,%s,\n", at, ms, good, tags, status);
            fprintf(f, "http_req_failed,%ld,%d,%s,%s,%s,\n", at, bad, good, tags, status);
        }
        fprintf(f, "vus,%ld,%d,,,,,,,\n", at, (int)(share * 8 + 0.5));
    }
    fclose(f);
    snprintf(path, sizeof path, "%s/%s", c->dir, name);
    struct timespec t[2] = {{.tv_sec = changed_s}, {.tv_sec = changed_s}};
    assert_int_equal(utimensat(AT_FDCWD, path, t, 0), 0);
}

/* Older than the script that is written now. */
static void samples_read(struct scene *c) {
    struct err e = {0};
    scene_written(c);
    write_samples(c, "load_orders.csv", SCENE_SCRIPT_S + 980);
    scene_must(session_take_file(&c->s, "load_orders.csv", NULL, &e), &e);
}

static void samples_judged(struct scene *c) {
    struct err e = {0};
    samples_read(c);
    findings_clear(&c->s.intake.run.findings); /* the picture is of a run after the script */
    scene_must(session_use_intake(&c->s, &e), &e);
    scene_finish(c, "load_orders.csv");
}

/* --- views --- */

static void failed_row_details(struct scene *c, struct view *v) {
    for (size_t i = 0; i < c->s.result.judgement.checks; i++)
        if (strcmp(c->s.result.judgement.check[i].metric, "error_rate") == 0)
            v->focus[STEP_RESULTS] = (int)i;
    v->mode = VIEW_DETAILS;
}

static void help(struct scene *c, struct view *v) {
    (void)c;
    v->mode = VIEW_HELP;
}

static void details(struct scene *c, struct view *v) {
    (void)c;
    v->mode = VIEW_DETAILS;
}

static void cause_details(struct scene *c, struct view *v) {
    v->focus[STEP_RESULTS] = (int)c->s.result.judgement.checks;
    v->mode = VIEW_DETAILS;
}

static void question(struct scene *c, struct view *v) {
    struct question *q = &v->question;
    v->mode = VIEW_ASK;
    session_question(&c->s, q->line, sizeof q->line, q->more[0], sizeof q->more[0]);
    text_copy(q->yes, sizeof q->yes, "Proceed");
    text_copy(q->no, sizeof q->no, "Change values");
    q->on_yes = true;
}

static void editing(struct scene *c, struct view *v) {
    (void)c;
    v->mode = VIEW_EDIT;
    edit_set(&v->edit, "2oo", FIELD_TEXT_MAX - 1);
}

static void editing_shares(struct scene *c, struct view *v) {
    (void)c;
    v->mode = VIEW_EDIT;
    edit_set(&v->edit, "buy=1 sell=3", FIELD_TEXT_MAX - 1);
}

static void naming(struct scene *c, struct view *v) {
    (void)c;
    v->mode = VIEW_FILE;
    edit_set(&v->edit, "results/run_14.json", 0);
}

static void second_focus(struct scene *c, struct view *v) {
    (void)c;
    v->focus[v->open] = 1;
}

static void confirm_focus(struct scene *c, struct view *v) {
    (void)c;
    v->focus[v->open] = ITEMS_MAX;
}

static void zoomed(struct scene *c, struct view *v) {
    (void)c;
    v->zoom = true;
}

static void time_cursor(struct scene *c, struct view *v) {
    (void)c;
    v->time = (struct time_view){.cursor = true, .cursor_s = 215};
}

static void time_closer(struct scene *c, struct view *v) {
    time_cursor(c, v);
    v->time.zoom = 2;
}

static void source_focus(struct scene *c, struct view *v) {
    struct item item[ITEMS_MAX];
    int n = panel_items(&c->s, v, item);
    for (int i = n - 1; i >= 0; i--)
        if (item[i].kind == ITEM_SOURCE)
            v->focus[v->open] = i;
}

static void naming_a_source(struct scene *c, struct view *v) {
    (void)c;
    v->mode = VIEW_SOURCE;
    edit_set(&v->edit, "", 0);
}

static void side_by_side(struct scene *c, struct view *v) {
    (void)c;
    v->side_by_side = true;
}

static void message(struct scene *c, struct view *v) {
    (void)c;
    text_copy(v->message, sizeof v->message,
              "Copied, if your terminal allows it. o prints it instead.");
}

static void for_baseline(struct scene *c, struct view *v) {
    (void)c;
    v->baseline_intake = true;
}

/* --- review --- */

static void typing(struct scene *c, struct view *v) {
    (void)c;
    v->mode = VIEW_NOTE;
    v->noting = (struct noting){.kind = SAID_NOTE, .on = "445.0s-445.0s"};
    edit_set(&v->edit, "Raised the heap to 4 GB. I will repeat the run and link it here",
             SAID_TEXT_BYTES - 1);
    v->focus[STEP_REVIEW] = 100;
}

static void noting(struct scene *c, struct view *v) {
    typing(c, v);
    text_copy(v->noting.on, sizeof v->noting.on, "p95");
}

static void at_the_spike(struct scene *c, struct view *v) {
    (void)c;
    v->time = (struct time_view){.cursor = true, .cursor_s = 445};
}

/* --- history --- */

static void marked(struct scene *c, struct view *v) {
    (void)c;
    v->history.mark[0] = 13;
    v->history.mark[1] = 14;
}

static void in_the_middle(struct scene *c, struct view *v) {
    (void)c;
    v->focus[STEP_HISTORY] = 31;
    v->scroll[STEP_HISTORY] = 24;
    v->history.mark[0] = 29;
}

static void filtering(struct scene *c, struct view *v) {
    (void)c;
    text_copy(v->history.filter, sizeof v->history.filter, "load by:ana");
    edit_set(&v->edit, v->history.filter, 0);
    v->mode = VIEW_FILTER;
}

static void by_p95(struct scene *c, struct view *v) {
    (void)c;
    v->history.sort = SORT_P95;
    v->history.reverse = true;
}

static void without_a_hit(struct scene *c, struct view *v) {
    (void)c;
    text_copy(v->history.filter, sizeof v->history.filter, "spike");
}

/* On p95. */
static void comparing(struct scene *c, struct view *v) {
    v->history.compare = true;
    v->focus[STEP_HISTORY] = (int)session_comparison(&c->s)->differ + 1;
}

static void comparing_values(struct scene *c, struct view *v) {
    comparing(c, v);
    v->history.values = true;
    v->focus[STEP_HISTORY] = 1;
}

static void comparing_scripts(struct scene *c, struct view *v) {
    comparing(c, v);
    v->history.scripts = true;
}

static void comparing_zoomed(struct scene *c, struct view *v) {
    comparing(c, v);
    v->zoom = true;
}

/* --- the table --- */

struct size {
    int rows, cols;
    enum glyphs glyphs;
};

static const struct size usual[] = {{24, 80, GLYPHS_BRAILLE}, {40, 120, GLYPHS_BRAILLE}, {0}};
static const struct size large[] = {
    {24, 80, GLYPHS_BRAILLE}, {40, 120, GLYPHS_BRAILLE}, {60, 200, GLYPHS_BRAILLE}, {0}};
static const struct size small_and_wide[] = {
    {20, 72, GLYPHS_BRAILLE}, {50, 160, GLYPHS_BRAILLE}, {0}};
static const struct size ascii[] = {{24, 80, GLYPHS_ASCII}, {0}};
static const struct size every[] = {{20, 72, GLYPHS_BRAILLE},  {24, 80, GLYPHS_BRAILLE},
                                    {40, 120, GLYPHS_BRAILLE}, {50, 160, GLYPHS_BRAILLE},
                                    {60, 200, GLYPHS_BRAILLE}, {0}};
static const struct size only_wide[] = {{50, 160, GLYPHS_BRAILLE}, {0}};
static const struct size too_small[] = {{15, 60, GLYPHS_BRAILLE}, {0}};

static const struct picture {
    const char *name;
    enum step step;
    void (*scene)(struct scene *c);
    void (*change)(struct scene *c, struct view *v); /* NULL: nothing */
    const struct size *size;
} pictures[] = {
    {"overview_start", STEP_OVERVIEW, scene_ready, NULL, usual},
    {"overview_stopped", STEP_OVERVIEW, empty, NULL, usual},
    {"overview_end", STEP_OVERVIEW, passed, NULL, large},
    {"prerequisites_ready", STEP_PREREQUISITES, scene_ready, NULL, large},
    {"prerequisites_no_plan", STEP_PREREQUISITES, empty, NULL, usual},
    {"prerequisites_no_baseline", STEP_PREREQUISITES, no_baseline, NULL, usual},
    {"prerequisites_no_result", STEP_PREREQUISITES, no_result, NULL, usual},
    {"prerequisites_several", STEP_PREREQUISITES, several, NULL, usual},
    {"prerequisites_failed", STEP_PREREQUISITES, failed_baseline, NULL, usual},
    {"prerequisites_stated", STEP_PREREQUISITES, stated, NULL, usual},
    {"prerequisites_pasted", STEP_PREREQUISITES, baseline_pasted, for_baseline, usual},
    {"load_draft", STEP_LOAD, scene_ready, NULL, large},
    {"load_small", STEP_LOAD, scene_ready, confirm_focus, small_and_wide},
    {"load_locked", STEP_LOAD, empty, NULL, usual},
    {"load_stress", STEP_LOAD, stress, NULL, usual},
    {"load_closed", STEP_LOAD, closed, NULL, usual},
    {"load_editing_wrong", STEP_LOAD, wrong, editing, usual},
    {"load_question", STEP_LOAD, scene_ready, question, usual},
    {"load_confirmed", STEP_LOAD, scene_confirmed, confirm_focus, usual},
    {"load_chart", STEP_LOAD, scene_ready, zoomed, usual},
    {"load_ascii", STEP_LOAD, scene_ready, NULL, ascii},
    {"load_scenarios", STEP_LOAD, shop, NULL, large},
    {"load_scenarios_end", STEP_LOAD, shop, confirm_focus, usual},
    {"load_paced", STEP_LOAD, paced, NULL, usual},
    {"load_users", STEP_LOAD, user_classes, NULL, usual},
    {"load_shares_wrong", STEP_LOAD, shop_shares, editing_shares, usual},
    {"load_shares_unknown", STEP_LOAD, shop_unknown, NULL, usual},
    {"host", STEP_HOST, scene_confirmed, NULL, large},
    {"host_large", STEP_HOST, large_load, NULL, usual},
    {"script_new", STEP_SCRIPT, scene_rewritten, NULL, usual},
    {"script_side_by_side", STEP_SCRIPT, scene_rewritten, side_by_side, only_wide},
    {"script_written", STEP_SCRIPT, scene_written, message, usual},
    {"script_refused", STEP_SCRIPT, refused, NULL, usual},
    {"script_scenarios", STEP_SCRIPT, shop_rewritten, NULL, usual},
    {"script_paced", STEP_SCRIPT, paced_written, NULL, usual},
    {"script_split", STEP_SCRIPT, split, NULL, usual},
    {"run_split", STEP_RUN, split_written, NULL, large},
    {"run_locked", STEP_RUN, scene_confirmed, NULL, usual},
    {"run_waiting", STEP_RUN, offered, NULL, large},
    {"run_small", STEP_RUN, offered, second_focus, small_and_wide},
    {"run_naming_a_file", STEP_RUN, offered, naming, usual},
    {"run_pasted", STEP_RUN, pasted, NULL, usual},
    {"run_pasted_unknown", STEP_RUN, pasted_unknown, NULL, usual},
    {"run_samples", STEP_RUN, samples_read, NULL, usual},
    {"run_live", STEP_RUN, scene_watch_load, NULL, every},
    {"run_live_ascii", STEP_RUN, scene_watch_load, NULL, ascii},
    {"run_live_zoomed", STEP_RUN, scene_watch_load, zoomed, usual},
    {"run_live_cursor", STEP_RUN, scene_watch_load, time_cursor, every},
    {"run_live_closer", STEP_RUN, scene_watch_load, time_closer, usual},
    {"run_live_ramp", STEP_RUN, scene_watch_ramp, NULL, usual},
    {"run_live_stress", STEP_RUN, scene_watch_stress, NULL, usual},
    {"run_live_stress_ascii", STEP_RUN, scene_watch_stress, NULL, ascii},
    {"run_live_soak", STEP_RUN, scene_watch_soak, NULL, every},
    {"run_live_stalled", STEP_RUN, scene_watch_stalled, source_focus, usual},
    {"run_live_lost", STEP_RUN, scene_watch_lost, source_focus, usual},
    {"run_live_held", STEP_RUN, scene_watch_held, NULL, usual},
    {"run_live_unplanned", STEP_RUN, scene_watch_unplanned, NULL, usual},
    {"run_ended", STEP_RUN, scene_watch_ended, source_focus, usual},
    {"run_replay", STEP_RUN, scene_watch_replay, NULL, usual},
    {"run_awaited", STEP_RUN, scene_watch_waiting, NULL, large},
    {"run_naming_a_source", STEP_RUN, scene_watch_waiting, naming_a_source, usual},
    {"overview_live", STEP_OVERVIEW, scene_watch_load, NULL, large},
    {"results_empty", STEP_RESULTS, scene_written, NULL, usual},
    {"results_passed", STEP_RESULTS, passed, NULL, large},
    {"results_near", STEP_RESULTS, near, NULL, usual},
    {"results_failed", STEP_RESULTS, failed, NULL, large},
    {"results_failed_small", STEP_RESULTS, failed, NULL, small_and_wide},
    {"results_no_data", STEP_RESULTS, no_data, NULL, usual},
    {"results_invalid", STEP_RESULTS, invalid, NULL, usual},
    {"results_stress", STEP_RESULTS, stress_judged, NULL, usual},
    {"results_details", STEP_RESULTS, failed, details, usual},
    {"results_details_no_data", STEP_RESULTS, no_data, details, usual},
    {"results_details_cause", STEP_RESULTS, failed, cause_details, usual},
    {"results_steady", STEP_RESULTS, scene_load_kept, NULL, every},
    {"results_steady_details", STEP_RESULTS, scene_load_kept, details, usual},
    {"results_steady_zoomed", STEP_RESULTS, scene_load_kept, zoomed, usual},
    {"results_steady_failed", STEP_RESULTS, scene_load_broken, NULL, every},
    {"results_stress_broke", STEP_RESULTS, scene_stress_broke, NULL, every},
    {"results_stress_ascii", STEP_RESULTS, scene_stress_broke, NULL, ascii},
    {"results_stress_step", STEP_RESULTS, scene_stress_broke, details, usual},
    {"results_stress_kept", STEP_RESULTS, scene_stress_kept, NULL, usual},
    {"results_stress_generator", STEP_RESULTS, scene_stress_generator, NULL, usual},
    {"results_stress_closed", STEP_RESULTS, scene_stress_closed, NULL, usual},
    {"results_stress_few", STEP_RESULTS, scene_stress_few, NULL, usual},
    {"results_soak_drift", STEP_RESULTS, scene_soak_drift, NULL, every},
    {"results_soak_ascii", STEP_RESULTS, scene_soak_drift, NULL, ascii},
    {"results_soak_trend", STEP_RESULTS, scene_soak_drift, details, usual},
    {"results_soak_unmeasured", STEP_RESULTS, scene_soak_unmeasured, NULL, usual},
    {"results_soak_restarts", STEP_RESULTS, scene_soak_restarts, NULL, usual},
    {"results_samples", STEP_RESULTS, samples_judged, NULL, large},
    {"results_samples_errors", STEP_RESULTS, samples_judged, failed_row_details, usual},
    {"results_ascii", STEP_RESULTS, passed, NULL, ascii},
    {"history_list", STEP_HISTORY, scene_run_open, marked, large},
    {"history_small", STEP_HISTORY, scene_run_open, marked, small_and_wide},
    {"history_many", STEP_HISTORY, scene_runs_60, in_the_middle, large},
    {"history_filter", STEP_HISTORY, scene_runs_1000, filtering, usual},
    {"history_sorted", STEP_HISTORY, scene_runs, by_p95, usual},
    {"history_not_found", STEP_HISTORY, scene_runs, without_a_hit, usual},
    {"history_empty", STEP_HISTORY, scene_ready, NULL, usual},
    {"history_ascii", STEP_HISTORY, scene_run_open, marked, ascii},
    {"compare", STEP_HISTORY, scene_comparable, comparing, large},
    {"compare_explainable", STEP_HISTORY, scene_explainable, comparing_values, usual},
    {"compare_small", STEP_HISTORY, scene_explainable, comparing, small_and_wide},
    {"compare_refused", STEP_HISTORY, scene_refused, comparing, usual},
    {"compare_scripts", STEP_HISTORY, scene_explainable, comparing_scripts, usual},
    {"compare_zoomed", STEP_HISTORY, scene_comparable, comparing_zoomed, usual},
    {"compare_ascii", STEP_HISTORY, scene_comparable, comparing_zoomed, ascii},
    {"review", STEP_REVIEW, scene_review_changes, NULL, every},
    {"review_typing", STEP_REVIEW, scene_review_changes, typing, usual},
    {"review_approved", STEP_REVIEW, scene_review_approved, NULL, usual},
    {"review_outdated", STEP_REVIEW, scene_review_outdated, NULL, usual},
    {"review_empty", STEP_REVIEW, scene_review_empty, NULL, usual},
    {"review_locked", STEP_REVIEW, scene_ready, NULL, usual},
    {"review_hostile", STEP_REVIEW, scene_review_hostile, NULL, every},
    {"review_ascii", STEP_REVIEW, scene_review_changes, NULL, ascii},
    {"review_cursor", STEP_RESULTS, scene_review_changes, at_the_spike, usual},
    {"review_noting", STEP_RESULTS, scene_review_changes, noting, usual},
    {"help", STEP_RESULTS, passed, help, usual},
    {"too_small", STEP_OVERVIEW, scene_ready, NULL, too_small},
};

static const struct bar_item bar[] = {{"0-8", "screens"}, {"Tab", "next"}, {"↑↓", "move"},
                                      {"Enter", "open"},  {"y", "copy"},   {"r", "read again"},
                                      {"/", "find"},      {"?", "help"},   {"q", "quit"}};
static const struct help_line help_lines[] = {
    {"Everywhere", "0 to 8", "go to a screen"},
    {"Everywhere", "Tab  Shift-Tab", "next, previous part of the screen"},
    {"Everywhere", "PgUp PgDn  Ctrl-B Ctrl-F", "page"},
    {"Everywhere", "Esc", "back, close; never quits, never loses text"},
    {"Everywhere", "y", "copy what is in focus"},
    {"Everywhere", "q  F10  Ctrl-C", "quit"},
    {"This screen", "Enter", "details of the row"},
};
static const struct chrome around = {bar, COUNT(bar), help_lines, COUNT(help_lines)};

static void look_at(const struct picture *p, struct scene *c, struct view *v) {
    p->scene(c);
    scene_judged_load(c);
    *v = plain_view;
    v->open = p->step;
    v->focus[p->step] = panel_start(&c->s, v);
    if (p->change)
        p->change(c, v);
}

/* --- golden files --- */

static char *picture_text(const struct picture *p) {
    struct scene c;
    struct view v;
    struct buf out;
    look_at(p, &c, &v);
    buf_init(&out, 1 << 20);
    for (const struct size *z = p->size; z->rows; z++) {
        struct grid g;
        grid_init(&g, z->rows, z->cols, z->glyphs);
        chrome_draw(&c.s, &v, &around, &g);
        char *dump = grid_dump(&g, true);
        buf_printf(&out, "== %dx%d\n%s", z->cols, z->rows, dump);
        free(dump);
        grid_fini(&g);
    }
    scene_fini(&c);
    char *text = buf_take(&out);
    buf_fini(&out);
    return text;
}

static void write_golden(const char *path, const char *text) {
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void same_as_golden(void **state) {
    const struct picture *p = *state;
    char path[512];
    size_t len = 0;
    snprintf(path, sizeof path, TEST_ROOT "/tests/golden/%s.txt", p->name);
    char *got = picture_text(p);
    if (getenv("GOLDEN_UPDATE"))
        write_golden(path, got);
    char *want = file_read(path, 1 << 20, &len, NULL);
    if (!want)
        fail_msg("%s is missing; GOLDEN_UPDATE=1 writes it", path);
    if (strcmp(got, want) != 0) {
        char other[] = "/tmp/golden-XXXXXX";
        int fd = mkstemp(other);
        write_golden(other, got);
        close(fd);
        fail_msg("%s differs: diff %s %s", p->name, path, other);
    }
    free(want);
    free(got);
}

/* --- on every screen at every size --- */

static const struct size all_sizes[] = {
    {20, 72, GLYPHS_BRAILLE},  {22, 80, GLYPHS_BRAILLE},  {23, 80, GLYPHS_BLOCK},
    {24, 80, GLYPHS_BRAILLE},  {20, 100, GLYPHS_BRAILLE}, {30, 100, GLYPHS_BLOCK},
    {31, 117, GLYPHS_BRAILLE}, {40, 120, GLYPHS_BRAILLE}, {40, 140, GLYPHS_BRAILLE},
    {50, 160, GLYPHS_BRAILLE}, {20, 200, GLYPHS_BRAILLE}, {60, 200, GLYPHS_BRAILLE},
    {90, 300, GLYPHS_BLOCK},
};

static int count_cp(const struct grid *g, uint32_t cp) {
    int n = 0;
    for (int i = 0; i < g->rows * g->cols; i++)
        n += g->cell[i].cp[0] == cp;
    return n;
}

/* Text that was overwritten by other text leaves a word without a blank before it; what can be
 * tested is that nothing stands where nothing may: the blank row above the keys and the last
 * column. */
static void assert_margins(const struct picture *p, const struct scene *c, const struct view *v,
                           const struct grid *g) {
    bool quiet =
        !v->message[0] && v->mode == VIEW_BROWSE && c->s.watching.held_ms <= 0 && g->replaced == 0;
    for (int row = 3; row < g->rows - 2; row++) {
        const struct cell *last = &g->cell[row * g->cols + g->cols - 1];
        if (last->cp[0] != ' ')
            fail_msg("%s at %dx%d: row %d reaches the last column", p->name, g->cols, g->rows, row);
    }
    for (int col = 0; col < g->cols && quiet; col++)
        if (g->cell[(g->rows - 2) * g->cols + col].cp[0] != ' ')
            fail_msg("%s at %dx%d: something is on the message row", p->name, g->cols, g->rows);
}

static void assert_one_focus(const struct picture *p, const struct grid *g) {
    int marks = count_cp(g, 0x258c);
    if (marks != 1)
        fail_msg("%s at %dx%d: %d focus marks", p->name, g->cols, g->rows, marks);
}

static void assert_printable(const struct picture *p, const struct grid *g) {
    for (int i = 0; i < g->rows * g->cols; i++) {
        const struct cell *c = &g->cell[i];
        if (c->width > 0 && text_classify(c->cp[0]) != TEXT_KEEP)
            fail_msg("%s: U+%04X on the screen", p->name, (unsigned)c->cp[0]);
    }
}

static void draw_at(const struct scene *c, const struct view *v, const struct size *z,
                    struct grid *g) {
    grid_init(g, z->rows, z->cols, z->glyphs);
    chrome_draw(&c->s, v, &around, g);
}

static void sound_at_every_size(void **state) {
    const struct picture *p = *state;
    struct scene c;
    struct view v;
    look_at(p, &c, &v);
    for (size_t i = 0; i < COUNT(all_sizes); i++) {
        struct grid g;
        draw_at(&c, &v, &all_sizes[i], &g);
        assert_one_focus(p, &g);
        assert_margins(p, &c, &v, &g);
        assert_printable(p, &g);
        grid_fini(&g);
    }
    scene_fini(&c);
}

/* Whatever has the focus is seen, at every size. */
static void every_item_is_seen(void **state) {
    const struct picture *p = *state;
    struct item item[ITEMS_MAX];
    struct scene c;
    struct view v;
    look_at(p, &c, &v);
    int n = panel_items(&c.s, &v, item);
    if (v.mode != VIEW_BROWSE && v.mode != VIEW_EDIT)
        n = 0;
    for (int i = 0; i < n; i++)
        for (size_t k = 0; k < COUNT(all_sizes); k += 3) {
            struct grid g;
            v.focus[p->step] = i;
            draw_at(&c, &v, &all_sizes[k], &g);
            assert_one_focus(p, &g);
            grid_fini(&g);
        }
    scene_fini(&c);
}

/* --- hostile text --- */

/* ESC, OSC, bidirectional, zero width, a tag character, a NUL-like control, bytes that are no
 * UTF-8. */
static const char hostile[] = "a\x1b[31mb\x1b]0;t\x07\xe2\x80\xae"
                              "c\xe2\x80\x8b"
                              "d\xf3\xa0\x81\x81"
                              "e\xc2\x9b"
                              "f\xff"
                              "g\r\nh\te\xcc\x81\xcc\x81\xcc\x81\xcc\x81"
                              "日本";

static void poison(struct session *s) {
    text_copy(s->user, sizeof s->user, hostile);
    text_copy(s->ws.name, sizeof s->ws.name, hostile);
    text_copy(s->ws.path, sizeof s->ws.path, hostile);
    text_copy(s->tool_version, sizeof s->tool_version, hostile);
    text_copy(s->host.name, sizeof s->host.name, hostile);
    text_copy(s->confirmed_by, sizeof s->confirmed_by, hostile);
    text_copy(s->script.name, sizeof s->script.name, hostile);
    text_copy(s->script.command.line, sizeof s->script.command.line, hostile);
    text_copy(s->script.command.part[0], sizeof s->script.command.part[0], hostile);
    text_copy(s->result.from, sizeof s->result.from, hostile);
    text_copy(s->store_notice, sizeof s->store_notice, hostile);
    text_copy(s->form.field[FIELD_TARGET].origin, sizeof s->form.field[FIELD_TARGET].origin,
              hostile);
    text_copy(s->form.field[FIELD_AVG].error, sizeof s->form.field[FIELD_AVG].error, hostile);
    text_copy(s->result.judgement.sentence, sizeof s->result.judgement.sentence, hostile);
    for (size_t i = 0; i < s->ws.baselines; i++)
        text_copy(s->ws.baseline[i].name, sizeof s->ws.baseline[i].name, hostile);
    for (size_t i = 0; i < s->ws.results; i++)
        text_copy(s->ws.result[i].name, sizeof s->ws.result[i].name, hostile);
    for (size_t i = 0; i < s->result.run.endpoints; i++)
        text_copy(s->result.run.endpoint[i].name, sizeof s->result.run.endpoint[i].name, hostile);
    for (size_t i = 0; s->base.text && i + sizeof hostile < s->base.len; i += 37)
        memcpy(s->base.text + i, hostile, sizeof hostile - 1);
}

static void hostile_text_stays_out(void **state) {
    (void)state;
    static const struct picture bad = {.name = "hostile"};
    static const struct size sizes[] = {
        {24, 80, GLYPHS_BRAILLE}, {40, 120, GLYPHS_BRAILLE}, {24, 80, GLYPHS_ASCII}};
    struct scene c;
    struct view v = plain_view;
    scene_judged(&c, "run_pass.txt");
    poison(&c.s);
    text_copy(v.message, sizeof v.message, hostile);
    for (int step = 0; step < STEPS; step++)
        for (size_t i = 0; i < COUNT(sizes); i++) {
            struct grid g;
            v.open = (enum step)step;
            draw_at(&c, &v, &sizes[i], &g);
            assert_printable(&bad, &g);
            assert_true(g.replaced > 0);
            grid_fini(&g);
        }
    text_copy(c.s.ws.name, sizeof c.s.ws.name, "orders-api");
    scene_fini(&c);
}

/* --- finding, changes, copies --- */

static void finds_rows(void **state) {
    (void)state;
    struct scene c;
    struct view v = plain_view;
    struct area pane = chrome_pane(24, 80);
    int focus = -1, scroll = -1;
    scene_judged(&c, "run_pass.txt");
    v.open = STEP_RESULTS;
    assert_true(panel_find(&c.s, &v, pane, "GET /ORDERS", 1, &focus, &scroll));
    struct item item[ITEMS_MAX];
    int n = panel_items(&c.s, &v, item);
    assert_in_range(focus, 0, n - 1);
    assert_int_equal(item[focus].kind, ITEM_ENDPOINT);
    assert_int_equal(item[focus].index, 1);
    v.focus[STEP_RESULTS] = focus;
    assert_true(panel_find(&c.s, &v, pane, "get /orders", 1, &focus, &scroll));
    assert_int_equal(item[focus].index, 2);
    assert_false(panel_find(&c.s, &v, pane, "gc pause", 1, &focus, &scroll));
    assert_false(panel_find(&c.s, &v, pane, "", 1, &focus, &scroll));
    v.open = STEP_SCRIPT;
    assert_true(panel_find(&c.s, &v, pane, "summaryTrendStats", 1, &focus, &scroll));
    assert_true(scroll > 5);
    scene_fini(&c);
}

static void goes_to_changes(void **state) {
    (void)state;
    struct scene c;
    struct view v = plain_view;
    struct area pane = chrome_pane(20, 72);
    scene_rewritten(&c);
    v.open = STEP_SCRIPT;
    assert_int_equal(panel_script_change(&c.s, &v, pane, 1), -1); /* one run of changes only */
    int most = panel_scroll_most(&c.s, &v, pane);
    assert_true(most > 0);
    v.scroll[STEP_SCRIPT] = most;
    assert_int_equal(panel_script_change(&c.s, &v, pane, -1), 1);
    v.scroll[STEP_SCRIPT] = 100000; /* clamped */
    assert_int_equal(panel_script_change(&c.s, &v, pane, -1), 1);
    scene_fini(&c);
}

static void copies_the_command(void **state) {
    (void)state;
    struct scene c;
    struct view v = plain_view;
    struct buf out;
    scene_written(&c);
    buf_init(&out, 1 << 16);
    static const enum step steps[] = {STEP_SCRIPT, STEP_RUN};
    for (size_t i = 0; i < COUNT(steps); i++) {
        buf_clear(&out);
        v.open = steps[i];
        assert_true(panels[steps[i]]->copy(&c.s, &v, &out));
        assert_string_equal(out.data, c.s.script.command.line);
    }
    v.open = STEP_RESULTS; /* there are none */
    assert_false(panels[STEP_RESULTS]->copy(&c.s, &v, &out));
    buf_fini(&out);
    scene_fini(&c);
}

/* What "y" copies of rows of every kind; the first that is so begins like this. */
static void copies_rows(void **state) {
    (void)state;
    static const struct {
        void (*scene)(struct scene *c);
        enum item_kind kind;
        int index;
        const char *text;
    } cases[] = {
        {scene_load_broken, ITEM_CHECK, 0, "p95: 612 ms, limit 500 ms, over limit"},
        {scene_load_broken, ITEM_ENDPOINT, 3,
         "POST /orders: 33,684 requests, p95 430 ms, errors 0.02 %, over limit"},
        {scene_load_broken, ITEM_CAUSE, 0,
         "D38 slower under load: p95 2.9 and mean 2.1 times the baseline's. Look next: CPU, pools "
         "and lock waits of the server during the hold"},
        {scene_stress_broke, ITEM_LOAD_STEP, 4,
         "step 5: 500 RPS, 431.2 RPS reached, p95 2,940 ms, errors 1.92 %, over limit"},
        {scene_stress_broke, ITEM_LOAD_STEP, 1,
         "step 2: 200 RPS, 199.6 RPS reached, p95 640 ms, errors 0.00 %, disturbed"},
        {scene_stress_closed, ITEM_LOAD_STEP, 0,
         "step 1: 20 VUs, 18.1 RPS reached, p95 300 ms, errors 0.00 %, ok"},
        {scene_soak_drift, ITEM_TREND, 0,
         "Server memory: first 468 MB, last 877 MB, per hour +124 MB, drift found"},
        {scene_soak_drift, ITEM_TREND, 3,
         "Rate: first 199.6 RPS, last 199.5 RPS, per hour -0.03 RPS, none above 1 RPS/h"},
        {scene_soak_unmeasured, ITEM_TREND, 0, "Server memory: not measured"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct scene c;
        struct view v = plain_view;
        struct item item[ITEMS_MAX];
        struct buf out;
        cases[i].scene(&c);
        v.open = STEP_RESULTS;
        buf_init(&out, 1 << 12);
        int n = panel_items(&c.s, &v, item), at = 0;
        while (at < n && (item[at].kind != cases[i].kind || item[at].index != cases[i].index))
            at++;
        assert_true(at < n);
        v.focus[STEP_RESULTS] = at;
        assert_true(panels[STEP_RESULTS]->copy(&c.s, &v, &out));
        assert_string_equal(out.data, cases[i].text);
        buf_fini(&out);
        scene_fini(&c);
    }
}

/* Each kind of verdict, reason and answer has words, and none is read beyond its table. */
static void says_every_answer(void **state) {
    (void)state;
    static const enum stress_verdict verdicts[] = {
        STRESS_BROKE,         STRESS_NOT_REACHED,  STRESS_BROKE_BELOW, STRESS_GENERATOR_LIMITED,
        STRESS_TOO_FEW_STEPS, STRESS_INCONCLUSIVE,
    };
    struct size z = {40, 120, GLYPHS_BRAILLE};
    struct picture any = {.name = "answers"};
    struct scene c;
    struct view v = plain_view;
    v.open = STEP_RESULTS;
    scene_stress_broke(&c);
    for (size_t i = 0; i < COUNT(verdicts); i++)
        for (int reason = 0; reason < STRESS_REASONS; reason++) {
            struct grid g;
            struct stress_found *f = &c.s.result.judgement.stress;
            f->verdict = verdicts[i];
            f->first_fail = verdicts[i] == STRESS_BROKE_BELOW ? 0 : reason % 3 ? 4 : -1;
            f->last_pass = verdicts[i] == STRESS_BROKE_BELOW ? -1 : 3;
            f->generator_step = reason % 2 ? 4 : -1;
            f->step[4].generator = (enum stress_reason)reason;
            f->step[4].failed[reason] = true;
            f->saturation = (enum saturation)(reason % 3);
            draw_at(&c, &v, &z, &g);
            assert_one_focus(&any, &g);
            grid_fini(&g);
        }
    scene_fini(&c);
    scene_soak_drift(&c);
    for (int answer = SOAK_NOT_MEASURED; answer <= SOAK_RESTART; answer++)
        for (int which = 0; which < 4; which++) {
            struct soak_found *f = &c.s.result.judgement.soak;
            struct trend *const trends[] = {&f->memory, &f->latency, &f->errors, &f->throughput};
            struct grid g;
            trends[which]->answer = (enum soak_answer)answer;
            f->memory.beyond_projection = which % 2;
            draw_at(&c, &v, &z, &g);
            assert_one_focus(&any, &g);
            grid_fini(&g);
        }
    scene_fini(&c);
}

/* --- a second of a run that goes on --- */

static void watched_at(struct scene *c, double elapsed_s) {
    scene_watch_load(c);
    struct watch_view *v = &c->s.watching.held;
    double s = elapsed_s - 372;
    free(v->series->point);
    free((void *)(uintptr_t)v->series);
    free((void *)(uintptr_t)v->source);
    free((void *)(uintptr_t)v->event);
    scene_goes_on(c, elapsed_s, 1, scene_calm_ms);
    scene_in(c, "hold");
    scene_row(c, WATCH_P95, 238 + s, 240, 239, 241, 500, LEVEL_OK, LEVEL_OK);
    scene_row(c, WATCH_ERRORS, 0, 0.0002, 0.0002, 0.0002, 0.01, LEVEL_OK, LEVEL_OK);
    scene_row(c, WATCH_RATE, 199.4 + 0.7 * s, 199.7 - 0.1 * s, 172.8 + 0.1 * s, 199.6, 190,
              LEVEL_OK, LEVEL_OK);
    scene_row(c, WATCH_VUS, 81 + s, 84, 84, 84, 374, LEVEL_OK, LEVEL_OK);
    scene_row(c, WATCH_CPU, 0.41 + 0.01 * s, 0.39, 0.37, 0.38, 0.8, LEVEL_OK, LEVEL_OK);
    scene_source(c, "load_orders.csv", "k6-csv", WATCH_FIGURES, WATCH_LIVE, 0, "");
}

/* What a terminal gets at least: the cells that differ, and a jump to each run of them. */
static int bytes_between(const struct grid *a, const struct grid *b) {
    enum { JUMP_BYTES = 7, CELL_BYTES = 2, LOOK_BYTES = 5 };
    int bytes = 0;
    bool before = false;
    for (int i = 0; i < a->rows * a->cols; i++) {
        bool differs = memcmp(&a->cell[i], &b->cell[i], sizeof a->cell[i]) != 0;
        bytes += differs ? CELL_BYTES + (before ? 0 : JUMP_BYTES + LOOK_BYTES) : 0;
        before = differs;
    }
    return bytes;
}

static void a_second_changes_few_cells(void **state) {
    (void)state;
    enum { MOST = 400, SECONDS = 30 };
    struct size z = {40, 120, GLYPHS_BRAILLE};
    struct view v = plain_view;
    struct grid before = {0};
    v.open = STEP_RUN;
    for (int s = 0; s <= SECONDS; s++) {
        struct scene c;
        struct grid g;
        watched_at(&c, 372 + s);
        draw_at(&c, &v, &z, &g);
        int bytes = s > 0 ? bytes_between(&before, &g) : 0;
        assert_in_range(bytes, s > 0, MOST);
        grid_fini(&before);
        before = g;
        scene_fini(&c);
    }
    grid_fini(&before);
}

int main(void) {
    setlocale(LC_ALL, "C.UTF-8");
    const struct CMUnitTest others[] = {
        cmocka_unit_test(hostile_text_stays_out),
        cmocka_unit_test(finds_rows),
        cmocka_unit_test(goes_to_changes),
        cmocka_unit_test(copies_the_command),
        cmocka_unit_test(copies_rows),
        cmocka_unit_test(says_every_answer),
        cmocka_unit_test(a_second_changes_few_cells),
    };
    static struct CMUnitTest tests[3 * COUNT(pictures)];
    static char names[3 * COUNT(pictures)][64];
    size_t n = 0;
    for (size_t i = 0; i < COUNT(pictures); i++) {
        void *p = (void *)(uintptr_t)&pictures[i];
        const struct CMUnitTest kinds[] = {
            {"golden", same_as_golden, NULL, NULL, p},
            {"every size", sound_at_every_size, NULL, NULL, p},
            {"every item", every_item_is_seen, NULL, NULL, p},
        };
        size_t count = pictures[i].size == too_small ? 1 : COUNT(kinds);
        for (size_t k = 0; k < count; k++, n++) {
            snprintf(names[n], sizeof names[n], "%s: %s", pictures[i].name, kinds[k].name);
            tests[n] = kinds[k];
            tests[n].name = names[n];
        }
    }
    int failed_pictures = _cmocka_run_group_tests("pictures", tests, n, NULL, NULL);
    return failed_pictures + cmocka_run_group_tests(others, NULL, NULL);
}
