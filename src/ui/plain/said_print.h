/* ui/plain/said_print.h
 * What stands now, after somebody said something of a run. */
#ifndef PERFSCALE_PLAIN_SAID_PRINT_H
#define PERFSCALE_PLAIN_SAID_PRINT_H

#include "session/together.h"

/* what was said of the open run by this user, a moment ago. */
void said_print(const struct session *s, const struct saying *what, bool json);

#endif
