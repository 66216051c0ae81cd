#include "host/host.h"

#include <glob.h>
#include <math.h>
#include <pwd.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "host/parts.h"

enum { FACT_FILE_MAX_BYTES = 64 << 10 };

char *host_slurp(const char *root, const char *path) {
    char full[1024];
    size_t len;
    int n = snprintf(full, sizeof full, "%s%s", root, path);
    return n > 0 && (size_t)n < sizeof full ? file_read(full, FACT_FILE_MAX_BYTES, &len, NULL)
                                            : NULL;
}

double host_number_in(const char *root, const char *path) {
    char *text = host_slurp(root, path);
    if (!text)
        return NAN;
    char *end;
    double value = strtod(text, &end);
    if (end == text)
        value = NAN;
    free(text);
    return value;
}

double host_number_after(const char *root, const char *path, const char *word) {
    char *text = host_slurp(root, path);
    size_t len = strlen(word);
    double value = NAN;
    for (const char *line = text; line && isnan(value); line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, word, len) == 0 && sscanf(line + len, "%lf", &value) != 1)
            value = NAN;
    }
    free(text);
    return value;
}

double host_least(double a, double b) { return isnan(a) ? b : isnan(b) || a < b ? a : b; }

static double affinity_cores(void) {
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? (double)CPU_COUNT(&set) : NAN;
}

static double mem_available(const char *root) {
    return host_number_after(root, "/proc/meminfo", "MemAvailable:") * 1024;
}

/* Of both versions of IP. */
static double time_wait(const char *root) {
    char *text = host_slurp(root, "/proc/net/sockstat");
    const char *line = text ? strstr(text, "TCP:") : NULL;
    double count;
    if (!line || sscanf(line, "TCP: inuse %*s orphan %*s tw %lf", &count) != 1)
        count = NAN;
    free(text);
    return count;
}

static double port_range(const char *root) {
    char *text = host_slurp(root, "/proc/sys/net/ipv4/ip_local_port_range");
    double low, high, count = NAN;
    if (text && sscanf(text, "%lf %lf", &low, &high) == 2 && high >= low)
        count = high - low + 1;
    free(text);
    return count;
}

static double swap_used(const char *root) {
    char *text = host_slurp(root, "/proc/swaps");
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
            double mbit = host_number_in("", found.gl_pathv[i]);
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
    *h = (struct host){.files_soft = NAN, .files_hard = NAN, .disk_bytes = NAN};
    if (gethostname(h->name, sizeof h->name - 1) != 0)
        text_copy(h->name, sizeof h->name, "this host");
    h->cores = host_least(affinity_cores(), cgroup_cores(root));
    h->memory_bytes = host_least(mem_available(root), cgroup_memory(root));
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        h->files_soft = limit_value(files.rlim_cur);
        h->files_hard = limit_value(files.rlim_max);
    }
    h->ports = port_range(root);
    h->time_wait = time_wait(root);
    h->tw_reuse = host_number_in(root, "/proc/sys/net/ipv4/tcp_tw_reuse");
    h->network_bit_s = link_speed(root);
    h->swap_bytes = swap_used(root);
    h->conntrack = host_number_in(root, "/proc/sys/net/netfilter/nf_conntrack_max");
    h->conntrack_used = host_number_in(root, "/proc/sys/net/netfilter/nf_conntrack_count");
    if (isnan(h->conntrack)) /* the module is not loaded: nothing is tracked */
        h->conntrack = INFINITY;
}

double host_disk_left(const char *folder) {
    struct statvfs fs;
    return statvfs(folder, &fs) == 0 ? (double)fs.f_bavail * (double)fs.f_frsize : NAN;
}

void host_user(char *out, size_t size) {
    const struct passwd *who = getpwuid(getuid());
    if (who)
        text_copy(out, size, who->pw_name);
    else
        snprintf(out, size, "uid %ld", (long)getuid());
}
