/* perfscale watch: files that grow while it looks, its lines, its end and its verdict. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "json_member.h"
#include "program.h"

#define JTL TEST_DATA "/jmeter/load-2.13/results.jtl" /* 1637 requests */
#define LIMITS "--rps", "40", "--p95", "500ms", "--error-rate", "10%"

static char dir[PATH_BYTES];

static int make(void **state) {
    (void)state;
    make_tree(dir);
    return 0;
}

static int drop(void **state) {
    (void)state;
    remove_tree(dir);
    return 0;
}

static void sleep_ms(long ms) {
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

static void watch(const char *const *words, struct child *out) {
    child_start(&(struct call){.dir = dir}, words, out);
}

/* Waits until the program has said word. */
static void await(const struct child *child, const char *word) {
    static char out[OUTPUT_BYTES];
    for (int i = 0; i < 200; i++) {
        child_said(child, out);
        if (strstr(out, word))
            return;
        sleep_ms(50);
    }
    fail_msg("\"%s\" was not said in 10 s:\n%s", word, out);
}

/* --- a file that a tool writes --- */

struct writer {
    FILE *to;
    char *bytes;
    size_t len, at;
};

static struct writer begin_file(const char *name, const char *from) {
    char path[2 * PATH_BYTES];
    struct writer w = {0};
    w.bytes = get_file("/", from, &w.len);
    assert_non_null(w.bytes);
    snprintf(path, sizeof path, "%s/%s", dir, name);
    w.to = fopen(path, "abe");
    assert_non_null(w.to);
    return w;
}

/* Goes on to this share of it: in the middle of a line, as a tool's buffer does. */
static void write_to(struct writer *w, double share) {
    size_t to = (size_t)((double)w->len * share);
    assert_int_equal(fwrite(w->bytes + w->at, 1, to - w->at, w->to), to - w->at);
    assert_int_equal(fflush(w->to), 0);
    w->at = to;
}

static void end_file(struct writer *w) {
    write_to(w, 1);
    fclose(w->to);
    free(w->bytes);
}

/* --- lines --- */

enum { LINES_MAX = 64 };

struct lines {
    cJSON *line[LINES_MAX];
    int n;
};

static struct lines lines_of(const struct said *s) {
    struct lines l = {0};
    for (const char *at = s->out; *at && l.n < LINES_MAX; at = strchr(at, '\n') + 1) {
        const char *end = NULL;
        assert_non_null(strchr(at, '\n'));
        l.line[l.n] = cJSON_ParseWithOpts(at, &end, 0);
        if (!cJSON_IsObject(l.line[l.n]) || *end != '\n')
            fail_msg("line %d is no object:\n%.400s", l.n + 1, at);
        l.n++;
    }
    return l;
}

static void drop_lines(struct lines *l) {
    for (int i = 0; i < l->n; i++)
        cJSON_Delete(l->line[i]);
}

static double number(const cJSON *o, const char *path) {
    const cJSON *it = member(o, path);
    if (!cJSON_IsNumber(it))
        fail_msg("%s is no number", path);
    return it->valuedouble;
}

static const char *word(const cJSON *o, const char *path) {
    const cJSON *it = member(o, path);
    return cJSON_IsString(it) ? it->valuestring : "";
}

static void assert_within(double a, double b, double share) {
    if (!(a >= b * (1 - share) && a <= b * (1 + share)))
        fail_msg("%g, but %g expected", a, b);
}

/* The last line is what check says of the file; the last live one has its totals. */
static void assert_ends_as_check(const struct said *said, const char *file) {
    int status = said->status;
    struct lines l = lines_of(said);
    const struct said *s = call(&(struct call){.dir = dir}, WORDS("check", file, LIMITS, "--json"));
    cJSON *check = said_json(s);
    assert_int_equal(s->status, status);
    assert_true(l.n >= 2);
    const cJSON *live = l.line[l.n - 2], *last = l.line[l.n - 1];
    static const char *const same[] = {"requests", "failed", "latency_ms.p95", "rps"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        assert_within(number(last, same[i]), number(check, same[i]), 0);
    assert_string_equal(word(last, "verdict"), word(check, "verdict"));
    assert_within(number(live, "total.requests"), number(check, "requests"), 0);
    assert_within(number(live, "total.failed"), number(check, "failed"), 0);
    assert_within(number(live, "total.p95_ms"), number(check, "latency_ms.p95"), 0.001);
    assert_string_equal(word(live, "source.state"), "ended");
    cJSON_Delete(check);
    drop_lines(&l);
}

/* --- the tests --- */

static void a_file_appears_grows_and_ends(void **state) {
    (void)state;
    struct child child;
    watch(WORDS("watch", "run.jtl", LIMITS, "--json", "--idle", "2s"), &child);
    await(&child, "\"waiting\"");
    struct writer w = begin_file("run.jtl", JTL);
    for (int part = 1; part < 4; part++) {
        write_to(&w, part / 4.0);
        sleep_ms(600);
    }
    await(&child, "\"live\"");
    end_file(&w);
    const struct said *s = child_finish(&child);
    assert_string_equal(s->err, "");
    struct lines l = lines_of(s);
    assert_string_equal(word(l.line[0], "source.state"), "waiting");
    assert_keys(l.line[0], "at elapsed_s stage now total source findings", true);
    assert_keys(member(l.line[0], "now"), "offered_rps rps error_rate p95_ms vus", false);
    assert_keys(member(l.line[0], "total"), "requests failed rps error_rate p95_ms", false);
    assert_keys(member(l.line[0], "source"), "name state age_s", true);
    assert_true(cJSON_IsNull(member(l.line[0], "elapsed_s")));
    drop_lines(&l);
    assert_ends_as_check(s, "run.jtl");
}

static void an_interrupt_judges_what_came(void **state) {
    (void)state;
    struct child child;
    struct writer w = begin_file("part.jtl", JTL);
    write_to(&w, 0.5);
    watch(WORDS("watch", "part.jtl", LIMITS, "--json"), &child);
    await(&child, "\"failed\":");
    sleep_ms(1200);
    kill(child.pid, SIGINT);
    const struct said *s = child_finish(&child);
    assert_ends_as_check(s, "part.jtl");
    end_file(&w);
}

static void what_was_there_can_be_passed_over(void **state) {
    (void)state;
    struct child child;
    struct writer w = begin_file("long.jtl", JTL);
    write_to(&w, 0.5);
    watch(WORDS("watch", "long.jtl", LIMITS, "--json", "--from", "now", "--idle", "2s"), &child);
    await(&child, "\"source\"");
    sleep_ms(500);
    end_file(&w);
    const struct said *s = child_finish(&child);
    struct lines l = lines_of(s);
    assert_true(l.n >= 2);
    double live = number(l.line[l.n - 2], "total.requests");
    assert_within(live, 1637 / 2.0, 0.05);
    drop_lines(&l);
}

static void nobody_answers(void **state) {
    (void)state;
    struct child child;
    watch(WORDS("watch", "http://127.0.0.1:9", "--rps", "40", "--json", "--idle", "1s"), &child);
    const struct said *s = child_finish(&child);
    assert_int_equal(s->status, 3);
    struct lines l = lines_of(s);
    assert_true(l.n >= 2);
    const cJSON *live = l.line[l.n - 2], *last = l.line[l.n - 1];
    assert_true(cJSON_IsNull(member(live, "total.requests")));
    assert_true(word(live, "source.words")[0] != '\0');
    assert_true(strcmp(word(live, "source.state"), "waiting") == 0 ||
                strcmp(word(live, "source.state"), "lost") == 0);
    assert_string_equal(word(last, "verdict"), "no_data");
    assert_true(cJSON_IsNull(member(last, "requests")));
    drop_lines(&l);
}

static void lines_for_people_are_calm_and_clean(void **state) {
    (void)state;
    static const char name[] = "run\x1b[31m\xe2\x80\xae.jtl";
    struct child child;
    struct writer w = begin_file(name, JTL);
    watch(WORDS("watch", name, "none.jtl", LIMITS, "--idle", "2s"), &child);
    write_to(&w, 0.5);
    await(&child, "p95");
    end_file(&w);
    const struct said *s = child_finish(&child);
    assert_clean(s->out);
    static const char *const parts[] = {"Watching run",    "limits   p95 500 ms",
                                        " VUs   ",         "none.jtl waiting, not there yet",
                                        "The run is over", "Limit"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!strstr(s->out, parts[i]))
            fail_msg("\"%s\" is not in:\n%s", parts[i], s->out);
}

static void other_signals_end_it_at_once(void **state) {
    (void)state;
    struct child child;
    watch(WORDS("watch", "none.jtl", "--json"), &child);
    await(&child, "\"waiting\"");
    kill(child.pid, SIGTERM);
    assert_int_equal(child_finish(&child)->status, 128 + SIGTERM);
}

static void what_cannot_be_watched(void **state) {
    (void)state;
    static const struct {
        const char *words[8], *says;
    } cases[] = {
        {{"watch"}, "nothing to watch is named"},
        {{"watch", "-"}, "standard input cannot be watched"},
        {{"watch", "/tmp"}, "is a directory"},
        {{"watch", "a.csv", "--from", "end"}, "write start or now"},
        {{"watch", "a.csv", "--idle", "500ms"}, "--idle"},
        {{"watch", "a.csv", "--every", "x"}, "--every"},
        {{"watch", "ftp://127.0.0.1/a.csv"}, "begins with http://"},
        {{"watch", "http://ana:secret@127.0.0.1:9"}, "PERFSCALE_HTTP_USER"},
        {{"watch", "a.csv", "--plan", "none.json"}, "none.json"},
        {{"watch", "a.csv", "--format", "pdf"}, "--format"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct said *s = call(&(struct call){.dir = dir}, cases[i].words);
        if (s->status != 2 || !strstr(s->err, cases[i].says))
            fail_msg("case %zu: status %d\n%s%s", i, s->status, s->out, s->err);
        assert_clean(s->err);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_appears_grows_and_ends, make, drop),
        cmocka_unit_test_setup_teardown(an_interrupt_judges_what_came, make, drop),
        cmocka_unit_test_setup_teardown(what_was_there_can_be_passed_over, make, drop),
        cmocka_unit_test_setup_teardown(nobody_answers, make, drop),
        cmocka_unit_test_setup_teardown(lines_for_people_are_calm_and_clean, make, drop),
        cmocka_unit_test_setup_teardown(other_signals_end_it_at_once, make, drop),
        cmocka_unit_test_setup_teardown(what_cannot_be_watched, make, drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
