/* tools/jmeter/jtl_digits.h
 * Whole numbers in the middle of a record, without a loop over their digits. */
#ifndef PERFSCALE_JMETER_JTL_DIGITS_H
#define PERFSCALE_JMETER_JTL_DIGITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "results/number.h"

/* 1 to 8 digits of a longer text: at least 8 bytes that may be read must end with them. False for
 * anything else. */
static inline bool jtl_digits(const char *s, size_t len, uint64_t *out) {
#if defined __BYTE_ORDER__ && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint64_t v;
    if (len - 1 > 7)
        return false;
    memcpy(&v, s + len - 8, sizeof v);
    v = (v ^ UINT64_C(0x3030303030303030)) & UINT64_MAX << (64 - 8 * len);
    bool odd = ((v + UINT64_C(0x7676767676767676)) | v) & UINT64_C(0x8080808080808080);
    v = v * 10 + (v >> 8); /* pairs, then fours, then all; the first digit is the lowest byte */
    v = ((v & UINT64_C(0x00FF00FF00FF00FF)) * (1 + (UINT64_C(100) << 16))) >> 16;
    *out = ((v & UINT64_C(0x0000FFFF0000FFFF)) * (1 + (UINT64_C(10000) << 32))) >> 32;
    return !odd;
#else
    return len <= 8 && number_whole(s, len, out);
#endif
}

#endif
