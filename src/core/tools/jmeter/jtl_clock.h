/* tools/jmeter/jtl_clock.h
 * The timeStamp of a JTL: Unix ms, or a date in the local time zone of the load machine, which is
 * not written and taken to be that of this machine. */
#ifndef PERFSCALE_JMETER_JTL_CLOCK_H
#define PERFSCALE_JMETER_JTL_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JTL_CLOCK_END_MS INT64_C(7258118400000) /* 2200-01-01 */

/* Remembers the last second that was read: rows stand nearly in order. */
struct jtl_clock {
    char text[24];
    size_t len;
    int64_t ms;
};

/* Writes ms since 1970. False for anything but a time between 1970 and 2200. */
bool jtl_clock_read(struct jtl_clock *c, const char *s, size_t len, int64_t *ms);

/* 13 digits or a date. */
bool jtl_is_time(const char *s, size_t len);

#endif
