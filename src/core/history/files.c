#include "history/parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

enum { TEMP_BYTES = 32, TRIES = 8 };
#define TEMP_START ".new-"

const char *const store_folders[STORE_FOLDERS] = {RUNS_FOLDER, SAID_FOLDER, LIVE_FOLDER,
                                                  DRAFTS_FOLDER};

/* As SQLite's own files have it: the disk is named by its workspace. */
static bool cannot_write(int dirfd, const char *verb, const char *shown, struct err *e) {
    char link[64], dir[STORE_PATH_BYTES + 32];
    if (errno != ENOSPC && errno != EDQUOT)
        return folder_cannot(verb, shown, e);
    snprintf(link, sizeof link, "/proc/self/fd/%d", dirfd);
    ssize_t n = readlink(link, dir, sizeof dir - 1);
    dir[n > 0 ? n : 0] = '\0';
    char *store = strstr(dir, "/" STORE_FOLDER);
    if (store)
        *store = '\0';
    err_set(e, ERR_IO, "no space left on %s", dir);
    return err_fix(e, "free space and try again");
}

/* --- folders ---------------------------------------------------------------------------------- */

/* Whoever made it and was killed, or was not the one who shared the store: its owner puts it right
 * at his next visit. What is somebody else's stays as he made it. */
static void put_right(int fd, mode_t mode, gid_t group) {
    struct stat st;
    if (fstat(fd, &st) != 0 || st.st_uid != geteuid())
        return;
    if (st.st_gid != group && (mode & S_IRWXG) && fchown(fd, (uid_t)-1, group) != 0)
        return;
    if ((st.st_mode & 07777) != mode)
        fchmod(fd, mode);
}

/* -1 with errno; ELOOP and ENOTDIR for what is no folder. */
static int open_folder(int at, const char *name) {
    return openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static bool not_opened(int at, const char *name, const char *shown, struct err *e) {
    int why = errno;
    struct stat st;
    if (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode))
        return folder_refuse("is a symbolic link, which is not followed here", shown, e);
    if (why == ENOTDIR)
        return folder_refuse("is not a folder", shown, e);
    errno = why;
    return folder_cannot("open", shown, e);
}

/* root at work in somebody's store does not lock its owner out. */
static void give_to_owner(int at, int fd) {
    struct stat store;
    if (geteuid() == 0 && fd >= 0 && fstat(at, &store) == 0 &&
        fchown(fd, store.st_uid, store.st_gid) != 0)
        return; /* it stays root's, which is said when it cannot be opened */
}

static bool open_sub(int at, const char *name, bool create, int *fd, struct err *e) {
    char shown[64];
    struct stat store;
    snprintf(shown, sizeof shown, STORE_FOLDER "/%s", name);
    *fd = open_folder(at, name);
    if (*fd < 0 && errno == ENOENT && !create)
        return true;
    if (*fd < 0 && errno == ENOENT) {
        if (mkdirat(at, name, 0700) != 0 && errno != EEXIST)
            return cannot_write(at, "make", shown, e);
        *fd = open_folder(at, name);
        give_to_owner(at, *fd);
        fsync(at);
    }
    if (*fd < 0)
        return not_opened(at, name, shown, e);
    if (fstat(at, &store) == 0)
        put_right(*fd, mode_is_shared(store.st_mode) ? 03770 : 0700, store.st_gid);
    return true;
}

bool folder_sub(const struct history *h, const char *name, bool create, int *fd, struct err *e) {
    *fd = -1;
    int at = open_folder(AT_FDCWD, h->at.folder);
    if (at < 0)
        return not_opened(AT_FDCWD, h->at.folder, STORE_FOLDER, e);
    bool ok = open_sub(at, name, create, fd, e);
    close(at);
    return ok;
}

/* --- files ------------------------------------------------------------------------------------ */

/* What root writes into somebody's private folder is for its owner to read. */
mode_t folder_file_mode(int dirfd) {
    struct stat st;
    if (fstat(dirfd, &st) != 0)
        return 0600;
    return mode_is_shared(st.st_mode) ? 0640 : st.st_uid == geteuid() ? 0600 : 0604;
}

