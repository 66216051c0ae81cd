/* perfscale check: verdicts and their exit status, the JSON form, and what cannot be read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "program.h"

#define SAMPLE(name) TEST_DATA "/k6/" name

static char dir[PATH_BYTES];

static int make(void **state) {
    (void)state;
    make_workspace(dir);
    put_copy(dir, "good.json", SAMPLE("load-v2.2-full/summary-export.json"));
    put_copy(dir, "dropped.json", SAMPLE("dropped-v2.2/summary-export.json"));
    return 0;
}

static int drop(void **state) {
    (void)state;
    remove_tree(dir);
    return 0;
}

static const struct said *say(const char *const *words) {
    return call(&(struct call){.dir = dir}, words);
}

static cJSON *check_json(int status, const char *const *words) {
    const struct said *s = say(words);
    if (s->status != status)
        fail_msg("status %d, %d expected\n%s%s", s->status, status, s->out, s->err);
    assert_clean(s->out);
    return said_json(s);
}

static void verdicts_and_status(void **state) {
    (void)state;
    static const struct {
        const char *words[12];
        int status;
        const char *verdict, *sentence;
    } cases[] = {
        /* the sample ran at 47 RPS with p95 30 ms and no failure */
        {{"check", "good.json", "--rps", "47", "--p95", "500ms", "--error-rate", "1%"},
         0,
         "pass",
         "Test successful. Ready for deployment/higher load."},
        {{"check", "good.json", "--rps", "47", "--p95", "20ms"},
         1,
         "fail",
         "Bottleneck detected. Check logs/metrics."},
        {{"check", "good.json"}, 3, "no_data", "No verdict: "}, /* no target */
        {{"check", "dropped.json", "--rps", "50"}, 4, "invalid", "Run invalid: "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct said *s = say(cases[i].words);
        if (s->status != cases[i].status || !strstr(s->out, cases[i].sentence))
            fail_msg("case %zu: status %d, %d expected\n%s%s", i, s->status, cases[i].status,
                     s->out, s->err);
        assert_clean(s->out);
        assert_string_equal(s->err, "");
        const char *with_json[16] = {0};
        size_t n = 0;
        for (; cases[i].words[n]; n++)
            with_json[n] = cases[i].words[n];
        with_json[n] = "--json";
        cJSON *o = check_json(cases[i].status, with_json);
        assert_string_equal(cJSON_GetObjectItem(o, "verdict")->valuestring, cases[i].verdict);
        cJSON_Delete(o);
    }
}

static void every_member(void **state) {
    (void)state;
    cJSON *o =
        check_json(0, WORDS("check", "good.json", "--rps", "47", "--p95", "500ms", "--json"));
    assert_keys(
        o,
        "tool format sources model requests failed error_rate rps duration_s iterations "
        "dropped_iterations vus_max latency_ms endpoints checks verdict stress soak findings "
        "next_steps",
        true);
    assert_keys(cJSON_GetObjectItem(o, "latency_ms"), "avg min med p90 p95 p99 max", false);
    assert_string_equal(cJSON_GetObjectItem(o, "tool")->valuestring, "k6");
    assert_string_equal(cJSON_GetObjectItem(o, "model")->valuestring, "load");
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(o, "stress")));
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(o, "soak")));
    const cJSON *c, *p95 = NULL;
    cJSON_ArrayForEach(c, cJSON_GetObjectItem(o, "checks")) {
        assert_keys(c, "metric value limit unit limit_from status near_limit waived why", true);
        if (strcmp(cJSON_GetObjectItem(c, "metric")->valuestring, "p95") == 0)
            p95 = c;
    }
    assert_non_null(p95);
    assert_int_equal(cJSON_GetObjectItem(p95, "limit")->valuedouble, 500);
    assert_string_equal(cJSON_GetObjectItem(p95, "limit_from")->valuestring, "command line");
    assert_string_equal(cJSON_GetObjectItem(p95, "unit")->valuestring, "ms");
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(p95, "waived")));
    assert_non_null(strstr(cJSON_GetArrayItem(cJSON_GetObjectItem(o, "next_steps"), 0)->valuestring,
                           "Test successful."));
    cJSON_Delete(o);
}

