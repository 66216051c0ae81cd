/* feed/login.h
 * User and password, or a bearer token, for an address. They come from the environment or from a
 * file that only its owner can read; never from the command line, and they are never written
 * anywhere, nor part of a message.
 *
 *   PERFSCALE_HTTP_USER, PERFSCALE_HTTP_PASSWORD    basic
 *   PERFSCALE_HTTP_TOKEN                            bearer; goes before the two
 *   PERFSCALE_HTTP_HOST                             host[:port] they are for (a host alone: all its
 *                                                   ports); unset: every address that is watched
 *   PERFSCALE_LOGINS                                the file; unset: ~/.config/perfscale/logins
 *
 * The file is mode 0600 or less and belongs to the user; a line for each host, the first that fits
 * counts, # begins a comment, spaces at the end of a line do not count:
 *
 *   prometheus.example.org:9090  basic   ana  secret words to the end of the line
 *   grafana.example.org          bearer  eyJ...
 */
#ifndef PERFSCALE_FEED_LOGIN_H
#define PERFSCALE_FEED_LOGIN_H

#include <stdbool.h>

#include "base/err.h"

enum { LOGIN_MAX_BYTES = 4096 };

enum login_kind { LOGIN_NONE, LOGIN_BASIC, LOGIN_BEARER };

struct login {
    enum login_kind kind;
    char user[256];
    char secret[LOGIN_MAX_BYTES]; /* password or token */
};

/* What is known for url; LOGIN_NONE when nothing is. The environment goes before the file. Errors:
 * a file that others can read (ERR_REFUSED, with its name and the chmod that mends it), a line that
 * is not understood (ERR_FORMAT, file:line, without its words), a half environment (ERR_USAGE). */
bool login_find(struct login *l, const char *url, struct err *e);

/* Overwrites the secret. */
void login_forget(struct login *l);

#endif
