/* workspace/workspace.h
 * What is in this directory: test-plan.md, baseline scripts, result files. Reads, never writes. */
#ifndef PERFSCALE_WORKSPACE_WORKSPACE_H
#define PERFSCALE_WORKSPACE_WORKSPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "plan/plan.h"
#include "tools/tool.h"

enum {
    BASELINES_MAX = 64,
    RESULTS_MAX = 64,     /* result files that are offered */
    WORKSPACE_LOOK = 200, /* files whose first bytes are looked at */
    WORKSPACE_ENTRIES = 20000,
    NAME_MAX_BYTES = 256,
    RESULT_PARTS_MAX = 8,
};

struct baseline_file {
    char name[NAME_MAX_BYTES];
    const struct tool *tool;
};

/* A file whose first bytes a reader knows. */
struct result_file {
    char name[NAME_MAX_BYTES];
    const struct reader *reader;
    int64_t changed_s; /* seconds since 1970 */
};

/* A file that ends like a result and is none. */
struct odd_file {
    char name[NAME_MAX_BYTES];
    int error; /* errno when it cannot be read; 0: no reader knows it */
};

struct workspace {
    char dir[512];             /* as given; "." for the current directory */
    char path[512];            /* absolute */
    char name[NAME_MAX_BYTES]; /* last part of the absolute path */
    bool has_plan;
    struct plan plan;      /* owned when has_plan */
    struct err plan_error; /* kind ERR_NONE unless test-plan.md is there and cannot be read */
    struct baseline_file baseline[BASELINES_MAX]; /* sorted by name */
    size_t baselines;
    struct result_file result[RESULTS_MAX]; /* the newest first */
    size_t results;
    struct odd_file odd[RESULTS_MAX]; /* the newest first */
    size_t odds;
    bool more_entries; /* the directory holds more than WORKSPACE_ENTRIES; the rest was not seen */
};

/* ERR_IO when dir cannot be listed. *w is initialised by it, to be finished also after an error. */
bool workspace_scan(struct workspace *w, const char *dir, struct err *e);
void workspace_fini(struct workspace *w);

/* name inside the workspace as a path that can be opened. false when it is too long. */
bool workspace_path(const struct workspace *w, const char *name, char *out, size_t size);

/* The result of a baseline script: a file named after it (baseline_orders.json, .jtl, ...), else,
 * when it is the only baseline, one named summary or baseline. Summaries with all digits first,
 * then single requests, then texts, then the newest. NULL when there is none. */
const struct result_file *workspace_baseline_result(const struct workspace *w, size_t baseline);

/* What the same run wrote beside that result and adds to it: series and lists of errors (Locust's
 * other CSV files). Returns how many. */
size_t workspace_baseline_parts(const struct workspace *w, size_t baseline,
                                const struct result_file *result,
                                const struct result_file *out[RESULT_PARTS_MAX]);

/* Why a script seems to have no result: a file named after it that is none. NULL: no such file. */
const struct odd_file *workspace_odd_result(const struct workspace *w, size_t baseline);

/* MODEL_ and the script's name without baseline_ or locustfile_, without its ending: "load_orders".
 */
bool workspace_stem(const char *baseline, const char *model, char *out, size_t size);

/* Ending of a file name with its point: ".js"; "" when there is none. */
const char *workspace_ending(const char *name);

/* The stem of a script's result files: characters outside [A-Za-z0-9_-] become "_", because
 * k6 takes no "=" in the name of an output. */
void workspace_result_stem(const char *stem, char *out, size_t size);

/* The first stem of stem, stem-2, stem-3, ... for which neither the script (stem and ending) nor
 * any of the tool's result names is taken. ERR_REFUSED when none is free up to 999. */
bool workspace_free_stem(const struct workspace *w, const struct tool *tool, const char *stem,
                         const char *ending, char *out, size_t size, struct err *e);

#endif