/* A paste: the text of a terminal, with its colours, on standard input. */
static void from_standard_input(void **state) {
    (void)state;
    static const char *const pastes[] = {SAMPLE("load-v2.2-full/terminal.ansi.txt"),
                                         SAMPLE("load-v2.2-full/terminal.txt")};
    for (size_t i = 0; i < sizeof pastes / sizeof *pastes; i++) {
        size_t len;
        put_copy(dir, "paste", pastes[i]);
        char *bytes = get_file(dir, "paste", &len);
        const struct said *s = call(&(struct call){.dir = dir, .input = bytes, .input_len = len},
                                    WORDS("check", "-", "--rps", "47", "--p95", "500ms", "--json"));
        free(bytes);
        assert_int_equal(s->status, 0);
        cJSON *o = said_json(s);
        assert_string_equal(cJSON_GetArrayItem(cJSON_GetObjectItem(o, "sources"), 0)->valuestring,
                            "-");
        cJSON_Delete(o);
    }
}

/* Standard input has no limit: a stream of single requests may be longer than memory. */
static void a_long_stream_is_read(void **state) {
    (void)state;
    static const char head[] = "timeStamp,elapsed,label,responseCode,responseMessage,threadName,"
                               "dataType,success,bytes,grpThreads,allThreads,Latency\n";
    enum { ROWS = 40000, ROW_BYTES = 80 };
    char *bytes = malloc(sizeof head + (size_t)ROWS * ROW_BYTES);
    size_t len = (size_t)sprintf(bytes, "%s", head);
    for (int i = 0; i < ROWS; i++)
        len += (size_t)sprintf(bytes + len, "%lld,%d,GET /,200,OK,T 1-1,text,%s,12,5,5,9\n",
                               1795424345000LL + i * 10LL, 20 + i % 10, i % 100 ? "true" : "false");
    assert_true(len > 2 << 20);
    const struct said *s = call(&(struct call){.dir = dir, .input = bytes, .input_len = len},
                                WORDS("check", "-", "--rps", "100", "--json"));
    free(bytes);
    assert_int_equal(s->status, 1); /* one of a hundred failed */
    cJSON *o = said_json(s);
    assert_true(cJSON_GetObjectItem(o, "requests")->valuedouble == ROWS);
    assert_true(cJSON_GetObjectItem(o, "failed")->valuedouble == ROWS / 100);
    cJSON_Delete(o);
}

/* Two machines' summaries: counts add up, percentiles are not made from percentiles. */
static void several_machines_are_added(void **state) {
    (void)state;
    cJSON *o = check_json(4, WORDS("check", "good.json", "dropped.json", "--rps", "80", "--json"));
    const cJSON *latency = cJSON_GetObjectItem(o, "latency_ms");
    assert_true(cJSON_GetObjectItem(o, "generators")->valuedouble == 2);
    assert_true(cJSON_GetObjectItem(o, "requests")->valuedouble == 1565 + 675);
    assert_true(cJSON_IsNull(cJSON_GetObjectItem(latency, "p95")));
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(o, "sources")), 2);
    cJSON_Delete(o);
}

