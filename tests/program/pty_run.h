/* tests/program/pty_run.h
 * A program on a pseudo-terminal, and what it sends. Shared by the tests of the dashboard and by
 * bench/. Whatever the system refuses ends the caller with a sentence. */
#ifndef PERFSCALE_TESTS_PTY_RUN_H
#define PERFSCALE_TESTS_PTY_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct pty {
    int fd;
    pid_t pid;
    double started_ms; /* monotonic, as pty_now_ms() */
    double last_ms;    /* when the last byte came */
    size_t bytes;      /* since the caller set it to 0 */
    bool gone;         /* the other side is closed */
    int status;        /* exit status, 128 + signal; -1 while it runs */
};

/* Takes what was sent; may be NULL. */
struct pty_sink {
    void (*take)(void *self, const char *bytes, size_t len);
    void *self;
};

double pty_now_ms(void);

/* argv[0] is a path; env holds "NAME=VALUE" or "NAME" (to take it away), NULL at the end. TERM is
 * xterm-256color and LC_ALL C.UTF-8 unless env says otherwise. */
void pty_start(struct pty *p, const char *const *argv, const char *dir, int rows, int cols,
               const char *const *env);
void pty_send(struct pty *p, const char *bytes, size_t len);
void pty_resize(struct pty *p, int rows, int cols);

/* Reads what is there, waiting at most wait_ms for the first byte. false: nothing came. */
bool pty_read(struct pty *p, int wait_ms, const struct pty_sink *to);
/* Reads until nothing came for quiet_ms. */
void pty_quiet(struct pty *p, int quiet_ms, const struct pty_sink *to);

/* Waits for its end, reading on; at most 20 s. Returns its status. */
int pty_wait(struct pty *p, const struct pty_sink *to);
/* Ends it when it still runs, closes everything. */
void pty_close(struct pty *p);

/* A number of /proc/PID/FILE in the line that begins with name: "VmRSS:". -1: not there. */
long pty_proc(const struct pty *p, const char *file, const char *name);

#endif
