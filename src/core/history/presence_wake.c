#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "history/parts.h"
#include "history/presence_parts.h"
#include "history/said_parts.h"

/* Somebody who writes without end wakes us no more often than this. */
enum { TURNS_MOST = 20, DEAF_MS = 50 };

enum source { FROM_INOTIFY, FROM_TIMER, FROM_END };

static const char *const folder_of[WATCHES] = {
    [WATCHED_STORE] = "",
    [WATCHED_LIVE] = "/" LIVE_FOLDER,
    [WATCHED_SAID] = "/" SAID_FOLDER,
    [WATCHED_RUNS] = "/" RUNS_FOLDER,
};
static const unsigned heard_in[WATCHES] = {
    [WATCHED_LIVE] = HEARD_LIVE, [WATCHED_SAID] = HEARD_SAID, [WATCHED_RUNS] = HEARD_RUNS};

enum {
    NAMES_CHANGE = IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE,
    SELF_CHANGES = IN_DELETE_SELF | IN_MOVE_SELF,
};

/* --- listening -------------------------------------------------------------------------------- */

/* Folders that are not there yet are watched when they come. Returns what may have been missed. */
static unsigned watch_all(struct wake *w) {
    char path[sizeof w->folder + 8];
    unsigned heard = 0;
    for (int i = 0; i < WATCHES; i++) {
        if (w->watch[i] >= 0)
            continue;
        uint32_t changes = i == WATCHED_STORE ? NAMES_CHANGE | IN_MODIFY
                                              : NAMES_CHANGE | SELF_CHANGES | IN_CLOSE_WRITE;
        snprintf(path, sizeof path, "%s%s", w->folder, folder_of[i]);
        w->watch[i] = inotify_add_watch(w->inotify, path, changes | IN_ONLYDIR | IN_DONT_FOLLOW);
        if (w->watch[i] >= 0)
            heard |= heard_in[i];
        else
            w->lost |= errno == ENOSPC || errno == ENOMEM;
    }
    return heard;
}

static void unwatch(struct wake *w, int i) {
    inotify_rm_watch(w->inotify, w->watch[i]);
    w->watch[i] = -1;
}

static unsigned in_store(const struct inotify_event *event) {
    static const char *const database[] = {"runs.db", "runs.db-wal", "runs.db-journal"};
    for (size_t i = 0; i < sizeof database / sizeof *database; i++)
        if (strcmp(event->name, database[i]) == 0)
            return HEARD_DATABASE;
    for (int i = WATCHED_LIVE; i < WATCHES; i++)
        if ((event->mask & NAMES_CHANGE) && strcmp(event->name, folder_of[i] + 1) == 0)
            return heard_in[i];
    return 0;
}

static bool matters(const struct wake *w, int watch, const char *name) {
    struct said_name said;
    struct here here;
    if (watch == WATCHED_LIVE)
        return strcmp(name, w->own) != 0 && here_parse(name, &here);
    return watch == WATCHED_SAID ? said_name_parse(name, &said) : text_ends(name, ".json");
}

static unsigned take_event(struct wake *w, const struct inotify_event *event) {
    if (event->mask & IN_Q_OVERFLOW)
        return HEARD_LIVE | HEARD_SAID | HEARD_RUNS | HEARD_DATABASE;
    int i = 0;
    while (i < WATCHES && w->watch[i] != event->wd)
        i++;
    if (i == WATCHES)
        return 0;
    if (event->mask & IN_IGNORED)
        w->watch[i] = -1;
    else if (event->mask & SELF_CHANGES)
        unwatch(w, i);
    else if (event->len == 0)
        return 0;
    else
        return i == WATCHED_STORE ? in_store(event) : matters(w, i, event->name) ? heard_in[i] : 0;
    return heard_in[i];
}

