/* host/host.h
 * Fills the facts of this machine (struct host of sizing/sizing.h) from the kernel, and asks a load
 * tool for its version. Nothing here sends load. */
#ifndef PERFSCALE_HOST_HOST_H
#define PERFSCALE_HOST_HOST_H

#include <stdbool.h>
#include <stddef.h>

#include "sizing/sizing.h"

/* Reads everything below root ("" for the real machine; a folder with proc/ and sys/ in tests).
 * What cannot be read is NAN; so is disk_bytes, which is not of the machine but of a folder. Never
 * fails. */
void host_read(struct host *h, const char *root);

/* Bytes that this user may still write to the file system of a folder; NAN when that is not known.
 */
double host_disk_left(const char *folder);

/* The login name of the operating-system user; "uid 1000" when it has none. */
void host_user(char *out, size_t size);

/* A program that prints its version, running beside us. Its standard output is read through fd,
 * which does not block; standard input and error are /dev/null. */
struct probe {
    int fd; /* -1: not running */
    long pid;
    char output[4096];
    size_t len;
};

/* Starts argv[0] from PATH. false when it cannot be started (not in PATH). */
bool probe_start(struct probe *p, const char *const *argv);

/* Takes what has arrived. true when the program has ended (then fd is closed) or was too slow. */
bool probe_read(struct probe *p);
void probe_stop(struct probe *p); /* ends it when it still runs */

/* Waits at most timeout_ms for its end. false: it was too slow, and was ended. */
bool probe_wait(struct probe *p, int timeout_ms);

/* probe_start, then probe_wait. */
bool probe_run(struct probe *p, const char *const *argv, int timeout_ms);

#endif
