/* review/review.h
 * What was said of a run, to what it comes to: threads of notes, votes that count and votes that do
 * not and why, waivers, the state of the review, the ledger of loosened limits. Pure: structs in,
 * structs out; no files, no clock.
 *
 * Rules of a review:
 * - An approval counts when it is proven, of another uid than the author's and than the one of who
 *   confirmed the load, and what it signed is what is there now. One is needed.
 * - The last vote of a uid is its vote; a withdrawal takes it back.
 * - A proven "request changes" blocks as long as it stands and what it signed is unchanged.
 * - What changed after a vote makes it outdated: it stays, and says what changed from what to what.
 * - A waived check keeps its status; the verdict is that of the other checks, and never reads as a
 *   pass without naming the waiver. Waivers need a reason and are proven too. */
#ifndef PERFSCALE_REVIEW_REVIEW_H
#define PERFSCALE_REVIEW_REVIEW_H

#include "base/finding.h"
#include "history/record.h"
#include "history/said.h"

/* Where a note hangs. */
enum place_kind { PLACE_RUN, PLACE_CHECK, PLACE_ENDPOINT, PLACE_STEP, PLACE_TREND, PLACE_TIME };
struct place {
    enum place_kind kind;
    char key[256];       /* check: "p95"; endpoint: its name; trend: "memory" */
    int step;            /* as the user counts, from 1 */
    double from_s, to_s; /* from the start of the run; the same for a moment */
};
/* Reads `--on`: "" or "run", a metric of the checks ("p95", "p95:POST /orders"), "endpoint:NAME",
 * "step:3", "memory" "latency" "errors" "throughput" (a soak's trends, also "trend:memory"),
 * "limits", and times "14:02:10-14:05:00", "14:02:10" (of the day the run began, when its begin is
 * known) or "95s-2m" from its start. ERR_USAGE says what there is when the run does not have it. */
bool place_parse(const char *on, const struct record *r, struct place *out, struct err *e);
/* Back to the form of place_parse(): kept in said.on; times as "95.0s-120.0s" from the start. */
void place_text(const struct place *p, char out[SAID_ON_BYTES]);
/* For people: "p95", "step 3", "14:18:55", "14:17 to 14:21", "run". */
char *place_show(const char *on, const struct record *r, char *out, size_t size);

/* What may have changed after a vote. */
enum sealed { SEALED_RESULTS, SEALED_LIMITS, SEALED_RULES, SEALED_SCRIPT, SEALED_VERDICT, SEALEDS };
const char *sealed_name(enum sealed s); /* "results" */
const char *sealed_of(const struct hashes *h, enum sealed s);

struct note {
    const struct said *said; /* borrowed from the list */
    enum note_state state;
    const struct said *settled; /* who set the state; NULL */
    int depth;                  /* 0, 1 for a reply */
};

enum { WHY_BYTES = 200 };
struct vote {
    const struct said *said;
    bool valid;          /* counts */
    bool outdated;       /* what it signed has changed */
    char why[WHY_BYTES]; /* why it does not count: "limits changed from 9d20e4 to a1177c", "ana ran
                            it; someone else approves"; "" it does */
};

struct waiver {
    const struct said *said;
    bool valid;
    char why[WHY_BYTES];
};

enum review_state { REVIEW_NONE, REVIEW_OPEN, REVIEW_APPROVED, REVIEW_CHANGES, REVIEW_OUTDATED };
/* "none", "open" (somebody said something), "approved", "changes_requested", "outdated" */
const char *review_state_name(enum review_state s);

struct review {
    enum review_state state;
    struct note *note; /* owned; threads: a note, then its replies, the newest thread first */
    size_t notes;
    int open_notes;
    struct vote *vote; /* owned; the last of each uid, in the order of time */
    size_t votes;
    int approvals, needed; /* that count; 1 */
    struct waiver *waiver; /* owned */
    size_t waivers;
    bool pinned;
    char pinned_by[80];
    int missing;                /* statements that were removed */
    struct judgement judgement; /* owned; the record's, with valid waivers in it */
    struct hashes now;          /* what a vote would sign now, waivers inside */
    char author_why[WHY_BYTES]; /* "author not confirmed: ..." of a run that has not proven who ran
                                   it; "" it has */
};

/* now: the hashes of the record as they are found now (session: files and rules looked at again);
 * its verdict member is filled here. The review borrows from said and copies the judgement. */
void review_make(const struct record *r, const struct said_list *said, const struct hashes *now,
                 struct review *out);
void review_fini(struct review *v);

/* Hashes of what a run says: its limits with where they are from; its verdict, checks and waivers.
 */
void review_limits_digest(const struct judgement *j, char out[DIGEST_BYTES]);
void review_verdict_digest(const struct judgement *j, char out[DIGEST_BYTES]);

/* May this uid give an approval that counts? false: why says why not. */
bool review_may_approve(const struct record *r, int64_t uid, char why[WHY_BYTES]);

/* --- the ledger: limits of this run that are looser than those of the last signed one --- */

enum { LEDGER_MAX = 32 };
struct ledger_row {
    char what[64]; /* "p95 limit", "hold", "target" */
    char was[48], is[48];
    bool loosened; /* else only another value */
};
/* was: the last run before this one that is approved, of its model; NULL gives 0. */
size_t review_ledger(const struct record *is, const struct record *was,
                     struct ledger_row out[LEDGER_MAX]);

#endif
