#include "finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "mem.h"

void findings_fini(struct findings *f) {
    free(f->item);
    *f = (struct findings){0};
}

void findings_clear(struct findings *f) { f->len = 0; }

struct finding *findings_add(struct findings *f, enum finding_level level, const char *kind,
                             const char *fmt, ...) {
    if (f->len == FINDINGS_MAX)
        f->len--;
    f->item = mem_grow(f->item, f->len, &f->cap, sizeof *f->item);
    struct finding *it = &f->item[f->len++];
    *it = (struct finding){.level = level};
    snprintf(it->kind, sizeof it->kind, "%s", kind);
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(it->text, sizeof it->text, fmt, ap);
    va_end(ap);
    return it;
}

void findings_append(struct findings *to, const struct findings *from) {
    for (size_t i = 0; i < from->len; i++)
        *findings_add(to, FINDING_INFO, "", "%s", "") = from->item[i];
}

const char *finding_level_name(enum finding_level level) {
    static const char *const names[] = {
        [FINDING_INFO] = "info", [FINDING_WARNING] = "warning", [FINDING_STOP] = "stop"};
    return names[level];
}
