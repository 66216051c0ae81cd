#include "history/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "history/fields.h"
#include "history/said_parts.h"

enum { GROUP_ROOM = 64 * 1024 };

bool mode_is_shared(mode_t folder) { return (folder & S_IWGRP) != 0; }

/* --- groups ----------------------------------------------------------------------------------- */

void group_name(gid_t gid, char *out, size_t size) {
    struct group entry, *found = NULL;
    char *room = mem_new(GROUP_ROOM, 1);
    if (getgrgid_r(gid, &entry, room, GROUP_ROOM, &found) == 0 && found && found->gr_name[0])
        text_copy(out, size, found->gr_name);
    else
        snprintf(out, size, "gid %lld", (long long)gid);
    free(room);
}

static bool group_by_name(const char *name, gid_t *gid) {
    struct group entry, *found = NULL;
    int64_t number;
    char *room = mem_new(GROUP_ROOM, 1);
    bool ok = getgrnam_r(name, &entry, room, GROUP_ROOM, &found) == 0 && found;
    if (ok)
        *gid = found->gr_gid;
    free(room);
    if (ok)
        return true;
    ok = fields_number(name, strlen(name), &number) && number >= 0 && number < UINT32_MAX;
    if (ok)
        *gid = (gid_t)number;
    return ok;
}

bool group_has_me(gid_t gid) {
    int n = getgroups(0, NULL);
    gid_t *list = mem_new((size_t)(n > 0 ? n : 1), sizeof *list);
    n = getgroups(n, list);
    bool has = getegid() == gid;
    for (int i = 0; i < n; i++)
        has |= list[i] == gid;
    free(list);
    return has;
}

void history_access(const struct history *h, struct history_access *out) {
    struct stat st;
    *out = (struct history_access){0};
    if (stat(h->at.folder, &st) != 0)
        return;
    out->shared = mode_is_shared(st.st_mode);
    group_name(st.st_gid, out->group, sizeof out->group);
    who_name(st.st_uid, out->owner, sizeof out->owner);
}

/* --- giving it away --------------------------------------------------------------------------- */

static bool cannot(const char *name, struct err *e) {
    err_set(e, ERR_IO, "cannot change who may use it: %s", strerror(errno));
    return err_at(e, name, 0);
}

/* The group first: changing it takes the setgid bit away. */
static bool give(int fd, gid_t group, mode_t mode, const char *shown, struct err *e) {
    if (mode & S_IRWXG && fchown(fd, (uid_t)-1, group) != 0)
        return cannot(shown, e);
    return fchmod(fd, mode) == 0 || cannot(shown, e);
}

/* By a descriptor that only names the file: closing a real one would drop the locks that this
 * process has on a database. */
bool file_give(int at, const char *name, gid_t group, mode_t mode, struct err *e) {
    char path[64];
    struct stat st;
    int fd = openat(at, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT || cannot(name, e);
    bool mine =
        fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (st.st_uid == geteuid() || geteuid() == 0);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    bool ok = !mine || ((!(mode & S_IRWXG) || st.st_gid == group ||
                         fchownat(fd, "", (uid_t)-1, group, AT_EMPTY_PATH) == 0) &&
                        chmod(path, mode) == 0);
    if (!ok)
        cannot(name, e);
    close(fd);
    return ok;
}

/* What SQLite's files of others lack, their owners' next visit gives. */
static bool give_database(int at, gid_t group, bool shared, struct err *e) {
    static const char *const names[] = {"runs.db", "runs.db-wal", "runs.db-shm", "runs.db-journal"};
    bool ok = true;
    for (size_t i = 0; ok && i < sizeof names / sizeof names[0]; i++)
        ok = file_give(at, names[i], group, shared ? 0660 : 0600, e);
    return ok;
}

static bool give_folders(const struct history *h, gid_t group, bool shared, struct err *e) {
    for (size_t i = 0; i < STORE_FOLDERS; i++) {
        int fd;
        if (!folder_sub(h, store_folders[i], shared, &fd, e))
            return false;
        if (fd < 0)
            continue;
        bool ok = give(fd, group, shared ? 03770 : 0700, store_folders[i], e);
        close(fd);
        if (!ok)
            return false;
    }
    return true;
}

/* The door last when it is opened, first when it is closed. */
static bool give_all(const struct history *h, gid_t group, bool shared, struct err *e) {
    int at = open(h->at.folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (at < 0)
        return cannot(STORE_FOLDER, e);
    bool ok = (shared || give(at, group, 0700, STORE_FOLDER, e)) &&
              give_folders(h, group, shared, e) && give_database(at, group, shared, e) &&
              (!shared || give(at, group, 02770, STORE_FOLDER, e));
    close(at);
    if (ok)
        folders_tidy(h);
    return ok;
}

static bool is_owner(const struct history *h, const char *group, struct err *e) {
    struct stat st;
    char owner[64];
    if (stat(h->at.folder, &st) != 0)
        return cannot(STORE_FOLDER, e);
    if (st.st_uid == geteuid() || geteuid() == 0)
        return true;
    who_name(st.st_uid, owner, sizeof owner);
    err_set(e, ERR_REFUSED, STORE_FOLDER " belongs to %s, who alone says who may use it", owner);
    return group ? err_fix(e, "ask %s to run: perfscale share --group %s", owner, group)
                 : err_fix(e, "ask %s to run: perfscale share --private", owner);
}

static bool find_group(const char *group, gid_t *gid, struct err *e) {
    if (!group)
        return true;
    if (!group_by_name(group, gid))
        return err_set(e, ERR_USAGE, "there is no group \"%.64s\"", group);
    if (group_has_me(*gid) || geteuid() == 0)
        return true;
    err_set(e, ERR_REFUSED, "you are not in group %.64s", group);
    return err_fix(e, "have an administrator put you in it, log in again, then share");
}

bool history_share(const char *dir, const char *group, struct err *e) {
    struct history *h;
    gid_t gid = getegid();
    if (!find_group(group, &gid, e) || !history_open(&h, dir, true, e))
        return false;
    bool ok = is_owner(h, group, e) && give_all(h, gid, group != NULL, e);
    history_close(h);
    return ok;
}
