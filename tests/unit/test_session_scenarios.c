/* Several scenarios, the methods of a tool, and several machines. */
#include "session_fixture.h"

#include "report/report.h"

static const char shop_text[] =
    "import http from 'k6/http';\n"
    "import { sleep } from 'k6';\n"
    "\n"
    "export const options = {\n"
    "  scenarios: {\n"
    "    buy: { executor: 'constant-vus', exec: 'buy', vus: 5, duration: '5m' },\n"
    "    look: { executor: 'constant-vus', exec: 'look', vus: 20, duration: '5m' },\n"
    "  },\n"
    "};\n"
    "\n"
    "export function buy() {\n"
    "  http.get('http://127.0.0.1:27080/cart');\n"
    "  http.post('http://127.0.0.1:27080/order');\n"
    "  sleep(1);\n"
    "}\n"
    "\n"
    "export function look() {\n"
    "  http.get('http://127.0.0.1:27080/items');\n"
    "  sleep(0.5);\n"
    "}\n";

static struct session *open_shop(struct bench *b) {
    put(b, "test-plan.md", plan_text);
    put(b, "baseline_shop.js", shop_text);
    struct session *s = open_session(b);
    session_state_baseline(s);
    set(s, FIELD_AVG, "100");
    return s;
}

/* --- lists as text --- */

static const struct scenario buy = {.name = "buy"}, look = {.name = "look"},
                             group = {.name = "Group 1"}, longer = {.name = "Group 1 of 2"};
static const struct scenario *const two[] = {&buy, &look}, *const spaced[] = {&group, &longer};

