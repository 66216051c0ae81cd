#include "rules/rules.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/markdown.h"
#include "load/profile.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct rules rules; /* the built-in ones, read once */

static int load_builtin(void **state) {
    (void)state;
    struct err e = {0};
    char text[1024];
    if (rules_load(&rules, NULL, &e))
        return 0;
    print_error("%s\n", err_sentence(&e, text, sizeof text));
    return 1;
}

/* --- values --- */

static void units_arrive(void **state) {
    (void)state;
    const struct {
        const char *what;
        double got, want;
    } cases[] = {
        {"p95 in ms", rules_limit(&rules, "p95")->limit, 500},
        {"p95 near", rules_limit(&rules, "p95")->near, 450},
        {"1 % is a share", rules_limit(&rules, "error_rate")->limit, 0.01},
        {"95 % is exact", rules_limit(&rules, "rps")->limit, 0.95},
        {"a count stays", rules_limit(&rules, "stalls")->limit, 1},
        {"an empty limit", rules_limit(&rules, "p99")->limit, NAN},
        {"an empty near", rules_limit(&rules, "stress_p95")->near, NAN},
        {"sizes differ", rules.sizing.two_sizings_differ, 0.10},
        {"guard", rules.sizing.rounding_guard, 1e-9},
        {"hold of load", rules.shape[MODEL_LOAD].hold_s, 1800},
        {"hold of stress", rules.shape[MODEL_STRESS].hold_s, NAN},
        {"hold of soak", rules.shape[MODEL_SOAK].hold_s, 28800},
        {"first step", rules.shape[MODEL_STRESS].first_step, 0.5},
        {"last step", rules.shape[MODEL_STRESS].last_step, 2},
        {"step of load", rules.shape[MODEL_LOAD].step, NAN},
        {"most steps", rules.shape[MODEL_STRESS].steps_most, 12},
        {"stop at", rules.shape[MODEL_STRESS].stop_error_rate, 0.2},
        {"known break", rules.shape[MODEL_SOAK].most_of_known_break, 0.8},
        {"MB are bytes", rules.k6_results.csv_most_bytes, 1e9},
        {"MB of plain CSV", rules.k6_results.csv_gz_most_bytes, 60e9},
        {"share of hold", rules.steady.settle_share, 0.05},
        {"seconds", rules.steady.shortest_s, 60},
        {"same load", rules.compare.same_load, 0.05},
        {"a ratio", rules.compare.fail_ratio, 1.25},
        {"milliseconds", rules.compare.fail_at_least_ms, 10},
        {"samples of p95", rules_sample(&rules, "p95")->least, 72},
        {"full samples of p99.9", rules_sample(&rules, "p99.9")->full, 35000},
        {"memory per user", rules_tool(&rules, "k6")->mb_per_user, 2},
        {"no limit of users", rules_tool(&rules, "locust_http")->users_per_instance, NAN},
        {"all cores", rules_tool(&rules, "k6")->cores_per_process, INFINITY},
        {"one core", rules_tool(&rules, "locust_http")->cores_per_process, 1},
        {"CPU margin", rules.margin.cpu_use, 0.8},
        {"disk margin", rules.margin.disk_use, 0.8},
        {"TIME_WAIT", rules.margin.time_wait_s, 60},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        if (!(cases[i].got == cases[i].want || (isnan(cases[i].got) && isnan(cases[i].want))))
            fail_msg("%s: got %.17g, want %.17g", cases[i].what, cases[i].got, cases[i].want);
}

static void words_arrive(void **state) {
    (void)state;
    const struct limit_rule *rps = rules_limit(&rules, "rps_high");
    assert_string_equal(op_text(rps->op), "<=");
    assert_true(rps->required && rps->model[MODEL_LOAD] && rps->model[MODEL_SOAK]);
    assert_false(rps->model[MODEL_STRESS] || rps->baseline);
    assert_true(rules_limit(&rules, "baseline_errors")->baseline);
    assert_false(rules_limit(&rules, "checks")->required);
    assert_true(rules.sizing.allocate_for_p95_limit);
    assert_string_equal(rules.sizing.users, "ceil(L)");
    assert_string_equal(rules.shape[MODEL_LOAD].ramp, "hold/6");
    assert_true(rules_tool(&rules, "k6")->file_limit_hard);
    assert_false(rules_tool(&rules, "locust_fast")->file_limit_hard);
    assert_string_equal(rules.words[MODEL_STRESS].also, "breakpoint, capacity, step-up");
    assert_int_equal(rules.hosts, 11);
    assert_int_equal(rules.generators, 3);
    assert_string_equal(rules_generator(&rules, "locust_fast")->tool, "locust");
    assert_string_equal(rules_generator(&rules, "k6")->by_hand, "no");
    assert_null(rules_generator(&rules, "k6b"));
    assert_true(rules.host[0].required);
    assert_string_equal(rules.host[0].needed, "rps / rps_per_core");
    assert_string_equal(rules.start[0].level, "stop");
    assert_null(rules_limit(&rules, "p42"));
    assert_null(rules_tool(&rules, "ab"));
}

static void versions(void **state) {
    (void)state;
    static const struct {
        const char *text;
        double number; /* NAN: none */
    } cases[] = {{"2.2.0", 2002000},
                 {"0.49", 49000},
                 {"5", 5000000},
                 {"2.12.1", 2012001},
                 {"999.999.999", 999999999},
                 {"1000.0", NAN},
                 {"", NAN},
                 {"2.", NAN},
                 {"2.2.0.1", NAN},
                 {"2.2.0-rc1", NAN},
                 {"v2.2", NAN},
                 {"-1.2", NAN},
                 {"2..1", NAN},
                 {"99999999999999999999", NAN},
                 {" 2.2", NAN}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        double got = rules_version(cases[i].text);
        if (!(got == cases[i].number || (isnan(got) && isnan(cases[i].number))))
            fail_msg("\"%s\": %.17g", cases[i].text, got);
    }
    static const char list[] = "k6 0.49, locust 2.12 ,jmeter 2.13";
    assert_true(rules_least_version(list, "k6") == 49000);
    assert_true(rules_least_version(list, "locust_fast") == 2012000);
    assert_true(rules_least_version(list, "jmeter") == 2013000);
    assert_true(isnan(rules_least_version(list, "gatling")));
    assert_true(isnan(rules_least_version("k6", "k6")));
    assert_true(isnan(rules_least_version("", "k6")));
}

/* Every row that the program names is in the document, with something to do next. */
static void diagnosis_has_the_rows(void **state) {
    (void)state;
    static const char *const ids[] = {"D01", "D02", "D03", "D04", "D18", "D24",
                                      "D25", "D27", "D36", "D37", "D38", "D39"};
    for (size_t i = 0; i < COUNT(ids); i++) {
        const struct diagnosis_row *row = rules_diagnosis(&rules, ids[i]);
        assert_non_null(row);
        assert_true(row->name[0] && row->look_next[0] && row->line > 0);
    }
    assert_string_equal(rules_diagnosis(&rules, "D02")->name, "VUs ran out");
    assert_null(rules_diagnosis(&rules, "D99"));
}

/* 100 RPS at 500 ms: 50 VUs in flight, 50 + 3 x sqrt(50) to allocate. */
static void hundred_rps_at_half_a_second(void **state) {
    (void)state;
    const struct load_input in = {.target_rps = 100,
                                  .avg_ms = 500,
                                  .requests_per_iteration = 1,
                                  .hold_ms = NAN,
                                  .ramp_ms = NAN,
                                  .ramp_down_ms = NAN,
                                  .steps = NAN,
                                  .start_rps = NAN,
                                  .max_rps = NAN,
                                  .p95_limit_ms = 500,
                                  .error_limit = 0.01,
                                  .baseline = {.rps = NAN, .iteration_ms = NAN}};
    struct profile p;
    struct findings notes = {0};
    struct err e = {0};
    assert_true(profile_make(&in, &rules, &p, &notes, &e));
    assert_int_equal(p.vus, 50);
    assert_int_equal(p.preallocated_vus, 72);
    assert_int_equal(p.max_vus, 144);
    assert_true(p.stage[0].duration_s == 300 && p.stage[1].duration_s == 1800);
    findings_fini(&notes);
}

static const struct {
    const char *goal;
    int model; /* -1: ask */
} goals[] = {
    {"Find memory leaks over night", MODEL_SOAK},
    {"How much can it take?", MODEL_STRESS},
    {"Reach the TARGET rate of the release", MODEL_LOAD},
    {"Holds the SLO on a normal day", MODEL_LOAD},
    {"the target at peak", MODEL_STRESS}, /* the first row wins, not the first word */
    {"a slack channel for the SLAs", -1}, /* abbreviations are whole words */
    {"an unbreakable service", -1},       /* words begin a word */
    {"", -1},
};

static void goal_selects_the_model(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(goals); i++) {
        enum model m = MODEL_LOAD;
        bool said = rules_select_model(&rules, goals[i].goal, &m);
        if ((said ? (int)m : -1) != goals[i].model)
            fail_msg("%s: %s", goals[i].goal, said ? model_name(m) : "ask");
    }
}

