#include "history/presence.h"

#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "history/parts.h"
#include "history/presence_parts.h"
#include "history/said_parts.h"

enum {
    WRITE_EVERY_MS = 500,
    LOOK_EVERY_MS = 1000, /* where nothing can be heard */
    TOUCH_EVERY_MS = 4000,
    DEAD_AFTER_MS = 10000,
};

/* One file of another program. */
struct seen {
    struct here who;
    char bytes[HERE_FILE_BYTES];
    size_t len;
    int pidfd;      /* -1 none */
    bool is_person; /* the file can be understood and is not of another pid namespace */
    struct person is;
};

/* A folder as it was when it was last looked at. */
struct stamp {
    ino_t inode;
    struct timespec changed;
    bool again; /* a second change in the same tick of the disk's clock is found at the next look */
};

struct presence {
    struct history *h;
    struct wake wake;
    bool far;        /* a network disk: other hosts' programs are judged by their files' age */
    int64_t look_ms; /* when to look next; 0: everything is heard */
    int64_t data_version;
    struct stamp said, runs;

    struct here self;
    char name[HERE_NAME_BYTES];
    struct here_file mine;
    char told[HERE_FILE_BYTES]; /* what is in the own file */
    size_t told_len;
    int64_t told_ms;    /* steady; when it was written */
    int64_t touched_ms; /* steady; when its time was set */
    int64_t touched_at; /* that time, by the disk's clock */
    bool waiting;       /* to be written when WRITE_EVERY_MS is over */

    struct seen seen[PEOPLE_MAX];
    size_t n;
    struct person person[PEOPLE_MAX];
    size_t persons;
};

/* --- the own file ----------------------------------------------------------------------------- */

static int open_live(struct presence *p, bool create) {
    int fd;
    return folder_sub(p->h, LIVE_FOLDER, create, &fd, NULL) ? fd : -1;
}

static int64_t mtime_ms(const struct stat *st) {
    return (int64_t)st->st_mtim.tv_sec * 1000 + st->st_mtim.tv_nsec / 1000000;
}

