/* base/unit.h
 * Numbers with units, read strictly and written for people. Reading takes the whole string (spaces
 * at both ends allowed) or fails with a sentence that quotes it; nothing is ever read as a silent
 * 0. Accepted forms are those of the headless options: durations 350us 500ms 1.5s 10m 2h 1h30m
 * 1:40, rates 100 100/s 6000/m 360000/h, shares 1% 0.01, plain numbers with "," between thousands.
 */
#ifndef PERFSCALE_BASE_UNIT_H
#define PERFSCALE_BASE_UNIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

/* A finite decimal number: digits, one point, thousands commas in threes, a leading minus. No
 * exponent, no hexadecimal, no "inf". */
bool unit_number(const char *s, double *out, struct err *e);

/* A duration in milliseconds, 0 or more. A plain number takes the unit plain_ms (1 for ms, 1000 for
 * s); 0 refuses plain numbers. */
bool unit_duration_ms(const char *s, double plain_ms, double *out, struct err *e);

/* A rate per second, 0 or more. */
bool unit_rate(const char *s, double *out, struct err *e);

/* A share from 0 to 1: "1%" and "0.01" are the same. */
bool unit_share(const char *s, double *out, struct err *e);

/* A size in megabytes (10^6), 0 or more: "1000MB", "1 GB", "512MiB"; a plain number is MB. */
bool unit_megabytes(const char *s, double *out, struct err *e);

/* "12,345.6": thousands commas, decimals digits after the point. NAN gives "no data". */
char *unit_show(double value, int decimals, char *out, size_t size);

/* As unit_show with as few decimals as tell the value, at most `most`: 200, 12.56, 0.5. */
char *unit_show_short(double value, int most, char *out, size_t size);

/* A length of time: "10:00", "1:40", "4:00:00 h" below or above an hour. */
char *unit_show_clock(double seconds, char *out, size_t size);

/* A moment, ms since 1970, as local time of day: "14:02:10"; "" when it is none. */
char *unit_show_time(int64_t at_ms, char *out, size_t size);

/* Milliseconds for a table: "243 ms" from 100 on, "20.4 ms" from 1 on, "0.35 ms" below. */
char *unit_show_ms(double ms, char *out, size_t size);

/* A share as percent: "0.02 %". As many digits (2 to 4) as keep a share above 0 from reading 0. */
char *unit_show_share(double share, char *out, size_t size);

/* Bytes with a decimal unit: "190 MB", "1.2 GB". */
char *unit_show_bytes(double bytes, char *out, size_t size);

#endif