/* --- broken documents --- */

/* The built-in text with the first `from` changed to `to`; the caller frees. */
static char *changed(enum rules_doc doc, const char *from, const char *to) {
    size_t len;
    const char *text = rules_builtin(doc, &len), *at = strstr(text, from);
    if (!at)
        fail_msg("\"%s\" is not in the document", from);
    struct buf out;
    buf_init(&out, 1 << 20);
    buf_add(&out, text, (size_t)(at - text));
    buf_str(&out, to);
    buf_str(&out, at + strlen(from));
    char *made = buf_take(&out);
    buf_fini(&out);
    return made;
}

static long line_of(const char *text, const char *part) {
    const char *at = strstr(text, part);
    long line = 1;
    for (const char *p = text; at && p < at; p++)
        line += *p == '\n';
    return at ? line : -1;
}

#define M DOC_MODELS
#define V DOC_VALIDATION
#define I DOC_INFRASTRUCTURE
#define D DOC_DIAGNOSIS

static const struct {
    enum rules_doc doc;
    const char *from, *to;
    const char *at; /* in the line of the error; NULL: line 1 */
    const char *words;
} broken[] = {
    /* headings and tables */
    {M, "## Sizing", "## Size", NULL, "expected a heading \"## Sizing\""},
    {M, "## Arrival", "## shape", "## Shape", "is here twice, first in line "},
    {V, "\n| check | metric |", "\n| check | metric | x |", "| check | metric | x |",
     "\"Limits\": this line is not part of the table"},
    {M, "## Models\n", "## Models\n\n## More\n", "## Models",
     "expected a table that begins with the column \"model\""},
    {V, "| checks | failed_checks", "\n| checks | failed_checks", "| checks | failed_checks",
     "no empty line inside a table"},
    {V, "## Samples\n", "## Samples\n\n| a |\n|---|\n| b |\n\n", "| statistic | least",
     "expected one table, found a second"},
    /* columns */
    {V, "| near |", "| close |", "| check | metric", "expected a column \"near\", found none"},
    {V, "| near |", "| limit |", "| check | metric", "the column \"limit\" is here twice"},
    {M, "| unit | load |", "| units | load |", "| parameter | units", "a column \"unit\""},
    {D, "| points at |", "| points to |", "| id | name", "a column \"points at\""},
    /* rows */
    {V, "| p95 | response_time_p95", "| p90 | response_time_p95", "| check | metric",
     "expected a row \"p95\", found none"},
    {V, "| p99 | response", "| p95 | response", "| p95 | response_time_p99",
     "the row \"p95\" is here twice, first in line "},
    {M, "| max_vus_factor |", "| max_vu_factor |", "| max_vu_factor",
     "expected one of this table's parameters, found \"max_vu_factor\""},
    {M, "| max_vus_factor | 2 |", "| users | ceil(L) |", "| users | ceil(L) | |", "is here twice"},
    {V, "| rate_guard |", "| settle |", "| settle | 2", "is here twice"},
    {M, "| load | average-load", "| spike | average-load", "| spike |", "expected a known name"},
    {I, "| jmeter | 256", "| jmeter5 | 256", "| tool | base_mb", "expected a row \"jmeter\""},
    {I, "| files | RLIMIT_NOFILE", "| fds | RLIMIT_NOFILE", "| fact | source",
     "expected a row \"files\""},
    {V, "| p50 | 6", "| p5 | 6", "| statistic | least", "expected a row \"p50\""},
    /* numbers */
    {V, "| 500 | 450 |", "| 500 ms | 450 |", "| p95 |",
     "\"Limits\", row \"p95\", column \"limit\": expected a number from 0 to"},
    {V, "| 500 | 450 |", "| -5 | 450 |", "| p95 |", "found \"-5\""},
    {V, "| 500 | 450 |", "| 5e2 | 450 |", "| p95 |", "found \"5e2\""},
    {V, "| 500 | 450 |", "| 0,5 | 450 |", "| p95 |", "found \"0,5\""},
    {M, "| max_vus_factor | 2 |", "| max_vus_factor | |", "| max_vus_factor", "found nothing"},
    {M, "| max_vus_factor | 2 |", "| max_vus_factor | 101 |", "| max_vus_factor",
     "a number from 1 to 100, found \"101\""},
    {M, "| hold | s | 1800 |", "| hold | s | |", "| hold |",
     "\"Shape\", row \"hold\", column \"load\": expected a number"},
    {M, "| step | % of target | | 25 |", "| step | % of target | | |", "| step |",
     "column \"stress\": expected a number from 1 to 10,000 (% of target), found nothing"},
    {M, "| hold | s | 1800 |", "| hold | min | 30 |", "| hold |",
     "column \"unit\": expected \"s\", found \"min\""},
    {M, "| max_vus_factor | 2 | |", "| max_vus_factor | 2 | x |", "| max_vus_factor",
     "expected an empty cell, found \"x\""},
    {V, "| settle_share | 5 | % of hold |", "| settle_share | 5 | % |", "| settle_share",
     "expected \"% of hold\""},
    {I, "| cpu_use | 80 |", "| cpu_use | 180 |", "| cpu_use", "a number from 1 to 100 (%)"},
    {I, "| cpu_warn | 80 |", "| cpu_warn | much |", "| cpu_warn", "found \"much\""},
    {I, "| 160 | 2000 |", "| 160 | 0 |", "| k6 |", "column \"rps_per_core\""},
    {I, "| hard | all |", "| hard | none |", "| k6 |", "column \"cores_per_process\""},
    {V, "| mean | 30 | 1000 |", "| mean | 30 | 10 |", "| mean |", "not below \"least\""},
    {M, "| steps_least | | | 5 |", "| steps_least | | | 15 |", "| steps_most",
     "not below \"steps_least\""},
    {V, "| fail_ratio | 1.25", "| fail_ratio | 1.05", "| fail_ratio", "not below \"warn_ratio\""},
    /* formulas */
    {M, "| users | ceil(L) |", "| users | ceil(L |", "| users |", "expected a formula"},
    {M, "| users | ceil(L) |", "| users | ceil(VUs) |", "| users |", "the name VUs is not known"},
    {M, "| users | ceil(L) |", "| users | |", "| users |", "expected a formula, found nothing"},
    {M, "| ramp | s | hold/6 |", "| ramp | s | ramp/6 |", "| ramp |", "the name ramp is not known"},
    {M, "| ramp | s | hold/6 | 10 |", "| ramp | s | hold/6 | hold/6 |", "| ramp |",
     "column \"stress\": expected a formula"},
    {M, "| ramp_down | s | ramp/2 | 0 |", "| ramp_down | s | ramp/2 | hold |", "| ramp_down |",
     "the name hold is not known"},
    {I, "rps / rps_per_core", "rps / cores", "| cores |", "the name cores is not known"},
    {I, "rps / rps_per_core", "enough", "| cores |", "row \"cores\", column \"needed\""},
    /* words */
    {V, "| p95 | response_time_p95 | < |", "| p95 | response_time_p95 | = |", "| p95 |",
     "column \"op\": expected one of <, <=, >=, found \"=\""},
    {V, "response_time_p95", "response_p95", "| p95 |", "column \"metric\": expected one of"},
    {V, "| 450 | ms |", "| 450 | s |", "| p95 |", "the unit of response_time_p95, \"ms\""},
    {V, "| 450 | ms |", "| 450 | |", "| p95 |", "column \"unit\""},
    {V, "| load soak | required |", "| loads soak | required |", "| p95 |",
     "expected load, stress, soak or baseline"},
    {V, "| load soak | required |", "| | required |", "| p95 |", "column \"models\""},
    {V, "| load soak | required |", "| load soak | needed |", "| p95 |",
     "expected one of optional, required"},
    {M, "| p95_limit |", "| p99_limit |", "| allocate_for", "expected one of average, p95_limit"},
    {M, "degradation | soak |", "degradation | spike |", "degradation | spike",
     "expected one of load, stress, soak"},
    {M, "| stop |", "| halt |", "| halt |", "expected one of stop, warn, ask"},
    {M, "baseline_requests < 300", "baseline_requests < many", "baseline_requests < many",
     "a condition such as"},
    {M, "baseline_requests < 300", "requests < 300", "| requests < 300", "a condition such as"},
    {I, "| 30000 | hard |", "| 30000 | tough |", "| k6 |", "expected one of soft, hard"},
    {I, "| rps / rps_per_core | fail |", "| rps / rps_per_core | stop |", "| cores |",
     "expected one of warn, fail"},
    {I, "| disk_use | 80 |", "| disk_use | 0 |", "| disk_use", "a number from 1 to 100 (%)"},
    {I, "| disk_use | 80 |", "| disc_use | 80 |", "| disc_use", "found \"disc_use\""},
    {I, "| result_bytes | fail |", "| result_size | fail |", "| disk |",
     "the name result_size is not known"},
    {I, "| users | warn |", "| | warn |", "| users |", "column \"needed\""},
    {I, "k6 0.49, locust", "k6, locust", "| tool | its", "tools and versions such as"},
    {I, "k6 0.49, locust", "k6 new, locust", "| tool | its", "tools and versions such as"},
    {I, "k6 0.49, locust", "k6 0.49,, locust", "| tool | its", "tools and versions such as"},
    {I, "## Generators", "## Machines", NULL, "expected a heading \"## Generators\""},
    {I, "| tool | how |", "| tool | way |", "| tool | way", "a column \"how\""},
    {I, "| k6 | --execution", "| k7 | --execution", "| tool | how", "expected a row \"k6\""},
    {I, "| one master, one worker per core | no |", "| one master, one worker per core | |",
     "| locust | one", "column \"divide by hand\": expected a text"},
    {I, "| locust | one master", "| k6 | one master", "| k6 | one master", "is here twice"},
    {D, "| D01 | generator CPU |", "| D01 | |", "| D01 |", "column \"name\": expected a text"},
    {D, "| D01 | generator", "| D01234567 | generator", "| D01234567 |", "at most 7 bytes"},
};

