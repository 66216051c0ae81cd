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
#include "feed/gzip.h"

static void begin(struct feed *f, const char *name) {
    *f = (struct feed){.fd = -1, .first = true};
    text_copy(f->name, sizeof f->name, name);
}

static bool fail_errno(const struct feed *f, int error, struct err *e) {
    err_set(e, ERR_IO, "cannot read: %s", strerror(error));
    return err_at(e, f->name, 0);
}

static bool is_readable_kind(struct feed *f, struct err *e) {
    struct stat st;
    if (fstat(f->fd, &st) != 0)
        return fail_errno(f, errno, e);
    if (S_ISREG(st.st_mode))
        f->size_bytes = (uint64_t)st.st_size;
    if (S_ISREG(st.st_mode) || S_ISFIFO(st.st_mode))
        return true;
    err_set(e, ERR_FORMAT, S_ISDIR(st.st_mode) ? "is a directory, not a file" : "is not a file");
    err_fix(e, "name a result file");
    return err_at(e, f->name, 0);
}

/* Standard input may be anything that can be read; its size is known when it is a file. */
static bool open_standard(struct feed *f, struct err *e) {
    struct stat st;
    f->fd = dup(STDIN_FILENO);
    if (f->fd < 0)
        return fail_errno(f, errno, e);
    if (fstat(f->fd, &st) == 0 && S_ISREG(st.st_mode))
        f->size_bytes = (uint64_t)st.st_size;
    return true;
}

static bool open_file(struct feed *f, const char *path, struct err *e) {
    f->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    return f->fd >= 0 ? is_readable_kind(f, e) : fail_errno(f, errno, e);
}

bool feed_open(struct feed *f, const char *path, struct err *e) {
    begin(f, path);
    bool ok = strcmp(path, "-") == 0 ? open_standard(f, e) : open_file(f, path, e);
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
    f->size_bytes = len;
}

/* --- bytes as they are stored --- */

/* Fills the piece; a short one only at the end, also from a pipe. */
static bool fill(struct feed *f, char *to, size_t size, size_t *len) {
    *len = 0;
    while (*len < size) {
        ssize_t n = read(f->fd, to + *len, size - *len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        if (n == 0)
            break;
        *len += (size_t)n;
    }
    return true;
}

static bool stored_piece(struct feed *f, const char **bytes, size_t *len) {
    if (f->fd < 0) {
        size_t left = f->memory_len - f->memory_at;
        *len = left < FEED_PIECE_BYTES ? left : FEED_PIECE_BYTES;
        *bytes = f->memory + f->memory_at;
        f->memory_at += *len;
    } else {
        *bytes = f->piece;
        if (!fill(f, f->piece, FEED_PIECE_BYTES, len))
            return false;
    }
    f->at_bytes += *len;
    return true;
}

/* --- gzip --- */

bool feed_is_gzip(const char *bytes, size_t len) {
    return len >= 3 && memcmp(bytes, "\x1f\x8b\x08", 3) == 0;
}

/* Runs in the thread of gzip.c, which alone reads the file from then on. The piece that was read to
 * see what it is comes first. */
static long give_stored(void *context, char *to, size_t size) {
    struct feed *f = context;
    size_t len;
    if (f->head_len) {
        len = f->head_len < size ? f->head_len : size;
        memcpy(to, f->head, len);
        f->head += len;
        f->head_len -= len;
        return (long)len;
    }
    if (f->fd >= 0)
        return fill(f, to, size, &len) ? (long)len : -1;
    len = f->memory_len - f->memory_at < size ? f->memory_len - f->memory_at : size;
    memcpy(to, f->memory + f->memory_at, len);
    f->memory_at += len;
    return (long)len;
}

static bool inflated_piece(struct feed *f, const char **bytes, size_t *len, struct err *e) {
    int error;
    enum inflate_state state = inflate_next(f->gz, bytes, len, &error);
    f->at_bytes = inflate_taken(f->gz);
    if (*len > 0 || state == INFLATE_END)
        return true;
    if (state == INFLATE_FAILED)
        return fail_errno(f, error, e);
    if (state == INFLATE_CUT) {
        f->cut = true;
        return true;
    }
    err_set(e, ERR_FORMAT,
            "is damaged: what is compressed in it cannot be undone from byte %llu on",
            (unsigned long long)inflate_sound(f->gz));
    err_fix(e, "copy it again from where it was written, or give the file without gzip");
    return err_at(e, f->name, 0);
}

/* --- pieces --- */

static bool check_first(const struct feed *f, const char *bytes, size_t len, struct err *e) {
    if (len == 0) {
        err_set(e, ERR_FORMAT, f->cut ? "is cut off before its first line" : "is empty");
        return err_at(e, f->name, 0);
    }
    if (file_is_binary(bytes, len)) {
        err_set(e, ERR_FORMAT, "is a binary file, not a result that can be read here");
        return err_at(e, f->name, 0);
    }
    return true;
}

static bool first_piece(struct feed *f, const char **bytes, size_t *len, struct err *e) {
    f->first = false;
    if (!stored_piece(f, bytes, len))
        return fail_errno(f, errno, e);
    if (feed_is_gzip(*bytes, *len)) {
        f->gzip = true;
        f->head = *bytes;
        f->head_len = *len;
        f->gz = inflate_open(give_stored, f, f->size_bytes > 0);
        if (!inflated_piece(f, bytes, len, e))
            return false;
    }
    return check_first(f, *bytes, *len, e);
}

bool feed_next(struct feed *f, const char **bytes, size_t *len, struct err *e) {
    if (f->first)
        return first_piece(f, bytes, len, e);
    if (f->gz)
        return inflated_piece(f, bytes, len, e);
    return stored_piece(f, bytes, len) || fail_errno(f, errno, e);
}

bool feed_read_at(const struct feed *f, uint64_t at, char *to, size_t len, size_t *got,
                  struct err *e) {
    *got = 0;
    while (*got < len) {
        ssize_t n = pread(f->fd, to + *got, len - *got, (off_t)(at + *got));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail_errno(f, errno, e);
        if (n == 0)
            break;
        *got += (size_t)n;
    }
    return true;
}

void feed_close(struct feed *f) {
    inflate_close(f->gz);
    if (f->fd >= 0)
        close(f->fd);
    free(f->piece);
    f->gz = NULL;
    f->fd = -1;
    f->piece = NULL;
}
