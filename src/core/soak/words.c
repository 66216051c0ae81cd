#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/unit.h"
#include "soak/soak.h"

/* "9 h", "1.5 h", "12 min": about is all that can be said. */
static char *show_hours(double hours, char *out, size_t size) {
    char n[32];
    if (hours < 1)
        snprintf(out, size, "%.0f min", 60 * hours);
    else
        snprintf(out, size, "%s h", unit_show_short(hours, hours >= 3 ? 0 : 1, n, sizeof n));
    return out;
}

bool soak_limit_words(const struct soak_found *f, char *out, size_t size) {
    const struct trend *t = &f->memory;
    char limit[32], hours[48], low[48], high[48];
    if (isnan(t->hours_to_limit) || isnan(f->memory_limit_mb))
        return false;
    unit_show(f->memory_limit_mb, 0, limit, sizeof limit);
    show_hours(t->hours_to_limit, hours, sizeof hours);
    show_hours(t->hours_low, low, sizeof low);
    show_hours(t->hours_high, high, sizeof high);
    if (t->hours_to_limit <= 0)
        snprintf(out, size, "The limit of %s MB was reached in the run.", limit);
    else if (t->beyond_projection)
        snprintf(out, size, "At this pace %s MB are reached more than %s after the end.", limit,
                 hours);
    else if (strcmp(low, high) == 0)
        snprintf(out, size, "At this pace %s MB are reached about %s after the end.", limit, hours);
    else
        snprintf(out, size, "At this pace %s MB are reached about %s after the end (%s to %s).",
                 limit, hours, low, high);
    return true;
}