static void broken_tables_say_where(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(broken); i++) {
        char *text = changed(broken[i].doc, broken[i].from, broken[i].to), sentence[1200];
        static struct rules r, before;
        r = before = rules;
        struct err e = {0};
        if (rules_read(&r, broken[i].doc, "team.md", text, strlen(text), &e))
            fail_msg("\"%s\" was read without an error", broken[i].to);
        err_sentence(&e, sentence, sizeof sentence);
        long line = broken[i].at ? line_of(text, broken[i].at) : 1;
        if (e.kind != ERR_FORMAT || strcmp(e.file, "team.md") != 0 || e.line != line ||
            !strstr(sentence, broken[i].words))
            fail_msg("\"%s\", line %ld expected: %s", broken[i].to, line, sentence);
        assert_memory_equal(&r, &before, sizeof r); /* nothing of it arrived */
        free(text);
    }
}

static const struct {
    enum rules_doc doc;
    const char *heading;
} whole[] = {
    {M, "## Models"},
    {M, "## Sizing"},
    {M, "## Shape"},
    {M, "## Results of k6"},
    {V, "## Samples"},
    {V, "## Steady state"},
    {V, "## Baseline comparison"},
    {I, "## Tool figures"},
    {I, "## Margins"},
    {I, "## Generators"},
};

