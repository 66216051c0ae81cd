#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "history/parts.h"
#include "history/said.h"

enum { DRAFT_BYTES = 64 * 1024 };
#define DRAFT_SHOWN STORE_FOLDER "/" DRAFTS_FOLDER

/* Named after the user who owns it. */
static void name_draft(char out[24]) { snprintf(out, 24, "%ju", (uintmax_t)geteuid()); }

static bool is_own(int dirfd, const char *name, bool *there, struct err *e) {
    struct stat st;
    *there = fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
    if (!*there || (S_ISREG(st.st_mode) && st.st_uid == geteuid()))
        return true;
    err_set(e, ERR_REFUSED, S_ISREG(st.st_mode) ? "belongs to another user" : "is not a file");
    return err_at(e, DRAFT_SHOWN, 0);
}

static bool drop(int dirfd, const char *name, struct err *e) {
    if (unlinkat(dirfd, name, 0) == 0 || errno == ENOENT)
        return true;
    err_set(e, ERR_IO, "cannot remove: %s", strerror(errno));
    return err_at(e, DRAFT_SHOWN, 0);
}

bool draft_save(struct history *h, const char *text, struct err *e) {
    char name[24];
    size_t len = text ? strlen(text) : 0;
    bool there;
    int dirfd;
    if (h->read_only) {
        err_set(e, ERR_REFUSED, "the store is read only");
        return err_at(e, STORE_FOLDER, 0);
    }
    if (len > DRAFT_BYTES)
        return err_set(e, ERR_LIMIT, "the draft has %zu bytes, more than the %d that are kept", len,
                       DRAFT_BYTES);
    if (!folder_sub(h, DRAFTS_FOLDER, len > 0, &dirfd, e))
        return false;
    if (dirfd < 0)
        return true;
    name_draft(name);
    bool ok = is_own(dirfd, name, &there, e);
    if (ok && len)
        ok = folder_replace(dirfd, name, text, len, 0600, DRAFT_SHOWN, e);
    else if (ok && there)
        ok = drop(dirfd, name, e);
    close(dirfd);
    return ok;
}

char *draft_load(const struct history *h) {
    char name[24], *text = NULL;
    struct stat st;
    size_t len = 0;
    int dirfd;
    if (!folder_sub(h, DRAFTS_FOLDER, false, &dirfd, NULL) || dirfd < 0)
        return NULL;
    name_draft(name);
    text = folder_read(dirfd, name, DRAFT_BYTES, &len, &st, DRAFT_SHOWN, NULL);
    close(dirfd);
    if (text && (st.st_uid != geteuid() || len == 0 || strlen(text) != len)) {
        free(text);
        text = NULL;
    }
    return text;
}
