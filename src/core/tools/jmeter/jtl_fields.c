#include "tools/jmeter/jtl_fields.h"

void jtl_ends_init(struct jtl_ends *e) {
    e->end[0] = e->end[JTL_NOWHERE - 1] = UINT32_MAX; /* one more is 0 */
    e->end[JTL_NOWHERE] = 0;
}

static inline size_t count_bits(uint64_t x) {
    x -= x >> 1 & UINT64_C(0x5555555555555555);
    x = (x & UINT64_C(0x3333333333333333)) + (x >> 2 & UINT64_C(0x3333333333333333));
    x = (x + (x >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
    return (size_t)(x * UINT64_C(0x0101010101010101) >> 56);
}

static inline uint64_t note_one(uint32_t *to, size_t at, uint64_t bits) {
    *to = (uint32_t)(at + (size_t)__builtin_ctzll(bits | UINT64_C(1) << 63));
    return bits & (bits - 1);
}

/* Eight at a time, whether there are so many or not: no branch depends on the record. Returns how
 * many there are. */
static inline size_t note(uint32_t *to, size_t at, uint64_t bits) {
    size_t n = count_bits(bits);
    do {
        bits = note_one(to, at, bits);
        bits = note_one(to + 1, at, bits);
        bits = note_one(to + 2, at, bits);
        bits = note_one(to + 3, at, bits);
        bits = note_one(to + 4, at, bits);
        bits = note_one(to + 5, at, bits);
        bits = note_one(to + 6, at, bits);
        bits = note_one(to + 7, at, bits);
        to += 8;
    } while (bits);
    return n;
}

bool jtl_ends_find(struct jtl_ends *e, const char *s, size_t len, char delimiter, size_t wanted) {
    uint32_t *to = e->end + 1;
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
