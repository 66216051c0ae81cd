/* base/digest.h
 * SHA-256 (FIPS 180-4, by libcrypto) as 64 lower-case hex digits: what a sign-off is bound to. */
#ifndef PERFSCALE_BASE_DIGEST_H
#define PERFSCALE_BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

enum { DIGEST_BYTES = 65, DIGEST_SHOWN = 6 /* digits that screens show */ };

void digest_of(const void *bytes, size_t len, char out[DIGEST_BYTES]);

/* Of a whole file, read in pieces. A regular file only; ERR_IO, ERR_FORMAT as file_read(). */
bool digest_file(const char *path, char out[DIGEST_BYTES], struct err *e);

#endif
