/* Is this host a big enough load generator, and how many of its kind are. */
#include "sizing/sizing.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct rules rules; /* the built-in ones */

static int load_rules(void **state) {
    (void)state;
    return rules_load(&rules, NULL, NULL) ? 0 : 1;
}

static struct host big_host(void) {
    return (struct host){.name = "gen",
                         .cores = 16,
                         .memory_bytes = 64e9,
                         .files_soft = 1024,
                         .files_hard = 1048576,
                         .ports = 28232,
                         .time_wait = 0,
                         .tw_reuse = 2,
                         .network_bit_s = 10e9,
                         .swap_bytes = 0,
                         .conntrack = INFINITY,
                         .conntrack_used = NAN,
                         .disk_bytes = 100e9};
}

/* 1000 VUs at 1000/s for 30 min, closed: users are the VUs, requests the area. */
static struct profile thousand(void) {
    struct profile p = {.arrivals = ARRIVALS_CLOSED,
                        .vus = 1000,
                        .users = 1000,
                        .generators = 1,
                        .planned_requests = 1.8e6};
    p.stage[0] = (struct stage){.name = "hold", .duration_s = 1800, .target_rps = 1000};
    p.stages = 1;
    return p;
}

static const struct sizing_facts nothing_known = {.bytes_per_request = NAN, .result_bytes = NAN};

static struct host_check checks[HOST_CHECKS_MAX];
static int count;

static const struct host_check *check_facts(const struct profile *p, const char *tool,
                                            const struct sizing_facts *facts, const struct host *h,
                                            const char *fact) {
    struct err e = {0};
    if (!sizing_check(p, tool, facts, h, &rules, checks, &count, &e))
        fail_msg("%s", e.text);
    for (int i = 0; i < count; i++)
        if (strcmp(checks[i].fact, fact) == 0)
            return &checks[i];
    fail_msg("no check %s", fact);
    return NULL;
}

static const struct host_check *check_of(const struct profile *p, const char *tool,
                                         const struct host *h, const char *fact) {
    return check_facts(p, tool, &nothing_known, h, fact);
}

static bool near(double a, double b) { return fabs(a - b) <= 1e-6 * fabs(b); }

/* k6, 1000 VUs, 1000/s, 30 min, 2 cores, 8 GB free: 2352 MB of 6400; cores 0.5 of 1.6; files 1100.
 */
static void worked_k6(void **state) {
    (void)state;
    struct profile p = thousand();
    struct host h = big_host();
    h.cores = 2;
    h.memory_bytes = 8e9;
    const struct host_check *c = check_of(&p, "k6", &h, "memory");
    assert_true(near(c->needed, 2352e6));
    assert_true(near(c->use, 0.294));
    assert_int_equal(c->status, USE_OK);
    assert_true(c->required);
    assert_non_null(strstr(c->how, "2.4 GB"));
    c = check_of(&p, "k6", &h, "cores");
    assert_true(near(c->needed, 0.5));
    assert_true(near(c->use, 0.25));
    assert_int_equal(c->status, USE_OK);
    c = check_of(&p, "k6", &h, "files");
    assert_true(near(c->needed, 1100));
    assert_true(near(c->available, 1048576));  /* k6 raises soft to hard itself */
    assert_int_equal(count, (int)rules.hosts); /* one per row */
}

static void worked_locust(void **state) {
    (void)state;
    struct profile p = thousand();
    p.stage[0].target_rps = 5000;
    struct host h = big_host();
    h.cores = 4;
    const struct host_check *c = check_of(&p, "locust_http", &h, "cores");
    assert_true(near(c->needed, 5)); /* five processes: more than 0.8 x 4 */
    assert_int_equal(c->status, USE_OVER);
    c = check_of(&p, "locust_http", &h, "files");
    assert_true(near(c->available, 1024)); /* Locust keeps the soft limit */
    assert_int_equal(c->status, USE_OVER);
    assert_non_null(strstr(c->fix, "ulimit"));
}

