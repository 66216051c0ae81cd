/* base/file.h
 * Files, read with a limit and written whole or not at all. */
#ifndef PERFSCALE_BASE_FILE_H
#define PERFSCALE_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

/* The bytes of a regular file with a NUL behind them (not in *len); the caller frees. Refuses
 * directories, devices, pipes (ERR_FORMAT) and files above max (ERR_LIMIT); ERR_IO when it cannot
 * be read. The error carries path. */
char *file_read(const char *path, size_t max, size_t *len, struct err *e);

/* Writes a new file: into a temporary name beside it, fsync, then linked to path. A path that
 * exists is never touched (ERR_REFUSED). After an error no part of it is left behind. */
bool file_write_new(const char *path, const void *bytes, size_t len, struct err *e);

/* All bytes, and then on disk. false with errno. */
bool file_write_all(int fd, const char *bytes, size_t len);

/* Something with this name is there (a broken symbolic link too). */
bool file_exists(const char *path);

/* Change time in seconds since 1970, or -1. */
int64_t file_mtime(const char *path);

/* dir/name into out. "." and an absolute name give the name alone. false when it does not fit. */
bool file_join(char *out, size_t size, const char *dir, const char *name);

/* The part behind the last slash. */
const char *file_base(const char *path);

/* True when bytes look like a binary: a NUL, or more than 1 in 8 of the first 4 KiB are control
 * bytes other than tab, line end, carriage return, form feed, backspace and escape. */
bool file_is_binary(const char *bytes, size_t len);

#endif
