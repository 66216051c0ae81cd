#include "history/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/file.h"
#include "history/said_parts.h"

bool folder_cannot(const char *verb, const char *shown, struct err *e) {
    err_set(e, ERR_IO, "cannot %s: %s", verb, strerror(errno));
    return err_at(e, shown, 0);
}

bool folder_refuse(const char *what, const char *shown, struct err *e) {
    err_set(e, ERR_REFUSED, "%s", what);
    return err_at(e, shown, 0);
}

/* The folder is there, and this user may not look into it. */
static bool shut(const char *folder, struct err *e) {
    struct stat st;
    char owner[64], group[64];
    if (stat(folder, &st) != 0)
        return folder_cannot("read", STORE_FOLDER, e);
    who_name(st.st_uid, owner, sizeof owner);
    group_name(st.st_gid, group, sizeof group);
    bool shared = mode_is_shared(st.st_mode);
    err_set(e, ERR_IO, STORE_FOLDER " belongs to %s, group %s, and you may not enter it", owner,
            group);
    return shared ? err_fix(e, "have an administrator put you in group %s, and log in again", group)
                  : err_fix(e, "ask %s to run: perfscale share --group NAME", owner);
}

/* kind: S_IFDIR or S_IFREG. Not there is no error. */
static bool look(const char *path, mode_t kind, const char *shown, bool *there, struct err *e) {
    struct stat st;
    *there = lstat(path, &st) == 0;
    if (!*there)
        return errno == ENOENT || folder_cannot("read", shown, e);
    if ((st.st_mode & S_IFMT) == kind)
        return true;
    if (S_ISLNK(st.st_mode))
        return folder_refuse("is a symbolic link, which is not followed here", shown, e);
    return folder_refuse(kind == S_IFDIR ? "is not a folder" : "is not a file", shown, e);
}

/* A rollback journal may end with the name of a second journal, which SQLite deletes after it has
 * played the first one back (readSuperJournal and pager_delsuper in its pager.c). The name can be
 * any file of the user's. We never write such a journal, so one that came with a workspace is not
 * played. */
static bool journal_names_a_file(const char *path) {
    static const unsigned char mark[8] = {0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7};
    unsigned char tail[sizeof mark] = {0};
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return false;
    bool read_it = lseek(fd, -(off_t)sizeof tail, SEEK_END) >= 0 &&
                   read(fd, tail, sizeof tail) == (ssize_t)sizeof tail;
    close(fd);
    return read_it && memcmp(tail, mark, sizeof mark) == 0;
}

/* SQLite opens the first names by itself, and people's files lie in the others. */
static bool look_beside(const struct place *p, struct err *e) {
    static const struct {
        const char *end;
        bool is_journal;
    } beside[] = {{"-wal", false}, {"-shm", false}, {"-journal", true}};
    for (size_t i = 0; i < sizeof beside / sizeof beside[0]; i++) {
        char path[STORE_PATH_BYTES + 8], shown[32];
        bool there;
        snprintf(path, sizeof path, "%s%s", p->file, beside[i].end);
        snprintf(shown, sizeof shown, STORE_FILE "%s", beside[i].end);
        if (!look(path, S_IFREG, shown, &there, e))
            return false;
        if (there && beside[i].is_journal && journal_names_a_file(path))
            return folder_refuse("names another file to delete; perfscale did not write it", shown,
                                 e);
    }
    for (size_t i = 0; i < STORE_FOLDERS; i++) {
        char path[STORE_PATH_BYTES + 16], shown[32];
        bool there;
        snprintf(path, sizeof path, "%s/%s", p->folder, store_folders[i]);
        snprintf(shown, sizeof shown, STORE_FOLDER "/%s", store_folders[i]);
        if (!look(path, S_IFDIR, shown, &there, e))
            return false;
    }
    return true;
}

