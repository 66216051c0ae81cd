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
#include "load/profile.h"
#include "results/summary.h"
#include "sizing/sizing.h"

enum { REPORT_MAX_BYTES = 4 << 20, REPORT_FILES_MAX = 8 };

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

/* { "error": { "file", "line", "text", "fix" } } */
char *report_error_json(const struct err *e);

#endif
