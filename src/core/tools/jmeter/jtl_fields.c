#include "tools/jmeter/jtl_fields.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))

ALWAYS_INLINE size_t count_bits(uint64_t x) {
    x -= x >> 1 & UINT64_C(0x5555555555555555);
    x = (x & UINT64_C(0x3333333333333333)) + (x >> 2 & UINT64_C(0x3333333333333333));
    x = (x + (x >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
    return (size_t)(x * UINT64_C(0x0101010101010101) >> 56);
}

ALWAYS_INLINE uint64_t note_one(uint32_t *to, size_t at, uint64_t bits) {
    *to = (uint32_t)(at + (size_t)(bits ? __builtin_ctzll(bits) : SCAN_BYTES));
    return bits & (bits - 1);
}

ALWAYS_INLINE uint64_t note_four(uint32_t *to, size_t at, uint64_t bits) {
    bits = note_one(to, at, bits);
    bits = note_one(to + 1, at, bits);
    bits = note_one(to + 2, at, bits);
    return note_one(to + 3, at, bits);
}

/* Several at a time, whether there are so many or not, so that hardly a branch depends on the
 * record. Returns how many there are. */
ALWAYS_INLINE size_t note(uint32_t *to, size_t at, uint64_t bits) {
    size_t n = count_bits(bits);
    bits = note_four(to, at, bits);
    do {
        to += 4;
        bits = note_four(to, at, bits);
    } while (bits);
    return n;
}

ALWAYS_INLINE bool find(uint32_t *to, const char *s, size_t len, char delimiter, size_t wanted) {
    size_t at = 0, n = 0;
    for (; len - at >= SCAN_BYTES; at += SCAN_BYTES) {
        n += note(to + n, at, scan(s + at, delimiter));
        if (n >= wanted)
            return true;
    }
    if (at < len && len >= SCAN_BYTES) { /* with bytes that were seen before */
        size_t from = len - SCAN_BYTES;
        n += note(to + n, from, scan(s + from, delimiter) & UINT64_MAX << (at - from));
    } else if (at < len) {
        char few[SCAN_BYTES];
        n += note(to, 0, scan(scan_few(few, s, len), delimiter));
    }
    to[n++] = (uint32_t)len;
    return n >= wanted;
}

static bool find_anywhere(uint32_t *to, const char *s, size_t len, char delimiter, size_t wanted) {
    return find(to, s, len, delimiter, wanted);
}

#ifdef __x86_64__
/* Processors since 2013 count and clear bits in one step. */
__attribute__((target("bmi,popcnt"))) static bool
find_with_bmi(uint32_t *to, const char *s, size_t len, char delimiter, size_t wanted) {
    return find(to, s, len, delimiter, wanted);
}
static jtl_find_fn *fastest(void) {
    bool bmi = __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt");
    return bmi ? find_with_bmi : find_anywhere;
}
#else
static jtl_find_fn *fastest(void) { return find_anywhere; }
#endif

void jtl_ends_init(struct jtl_ends *e) {
    e->end[0] = UINT32_MAX; /* one more is 0 */
    e->end[JTL_NOWHERE - 1] = JTL_NOWHERE_AT - 1;
    e->end[JTL_NOWHERE] = JTL_NOWHERE_AT;
    e->find = fastest();
}
