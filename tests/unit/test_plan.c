/* Goals and limits out of test-plan.md. Expected figures are written as text, one per word:
 * "rps=100@3" (figure, value, line), with "load." or "[POST /orders]." before it when it is scoped,
 * "rps=100@1|120@2" for two lines that disagree, "!plan-range@4" for a finding. */
#include "plan/plan.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/file.h"

static const char *const key_word[PLAN_KEYS] = {
    [PLAN_TARGET_RPS] = "rps",      [PLAN_P50_MS] = "p50",       [PLAN_P90_MS] = "p90",
    [PLAN_P95_MS] = "p95",          [PLAN_P99_MS] = "p99",       [PLAN_AVG_LIMIT_MS] = "avg_limit",
    [PLAN_MAX_MS] = "max",          [PLAN_ERROR_RATE] = "error", [PLAN_DURATION_S] = "hold",
    [PLAN_AVG_RESPONSE_MS] = "avg", [PLAN_MEMORY_MB] = "memory"};

static void show_values(struct buf *out, const char *scope, const struct plan_value *v) {
    for (int k = 0; k < PLAN_KEYS; k++) {
        if (v[k].line == 0) {
            assert_true(isnan(v[k].value));
            continue;
        }
        buf_printf(out, "%s%s=%.15g@%ld", scope, key_word[k], v[k].a, v[k].line);
        if (v[k].other_line) {
            assert_true(isnan(v[k].value));
            buf_printf(out, "|%.10g@%ld", v[k].b, v[k].other_line);
        } else {
            assert_true(v[k].value == v[k].a);
        }
        buf_str(out, " ");
    }
}

static void show_plan(struct buf *out, const struct plan *p) {
    static const char *const scope[PLAN_SCOPES] = {"", "load.", "stress.", "soak."};
    for (int s = 0; s < PLAN_SCOPES; s++)
        show_values(out, scope[s], p->value[s]);
    for (size_t i = 0; i < p->endpoints; i++) {
        char name[300];
        snprintf(name, sizeof name, "[%s].", p->endpoint[i].name);
        show_values(out, name, p->endpoint[i].value);
    }
    if (p->base_url[0])
        buf_printf(out, "url=%s@%ld ", p->base_url, p->base_url_line);
    if (p->tool[0])
        buf_printf(out, "tool=%s ", p->tool);
    if (p->baseline[0])
        buf_printf(out, "baseline=%s ", p->baseline);
    for (size_t i = 0; i < p->findings.len; i++)
        buf_printf(out, "!%s@%ld ", p->findings.item[i].kind, p->findings.item[i].line);
}

static void expect_plan(const char *why, const char *text, size_t len, const char *expected) {
    struct plan p;
    struct err e = {0};
    struct buf out;
    buf_init(&out, 1 << 20);
    if (!plan_read(&p, "test-plan.md", text, len, &e))
        fail_msg("%s: %s", why, e.text);
    show_plan(&out, &p);
    if (out.len)
        out.data[out.len - 1] = '\0'; /* the last blank */
    if (strcmp(out.data, expected) != 0)
        fail_msg("%s\n%s\n--- expected\n%s\n--- got\n%s", why, text, expected, out.data);
    plan_fini(&p);
    buf_fini(&out);
}

struct plan_case {
    const char *why, *text, *expected;
};

