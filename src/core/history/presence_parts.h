/* history/presence_parts.h
 * Shared by the files about who is here: a program and its file (presence_file.c), waking up
 * (presence_wake.c), the people (presence.c). */
#ifndef PERFSCALE_HISTORY_PRESENCE_PARTS_H
#define PERFSCALE_HISTORY_PRESENCE_PARTS_H

#include "history/presence.h"

enum {
    HERE_NAME_BYTES = 64,
    HERE_FILE_BYTES = 512,
    HERE_NAMES_MOST = 1000, /* that are read of the folder */
    HERE_SAME_UID_MOST = 8, /* programs of one user that are listed: none fills the list alone */
};

/* --- presence_file.c -------------------------------------------------------------------------- */

/* What the name of a file in live/ says. */
struct here {
    int64_t uid;
    int pid;
    int64_t start; /* field 22 of /proc/PID/stat: pids are used again, this pair is not */
};
bool here_parse(const char *name, struct here *out);
void here_name(const struct here *h, char out[HERE_NAME_BYTES]);
bool here_same(const struct here *a, const struct here *b);
struct here here_self(void);

/* The pid namespace of this program; a number of one from another means nothing here. */
int64_t here_space(void);

/* Is it running? *pidfd: readable when it ends, the caller closes it; -1 where the kernel has
 * none. */
bool here_alive(const struct here *h, int *pidfd);

/* What the file says. */
struct here_file {
    struct person is;
    int64_t space;
};
/* Returns the bytes, at most HERE_FILE_BYTES. */
size_t here_write(const struct here_file *f, char out[HERE_FILE_BYTES]);
/* uid, pid and name come from the file's name and its owner. false: it is strange. */
bool here_read(const struct here *of, const char *bytes, size_t len, struct here_file *out);

/* Puts bytes in the place of dirfd/name. Not synced: it is worth nothing after a crash. */
bool here_put(int dirfd, const char *name, const char *bytes, size_t len);

/* --- presence_wake.c -------------------------------------------------------------------------- */

enum heard {
    HEARD_LIVE = 1,
    HEARD_SAID = 2,
    HEARD_RUNS = 4,     /* in runs/ */
    HEARD_DATABASE = 8, /* perhaps by this program itself */
    HEARD_END = 16,     /* a program that is listed has ended */
    HEARD_TIMER = 32,
};

enum watched { WATCHED_STORE, WATCHED_LIVE, WATCHED_SAID, WATCHED_RUNS, WATCHES };

struct wake {
    int epoll, inotify, timer;
    bool lost; /* something cannot be heard: the caller has to look */
    int watch[WATCHES];
    char folder[512];          /* .perfscale */
    char own[HERE_NAME_BYTES]; /* file in live/ whose changes are not heard */
    int64_t alarm_ms;          /* the caller's, 0 none */
    int64_t second_ms;         /* when the second of `turns` began */
    int turns;                 /* with something from inotify in this second */
    int64_t deaf_ms;           /* until then inotify is not listened to; 0 it is */
};

/* listen false: nothing is watched. ERR_IO when there are no descriptors left. */
bool wake_init(struct wake *w, const char *folder, const char *own, bool listen, struct err *e);
void wake_fini(struct wake *w);
/* What was heard since the last time, of enum heard. Never waits. */
unsigned wake_turn(struct wake *w);
/* Makes the descriptor readable at a time of clock_steady_ms(); 0 never. */
void wake_alarm(struct wake *w, int64_t at_ms);
/* Hears HEARD_END from a pidfd until that is closed. */
bool wake_on_end(struct wake *w, int pidfd);

#endif
