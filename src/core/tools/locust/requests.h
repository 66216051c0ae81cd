/* tools/locust/requests.h
 * What the text says about a request besides its number: its host, and whether its name is one of
 * its own for each id. */
#ifndef PERFSCALE_TOOLS_LOCUST_REQUESTS_H
#define PERFSCALE_TOOLS_LOCUST_REQUESTS_H

#include "tools/locust/cost.h"

/* A call of one of the client's methods. */
void locust_request_see(struct cost_count *c, struct frame *f, TSNode call, const char *method);

/* Remarks on a call that sends a request which Locust does not count. */
void locust_request_outside(struct cost_count *c, const struct frame *f, TSNode call,
                            const struct thing *callee);

#endif
