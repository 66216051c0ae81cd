#include "history/said.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "history/parts.h"
#include "history/said_parts.h"

#define SAID_SHOWN STORE_FOLDER "/" SAID_FOLDER

/* --- the folder ------------------------------------------------------------------------------- */

bool said_folder(const struct history *h, int *fd, struct err *e) {
    return folder_sub(h, SAID_FOLDER, false, fd, e);
}

static bool cannot_list(struct err *e) {
    err_set(e, ERR_IO, "cannot read: %s", strerror(errno));
    return err_at(e, SAID_SHOWN, 0);
}

static bool too_many(struct err *e) {
    err_set(e, ERR_LIMIT, "has more than the %d files that are read here", SAID_FILES_MOST);
    err_at(e, SAID_SHOWN, 0);
    return err_fix(e, "ls -l shows whose they are");
}

bool said_each(int dirfd, bool (*each)(void *self, const char *name), void *self, struct err *e) {
    int again = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = again < 0 ? NULL : fdopendir(again);
    if (!dir) {
        cannot_list(e);
        if (again >= 0)
            close(again);
        return false;
    }
    bool ok = true;
    const struct dirent *entry;
    for (long n = 0; ok && (errno = 0, entry = readdir(dir)); n++) {
        if (n == SAID_FILES_MOST)
            ok = too_many(e);
        else if (entry->d_name[0] != '.')
            ok = each(self, entry->d_name);
    }
    if (ok && errno)
        ok = cannot_list(e);
    closedir(dir);
    return ok;
}

/* --- reading a run ---------------------------------------------------------------------------- */

struct named {
    char name[SAID_NAME_BYTES];
    int id;
};

struct names {
    char begin[24];     /* "14." */
    struct named *item; /* owned */
    size_t n, cap;
    int strange;
    bool over;
};

static bool collect(void *self, const char *name) {
    struct names *all = self;
    struct said_name parsed;
    if (!text_starts(name, all->begin))
        return true;
    if (!said_name_parse(name, &parsed)) {
        all->strange++;
        return true;
    }
    all->over = all->n == SAID_MOST;
    if (all->over)
        return false;
    all->item = mem_grow(all->item, all->n, &all->cap, sizeof *all->item);
    struct named *one = &all->item[all->n++];
    text_copy(one->name, sizeof one->name, name);
    one->id = parsed.id;
    return true;
}

static int by_id(const void *a, const void *b) {
    const struct named *x = a, *y = b;
    return x->id != y->id ? (x->id > y->id) - (x->id < y->id) : strcmp(x->name, y->name);
}

/* Names of people who wrote in this run: a system may ask another host for each. */
struct people {
    struct {
        int64_t uid;
        char name[80];
    } known[16];
    size_t n;
};

static void name_author(struct people *p, struct said *s) {
    if (s->uid == 0) {
        who_owns(0, s->by, sizeof s->by);
        return;
    }
    size_t i = 0;
    while (i < p->n && p->known[i].uid != s->uid)
        i++;
    if (i == p->n) {
        i = p->n < sizeof p->known / sizeof *p->known ? p->n++ : 0;
        p->known[i].uid = s->uid;
        who_owns(s->uid, p->known[i].name, sizeof p->known[i].name);
    }
    text_copy(s->by, sizeof s->by, p->known[i].name);
}

/* What cannot be opened by us is as strange as what cannot be understood. One that is gone
 * meanwhile is neither. false: the system fails. */
static bool read_one(int dirfd, const char *name, struct people *people, struct said_list *l,
                     struct err *e) {
    struct err why = {0};
    struct stat st;
    size_t len = 0;
    errno = 0;
    char *bytes = folder_read(dirfd, name, SAID_FILE_BYTES, &len, &st, SAID_SHOWN, &why);
    if (!bytes && why.kind == ERR_IO && errno == ENOENT)
        return true;
    if (!bytes && why.kind == ERR_IO && errno != EACCES && errno != EPERM && errno != ENXIO) {
        if (e)
            *e = why;
        return false;
    }
    struct said *s = &l->item[l->n];
    if (bytes && said_file_parse(name, bytes, len, st.st_uid, s)) {
        if (s->proven)
            name_author(people, s);
        l->n++;
    } else {
        l->strange++;
    }
    free(bytes);
    return true;
}

static int count_missing(const struct names *all) {
    int missing = 0, last = 0;
    for (size_t i = 0; i < all->n; i++) {
        missing += all->item[i].id > last ? all->item[i].id - last - 1 : 0;
        last = all->item[i].id;
    }
    return missing;
}

