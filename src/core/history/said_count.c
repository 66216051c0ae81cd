#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "history/parts.h"
#include "history/said_parts.h"

/* One file of a run that is asked for. */
struct entry {
    size_t at; /* index of the run */
    struct said_name is;
    bool proven;
    int64_t ms; /* when the system changed the file: nobody can set that */
};

struct entries {
    int dirfd;
    const struct said_count *count;
    size_t runs;
    struct entry *item; /* owned */
    size_t n, cap;
};

static int by_run(const void *key, const void *one) {
    int64_t run = *(const int64_t *)key;
    const struct said_count *c = one;
    return (run > c->run) - (run < c->run);
}

static int64_t changed_ms(const struct stat *st) {
    return (int64_t)st->st_ctim.tv_sec * 1000 + st->st_ctim.tv_nsec / 1000000;
}

static bool look(int dirfd, const char *name, struct stat *st) {
    return fstatat(dirfd, name, st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st->st_mode);
}

static bool collect(void *self, const char *name) {
    struct entries *all = self;
    struct said_name is;
    struct stat st;
    if (!said_name_parse(name, &is))
        return true;
    const struct said_count *c =
        bsearch(&is.run, all->count, all->runs, sizeof *all->count, by_run);
    if (!c || !look(all->dirfd, name, &st))
        return true;
    all->item = mem_grow(all->item, all->n, &all->cap, sizeof *all->item);
    all->item[all->n++] = (struct entry){.at = (size_t)(c - all->count),
                                         .is = is,
                                         .proven = st.st_uid == is.uid,
                                         .ms = changed_ms(&st)};
    return true;
}

static int in_order(const void *a, const void *b) {
    const struct entry *x = a, *y = b;
    if (x->at != y->at)
        return (x->at > y->at) - (x->at < y->at);
    return x->is.id != y->is.id ? (x->is.id > y->is.id) - (x->is.id < y->is.id)
                                : strcmp(x->is.tail, y->is.tail);
}

/* A thread is its first note; the last proven word on any note of it is its state. */
static int count_open(const struct entry *of, size_t n) {
    int first[SAID_MOST + 1] = {0}, open = 0;
    unsigned char state[SAID_MOST + 1] = {0};
    for (size_t i = 0; i < n; i++) { /* in the order of their numbers */
        int id = of[i].is.id, to = said_tail_replies(of[i].is.tail);
        if (of[i].is.kind == SAID_NOTE)
            first[id] = to && to < id && first[to] ? first[to] : id;
    }
    for (size_t i = 0; i < n; i++) {
        enum note_state is = NOTE_OPEN;
        int note = of[i].is.kind == SAID_SETTLE && of[i].proven
                       ? said_tail_settles(of[i].is.tail, &is)
                       : 0;
        if (note && first[note])
            state[first[note]] = (unsigned char)is;
    }
    for (int i = 1; i <= SAID_MOST; i++)
        open += first[i] == i && state[i] == NOTE_OPEN;
    return open;
}

static bool is_vote(const struct entry *e) {
    return e->proven && (e->is.kind == SAID_APPROVE || e->is.kind == SAID_REQUEST_CHANGES ||
                         e->is.kind == SAID_WITHDRAW);
}

static bool is_last_vote(const struct entry *of, size_t n, size_t i) {
    for (size_t k = i + 1; k < n; k++)
        if (is_vote(&of[k]) && of[k].is.uid == of[i].is.uid)
            return false;
    return true;
}

/* From the newest on: the first request for changes that stands, else the first approval. */
static void count_votes(const struct entry *of, size_t n, int64_t author, struct said_count *c) {
    for (size_t i = n; i-- > 0 && c->vote != SAID_REQUEST_CHANGES;) {
        enum said_kind kind = of[i].is.kind;
        bool asks = kind == SAID_REQUEST_CHANGES;
        bool approves = kind == SAID_APPROVE && of[i].is.uid != author && c->vote == SAID_NOTE;
        if (!is_vote(&of[i]) || !(asks || approves) || !is_last_vote(of, n, i))
            continue;
        c->vote = kind;
        text_copy(c->seal, sizeof c->seal, of[i].is.tail);
    }
}

static void count_run(const struct entry *of, size_t n, int64_t author, struct said_count *c) {
    for (size_t i = 0; i < n; i++) {
        const struct entry *one = &of[i];
        c->notes += one->is.kind == SAID_NOTE;
        c->waived |= one->is.kind == SAID_WAIVE && one->proven;
        if (one->ms > c->newest_ms)
            c->newest_ms = one->ms;
        if (one->is.kind != SAID_PIN || !one->proven)
            continue;
        c->pinned = true;
        if (one->ms > c->newest_pin_ms)
            c->newest_pin_ms = one->ms;
    }
    if (c->notes)
        c->open_notes = count_open(of, n);
    count_votes(of, n, author, c);
}

static void count_runs(const struct entries *all, struct said_count *count,
                       const int64_t *author_uid) {
    for (size_t from = 0, to; from < all->n; from = to) {
        size_t at = all->item[from].at;
        for (to = from; to < all->n && all->item[to].at == at;)
            to++;
        count_run(&all->item[from], to - from, author_uid[at], &count[at]);
    }
}

bool said_count_all(const struct history *h, struct said_count *count, const int64_t *author_uid,
                    size_t n, struct err *e) {
    struct entries all = {.count = count, .runs = n};
    for (size_t i = 0; i < n; i++)
        count[i] = (struct said_count){.run = count[i].run};
    if (!said_folder(h, &all.dirfd, e))
        return false;
    if (all.dirfd < 0)
        return true;
    bool ok = said_each(all.dirfd, collect, &all, e);
    if (ok && all.n) {
        qsort(all.item, all.n, sizeof *all.item, in_order);
        count_runs(&all, count, author_uid);
    }
    free(all.item);
    close(all.dirfd);
    return ok;
}

/* --- the clock -------------------------------------------------------------------------------- */

struct newest {
    int dirfd;
    int64_t ms;
};

static bool take_newest(void *self, const char *name) {
    struct newest *most = self;
    struct said_name is;
    struct stat st;
    if (said_name_parse(name, &is) && look(most->dirfd, name, &st) && changed_ms(&st) > most->ms)
        most->ms = changed_ms(&st);
    return true;
}

int64_t said_newest_ms(const struct history *h) {
    struct newest most = {.dirfd = -1};
    if (said_folder(h, &most.dirfd, NULL) && most.dirfd >= 0) {
        said_each(most.dirfd, take_newest, &most, NULL);
        close(most.dirfd);
    }
    return most.ms;
}
