#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/text.h"
#include "history/fields.h"
#include "history/parts.h"
#include "history/presence_parts.h"
#include "history/said_parts.h"

enum { START_FIELD = 22 };

/* --- a program -------------------------------------------------------------------------------- */

static bool next_number(const char **name, char stop, int64_t most, int64_t *out) {
    size_t len = strspn(*name, "0123456789");
    if ((*name)[len] != stop || !fields_number(*name, len, out) || *out > most)
        return false;
    *name += len + (stop != '\0');
    return true;
}

bool here_parse(const char *name, struct here *out) {
    int64_t pid = 0;
    *out = (struct here){0};
    if (!next_number(&name, '.', SAID_UID_MOST, &out->uid) ||
        !next_number(&name, '.', INT32_MAX, &pid) ||
        !next_number(&name, '\0', INT64_MAX, &out->start))
        return false;
    out->pid = (int)pid;
    return pid > 0;
}

void here_name(const struct here *h, char out[HERE_NAME_BYTES]) {
    snprintf(out, HERE_NAME_BYTES, "%" PRId64 ".%d.%" PRId64, h->uid, h->pid, h->start);
}

bool here_same(const struct here *a, const struct here *b) {
    return a->uid == b->uid && a->pid == b->pid && a->start == b->start;
}

/* The field behind n spaces after the name, which is in brackets and can hold anything. */
static bool read_start(int pid, int64_t *start) {
    char path[32], line[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, line, sizeof line - 1);
    if (fd >= 0)
        close(fd);
    if (n <= 0)
        return false;
    line[n] = '\0';
    const char *at = strrchr(line, ')');
    for (int field = 2; at && field < START_FIELD; field++)
        at = strchr(at + 1, ' ');
    return at && fields_number(at + 1, strcspn(at + 1, " "), start);
}

struct here here_self(void) {
    struct here self = {.uid = geteuid(), .pid = getpid()};
    if (!read_start(self.pid, &self.start))
        self.start = 0;
    return self;
}

int64_t here_space(void) {
    struct stat st;
    return stat("/proc/self/ns/pid", &st) == 0 ? (int64_t)st.st_ino : 0;
}

static bool has_ended(int pidfd) {
    struct pollfd p = {.fd = pidfd, .events = POLLIN};
    return poll(&p, 1, 0) == 1;
}

bool here_alive(const struct here *h, int *pidfd) {
    int64_t start = 0;
    *pidfd = (int)syscall(SYS_pidfd_open, h->pid, 0);
    bool alive = *pidfd >= 0 ? !has_ended(*pidfd) : errno != ESRCH && errno != EINVAL;
    /* Some systems hide others' /proc: then the number alone has to do. */
    if (alive && read_start(h->pid, &start))
        alive = start == h->start;
    else if (alive)
        alive = *pidfd >= 0;
    if (!alive && *pidfd >= 0) {
        close(*pidfd);
        *pidfd = -1;
    }
    return alive;
}

/* --- its file --------------------------------------------------------------------------------- */

#define AT(member) .at = offsetof(struct here_file, member)

static const struct field here_field[] = {
    {"name", FIELD_TEXT, true, AT(is.name), .size = sizeof((struct person *)0)->name},
    {"since_ms", FIELD_LONG, true, AT(is.since_ms), .most = SAID_MS_MOST},
    {"space", FIELD_LONG, true, AT(space), .most = INT64_MAX},
    {"screen", FIELD_INT, true, AT(is.at.screen), .most = 99},
    {"run", FIELD_LONG, false, AT(is.at.run), .most = SAID_RUN_MOST},
    {"other", FIELD_LONG, false, AT(is.at.other), .most = SAID_RUN_MOST},
    {"focus", FIELD_TEXT, false, AT(is.at.focus), .size = PLACE_KEY_BYTES},
    {"time", FIELD_SECONDS, false, AT(is.at.time_s), .most = SAID_MS_MOST},
    {"typing", FIELD_FLAG, false, AT(is.at.typing)},
    {"follows_uid", FIELD_LONG, true, AT(is.follows_uid), .least = -1, .most = SAID_UID_MOST},
    {"follows_pid", FIELD_INT, false, AT(is.follows_pid), .most = INT32_MAX},
};
static const struct fields here_fields = {"here", here_field,
                                          sizeof here_field / sizeof *here_field};

size_t here_write(const struct here_file *f, char out[HERE_FILE_BYTES]) {
    struct buf text;
    buf_init(&text, HERE_FILE_BYTES);
    fields_write(&here_fields, f, &text);
    size_t len = text.full ? 0 : text.len;
    memcpy(out, text.data, len);
    buf_fini(&text);
    return len;
}

bool here_read(const struct here *of, const char *bytes, size_t len, struct here_file *out) {
    *out = (struct here_file){.is = {.at.time_s = (double)NAN, .follows_uid = -1}};
    if (len > HERE_FILE_BYTES || !fields_read(&here_fields, bytes, len, out))
        return false;
    out->is.uid = of->uid;
    out->is.pid = of->pid;
    return true;
}

bool here_put(int dirfd, const char *name, const char *bytes, size_t len) {
    char temp[HERE_NAME_BYTES + 1];
    snprintf(temp, sizeof temp, ".%s", name);
    unlinkat(dirfd, temp, 0);
    int fd = openat(dirfd, temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    bool ok = write(fd, bytes, len) == (ssize_t)len && fchmod(fd, folder_file_mode(dirfd)) == 0;
    ok = close(fd) == 0 && ok && renameat(dirfd, temp, dirfd, name) == 0;
    if (!ok)
        unlinkat(dirfd, temp, 0);
    return ok;
}
