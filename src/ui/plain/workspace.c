#include "ui/plain/workspace.h"

#include "base/clock.h"
#include "ui/plain/reading.h"

static bool fail(struct err *e, const struct err *why) {
    *e = *why;
    return false;
}

bool workspace_open(struct session *s, const char *dir, struct err *e) {
    if (!session_open(s, dir, clock_day_ms(), e))
        return false;
    if (s->rules_error.kind != ERR_NONE)
        return fail(e, &s->rules_error);
    if (s->ws.plan_error.kind != ERR_NONE)
        return fail(e, &s->ws.plan_error);
    if (session_read_fd(s) >= 0) /* a large result of the baseline; a failure is one of it */
        reading_end(s, &s->base.result_error);
    return true;
}
