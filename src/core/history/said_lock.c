#include <errno.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>

#include "base/clock.h"
#include "history/parts.h"
#include "history/said_parts.h"

enum { WAIT_MS = 5000, PAUSE_MS = 5 };

/* A line of /proc/locks: 3: FLOCK  ADVISORY  WRITE 812 fe:00:131 0 EOF */
static bool holds(const char *line, const struct stat *of, int *pid) {
    unsigned major, minor;
    unsigned long inode;
    return sscanf(line, "%*d: FLOCK %*s %*s %d %x:%x:%lu", pid, &major, &minor, &inode) == 4 &&
           inode == of->st_ino && makedev(major, minor) == of->st_dev;
}

static bool find_holder(int dirfd, char *name, size_t size) {
    char line[256], path[32];
    struct stat dir, process;
    bool found = false;
    int pid;
    FILE *f = fopen("/proc/locks", "re");
    if (!f)
        return false;
    if (fstat(dirfd, &dir) == 0)
        while (!found && fgets(line, sizeof line, f))
            found = holds(line, &dir, &pid);
    fclose(f);
    if (!found)
        return false;
    snprintf(path, sizeof path, "/proc/%d", pid);
    if (stat(path, &process) != 0)
        return false;
    who_name(process.st_uid, name, size);
    return true;
}

static bool is_busy(int dirfd, struct err *e) {
    char name[80];
    if (find_holder(dirfd, name, sizeof name))
        err_set(e, ERR_IO, "the store is busy (%s is writing)", name);
    else
        err_set(e, ERR_IO, "the store is busy");
    return err_fix(e, "try again");
}

/* Hosts that share a network disk may not see each other's flock(): there the database's lock,
 * which they do see, is taken too. */
bool said_lock(struct history *h, int dirfd, struct err *e) {
    const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
    int64_t start = clock_steady_ms();
    while (flock(dirfd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            break; /* cannot be locked here: names that exist are never taken all the same */
        if (clock_steady_ms() - start >= WAIT_MS)
            return is_busy(dirfd, e);
        nanosleep(&pause, NULL);
    }
    return !h->disk.network || store_begin(h, e);
}

void said_unlock(struct history *h, int dirfd) {
    if (h->disk.network)
        store_rollback(h);
    flock(dirfd, LOCK_UN);
}
