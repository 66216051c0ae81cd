#include "history/record.h"

#include <math.h>
#include <string.h>

void record_init(struct record *r) {
    memset(r, 0, sizeof *r);
    r->is.author_uid = -1;
    r->is.target_rps = r->is.rps = r->is.p95_ms = r->is.error_rate = NAN;
    summary_init(&r->run);
}

void record_fini(struct record *r) {
    run_fini(&r->is);
    summary_fini(&r->run);
    judgement_fini(&r->judgement);
    record_init(r);
}
