/* Is this host a big enough load generator: the formulas, and the facts of a host. */
#include "sizing/sizing.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "host/host.h"
#include "temp_folder.h"

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
                         .tw_reuse = 2,
                         .network_bit_s = 10e9,
                         .swap_bytes = 0,
                         .conntrack = INFINITY};
}

/* 1000 VUs at 1000/s for 30 min, closed: users are the VUs, requests the area. */
static struct profile thousand(void) {
    struct profile p = {.arrivals = ARRIVALS_CLOSED, .vus = 1000, .planned_requests = 1.8e6};
    p.stage[0] = (struct stage){.name = "hold", .duration_s = 1800, .target_rps = 1000};
    p.stages = 1;
    return p;
}

static struct host_check checks[HOST_CHECKS_MAX];
static int count;

static const struct host_check *check_of(const struct profile *p, const char *tool, double bytes,
                                         const struct host *h, const char *fact) {
    struct err e = {0};
    if (!sizing_check(p, tool, bytes, h, &rules, checks, &count, &e))
        fail_msg("%s", e.text);
    for (int i = 0; i < count; i++)
        if (strcmp(checks[i].fact, fact) == 0)
            return &checks[i];
    fail_msg("no check %s", fact);
    return NULL;
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
    const struct host_check *c = check_of(&p, "k6", NAN, &h, "memory");
    assert_true(near(c->needed, 2352e6));
    assert_true(near(c->use, 0.294));
    assert_int_equal(c->status, USE_OK);
    assert_true(c->required);
    assert_non_null(strstr(c->how, "2.4 GB"));
    c = check_of(&p, "k6", NAN, &h, "cores");
    assert_true(near(c->needed, 0.5));
    assert_true(near(c->use, 0.25));
    assert_int_equal(c->status, USE_OK);
    c = check_of(&p, "k6", NAN, &h, "files");
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
    const struct host_check *c = check_of(&p, "locust_http", NAN, &h, "cores");
    assert_true(near(c->needed, 5)); /* five processes: more than 0.8 x 4 */
    assert_int_equal(c->status, USE_OVER);
    c = check_of(&p, "locust_http", NAN, &h, "files");
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
    const struct host_check *c = check_of(&p, "k6", NAN, &h, "cores");
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
    assert_true(near(check_of(&p, "k6", NAN, &h, "files")->needed, 244));
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
        if (check_of(&p, "k6", NAN, &h, "cores")->status != cases[i].status)
            fail_msg("%g cores: %s", cases[i].cores,
                     use_status_name(check_of(&p, "k6", NAN, &h, "cores")->status));
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
                     .tw_reuse = NAN,
                     .network_bit_s = NAN,
                     .swap_bytes = NAN,
                     .conntrack = NAN};
    struct err e = {0};
    assert_true(sizing_check(&p, "k6", NAN, &h, &rules, checks, &count, &e));
    for (int i = 0; i < count; i++) {
        assert_int_equal(checks[i].status, USE_NO_DATA);
        assert_true(isnan(checks[i].use));
        assert_null(strstr(checks[i].how, "unknown"));
    }
    assert_string_equal(check_of(&p, "k6", NAN, &h, "network")->how,
                        "needs rps * bytes * 8, not known without a measured baseline; link speed "
                        "cannot be read here");
}

static void network_needs_a_size(void **state) {
    (void)state;
    struct profile p = thousand();
    struct host h = big_host();
    h.network_bit_s = 100e6;
    assert_int_equal(check_of(&p, "k6", NAN, &h, "network")->status, USE_NO_DATA);
    const struct host_check *c = check_of(&p, "k6", 10000, &h, "network"); /* 80 Mbit/s of 80 */
    assert_true(near(c->needed, 80e6));
    assert_int_equal(c->status, USE_NEAR);
    assert_false(c->required);
}

static void swap_in_use(void **state) {
    (void)state;
    struct profile p = thousand();
    struct host h = big_host();
    assert_int_equal(check_of(&p, "k6", NAN, &h, "swap")->status, USE_OK);
    h.swap_bytes = 4096;
    assert_int_equal(check_of(&p, "k6", NAN, &h, "swap")->status, USE_OVER);
}

static void tool_without_a_row(void **state) {
    (void)state;
    struct profile p = thousand();
    struct host h = big_host();
    struct err e = {0};
    assert_false(sizing_check(&p, "gatling", NAN, &h, &rules, checks, &count, &e));
    assert_int_equal(e.kind, ERR_FORMAT);
    assert_non_null(strstr(e.text, "gatling"));
}

