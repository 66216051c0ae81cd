#include "tools/series/unit.h"

#include <stddef.h>
#include <string.h>

#include "base/text.h"

bool series_megabytes_in(const char *name, double *factor) {
    static const struct {
        const char *end;
        double factor;
    } units[] = {
        {"_bytes", 1e-6},     {"_kb", 1e-3}, {"_kib", 1024e-6},     {"_mb", 1},
        {"_mib", 1048576e-6}, {"_gb", 1e3},  {"_gib", 1073.741824}, {"_megabytes", 1},
    };
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (!text_ends(name, units[i].end))
            continue;
        *factor = units[i].factor;
        return true;
    }
    return false;
}

bool series_is_memory(const char *name) {
    return strstr(name, "rss") || strstr(name, "mem") || strstr(name, "heap");
}