static void expect_all(const struct plan_case *c, size_t n) {
    for (size_t i = 0; i < n; i++) {
        char *exact = malloc(strlen(c[i].text) + 1); /* a read past the end is seen */
        memcpy(exact, c[i].text, strlen(c[i].text) + 1);
        expect_plan(c[i].why, exact, strlen(exact), c[i].expected);
        free(exact);
    }
}

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void worked_plans(void **state) {
    (void)state;
    static const struct plan_case cases[] = {
        {"A: a list",
         "# Test plan\n\n- Target RPS: 100\n- p95 < 500 ms\n- Error rate < 1 %\n"
         "- Base URL: http://127.0.0.1:8080\n",
         "rps=100@3 p95=500@4 error=0.01@5 url=http://127.0.0.1:8080@6"},
        {"B: a table",
         "| Metric | Limit |\n|---|---|\n| p95 response time | 800 ms |\n| p99 response time | 2 s "
         "|\n"
         "| Error rate | 0.5 % |\n",
         "p95=800@3 p99=2000@4 error=0.005@5"},
        {"C: sentences under headings of two models",
         "## Load\nWe expect 250 requests per second and hold them for 30 min.\n## Soak\n"
         "120 req/s for 8h.\n",
         "load.rps=250@2 load.hold=1800@2 soak.rps=120@4 soak.hold=28800@4"},
        {"D: limits of endpoints; the whole has no target",
         "| Endpoint | RPS | p95 (ms) |\n|---|---|---|\n| POST /orders | 50 | 400 |\n"
         "| GET /orders | 150 | 200 |\n",
         "[POST /orders].rps=50@3 [POST /orders].p95=400@3 [GET /orders].rps=150@4 "
         "[GET /orders].p95=200@4"},
        {"E: two lines disagree; availability is the rest of the error rate",
         "Target RPS: 100\nPeak throughput 120 RPS\nAvailability at least 99.9 %\n",
         "rps=100@1|120@2 error=0.001@3 !plan-conflict@2"},
    };
    expect_all(cases, COUNT(cases));
}

static void values(void **state) {
    (void)state;
    static const struct plan_case cases[] = {
        {"plain", "Target RPS: 100\n", "rps=100@1"},
        {"a rate without a space", "Target RPS: 100RPS\n", "rps=100@1"},
        {"per s", "Throughput: 100/s\n", "rps=100@1"},
        {"per minute with a thousands comma", "Expected load: 6,000/min\n", "rps=100@1"},
        {"k per hour", "Peak throughput: 360k per hour\n", "rps=100@1"},
        {"words", "Required throughput: 100 requests per second\n", "rps=100@1"},
        {"TPS", "Target TPS = 40\n", "rps=40@1"},
        {"joined by - and _", "- target-rps: 10\n- error_rate: 0.01\n- p_95: 100ms\n",
         "rps=10@1 p95=100@3 error=0.01@2"},
        {"the unit in the name", "Requests per minute: 600\n", "rps=10@1"},
        {"percentile words",
         "- 90th percentile: 100 ms\n- 95 %ile: 0.5 s\n- p(99) < 1s\n- median 80 ms\n",
         "p50=80@4 p90=100@1 p95=500@2 p99=1000@3"},
        {"response time with its statistic in brackets", "Response time (p95): 250 ms\n",
         "p95=250@1"},
        {"units in the name",
         "- p95 (ms): 500\n- p99 in s: 1.5\n- Error rate (%): 2\n"
         "- Throughput (req/min): 600\n",
         "rps=10@4 p95=500@1 p99=1500@2 error=0.02@3"},
        {"durations", "- Hold: 10 min\n", "hold=600@1"},
        {"600 s", "Duration: 600 s\n", "hold=600@1"},
        {"1h30m", "Test duration: 1h30m\n", "hold=5400@1"},
        {"1 h 30 min", "Length: 1 h 30 min\n", "hold=5400@1"},
        {"run for", "Run for 2 hours at 30 RPS.\n", "rps=30@1 hold=7200@1"},
        {"a sentence over two lines", "We expect 250\nrequests per second.\n", "rps=250@1"},
        {"no-break space between thousands", "Target RPS: 10\u00a0000\n", "rps=10000@1"},
        {"blank between thousands", "Target RPS: 10 000\n", "rps=10000@1"},
        {"a decimal comma where nothing speaks against it", "p95: 0,5 s\n", "p95=500@1"},
        {"average: measured, and a limit",
         "- Average response time: 180 ms\n- Mean latency < 300 ms\n", "avg_limit=300@2 avg=180@1"},
        {"memory of the server", "- Memory limit: 2 GB\n- p95 < 300 ms\n",
         "p95=300@2 memory=2000@1"},
        {"memory in a sentence, in binary units", "Max memory of the service: 512 MiB.\n",
         "memory=536.870912@1"},
        {"memory as a share is no limit of ours", "Memory limit: 80 %\n", ""},
        {"memory that is there is no limit", "The server has 8 GB memory.\n", ""},
        {"max", "- Max response time: 5 s\n- p95: max 500 ms\n", "p95=500@2 max=5000@1"},
        {"zero errors are plain", "Failed requests: 0\n", "error=0@1"},
        {"success rate", "Success rate >= 99.5 %\n", "error=0.005@1"},
        {"signs", "- p95 \u2264 300 ms\n- RPS \u2265 50\n", "rps=50@2 p95=300@1"},
        {"entities", "p95 &lt; 300&nbsp;ms\n", "p95=300@1"},
        {"bold and code", "- **Target RPS**: `100`\n- __p95__: **400 ms**\n",
         "rps=100@1 p95=400@2"},
        {"a short form has a full stop", "Throughput min. 50 RPS. Response p95 max. 100 ms.\n",
         "rps=50@1 p95=100@1"},
        {"not above", "p95 must not exceed 500 ms. Errors: no more than 1 %.\n",
         "p95=500@1 error=0.01@1"},
        {"tool and baseline", "Tool: k6\nBaseline: `baseline_orders.js`\n",
         "tool=k6 baseline=baseline_orders.js"},
        {"an address in angle brackets", "- Host: <https://api.example:8443/v1>\n",
         "url=https://api.example:8443/v1@1"},
        {"the same value twice is fine", "- p95 < 500 ms\n- p95: 0.5 s\n", "p95=500@1"},
        {"a heading is the name", "## Duration\n\n10 min\n\n## p95 (ms)\n\n300\n",
         "p95=300@7 hold=600@3"},
    };
    expect_all(cases, COUNT(cases));
}