/* 80,000/s on 16 cores: 40 of 12.8. */
static void worked_large(void **state) {
    (void)state;
    struct profile p = thousand();
    p.stage[0].target_rps = 80000;
    struct host h = big_host();
    const struct host_check *c = check_of(&p, "k6", &h, "cores");
    assert_true(near(c->needed, 40));
    assert_true(near(c->use, 2.5));
    assert_int_equal(c->status, USE_OVER);
}

/* An arrival rate may use all the VUs it is given. */
static void open_model_counts_all_vus(void **state) {
    (void)state;
    struct profile p = thousand();
    p.arrivals = ARRIVALS_OPEN;
    p.max_vus = 144;
    struct host h = big_host();
    assert_true(near(check_of(&p, "k6", &h, "files")->needed, 244));
}

static void edges_of_status(void **state) {
    (void)state;
    static const struct {
        double cores;
        enum use_status status;
    } cases[] = {
        {0.625, USE_NEAR}, /* 0.5 of 0.5: exactly at the margin of 80 % */
        {0.62, USE_OVER},
        {0.6944, USE_NEAR}, /* just above nine tenths of the margin */
        {0.6945, USE_OK},
    };
    struct profile p = thousand();
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct host h = big_host();
        h.cores = cases[i].cores;
        if (check_of(&p, "k6", &h, "cores")->status != cases[i].status)
            fail_msg("%g cores: %s", cases[i].cores,
                     use_status_name(check_of(&p, "k6", &h, "cores")->status));
    }
}

/* What could not be read is no data, never ok. */
static void unknown_facts(void **state) {
    (void)state;
    struct profile p = thousand();
    struct host h = {.cores = NAN,
                     .memory_bytes = NAN,
                     .files_soft = NAN,
                     .files_hard = NAN,
                     .ports = NAN,
                     .time_wait = NAN,
                     .tw_reuse = NAN,
                     .network_bit_s = NAN,
                     .swap_bytes = NAN,
                     .conntrack = NAN,
                     .conntrack_used = NAN,
                     .disk_bytes = NAN};
    struct err e = {0};
    assert_true(sizing_check(&p, "k6", &nothing_known, &h, &rules, checks, &count, &e));
    for (int i = 0; i < count; i++) {
        if (strcmp(checks[i].fact, "users") == 0) /* of the rules, not of the host */
            continue;
        assert_int_equal(checks[i].status, USE_NO_DATA);
        assert_true(isnan(checks[i].use));
        assert_null(strstr(checks[i].how, "unknown"));
    }
    assert_string_equal(check_of(&p, "k6", &h, "network")->how,
                        "needs rps * bytes * 8, not known without a measured baseline; link speed "
                        "cannot be read here");
}

static void network_needs_a_size(void **state) {
    (void)state;
    struct profile p = thousand();
    struct host h = big_host();
    h.network_bit_s = 100e6;
    const struct sizing_facts facts = {.bytes_per_request = 10000, .result_bytes = NAN};
    assert_int_equal(check_of(&p, "k6", &h, "network")->status, USE_NO_DATA);
    const struct host_check *c = check_facts(&p, "k6", &facts, &h, "network"); /* 80 Mbit/s of 80 */
    assert_true(near(c->needed, 80e6));
    assert_int_equal(c->status, USE_NEAR);
    assert_false(c->required);
}

static void swap_in_use(void **state) {
    (void)state;
    struct profile p = thousand();
    struct host h = big_host();
    assert_int_equal(check_of(&p, "k6", &h, "swap")->status, USE_OK);
    h.swap_bytes = 4096;
    assert_int_equal(check_of(&p, "k6", &h, "swap")->status, USE_OVER);
}

/* --- connections, disk, tool --- */

