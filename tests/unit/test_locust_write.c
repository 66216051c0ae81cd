/* Locust files written for a load. The whole files are kept beside their baselines in
 * data/locust/write; GOLDEN_UPDATE=1 writes them again, the diff is what one reviews. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "k6_plans.h"
#include "temp_folder.h"
#include "tools/locust/script.h"
#include "tools/locust/write.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define FOLDER TEST_DATA "/locust/write/"

static const char python[] = "/usr/bin/python3";

static char *read_data(const char *name, size_t *len) {
    char path[512];
    struct err e = {0};
    snprintf(path, sizeof path, FOLDER "%s", name);
    char *text = file_read(path, SCRIPT_MAX_BYTES, len, &e);
    if (!text)
        fail_msg("%s: %s", path, e.text);
    return text;
}

/* --- profiles --- */

static struct profile fitted(struct load_input in) {
    struct profile p = plan_of_input(in);
    struct findings notes = {0};
    struct err e = {0};
    assert_true(locust_fit(&p, &notes, &e));
    findings_fini(&notes);
    return p;
}

/* 50 ms and no limit, so that numbers are easy to follow. */
static struct load_input input(enum model model, enum arrivals arrivals, double rps,
                               double hold_s) {
    struct load_input in = plan_input((struct plan_case){model, arrivals, rps, 50, 0, 1, hold_s});
    in.p95_limit_ms = NAN;
    return in;
}

static struct profile one(enum model model, enum arrivals arrivals) {
    return fitted(input(model, arrivals, 100, model == MODEL_STRESS ? 60 : 600));
}

static struct profile flow(enum model model, enum arrivals arrivals) {
    struct load_input in = input(model, arrivals, 60, model == MODEL_STRESS ? 60 : 600);
    in.requests_per_iteration = 3;
    in.think_ms = 1900;
    in.parts = 1;
    in.part[0] = (struct part_input){"Shop", 1, 3, 400, 1500};
    return fitted(in);
}

static struct profile two(enum model model, enum arrivals arrivals) {
    struct load_input in = input(model, arrivals, 80, model == MODEL_STRESS ? 60 : 600);
    in.parts = 2;
    in.part[0] = (struct part_input){"Browse", 0.6, 1, 0, 1000};
    in.part[1] = (struct part_input){"Buy", 0.4, 2, 0, 1000};
    return fitted(in);
}

/* --- writing --- */

struct written {
    char *text;
    size_t len, edits;
    struct findings notes;
};

static void written_fini(struct written *w) {
    free(w->text);
    findings_fini(&w->notes);
}

static struct source source_of(const char *text, size_t len) {
    return (struct source){.text = text, .len = len, .file = "locustfile.py"};
}

/* The new file, read back and found to say what the profile says. */
static struct written write_script(const char *text, size_t len, const struct profile *p) {
    struct edits edits = {0};
    struct written w = {0};
    struct err e = {0};
    char said[1024];
    struct source src = source_of(text, len);
    if (!locust_rewrite(&src, p, &edits, &w.notes, &e))
        fail_msg("%s", err_sentence(&e, said, sizeof said));
    w.edits = edits.len;
    w.text = edits_apply(&edits, text, len, &w.len, &e);
    assert_non_null(w.text);
    struct source new = source_of(w.text, w.len);
    if (!locust_verify(&new, p, &e))
        fail_msg("%s\n%s", err_sentence(&e, said, sizeof said), w.text);
    edits_fini(&edits);
    return w;
}

static struct written write_text(const char *text, const struct profile *p) {
    return write_script(text, strlen(text), p);
}

static bool has_note(const struct written *w, const char *kind, const char *words) {
    for (size_t i = 0; i < w->notes.len; i++)
        if (strcmp(w->notes.item[i].kind, kind) == 0 && strstr(w->notes.item[i].text, words))
            return true;
    return false;
}

static void assert_has(const char *text, const char *part) {
    if (!strstr(text, part))
        fail_msg("not there: %s\nin:\n%s", part, text);
}

