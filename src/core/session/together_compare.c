/* Two stored runs beside each other. */
#include <string.h>

#include "session/together_parts.h"

void compare_drop(struct together *t) {
    if (!t->compared)
        return;
    comparison_fini(&t->comparison);
    if (t->has_scripts)
        diff_fini(&t->scripts);
    record_fini(&t->side[0]);
    record_fini(&t->side[1]);
    t->compared = t->has_scripts = false;
}

static void compare_scripts(struct together *t) {
    const char *a = t->side[0].is.script_text, *b = t->side[1].is.script_text;
    t->has_scripts = a && b;
    if (t->has_scripts)
        diff_texts(&t->scripts, a, strlen(a), b, strlen(b));
}

bool session_compare(struct session *s, int64_t a, int64_t b, struct err *e) {
    struct together *t = s->together;
    if (a == b)
        return err_set(e, ERR_USAGE, "run %lld is compared with itself; name two runs",
                       (long long)a);
    compare_drop(t);
    bool ok = record_load(s, a, &t->side[0], e);
    if (!ok) {
        record_fini(&t->side[0]);
        return false;
    }
    if (!record_load(s, b, &t->side[1], e)) {
        record_fini(&t->side[0]);
        record_fini(&t->side[1]);
        return false;
    }
    t->compared = true;
    compare_runs(&t->side[0], &t->side[1], &s->rules, &t->comparison);
    compare_scripts(t);
    return true;
}

const struct comparison *session_comparison(const struct session *s) {
    return s->together->compared ? &s->together->comparison : NULL;
}

const struct record *session_compared(const struct session *s, int side) {
    return s->together->compared && (side == 0 || side == 1) ? &s->together->side[side] : NULL;
}

void session_compare_end(struct session *s) { compare_drop(s->together); }

const struct diff *session_compare_scripts(const struct session *s) {
    return s->together->compared && s->together->has_scripts ? &s->together->scripts : NULL;
}