static void shown(void **state) {
    (void)state;
    static const struct {
        double value;
        const char *unit, *text;
    } cases[] = {{474, "", "474"},          {0.5, "", "0.5"},
                 {2352e6, "B", "2.4 GB"},   {80e6, "bit/s", "80 Mbit/s"},
                 {NAN, "", "unknown"},      {INFINITY, "", "no limit"},
                 {1048576, "", "1,048,576"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[64];
        assert_string_equal(sizing_show(cases[i].value, cases[i].unit, out, sizeof out),
                            cases[i].text);
    }
}

/* --- the facts of a host, from a folder that plays one --- */

static void write_host(void) {
    temp_write("proc/meminfo",
               "MemTotal: 16000000 kB\nMemFree: 1 kB\nMemAvailable:    8000000 kB\n");
    temp_write("proc/swaps", "Filename Type Size Used Priority\n/dev/sda2 partition 1000 100 -2\n"
                             "/swap file 2000 28 -3\n");
    temp_write("proc/sys/net/ipv4/ip_local_port_range", "32768\t60999\n");
    temp_write("proc/sys/net/ipv4/tcp_tw_reuse", "2\n");
    temp_write("proc/sys/net/netfilter/nf_conntrack_max", "262144\n");
    temp_write("sys/class/net/eth0/speed", "1000\n");
    temp_write("sys/class/net/eth1/speed", "10000\n");
    temp_write("sys/class/net/veth0/speed", "-1\n");
}

static void reads_a_host(void **state) {
    (void)state;
    write_host();
    struct host h;
    host_read(&h, temp_dir);
    assert_true(h.memory_bytes == 8000000 * 1024.0);
    assert_true(h.swap_bytes == 128 * 1024.0);
    assert_true(h.ports == 28232);
    assert_true(h.tw_reuse == 2);
    assert_true(h.conntrack == 262144);
    assert_true(h.network_bit_s == 10e9);
    assert_true(h.cores >= 1);
    assert_true(h.files_soft > 0 && h.files_hard >= h.files_soft);
    assert_true(h.name[0] != '\0');
}

/* In a container the smaller of both counts. */
static void reads_cgroup_limits(void **state) {
    (void)state;
    write_host();
    temp_write("sys/fs/cgroup/cpu.max", "50000 100000\n");
    temp_write("sys/fs/cgroup/memory.max", "2000000000\n");
    temp_write("sys/fs/cgroup/memory.current", "500000000\n");
    struct host h;
    host_read(&h, temp_dir);
    assert_true(h.cores == 0.5);
    assert_true(h.memory_bytes == 1.5e9);
    temp_write("sys/fs/cgroup/cpu.max", "max 100000\n");
    temp_write("sys/fs/cgroup/memory.max", "max\n");
    host_read(&h, temp_dir);
    assert_true(h.cores >= 1);
    assert_true(h.memory_bytes == 8000000 * 1024.0);
}

static void reads_cgroup_v1(void **state) {
    (void)state;
    write_host();
    temp_write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "25000\n");
    temp_write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
    temp_write("sys/fs/cgroup/memory/memory.limit_in_bytes", "1000000000\n");
    temp_write("sys/fs/cgroup/memory/memory.usage_in_bytes", "400000000\n");
    struct host h;
    host_read(&h, temp_dir);
    assert_true(h.cores == 0.25);
    assert_true(h.memory_bytes == 0.6e9);
    temp_write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n"); /* no limit */
    host_read(&h, temp_dir);
    assert_true(h.cores >= 1);
}

/* A container that has used all it may have has none left: that is known, and it is not no data. */
static void cgroup_is_full(void **state) {
    (void)state;
    write_host();
    temp_write("sys/fs/cgroup/memory.max", "1000000000\n");
    temp_write("sys/fs/cgroup/memory.current", "1000000000\n");
    struct host h;
    host_read(&h, temp_dir);
    assert_true(h.memory_bytes == 0);
}

static void unreadable_host(void **state) {
    (void)state;
    temp_write("proc/meminfo", "garbage\n");
    temp_write("proc/sys/net/ipv4/ip_local_port_range", "60999 32768\n");
    temp_write("proc/swaps", "Filename Type Size Used Priority\n");
    struct host h;
    host_read(&h, temp_dir);
    assert_true(isnan(h.memory_bytes));
    assert_true(isnan(h.ports));
    assert_true(isnan(h.tw_reuse));
    assert_true(isnan(h.network_bit_s));
    assert_true(h.swap_bytes == 0);
    assert_true(isinf(h.conntrack)); /* nothing is tracked */
    host_read(&h, temp_path("not-there"));
    assert_true(isnan(h.swap_bytes));
}

static void this_machine(void **state) {
    (void)state;
    struct host h;
    host_read(&h, "");
    assert_true(h.memory_bytes > 0 && h.ports > 0);
    char user[64];
    host_user(user, sizeof user);
    assert_true(user[0] != '\0');
}

/* --- a program that prints its version --- */

static void probe_reads_output(void **state) {
    (void)state;
    const char *const argv[] = {"sh", "-c", "echo k6 v2.2.0; echo noise >&2", NULL};
    struct probe p;
    assert_true(probe_run(&p, argv, 5000));
    assert_string_equal(p.output, "k6 v2.2.0\n");
    assert_int_equal(p.fd, -1);
}

static void probe_bounds(void **state) {
    (void)state;
    struct probe p;
    const char *const missing[] = {"perfscale-no-such-program", NULL};
    assert_false(probe_run(&p, missing, 1000));
    const char *const loud[] = {"sh", "-c", "head -c 100000 /dev/zero | tr '\\0' x", NULL};
    assert_true(probe_run(&p, loud, 5000));
    assert_int_equal(p.len, sizeof p.output - 1);
    const char *const slow[] = {"sleep", "30", NULL};
    struct timespec a, b;
    clock_gettime(CLOCK_MONOTONIC, &a);
    assert_false(probe_run(&p, slow, 100));
    clock_gettime(CLOCK_MONOTONIC, &b);
    assert_true(b.tv_sec - a.tv_sec < 5); /* ended, not waited for */
    assert_int_equal(p.fd, -1);
}

#define IN_FOLDER(f) cmocka_unit_test_setup_teardown(f, temp_make, temp_remove)

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
        cmocka_unit_test(tool_without_a_row),
        cmocka_unit_test(shown),
        IN_FOLDER(reads_a_host),
        IN_FOLDER(reads_cgroup_limits),
        IN_FOLDER(reads_cgroup_v1),
        IN_FOLDER(cgroup_is_full),
        IN_FOLDER(unreadable_host),
        cmocka_unit_test(this_machine),
        cmocka_unit_test(probe_reads_output),
        cmocka_unit_test(probe_bounds),
    };
    return cmocka_run_group_tests(tests, load_rules, NULL);
}
