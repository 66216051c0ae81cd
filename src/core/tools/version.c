#include "tools/version.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

bool version_find(const char *output, char *out, size_t size) {
    for (const char *c = output; *c; c++) {
        size_t len = strspn(c, "0123456789.");
        bool begins = c == output || c[-1] == 'v' || c[-1] == ' ';
        if (!begins || !isdigit((unsigned char)*c) || !memchr(c, '.', len) || len >= size)
            continue;
        memcpy(out, c, len);
        out[len] = '\0';
        return true;
    }
    return false;
}

static bool compare(const char *version, unsigned major, unsigned minor, bool *below) {
    unsigned have_major, have_minor;
    if (sscanf(version, "%u.%u", &have_major, &have_minor) != 2)
        return false;
    *below = have_major < major || (have_major == major && have_minor < minor);
    return true;
}

bool version_at_least(const char *version, unsigned major, unsigned minor) {
    bool below;
    return compare(version, major, minor, &below) && !below;
}

bool version_below(const char *version, unsigned major, unsigned minor) {
    bool below;
    return compare(version, major, minor, &below) && below;
}
