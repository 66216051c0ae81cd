/* ui/plain/reading.h
 * Reads results while a person waits: from a second on a line on the terminal says how far it is.
 */
#ifndef PERFSCALE_PLAIN_READING_H
#define PERFSCALE_PLAIN_READING_H

#include "gather/gather.h"
#include "session/session.h"

/* As gather(). The line goes to standard error, only when that is a terminal, and is gone at the
 * end. */
bool reading_wait(const char *const *paths, size_t n, const struct gather_options *o,
                  struct summary *out, struct err *e);

/* As session_read_end(), with that line. */
bool reading_end(struct session *s, struct err *e);

#endif