static void scopes(void **state) {
    (void)state;
    static const struct plan_case cases[] = {
        {"items", "- Load: 250 RPS for 10 min\n- Stress: 400 RPS\n- Soak: 60 RPS for 8h\n",
         "load.rps=250@1 load.hold=600@1 stress.rps=400@2 soak.rps=60@3 soak.hold=28800@3"},
        {"nested items stand under theirs",
         "- Soak test\n  - Target RPS: 60\n  - Duration: 8h\n- p95 < 500 ms\n",
         "p95=500@4 soak.rps=60@2 soak.hold=28800@3"},
        {"an endpoint's items", "- POST /orders\n    - p95 < 400 ms\n- Error rate < 1 %\n",
         "error=0.01@3 [POST /orders].p95=400@2"},
        {"rows",
         "| Test | RPS | Duration |\n|---|---|---|\n| Load | 100 | 10 min |\n"
         "| Breakpoint | 150 | 5 min |\n| Endurance | 60 | 4 h |\n",
         "load.rps=100@3 load.hold=600@3 stress.rps=150@4 stress.hold=300@4 soak.rps=60@5 "
         "soak.hold=14400@5"},
        {"columns",
         "| Metric | Load | Stress | Soak |\n|---|---|---|---|\n| Target RPS | 100 | 200 | 50 |\n"
         "| p95 | 300 ms | 900 ms | 400 ms |\n",
         "load.rps=100@3 load.p95=300@4 stress.rps=200@3 stress.p95=900@4 soak.rps=50@3 "
         "soak.p95=400@4"},
        {"a heading ends at the next of its level",
         "# Plan\n## Soak test\n- Target RPS: 60\n### Limits\n- p95 < 1 s\n## Limits\n- p95 < 500 "
         "ms\n",
         "p95=500@7 soak.rps=60@3 soak.p95=1000@5"},
        {"a line alone stands for a heading",
         "Stress test:\n\n- Expected RPS: 200\n\nAll tests.\n\n- p95 < 1 s\n",
         "p95=1000@7 stress.rps=200@3"},
        {"a heading of all models scopes nothing", "## Load, stress and soak tests\n- p95 < 1 s\n",
         "p95=1000@2"},
        {"the title names the file", "# Load test plan\n- Target RPS: 100\n", "rps=100@2"},
        {"a path in the row's name", "| Metric | Limit |\n|---|---|\n| p95 GET /a | 100 ms |\n",
         "[GET /a].p95=100@3"},
        {"a path in a sentence", "p95 of POST /orders must be below 400 ms.\n",
         "[POST /orders].p95=400@1"},
        {"a path behind the limit", "p95 < 400 ms for /orders/{id}.\n", "[/orders/{id}].p95=400@1"},
        {"several paths before their values", "GET /a p95 < 100 ms, GET /b p95 < 200 ms\n",
         "[GET /a].p95=100@1 [GET /b].p95=200@1"},
        {"several models in one sentence", "Load test at 100 RPS, soak test at 60 RPS for 8h.\n",
         "load.rps=100@1 soak.rps=60@1 soak.hold=28800@1"},
        {"lines of their own", "Soak duration: 8h\nTarget RPS: 100\n",
         "rps=100@2 soak.hold=28800@1"},
        {"the total of a table of endpoints",
         "| Endpoint | RPS |\n|---|---|\n| GET /a | 50 |\n| GET /b | 70 |\n| Total | 120 |\n",
         "rps=120@5 [GET /a].rps=50@3 [GET /b].rps=70@4"},
        {"the root path", "| Endpoint | p95 |\n|---|---|\n| GET / | 50 ms |\n", "[GET /].p95=50@3"},
    };
    expect_all(cases, COUNT(cases));
}

