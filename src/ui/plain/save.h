/* ui/plain/save.h
 * A judged run into the store of its workspace. */
#ifndef PERFSCALE_PLAIN_SAVE_H
#define PERFSCALE_PLAIN_SAVE_H

#include <stdbool.h>

#include "session/session.h"

/* Makes the store when there is none. source is a file name or "-". */
bool save_run(const struct session *s, const struct check_input *in, const struct judgement *j,
              const char *source, struct err *e);

#endif
