/* results/number.h
 * Numbers as result files write them: plain digits with a point, no blanks, whatever the locale. */
#ifndef PERFSCALE_RESULTS_NUMBER_H
#define PERFSCALE_RESULTS_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* "1234": false for anything but 1 to 18 digits. */
bool number_whole(const char *s, size_t len, uint64_t *out);

/* "12.3456" in steps of 10^-decimals, exactly; further digits are rounded half up. At most 18
 * digits in all. false for anything else ("-1", "1e5", ""). */
bool number_fixed(const char *s, size_t len, int decimals, uint64_t *out);

/* Any finite decimal number, also with sign and exponent. */
bool number_real(const char *s, size_t len, double *out);

/* "2026-11-23T08:53:58.123456789Z", also with an offset, as nanoseconds since 1970. */
bool number_rfc3339(const char *s, size_t len, int64_t *ns);

#endif
