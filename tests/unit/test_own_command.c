/* Commands that a user has written down: which of their flags would change a load. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tools/own_command.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* From a copy of the exact size, so that a sanitizer sees a byte too many. */
static void scan(const char *tool, const char *text, struct findings *out) {
    size_t len = strlen(text);
    char *copy = malloc(len ? len : 1);
    memcpy(copy, text, len);
    own_command_scan(tool_find(tool), copy, len, "README.md", out);
    free(copy);
}

static void flags_that_change_a_load_are_said(void **state) {
    static const struct {
        const char *tool, *text;
        long line; /* 0: nothing to say */
        const char *says;
    } cases[] = {
        {"k6", "    k6 run --vus 10 --duration 30s a.js\n", 1,
         "has --vus, --duration: it replaces"},
        {"k6", "a\nb\n`k6 run -u10 a.js`, then go\n", 3, "has -u10"},
        {"k6", "k6 run \\\n  --vus=10 \\\n  a.js", 1, "has --vus:"},
        {"k6", "k6 run \\\r\n  --stage 1m:10 a.js\r\n", 1, "has --stage"},
        {"k6", "  \"load\": \"k6 run -i 5 a.js\",\n", 1, "has -i"},
        {"k6", "\t/opt/k6/k6 --quiet run --rps 5 a.js\n", 1, "has --rps: it caps"},
        {"k6", "k6 run --tag a,b --vus 1 a.js\n", 1, "has --vus"},
        {"k6", "k6 run a.js && ab -s 30 x\n", 0, ""},           /* another command */
        {"k6", "k6 run --summary-export a.json a.js\n", 0, ""}, /* -s is not --summary */
        {"k6", "k6 inspect --vus a.js\n", 0, ""},               /* no run */
        {"k6", "We use k6 to\nrun -u 5 users\n", 0, ""},        /* two lines of prose */
        {"k6", "k6", 0, ""},
        {"k6", "k6 run \\", 0, ""},
        {"k6", "k6 run --vus \\\n", 1, "--vus"},
        {"locust", "locust -f a.py --headless -u 5 -r 1 -t 1m\n", 1, "has -u, -r, -t: users"},
        {"locust", "locust -T fast\n", 1, "only some of the tasks"},
        {"locust", "k6 run --vus 5 a.js\n", 0, ""},
        {"jmeter", "jmeter.sh -n -t a.jmx -Jthreads=20 -l a.jtl\n", 1, "has -Jthreads: a prop"},
        {"jmeter", "jmeter -n -t a.jmx -Jjmeter.save.saveservice.url=true -Jsummariser.interval=10",
         0, ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct findings f = {0};
        scan(cases[i].tool, cases[i].text, &f);
        assert_int_equal(f.len, cases[i].line ? 1 : 0);
        if (f.len) {
            assert_int_equal(f.item[0].line, cases[i].line);
            assert_string_equal(f.item[0].file, "README.md");
            assert_non_null(strstr(f.item[0].text, cases[i].says));
        }
        findings_fini(&f);
    }
    (void)state;
}

/* A locust baseline needs its users on the command line: no mistake by itself. */
static void a_baseline_command_is_no_warning(void **state) {
    struct findings f = {0};
    scan("locust", "locust --headless -u 5 -r 5 -t 60s\nlocust -u 1 --tags a\n", &f);
    assert_int_equal(f.len, 2);
    assert_int_equal(f.item[0].level, FINDING_INFO);
    assert_int_equal(f.item[1].level, FINDING_WARNING);
    assert_int_equal(f.item[1].line, 2);
    findings_fini(&f);
    (void)state;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flags_that_change_a_load_are_said),
        cmocka_unit_test(a_baseline_command_is_no_warning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