/* 28,232 ports, 80 % of them, 60 s in TIME_WAIT: 376 new connections/s are the limit. */
static void ports_without_keep_alive(void **state) {
    (void)state;
    static const struct {
        const char *why;
        double rps, time_wait, reuse;
        bool new_connections;
        double needed, available;
        enum use_status ports, tw_reuse;
    } cases[] = {
        {"kept", 1000, 0, 2, false, 1000, 28232, USE_OK, USE_OK},
        {"few", 100, 0, 2, true, 1000 + 6000, 28232, USE_OK, USE_OK},
        {"near", 350, 0, 0, true, 1000 + 21000, 28232, USE_NEAR, USE_OK},
        {"too many", 470, 0, 0, true, 1000 + 28200, 28232, USE_OVER, USE_OVER},
        {"loopback only", 470, 0, 2, true, 1000 + 28200, 28232, USE_OVER, USE_OVER},
        {"used again", 470, 9000, 1, true, 1000 + 470, 28232, USE_OK, USE_OK},
        {"another program's", 100, 20000, 2, true, 1000 + 6000, 8232, USE_OVER, USE_OVER},
        {"all taken", 100, 30000, 2, false, 1000, 0, USE_OVER, USE_OK},
        {"taken not known", 100, NAN, 2, true, 1000 + 6000, 28232, USE_OK, USE_OK},
        {"reuse not known", 470, 0, NAN, true, 1000 + 28200, 28232, USE_OVER, USE_NO_DATA},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct profile p = thousand();
        struct host h = big_host();
        struct sizing_facts facts = nothing_known;
        p.stage[0].target_rps = cases[i].rps;
        h.time_wait = cases[i].time_wait;
        h.tw_reuse = cases[i].reuse;
        facts.new_connections = cases[i].new_connections;
        const struct host_check *c = check_facts(&p, "k6", &facts, &h, "ports");
        if (c->status != cases[i].ports || c->needed != cases[i].needed ||
            c->available != cases[i].available)
            fail_msg("%s: %s", cases[i].why, c->how);
        c = check_facts(&p, "k6", &facts, &h, "tw_reuse");
        if (c->status != cases[i].tw_reuse)
            fail_msg("%s: reuse %s", cases[i].why, c->how);
    }
}

static void ports_say_what_is_taken(void **state) {
    (void)state;
    struct profile p = thousand();
    struct host h = big_host();
    h.time_wait = 232;
    assert_string_equal(check_of(&p, "k6", &h, "ports")->how,
                        "needs 1,000 = connections + new_connections_per_s * time_wait; has 28,000 "
                        "of 28,232, the rest is in use now, read from ip_local_port_range");
    h.conntrack = 2000;
    h.conntrack_used = 1500;
    const struct host_check *c = check_of(&p, "k6", &h, "conntrack");
    assert_true(c->available == 500);
    assert_int_equal(c->status, USE_OVER);
    assert_non_null(strstr(c->fix, "sysctl"));
}

static void disk_for_results(void **state) {
    (void)state;
    static const struct {
        double bytes, left;
        enum use_status status;
    } cases[] = {{79e9, 100e9, USE_NEAR}, {81e9, 100e9, USE_OVER},   {1e9, 100e9, USE_OK},
                 {1, 0, USE_OVER},        {NAN, 100e9, USE_NO_DATA}, {1e9, NAN, USE_NO_DATA}};
    struct profile p = thousand();
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct host h = big_host();
        struct sizing_facts facts = {.bytes_per_request = NAN, .result_bytes = cases[i].bytes};
        h.disk_bytes = cases[i].left;
        const struct host_check *c = check_facts(&p, "k6", &facts, &h, "disk");
        if (c->status != cases[i].status)
            fail_msg("%g of %g: %s", cases[i].bytes, cases[i].left, c->how);
        assert_true(c->required);
        assert_string_equal(c->unit, "B");
    }
}