static void lists_are_read(void **state) {
    (void)state;
    static const struct {
        enum field field;
        const struct scenario *const *of;
        const char *typed;
        double a, b; /* NAN: as it was */
    } cases[] = {
        {FIELD_SHARES, two, "25 75", 25, 75},
        {FIELD_SHARES, two, "buy=25 look=75", 25, 75},
        {FIELD_SHARES, two, " look=75,buy=25 ", 25, 75},
        {FIELD_SHARES, two, "25%,75%", 25, 75},
        {FIELD_SHARES, two, "buy=1,000 look=1", 1000, 1}, /* thousands */
        {FIELD_REQUESTS, two, "2", 2, 2},                 /* for each */
        {FIELD_REQUESTS, two, "look=2.5", NAN, 2.5},
        {FIELD_THINK, two, "buy=1s look=500ms", 1000, 500},
        {FIELD_THINK, two, "1,000", 1000, 1000},
        {FIELD_SHARES, spaced, "Group 1=2 Group 1 of 2=3", 2, 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double each[2] = {NAN, NAN};
        char error[128];
        if (!field_parse_each(cases[i].field, MODEL_LOAD, cases[i].of, 2, cases[i].typed, each,
                              error, sizeof error))
            fail_msg("%s: %s", cases[i].typed, error);
        const double want[2] = {cases[i].a, cases[i].b};
        for (int k = 0; k < 2; k++)
            if (isnan(want[k]) ? !isnan(each[k]) : each[k] != want[k])
                fail_msg("%s: %g for %d", cases[i].typed, each[k], k);
    }
}

static void wrong_lists_say_why(void **state) {
    (void)state;
    static const struct {
        enum field field;
        const char *typed, *says;
    } cases[] = {
        {FIELD_SHARES, "buy=1", "The number of look is missing."},
        {FIELD_SHARES, "1", "The number of look is missing."},
        {FIELD_SHARES, "1 2 3", "There are 2 scenarios and more numbers."},
        {FIELD_SHARES, "buy=1 sell=2", "\"sell=2\" is no scenario of buy, look"},
        {FIELD_SHARES, "buy=1 buy=2", "buy is there twice."},
        {FIELD_SHARES, "buy=1 2", "buy is there twice."},
        {FIELD_SHARES, "buy=0 look=1", "buy: Shares must be above 0"},
        {FIELD_SHARES, "buy=x look=1", "buy: \"x\" is not a number."},
        {FIELD_REQUESTS, "look=1 2", "Write a name before each number, or before none."},
        {FIELD_REQUESTS, "1 2 3", "There are 2 scenarios"},
        {FIELD_THINK, "buy=-1", "buy: "},
        {FIELD_THINK, "buy=", "buy: "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double each[2] = {1, 1};
        char error[128];
        if (field_parse_each(cases[i].field, MODEL_LOAD, two, 2, cases[i].typed, each, error,
                             sizeof error))
            fail_msg("%s is taken", cases[i].typed);
        if (!text_starts(error, cases[i].says))
            fail_msg("%s: %s", cases[i].typed, error);
    }
}

static void what_is_shown_can_be_typed(void **state) {
    (void)state;
    const double cases[][2] = {{0.25, 0.75}, {1.0 / 3, 2.0 / 3}, {NAN, 0.5}};
    static const char *const shown[] = {"buy=25% look=75%", "buy=33.33% look=66.67%", "look=50%"};
    char text[100], error[128];
    for (size_t i = 0; i < 3; i++) {
        field_show_each(FIELD_SHARES, two, 2, cases[i], text, sizeof text);
        assert_string_equal(text, shown[i]);
        double each[2] = {1, 1};
        assert_true(field_parse_each(FIELD_SHARES, MODEL_LOAD, two, 2, text, each, error,
                                     sizeof error) == (i < 2));
    }
    const double same[2] = {1000, 1000}, other[2] = {1000, 0};
    field_show_each(FIELD_THINK, two, 2, same, text, sizeof text);
    assert_string_equal(text, "1000");
    field_show_each(FIELD_THINK, two, 2, other, text, sizeof text);
    assert_string_equal(text, "buy=1000 look=0");
}

/* --- the form --- */

static void the_script_says_the_shares(void **state) {
    struct session *s = open_shop(*state);
    const struct form *f = &s->form;
    assert_true(session_has_field(s, FIELD_SHARES));
    assert_string_equal(f->field[FIELD_SHARES].shown, "buy=20% look=80%"); /* 8.33/s, 33.3/s */
    assert_string_equal(f->field[FIELD_SHARES].origin, "script: VUs / iteration time");
    assert_string_equal(f->field[FIELD_REQUESTS].shown, "buy=2 look=1");
    assert_string_equal(f->field[FIELD_THINK].shown, "buy=1000 look=500");
    const struct profile *p = &s->profile;
    assert_int_equal(p->parts, 2);
    assert_string_equal(p->part[0].name, "buy");
    assert_true(fabs(p->part[0].iteration_rps - 10) < 1e-9); /* 20 RPS in twos */
    assert_int_equal(p->part[0].vus, 12);                    /* 10/s x 1.2 s */
    assert_int_equal(p->part[1].vus, 48);                    /* 80/s x 0.6 s */
    assert_int_equal(p->vus, 60);
}

static void typed_shares_are_a_proportion(void **state) {
    struct session *s = open_shop(*state);
    set(s, FIELD_SHARES, "1 3");
    assert_string_equal(s->form.field[FIELD_SHARES].shown, "buy=25% look=75%");
    assert_string_equal(s->form.field[FIELD_SHARES].origin, "you, was buy=20% look=80%");
    assert_true(s->profile.part[0].share == 0.25);
    session_set_field(s, FIELD_SHARES, "buy=1");
    assert_int_equal(form_first_error(&s->form, MODEL_LOAD), FIELD_SHARES);
    assert_int_equal(s->profile.stages, 0); /* nothing is planned with half a word */
    assert_true(session_undo(s));
    assert_true(s->profile.part[0].share == 0.25);
    session_set_field(s, FIELD_SHARES, "");
    assert_true(fabs(s->profile.part[0].share - 0.2) < 1e-9);
}

static void figures_of_one_scenario(void **state) {
    struct session *s = open_shop(*state);
    set(s, FIELD_THINK, "look=2s");
    assert_string_equal(s->form.field[FIELD_THINK].shown, "buy=1000 look=2000");
    assert_true(s->profile.part[1].think_ms == 2000);
    assert_true(s->profile.part[0].think_ms == 1000);
    set(s, FIELD_REQUESTS, "3");
    assert_string_equal(s->form.field[FIELD_REQUESTS].shown, "3");
    assert_true(s->profile.part[1].requests_per_iteration == 3);
}

/* What the text does not say is asked with the name of the scenario. */
static void an_unknown_figure_is_asked_for(void **state) {
    struct bench *b = *state;
    put(b, "test-plan.md", plan_text);
    char *text = mem_strdup(shop_text), *at = strstr(text, "sleep(0.5)");
    memcpy(at, "sleep(__V)", 10);
    put(b, "baseline_shop.js", text);
    free(text);
    struct session *s = open_session(b);
    session_state_baseline(s);
    char next[256];
    set(s, FIELD_AVG, "100");
    session_next(s, STEP_LOAD, next, sizeof next);
    assert_string_equal(next, "Think time of look: not known. Enter look=N.");
    assert_true(text_starts(s->form.field[FIELD_THINK].origin, "look: "));
    assert_string_equal(s->form.field[FIELD_THINK].shown, "buy=1000");
    set(s, FIELD_THINK, "look=500");
    assert_string_equal(s->form.field[FIELD_SHARES].shown, "buy=20% look=80%");
    assert_true(s->profile.stages > 0);
}

static void one_scenario_has_no_shares(void **state) {
    struct session *s = open_simple(*state);
    session_state_baseline(s);
    set(s, FIELD_AVG, "100");
    assert_false(session_has_field(s, FIELD_SHARES));
    set(s, FIELD_REQUESTS, "default=2"); /* right, if more than needed */
    assert_true(s->profile.requests_per_iteration == 2);
    assert_string_equal(s->profile.part[0].name, "default");
    session_set_field(s, FIELD_SHARES, "buy=1 look=2"); /* of another script */
    assert_int_equal(form_first_error(&s->form, MODEL_LOAD), FIELDS);
    assert_true(s->profile.stages > 0);
}

static void another_script_forgets_the_lists(void **state) {
    struct bench *b = *state;
    put(b, "baseline_other.js", script_text);
    put(b, "test-plan.md", plan_text);
    put(b, "baseline_shop.js", shop_text);
    struct session *s = open_session(b);
    struct err e = {0};
    assert_true(session_choose_baseline(s, 1, &e));
    set(s, FIELD_SHARES, "1 3");
    set(s, FIELD_THINK, "look=2s");
    set(s, FIELD_REQUESTS, "3");
    assert_true(session_choose_baseline(s, 0, &e));
    assert_string_equal(s->form.field[FIELD_SHARES].typed, "");
    assert_string_equal(s->form.field[FIELD_THINK].typed, "");
    assert_string_equal(s->form.field[FIELD_REQUESTS].typed, "3");
    assert_int_equal(form_first_error(&s->form, MODEL_LOAD), FIELDS);
}

/* --- the method --- */

static void a_method_that_the_tool_cannot_do(void **state) {
    struct session *s = open_shop(*state);
    assert_true(session_choice(s, FIELD_METHOD, ARRIVALS_CLOSED));
    assert_false(session_choice(s, FIELD_METHOD, ARRIVALS_PACED));
    session_set_field(s, FIELD_METHOD, "paced");
    assert_string_equal(s->form.field[FIELD_METHOD].error,
                        "k6 cannot do paced. It can do open, closed.");
    assert_int_equal(session_method(s), ARRIVALS_OPEN); /* a choice always has a value */
    struct err e = {0};
    assert_false(session_confirm_load(s, &e));
    set(s, FIELD_METHOD, "closed");
    assert_int_equal(s->profile.arrivals, ARRIVALS_CLOSED);
    assert_int_equal(s->profile.users, 60);
}

/* --- several machines --- */

static void more_machines_are_another_load(void **state) {
    struct session *s = open_shop(*state);
    char line[200], more[200];
    must_confirm(s);
    set(s, FIELD_GENERATORS, "2");
    assert_false(s->confirmed);
    assert_int_equal(s->profile.generators, 2);
    session_question(s, line, sizeof line, more, sizeof more);
    assert_non_null(strstr(more, " from 2 machines to http://127.0.0.1:27080"));
    set(s, FIELD_GENERATORS, "1");
    assert_true(s->confirmed);
    session_set_field(s, FIELD_GENERATORS, "0");
    assert_int_equal(form_first_error(&s->form, MODEL_LOAD), FIELD_GENERATORS);
}

/* --- kept --- */

static void lists_come_back(void **state) {
    struct bench *b = *state;
    struct session *s = open_shop(b);
    struct err e = {0};
    set(s, FIELD_SHARES, "1 3");
    set(s, FIELD_THINK, "look=2s");
    set(s, FIELD_GENERATORS, "2");
    must_confirm(s);
    session_save(s);
    s = open_session(b);
    assert_true(session_restore(s, &e));
    assert_string_equal(s->form.field[FIELD_SHARES].typed, "1 3");
    assert_true(s->profile.part[0].share == 0.25 && s->profile.part[1].think_ms == 2000);
    assert_int_equal(s->profile.generators, 2);
    assert_true(s->confirmed);
}

static void all_scenarios_are_written(void **state) {
    struct bench *b = *state;
    struct session *s = open_shop(b);
    must_confirm(s);
    must_write(s);
    assert_int_equal(session_commands(s), 1);
    assert_true(session_result_bytes(s) > 1e6);
    static const char *const written[] = {"load_shop.js", NULL};
    char *json = session_plan_json(s, written);
    struct profile p;
    assert_true(report_plan_read(json, &p, NULL));
    assert_int_equal(p.parts, 2);
    assert_string_equal(p.part[1].name, "look");
    assert_int_equal(p.part[1].vus, s->profile.part[1].vus);
    free(json);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_read),
        cmocka_unit_test(wrong_lists_say_why),
        cmocka_unit_test(what_is_shown_can_be_typed),
        SESSION_TEST(the_script_says_the_shares),
        SESSION_TEST(typed_shares_are_a_proportion),
        SESSION_TEST(figures_of_one_scenario),
        SESSION_TEST(an_unknown_figure_is_asked_for),
        SESSION_TEST(one_scenario_has_no_shares),
        SESSION_TEST(another_script_forgets_the_lists),
        SESSION_TEST(a_method_that_the_tool_cannot_do),
        SESSION_TEST(more_machines_are_another_load),
        SESSION_TEST(lists_come_back),
        SESSION_TEST(all_scenarios_are_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