static void what_cannot_be_judged(void **state) {
    (void)state;
    put_file(dir, "binary", "\177ELF\0\0\0\1", 8);
    put_text(dir, "empty", "");
    put_text(dir, "poem", "the quick brown fox\n");
    put_text(dir, "half.json", "{\"metrics\": {\"http_reqs\": {\"count\": 1");
    static const struct {
        const char *words[10];
        const char *says;
    } cases[] = {
        {{"check"}, "no result is named"},
        {{"check", "good.json", "good.json"}, "twice"},
        {{"check", "nowhere.json"}, "nowhere.json: "},
        {{"check", "."}, ".: "},
        {{"check", "binary"}, "binary: "},
        {{"check", "empty"}, "empty: "},
        {{"check", "poem"}, "poem: "},
        {{"check", "half.json"}, "half.json"},
        {{"check", "good.json", "--format", "morse"}, "--format: \"morse\" is none of k6-text, "},
        {{"check", "good.json", "--p95", "soon"}, "--p95: \"soon\" is not a duration; write it as"},
        {{"check", "good.json", "--p95", "0"}, "--p95: must be above 0"},
        {{"check", "good.json", "--rps", "-5"}, "--rps: "},
        {{"check", "good.json", "--error-rate", "120%"}, "--error-rate: "},
        {{"check", "good.json", "--max-vus", "1.5"}, "--max-vus: must be a whole number"},
        {{"check", "good.json", "--model", "spike"}, "--model: \"spike\" is no kind of test"},
        {{"check", "good.json", "--arrivals", "ajar"}, "write open, closed or paced"},
        {{"check", "good.json", "--plan", "nowhere.json"}, "nowhere.json: "},
        {{"check", "good.json", "--plan", "poem"}, "give the saved output of plan --json"},
        {{"check", "good.json", "--rules", "poem"}, "poem"},
        {{"check", "good.json", "--save"}, "add --dir DIR"},
        {{"check", "good.json", "--dir", "nowhere"}, "nowhere"},
        {{"check", "good.json", "--memory", "m.csv"}, "m.csv: cannot read"},
        {{"check", "good.json", "--memory", "good.json"}, "holds no memory series"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct said *s = say(cases[i].words);
        if (s->status != 2 || !strstr(s->err, cases[i].says))
            fail_msg("case %zu (%s): status %d, %s", i, cases[i].says, s->status, s->err);
        assert_string_equal(s->out, "");
        assert_clean(s->err);
    }
}

static const cJSON *check_of(const cJSON *o, const char *metric) {
    const cJSON *c;
    cJSON_ArrayForEach(c, cJSON_GetObjectItem(o, "checks")) {
        if (strcmp(cJSON_GetObjectItem(c, "metric")->valuestring, metric) == 0)
            return c;
    }
    fail_msg("no check of %s", metric);
    return NULL;
}

/* Without --dir the current directory is not read; with it its plan counts. */
static void limits_of_a_workspace(void **state) {
    (void)state;
    cJSON *o = check_json(3, WORDS("check", "good.json", "--json"));
    assert_null(
        strstr(cJSON_GetObjectItem(check_of(o, "p95"), "limit_from")->valuestring, "test-plan.md"));
    cJSON_Delete(o);
    const struct said *s = say(WORDS("check", "good.json", "--dir", ".", "--json"));
    o = said_json(s);
    assert_string_equal(cJSON_GetObjectItem(check_of(o, "p95"), "limit_from")->valuestring,
                        "test-plan.md:5");
    cJSON_Delete(o);
    o = check_json(
        1, WORDS("check", "good.json", "--dir", ".", "--p95", "1ms", "--rps", "47", "--json"));
    assert_string_equal(cJSON_GetObjectItem(check_of(o, "p95"), "limit_from")->valuestring,
                        "command line");
    cJSON_Delete(o);
}

/* plan --json | check --plan: the planned count is what the rate is judged by. */
static void plan_file(void **state) {
    (void)state;
    const struct said *s = say(WORDS("plan", "--rps", "100", "--avg", "500ms", "--think", "0",
                                     "--requests-per-iteration", "1", "--dry-run", "--json"));
    assert_int_equal(s->status, 0);
    put_text(dir, "plan.json", s->out);
    /* 1,565 requests are not the 67,500 that were planned */
    s = say(WORDS("check", "good.json", "--plan", "plan.json", "--json"));
    assert_true(s->status == 1 || s->status == 4);
    s = say(WORDS("check", "good.json", "--plan", "plan.json", "--model", "stress"));
    assert_int_equal(s->status, 2);
    assert_non_null(strstr(s->err, "is the plan of a load test"));
    s = say(WORDS("check", "good.json", "--plan", "plan.json", "--arrivals", "closed"));
    assert_int_equal(s->status, 2);
}

/* The plan that `plan --yes` kept is the one of --dir: 33 s of 12:30 is no run of it. */
static void last_plan_of_a_workspace(void **state) {
    (void)state;
    const char *const *check = WORDS("check", "good.json", "--dir", ".", "--json");
    cJSON_Delete(check_json(1, check)); /* 47 of 100 RPS */
    assert_int_equal(say(WORDS("plan", "--avg", "500ms", "--think", "0", "--requests-per-iteration",
                               "1", "--yes"))
                         ->status,
                     0);
    cJSON *o = check_json(4, check);
    assert_non_null(strstr(cJSON_GetObjectItem(check_of(o, "rps"), "why")->valuestring, "planned"));
    cJSON_Delete(o);
    /* Another kind of test than the last plan: its profile says nothing then. */
    o = check_json(1, WORDS("check", "good.json", "--dir", ".", "--model", "soak", "--json"));
    assert_string_equal(cJSON_GetObjectItem(o, "model")->valuestring, "soak");
    cJSON_Delete(o);
}

static void kept_in_the_store(void **state) {
    (void)state;
    size_t len;
    assert_int_equal(
        say(WORDS("check", "good.json", "--dir", ".", "--rps", "47", "--p95", "500ms", "--save"))
            ->status,
        0);
    char *store = get_file(dir, ".perfscale/runs.db", &len);
    assert_non_null(store);
    assert_memory_equal(store, "SQLite format 3", 15);
    free(store);
}

/* ESC, an eight-bit CSI, and characters that turn the text around. */
static void hostile_names(void **state) {
    (void)state;
    static const char *const names[] = {"\033[31mred.json", "\302\2332J.json",
                                        "\xe2\x80\xaegnp.json", "line\nbreak.json", "\x9b.json"};
    static const char *const locale[] = {"C.UTF-8", "C"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (size_t l = 0; l < sizeof locale / sizeof *locale; l++) {
            struct call c = {.dir = dir, .locale = locale[l]};
            const struct said *s =
                call(&c, WORDS("check", names[i])); /* not there yet, then there */
            assert_clean(s->err);
            put_copy(dir, names[i], SAMPLE("load-v2.2-full/summary-export.json"));
            s = call(&c, WORDS("check", names[i], "--rps", "47"));
            assert_int_equal(s->status, 0);
            assert_clean(s->out);
            s = call(&c, WORDS("check", names[i], "--rps", "47", "--json"));
            assert_clean(s->out);
            cJSON_Delete(said_json(s));
        }
}

static void ascii_locale(void **state) {
    (void)state;
    const struct said *s = call(&(struct call){.dir = dir, .locale = "POSIX"},
                                WORDS("check", "good.json", "--rps", "47", "--p95", "1ms"));
    assert_int_equal(s->status, 1);
    for (const char *p = s->out; *p; p++)
        assert_true((unsigned char)*p < 0x80);
    assert_memory_equal(s->out, "x Bottleneck detected.", 22);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(verdicts_and_status, make, drop),
        cmocka_unit_test_setup_teardown(every_member, make, drop),
        cmocka_unit_test_setup_teardown(from_standard_input, make, drop),
        cmocka_unit_test_setup_teardown(a_long_stream_is_read, make, drop),
        cmocka_unit_test_setup_teardown(several_machines_are_added, make, drop),
        cmocka_unit_test_setup_teardown(what_cannot_be_judged, make, drop),
        cmocka_unit_test_setup_teardown(limits_of_a_workspace, make, drop),
        cmocka_unit_test_setup_teardown(plan_file, make, drop),
        cmocka_unit_test_setup_teardown(last_plan_of_a_workspace, make, drop),
        cmocka_unit_test_setup_teardown(kept_in_the_store, make, drop),
        cmocka_unit_test_setup_teardown(hostile_names, make, drop),
        cmocka_unit_test_setup_teardown(ascii_locale, make, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