static int make_temp(int dirfd, char name[TEMP_BYTES]) {
    int fd = -1;
    for (int i = 0; i < TRIES && fd < 0; i++) {
        uint64_t number = 0;
        if (getrandom(&number, sizeof number, 0) != sizeof number)
            number = (uint64_t)getpid() * TRIES + (uint64_t)i;
        snprintf(name, TEMP_BYTES, TEMP_START "%016llx", (unsigned long long)number);
        fd = openat(dirfd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (fd < 0 && errno != EEXIST)
            break;
    }
    return fd;
}

/* Where the file system does not know the flag, a hard link does the same. */
static bool take_name(int dirfd, const char *temp, const char *name, bool replace) {
    if (replace)
        return renameat(dirfd, temp, dirfd, name) == 0;
    if (renameat2(dirfd, temp, dirfd, name, RENAME_NOREPLACE) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS)
        return false;
    if (linkat(dirfd, temp, dirfd, name, 0) != 0)
        return false;
    unlinkat(dirfd, temp, 0);
    return true;
}

static bool put(int dirfd, const char *name, const void *bytes, size_t len, mode_t mode,
                bool replace, const char *shown, struct err *e) {
    char temp[TEMP_BYTES];
    int fd = make_temp(dirfd, temp);
    if (fd < 0)
        return cannot_write(dirfd, "write", shown, e);
    bool ok = file_write_all(fd, bytes, len) && fchmod(fd, mode) == 0;
    int why = errno;
    if (close(fd) != 0 && ok) {
        ok = false;
        why = errno;
    }
    if (ok && !take_name(dirfd, temp, name, replace)) {
        ok = false;
        why = errno;
    }
    if (ok) {
        fsync(dirfd);
        return true;
    }
    unlinkat(dirfd, temp, 0);
    errno = why;
    return why == EEXIST ? folder_refuse("exists; nothing is ever overwritten", shown, e)
                         : cannot_write(dirfd, "write", shown, e);
}

bool folder_write_new(int dirfd, const char *name, const void *bytes, size_t len, mode_t mode,
                      const char *shown, struct err *e) {
    return put(dirfd, name, bytes, len, mode, false, shown, e);
}

bool folder_replace(int dirfd, const char *name, const void *bytes, size_t len, mode_t mode,
                    const char *shown, struct err *e) {
    return put(dirfd, name, bytes, len, mode, true, shown, e);
}

static char *read_all(int fd, size_t size, size_t *len) {
    char *bytes = mem_new(size + 1, 1);
    size_t n = 0;
    while (n < size) {
        ssize_t got = read(fd, bytes + n, size - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            free(bytes);
            return NULL;
        }
        if (got == 0)
            break;
        n += (size_t)got;
    }
    bytes[n] = '\0';
    *len = n;
    return bytes;
}

static bool may_read(int fd, size_t max, struct stat *st, const char *shown, struct err *e) {
    if (fstat(fd, st) != 0)
        return folder_cannot("read", shown, e);
    if (!S_ISREG(st->st_mode))
        return folder_refuse("is not a file", shown, e);
    if ((uintmax_t)st->st_size <= max)
        return true;
    err_set(e, ERR_LIMIT, "has %jd bytes, more than the %zu that are read here",
            (intmax_t)st->st_size, max);
    return err_at(e, shown, 0);
}

char *folder_read(int dirfd, const char *name, size_t max, size_t *len, struct stat *st,
                  const char *shown, struct err *e) {
    struct stat own;
    char *bytes = NULL;
    st = st ? st : &own;
    int fd = openat(dirfd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        int why = errno;
        if (why == ELOOP)
            folder_refuse("is a symbolic link, which is not followed here", shown, e);
        else
            folder_cannot("read", shown, e);
        errno = why;
        return NULL;
    }
    if (may_read(fd, max, st, shown, e)) {
        bytes = read_all(fd, (size_t)st->st_size, len);
        if (!bytes)
            folder_cannot("read", shown, e);
    }
    close(fd);
    return bytes;
}

/* --- order ------------------------------------------------------------------------------------ */

enum { TEMP_OLD_S = 60 };

static bool is_leftover(const char *name, const struct stat *st) {
    int64_t age = (int64_t)time(NULL) - st->st_mtime;
    return strncmp(name, TEMP_START, strlen(TEMP_START)) == 0 &&
           (age > TEMP_OLD_S || age < -TEMP_OLD_S);
}

static void tidy_file(int dirfd, const char *name, mode_t mode, gid_t group) {
    struct stat st;
    if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode) ||
        st.st_uid != geteuid())
        return;
    if (is_leftover(name, &st)) {
        unlinkat(dirfd, name, 0);
        return;
    }
    if ((st.st_mode & 07777) == mode && (st.st_gid == group || !(mode & S_IRWXG)))
        return;
    int fd = openat(dirfd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return;
    put_right(fd, mode, group);
    close(fd);
}

/* Takes dirfd. */
static void tidy(int dirfd, bool is_private) {
    struct stat folder;
    DIR *dir = fdopendir(dirfd);
    if (!dir) {
        close(dirfd);
        return;
    }
    bool known = fstat(dirfd, &folder) == 0;
    mode_t mode = is_private ? 0600 : folder_file_mode(dirfd);
    for (struct dirent *entry; known && (entry = readdir(dir));)
        tidy_file(dirfd, entry->d_name, mode, folder.st_gid);
    closedir(dir);
}

void folders_tidy(const struct history *h) {
    for (size_t i = 0; i < STORE_FOLDERS; i++) {
        int fd;
        if (folder_sub(h, store_folders[i], false, &fd, NULL) && fd >= 0)
            tidy(fd, strcmp(store_folders[i], DRAFTS_FOLDER) == 0);
    }
}
