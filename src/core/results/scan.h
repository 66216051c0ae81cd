/* results/scan.h
 * Where a byte stands among 64: one bit each, the lowest for the first. */
#ifndef PERFSCALE_RESULTS_SCAN_H
#define PERFSCALE_RESULTS_SCAN_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { SCAN_BYTES = 64 };

#ifdef __SSE2__
static inline uint64_t scan_16(const char *s, char wanted) {
    __m128i equal = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)s), _mm_set1_epi8(wanted));
    return (unsigned)_mm_movemask_epi8(equal);
}
static inline uint64_t scan(const char s[static SCAN_BYTES], char wanted) {
    return scan_16(s, wanted) | scan_16(s + 16, wanted) << 16 | scan_16(s + 32, wanted) << 32 |
           scan_16(s + 48, wanted) << 48;
}
#else
static inline uint64_t scan(const char s[static SCAN_BYTES], char wanted) {
    uint64_t bits = 0;
    for (int i = 0; i < SCAN_BYTES; i++)
        bits |= (uint64_t)(s[i] == wanted) << i;
    return bits;
}
#endif

/* Fewer than 64 bytes, copied to room, with zeros behind them. */
static inline const char *scan_few(char room[static SCAN_BYTES], const char *s, size_t len) {
    memset(room, 0, SCAN_BYTES);
    return memcpy(room, s, len);
}

#endif