/* In these tables no line can go: neither header, dashes nor any row. */
static void a_line_less_is_an_error(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(whole); i++) {
        size_t len, lines = 0;
        const char *text = rules_builtin(whole[i].doc, &len);
        const char *at = strstr(text, whole[i].heading) + 3;
        const char *end = strstr(at, "\n## ");
        for (at = strstr(at, "\n|"); at && (!end || at < end); at = strstr(at + 1, "\n|")) {
            const char *next = strchr(at + 1, '\n');
            struct buf out;
            buf_init(&out, 1 << 20);
            buf_add(&out, text, (size_t)(at - text));
            buf_str(&out, next);
            static struct rules r;
            struct err e = {0};
            if (rules_read(&r, whole[i].doc, "x", out.data, out.len, &e) || e.line == 0)
                fail_msg("%s without %.40s", whole[i].heading, at + 1);
            buf_fini(&out);
            lines++;
        }
        assert_true(lines > 3);
    }
}

static const struct {
    enum rules_doc doc;
    const char *from, *to, *why;
} fine[] = {
    {V, "| check | metric |", "| *check* | `metric` |", "marks in a header"},
    {V, "| unit |\n|---|---|---|\n", "| unit | note |\n|---|---|---|---|\n", "a column more"},
    {V, "| p99 |", "| p90 | response_time_p95 | < | 400 | | ms | load | optional |\n| p99 |",
     "a row more"},
    {V, "## Limits", "# Limits", "another level of heading"},
    {V, "| load soak | required |", "| Load, Soak | Required |", "commas and capitals"},
    {V, "## Order of verdicts", "## Our own notes", "a section that is not read"},
    {M, "| target_host is not this team's | ask |", "| baseline_errors > 5 | ask |", "a condition"},
    {I, "| swap | /proc/swaps | 0 in use | warn |", "| swap | /proc/swaps | none | warn |",
     "words"},
    {D, "| D36 |", "| T01 | ours | always | us | | call us |\n| D36 |", "a row of the team"},
};

