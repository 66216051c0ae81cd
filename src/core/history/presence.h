/* history/presence.h
 * Who has this workspace open, and where each one is: one file per running program in
 * .perfscale/live/, named UID.PID.START, owned by the person, at most 512 bytes, renamed into
 * place, written only when something changed and at most twice a second. Owner, pid and start time
 * (from /proc) are checked; on a network file system a file that was not touched for 10 s is dead.
 *
 * And waking up: one descriptor that is readable when somebody else came, moved, left, said
 * something or judged a run. inotify and pidfds on a local disk, once a second on a network. */
#ifndef PERFSCALE_HISTORY_PRESENCE_H
#define PERFSCALE_HISTORY_PRESENCE_H

#include "history/history.h"

enum { PEOPLE_MAX = 16, PLACE_KEY_BYTES = 128 };

/* Where somebody is, by meaning and not by row: sizes differ. */
struct place_at {
    int screen;                  /* enum step of the session */
    int64_t run;                 /* that is open; 0 none */
    int64_t other;               /* the run it is compared with; 0 none */
    char focus[PLACE_KEY_BYTES]; /* what has the focus: "p95", "endpoint:POST /orders", "note:3" */
    double time_s;               /* time cursor, from the start of the run; NAN none */
    bool typing;                 /* a note */
};

struct person {
    int64_t uid;
    char name[80];
    int pid;
    int64_t since_ms; /* when the program started */
    struct place_at at;
    int64_t follows_uid; /* -1: nobody */
    int follows_pid;
};

struct presence; /* opaque */

/* Starts to be seen. In a read-only store others are seen all the same. NULL with e set only when
 * the system has no descriptors left. */
struct presence *presence_new(struct history *h, int64_t now_ms, struct err *e);
void presence_free(struct presence *p); /* takes the own file away; NULL is fine */

/* Where this user is now. Written at once or, when the last one was less than 500 ms ago, by a
 * timer of the descriptor. follows: NULL nobody. */
void presence_set(struct presence *p, const struct place_at *at, const struct person *follows);

int presence_fd(const struct presence *p);

/* What has changed since the last call. */
struct presence_news {
    bool people; /* the list differs (somebody came, moved, left) */
    bool said;   /* something in said/ */
    bool runs;   /* the database or runs/ */
    bool rules;  /* never set here: kept for the session */
};
void presence_turn(struct presence *p, struct presence_news *out);

/* The others, oldest first; not this program. The array is valid until the next turn. */
size_t presence_others(const struct presence *p, const struct person **out);

#endif
