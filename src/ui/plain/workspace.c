#include "ui/plain/workspace.h"

#include <time.h>

int64_t now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool fail(struct err *e, const struct err *why) {
    *e = *why;
    return false;
}

bool workspace_open(struct session *s, const char *dir, struct err *e) {
    if (!session_open(s, dir, now_ms(), e))
        return false;
    if (s->rules_error.kind != ERR_NONE)
        return fail(e, &s->rules_error);
    if (s->ws.plan_error.kind != ERR_NONE)
        return fail(e, &s->ws.plan_error);
    return true;
}
