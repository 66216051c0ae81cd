/* ui/plain/judging.h
 * From the words of the command line to a verdict: what `check` does with results that are there,
 * and `watch` with those that were watched. */
#ifndef PERFSCALE_PLAIN_JUDGING_H
#define PERFSCALE_PLAIN_JUDGING_H

#include "check/check.h"
#include "gather/gather.h"
#include "session/session.h"
#include "ui/plain/verb.h"

struct judging_words {
    const char *rps, *p95, *p99, *error_rate, *rules, *plan, *model, *format, *arrivals, *max_vus,
        *think, *memory, *memory_limit, *dir;
    bool save, json;
};

/* Rows of an option table, for a struct that begins with struct judging_words. */
#define JUDGING_OPTION(name, argument, help, member)                                               \
    { name, argument, help, offsetof(struct judging_words, member), NULL }
#define JUDGING_OPTIONS                                                                            \
    JUDGING_OPTION("--rps", "N", "target requests per second", rps),                               \
        JUDGING_OPTION("--p95", "500ms", "limit on the 95th percentile of the response time",      \
                       p95),                                                                       \
        JUDGING_OPTION("--p99", "1s", "limit on the 99th percentile", p99),                        \
        JUDGING_OPTION("--error-rate", "1%", "limit on failed requests", error_rate),              \
        JUDGING_OPTION("--plan", "FILE", "the load profile: saved output of plan --json", plan),   \
        JUDGING_OPTION("--dir", "DIR",                                                             \
                       "takes test-plan.md, rules and the last plan of that workspace", dir),      \
        JUDGING_OPTION("--rules", "FILE", "another rules/metric-validation.md", rules),            \
        JUDGING_OPTION("--model", "load|stress|soak",                                              \
                       "kind of test; default: the plan's, else load", model),                     \
        JUDGING_OPTION("--arrivals", "open|closed|paced",                                          \
                       "how the load was driven; default: the plan's, else open", arrivals),       \
        JUDGING_OPTION("--max-vus", "N", "VUs that the run could use at most", max_vus),           \
        JUDGING_OPTION("--think", "1s", "pauses of one iteration; default: the plan's", think),    \
        JUDGING_OPTION("--memory", "FILE",                                                         \
                       "memory of the server over time: CSV (t_s,rss_mb) or Prometheus' JSON",     \
                       memory),                                                                    \
        JUDGING_OPTION("--memory-limit", "1000MB",                                                 \
                       "how much memory the server may use: hours until then", memory_limit),      \
        JUDGING_OPTION("--format", "NAME", "format of the result, when detection is wrong",        \
                       format),                                                                    \
        JUDGING_OPTION("--save", NULL, "keeps the run in the store of --dir", save)

/* Everything that one judgement stands on. Its parts borrow from each other: it is not moved. */
struct judging {
    struct judging_words words; /* to be filled before the first call */
    struct session s;           /* of --dir */
    bool has_session;
    struct rules rules;
    struct profile profile; /* of --plan */
    struct summary run;
    struct check_input in;
    struct judgement j;
    const char *const *path; /* of its results, as judging_read() got them */
    size_t paths;
    int64_t saved; /* its number in the store; 0: not kept */
};

struct judging *judging_new(void);
void judging_free(struct judging *k);

/* Takes workspace, rules, plan and limits: everything but the run. */
bool judging_prepare(struct judging *k, struct err *e);
/* How its results are read; stretch holds their parts. */
struct gather_options judging_read_options(const struct judging *k,
                                           struct stretch_wanted stretch[STRETCHES_MAX]);
/* Reads the results of the run. */
bool judging_read(struct judging *k, const char *const *paths, size_t n, struct err *e);
/* The memory of --memory, and the verdict. */
bool judging_judge(struct judging *k, struct err *e);
/* With --save: into the store, which sets saved. source: a file name or "-". */
bool judging_save(struct judging *k, const char *source, struct err *e);
/* "Saved as run 14.", when it was. */
void judging_say_saved(const struct judging *k);
/* Exit status of the verdict. */
int judging_status(const struct judging *k);

#endif