/* Python's own compiler takes it. */
static void assert_compiles(const char *text, size_t len) {
    char command[700];
    struct err e = {0};
    if (access(python, X_OK) != 0) {
        print_message("%s is missing: not compiled\n", python);
        return;
    }
    unlink(temp_path("x.py"));
    assert_true(file_write_new(temp_path("x.py"), text, len, &e));
    snprintf(command, sizeof command, "%s -m py_compile '%s'", python, temp_path("x.py"));
    assert_int_equal(system(command), 0);
}

/* --- whole files --- */

static const struct {
    const char *base, *name;
    struct profile (*profile)(enum model, enum arrivals);
    enum model model;
    enum arrivals arrivals;
} whole[] = {
    {"one.py", "load_one.py", one, MODEL_LOAD, ARRIVALS_PACED},
    {"one.py", "stress_one.py", one, MODEL_STRESS, ARRIVALS_PACED},
    {"flow.py", "load_flow.py", flow, MODEL_LOAD, ARRIVALS_PACED},
    {"flow.py", "stress_flow.py", flow, MODEL_STRESS, ARRIVALS_PACED},
    {"flow.py", "soak_flow.py", flow, MODEL_SOAK, ARRIVALS_PACED},
    {"flow.py", "load_flow_closed.py", flow, MODEL_LOAD, ARRIVALS_CLOSED},
    {"two.py", "load_two.py", two, MODEL_LOAD, ARRIVALS_PACED},
    {"two.py", "stress_two.py", two, MODEL_STRESS, ARRIVALS_PACED},
    {"two.py", "load_two_closed.py", two, MODEL_LOAD, ARRIVALS_CLOSED},
};

static void update_whole(const char *name, const struct written *w) {
    char path[512];
    struct err e = {0};
    snprintf(path, sizeof path, FOLDER "%s", name);
    unlink(path);
    assert_true(file_write_new(path, w->text, w->len, &e));
}

static void whole_files(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(whole); i++) {
        size_t len, want_len;
        char *base = read_data(whole[i].base, &len);
        struct profile p = whole[i].profile(whole[i].model, whole[i].arrivals);
        struct written w = write_script(base, len, &p);
        if (getenv("GOLDEN_UPDATE"))
            update_whole(whole[i].name, &w);
        char *want = read_data(whole[i].name, &want_len);
        assert_string_equal(w.text, want);
        assert_int_equal(w.len, want_len);
        assert_memory_equal(w.text, base, len); /* only added to */
        assert_compiles(w.text, w.len);
        free(base);
        free(want);
        written_fini(&w);
    }
}

/* The same plan again: nothing. Another one: the block alone, as from the baseline. */
static void again(void **state) {
    (void)state;
    for (size_t i = 0; i < COUNT(whole); i++) {
        size_t len;
        char *base = read_data(whole[i].base, &len);
        struct profile p = whole[i].profile(whole[i].model, whole[i].arrivals);
        struct profile other = whole[i].profile(MODEL_SOAK, ARRIVALS_PACED);
        struct written first = write_script(base, len, &p);
        struct written second = write_script(first.text, first.len, &p);
        assert_int_equal(second.edits, 0);
        struct written third = write_script(first.text, first.len, &other);
        struct written direct = write_script(base, len, &other);
        assert_string_equal(third.text, direct.text);
        free(base);
        written_fini(&first);
        written_fini(&second);
        written_fini(&third);
        written_fini(&direct);
    }
}

/* --- the manner of the file --- */

#define API                                                                                        \
    "from locust import HttpUser, task\n\n\nclass Api(HttpUser):\n"                                \
    "    host = \"http://h\"\n\n"                                                                  \
    "    @task\n    def x(self):\n        self.client.get(\"/x\")\n"

static void no_final_newline(void **state) {
    (void)state;
    struct profile p = one(MODEL_LOAD, ARRIVALS_PACED);
    struct written with = write_text(API, &p);
    struct written without = write_script(API, strlen(API) - 1, &p);
    assert_string_equal(with.text, without.text);
    struct written same = write_script(without.text, without.len, &p);
    assert_int_equal(same.edits, 0);
    written_fini(&with);
    written_fini(&without);
    written_fini(&same);
}

/* text with its line ends replaced; the caller frees. */
static char *with_line_ends(const char *text, const char *end) {
    char *out = calloc(strlen(text) * 2 + 1, 1), *to = out;
    for (; *text; text++)
        to += *text == '\n' ? sprintf(to, "%s", end) : sprintf(to, "%c", *text);
    return out;
}

