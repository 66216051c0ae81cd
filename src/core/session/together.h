/* session/together.h
 * What is stored and what people do with it: the list of runs, the run that is open, its review, a
 * comparison, who else is here. For both front ends. Nothing here needs the workflow: a workspace
 * with only a store can be looked at and signed. */
#ifndef PERFSCALE_SESSION_TOGETHER_H
#define PERFSCALE_SESSION_TOGETHER_H

#include "compare/compare.h"
#include "history/presence.h"
#include "history/record.h"
#include "history/said.h"
#include "report/report.h"
#include "review/review.h"
#include "session/session.h"

/* --- the list --- */

struct run_row {
    struct run is; /* without its texts; verdict with the waivers that count */
    bool waived;   /* a check of it is waived */
    int notes, open_notes;
    enum review_state review;
    bool pinned; /* the reference of its test type */
};

/* Reads the list anew. Without a store the list is empty. */
bool session_runs_read(struct session *s, struct err *e);
/* The newest first. Read before by session_runs_read() (or a turn of session_people_turn()). */
const struct run_row *session_runs(const struct session *s, size_t *n);
const struct run_row *session_run_row(const struct session *s, int64_t id); /* NULL: none */
/* Sign and word of its verdict: a pass by a waiver is "waived", never "ok". */
enum mark session_run_mark(const struct run_row *r);
const char *session_run_word(const struct run_row *r);
/* The run that is pinned as the reference of a model; 0: none. */
int64_t session_reference(const struct session *s, const char *model);

enum runs_sort {
    SORT_RUN,
    SORT_TYPE,
    SORT_TARGET,
    SORT_P95,
    SORT_ERRORS,
    SORT_RATE,
    SORT_VERDICT,
    SORT_REVIEW,
    SORTS
};
const char *runs_sort_name(enum runs_sort o); /* "run", "type", "target", "p95", ... */
bool runs_sort_parse(const char *word, enum runs_sort *o);
/* Indexes of the rows that hold all words of filter (in number, day, type, verdict, review, author,
 * script, tool, source; also "type:load", "by:ana", "verdict:fail"; case does not count), sorted;
 * most: room in out. Returns how many. Not measured goes last either way. */
size_t session_runs_find(const struct session *s, const char *filter, enum runs_sort sort,
                         bool reverse, size_t *out, size_t most);

/* --- the run that is open --- */

/* Opens a stored run: everything as it was judged. It is what Results and Review show from now on.
 */
bool session_run_open(struct session *s, int64_t id, struct err *e);
/* Back to the run of the workflow (which is open by itself when it was judged). */
void session_run_close(struct session *s);
/* What Results shows: the open run with its waivers, else the workflow's result; there false:
 * neither. Never NULL. */
const struct result *session_result(const struct session *s);
/* The open run; NULL: none is (also for a result that could not be stored). */
const struct record *session_record(const struct session *s);
const struct review *session_review(const struct session *s); /* of the open run; NULL */
/* Limits loosened since the last approved run of its type before it; *since that run. */
size_t session_ledger(const struct session *s, const struct ledger_row **rows,
                      const struct run_row **since);
/* Everything for a report of the open run. */
bool session_report_doc(const struct session *s, struct report_doc *out);

/* --- saying something of the open run --- */

/* on as place_parse() takes it; it is checked against the run. Of a vote also the seal is filled
 * in. ERR_USAGE for an empty text where one is needed (note, request changes, waive), ERR_REFUSED
 * when the store is read only or a check that passed should be waived. The own approval of an
 * author is kept; the review says why it does not count. Drafts are gone after it. */
struct saying {
    enum said_kind kind;
    const char *on, *text; /* NULL: "" */
    int reply_to;          /* note: the thread's first or any of it; SAID_SETTLE: the note */
    enum note_state state; /* SAID_SETTLE */
};
bool session_say(struct session *s, const struct saying *what, struct err *e);

/* Judges the open run anew with rules and limits of now, and stores that in its place. Only its
 * author may. What was signed before is outdated by it, when it changes. */
bool session_judge_again(struct session *s, struct err *e);

/* --- comparing --- */

/* Opens both beside the run that is open. ERR_USAGE for a run that is not there. */
bool session_compare(struct session *s, int64_t a, int64_t b, struct err *e);
const struct comparison *session_comparison(const struct session *s);     /* NULL: none */
const struct record *session_compared(const struct session *s, int side); /* 0 a, 1 b */
void session_compare_end(struct session *s);
/* The script lines that differ between the compared runs; NULL when a side has no script. */
const struct diff *session_compare_scripts(const struct session *s);

/* --- reports --- */

/* Writes report-14.md (…) into the workspace as a new file; report-14-2.md when the name is taken
 * by something else. A file that holds these bytes already is left and counts as written. name: the
 * file's name, of NAME_MAX_BYTES. path: another place, NULL: there. */
bool session_report_write(struct session *s, enum report_format f, const char *path, char *name,
                          struct err *e);

/* --- people --- */

/* Starts to be seen by others who have this workspace open. Needs a store; does nothing without. */
void session_people_join(struct session *s);
int session_people_fd(const struct session *s); /* -1: not joined */
/* When the fd is readable: list, review and comparison are read anew when they changed. */
struct people_news {
    bool people, said, runs;
    char words[240];  /* one sentence of what is new: "bo noted something on p95 14:18:55."; "" */
    bool taken_over;  /* the run that was watched here was judged by who confirmed its load: it is
                         open now, and no longer watched */
    int64_t said_run; /* the statement in words; 0 none */
    int said_id;
};
bool session_people_turn(struct session *s, struct people_news *out);
/* While it is held no turn opens another run: the user is about to say something of this one. */
void session_hold_open(struct session *s, bool hold);
size_t session_people(const struct session *s, const struct person **out);
/* Where this user is, told to the others. follows NULL: nobody. */
void session_people_here(struct session *s, const struct place_at *at,
                         const struct person *follows);

/* Who confirmed the load has this workspace open too: that one's program judges the run, so that it
 * is stored once and in the right name. NULL: it is this user's to judge. */
const struct person *session_judge_is(const struct session *s);

/* A note that is being typed, kept for the next start. */
void session_draft_save(struct session *s, int64_t run, const char *on, const char *text);
/* false: there is none. text of SAID_TEXT_BYTES, on of SAID_ON_BYTES. */
bool session_draft(const struct session *s, int64_t *run, char *on, char *text);

/* Who this user is for the others: "ana", "ana (sudo)". */
const char *session_me(const struct session *s, int64_t *uid);
/* "" when this user may note and vote; else why not. */
const char *session_why_silent(const struct session *s);

#endif
