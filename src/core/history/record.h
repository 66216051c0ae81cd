/* history/record.h
 * A stored run, opened: the row of the store with its texts as structs. */
#ifndef PERFSCALE_HISTORY_RECORD_H
#define PERFSCALE_HISTORY_RECORD_H

#include "check/check.h"
#include "history/history.h"
#include "load/profile.h"
#include "results/summary.h"

enum { RECORD_FILES_MAX = 72 };

/* A file that the run stands on. */
struct record_file {
    char name[256]; /* in the workspace, else absolute */
    char kind[8];   /* "result", "script", "rules" */
    int64_t bytes, mtime_ms;
    char sha256[DIGEST_BYTES];
};

struct record {
    struct run is; /* owned; its texts stay */
    struct summary run;
    struct judgement judgement; /* as it was; waivers are not in it (review.h adds them) */
    bool judged_anew;           /* the store has only figures (schema 1): judgement is of now */
    bool has_profile;
    struct profile profile;
    char base_url[256]; /* that the requests went to, as the plan says; "" unknown */
    struct record_file file[RECORD_FILES_MAX];
    size_t files;
};

void record_init(struct record *r);
void record_fini(struct record *r);

#endif
