/* tools/jmeter/jtl_errors.h
 * The kinds of errors of a JTL and how often each came. */
#ifndef PERFSCALE_JMETER_JTL_ERRORS_H
#define PERFSCALE_JMETER_JTL_ERRORS_H

#include <stddef.h>
#include <stdint.h>

#include "results/reader.h"

struct jtl_text {
    const char *s; /* not terminated */
    size_t len;
};

/* What a failed sample says of itself. */
struct jtl_failure {
    struct jtl_text label, code, message, assertion;
};

struct jtl_errors {
    struct jtl_error *kind; /* owned; NULL before the first */
    size_t kinds;
    uint64_t others; /* of kinds beyond ERRORS_MAX */
};

void jtl_errors_fini(struct jtl_errors *t);
void jtl_errors_add(struct jtl_errors *t, const struct jtl_failure *f);
/* As DOOR_ERROR. */
void jtl_errors_say(const struct jtl_errors *t, const struct sink *out);

#endif