static void tables(void **state) {
    (void)state;
    static const struct plan_case cases[] = {
        {"a baseline beside the limit",
         "| Metric | Baseline | Target |\n|---|---|---|\n| RPS | 12.5 | 100 |\n| p95 | 212 ms | "
         "500 ms |\n"
         "| Avg response time | 131 ms | 200 ms |\n",
         "rps=100@3 p95=500@4 avg_limit=200@5 avg=131@5"},
        {"a column of units",
         "| Metric | Target | Unit |\n|---|---|---|\n| p95 | 500 | ms |\n"
         "| Error rate | 1 | % |\n| Throughput | 6000 | req/min |\n",
         "rps=100@5 p95=500@3 error=0.01@4"},
        {"the unit in the column's head", "| Metric | Limit (ms) |\n|---|---|\n| **p95** | 500 |\n",
         "p95=500@3"},
        {"no column says limit: the first value",
         "| Metric | Value | Notes |\n|---|---|---|\n"
         "| p95 | 500 ms | was 800 ms |\n",
         "p95=500@3"},
        {"two limits for one figure",
         "| Metric | Target | Threshold |\n|---|---|---|\n"
         "| p95 | 500 ms | 1000 ms |\n",
         "p95=500@3|1000@3 !plan-conflict@3"},
        {"figures as columns, one row",
         "| Target RPS | p95 limit | Error rate (%) |\n|---|---|---|\n"
         "| 100 | 500 ms | 1 |\n",
         "rps=100@3 p95=500@3 error=0.01@3"},
        {"a current value as a column",
         "| Endpoint | Current p95 (ms) | p95 (ms) |\n|---|---|---|\n"
         "| GET /a | 300 | 200 |\n",
         "[GET /a].p95=200@3"},
        {"a table of settings without a useful head",
         "| | |\n|---|---|\n| Base URL | http://10.0.0.1:8080 |\n| Tool | Locust |\n| Hold | 5 min "
         "|\n",
         "hold=300@5 url=http://10.0.0.1:8080@3 tool=locust"},
        {"load in rows of endpoints",
         "| Endpoint | Load | p95 |\n|---|---|---|\n| GET /a | 50 RPS | 1 s |\n",
         "[GET /a].rps=50@3 [GET /a].p95=1000@3"},
        {"text directly above a table",
         "A test.\nTarget RPS: 100\n| Metric | Limit |\n|---|---|\n| p95 | 500 ms |\n",
         "rps=100@2 p95=500@5"},
        {"data in the head, directly below a text",
         "A test.\n| p95 | 500 ms |\n|---|---|\n| p99 | 1 s |\n", "p95=500@2 p99=1000@4"},
        {"scenarios are parts of the whole",
         "- Target RPS: 200\n\n| Scenario | RPS |\n|---|---|\n| Browse | 140 |\n| Buy | 60 |\n",
         "rps=200@1 !plan-part@5"},
        {"empty cells", "| Metric | Target |\n|---|---|\n| p95 | |\n| p99 | - |\n", ""},
        {"a row shorter than its head", "| Metric | Low | Target |\n|---|---|---|\n| p95 |\n", ""},
    };
    expect_all(cases, COUNT(cases));
}

