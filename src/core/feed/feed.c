#include "feed/feed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"

static void begin(struct feed *f, const char *name) {
    *f = (struct feed){.fd = -1, .first = true};
    text_copy(f->name, sizeof f->name, name);
}

static bool fail_errno(const struct feed *f, struct err *e) {
    err_set(e, ERR_IO, "cannot read: %s", strerror(errno));
    return err_at(e, f->name, 0);
}

static bool is_readable_kind(const struct feed *f, struct err *e) {
    struct stat st;
    if (fstat(f->fd, &st) != 0)
        return fail_errno(f, e);
    if (S_ISREG(st.st_mode) || S_ISFIFO(st.st_mode))
        return true;
    err_set(e, ERR_FORMAT, S_ISDIR(st.st_mode) ? "is a directory, not a file" : "is not a file");
    err_fix(e, "name a result file");
    return err_at(e, f->name, 0);
}

bool feed_open(struct feed *f, const char *path, struct err *e) {
    begin(f, path);
    bool standard = strcmp(path, "-") == 0;
    f->fd = standard ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    bool ok = f->fd >= 0 ? standard || is_readable_kind(f, e) : fail_errno(f, e);
    if (ok)
        f->piece = mem_new(FEED_PIECE_BYTES, 1);
    else
        feed_close(f);
    return ok;
}

void feed_open_memory(struct feed *f, const char *name, const char *bytes, size_t len) {
    begin(f, name);
    f->memory = bytes;
    f->memory_len = len;
}

/* Fills the piece; a short one only at the end, also from a pipe. */
static bool fill(struct feed *f, size_t *len, struct err *e) {
    *len = 0;
    while (*len < FEED_PIECE_BYTES) {
        ssize_t n = read(f->fd, f->piece + *len, FEED_PIECE_BYTES - *len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail_errno(f, e);
        if (n == 0)
            break;
        *len += (size_t)n;
    }
    return true;
}

static bool check_first(const struct feed *f, const char *bytes, size_t len, struct err *e) {
    if (len == 0) {
        err_set(e, ERR_FORMAT, "is empty");
        return err_at(e, f->name, 0);
    }
    if (file_is_binary(bytes, len)) {
        err_set(e, ERR_FORMAT, "is a binary file, not a result that can be read here");
        return err_at(e, f->name, 0);
    }
    return true;
}

bool feed_next(struct feed *f, const char **bytes, size_t *len, struct err *e) {
    if (f->fd < 0) {
        size_t left = f->memory_len - f->memory_at;
        *len = left < FEED_PIECE_BYTES ? left : FEED_PIECE_BYTES;
        *bytes = f->memory + f->memory_at;
        f->memory_at += *len;
    } else {
        *bytes = f->piece;
        if (!fill(f, len, e))
            return false;
    }
    bool first = f->first;
    f->first = false;
    return !first || check_first(f, *bytes, *len, e);
}

void feed_close(struct feed *f) {
    if (f->fd >= 0)
        close(f->fd);
    free(f->piece);
    f->fd = -1;
    f->piece = NULL;
}
