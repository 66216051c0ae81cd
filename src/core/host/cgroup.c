/* Control groups: a process may use no more than the tightest of its group and all above it. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "host/parts.h"

enum { GROUP_MAX_BYTES = 512 };

/* One way to read a limit of a group: version 2 has one tree, version 1 one for each controller. */
struct tree {
    const char *controller; /* as in /proc/self/cgroup; "": version 2 */
    const char *mount;
    double (*limit)(const char *root, const char *group); /* NAN: none */
};

static double file_in(const char *root, const char *group, const char *name) {
    char path[GROUP_MAX_BYTES + 128];
    snprintf(path, sizeof path, "%s/%s", group, name);
    return host_number_in(root, path);
}

/* "200000 100000" is two cores, "max 100000" no limit. */
static double cores_2(const char *root, const char *group) {
    char path[GROUP_MAX_BYTES + 128];
    double quota = NAN, period = NAN;
    snprintf(path, sizeof path, "%s/cpu.max", group);
    char *text = host_slurp(root, path);
    bool limited = text && sscanf(text, "%lf %lf", &quota, &period) == 2;
    free(text);
    return limited && quota > 0 && period > 0 ? quota / period : NAN;
}

static double cores_1(const char *root, const char *group) {
    double quota = file_in(root, group, "cpu.cfs_quota_us");
    double period = file_in(root, group, "cpu.cfs_period_us");
    return quota > 0 && period > 0 ? quota / period : NAN;
}

/* Files that were read are counted as used, and given up when memory is wanted. */
static double memory_left(const char *root, const char *group, double most, double used,
                          const char *cache) {
    char path[GROUP_MAX_BYTES + 128];
    snprintf(path, sizeof path, "%s/memory.stat", group);
    double given_up = host_number_after(root, path, cache);
    double left = most - used + (given_up > 0 ? given_up : 0);
    return left < 0 ? 0 : left;
}

static double memory_2(const char *root, const char *group) {
    return memory_left(root, group, file_in(root, group, "memory.max"),
                       file_in(root, group, "memory.current"), "inactive_file ");
}

static double memory_1(const char *root, const char *group) {
    return memory_left(root, group, file_in(root, group, "memory.limit_in_bytes"),
                       file_in(root, group, "memory.usage_in_bytes"), "total_inactive_file ");
}

static bool has_word(const char *list, size_t len, const char *word) {
    size_t want = strlen(word);
    for (size_t at = 0; at <= len;) {
        size_t n = 0;
        while (at + n < len && list[at + n] != ',')
            n++;
        if (n == want && strncmp(list + at, word, n) == 0)
            return true;
        at += n + 1;
    }
    return false;
}

/* The path of our group in a tree, from a line such as "4:memory:/user/42"; "" is the top. A path
 * that leads out of what we see (of a container) is the top too. */
static void own_group(const char *root, const char *controller, char *out, size_t size) {
    char *text = host_slurp(root, "/proc/self/cgroup");
    out[0] = '\0';
    for (const char *line = text; line && *line;) {
        const char *names = strchr(line, ':'), *end = strchr(line, '\n');
        const char *path = names ? strchr(names + 1, ':') : NULL;
        if (!path || (end && path > end))
            break;
        size_t len = end ? (size_t)(end - path - 1) : strlen(path + 1);
        if (has_word(names + 1, (size_t)(path - names - 1), controller) && len < size) {
            memcpy(out, path + 1, len);
            out[len] = '\0';
        }
        line = end ? end + 1 : NULL;
    }
    free(text);
    if (strstr(out, "/..") || strcmp(out, "/") == 0)
        out[0] = '\0';
}

/* The tightest limit from our group up to the top. Groups that are not there say nothing. */
static double tightest(const char *root, const struct tree *t) {
    char group[GROUP_MAX_BYTES], path[GROUP_MAX_BYTES + 64];
    double least = NAN;
    own_group(root, t->controller, group, sizeof group);
    for (;;) {
        snprintf(path, sizeof path, "%s%s", t->mount, group);
        least = host_least(least, t->limit(root, path));
        char *slash = strrchr(group, '/');
        if (!slash)
            return least;
        *slash = '\0';
    }
}

static double of_all(const char *root, const struct tree *trees, size_t n) {
    double least = NAN;
    for (size_t i = 0; i < n; i++)
        least = host_least(least, tightest(root, &trees[i]));
    return least;
}

double cgroup_cores(const char *root) {
    static const struct tree trees[] = {
        {"", "/sys/fs/cgroup", cores_2},
        {"", "/sys/fs/cgroup/unified", cores_2},
        {"cpu", "/sys/fs/cgroup/cpu", cores_1},
        {"cpu", "/sys/fs/cgroup/cpu,cpuacct", cores_1},
    };
    return of_all(root, trees, sizeof trees / sizeof *trees);
}

double cgroup_memory(const char *root) {
    static const struct tree trees[] = {
        {"", "/sys/fs/cgroup", memory_2},
        {"", "/sys/fs/cgroup/unified", memory_2},
        {"memory", "/sys/fs/cgroup/memory", memory_1},
    };
    return of_all(root, trees, sizeof trees / sizeof *trees);
}