static void what_people_may_change(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(fine); i++) {
        char *text = changed(fine[i].doc, fine[i].from, fine[i].to);
        static struct rules r;
        struct err e = {0};
        if (!rules_read(&r, fine[i].doc, "x", text, strlen(text), &e))
            fail_msg("%s: line %ld: %s", fine[i].why, e.line, e.text);
        free(text);
    }
}

static void too_many_rows(void **state) {
    (void)state;
    struct buf rows;
    buf_init(&rows, 1 << 20);
    for (int i = 0; i < DIAGNOSES_MAX; i++)
        buf_printf(&rows, "| T%d | a | b | c | d | e |\n", i);
    buf_str(&rows, "| D36 |");
    char *text = changed(D, "| D36 |", rows.data);
    static struct rules r;
    struct err e = {0};
    assert_false(rules_read(&r, D, "x", text, strlen(text), &e));
    assert_int_equal(e.kind, ERR_LIMIT);
    assert_non_null(strstr(e.text, "at most 64 rows"));
    free(text);
    buf_fini(&rows);
}

/* Cut anywhere: an answer, never a crash. What is left of a cut table is an error. */
static void cut_documents(void **state) {
    (void)state;
    for (int doc = 0; doc < DOCS; doc++) {
        size_t len;
        const char *text = rules_builtin((enum rules_doc)doc, &len);
        for (size_t n = 0; n < len; n += 97) {
            static struct rules r;
            struct err e = {0};
            char *part = malloc(n + 1); /* of exact size, for the sanitizer */
            memcpy(part, text, n);
            if (!rules_read(&r, (enum rules_doc)doc, "x", part, n, &e))
                assert_true(e.kind != ERR_NONE && e.text[0]);
            free(part);
        }
    }
}

