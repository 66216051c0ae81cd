#include "host/host.h"

#include <errno.h>
#include <glob.h>
#include <math.h>
#include <pwd.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

enum { FACT_FILE_MAX_BYTES = 64 << 10 };

/* A file of /proc or /sys as text; NULL when it is not there. The caller frees. */
static char *slurp(const char *root, const char *path) {
    char full[512];
    size_t len;
    int n = snprintf(full, sizeof full, "%s%s", root, path);
    return n > 0 && (size_t)n < sizeof full ? file_read(full, FACT_FILE_MAX_BYTES, &len, NULL)
                                            : NULL;
}

/* The first number of a file; NAN when there is none ("max"). */
static double number_in(const char *root, const char *path) {
    char *text = slurp(root, path);
    if (!text)
        return NAN;
    char *end;
    double value = strtod(text, &end);
    if (end == text)
        value = NAN;
    free(text);
    return value;
}

/* min that takes NAN as "says nothing". */
static double least(double a, double b) { return isnan(a) ? b : isnan(b) || a < b ? a : b; }

static double affinity_cores(void) {
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? (double)CPU_COUNT(&set) : NAN;
}

/* cgroup v2 "200000 100000" is two cores, "max 100000" no limit; v1 has two files. */
static double cgroup_cores(const char *root) {
    char *text = slurp(root, "/sys/fs/cgroup/cpu.max");
    double quota = NAN, period = NAN;
    if (text) {
        if (sscanf(text, "%lf %lf", &quota, &period) != 2)
            quota = NAN;
        free(text);
    } else {
        quota = number_in(root, "/sys/fs/cgroup/cpu/cpu.cfs_quota_us");
        period = number_in(root, "/sys/fs/cgroup/cpu/cpu.cfs_period_us");
    }
    return quota > 0 && period > 0 ? quota / period : NAN;
}

static double mem_available(const char *root) {
    char *text = slurp(root, "/proc/meminfo");
    const char *at = text ? strstr(text, "MemAvailable:") : NULL;
    double kb = NAN;
    if (at && sscanf(at, "MemAvailable: %lf kB", &kb) != 1)
        kb = NAN;
    free(text);
    return kb * 1024;
}

static double cgroup_memory(const char *root) {
    double most = number_in(root, "/sys/fs/cgroup/memory.max");
    double used = number_in(root, "/sys/fs/cgroup/memory.current");
    if (isnan(most)) {
        most = number_in(root, "/sys/fs/cgroup/memory/memory.limit_in_bytes");
        used = number_in(root, "/sys/fs/cgroup/memory/memory.usage_in_bytes");
    }
    double left = most - used;
    return left < 0 ? 0 : left;
}

static double port_range(const char *root) {
    char *text = slurp(root, "/proc/sys/net/ipv4/ip_local_port_range");
    double low, high, count = NAN;
    if (text && sscanf(text, "%lf %lf", &low, &high) == 2 && high >= low)
        count = high - low + 1;
    free(text);
    return count;
}

static double swap_used(const char *root) {
    char *text = slurp(root, "/proc/swaps");
    if (!text)
        return NAN;
    double total = 0;
    for (const char *line = strchr(text, '\n'); line && line[1]; line = strchr(line + 1, '\n')) {
        double size, used;
        if (sscanf(line + 1, "%*s %*s %lf %lf", &size, &used) == 2)
            total += used * 1024;
    }
    free(text);
    return total;
}

/* The fastest link that is up. Virtual ones say -1 or nothing. */
static double link_speed(const char *root) {
    char pattern[512];
    snprintf(pattern, sizeof pattern, "%s/sys/class/net/*/speed", root);
    glob_t found;
    double best = NAN;
    if (glob(pattern, 0, NULL, &found) == 0)
        for (size_t i = 0; i < found.gl_pathc; i++) {
            double mbit = number_in("", found.gl_pathv[i]);
            if (mbit > 0 && !(best >= mbit * 1e6))
                best = mbit * 1e6;
        }
    globfree(&found);
    return best;
}

static double limit_value(rlim_t limit) {
    return limit == RLIM_INFINITY ? INFINITY : (double)limit;
}

void host_read(struct host *h, const char *root) {
    *h = (struct host){.files_soft = NAN, .files_hard = NAN};
    if (gethostname(h->name, sizeof h->name - 1) != 0)
        text_copy(h->name, sizeof h->name, "this host");
    h->cores = least(affinity_cores(), cgroup_cores(root));
    h->memory_bytes = least(mem_available(root), cgroup_memory(root));
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        h->files_soft = limit_value(files.rlim_cur);
        h->files_hard = limit_value(files.rlim_max);
    }
    h->ports = port_range(root);
    h->tw_reuse = number_in(root, "/proc/sys/net/ipv4/tcp_tw_reuse");
    h->network_bit_s = link_speed(root);
    h->swap_bytes = swap_used(root);
    h->conntrack = number_in(root, "/proc/sys/net/netfilter/nf_conntrack_max");
    if (isnan(h->conntrack)) /* the module is not loaded: nothing is tracked */
        h->conntrack = INFINITY;
}

void host_user(char *out, size_t size) {
    const struct passwd *who = getpwuid(getuid());
    if (who)
        text_copy(out, size, who->pw_name);
    else
        snprintf(out, size, "uid %ld", (long)getuid());
}