static void not_taken(void **state) {
    (void)state;
    static const struct plan_case cases[] = {
        {"RPS 0", "Target RPS: 0\n", "!plan-range@1"},
        {"p95 10 hours", "p95 < 10 hours\n", "!plan-range@1"},
        {"error rate 120 %", "Error rate: 120 %\n", "!plan-range@1"},
        {"negative", "Target RPS: -5\n", "!plan-range@1"},
        {"no unit", "p95: 500\n", "!plan-unit@1"},
        {"a share or percent", "Error rate: 0.5\n", "!plan-unit@1"},
        {"1 without a percent sign", "Error rate: 1\n", "!plan-unit@1"},
        {"99.9 without a percent sign", "Availability: 99.9\n", "!plan-unit@1"},
        {"a range", "Target RPS: 100-200\n", "!plan-number@1"},
        {"a range with an en dash", "Duration: 5\u201310 min\n", "!plan-number@1"},
        {"a range in words", "We expect between 100 and 200 RPS.\n", "!plan-number@1"},
        {"a decimal comma beside a thousands comma", "- Target RPS: 10,000\n- p95: 1,5 s\n",
         "rps=10000@1 !plan-number@2"},
        {"a point that may part thousands", "- p95: 0,5 s\n- Target RPS: 1.500\n",
         "p95=500@1 !plan-number@2"},
        {"several points", "Target RPS: 1.2.3\n", "!plan-number@1"},
        {"two names, one value", "p95 and p99 below 500 ms\n", "!plan-shared@1"},
        {"a ceiling is no target", "Throughput below 500 RPS\n", "!plan-direction@1"},
        {"an alert is no limit", "p95 > 500 ms\n", "!plan-direction@1"},
        {"a response time without a percentile", "Response time < 500 ms\n", "!plan-statistic@1"},
        {"two addresses", "- Base URL: http://a.example\n- Base URL: http://b.example\n",
         "!plan-conflict@2"},
        {"two tools", "From JMeter to k6.\n", "!plan-conflict@1"},
        {"limits of several endpoints behind their values",
         "p95 < 100 ms or < 200 ms for GET /a or GET /b\n", "!plan-scope@1"},
    };
    expect_all(cases, COUNT(cases));
}

static void other_subjects(void **state) {
    (void)state;
    static const struct plan_case cases[] = {
        {"what is, not what shall be", "Current throughput: 80 RPS. Today p95 is 300 ms.\n", ""},
        {"current beside wanted", "Currently we serve 80 RPS and expect 250 RPS.\n", "rps=250@1"},
        {"under a heading of results", "## Baseline results\n- p95: 230 ms\n- RPS: 12\n", ""},
        {"a rate limit", "Rate limit: 500 req/s\n", ""},
        {"ramps", "- Ramp-up: 2 min\n- Ramp duration: 5 min\n- Duration: 5 min ramp-up\n", ""},
        {"steps", "Start at 10 RPS, add steps of 50 RPS every 2 min.\n", ""},
        {"other times", "- Think time: 2 s\n- Timeout: 30 s\n- Average session length: 5 min\n",
         ""},
        {"users", "- Load: 100 users\n- 50 concurrent users\n- VUs: 20\n", ""},
        {"per user", "20 RPS per user\n", ""},
        {"other percentages",
         "- CPU below 80 %\n- Errors are logged when memory is above 90 %\n"
         "- Cache hit rate: 95 %\n",
         ""},
        {"99 % of requests is no figure of the table", "99% of requests under 500ms\n", ""},
        {"a percentile of its own", "p99.9 < 2 s\n", ""},
        {"the next line is no value of this name", "Error rate: TBD\nCPU below 80 %\n", ""},
        {"a single status class", "5xx error rate < 0.1 %\n", ""},
        {"other throughput", "Network throughput: 50 MB/s\n", ""},
        {"per day", "Load: 1,000,000 requests per day\n", ""},
        {"page load time", "Page load time < 2 s\n", ""},
        {"dates, versions, counts", "2024-01-15: k6 v0.49.0, step 3 of 5, HTTP 200\n", "tool=k6"},
        {"code and comments",
         "```\nTarget RPS: 100\n```\n\n    p95 < 100 ms\n\n<!-- Error rate < 1 % -->\n", ""},
        {"an address nobody calls ours",
         "See https://grafana.example/d/1 for the host dashboard.\n", ""},
        {"a path is no rate", "Errors at /s are fine.\n", ""},
        {"empty", "", ""},
        {"blank lines", "\n\n  \n", ""},
    };
    expect_all(cases, COUNT(cases));
}

