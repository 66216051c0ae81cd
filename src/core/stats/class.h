/* stats/class.h
 * Log-linear classes: values below 2^(bits + 1) have one each, above it every power of two has
 * 2^bits of them. A class of one precision lies inside one of any coarser precision. */
#ifndef PERFSCALE_STATS_CLASS_H
#define PERFSCALE_STATS_CLASS_H

#include <stdint.h>

static inline uint32_t class_of(uint64_t value, int bits) {
    int top = 63 - __builtin_clzll(value | 1);
    int shift = top > bits ? top - bits : 0;
    return ((uint32_t)shift << bits) + (uint32_t)(value >> shift);
}

static inline int class_shift(uint32_t class, int bits) {
    return class >> bits > 1 ? (int)(class >> bits) - 1 : 0;
}

static inline uint64_t class_first(uint32_t class, int bits) {
    int shift = class_shift(class, bits);
    return ((uint64_t) class - ((uint64_t)shift << bits)) << shift;
}

static inline uint64_t class_last(uint32_t class, int bits) {
    return class_first(class, bits) + ((UINT64_C(1) << class_shift(class, bits)) - 1);
}

#endif