static void line_ends(void **state) {
    (void)state;
    static const char *const ends[] = {"\r\n", "\r"};
    struct profile p = one(MODEL_STRESS, ARRIVALS_PACED);
    struct written plain = write_text(API, &p);
    for (size_t i = 0; i < COUNT(ends); i++) {
        char *base = with_line_ends(API, ends[i]), *want = with_line_ends(plain.text, ends[i]);
        struct written w = write_text(base, &p);
        assert_string_equal(w.text, want);
        struct written same = write_text(w.text, &p);
        assert_int_equal(same.edits, 0);
        assert_compiles(w.text, w.len);
        free(base);
        free(want);
        written_fini(&w);
        written_fini(&same);
    }
    written_fini(&plain);
}

static void tabs(void **state) {
    (void)state;
    struct profile p = one(MODEL_LOAD, ARRIVALS_PACED);
    struct written w = write_text("from locust import HttpUser, task\n"
                                  "class Api(HttpUser):\n"
                                  "\thost = 'http://h'\n"
                                  "\t@task\n"
                                  "\tdef x(self):\n"
                                  "\t\tself.client.get('/x')\n",
                                  &p);
    assert_has(w.text, "\ndef _perfscale_pace(per_second):\n\tperiod = 1.0 / per_second\n");
    assert_has(w.text, "\n\t\tuser = self.user if isinstance(");
    assert_has(w.text, "\n\tstages = [\n\t\t(");
    assert_null(strstr(w.text, "\n    "));
    assert_compiles(w.text, w.len);
    written_fini(&w);
}

/* Bytes that are the user's: a mark at the start, another encoding, text behind the block. */
static void user_bytes(void **state) {
    (void)state;
    struct profile p = one(MODEL_LOAD, ARRIVALS_PACED), q = one(MODEL_SOAK, ARRIVALS_PACED);
    struct written mark = write_text("\xEF\xBB\xBF" API, &p);
    assert_memory_equal(mark.text, "\xEF\xBB\xBF" API, strlen("\xEF\xBB\xBF" API));
    struct written latin = write_text("# -*- coding: latin-1 -*-\n# K\xE4ufer\n" API, &p);
    assert_has(latin.text, "# K\xE4ufer\n");
    assert_compiles(latin.text, latin.len);

    char behind[8192];
    struct written first = write_text(API, &p);
    snprintf(behind, sizeof behind, "%s\n# the end\nX = 1\n", first.text);
    struct written w = write_text(behind, &q);
    assert_has(w.text, "# <<< perfscale <<<\n\n# the end\nX = 1\n");
    assert_has(w.text, "# >>> perfscale: soak 100 RPS >>>\n");
    assert_null(strstr(w.text, "perfscale: load"));
    written_fini(&mark);
    written_fini(&latin);
    written_fini(&first);
    written_fini(&w);
}

static void names_in_use(void **state) {
    (void)state;
    struct profile p = one(MODEL_LOAD, ARRIVALS_PACED);
    struct written w = write_text(API "\n\n_perfscale_time = 5\n", &p);
    assert_has(w.text, "\nimport time as _perfscale_time_2\n");
    assert_has(w.text, "\nApi.wait_time = _perfscale_pace_2(");
    assert_has(w.text, "\nclass PerfscaleShape_2(_perfscale_locust_2.LoadTestShape):\n");
    assert_compiles(w.text, w.len);
    struct written same = write_script(w.text, w.len, &p);
    assert_int_equal(same.edits, 0);
    written_fini(&w);
    written_fini(&same);
}

/* --- what is set aside --- */

static void own_shape(void **state) {
    (void)state;
    struct profile p = one(MODEL_LOAD, ARRIVALS_PACED);
    struct written w = write_text("from locust import LoadTestShape\n" API "\n\n"
                                  "class Base(LoadTestShape):\n"
                                  "    pass\n\n\n"
                                  "class Steps(Base):\n"
                                  "    def tick(self):\n"
                                  "        return (1, 1)\n",
                                  &p);
    assert_has(w.text, "\ndel Base\n");
    assert_has(w.text, "\ndel Steps\n");
    assert_true(has_note(&w, "own-shape", "Steps is put aside"));
    assert_compiles(w.text, w.len);
    written_fini(&w);
}

