/* session/together_parts.h
 * Shared by together*.c: the list of runs, what is open, who is here. */
#ifndef PERFSCALE_SESSION_TOGETHER_PARTS_H
#define PERFSCALE_SESSION_TOGETHER_PARTS_H

#include "session/stored.h"
#include "session/together.h"

/* A run that is looked at. */
struct open_run {
    bool there;
    struct record record;
    struct said_list said;
    struct hashes now; /* as its files and the rules are found now */
    struct review review;
    struct result shown; /* what Results shows: figures, judgement with waivers, load */
    struct ledger_row ledger[LEDGER_MAX];
    size_t ledgers;
    int64_t ledger_run;
};

/* What was found in the list last: a screen asks several times for each key. */
struct found {
    char *filter; /* owned; NULL: nothing is kept */
    enum runs_sort sort;
    bool reverse;
    size_t *row; /* owned */
    size_t n;
};

struct together {
    char rules[DIGEST_BYTES]; /* of the team's own rules when the list was read; "" none */
    struct found found;
    struct run_row *row;      /* owned; the newest first */
    struct said_count *count; /* owned; of the same runs, rising */
    size_t rows;
    struct open_run open;
    bool own;  /* it is open because the workflow judged it */
    bool held; /* no turn opens another */
    bool compared;
    struct record side[2];
    struct comparison comparison;
    struct diff scripts; /* of the two sides */
    bool has_scripts;
    struct presence *presence;        /* NULL: not joined */
    bool joining;                     /* wanted, as soon as there is a store */
    struct person before[PEOPLE_MAX]; /* who was here at the last turn */
    size_t befores;
    char me[80];
    int64_t uid;
};

void together_new(struct session *s);
void together_free(struct session *s);

/* The result of the workflow has its number: it is the one that is looked at. */
void own_run_opened(struct session *s);

/* Opens a stored run into *out, which is initialised by it. */
bool record_load(struct session *s, int64_t id, struct record *out, struct err *e);
/* Judges it with the limits of now; the load and the figures are those of the run. */
void record_judge(const struct session *s, const struct record *r, struct judgement *j);
/* What a vote on it would sign now, but for waivers. */
void hashes_now(const struct session *s, const struct record *r, struct hashes *out);

/* A run with all that is said of it; *out was drop()ped or is new. After an error it is empty. */
bool open_load(struct session *s, int64_t id, struct open_run *out, struct err *e);
void open_drop(struct open_run *o);

/* The open run once more: said anew, or all of it. */
void open_refresh(struct session *s, bool all);

/* The list is another one. */
void found_drop(struct found *f);

/* In rising runs; NULL: there is no such run. */
const struct said_count *count_of(const struct said_count *count, size_t n, int64_t run);

void compare_drop(struct together *t);

#endif