static bool list_names(int dirfd, int64_t run, struct names *all, struct err *e) {
    *all = (struct names){0};
    snprintf(all->begin, sizeof all->begin, "%" PRId64 ".", run);
    bool ok = said_each(dirfd, collect, all, e);
    if (all->over) {
        err_set(e, ERR_LIMIT, "run %" PRId64 " has more than the %d statements that a run takes",
                run, SAID_MOST);
        err_at(e, SAID_SHOWN, 0);
        err_fix(e, "ls -l shows whose they are");
    }
    if (ok && all->n)
        qsort(all->item, all->n, sizeof *all->item, by_id);
    return ok;
}

void said_list_fini(struct said_list *l) {
    free(l->item);
    *l = (struct said_list){0};
}

bool said_list(const struct history *h, int64_t run, struct said_list *l, struct err *e) {
    struct people people = {0};
    struct names all;
    int dirfd;
    *l = (struct said_list){0};
    if (!said_folder(h, &dirfd, e))
        return false;
    if (dirfd < 0)
        return true;
    bool ok = list_names(dirfd, run, &all, e);
    l->item = mem_new(all.n + 1, sizeof *l->item);
    for (size_t i = 0; ok && i < all.n; i++)
        ok = read_one(dirfd, all.item[i].name, &people, l, e);
    l->strange += all.strange;
    l->missing = count_missing(&all);
    free(all.item);
    close(dirfd);
    if (!ok)
        said_list_fini(l);
    return ok;
}

/* --- saying ----------------------------------------------------------------------------------- */

static bool fits(const char *text, size_t size, const char *what, struct err *e) {
    if (memchr(text, '\0', size))
        return true;
    return err_set(e, ERR_LIMIT, "%s is longer than the %zu bytes it may have", what, size - 1);
}

static bool may_say(const struct history *h, const struct said *s, struct err *e) {
    if (h->read_only) {
        err_set(e, ERR_REFUSED, "the store is read only");
        return err_at(e, STORE_FOLDER, 0);
    }
    return fits(s->text, sizeof s->text, "the text", e) &&
           fits(s->on, sizeof s->on, "what it is about", e);
}

struct highest {
    int64_t run;
    int id;
};

static bool raise(void *self, const char *name) {
    struct highest *most = self;
    struct said_name n;
    if (said_name_parse(name, &n) && n.run == most->run && n.id > most->id)
        most->id = n.id;
    return true;
}

static bool no_number_left(int64_t run, struct err *e) {
    return err_set(e, ERR_LIMIT, "run %" PRId64 " has the %d statements that a run takes", run,
                   SAID_MOST);
}

static bool write_one(int dirfd, struct said *s, struct err *e) {
    char name[SAID_NAME_BYTES];
    struct said again;
    struct stat st;
    size_t len = 0;
    said_name_write(s, name);
    char *bytes = said_file_write(s, &len);
    /* What would not be read again is not written. */
    bool ok = bytes && said_file_parse(name, bytes, len, s->uid, &again);
    if (!ok)
        err_set(e, ERR_INTERNAL, "what was said cannot be kept");
    ok = ok && folder_write_new(dirfd, name, bytes, len, folder_file_mode(dirfd), SAID_SHOWN, e);
    free(bytes);
    s->proven = ok && fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_uid == s->uid;
    return ok;
}

/* A name that is there is somebody else's: the next number is tried. */
static bool write_next(int dirfd, struct said *s, struct err *e) {
    struct highest most = {.run = s->run};
    struct err why = {0};
    if (!said_each(dirfd, raise, &most, e))
        return false;
    for (s->id = most.id + 1; s->id <= SAID_MOST; s->id++) {
        if (write_one(dirfd, s, &why))
            return true;
        if (why.kind != ERR_REFUSED) {
            if (e)
                *e = why;
            return false;
        }
    }
    return no_number_left(s->run, e);
}

bool said_add(struct history *h, struct said *s, struct err *e) {
    int dirfd;
    if (!may_say(h, s, e))
        return false;
    s->uid = said_who(s->by, sizeof s->by);
    if (!folder_sub(h, SAID_FOLDER, true, &dirfd, e))
        return false;
    bool ok = said_lock(h, dirfd, e);
    if (ok) {
        ok = write_next(dirfd, s, e);
        said_unlock(h, dirfd);
    }
    close(dirfd);
    return ok;
}