static void own_count(void **state) {
    (void)state;
    struct profile p = one(MODEL_LOAD, ARRIVALS_PACED);
    struct written w = write_text("from locust import HttpUser, task\n\n\n"
                                  "class Api(HttpUser):\n"
                                  "    host = 'http://h'\n"
                                  "    fixed_count = 3\n\n"
                                  "    @task\n"
                                  "    def x(self):\n"
                                  "        self.client.get('/x')\n",
                                  &p);
    assert_has(w.text, "\nApi.fixed_count = 0\n");
    assert_true(has_note(&w, "fixed-count", "fixed_count = 3 of Api is replaced by 0"));
    written_fini(&w);
}

/* A TaskSet's own wait goes before its user's; one that leaves right after its requests is followed
 * by no wait. */
static void task_sets(void **state) {
    (void)state;
    struct profile p = one(MODEL_LOAD, ARRIVALS_PACED);
    struct written w = write_text("from locust import HttpUser, TaskSet, constant, task\n\n\n"
                                  "class Cart(TaskSet):\n"
                                  "    wait_time = constant(3)\n\n"
                                  "    @task\n"
                                  "    def x(self):\n"
                                  "        self.client.get('/x')\n"
                                  "        self.interrupt()\n\n\n"
                                  "class Api(HttpUser):\n"
                                  "    host = 'http://h'\n"
                                  "    tasks = [Cart]\n",
                                  &p);
    assert_has(w.text, "\nCart.wait_time = _perfscale_pace(");
    assert_has(w.text, "\nCart.interrupt = _perfscale_leave\n");
    assert_has(w.text, "    raise _perfscale_locust.exception.InterruptTaskSet(False)\n");
    assert_true(has_note(&w, "wait-replaced", "Cart"));
    assert_true(has_note(&w, "interrupt-waits", "Cart"));
    assert_compiles(w.text, w.len);
    written_fini(&w);
}

/* A closed load keeps every wait. */
static void closed(void **state) {
    (void)state;
    struct profile p = two(MODEL_LOAD, ARRIVALS_CLOSED);
    size_t len;
    char *base = read_data("two.py", &len);
    struct written w = write_script(base, len, &p);
    assert_null(strstr(w.text + len, "wait_time"));
    assert_has(w.text, "\nBrowse.fixed_count = ");
    assert_false(has_note(&w, "wait-replaced", ""));
    assert_true(has_note(&w, "weights", "Browse"));
    written_fini(&w);
    free(base);
}

static void several_machines(void **state) {
    (void)state;
    struct load_input in = input(MODEL_LOAD, ARRIVALS_PACED, 100, 600);
    in.generators = 2;
    struct profile p = fitted(in);
    struct written w = write_text(API, &p);
    assert_has(w.text, "\n_perfscale_runners.__version__ = _perfscale_runners.__version__ or ");
    assert_compiles(w.text, w.len);
    written_fini(&w);
}

static void no_host(void **state) {
    (void)state;
    struct profile p = one(MODEL_LOAD, ARRIVALS_PACED);
    struct written w = write_text("from locust import HttpUser, task\n\n\n"
                                  "class Api(HttpUser):\n"
                                  "    @task\n"
                                  "    def x(self):\n"
                                  "        self.client.get('/x')\n",
                                  &p);
    assert_true(has_note(&w, "no-host", "-H URL"));
    written_fini(&w);
}

/* --- numbers --- */

