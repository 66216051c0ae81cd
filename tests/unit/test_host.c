/* The facts of a host, from a folder that plays one; and a program that prints its version. */
#include "host/host.h"

#include "host/cpu.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "temp_folder.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void write_host(void) {
    temp_write("proc/meminfo",
               "MemTotal: 16000000 kB\nMemFree: 1 kB\nMemAvailable:    8000000 kB\n");
    temp_write("proc/swaps", "Filename Type Size Used Priority\n/dev/sda2 partition 1000 100 -2\n"
                             "/swap file 2000 28 -3\n");
    temp_write("proc/sys/net/ipv4/ip_local_port_range", "32768\t60999\n");
    temp_write("proc/sys/net/ipv4/tcp_tw_reuse", "2\n");
    temp_write("proc/sys/net/netfilter/nf_conntrack_max", "262144\n");
    temp_write("proc/sys/net/netfilter/nf_conntrack_count", "1200\n");
    temp_write("proc/net/sockstat",
               "sockets: used 16\nTCP: inuse 1 orphan 0 tw 250 alloc 1 mem 164\n"
               "UDP: inuse 0 mem 0\n");
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
    assert_true(h.conntrack_used == 1200);
    assert_true(h.time_wait == 250);
    assert_true(isnan(h.disk_bytes)); /* of a folder, not of the machine */
    assert_true(h.network_bit_s == 10e9);
    assert_true(h.cores >= 1);
    assert_true(h.files_soft > 0 && h.files_hard >= h.files_soft);
    assert_true(h.name[0] != '\0');
}

/* user nice system idle iowait irq softirq steal guest: 100 ticks are a second here. */
static void reads_how_busy_it_is(void **state) {
    (void)state;
    struct cpu_sample c;
    temp_write("proc/stat", "cpu  400 100 200 1000 300 10 20 70 50 0\ncpu0 1 1 1 1 1 1 1 1 1 1\n");
    assert_true(host_cpu(&c, temp_dir));
    assert_true(fabs(c.all_s * (double)sysconf(_SC_CLK_TCK) - 2100) < 1e-6);
    assert_true(fabs(c.busy_s * (double)sysconf(_SC_CLK_TCK) - 800) < 1e-6);
    temp_write("proc/stat", "cpu  400 100\n"); /* of no use without the time it was idle */
    assert_false(host_cpu(&c, temp_dir));
    temp_write("proc/stat", "intr 1\n");
    assert_false(host_cpu(&c, temp_dir));
    assert_true(host_cpu(&c, ""));
    assert_true(c.all_s > 0 && c.busy_s <= c.all_s);
}

/* What /proc/self/cgroup and /sys/fs/cgroup hold, and what comes of it; NAN: no limit of theirs. */
static const struct {
    const char *what;
    const char *own; /* NULL: no such file */
    struct {
        const char *file, *text;
    } limit[6];
    double cores, memory;
} groups[] = {
    {"version 2 at the top, as in a container",
     "0::/\n",
     {{"cpu.max", "50000 100000\n"},
      {"memory.max", "2000000000\n"},
      {"memory.current", "500000000\n"}},
     0.5,
     1.5e9},
    {"no limit", "0::/\n", {{"cpu.max", "max 100000\n"}, {"memory.max", "max\n"}}, NAN, NAN},
    {"no list of groups", NULL, {{"cpu.max", "25000 100000\n"}}, 0.25, NAN},
    {"version 2, our own group",
     "0::/user.slice/load.scope\n",
     {{"user.slice/load.scope/cpu.max", "30000 100000\n"},
      {"user.slice/load.scope/memory.max", "1000000000\n"},
      {"user.slice/load.scope/memory.current", "100000000\n"}},
     0.3,
     0.9e9},
    {"the group above is tighter",
     "0::/user.slice/load.scope\n",
     {{"user.slice/load.scope/cpu.max", "max 100000\n"},
      {"user.slice/cpu.max", "40000 100000\n"},
      {"user.slice/load.scope/memory.max", "3000000000\n"},
      {"user.slice/load.scope/memory.current", "0\n"},
      {"user.slice/memory.max", "600000000\n"},
      {"user.slice/memory.current", "100000000\n"}},
     0.4,
     0.5e9},
    {"a sibling's limit is not ours",
     "0::/a\n",
     {{"ab/cpu.max", "10000 100000\n"}, {"a/b/cpu.max", "10000 100000\n"}},
     NAN,
     NAN},
    {"files that were read are given up",
     "0::/\n",
     {{"memory.max", "1000000000\n"},
      {"memory.current", "900000000\n"},
      {"memory.stat", "anon 5\nfile 800000000\ninactive_file 700000000\nactive_file 9\n"}},
     NAN,
     0.8e9},
    {"version 1 at the top",
     "4:memory:/\n1:cpu:/\n",
     {{"cpu/cpu.cfs_quota_us", "25000\n"},
      {"cpu/cpu.cfs_period_us", "100000\n"},
      {"memory/memory.limit_in_bytes", "1000000000\n"},
      {"memory/memory.usage_in_bytes", "400000000\n"}},
     0.25,
     0.6e9},
    {"version 1, our own groups",
     "9:name=systemd:/x\n4:memory:/jobs/7\n2:cpu,cpuacct:/build\n0::/\n",
     {{"cpu,cpuacct/build/cpu.cfs_quota_us", "70000\n"},
      {"cpu,cpuacct/build/cpu.cfs_period_us", "100000\n"},
      {"memory/jobs/7/memory.limit_in_bytes", "800000000\n"},
      {"memory/jobs/7/memory.usage_in_bytes", "700000000\n"},
      {"memory/jobs/7/memory.stat", "inactive_file 1\ntotal_inactive_file 200000000\n"}},
     0.7,
     0.3e9},
    {"version 1, a path of the host that is not mounted here",
     "4:memory:/docker/abc\n1:cpu:/docker/abc\n",
     {{"cpu/cpu.cfs_quota_us", "50000\n"},
      {"cpu/cpu.cfs_period_us", "100000\n"},
      {"memory/memory.limit_in_bytes", "500000000\n"},
      {"memory/memory.usage_in_bytes", "0\n"}},
     0.5,
     0.5e9},
    {"version 1 without a limit",
     "4:memory:/\n1:cpu:/\n",
     {{"cpu/cpu.cfs_quota_us", "-1\n"},
      {"cpu/cpu.cfs_period_us", "100000\n"},
      {"memory/memory.limit_in_bytes", "9223372036854771712\n"},
      {"memory/memory.usage_in_bytes", "1000\n"}},
     NAN,
     NAN},
    {"a path that leads out", "0::/../../x\n", {{"cpu.max", "50000 100000\n"}}, 0.5, NAN},
    {"more used than allowed: none is left, which is known",
     "0::/\n",
     {{"memory.max", "1000\n"}, {"memory.current", "2000\n"}},
     NAN,
     0},
    {"garbage", "0:\n:::\n\n0", {{"cpu.max", "fast\n"}, {"memory.max", "\n"}}, NAN, NAN},
};

