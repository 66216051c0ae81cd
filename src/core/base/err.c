#include "err.h"

#include <stdarg.h>
#include <stdio.h>

bool err_set(struct err *e, enum err_kind kind, const char *fmt, ...) {
    if (!e)
        return false;
    struct err fresh = {.kind = kind};
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(fresh.text, sizeof fresh.text, fmt, ap);
    va_end(ap);
    *e = fresh;
    return false;
}

bool err_at(struct err *e, const char *file, long line) {
    if (!e)
        return false;
    if (!e->file[0] && file)
        snprintf(e->file, sizeof e->file, "%s", file);
    if (!e->line)
        e->line = line;
    return false;
}

bool err_fix(struct err *e, const char *fmt, ...) {
    if (!e)
        return false;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(e->fix, sizeof e->fix, fmt, ap);
    va_end(ap);
    return false;
}

char *err_sentence(const struct err *e, char *out, size_t size) {
    char place[288] = "";
    if (e->file[0] && e->line > 0)
        snprintf(place, sizeof place, "%s:%ld: ", e->file, e->line);
    else if (e->file[0])
        snprintf(place, sizeof place, "%s: ", e->file);
    else if (e->line > 0)
        snprintf(place, sizeof place, "line %ld: ", e->line);
    snprintf(out, size, "%s%s%s%s", place, e->text, e->fix[0] ? "; " : "", e->fix);
    return out;
}
