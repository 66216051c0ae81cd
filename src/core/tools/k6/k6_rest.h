/* tools/k6/k6_rest.h
 * The REST API of a running k6: /v1, the same from k6 0.54 to 2.2. */
#ifndef PERFSCALE_K6_REST_H
#define PERFSCALE_K6_REST_H

#include "tools/live.h"

extern const struct live k6_rest_live;

#endif
