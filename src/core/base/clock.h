/* base/clock.h
 * The two clocks, in milliseconds. Front ends and core/host read them; all else gets times as
 * arguments. */
#ifndef PERFSCALE_BASE_CLOCK_H
#define PERFSCALE_BASE_CLOCK_H

#include <stdint.h>

int64_t clock_day_ms(void);    /* the time of day, since 1970; it can go back */
int64_t clock_steady_ms(void); /* only forward, from some moment on: for waiting */

#endif
