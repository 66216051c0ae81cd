/* history/said.h
 * What people said of a run: notes, what became of them, votes, waivers, and which run is the
 * reference. Each is one small text file in .perfscale/said/, written once and never changed, owned
 * by its author: the kernel vouches for the name. Its number counts from 1 within the run, so a
 * number that is missing was removed by somebody.
 *
 *     said/14.3.1001.approve.8f3c21d09a44     run . number . uid . kind . first digits of the seal
 */
#ifndef PERFSCALE_HISTORY_SAID_H
#define PERFSCALE_HISTORY_SAID_H

#include "history/history.h"

enum said_kind {
    SAID_NOTE,
    SAID_SETTLE, /* sets the state of a note */
    SAID_APPROVE,
    SAID_REQUEST_CHANGES,
    SAID_WITHDRAW, /* of this user's own vote */
    SAID_WAIVE,    /* a check, with a reason */
    SAID_PIN,      /* this run is the reference of its test type */
    SAID_KINDS,
};
const char *said_kind_name(enum said_kind k); /* "note", "request_changes", ... */
bool said_kind_parse(const char *word, enum said_kind *k);

enum note_state { NOTE_OPEN, NOTE_AGREED, NOTE_DISPUTED, NOTE_WAIVED, NOTE_STATES };
const char *note_state_name(enum note_state s); /* "open", "agreed", "disputed", "waived" */
bool note_state_parse(const char *word, enum note_state *s);

enum { SAID_TEXT_BYTES = 2001, SAID_ON_BYTES = 320, SAID_MOST = 2000 /* of one run */ };

struct said {
    int64_t run;
    int id; /* within the run, from 1; set by said_add() */
    enum said_kind kind;
    int64_t at_ms;
    int64_t uid;
    char by[80];                /* account name; "ana (sudo)" when SUDO_UID says so */
    char on[SAID_ON_BYTES];     /* what it is about, as --on takes it: "p95", "step:3",
                                   "14:02:10-14:05:00", "endpoint:POST /orders"; "" the run. SAID_WAIVE:
                                   the metric */
    char text[SAID_TEXT_BYTES]; /* as typed: cleaned where it is shown */
    int reply_to;               /* note; SAID_SETTLE: the note it settles; 0 none */
    enum note_state state;      /* SAID_SETTLE */
    struct hashes seal;         /* votes and waivers: what was signed */
    bool proven;                /* set by said_list(): the file's owner is uid */
};

struct said_list {
    struct said *item; /* owned; by number */
    size_t n;
    int missing; /* numbers below the highest that are not there */
    int strange; /* files that are not what their names say; left out */
};
void said_list_fini(struct said_list *l);

/* Writes one; sets id, uid, by and proven. ERR_REFUSED in a read-only store, ERR_LIMIT for a text
 * that is too long or a run with SAID_MOST, ERR_IO "no space left". */
bool said_add(struct history *h, struct said *s, struct err *e);
/* All of one run. *l is initialised by it. */
bool said_list(const struct history *h, int64_t run, struct said_list *l, struct err *e);

/* All runs at once, from file names and owners alone. */
struct said_count {
    int64_t run;
    int notes;           /* SAID_NOTE, replies too */
    int open_notes;      /* threads whose state is open */
    enum said_kind vote; /* what the votes come to: SAID_APPROVE, SAID_REQUEST_CHANGES, SAID_NOTE
                            none. Only proven ones of people other than `author` (below) count for
                            approval */
    char seal[13];       /* first digits of the seal of that vote; "" none */
    bool waived, pinned;
    int64_t newest_pin_ms; /* of its SAID_PIN files; 0 none */
    int64_t newest_ms;     /* by the files' change times */
};
/* counts: caller's array of n, run filled in by the caller and sorted by rising run. author_uid[i]:
 * of that run. */
bool said_count_all(const struct history *h, struct said_count *count, const int64_t *author_uid,
                    size_t n, struct err *e);

/* One number that stands for all hashes: the SHA-256 of them in the order of the struct. */
void hashes_seal(const struct hashes *of, char out[DIGEST_BYTES]);

/* This user as others see him, and his uid: "ana", "ana (sudo)". */
int64_t said_who(char *name, size_t size);

/* --- notes that are not sent yet: one text of this user, as the front end made it --- */

bool draft_save(struct history *h, const char *text, struct err *e); /* "" or NULL removes it */
char *draft_load(const struct history *h);                           /* NULL: none; caller frees */

#endif