static void note_touch(struct presence *p, int dirfd) {
    struct stat st;
    if (fstatat(dirfd, p->name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return;
    p->touched_at = mtime_ms(&st);
    p->touched_ms = clock_steady_ms();
}

/* What cannot be written now is not tried again before it changes. */
static void tell(struct presence *p) {
    char bytes[HERE_FILE_BYTES];
    size_t len = here_write(&p->mine, bytes);
    p->waiting = false;
    int dirfd = p->h->read_only || len == 0 ? -1 : open_live(p, true);
    if (dirfd < 0)
        return;
    if (here_put(dirfd, p->name, bytes, len)) {
        memcpy(p->told, bytes, len);
        p->told_len = len;
        p->told_ms = clock_steady_ms();
        note_touch(p, dirfd);
    }
    close(dirfd);
}

static bool is_told(const struct presence *p) {
    char bytes[HERE_FILE_BYTES];
    size_t len = here_write(&p->mine, bytes);
    return len == p->told_len && memcmp(bytes, p->told, len) == 0;
}

static void touch(struct presence *p) {
    int dirfd = p->h->read_only ? -1 : open_live(p, true);
    if (dirfd < 0)
        return;
    bool there = utimensat(dirfd, p->name, NULL, AT_SYMLINK_NOFOLLOW) == 0;
    if (there)
        note_touch(p, dirfd);
    close(dirfd);
    if (!there)
        tell(p);
}

/* --- the others' files ------------------------------------------------------------------------ */

/* By the disk's clock, which the own file tells, so that no two hosts' clocks are compared. */
static bool is_old(const struct presence *p, const struct stat *st) {
    int64_t now =
        p->touched_ms ? p->touched_at + clock_steady_ms() - p->touched_ms : clock_day_ms();
    int64_t age = now - mtime_ms(st);
    return age > DEAD_AFTER_MS || age < -DEAD_AFTER_MS;
}

static void forget(struct seen *one) {
    if (one->pidfd >= 0)
        close(one->pidfd);
    *one = (struct seen){.pidfd = -1};
}

static bool lives(struct presence *p, struct seen *one, const struct stat *st) {
    if (p->far)
        return !is_old(p, st);
    if (one->pidfd >= 0)
        close(one->pidfd);
    bool alive = here_alive(&one->who, &one->pidfd);
    if (alive && (one->pidfd < 0 || !wake_on_end(&p->wake, one->pidfd)))
        p->wake.lost = true;
    return alive;
}

/* Looks at one file. false: nobody is behind it. *changed: it says something else than before. */
static bool look(struct presence *p, int dirfd, struct seen *one, bool *changed) {
    char name[HERE_NAME_BYTES];
    struct here_file said;
    struct stat st;
    size_t len = 0;
    here_name(&one->who, name);
    char *bytes = folder_read(dirfd, name, HERE_FILE_BYTES, &len, &st, LIVE_FOLDER, NULL);
    if (!bytes || st.st_uid != one->who.uid) {
        free(bytes);
        return false;
    }
    *changed = len != one->len || memcmp(bytes, one->bytes, len) != 0;
    memcpy(one->bytes, bytes, len);
    one->len = len;
    free(bytes);
    bool readable = here_read(&one->who, one->bytes, len, &said);
    bool foreign = readable && !p->far && said.space != p->mine.space;
    one->is_person = readable && !foreign;
    if (*changed && one->is_person) {
        who_owns(one->who.uid, said.is.name, sizeof said.is.name);
        one->is = said.is;
    }
    bool alive = foreign || lives(p, one, &st);
    if (!alive && st.st_uid == geteuid() && !p->h->read_only)
        unlinkat(dirfd, name, 0);
    return alive;
}

struct names {
    struct here item[HERE_NAMES_MOST];
    size_t n;
};

static void list_names(struct presence *p, int dirfd, struct names *all) {
    int again = dirfd < 0 ? -1 : openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = again < 0 ? NULL : fdopendir(again);
    const struct dirent *entry;
    struct here who;
    while (dir && all->n < HERE_NAMES_MOST && (entry = readdir(dir)))
        if (here_parse(entry->d_name, &who) && !here_same(&who, &p->self))
            all->item[all->n++] = who;
    if (dir)
        closedir(dir);
    else if (again >= 0)
        close(again);
}

/* Also moves what is known already to the front of the names: others come after them. */
static bool is_named(struct names *all, size_t *front, const struct here *who) {
    for (size_t i = *front; i < all->n; i++)
        if (here_same(&all->item[i], who)) {
            struct here swap = all->item[*front];
            all->item[*front] = all->item[i];
            all->item[i] = swap;
            ++*front;
            return true;
        }
    return false;
}

static size_t look_again(struct presence *p, int dirfd, struct names *all, bool *news) {
    size_t kept = 0, front = 0;
    for (size_t i = 0; i < p->n; i++) {
        bool changed = false;
        struct seen *one = &p->seen[i];
        if (is_named(all, &front, &one->who) && look(p, dirfd, one, &changed)) {
            *news |= changed;
            p->seen[kept++] = *one;
        } else {
            *news |= one->is_person;
            forget(one);
        }
    }
    p->n = kept;
    return front;
}

static bool has_room(const struct presence *p, int64_t uid) {
    int same = 0;
    for (size_t i = 0; i < p->n; i++)
        same += p->seen[i].who.uid == uid;
    return p->n < PEOPLE_MAX && same < HERE_SAME_UID_MOST;
}

static int by_age(const void *a, const void *b) {
    const struct person *x = a, *y = b;
    if (x->since_ms != y->since_ms)
        return (x->since_ms > y->since_ms) - (x->since_ms < y->since_ms);
    return x->pid != y->pid ? (x->pid > y->pid) - (x->pid < y->pid)
                            : (x->uid > y->uid) - (x->uid < y->uid);
}

static bool look_at_all(struct presence *p) {
    struct names *all = mem_new(1, sizeof *all);
    bool news = false;
    int dirfd = open_live(p, false);
    list_names(p, dirfd, all);
    for (size_t i = look_again(p, dirfd, all, &news); i < all->n; i++) {
        struct seen one = {.who = all->item[i], .pidfd = -1};
        bool changed = false;
        if (has_room(p, one.who.uid) && look(p, dirfd, &one, &changed)) {
            news |= one.is_person;
            p->seen[p->n++] = one;
        } else {
            forget(&one);
        }
    }
    free(all);
    if (dirfd >= 0)
        close(dirfd);
    p->persons = 0;
    for (size_t i = 0; i < p->n; i++)
        if (p->seen[i].is_person)
            p->person[p->persons++] = p->seen[i].is;
    qsort(p->person, p->persons, sizeof *p->person, by_age);
    return news;
}

/* --- the rest of the store -------------------------------------------------------------------- */

/* Counts what others have changed and not what this program did. */
static bool database_changed(struct presence *p) {
    int64_t version = p->data_version;
    if (!p->h->db || !store_int(p->h, "PRAGMA data_version", &version, NULL))
        return false;
    bool changed = version != p->data_version;
    p->data_version = version;
    return changed;
}

static bool folder_changed(struct presence *p, const char *name, struct stamp *s) {
    struct stat st = {0};
    int fd = -1;
    if (folder_sub(p->h, name, false, &fd, NULL) && fd >= 0) {
        fstat(fd, &st);
        close(fd);
    }
    bool changed = st.st_ino != s->inode || st.st_mtim.tv_sec != s->changed.tv_sec ||
                   st.st_mtim.tv_nsec != s->changed.tv_nsec;
    bool news = changed || s->again;
    *s = (struct stamp){st.st_ino, st.st_mtim, changed};
    return news;
}

static bool has_to_look(const struct presence *p) { return p->far || p->wake.lost; }

static void set_alarm(struct presence *p) {
    int64_t write_ms = p->waiting ? p->told_ms + WRITE_EVERY_MS : 0, at = write_ms;
    if (has_to_look(p) && !p->look_ms)
        p->look_ms = clock_steady_ms() + LOOK_EVERY_MS;
    if (p->look_ms && (!at || p->look_ms < at))
        at = p->look_ms;
    wake_alarm(&p->wake, at);
}

static unsigned look_around(struct presence *p) {
    int64_t now = clock_steady_ms();
    unsigned heard = HEARD_LIVE | HEARD_DATABASE;
    p->look_ms = now + LOOK_EVERY_MS;
    if (p->far && now - p->touched_ms >= TOUCH_EVERY_MS)
        touch(p);
    if (folder_changed(p, SAID_FOLDER, &p->said))
        heard |= HEARD_SAID;
    if (folder_changed(p, RUNS_FOLDER, &p->runs))
        heard |= HEARD_RUNS;
    return heard;
}

/* --- public ----------------------------------------------------------------------------------- */

struct presence *presence_new(struct history *h, int64_t now_ms, struct err *e) {
    struct presence *p = mem_new(1, sizeof *p);
    p->h = h;
    p->far = h->disk.network != NULL;
    p->self = here_self();
    here_name(&p->self, p->name);
    if (!wake_init(&p->wake, h->at.folder, p->name, !p->far, e)) {
        free(p);
        return NULL;
    }
    p->mine = (struct here_file){.is = {.uid = p->self.uid,
                                        .pid = p->self.pid,
                                        .since_ms = now_ms,
                                        .at.time_s = (double)NAN,
                                        .follows_uid = -1},
                                 .space = here_space()};
    said_who(p->mine.is.name, sizeof p->mine.is.name);
    tell(p);
    p->told_ms -= WRITE_EVERY_MS; /* where this user is comes next, and at once */
    look_at_all(p);
    database_changed(p);
    folder_changed(p, SAID_FOLDER, &p->said);
    folder_changed(p, RUNS_FOLDER, &p->runs);
    p->said.again = p->runs.again = false;
    set_alarm(p);
    return p;
}

void presence_free(struct presence *p) {
    if (!p)
        return;
    int dirfd = p->told_len ? open_live(p, false) : -1;
    if (dirfd >= 0) {
        unlinkat(dirfd, p->name, 0);
        close(dirfd);
    }
    for (size_t i = 0; i < p->n; i++)
        forget(&p->seen[i]);
    wake_fini(&p->wake);
    free(p);
}

void presence_set(struct presence *p, const struct place_at *at, const struct person *follows) {
    p->mine.is.at = *at;
    p->mine.is.follows_uid = follows ? follows->uid : -1;
    p->mine.is.follows_pid = follows ? follows->pid : 0;
    p->waiting = !p->h->read_only && !is_told(p);
    if (p->waiting && clock_steady_ms() - p->told_ms >= WRITE_EVERY_MS)
        tell(p);
    set_alarm(p);
}

int presence_fd(const struct presence *p) { return p->wake.epoll; }

void presence_turn(struct presence *p, struct presence_news *out) {
    *out = (struct presence_news){0};
    unsigned heard = wake_turn(&p->wake);
    if (p->waiting && clock_steady_ms() - p->told_ms >= WRITE_EVERY_MS)
        tell(p);
    if (p->look_ms && clock_steady_ms() >= p->look_ms)
        heard |= look_around(p);
    if (heard & (HEARD_LIVE | HEARD_END))
        out->people = look_at_all(p);
    out->said = heard & HEARD_SAID;
    out->runs = (heard & HEARD_RUNS) || ((heard & HEARD_DATABASE) && database_changed(p));
    if (heard & HEARD_RUNS)
        database_changed(p);
    set_alarm(p);
}

size_t presence_others(const struct presence *p, const struct person **out) {
    *out = p->person;
    return p->persons;
}
