#include "tools/jmeter/jtl_digits.h"

#ifdef __SSE2__
const uint64_t jtl_keep[JTL_DIGITS_MAX + 1] = {
    0,
    UINT64_MAX << 56,
    UINT64_MAX << 48,
    UINT64_MAX << 40,
    UINT64_MAX << 32,
    UINT64_MAX << 24,
    UINT64_MAX << 16,
    UINT64_MAX << 8,
    UINT64_MAX,
};
#endif