static void tool_and_version(void **state) {
    (void)state;
    static const struct {
        const char *row, *version;
        bool missing;
        enum use_status status;
        const char *needs, *has, *how;
    } cases[] = {
        {"k6", "2.2.0", false, USE_OK, "0.49", "2.2", "found in PATH: 2.2.0"},
        {"k6", "0.49.0", false, USE_OK, "0.49", "0.49", "found"},
        {"k6", "0.48.1", false, USE_OVER, "0.49", "0.48.1", "found"},
        {"k6", "", false, USE_NO_DATA, "0.49", "unknown", "does not say it"},
        {"k6", NULL, false, USE_NO_DATA, "0.49", "unknown", "does not say it"},
        {"k6", "", true, USE_OVER, "0.49", "none", "not in PATH"},
        {"locust_fast", "2.12.1", false, USE_OK, "2.12", "2.12.1", "found"},
        {"jmeter", "2.13", false, USE_OK, "2.13", "2.13", "found"},
        {"jmeter", "5.6.3-x", false, USE_NO_DATA, "2.13", "unknown", "does not say it"},
    };
    struct profile p = thousand();
    struct host h = big_host();
    for (size_t i = 0; i < COUNT(cases); i++) {
        char needs[32], has[32];
        struct sizing_facts facts = nothing_known;
        facts.tool_version = cases[i].version;
        facts.tool_missing = cases[i].missing;
        const struct host_check *c = check_facts(&p, cases[i].row, &facts, &h, "tool");
        sizing_show(c->needed, c->unit, needs, sizeof needs);
        sizing_show(c->available, c->unit, has, sizeof has);
        if (c->status != cases[i].status || strcmp(needs, cases[i].needs) != 0 ||
            strcmp(has, cases[i].has) != 0 || !strstr(c->how, cases[i].how))
            fail_msg("%s %s: needs %s, has %s, %s", cases[i].row,
                     cases[i].version ? cases[i].version : "-", needs, has, c->how);
        assert_false(c->required);
    }
}

/* The command that helps, not one that the shell refuses. */
static void files_are_fixed(void **state) {
    (void)state;
    static const struct {
        const char *tool;
        double soft, hard;
        const char *fix;
    } cases[] = {
        {"k6", 1024, 1048576, "ulimit -n 250000"},
        {"k6", 512, 512, "sudo prlimit --pid $$ --nofile=250000:250000"},
        {"locust_http", 1024, 1048576, "ulimit -n 250000"},
        {"locust_http", 1024, 4096, "ulimit -n 4096"},
        {"locust_http", 512, 1051, "sudo prlimit --pid $$ --nofile=250000:250000"},
        {"k6", NAN, NAN, "ulimit -n 250000"},
    };
    struct profile p = thousand();
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct host h = big_host();
        h.files_soft = cases[i].soft;
        h.files_hard = cases[i].hard;
        assert_string_equal(check_of(&p, cases[i].tool, &h, "files")->fix, cases[i].fix);
    }
}

/* --- several machines --- */

static int machines(const struct profile *p, const char *tool, const struct host *h,
                    struct findings *why) {
    struct err e = {0};
    findings_clear(why);
    int n = sizing_generators(p, tool, &nothing_known, h, &rules, why, &e);
    if (n == 0)
        fail_msg("%s", e.text);
    return n;
}

static bool says(const struct findings *all, const char *text) {
    for (size_t i = 0; i < all->len; i++)
        if (strstr(all->item[i].text, text))
            return true;
    return false;
}

