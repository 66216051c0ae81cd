#include "feed/grow.h"

#include <errno.h>
#include <fcntl.h>
#include <stdalign.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

static int64_t to_ms(struct timespec t) { return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000; }

static bool same_time(struct timespec a, struct timespec b) {
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static void close_fd(int *fd) {
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static ssize_t read_at(int fd, char *to, size_t size, uint64_t at) {
    ssize_t n;
    do
        n = pread(fd, to, size, (off_t)at);
    while (n < 0 && errno == EINTR);
    return n;
}

void grow_init(struct grow *g, const char *path) {
    *g = (struct grow){
        .fd = -1, .notify = -1, .watched = -1, .order = -1, .ordered = -1, .changed_ms = -1};
    if (strlen(path) < sizeof g->path)
        strcpy(g->path, path);
}

void grow_close(struct grow *g) {
    close_fd(&g->fd);
    close_fd(&g->notify);
    close_fd(&g->order);
}

/* --- writing and closing, as the kernel tells ------------------------------------------------ */

/* By the descriptor, so that it is this file whatever has its name by now. */
static int watch_on(int notify, const struct grow *g, uint32_t mask) {
    char name[40];
    snprintf(name, sizeof name, "/proc/self/fd/%d", g->fd);
    int watched = inotify_add_watch(notify, name, mask);
    return watched >= 0 ? watched : inotify_add_watch(notify, g->path, mask);
}

static void watch_file(struct grow *g) {
    const int flags = IN_NONBLOCK | IN_CLOEXEC;
    if (g->notify < 0) {
        g->notify = inotify_init1(flags);
        g->order = inotify_init1(flags);
        if (g->order < 0)
            close_fd(&g->notify);
    }
    if (g->watched >= 0)
        inotify_rm_watch(g->notify, g->watched);
    if (g->ordered >= 0)
        inotify_rm_watch(g->order, g->ordered);
    g->watched = g->ordered = -1;
    g->ended = g->closed = false;
    if (g->notify < 0)
        return;
    g->ordered = watch_on(g->order, g, IN_MODIFY | IN_CLOSE_WRITE);
    g->watched = watch_on(g->notify, g, IN_CLOSE_WRITE);
}

/* True when something was told of the file. */
static bool drain(int notify, int watched, bool *ended) {
    alignas(struct inotify_event) char bytes[4096];
    bool any = false;
    ssize_t n;
    while (notify >= 0 && (n = read(notify, bytes, sizeof bytes)) > 0) {
        for (const char *at = bytes; at < bytes + n;) {
            struct inotify_event event;
            memcpy(&event, at, sizeof event);
            at += sizeof event + event.len;
            bool lost = event.mask & IN_Q_OVERFLOW;
            if (!lost && (event.wd != watched || !(event.mask & (IN_MODIFY | IN_CLOSE_WRITE))))
                continue;
            any = true;
            *ended = !lost && event.mask & IN_CLOSE_WRITE;
        }
    }
    return any;
}

static void take_news(struct grow *g) {
    bool ignored;
    drain(g->notify, g->watched, &ignored);
    drain(g->order, g->ordered, &g->ended);
}

/* What is told between the size and now may be of bytes that were not seen: then the next look
 * decides. */
static void settle_closed(struct grow *g) {
    g->closed = g->ended && g->at_bytes > 0 && g->at_bytes == g->size_bytes &&
                !drain(g->order, g->ordered, &g->ended);
}

/* --- is it still the file that was read? ------------------------------------------------------ */

static void forget(struct grow *g) {
    g->at_bytes = 0;
    g->first.len = g->last.len = 0;
}

static void add_to_first(struct grow_mark *m, const char *bytes, size_t n) {
    size_t room = GROW_MARK_BYTES - m->len;
    n = n < room ? n : room;
    memcpy(m->bytes + m->len, bytes, n);
    m->len += n;
}

static void add_to_last(struct grow_mark *m, const char *bytes, size_t n) {
    size_t taken = n < GROW_MARK_BYTES ? n : GROW_MARK_BYTES;
    size_t room = GROW_MARK_BYTES - taken, kept = m->len < room ? m->len : room;
    memmove(m->bytes, m->bytes + m->len - kept, kept);
    memcpy(m->bytes + kept, bytes + n - taken, taken);
    m->len = kept + taken;
}

static bool holds(int fd, const struct grow_mark *m, uint64_t at) {
    char bytes[GROW_MARK_BYTES];
    return read_at(fd, bytes, m->len, at) == (ssize_t)m->len &&
           memcmp(bytes, m->bytes, m->len) == 0;
}

/* A file that was cut off and has grown beyond the place again has another beginning, or at least
 * another moment before that place. */
static bool is_same(const struct grow *g) {
    return holds(g->fd, &g->first, 0) &&
           (g->at_bytes <= g->first.len || holds(g->fd, &g->last, g->at_bytes - g->last.len));
}

/* --- opening --------------------------------------------------------------------------------- */

static enum grow_news fail(const struct grow *g, const char *what, struct err *e) {
    err_set(e, ERR_IO, "%s: %s", what, strerror(errno));
    err_fix(e, errno == EACCES ? "give yourself the right to read it; it is tried again"
                               : "it is tried again");
    err_at(e, g->path, 0);
    return GROW_FAILED;
}

static enum grow_news refuse(const struct grow *g, mode_t mode, struct err *e) {
    err_set(e, ERR_FORMAT,
            S_ISDIR(mode)    ? "is a directory, not a file"
            : S_ISFIFO(mode) ? "is a pipe, not a file: it cannot be followed"
                             : "is a device, not a file");
    err_fix(e, "name the result file that the load tool writes");
    err_at(e, g->path, 0);
    return GROW_FAILED;
}

static bool is_absent(int error) { return error == ENOENT || error == ENOTDIR; }

/* GROW_BYTES: *fd is open. The name is looked at first: only opening a pipe or a device can have
 * consequences. */
static enum grow_news open_file(const struct grow *g, int *fd, struct stat *st, struct err *e) {
    *fd = -1;
    if (!g->path[0])
        return GROW_ABSENT;
    if (stat(g->path, st) == 0 && !S_ISREG(st->st_mode))
        return refuse(g, st->st_mode, e);
    *fd = open(g->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (*fd < 0 && is_absent(errno))
        return GROW_ABSENT;
    if (*fd < 0 || fstat(*fd, st) != 0) {
        enum grow_news news = fail(g, "cannot open it", e);
        close_fd(fd);
        return news;
    }
    if (S_ISREG(st->st_mode))
        return GROW_BYTES;
    close_fd(fd);
    return refuse(g, st->st_mode, e);
}

static void take_size(struct grow *g, const struct stat *st) {
    g->size_bytes = (uint64_t)st->st_size;
    g->changed_ms = to_ms(st->st_mtim);
    g->written = st->st_mtim;
    g->touched = st->st_ctim;
}

/* The file that has the name now. GROW_ANEW: another one was read before. */
static enum grow_news take_file(struct grow *g, struct err *e) {
    struct stat st;
    int fd;
    enum grow_news news = open_file(g, &fd, &st, e);
    if (news == GROW_ABSENT)
        g->changed_ms = -1;
    if (news != GROW_BYTES)
        return news;
    bool another = st.st_dev != g->device || st.st_ino != g->inode;
    bool anew = another && g->at_bytes > 0;
    close_fd(&g->fd);
    g->fd = fd;
    g->device = st.st_dev;
    g->inode = st.st_ino;
    watch_file(g);
    take_size(g, &st);
    g->touched = (struct timespec){0}; /* so that the first look compares what was read */
    if (another)
        forget(g);
    return anew ? GROW_ANEW : GROW_BYTES;
}

/* --- reading --------------------------------------------------------------------------------- */

/* The name may have gone to another file. */
static enum grow_news follow_name(struct grow *g, struct err *e) {
    struct stat st;
    if (stat(g->path, &st) != 0) {
        if (!is_absent(errno))
            return GROW_QUIET;
        g->changed_ms = -1;
        return GROW_ABSENT;
    }
    if (st.st_dev == g->device && st.st_ino == g->inode)
        return GROW_QUIET;
    enum grow_news news = take_file(g, e);
    return news == GROW_BYTES ? GROW_QUIET : news;
}

static enum grow_news lose(struct grow *g, struct err *e) {
    enum grow_news news = fail(g, "cannot read it", e);
    close_fd(&g->fd);
    g->closed = false;
    return news;
}

/* Reads first and then sees whether it was the same file: one that is cut off in between is never
 * taken for it. */
static enum grow_news read_more(struct grow *g, char *to, size_t size, size_t *len, struct err *e) {
    struct stat st;
    ssize_t n = 0;
    if (fstat(g->fd, &st) != 0)
        return lose(g, e);
    bool moved = !same_time(st.st_mtim, g->written) || !same_time(st.st_ctim, g->touched);
    take_size(g, &st);
    if (g->size_bytes > g->at_bytes)
        n = read_at(g->fd, to, size, g->at_bytes);
    if (n < 0 && errno != EAGAIN)
        return lose(g, e);
    if (g->size_bytes < g->at_bytes || ((moved || n > 0) && !is_same(g))) {
        forget(g);
        return GROW_ANEW;
    }
    if (n <= 0)
        return GROW_QUIET;
    add_to_first(&g->first, to, (size_t)n);
    add_to_last(&g->last, to, (size_t)n);
    g->at_bytes += (uint64_t)n;
    g->size_bytes = g->size_bytes > g->at_bytes ? g->size_bytes : g->at_bytes;
    *len = (size_t)n;
    return GROW_BYTES;
}

enum grow_news grow_next(struct grow *g, char *to, size_t size, size_t *len, struct err *e) {
    *len = 0;
    enum grow_news news = g->fd < 0 ? take_file(g, e) : GROW_BYTES;
    if (news != GROW_BYTES)
        return news;
    take_news(g);
    news = read_more(g, to, size, len, e);
    if (news == GROW_QUIET)
        news = follow_name(g, e);
    settle_closed(g);
    return news;
}

bool grow_head(struct grow *g, char *to, size_t size, size_t *len) {
    struct stat st;
    int fd = g->fd;
    if (fd < 0 && open_file(g, &fd, &st, NULL) != GROW_BYTES)
        return false;
    ssize_t n = read_at(fd, to, size, 0);
    if (g->fd < 0)
        close(fd);
    *len = n > 0 ? (size_t)n : 0;
    return n >= 0;
}

static void mark_from(int fd, struct grow_mark *m, uint64_t at, size_t size) {
    ssize_t n = read_at(fd, m->bytes, size, at);
    m->len = n > 0 ? (size_t)n : 0;
}

void grow_skip(struct grow *g) {
    struct stat st;
    if (g->fd < 0)
        take_file(g, NULL);
    if (g->fd < 0 || fstat(g->fd, &st) != 0)
        return;
    take_news(g);
    take_size(g, &st);
    g->at_bytes = g->size_bytes;
    size_t n = g->at_bytes < GROW_MARK_BYTES ? (size_t)g->at_bytes : GROW_MARK_BYTES;
    mark_from(g->fd, &g->first, 0, n);
    mark_from(g->fd, &g->last, g->at_bytes - n, n);
    settle_closed(g);
}

void grow_again(struct grow *g) {
    forget(g);
    g->closed = false;
}

bool grow_in_line(const struct grow *g) {
    return g->last.len > 0 && g->last.bytes[g->last.len - 1] != '\n';
}

uint64_t grow_left(const struct grow *g) {
    return g->size_bytes > g->at_bytes ? g->size_bytes - g->at_bytes : 0;
}

int grow_fd(const struct grow *g) { return g->notify; }
