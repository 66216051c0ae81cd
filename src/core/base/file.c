#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mem.h"

static bool cannot(const char *verb, const char *path, struct err *e) {
    err_set(e, ERR_IO, "cannot %s: %s", verb, strerror(errno));
    return err_at(e, path, 0);
}

static bool check_kind(int fd, const char *path, size_t max, size_t *size, struct err *e) {
    struct stat st;
    if (fstat(fd, &st) != 0)
        return cannot("read", path, e);
    if (!S_ISREG(st.st_mode)) {
        err_set(e, ERR_FORMAT,
                S_ISDIR(st.st_mode) ? "is a directory, not a file" : "is not a file");
        return err_at(e, path, 0);
    }
    if ((uintmax_t)st.st_size > max) {
        err_set(e, ERR_LIMIT, "has %jd bytes, more than the %zu that are read here",
                (intmax_t)st.st_size, max);
        return err_at(e, path, 0);
    }
    *size = (size_t)st.st_size;
    return true;
}

/* The size is only a guess: files in /proc say 0, others grow while they are read. The first read
 * is large, because files in /proc/sys give nothing to a second one. */
static char *read_all(int fd, const char *path, size_t guess, size_t max, size_t *len,
                      struct err *e) {
    size_t cap = guess < 8192 ? 8192 : guess + 1, n = 0;
    char *bytes = mem_new(cap + 1, 1);
    for (;;) {
        if (n == cap) {
            cap *= 2;
            bytes = mem_resize(bytes, cap + 1, 1);
        }
        ssize_t got = read(fd, bytes + n, cap - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            cannot("read", path, e);
            break;
        }
        n += (size_t)got;
        if (n > max) {
            err_set(e, ERR_LIMIT, "has more than the %zu bytes that are read here", max);
            err_at(e, path, 0);
            break;
        }
        if (got == 0) {
            bytes[n] = '\0';
            *len = n;
            return bytes;
        }
    }
    free(bytes);
    return NULL;
}

char *file_read(const char *path, size_t max, size_t *len, struct err *e) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        cannot("read", path, e);
        return NULL;
    }
    size_t size = 0;
    char *bytes = NULL;
    if (check_kind(fd, path, max, &size, e))
        bytes = read_all(fd, path, size, max, len, e);
    close(fd);
    return bytes;
}

bool file_write_all(int fd, const char *bytes, size_t len) {
    while (len) {
        ssize_t put = write(fd, bytes, len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        bytes += put;
        len -= (size_t)put;
    }
    return fsync(fd) == 0;
}

static void sync_folder(const char *path) {
    char dir[4096];
    snprintf(dir, sizeof dir, "%s", path);
    char *slash = strrchr(dir, '/');
    if (slash)
        *(slash == dir ? slash + 1 : slash) = '\0';
    int fd = open(slash ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
}

/* A rename that fails when path has appeared meanwhile. Old kernels and some file systems do not
 * know the flag: there a hard link does the same. */
static bool take_name(const char *temp, const char *path) {
    if (renameat2(AT_FDCWD, temp, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS)
        return false;
    if (link(temp, path) != 0)
        return false;
    unlink(temp);
    return true;
}

bool file_write_new(const char *path, const void *bytes, size_t len, struct err *e) {
    char temp[4096];
    int n = snprintf(temp, sizeof temp, "%s.XXXXXX", path);
    if (n < 0 || (size_t)n >= sizeof temp) {
        err_set(e, ERR_LIMIT, "the name is too long");
        return err_at(e, path, 0);
    }
    if (file_exists(path)) {
        err_set(e, ERR_REFUSED, "exists; nothing is ever overwritten");
        return err_at(e, path, 0);
    }
    int fd = mkostemp(temp, O_CLOEXEC);
    if (fd < 0)
        return cannot("write", path, e);
    mode_t mask = umask(0);
    umask(mask);
    bool ok = fchmod(fd, 0666 & ~mask) == 0 && file_write_all(fd, bytes, len);
    int why = errno;
    if (close(fd) != 0 && ok) {
        ok = false;
        why = errno;
    }
    if (ok && !take_name(temp, path)) {
        ok = false;
        why = errno;
    }
    if (!ok) {
        unlink(temp);
        errno = why;
        return cannot("write", path, e);
    }
    sync_folder(path);
    return true;
}

bool file_exists(const char *path) {
    struct stat st;
    return lstat(path, &st) == 0;
}

int64_t file_mtime(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 ? (int64_t)st.st_mtime : -1;
}

bool file_join(char *out, size_t size, const char *dir, const char *name) {
    bool alone = name[0] == '/' || dir[0] == '\0' || strcmp(dir, ".") == 0;
    size_t n = strlen(dir);
    const char *slash = n && dir[n - 1] == '/' ? "" : "/";
    int got =
        alone ? snprintf(out, size, "%s", name) : snprintf(out, size, "%s%s%s", dir, slash, name);
    return got >= 0 && (size_t)got < size;
}

const char *file_base(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

bool file_is_binary(const char *bytes, size_t len) {
    size_t look = len < 4096 ? len : 4096, odd = 0;
    for (size_t i = 0; i < look; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c == 0)
            return true;
        odd += (c < 0x20 && !strchr("\t\n\r\f\b\033", c)) || c == 0x7f;
    }
    return odd * 8 > look;
}
