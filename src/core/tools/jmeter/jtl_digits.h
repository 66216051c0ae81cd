/* tools/jmeter/jtl_digits.h
 * Eight whole numbers at once, without a loop over their digits. */
#ifndef PERFSCALE_JMETER_JTL_DIGITS_H
#define PERFSCALE_JMETER_JTL_DIGITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "results/number.h"

enum { JTL_NUMBERS = 8, JTL_DIGITS_MAX = 8 };

/* Digits that end before end; 8 bytes before end can be read. */
struct jtl_digits {
    const char *end;
    uint32_t len; /* 0 to 8; of 0 the number is 0 */
};

#ifdef __SSE2__

/* The last bytes of 8. */
extern const uint64_t jtl_keep[JTL_DIGITS_MAX + 1];

/* Digits of two numbers, the first the lowest byte; those that they lack are 0. */
static inline __m128i jtl_two(struct jtl_digits a, struct jtl_digits b) {
    __m128i bytes = _mm_unpacklo_epi64(_mm_loadl_epi64((const __m128i *)(a.end - 8)),
                                       _mm_loadl_epi64((const __m128i *)(b.end - 8)));
    __m128i keep = _mm_unpacklo_epi64(_mm_loadl_epi64((const __m128i *)&jtl_keep[a.len]),
                                      _mm_loadl_epi64((const __m128i *)&jtl_keep[b.len]));
    return _mm_and_si128(_mm_xor_si128(bytes, _mm_set1_epi8('0')), keep);
}

/* Of each number the first four digits and the last four, in 32 bits each. */
static inline __m128i jtl_fours(__m128i digits) {
    __m128i first = _mm_and_si128(digits, _mm_set1_epi16(0xff));
    __m128i pairs =
        _mm_add_epi16(_mm_mullo_epi16(first, _mm_set1_epi16(10)), _mm_srli_epi16(digits, 8));
    return _mm_madd_epi16(pairs, _mm_set1_epi32(100 | 1 << 16));
}

static inline __m128i jtl_four_numbers(__m128i two, __m128i more) {
    return _mm_madd_epi16(_mm_packs_epi32(jtl_fours(two), jtl_fours(more)),
                          _mm_set1_epi32(10000 | 1 << 16));
}

/* False: one of them is no number. */
static inline bool jtl_numbers(struct jtl_digits a, struct jtl_digits b, struct jtl_digits c,
                               struct jtl_digits d, struct jtl_digits e, struct jtl_digits f,
                               struct jtl_digits g, struct jtl_digits h,
                               uint32_t out[JTL_NUMBERS]) {
    __m128i ab = jtl_two(a, b), cd = jtl_two(c, d), ef = jtl_two(e, f), gh = jtl_two(g, h);
    __m128i most = _mm_max_epu8(_mm_max_epu8(ab, cd), _mm_max_epu8(ef, gh));
    __m128i odd = _mm_subs_epu8(most, _mm_set1_epi8(9));
    _mm_storeu_si128((__m128i *)out, jtl_four_numbers(ab, cd));
    _mm_storeu_si128((__m128i *)(out + 4), jtl_four_numbers(ef, gh));
    return _mm_movemask_epi8(_mm_cmpeq_epi8(odd, _mm_setzero_si128())) == 0xffff;
}

#else

static inline bool jtl_number(struct jtl_digits d, uint32_t *out) {
    uint64_t v = 0;
    bool ok = d.len == 0 || number_whole(d.end - d.len, d.len, &v);
    *out = (uint32_t)v;
    return ok;
}

static inline bool jtl_numbers(struct jtl_digits a, struct jtl_digits b, struct jtl_digits c,
                               struct jtl_digits d, struct jtl_digits e, struct jtl_digits f,
                               struct jtl_digits g, struct jtl_digits h,
                               uint32_t out[JTL_NUMBERS]) {
    return jtl_number(a, &out[0]) && jtl_number(b, &out[1]) && jtl_number(c, &out[2]) &&
           jtl_number(d, &out[3]) && jtl_number(e, &out[4]) && jtl_number(f, &out[5]) &&
           jtl_number(g, &out[6]) && jtl_number(h, &out[7]);
}

#endif
#endif
