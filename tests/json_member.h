/* A member of a JSON object by its path: "now.rps". */
#ifndef PERFSCALE_TESTS_JSON_MEMBER_H
#define PERFSCALE_TESTS_JSON_MEMBER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

static inline const cJSON *member(const cJSON *o, const char *path) {
    char names[64];
    snprintf(names, sizeof names, "%s", path);
    for (char *name = strtok(names, "."); name && o; name = strtok(NULL, "."))
        o = cJSON_GetObjectItem(o, name);
    if (!o)
        fail_msg("no member %s", path);
    return o;
}

#endif
