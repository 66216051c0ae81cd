/* JMeter: the load fitted to what it can run, and the commands. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "k6_plans.h"
#include "tools/jmeter/jmeter_script.h"
#include "tools/jmeter/wanted.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct finding *finding(const struct findings *f, const char *kind) {
    for (size_t i = 0; i < f->len; i++)
        if (strcmp(f->item[i].kind, kind) == 0)
            return &f->item[i];
    return NULL;
}

static struct load_input paced(enum model model, double rps, double avg_ms, double think_ms,
                               double k, double hold_s) {
    struct load_input in =
        plan_input((struct plan_case){model, ARRIVALS_PACED, rps, avg_ms, think_ms, k, hold_s});
    in.p95_limit_ms = NAN;
    return in;
}

static struct profile fitted(struct load_input in, struct findings *notes) {
    struct profile p = plan_of_input(in);
    struct err e = {0};
    char said[1024];
    if (!jmeter_fit(&p, notes, &e))
        fail_msg("%s", err_sentence(&e, said, sizeof said));
    return p;
}

static struct profile load_40(int generators) {
    struct findings notes = {0};
    struct load_input in = paced(MODEL_LOAD, 40, 50, 300, 2, 300);
    in.generators = generators;
    struct profile p = fitted(in, &notes);
    findings_fini(&notes);
    return p;
}

static struct jmeter_wanted wanted_of(const struct profile *p, size_t part) {
    const struct jmeter_pacing none = {0};
    struct jmeter_wanted w;
    jmeter_wanted_make(&w, p, &p->part[part], &none);
    return w;
}

/* --- fit --- */