static void reads_control_groups(void **state) {
    (void)state;
    const double all_memory = 8000000 * 1024.0;
    for (size_t i = 0; i < COUNT(groups); i++) {
        char path[200];
        struct host h;
        assert_int_equal(temp_make(NULL), 0);
        write_host();
        host_read(&h, temp_dir);
        double all_cores = h.cores;
        if (groups[i].own)
            temp_write("proc/self/cgroup", groups[i].own);
        for (size_t k = 0; k < COUNT(groups[i].limit) && groups[i].limit[k].file; k++) {
            snprintf(path, sizeof path, "sys/fs/cgroup/%s", groups[i].limit[k].file);
            temp_write(path, groups[i].limit[k].text);
        }
        host_read(&h, temp_dir);
        double cores = isnan(groups[i].cores) ? all_cores : groups[i].cores;
        double memory = isnan(groups[i].memory) ? all_memory : groups[i].memory;
        if (fabs(h.cores - cores) > 1e-9 || fabs(h.memory_bytes - memory) > 1)
            fail_msg("%s: %g cores, %.0f bytes", groups[i].what, h.cores, h.memory_bytes);
        temp_remove(NULL);
    }
}

static void unreadable_host(void **state) {
    (void)state;
    temp_write("proc/meminfo", "garbage\n");
    temp_write("proc/sys/net/ipv4/ip_local_port_range", "60999 32768\n");
    temp_write("proc/swaps", "Filename Type Size Used Priority\n");
    temp_write("proc/net/sockstat", "TCP: inuse 1 orphan 0\nUDP: inuse 0 tw 7\n");
    struct host h;
    host_read(&h, temp_dir);
    assert_true(isnan(h.memory_bytes));
    assert_true(isnan(h.ports));
    assert_true(isnan(h.tw_reuse));
    assert_true(isnan(h.network_bit_s));
    assert_true(h.swap_bytes == 0);
    assert_true(isnan(h.time_wait));
    assert_true(isinf(h.conntrack)); /* nothing is tracked */
    host_read(&h, temp_path("not-there"));
    assert_true(isnan(h.swap_bytes));
}

static void this_machine(void **state) {
    (void)state;
    struct host h;
    host_read(&h, "");
    assert_true(h.memory_bytes > 0 && h.ports > 0);
    assert_true(h.time_wait >= 0);
    assert_true(host_disk_left("/tmp") > 0);
    assert_true(isnan(host_disk_left("/no/such/folder")));
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
        IN_FOLDER(reads_a_host),
        IN_FOLDER(reads_how_busy_it_is),
        cmocka_unit_test(reads_control_groups),
        IN_FOLDER(unreadable_host),
        cmocka_unit_test(this_machine),
        cmocka_unit_test(probe_reads_output),
        cmocka_unit_test(probe_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
