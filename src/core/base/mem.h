/* base/mem.h
 * Memory that is there or the program ends: callers never test for NULL. When the system has none
 * left, one line goes to standard error and abort() runs, so the terminal is restored by its
 * handler. Everything returned is freed with free(). */
#ifndef PERFSCALE_BASE_MEM_H
#define PERFSCALE_BASE_MEM_H

#include <stddef.h>

/* Zeroed memory for n items of size bytes each; n x size that does not fit ends the program. */
void *mem_new(size_t n, size_t size);

/* As realloc for n items; new bytes are not zeroed. */
void *mem_resize(void *old, size_t n, size_t size);

/* Copies of a string, or of its first len bytes; the copy ends with NUL. NULL gives NULL. */
char *mem_strdup(const char *s);
char *mem_strndup(const char *s, size_t len);

/* Room for one more item in a growing array: returns the (perhaps moved) array and raises *cap by
 * doubling when len has reached it. Items past len are not zeroed. */
void *mem_grow(void *items, size_t len, size_t *cap, size_t size);

#endif
