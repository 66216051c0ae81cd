#include "ui/plain/reading.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "base/unit.h"
#include "gather/job.h"

enum { FIRST_MS = 1000, EVERY_MS = 250 };

/* A reading that goes on, of a job or of a session. */
struct reading {
    int fd; /* readable at its end */
    const struct gather_job *job;
    const struct session *session;
};

static void show(const struct reading *r) {
    struct gather_progress p;
    char done[32], speed[32], left[32];
    if (r->job)
        gather_progress(r->job, &p);
    else if (!session_read_progress(r->session, &p))
        return;
    fprintf(stderr, "\r\033[K  reading: %s",
            unit_show_bytes((double)p.done_bytes, done, sizeof done));
    if (p.total_bytes)
        fprintf(stderr, ", %.0f %%", 100 * (double)p.done_bytes / (double)p.total_bytes);
    if (!isnan(p.bytes_per_s))
        fprintf(stderr, ", %s/s", unit_show_bytes(p.bytes_per_s, speed, sizeof speed));
    if (!isnan(p.left_s))
        fprintf(stderr, ", %s left", unit_show_clock(p.left_s, left, sizeof left));
    fflush(stderr);
}

static void wait_and_show(const struct reading *r) {
    struct pollfd fd = {.fd = r->fd, .events = POLLIN};
    bool shown = false;
    for (;;) {
        int n = poll(&fd, 1, shown ? EVERY_MS : FIRST_MS);
        if (n != 0 && !(n < 0 && errno == EINTR))
            break;
        show(r);
        shown = true;
    }
    if (shown)
        fputs("\r\033[K", stderr);
}

bool reading_wait(const char *const *paths, size_t n, const struct gather_options *o,
                  struct summary *out, struct err *e) {
    if (!isatty(STDERR_FILENO))
        return gather(paths, n, o, out, e);
    summary_init(out);
    struct gather_job *j = gather_start(paths, n, o, e);
    if (!j)
        return false;
    wait_and_show(&(struct reading){.fd = gather_fd(j), .job = j});
    return gather_take(j, out, NULL, e);
}

bool reading_end(struct session *s, struct err *e) {
    if (isatty(STDERR_FILENO))
        wait_and_show(&(struct reading){.fd = session_read_fd(s), .session = s});
    return session_read_end(s, e);
}