static void whole_steps(void **state) {
    (void)state;
    static const struct {
        double rps, first, last, steps;
        int users; /* at the top */
        const char *reason;
    } cases[] = {
        {40, 20, 60, 5, 12, "3 and 3*sqrt(3): 9; thirds, halves and sixths need 12"},
        {100, NAN, NAN, NAN, 24, "50 to 200 %: eighths of 20"},
        {100, 50, 200, 6, 20, "twentieths of 20"},
        {0.2, 0.1, 0.4, 7, 8, "1 user is enough, eighths are not"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct load_input in = input(MODEL_STRESS, ARRIVALS_PACED, cases[i].rps, 60);
        in.start_rps = cases[i].first;
        in.max_rps = cases[i].last;
        in.steps = cases[i].steps;
        struct profile p = fitted(in);
        if (p.part[0].users != cases[i].users || p.users != cases[i].users)
            fail_msg("%s: %d users", cases[i].reason, p.part[0].users);
    }
}

/* A step that no number of users meets is said. */
static void odd_steps(void **state) {
    (void)state;
    struct load_input in = input(MODEL_STRESS, ARRIVALS_PACED, 0.3, 60);
    in.start_rps = 0.1003;
    in.max_rps = 0.9001;
    in.steps = 19;
    struct profile p = plan_of_input(in);
    struct findings notes = {0};
    assert_true(locust_fit(&p, &notes, NULL));
    assert_int_equal(notes.len, 1);
    assert_string_equal(notes.item[0].kind, "steps-rounded");
    findings_fini(&notes);
}

static void jump_without_ramp(void **state) {
    (void)state;
    struct load_input in = input(MODEL_LOAD, ARRIVALS_PACED, 100, 600);
    in.ramp_ms = in.ramp_down_ms = 0;
    struct profile p = fitted(in);
    struct written w = write_text(API, &p);
    assert_has(w.text, "    stages = [\n        (600, 12, 12),\n    ]\n");
    written_fini(&w);
}

/* --- a file that says something else --- */

static void replace(char *text, const char *old, const char *new) {
    char *at = strstr(text, old);
    if (!at)
        fail_msg("not there: %s", old);
    assert_int_equal(strlen(old), strlen(new));
    memcpy(at, new, strlen(new));
}

static void tampered(void **state) {
    (void)state;
    static const struct {
        const char *old, *new, *said;
    } cases[] = {
        {"Shop.wait_time = _perfscale_pace(0.", "Shop.wait_time = _perfscale_pace(1.", "pace"},
        {"Shop.fixed_count = 0", "Shop.fixed_count = 9", "fixed_count"},
        {"(70, ", "(71, ", "stage 1"},
        {"abort_share = 0.2", "abort_share = 0.3", "abort"},
        {"abort_seconds = 60", "abort_seconds = 61", "abort"},
        {"# >>> perfscale: str", "# ### perfscale: str", ""},
        {"if now < end", "if now > end", "words"},
    };
    size_t len;
    char *base = read_data("flow.py", &len);
    struct profile p = flow(MODEL_STRESS, ARRIVALS_PACED);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct written w = write_script(base, len, &p);
        struct err e = {0};
        replace(w.text, cases[i].old, cases[i].new);
        struct source src = source_of(w.text, w.len);
        assert_false(locust_verify(&src, &p, &e));
        assert_int_equal(e.kind, ERR_INTERNAL);
        assert_has(e.text, cases[i].said);
        written_fini(&w);
    }
    free(base);
}

static void unknown_class(void **state) {
    (void)state;
    struct profile p = flow(MODEL_LOAD, ARRIVALS_PACED);
    struct edits edits = {0};
    struct findings notes = {0};
    struct err e = {0};
    struct source src = source_of(API, strlen(API));
    assert_false(locust_rewrite(&src, &p, &edits, &notes, &e));
    assert_int_equal(e.kind, ERR_REFUSED);
    assert_has(e.text, "Shop");
    assert_int_equal(edits.len, 0);
    edits_fini(&edits);
    findings_fini(&notes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_files),
        cmocka_unit_test(again),
        cmocka_unit_test(no_final_newline),
        cmocka_unit_test(line_ends),
        cmocka_unit_test(tabs),
        cmocka_unit_test(user_bytes),
        cmocka_unit_test(names_in_use),
        cmocka_unit_test(own_shape),
        cmocka_unit_test(own_count),
        cmocka_unit_test(task_sets),
        cmocka_unit_test(closed),
        cmocka_unit_test(several_machines),
        cmocka_unit_test(no_host),
        cmocka_unit_test(whole_steps),
        cmocka_unit_test(odd_steps),
        cmocka_unit_test(jump_without_ramp),
        cmocka_unit_test(tampered),
        cmocka_unit_test(unknown_class),
    };
    return cmocka_run_group_tests(tests, temp_make, temp_remove);
}