static void threads_give_whole_milliseconds(void **state) {
    (void)state;
    static const struct {
        double rps, avg_ms, think_ms, k;
        int generators, threads;
        double slot_ms;
        const char *rounded; /* what the user is told; NULL: nothing */
        const char *why;
    } cases[] = {
        {40, 50, 300, 2, 1, 17, 850, NULL, "L = 8, P = 17 fits at once"},
        {60, 50, 0, 1, 1, 9, 150, NULL, "L = 3, P = 9"},
        {70, 100, 0, 1, 1, 17, 242.857, NULL, "15 and 16 miss by more than 0.1 %"},
        {1500, 5, 0, 1, 1, 18, 12, NULL, "16 would wait 11 ms in place of 10.67"},
        {40, 50, 300, 2, 2, 18, 900, NULL, "a multiple of two"},
        {40, 50, 300, 2, 4, 20, 1000, NULL, "a multiple of four"},
        {997, 1, 0, 1, 1, 4, 4.012, "0.30 %", "no number near is better: the first"},
        {0.5, 200, 0, 1, 1, 2, 4000, NULL, "slow"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct findings notes = {0};
        struct load_input in =
            paced(MODEL_LOAD, cases[i].rps, cases[i].avg_ms, cases[i].think_ms, cases[i].k, 300);
        in.generators = cases[i].generators;
        struct profile p = fitted(in, &notes);
        struct jmeter_wanted w = wanted_of(&p, 0);
        if (w.group[0].threads != cases[i].threads ||
            fabs(w.group[0].slot_ms - cases[i].slot_ms) > 0.001)
            fail_msg("%s: %d threads, %g ms", cases[i].why, w.group[0].threads, w.group[0].slot_ms);
        assert_int_equal(p.part[0].users, cases[i].threads);
        assert_int_equal(p.users, cases[i].threads);
        const struct finding *rounded = finding(&notes, "rounded-rate");
        assert_int_equal(rounded != NULL, cases[i].rounded != NULL);
        if (rounded)
            assert_non_null(strstr(rounded->text, cases[i].rounded));
        findings_fini(&notes);
    }
}

/* Threads for the p95 limit, the timer for the rate. */
static void sized_for_the_limit(void **state) {
    (void)state;
    struct findings notes = {0};
    struct load_input in = paced(MODEL_LOAD, 100, 120, 0, 1, 300);
    in.p95_limit_ms = 500;
    struct profile p = fitted(in, &notes);
    struct jmeter_wanted w = wanted_of(&p, 0);
    assert_int_equal(w.group[0].threads, 72); /* L = 50 */
    assert_true(fabs(w.group[0].throughput - 6000.0 / 72) < 1e-9);
    findings_fini(&notes);
}

/* What the user reads as stages is what JMeter runs. */
static void stages_of_load(void **state) {
    (void)state;
    static const struct {
        double ramp_s, think_ms;
        double stage_s; /* the ramp then */
        long ramp;      /* of the group */
        bool longer;
        const char *why;
    } cases[] = {
        {60, 0, 60, 60, false, "slots below a second: as it is"},
        {60, 8000, 60, 54, false, "whole slots of 10.8 s"},
        {10, 8000, 22, 22, true, "two slots of 10.8 s at least"},
        {0, 0, 1, 1, true, "never none"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct findings notes = {0};
        struct load_input in = paced(MODEL_LOAD, 10, 50, cases[i].think_ms, 1, 300);
        in.ramp_ms = cases[i].ramp_s * 1000;
        in.ramp_down_ms = 30000;
        struct profile p = fitted(in, &notes);
        struct jmeter_wanted w = wanted_of(&p, 0);
        assert_int_equal(p.stages, 2);
        assert_string_equal(p.stage[0].name, "ramp");
        assert_string_equal(p.stage[1].name, "hold");
        if (p.stage[0].duration_s != cases[i].stage_s || w.group[0].ramp_s != cases[i].ramp)
            fail_msg("%s: %g, %ld", cases[i].why, p.stage[0].duration_s, w.group[0].ramp_s);
        assert_true(p.stage[1].start_s == cases[i].stage_s);
        assert_true(p.duration_s == cases[i].stage_s + 300);
        assert_true(fabs(p.planned_requests - (cases[i].stage_s * 5 + 3000)) < 1e-6);
        assert_int_equal(w.group[0].duration_s, (long)cases[i].stage_s + 300);
        assert_int_equal(w.group[0].delay_s, 0);
        assert_int_equal(finding(&notes, "ramp-longer") != NULL, cases[i].longer);
        assert_non_null(finding(&notes, "no-ramp-down"));
        assert_int_equal(p.stage[1].vus, p.stage[0].vus);
        assert_int_equal(p.part[0].stage_vus[1], p.part[0].stage_vus[0]);
        struct profile again = p;
        assert_true(jmeter_fit(&again, &notes, NULL));
        assert_memory_equal(&again, &p, sizeof p);
        findings_fini(&notes);
    }
}

static void steps_of_stress(void **state) {
    (void)state;
    struct findings notes = {0};
    struct load_input in = paced(MODEL_STRESS, 30, 50, 300, 2, 15);
    in.start_rps = 20, in.max_rps = 60, in.steps = 3, in.ramp_ms = 5000;
    struct profile p = fitted(in, &notes);
    static const struct jmeter_group want[] = {{20, 10, 10, 1000, 60, 5, 0, 60},
                                               {20, 10, 10, 1000, 60, 5, 20, 40},
                                               {20, 10, 10, 1000, 60, 5, 40, 20}};
    struct jmeter_wanted w = wanted_of(&p, 0);
    assert_int_equal(w.groups, 3);
    for (int i = 0; i < w.groups; i++) {
        const struct jmeter_group *g = &w.group[i];
        if (g->added_rps != want[i].added_rps || g->threads != want[i].threads ||
            fabs(g->slot_ms - want[i].slot_ms) > 1e-9 || g->ramp_s != want[i].ramp_s ||
            fabs(g->throughput - want[i].throughput) > 1e-9 || g->delay_s != want[i].delay_s ||
            g->duration_s != want[i].duration_s)
            fail_msg("step %d: %g RPS, %d threads, %g ms, ramp %ld, delay %ld, duration %ld", i + 1,
                     g->added_rps, g->threads, g->slot_ms, g->ramp_s, g->delay_s, g->duration_s);
    }
    assert_int_equal(p.users, 30);
    assert_true(p.duration_s == 60);
    findings_fini(&notes);
}

/* Steps without ramps get the shortest that JMeter needs. */
static void steps_without_ramps(void **state) {
    (void)state;
    struct findings notes = {0};
    struct load_input in = paced(MODEL_STRESS, 30, 50, 300, 2, 15);
    in.start_rps = 20, in.max_rps = 60, in.steps = 3, in.ramp_ms = 0;
    struct profile p = fitted(in, &notes);
    static const char *const names[] = {"step 1 ramp", "step 1",      "step 2 ramp",
                                        "step 2",      "step 3 ramp", "step 3"};
    static const double starts[] = {0, 2, 17, 19, 34, 36};
    assert_int_equal(p.stages, COUNT(names));
    for (size_t i = 0; i < COUNT(names); i++) {
        assert_string_equal(p.stage[i].name, names[i]);
        assert_true(p.stage[i].start_s == starts[i]);
    }
    assert_int_equal(p.part[0].stage_vus[5], p.part[0].stage_vus[4]);
    assert_true(p.part[0].stage_vus[5] > p.part[0].stage_vus[3]);
    struct jmeter_wanted w = wanted_of(&p, 0);
    assert_int_equal(w.group[2].delay_s, 34);
    assert_int_equal(w.group[2].duration_s, 17);
    findings_fini(&notes);
}

/* The longest shape that a profile can have. */
static void twenty_steps(void **state) {
    (void)state;
    struct findings notes = {0};
    struct load_input in = paced(MODEL_STRESS, 30, 50, 0, 1, 15);
    in.start_rps = 10, in.max_rps = 200, in.steps = 20, in.ramp_ms = 0, in.ramp_down_ms = 5000;
    struct profile p = fitted(in, &notes);
    assert_int_equal(p.stages, 40);
    assert_int_equal(wanted_of(&p, 0).groups, 20);
    findings_fini(&notes);
}

static void several_parts(void **state) {
    (void)state;
    struct findings notes = {0};
    struct load_input in = paced(MODEL_LOAD, 60, 50, 0, 1, 300);
    in.parts = 2;
    in.part[0] = (struct part_input){"A", 0.5, 1, 0, 0};
    in.part[1] = (struct part_input){"B", 0.5, 3, 900, 0};
    struct profile p = fitted(in, &notes);
    assert_int_equal(p.part[0].users, 6);  /* 30 iterations/s, L = 1.5 */
    assert_int_equal(p.part[1].users, 21); /* 10 iterations/s, L = 10.5, 2100 ms */
    assert_int_equal(p.users, 27);
    assert_true(fabs(wanted_of(&p, 0).group[0].throughput - 300) < 1e-9);
    assert_true(wanted_of(&p, 1).group[0].added_rps == 30);
    findings_fini(&notes);
}

static void too_many_for_one(void **state) {
    (void)state;
    struct findings notes = {0};
    struct load_input in = paced(MODEL_LOAD, 1000, 100, 2400, 1, 300);
    struct profile p = plan_of_input(in);
    struct err e = {0};
    assert_false(jmeter_fit(&p, &notes, &e));
    assert_int_equal(e.kind, ERR_REFUSED);
    assert_string_equal(e.text, "2,650 threads are more than the 2,000 that one JMeter carries");
    assert_string_equal(e.fix, "split the load over 2 generators");
    in.generators = 2;
    p = plan_of_input(in);
    assert_true(jmeter_fit(&p, &notes, NULL));
    findings_fini(&notes);
}

/* --- version --- */

static void versions(void **state) {
    (void)state;
    static const struct {
        const char *output, *version; /* NULL: not found */
    } cases[] = {
        {"WARN StatusConsoleListener The use of package scanning\n"
         "    _    ____   _    ____ _   _ _____\n"
         "/_/   \\_\\_| /_/   \\_\\____|_| |_|_____|  \\___/|_| \\_\\ 5.6.3\n\n"
         "Copyright (c) 1999-2024 The Apache Software Foundation\n",
         "5.6.3"},
        {"/_/   \\_\\____|_| |_|_____| \\_\\ 5.3\r\n\r\nCopyright (c) 1999-2020\r\n", "5.3"},
        {"Copyright (c) 1998-2015 The Apache Software Foundation\nVersion 2.13 r1665067\n", "2.13"},
        {"Version 2.13.20180731\n", "2.13.20180731"},
        {"OpenJDK 17.0.15 warning: options\n\\_\\ 5.5", "5.5"},
        {"sh: 1: jmeter: not found\n", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[32] = "";
        assert_int_equal(jmeter_version(cases[i].output, out, sizeof out),
                         cases[i].version != NULL);
        if (cases[i].version)
            assert_string_equal(out, cases[i].version);
    }
    char small[3];
    assert_false(jmeter_version("\\_\\ 5.6.3\n", small, sizeof small));
}

/* --- commands --- */

#define COLUMNS                                                                                    \
    " -Jjmeter.save.saveservice.output_format=csv "                                                \
    "-Jjmeter.save.saveservice.print_field_names=true "                                            \
    "-Jjmeter.save.saveservice.timestamp_format=ms "                                               \
    "-Jjmeter.save.saveservice.thread_counts=true -Jjmeter.save.saveservice.latency=true "         \
    "-Jjmeter.save.saveservice.connect_time=true -Jjmeter.save.saveservice.idle_time=true "        \
    "-Jjmeter.save.saveservice.url=true -Jjmeter.save.saveservice.label=true "                     \
    "-Jjmeter.save.saveservice.response_code=true "                                                \
    "-Jjmeter.save.saveservice.response_message=true "                                             \
    "-Jjmeter.save.saveservice.successful=true -Jjmeter.save.saveservice.thread_name=true "        \
    "-Jjmeter.save.saveservice.time=true -Jjmeter.save.saveservice.bytes=true "                    \
    "-Jjmeter.save.saveservice.assertion_results_failure_message=true "                            \
    "-Jjmeter.save.saveservice.autoflush=true -Jsummariser.interval=10"

static struct command command_of(const char *script, const char *stem, const char *version,
                                 const struct profile *p) {
    struct rules rules = plan_rules();
    rules.tool[0] = (struct tool_need){.tool = "jmeter", .base_mb = 256, .mb_per_user = 1};
    rules.tools = 1;
    struct command c;
    struct err e = {0};
    char said[1024];
    if (!jmeter_command(script, stem, version, p, &rules, &c, &e))
        fail_msg("%s", err_sentence(&e, said, sizeof said));
    return c;
}

static void the_command(void **state) {
    (void)state;
    struct profile p = load_40(1);
    struct command c = command_of("load_orders.jmx", "load_orders", "5.6.3", &p);
    assert_string_equal(c.line, "jmeter -n -t load_orders.jmx -l load_orders.jtl -f "
                                "-j load_orders.log" COLUMNS);
    assert_int_equal(c.parts, 3);
    assert_string_equal(c.part[0],
                        "jmeter -n -t load_orders.jmx -l load_orders.jtl -f -j load_orders.log");
    assert_int_equal(c.files, 2);
    assert_string_equal(c.file[0], "load_orders.jtl");
    assert_string_equal(c.file[1], "load_orders.log");
    assert_true(fabs(c.result_bytes - (p.planned_requests * 98 + 8192)) < 1);
    assert_int_equal(c.findings.len, 0);
    command_fini(&c);
}

static void commands_by_version_and_name(void **state) {
    (void)state;
    static const struct {
        const char *script, *stem, *version, *begin;
        size_t findings;
    } cases[] = {
        {"a.jmx", "a", "", "jmeter -n -t a.jmx -l a.jtl -f -j a.log -J", 0},
        {"a.jmx", "a", "3.2", "jmeter -n -t a.jmx -l a.jtl -f -j a.log -J", 0},
        {"a.jmx", "a", "3.1", "jmeter -n -t a.jmx -l a.jtl -j a.log -J", 1},
        {"a.jmx", "a", "2.13", "jmeter -n -t a.jmx -l a.jtl -j a.log -J", 2},
        {"it's.jmx", "it_s", "5.6.3", "jmeter -n -t 'it'\\''s.jmx' -l it_s.jtl -f -j it_s.log ", 0},
        {"-x.jmx", "_x", "5.6.3", "jmeter -n -t ./-x.jmx -l _x.jtl -f -j _x.log ", 0},
        {"my dir/a.jmx", "a", "5.6.3",
         "jmeter -n -t 'my dir/a.jmx' -l 'my dir/a.jtl' -f -j 'my dir/a.log' ", 0},
        {"$(id).jmx", "id", "5.6.3", "jmeter -n -t '$(id).jmx' -l id.jtl -f -j id.log ", 0},
    };
    struct profile p = load_40(1);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct command c = command_of(cases[i].script, cases[i].stem, cases[i].version, &p);
        if (strncmp(c.line, cases[i].begin, strlen(cases[i].begin)) != 0)
            fail_msg("%s", c.line);
        assert_int_equal(c.findings.len, cases[i].findings);
        command_fini(&c);
    }
    struct rules rules = plan_rules();
    struct command c;
    struct err e = {0};
    assert_false(jmeter_command("a\nb.jmx", "a", "", &p, &rules, &c, &e));
    assert_int_equal(e.kind, ERR_REFUSED);
    command_fini(&c);
}

static void many_threads_want_memory(void **state) {
    (void)state;
    struct findings notes = {0};
    struct profile p = fitted(paced(MODEL_LOAD, 1000, 100, 1400, 1, 300), &notes);
    struct command c = command_of("a.jmx", "a", "5.6.3", &p);
    const struct finding *heap = finding(&c.findings, "heap");
    assert_non_null(heap);
    assert_non_null(strstr(heap->text, "HEAP=\"-Xms2g -Xmx2g\""));
    command_fini(&c);
    findings_fini(&notes);
}

static void baseline_command(void **state) {
    (void)state;
    struct command c;
    assert_true(jmeter_baseline_command("dir/orders flow.jmx", &c, NULL));
    assert_string_equal(c.line, "jmeter -n -t 'dir/orders flow.jmx' -l dir/orders_flow.jtl -j "
                                "dir/orders_flow.log" COLUMNS);
    assert_int_equal(c.files, 2);
    assert_non_null(finding(&c.findings, "appended-results"));
    command_fini(&c);
}

static void result_names(void **state) {
    (void)state;
    char names[COMMAND_FILES_MAX][256];
    assert_int_equal(jmeter_result_names("load_x", names, COMMAND_FILES_MAX), 2);
    assert_string_equal(names[0], "load_x.jtl");
    assert_string_equal(names[1], "load_x.log");
    assert_int_equal(jmeter_result_names("load_x", names, 1), 1);
}

/* --- several machines --- */

static void two_servers(void **state) {
    (void)state;
    struct profile p = load_40(2);
    struct rules rules = plan_rules();
    struct distribution d;
    assert_true(jmeter_distribute("load_a.jmx", "load_a", "5.6.3", &p, &rules, &d, NULL));
    assert_int_equal(d.len, 3);
    assert_string_equal(d.item[0].where, "server 1 of 2");
    assert_string_equal(d.item[0].line, "jmeter-server -Jserver.rmi.ssl.disable=true "
                                        "-Djava.rmi.server.hostname=HOST1");
    assert_string_equal(d.item[1].line, "jmeter-server -Jserver.rmi.ssl.disable=true "
                                        "-Djava.rmi.server.hostname=HOST2");
    assert_string_equal(d.item[2].where, "controller");
    assert_string_equal(d.item[2].line,
                        "jmeter -n -t load_a.jmx -R 'HOST1,HOST2' -l load_a.jtl -f -j load_a.log "
                        "-Jserver.rmi.ssl.disable=true" COLUMNS);
    assert_int_equal(d.item[2].files, 2);
    assert_null(d.manifest);
    static const char *const kinds[] = {"addresses", "every-server-runs-all",
                                        "files-on-every-server", "threads-per-server", "no-ssl"};
    for (size_t i = 0; i < COUNT(kinds); i++)
        assert_non_null(finding(&d.findings, kinds[i]));
    assert_non_null(
        strstr(finding(&d.findings, "every-server-runs-all")->text, "its 9 threads: 18 together"));
    distribution_fini(&d);
    assert_true(jmeter_distribute("load_a.jmx", "load_a", "3.3", &p, &rules, &d, NULL));
    assert_null(strstr(d.item[0].line, "ssl"));
    assert_null(strstr(d.item[2].line, "ssl"));
    distribution_fini(&d);
}

static void too_many_servers(void **state) {
    (void)state;
    struct profile p = load_40(300);
    struct rules rules = plan_rules();
    struct distribution d;
    struct err e = {0};
    assert_false(jmeter_distribute("a.jmx", "a", "5.6.3", &p, &rules, &d, &e));
    assert_int_equal(e.kind, ERR_LIMIT);
    distribution_fini(&d);
}

int main(void) {
    setlocale(LC_CTYPE, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_give_whole_milliseconds),
        cmocka_unit_test(sized_for_the_limit),
        cmocka_unit_test(stages_of_load),
        cmocka_unit_test(steps_of_stress),
        cmocka_unit_test(steps_without_ramps),
        cmocka_unit_test(twenty_steps),
        cmocka_unit_test(several_parts),
        cmocka_unit_test(too_many_for_one),
        cmocka_unit_test(versions),
        cmocka_unit_test(the_command),
        cmocka_unit_test(commands_by_version_and_name),
        cmocka_unit_test(many_threads_want_memory),
        cmocka_unit_test(baseline_command),
        cmocka_unit_test(result_names),
        cmocka_unit_test(two_servers),
        cmocka_unit_test(too_many_servers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