/* --- whole plans as a tool writes them --- */

static void written_plans(void **state) {
    (void)state;
    static const struct {
        const char *file, *expected;
    } cases[] = {
        {"checkout.md", "rps=100@16 p95=500@17 p99=1000@18 error=0.01@19 hold=600@20 "
                        "url=https://staging.shop.example@9 "
                        "tool=k6 baseline=baseline_checkout.js"},
        {"orders.md",
         "p95=400@31 avg_limit=150@32 error=0.005@33 load.rps=200@12 load.hold=900@14 "
         "stress.rps=200@20 soak.rps=120@25 soak.hold=14400@26 [POST /orders].p95=350@39 "
         "[GET /orders/{id}].p95=120@43 [GET /orders/{id}].error=0.005@44 "
         "url=https://orders.staging.example:8443@6"},
        {"search.md",
         "rps=100@17 p50=150@19 p95=600@20 p99=1200@21 max=5000@22 error=0.005@23 hold=5400@24 "
         "avg=180@12 tool=k6"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char path[600];
        size_t len;
        struct err e = {0};
        snprintf(path, sizeof path, "%s/plan/%s", TEST_DATA, cases[i].file);
        char *text = file_read(path, PLAN_MAX_BYTES, &len, &e);
        assert_non_null(text);
        expect_plan(cases[i].file, text, len, cases[i].expected);
        free(text);
    }
}

static void read_text(struct plan *p, const char *text) {
    struct err e = {0};
    if (!plan_read(p, "test-plan.md", text, strlen(text), &e))
        fail_msg("%s", e.text);
}

static void goal_and_title(void **state) {
    (void)state;
    static const struct {
        const char *text, *title, *goal;
    } cases[] = {
        {"# Orders API\n\n## Goal\n\nFind the memory\nleak.\n\n## Other\nNo.\n", "Orders API",
         "Find the memory leak."},
        {"- Goal: hold the load of a sale\n", "", "hold the load of a sale"},
        {"**Purpose:** find the limit\n", "", "find the limit"},
        {"| Objective | Value |\n|---|---|\n", "", ""},
        {"No goals here\n", "", ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct plan p;
        read_text(&p, cases[i].text);
        assert_string_equal(p.title, cases[i].title);
        assert_string_equal(p.goal, cases[i].goal);
        plan_fini(&p);
    }
}

static void own_scope_goes_first(void **state) {
    (void)state;
    struct plan p;
    read_text(&p, "- p95 < 500 ms\n- Target RPS: 100\n- Soak: 60 RPS\n");
    assert_true(plan_get(&p, PLAN_SOAK, PLAN_TARGET_RPS)->value == 60);
    assert_true(plan_get(&p, PLAN_SOAK, PLAN_P95_MS)->value == 500);
    assert_true(plan_get(&p, PLAN_LOAD, PLAN_TARGET_RPS)->value == 100);
    assert_int_equal(plan_get(&p, PLAN_LOAD, PLAN_P99_MS)->line, 0);
    plan_fini(&p);
}

static void sum_of_endpoints(void **state) {
    (void)state;
    static const struct {
        const char *text;
        double sum; /* NAN: none */
    } cases[] = {
        {"| Endpoint | RPS |\n|-|-|\n| GET /a | 150 |\n| GET /b | 50 |\n", 200},
        {"| Endpoint | RPS |\n|-|-|\n| GET /a | 150 |\n| GET /b | |\n- p95 of GET /b < 1 s\n", NAN},
        {"Target RPS: 10\n", NAN},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct plan p;
        read_text(&p, cases[i].text);
        if (isnan(cases[i].sum))
            assert_true(isnan(p.endpoint_rps_sum));
        else
            assert_true(p.endpoint_rps_sum == cases[i].sum);
        plan_fini(&p);
    }
}

static void findings_name_file_and_line(void **state) {
    (void)state;
    struct plan p;
    read_text(&p, "\n\nError rate: 120 %\n");
    assert_int_equal(p.findings.len, 1);
    assert_string_equal(p.findings.item[0].file, "test-plan.md");
    assert_int_equal(p.findings.item[0].line, 3);
    assert_string_equal(p.findings.item[0].text, "error rate: 120 % is out of range; not taken");
    plan_fini(&p);
}

/* --- hostile files --- */

static void refused(const char *text, size_t len, enum err_kind kind) {
    struct plan p;
    struct err e = {0};
    assert_false(plan_read(&p, "test-plan.md", text, len, &e));
    assert_int_equal(e.kind, kind);
    assert_string_equal(e.file, "test-plan.md");
    plan_fini(&p);
}

static void refused_files(void **state) {
    (void)state;
    refused("PK\003\004\0\0\0", 7, ERR_FORMAT);
    char *large = malloc(PLAN_MAX_BYTES + 1);
    memset(large, 'a', PLAN_MAX_BYTES + 1);
    refused(large, PLAN_MAX_BYTES + 1, ERR_LIMIT);
    free(large);
}

static double seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Much of each piece is read in a time that grows with its length alone. */
static void linear_time(void **state) {
    (void)state;
    static const char *const pieces[] = {
        "p95 < 1 ms ",
        "1-",
        "requests ",
        "load ",
        "max api ",
        "/a ",
        "GET /a ",
        "a.js ",
        "a=",
        "\u00e9-",
        "p",
        "95 ",
        "100 RPS /a /b ",
        "- soak\n",
        "# p95\n",
        "1,",
        "1 000 ",
        "http://",
        "avg ",
        ". ",
        "p95\n",
        "soak load ",
        "(",
        "not ",
        "GET /a 1 RPS GET /b 2 RPS ",
    };
    for (size_t i = 0; i < COUNT(pieces); i++) {
        size_t n = strlen(pieces[i]), len = 0;
        char *text = malloc(PLAN_MAX_BYTES);
        for (; len + n <= PLAN_MAX_BYTES / 16; len += n)
            memcpy(text + len, pieces[i], n);
        struct plan p;
        struct err e = {0};
        double start = seconds();
        plan_read(&p, "test-plan.md", text, len, &e);
        if (seconds() - start > 5)
            fail_msg("\"%s\" repeated takes %.1f s", pieces[i], seconds() - start);
        plan_fini(&p);
        free(text);
    }
}

static void every_cut(void **state) {
    (void)state;
    size_t len;
    struct err e = {0};
    char *text = file_read(TEST_DATA "/plan/checkout.md", PLAN_MAX_BYTES, &len, &e);
    assert_non_null(text);
    for (size_t cut = 0; cut <= len; cut++) {
        char *part = malloc(cut ? cut : 1);
        memcpy(part, text, cut);
        struct plan p;
        assert_true(plan_read(&p, "test-plan.md", part, cut, &e));
        plan_fini(&p);
        free(part);
    }
    free(text);
}

static void many_endpoints(void **state) {
    (void)state;
    struct buf b;
    buf_init(&b, PLAN_MAX_BYTES);
    for (int i = 0; i < PLAN_ENDPOINTS_MAX + 50; i++)
        buf_printf(&b, "- GET /e%d: p95 < %d ms\n", i, i + 1);
    struct plan p;
    read_text(&p, b.data);
    assert_int_equal(p.endpoints, PLAN_ENDPOINTS_MAX);
    assert_int_equal(p.findings.len, 1);
    assert_int_equal(p.findings.item[0].line, PLAN_ENDPOINTS_MAX + 1);
    plan_fini(&p);
    buf_fini(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worked_plans),
        cmocka_unit_test(values),
        cmocka_unit_test(scopes),
        cmocka_unit_test(tables),
        cmocka_unit_test(not_taken),
        cmocka_unit_test(other_subjects),
        cmocka_unit_test(written_plans),
        cmocka_unit_test(goal_and_title),
        cmocka_unit_test(own_scope_goes_first),
        cmocka_unit_test(sum_of_endpoints),
        cmocka_unit_test(findings_name_file_and_line),
        cmocka_unit_test(refused_files),
        cmocka_unit_test(linear_time),
        cmocka_unit_test(every_cut),
        cmocka_unit_test(many_endpoints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
