#include <math.h>

#include "base/expr.h"
#include "check/check_parts.h"

static const double vus_most = 1e7;

int allocated_vus(const struct rules *rules, double in_flight) {
    const struct expr_name names[] = {{"L", fmax(0, in_flight - rules->sizing.rounding_guard)}};
    double vus;
    if (!expr_eval(rules->sizing.allocate, names, 1, &vus, NULL) || !(vus >= 1) || vus > vus_most)
        return 0;
    return (int)vus;
}