/* Each is solved by the machines it asks for: the share of one is not over, but for files. */
static void worked_generators(void **state) {
    (void)state;
    static const struct {
        const char *tool, *what;
        double rps, cores, memory, requests;
        int users, machines;
        const char *why;
    } cases[] = {
        {"k6", "one is enough", 1000, 2, 8e9, 1.8e6, 1000, 1, NULL},
        {"locust_http", "5 / (0.8 x 4) = 1.6", 5000, 4, 64e9, 1e6, 100, 2, "CPU cores: needs 5"},
        {"k6", "40 / (0.8 x 16) = 3.1", 80000, 16, 1e12, 1e6, 1000, 4, "CPU cores: needs 40"},
        {"jmeter", "2000 threads of 250", 1000, 16, 64e9, 1e6, 2000, 8, "Users of one tool"},
        {"k6", "exactly full", 51200, 16, 64e9, 1e6, 1000, 2, "12.8"},
        {"k6", "memory: 64 + 2000 of 800 MB, 64 on each", 100, 16, 1e9, 0, 1000, 3, "Memory free"},
        {"k6", "28,232 ports of 80 %", 100, 16, 1e12, 0, 25000, 2, "Local ports"},
    };
    struct findings why = {0};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct profile p = thousand();
        struct host h = big_host();
        p.stage[0].target_rps = cases[i].rps;
        p.planned_requests = cases[i].requests;
        p.users = cases[i].users;
        h.cores = cases[i].cores;
        h.memory_bytes = cases[i].memory;
        h.files_soft = h.files_hard = 1048576;
        int n = machines(&p, cases[i].tool, &h, &why);
        if (n != cases[i].machines || (cases[i].why && !says(&why, cases[i].why)) ||
            (!cases[i].why && why.len > 0))
            fail_msg("%s, %s: %d", cases[i].tool, cases[i].what, n);
        p.generators = n;
        check_of(&p, cases[i].tool, &h, "cores");
        for (int k = 0; k < count; k++)
            if (checks[k].status == USE_OVER)
                fail_msg("%s on %d: %s: %s", cases[i].what, n, checks[k].title, checks[k].how);
    }
    findings_fini(&why);
}

static void says_how_to_split(void **state) {
    (void)state;
    struct findings why = {0};
    struct profile p = thousand();
    struct host h = big_host();
    p.stage[0].target_rps = 80000;
    machines(&p, "k6", &h, &why);
    assert_int_equal(why.len, 2);
    assert_string_equal(why.item[0].text,
                        "CPU cores: needs 40, one machine like this may use 12.8: 4 machines.");
    assert_non_null(strstr(why.item[1].text, "4 machines. k6: --execution-segment"));
    findings_fini(&why);
}

/* Another machine is no answer to a limit of files. */
static void files_are_raised_first(void **state) {
    (void)state;
    struct findings why = {0};
    struct profile p = thousand();
    struct host h = big_host();
    h.files_hard = 500;
    assert_int_equal(machines(&p, "k6", &h, &why), 1);
    assert_int_equal(why.len, 1);
    assert_int_equal(why.item[0].level, FINDING_WARNING);
    assert_non_null(strstr(why.item[0].text, "Raise this first"));
    assert_non_null(strstr(why.item[0].text, "ulimit -n 250000"));
    findings_fini(&why);
}

static void no_number_is_enough(void **state) {
    (void)state;
    struct findings why = {0};
    struct profile p = thousand();
    struct host h = big_host();
    h.memory_bytes = 64e6; /* what k6 takes for itself */
    assert_int_equal(machines(&p, "k6", &h, &why), GENERATORS_MAX + 1);
    assert_true(says(&why, "100 machines are not enough"));
    h = big_host();
    h.cores = 0;
    assert_int_equal(machines(&p, "k6", &h, &why), GENERATORS_MAX + 1);
    p.users = 2000000000;
    assert_int_equal(machines(&p, "jmeter", &h, &why), GENERATORS_MAX + 1);
    findings_fini(&why);
}

static void unknown_facts_ask_for_no_machine(void **state) {
    (void)state;
    struct findings why = {0};
    struct profile p = thousand();
    struct host h = {.cores = NAN,
                     .memory_bytes = NAN,
                     .files_soft = NAN,
                     .files_hard = NAN,
                     .ports = NAN,
                     .network_bit_s = NAN,
                     .swap_bytes = NAN,
                     .conntrack = NAN,
                     .disk_bytes = NAN};
    assert_int_equal(machines(&p, "k6", &h, &why), 1);
    assert_int_equal(why.len, 0);
    struct err e = {0};
    assert_int_equal(sizing_generators(&p, "gatling", &nothing_known, &h, &rules, &why, &e), 0);
    assert_int_equal(e.kind, ERR_FORMAT);
    findings_fini(&why);
}

