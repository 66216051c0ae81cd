#include "gather/job.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

/* Two hold it: the screen and the thread. Whoever leaves last frees it. */
struct gather_job {
    char **path; /* owned; n */
    size_t n;
    struct gather_options o;
    char *format;                   /* owned */
    struct stretch_wanted *stretch; /* owned */
    struct gather_watch watch;
    struct summary out;
    struct gather_digests files;
    struct err error;
    bool ok;
    int fd;
    double began_s;
    _Atomic bool done;
    _Atomic int holders;
};

static double now_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void leave(struct gather_job *j) {
    if (atomic_fetch_sub(&j->holders, 1) > 1)
        return;
    for (size_t i = 0; i < j->n; i++)
        free(j->path[i]);
    free(j->path);
    free(j->format);
    free(j->stretch);
    summary_fini(&j->out);
    gather_digests_fini(&j->files);
    if (j->fd >= 0)
        close(j->fd);
    free(j);
}

static void *work(void *self) {
    struct gather_job *j = self;
    uint64_t one = 1;
    j->ok = gather((const char *const *)j->path, j->n, &j->o, &j->out, &j->error);
    if (j->ok && j->o.digests)
        gather_digests((const char *const *)j->path, j->n, &j->files);
    atomic_store(&j->done, true);
    while (write(j->fd, &one, sizeof one) < 0 && errno == EINTR)
        continue;
    leave(j);
    return NULL;
}

static void copy_options(struct gather_job *j, const struct gather_options *o) {
    j->o = *o;
    j->format = mem_strdup(o->format);
    j->o.format = j->format;
    if (o->stretches) {
        j->stretch = mem_new(o->stretches, sizeof *j->stretch);
        memcpy(j->stretch, o->stretch, o->stretches * sizeof *j->stretch);
    }
    j->o.stretch = j->stretch;
    j->o.watch = &j->watch;
}

/* Signals are for the thread that the front end runs in. */
static int start(struct gather_job *j) {
    pthread_t thread;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int why = pthread_create(&thread, NULL, work, j);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (why == 0)
        pthread_detach(thread);
    return why;
}

struct gather_job *gather_start(const char *const *paths, size_t n, const struct gather_options *o,
                                struct err *e) {
    struct gather_job *j = mem_new(1, sizeof *j);
    j->path = mem_new(n, sizeof *j->path);
    j->n = n;
    for (size_t i = 0; i < n; i++)
        j->path[i] = mem_strdup(paths[i]);
    copy_options(j, o);
    summary_init(&j->out);
    atomic_store(&j->holders, 2);
    j->began_s = now_s();
    j->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    int why = j->fd >= 0 ? start(j) : errno;
    if (why == 0)
        return j;
    err_set(e, ERR_IO, "cannot read in the background: %s", strerror(why));
    atomic_store(&j->holders, 1);
    leave(j);
    return NULL;
}

int gather_fd(const struct gather_job *j) { return j->fd; }

bool gather_done(const struct gather_job *j) { return atomic_load(&j->done); }

void gather_progress(const struct gather_job *j, struct gather_progress *out) {
    static const double settled_s = 0.05;
    double took = now_s() - j->began_s;
    uint64_t done = atomic_load(&j->watch.done_bytes), total = atomic_load(&j->watch.total_bytes);
    double speed = took > settled_s ? (double)done / took : NAN;
    bool known = total > 0 && done > 0 && done <= total;
    *out = (struct gather_progress){.done_bytes = done,
                                    .total_bytes = total,
                                    .bytes_per_s = speed,
                                    .left_s = known ? (double)(total - done) / speed : NAN,
                                    .took_s = took};
}

bool gather_take(struct gather_job *j, struct summary *out, struct gather_digests *files,
                 struct err *e) {
    struct pollfd end = {.fd = j->fd, .events = POLLIN};
    while (!gather_done(j))
        poll(&end, 1, -1);
    *out = j->out;
    summary_init(&j->out);
    if (files) {
        *files = j->files;
        j->files = (struct gather_digests){0};
    }
    bool ok = j->ok;
    if (!ok && e)
        *e = j->error;
    leave(j);
    return ok;
}

void gather_cancel(struct gather_job *j) {
    atomic_store(&j->watch.cancel, true);
    leave(j);
}