static unsigned listen_all(struct wake *w) {
    _Alignas(struct inotify_event) char events[16384];
    unsigned heard = 0;
    ssize_t n;
    while ((n = read(w->inotify, events, sizeof events)) > 0)
        for (const char *at = events; at < events + n;) {
            const struct inotify_event *event = (const void *)at;
            heard |= take_event(w, event);
            at += sizeof *event + event->len;
        }
    return heard | watch_all(w);
}

/* --- not too often ---------------------------------------------------------------------------- */

static void set_timer(const struct wake *w) {
    int64_t at = w->alarm_ms;
    if (w->deaf_ms && (!at || w->deaf_ms < at))
        at = w->deaf_ms;
    struct itimerspec when = {.it_value = {.tv_sec = at / 1000, .tv_nsec = at % 1000 * 1000000}};
    timerfd_settime(w->timer, TFD_TIMER_ABSTIME, &when, NULL);
}

static void hear(const struct wake *w, bool on) {
    struct epoll_event event = {.events = on ? EPOLLIN : 0, .data.u64 = FROM_INOTIFY};
    epoll_ctl(w->epoll, EPOLL_CTL_MOD, w->inotify, &event);
}

static void count_turn(struct wake *w) {
    int64_t now = clock_steady_ms();
    if (now - w->second_ms >= 1000) {
        w->second_ms = now;
        w->turns = 0;
    }
    if (++w->turns <= TURNS_MOST)
        return;
    w->deaf_ms = now + DEAF_MS;
    hear(w, false);
    set_timer(w);
}

static unsigned ring(struct wake *w) {
    uint64_t times;
    unsigned heard = 0;
    int64_t now = clock_steady_ms();
    if (read(w->timer, &times, sizeof times) != sizeof times)
        return 0;
    if (w->deaf_ms && now >= w->deaf_ms) {
        w->deaf_ms = 0;
        hear(w, true);
        heard = listen_all(w);
    }
    if (w->alarm_ms && now >= w->alarm_ms) {
        w->alarm_ms = 0;
        heard |= HEARD_TIMER;
    }
    set_timer(w);
    return heard;
}

/* --- for presence.c --------------------------------------------------------------------------- */

static bool add(const struct wake *w, int fd, enum source from) {
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = from};
    return epoll_ctl(w->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

bool wake_init(struct wake *w, const char *folder, const char *own, bool listen, struct err *e) {
    *w = (struct wake){.inotify = -1, .watch = {-1, -1, -1, -1}};
    text_copy(w->folder, sizeof w->folder, folder);
    text_copy(w->own, sizeof w->own, own);
    w->epoll = epoll_create1(EPOLL_CLOEXEC);
    w->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (w->epoll < 0 || w->timer < 0 || !add(w, w->timer, FROM_TIMER)) {
        err_set(e, ERR_IO, "cannot see who else is here: %s", strerror(errno));
        wake_fini(w);
        return false;
    }
    if (!listen)
        return true;
    w->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    watch_all(w);
    if (w->watch[WATCHED_STORE] < 0 || !add(w, w->inotify, FROM_INOTIFY))
        w->lost = true;
    return true;
}

void wake_fini(struct wake *w) {
    const int fds[] = {w->inotify, w->timer, w->epoll};
    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
        if (fds[i] >= 0)
            close(fds[i]);
}

unsigned wake_turn(struct wake *w) {
    struct epoll_event event[PEOPLE_MAX + 2];
    unsigned heard = 0;
    int n = epoll_wait(w->epoll, event, PEOPLE_MAX + 2, 0);
    for (int i = 0; i < n; i++)
        if (event[i].data.u64 == FROM_INOTIFY) {
            heard |= listen_all(w);
            count_turn(w);
        } else {
            heard |= event[i].data.u64 == FROM_TIMER ? ring(w) : HEARD_END;
        }
    return heard;
}

void wake_alarm(struct wake *w, int64_t at_ms) {
    if (at_ms == w->alarm_ms)
        return;
    w->alarm_ms = at_ms;
    set_timer(w);
}

bool wake_on_end(struct wake *w, int pidfd) { return add(w, pidfd, FROM_END); }