static bool name_it(struct place *p, const char *dir, struct err *e) {
    char *real = realpath(dir, NULL);
    if (!real)
        return folder_cannot("read", dir, e);
    int n = snprintf(p->dir, sizeof p->dir, "%s", real);
    free(real);
    if (n >= 0 && (size_t)n < sizeof p->dir &&
        file_join(p->folder, sizeof p->folder, p->dir, STORE_FOLDER) &&
        file_join(p->file, sizeof p->file, p->dir, STORE_FILE))
        return true;
    err_set(e, ERR_LIMIT, "the path is too long for a store, which takes %d bytes",
            STORE_PATH_BYTES - 1);
    return err_at(e, dir, 0);
}

static void sync_dir(const char *dir) {
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
}

static bool make_folder(const struct place *p, struct err *e) {
    if (mkdir(p->folder, 0700) == 0)
        sync_dir(p->dir);
    else if (errno != EEXIST)
        return folder_cannot("make", STORE_FOLDER, e);
    return true;
}

/* Made by us and not by SQLite, which gives 0644 whatever is in it; the files beside it inherit
 * this mode. In a shared folder its owner gives it to the group, now or, killed, next time. */
static bool make_file(const struct place *p, struct err *e) {
    struct stat folder;
    int fd = open(p->file, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0 && errno != EEXIST)
        return folder_cannot("make", STORE_FILE, e);
    if (fd >= 0)
        close(fd);
    if (stat(p->folder, &folder) != 0 || !mode_is_shared(folder.st_mode))
        return true;
    return file_give(AT_FDCWD, p->file, folder.st_gid, 0660, e);
}

bool place_find(struct place *p, const char *dir, bool create, bool *there, struct err *e) {
    *there = false;
    if (!name_it(p, dir, e))
        return false;
    if (create && !make_folder(p, e))
        return false;
    if (!look(p->folder, S_IFDIR, STORE_FOLDER, there, e))
        return false;
    if (!*there)
        return true;
    if (eaccess(p->folder, X_OK) != 0 && errno == EACCES)
        return shut(p->folder, e);
    if (create && !make_file(p, e))
        return false;
    return look(p->file, S_IFREG, STORE_FILE, there, e) && look_beside(p, e);
}

/* From linux/magic.h and, where that has no name, from the sources of the file systems. FUSE can be
 * anything; sshfs and rclone are common, and the cautious answer is right for the others. */
const char *network_name(uint32_t f_type) {
    static const struct {
        uint32_t type;
        const char *name;
    } networks[] = {
        {NFS_SUPER_MAGIC, "NFS"},   {SMB_SUPER_MAGIC, "SMB"},
        {0xFF534D42, "SMB"}, /* CIFS_SUPER_MAGIC */
        {0xFE534D42, "SMB"}, /* SMB2_SUPER_MAGIC */
        {FUSE_SUPER_MAGIC, "FUSE"}, {V9FS_MAGIC, "9p"},
        {AFS_SUPER_MAGIC, "AFS"},   {0x6B414653, "AFS"},   /* AFS_FS_MAGIC */
        {0x00c36400, "Ceph"},                              /* CEPH_SUPER_MAGIC */
        {CODA_SUPER_MAGIC, "Coda"}, {0x7461636f, "OCFS2"}, /* OCFS2_SUPER_MAGIC */
        {0x01161970, "GFS2"},       {0x0BD00BD0, "Lustre"},
        {0x47504653, "GPFS"},       {0x19830326, "BeeGFS"},
        {0x786f4256, "vboxsf"},
    };
    for (size_t i = 0; i < sizeof networks / sizeof networks[0]; i++)
        if (networks[i].type == f_type)
            return networks[i].name;
    return NULL;
}

/* Byte 0 is none of those that SQLite locks. */
static bool can_lock(const char *file) {
    int fd = open(file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return true; /* opening the store says why */
    struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_len = 1};
    bool ok = fcntl(fd, F_SETLK, &lock) == 0 ||
              (errno != ENOLCK && errno != ENOSYS && errno != EOPNOTSUPP && errno != EINVAL);
    close(fd);
    return ok;
}

/* Local disks lock, and are not tried: closing a file drops all locks of this process on it. */
struct disk disk_of(const struct place *p) {
    struct statfs fs;
    struct disk d = {.locks = true};
    if (statfs(p->folder, &fs) == 0)
        d.network = network_name((uint32_t)fs.f_type);
    if (d.network)
        d.locks = can_lock(p->file);
    return d;
}
