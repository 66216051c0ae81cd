/* report/report.h
 * Facts as JSON, the forms of the headless command line: what a program reads, what the store
 * keeps, and what can be read back. null means not measured; it never means zero. Texts returned
 * are the caller's to free. */
#ifndef PERFSCALE_REPORT_REPORT_H
#define PERFSCALE_REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/finding.h"
#include "check/check.h"
#include "compare/compare.h"
#include "history/record.h"
#include "load/profile.h"
#include "results/summary.h"
#include "review/review.h"
#include "sizing/sizing.h"

enum { REPORT_MAX_BYTES = 64 << 20, REPORT_FILES_MAX = 8 };

/* `plan --json`. Pointers are borrowed; lists of words end with NULL. */
struct report_plan {
    const char *base_url; /* that the requests go to, "" unknown; NULL: left out */
    const char *tool, *baseline, *script;
    const struct facts *facts; /* what the baseline does now; NULL: left out */
    const struct profile *profile;
    const struct host_check *host; /* hosts of them */
    int hosts;
    int generators_needed;       /* by the sizing of this host; 0: not known */
    const char *const *commands; /* one for each machine */
    const char *const *places;   /* where each of them is run; "" when there is one place only */
    const char *manifest;        /* file for an engine that runs them; "": none */
    double result_bytes;         /* that they will write; NAN: not known */
    const char *const *written;
    const struct findings *findings;
};
char *report_plan_json(const struct report_plan *p);

/* The load profile out of what report_plan_json() wrote. ERR_FORMAT names the member. */
bool report_plan_read(const char *json, struct profile *p, struct err *e);

/* `check --json`. with_summary adds every figure with its precision under "summary", for the store.
 */
char *report_check_json(const struct summary *s, const struct judgement *j,
                        const char *const *sources, bool with_summary);

/* A summary with all its figures, and back. *s is initialised by the call, also on error. tool and
 * format of the summary are kept by name. */
char *report_summary_json(const struct summary *s);
bool report_summary_read(const char *json, struct summary *s, struct err *e);
/* The one under "summary" in report_check_json(..., true). */
bool report_check_read_summary(const char *json, struct summary *s, struct err *e);

/* A judgement with everything in it, and back, bit for bit (infinities and NAN too). *j is
 * initialised by the reading, also on error; findings it frees with judgement_fini(). Under
 * "judgement" in report_check_json(..., true). */
char *report_judgement_json(const struct judgement *j);
bool report_judgement_read(const char *json, struct judgement *j, struct err *e);

/* `status --json`. */
struct report_status {
    bool ready;
    const struct plan *plan;                                   /* NULL: none */
    const char *const *baseline_tools, *const *baseline_files; /* NULL at the end */
    bool has_result;
    const char *result_file;      /* NULL: stated */
    const struct summary *result; /* NULL: stated */
    const char *tool_version;     /* NULL: unknown */
    const char *const *missing;
    const struct findings *findings;
};
char *report_status_json(const struct report_status *s);

/* --- stored runs: record.h, review.h, compare.h --- */

/* Opens a row of the store: *r is moved into out->is. out is initialised by it, also on error.
 * judged_anew is set, and the judgement empty, when the row has none of its own (schema 1). */
bool report_record_read(struct run *r, struct record *out, struct err *e);
/* files_json of a row. */
char *report_files_json(const struct record_file *file, size_t n);

/* One line of `runs`. */
struct report_run {
    const struct run *is;
    int notes, open_notes;
    enum review_state review;
    bool waived, pinned;
};
char *report_runs_json(const struct report_run *row, size_t n);

/* All that a report of a run is made of. Pointers are borrowed. */
struct report_doc {
    const struct record *record;
    const struct review *review; /* its judgement is the one that counts */
    const struct ledger_row *ledger;
    size_t ledgers;
    int64_t ledger_run; /* the signed run that the ledger is against; 0 none */
    char ledger_by[80];
};
/* `show --json`, which is also the JSON report: the object of `check`, and the rest. */
char *report_show_json(const struct report_doc *d);
char *report_compare_json(const struct comparison *c);

/* Documents for people and CI, the same figures as the screens. Deterministic: no date of making,
 * times in UTC, order fixed. Everything that came from outside goes through text_clean() and the
 * escapes of the format. The caller frees. */
enum report_format { REPORT_MARKDOWN, REPORT_HTML, REPORT_JUNIT, REPORT_JSON, REPORT_FORMATS };
bool report_format_parse(const char *word,
                         enum report_format *f);        /* "md", "html", "junit", "json" */
const char *report_format_ending(enum report_format f); /* ".md", ".html", ".xml", ".json" */
char *report_document(const struct report_doc *d, enum report_format f);

/* { "error": { "file", "line", "text", "fix" } } */
char *report_error_json(const struct err *e);

#endif