/* The share of one machine: users rounded up, and its own processes. */
static void share_of_one_machine(void **state) {
    (void)state;
    struct profile p = thousand();
    struct host h = big_host();
    p.generators = 3;
    const struct host_check *c = check_of(&p, "k6", &h, "files");
    assert_true(c->needed == 334 + 100);
    assert_non_null(strstr(c->how, "each of 3 machines needs 434"));
    assert_true(near(check_of(&p, "k6", &h, "memory")->needed, (64 + 668 + 96) * 1e6));
    p.stage[0].target_rps = 6000; /* 2000/s each: two processes of Locust */
    assert_true(near(check_of(&p, "locust_http", &h, "memory")->needed, (128 + 33.4) * 1e6));
    const struct sizing_facts facts = {.bytes_per_request = 1000, .result_bytes = 5e9};
    assert_true(near(check_facts(&p, "k6", &facts, &h, "network")->needed, 2000 * 1000 * 8.0));
    assert_true(check_facts(&p, "k6", &facts, &h, "disk")->needed == 5e9);
}

static void tool_without_a_row(void **state) {
    (void)state;
    struct profile p = thousand();
    struct host h = big_host();
    struct err e = {0};
    assert_false(sizing_check(&p, "gatling", &nothing_known, &h, &rules, checks, &count, &e));
    assert_int_equal(e.kind, ERR_FORMAT);
    assert_non_null(strstr(e.text, "gatling"));
}

static void shown(void **state) {
    (void)state;
    static const struct {
        double value;
        const char *unit, *text;
    } cases[] = {{474, "", "474"},
                 {0.5, "", "0.5"},
                 {2352e6, "B", "2.4 GB"},
                 {80e6, "bit/s", "80 Mbit/s"},
                 {999e6, "bit/s", "999 Mbit/s"},
                 {1e9, "bit/s", "1 Gbit/s"},
                 {6.904e9, "bit/s", "6.9 Gbit/s"},
                 {25e9, "bit/s", "25 Gbit/s"},
                 {NAN, "", "unknown"},
                 {INFINITY, "", "no limit"},
                 {1048576, "", "1,048,576"},
                 {49000, "version", "0.49"},
                 {2012001, "version", "2.12.1"},
                 {5000000, "version", "5.0"},
                 {0, "version", "none"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[64];
        assert_string_equal(sizing_show(cases[i].value, cases[i].unit, out, sizeof out),
                            cases[i].text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worked_k6),
        cmocka_unit_test(worked_locust),
        cmocka_unit_test(worked_large),
        cmocka_unit_test(open_model_counts_all_vus),
        cmocka_unit_test(edges_of_status),
        cmocka_unit_test(unknown_facts),
        cmocka_unit_test(network_needs_a_size),
        cmocka_unit_test(swap_in_use),
        cmocka_unit_test(ports_without_keep_alive),
        cmocka_unit_test(ports_say_what_is_taken),
        cmocka_unit_test(disk_for_results),
        cmocka_unit_test(tool_and_version),
        cmocka_unit_test(files_are_fixed),
        cmocka_unit_test(worked_generators),
        cmocka_unit_test(says_how_to_split),
        cmocka_unit_test(files_are_raised_first),
        cmocka_unit_test(no_number_is_enough),
        cmocka_unit_test(unknown_facts_ask_for_no_machine),
        cmocka_unit_test(share_of_one_machine),
        cmocka_unit_test(tool_without_a_row),
        cmocka_unit_test(shown),
    };
    return cmocka_run_group_tests(tests, load_rules, NULL);
}