/* --- where a document comes from --- */

static char dir[64];

static int make_dir(void **state) {
    (void)state;
    strcpy(dir, "/tmp/test_rules_XXXXXX");
    char sub[96];
    if (!mkdtemp(dir))
        return 1;
    snprintf(sub, sizeof sub, "%s/rules", dir);
    return mkdir(sub, 0700);
}

static int remove_dir(void **state) {
    (void)state;
    static const char *const names[] = {"rules/metric-validation.md", "mine.md", "rules"};
    char path[128];
    for (size_t i = 0; i < COUNT(names); i++) {
        snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        remove(path);
    }
    return rmdir(dir);
}

static char *in_dir(const char *name, char *path, size_t size) {
    snprintf(path, size, "%s/%s", dir, name);
    return path;
}

static void write_file(const char *name, const char *text) {
    char path[128];
    FILE *f = fopen(in_dir(name, path, sizeof path), "wb");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void team_copy_wins(void **state) {
    (void)state;
    static struct rules r;
    struct err e = {0};
    char place[600];
    char *text =
        changed(V, "| error_rate | error_rate | < | 1 |", "| error_rate | error_rate | < | 0.3 |");
    write_file("rules/metric-validation.md", text);
    assert_true(rules_load(&r, dir, &e));
    const struct limit_rule *rule = rules_limit(&r, "error_rate");
    assert_true(rule->limit == 0.3 / 100);
    assert_true(r.doc[V].team && !r.doc[M].team && !r.doc[I].team && !r.doc[D].team);
    char want[64];
    snprintf(want, sizeof want, "rules/metric-validation.md:%ld", line_of(text, "| error_rate |"));
    assert_string_equal(rules_place(&r, V, rule->line, place, sizeof place), want);
    assert_string_equal(rules_place(&r, M, 31, place, sizeof place),
                        "built-in rules/load-model-selection.md:31");
    assert_string_equal(rules_place(&r, M, 0, place, sizeof place),
                        "built-in rules/load-model-selection.md");
    assert_string_equal(rules_place(&r, M, 31, place, 12), "built-in ru");
    free(text);
}

static void file_of_any_name(void **state) {
    (void)state;
    static struct rules r;
    struct err e = {0};
    char path[128], place[600], want[160];
    char *text = changed(V, "| 500 | 450 |", "| 300 | 270 |");
    write_file("mine.md", text);
    free(text);
    assert_true(rules_load(&r, NULL, &e));
    assert_true(rules_load_file(&r, V, in_dir("mine.md", path, sizeof path), &e));
    assert_true(rules_limit(&r, "p95")->limit == 300);
    assert_true(r.sizing.max_vus_factor == 2); /* the other documents stay */
    snprintf(want, sizeof want, "%s:4", path);
    assert_string_equal(rules_place(&r, V, 4, place, sizeof place), want);
    assert_false(rules_load_file(&r, V, in_dir("gone.md", path, sizeof path), &e));
    assert_int_equal(e.kind, ERR_IO);
}

static void assert_load_fails(enum err_kind kind) {
    static struct rules r;
    struct err e = {0};
    assert_false(rules_load(&r, dir, &e));
    assert_int_equal(e.kind, kind);
    assert_non_null(strstr(e.file, "rules/metric-validation.md"));
}

/* A copy that cannot be used is an error, not a reason for the built-in one. */
static void unusable_team_copy(void **state) {
    (void)state;
    char path[128];
    in_dir("rules/metric-validation.md", path, sizeof path);
    write_file("rules/metric-validation.md", "");
    assert_load_fails(ERR_FORMAT);
    write_file("rules/metric-validation.md", "\x01\x02\x03");
    assert_load_fails(ERR_FORMAT);
    enum { TOO_LARGE = MARKDOWN_MAX_BYTES + 1 };
    char *large = calloc(1, TOO_LARGE + 1);
    memset(large, 'a', TOO_LARGE);
    write_file("rules/metric-validation.md", large);
    free(large);
    assert_load_fails(ERR_LIMIT);
    assert_int_equal(remove(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_load_fails(ERR_FORMAT);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(symlink("/nowhere/at/all", path), 0);
    assert_load_fails(ERR_IO);
    assert_int_equal(remove(path), 0);
    static struct rules r;
    assert_true(rules_load(&r, dir, NULL));
    assert_false(r.doc[V].team);
}

/* The documents in the source tree are the ones compiled in. */
static void builtin_is_the_tree(void **state) {
    (void)state;
    for (int doc = 0; doc < DOCS; doc++) {
        size_t len, file_len;
        const char *text = rules_builtin((enum rules_doc)doc, &len);
        char path[512];
        snprintf(path, sizeof path, "%s/%s", TEST_ROOT, rules.doc[doc].name);
        char *file = file_read(path, 1 << 20, &file_len, NULL);
        assert_non_null(file);
        assert_int_equal(len, file_len);
        assert_memory_equal(text, file, len);
        free(file);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_arrive),
        cmocka_unit_test(words_arrive),
        cmocka_unit_test(versions),
        cmocka_unit_test(diagnosis_has_the_rows),
        cmocka_unit_test(hundred_rps_at_half_a_second),
        cmocka_unit_test(goal_selects_the_model),
        cmocka_unit_test(broken_tables_say_where),
        cmocka_unit_test(a_line_less_is_an_error),
        cmocka_unit_test(what_people_may_change),
        cmocka_unit_test(too_many_rows),
        cmocka_unit_test(cut_documents),
        cmocka_unit_test_setup_teardown(team_copy_wins, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(file_of_any_name, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(unusable_team_copy, make_dir, remove_dir),
        cmocka_unit_test(builtin_is_the_tree),
    };
    return cmocka_run_group_tests(tests, load_builtin, NULL);
}
