/* rules/rules.h
 * The tables of rules/ and references/ as structs. The documents are for people to read and edit; a
 * team's copy in its workspace goes before the one compiled into the program. All tables that the
 * program uses are read and checked at once: a heading, row, column or value that is missing or
 * wrong is an error with file, line and what was expected, never a silent default. */
#ifndef PERFSCALE_RULES_RULES_H
#define PERFSCALE_RULES_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum model { MODEL_LOAD, MODEL_STRESS, MODEL_SOAK };
enum { MODELS = 3 };
const char *model_name(enum model m);  /* "load" */
const char *model_title(enum model m); /* "Load" */
bool model_parse(const char *word, enum model *m);

/* One document: where its text came from. */
enum rules_doc {
    DOC_MODELS,         /* rules/load-model-selection.md */
    DOC_VALIDATION,     /* rules/metric-validation.md */
    DOC_INFRASTRUCTURE, /* references/infrastructure-requirements.md */
    DOC_DIAGNOSIS,      /* references/diagnosis.md */
};
enum { DOCS = 4 };

struct doc {
    const char *name; /* "rules/metric-validation.md"; static */
    bool team;        /* read from the workspace; else built in */
    char path[512];   /* of the team's copy, "" when built in */
};

enum { EXPR_MAX_BYTES = 96, RULE_TEXT_MAX_BYTES = 320 };

/* "## Models": the words about each kind of test. */
struct model_words {
    char also[96]; /* also called */
    char goal[160];
};

/* "## Selection": a row. words is "leak, memory, hours". */
struct selection_row {
    char words[256];
    enum model model;
};

/* "## Sizing". Formulas use L (VUs in flight). */
struct sizing_rules {
    char users[EXPR_MAX_BYTES];
    char allocate[EXPR_MAX_BYTES];
    bool allocate_for_p95_limit; /* else for the average */
    double max_vus_factor;
    double rounding_guard;
    double two_sizings_differ; /* share: 0.10 */
    double users_ask_above;
};

/* "## Shape", one column. NAN: the cell is empty. Formulas use hold and ramp, in seconds. */
struct shape_rules {
    double hold_s, hold_least_s;
    char ramp[EXPR_MAX_BYTES];
    double ramp_least_s, ramp_most_s;
    char ramp_down[EXPR_MAX_BYTES];
    double ramp_down_least_s;
    double first_step, step, last_step; /* shares of the target: 0.5 */
    double steps_least, steps_most;
    double step_hold_least_s, step_hold_most_s;
    double requests_per_step;
    double stop_error_rate; /* share */
    double stop_after_s;
    double most_of_known_break; /* share */
};

/* "## Results of k6". */
struct k6_result_rules {
    double csv_most_bytes;
    double csv_gz_most_bytes; /* of plain CSV */
    double csv_bytes_per_request;
    double csv_gz_share; /* plain / compressed */
};

enum rule_op { OP_LESS, OP_LESS_EQUAL, OP_MORE_EQUAL };
const char *op_text(enum rule_op op); /* "<" */

/* "## Limits", one row. Units are turned into ms and shares: "1 %" is 0.01. */
struct limit_rule {
    char check[32];  /* "p95" */
    char metric[40]; /* "response_time_p95" */
    enum rule_op op;
    double limit; /* NAN: not set */
    double near;  /* NAN: not set */
    char unit[8]; /* as in the table: "ms", "%", "" */
    bool model[MODELS];
    bool baseline; /* the row is for the baseline's own result */
    bool required;
    long line;
};

/* "## Samples", one row. */
struct sample_rule {
    char statistic[16]; /* "p95", "mean", "error_rate" */
    double least, full;
};

/* "## Steady state" and "## Baseline comparison". */
struct steady_rules {
    double settle_s, settle_share, load_band, shortest_s;
    double interval_t, halves_differ, rate_guard;
    double stall_share, stall_least, stall_edge_s;
};
struct compare_rules {
    double same_load, warn_ratio, fail_ratio, fail_at_least_ms, hold_least_s, samples_least;
};

/* "## Stress". Shares, steps and seconds as in the table. */
struct stress_rules {
    double cut;            /* share of a step, at its begin */
    double confirm, widen; /* steps */
    double widen_least;    /* share of the break load */
    double plateau_elasticity, plateau_share;
    double law_least, law_requests;
    double vu_fill, vu_slower;
    double fit_steps, fit_error, fit_leave_one_out;
};

/* "## Soak", one column. */
struct soak_rules {
    double warm_up; /* share of the hold */
    double samples_least, blocks, blocks_least;
    bool block_median;          /* else the smallest of a block */
    double gc_cycles_per_block; /* NAN: no saw-tooth is looked for */
    double significance;        /* one-sided */
    double rise_least;          /* share */
    double tail_plateau, tail_slowing, tail_slowing_saturating;
    double none_above;        /* share of the level over the analysed time */
    double leak_never_missed; /* share */
    double restart_fall, restart_errors, restart_dip; /* shares; NAN: not looked for */
};
enum { SOAK_MEMORY, SOAK_LATENCY, SOAK_COLUMNS };

/* references/infrastructure-requirements.md. */
struct tool_need {
    char tool[24]; /* "k6", "locust_http" */
    double base_mb, mb_per_user, bytes_per_request, rps_per_core, files_per_user, extra_files;
    double users_per_instance; /* NAN: no such limit */
    bool file_limit_hard;      /* else the soft limit counts */
    double cores_per_process;  /* INFINITY: all */
};
struct margin_rules {
    double cpu_use, memory_use, network_use, ports_use, disk_use; /* shares */
    double cpu_warn, cpu_invalid, cpu_invalid_share;              /* shares, while running */
    double time_wait_s;
};
struct host_rule {
    char fact[24]; /* "cores", "memory", "files", "ports", ... */
    char source[64];
    char needed[RULE_TEXT_MAX_BYTES]; /* a formula, or words when it is none */
    bool required;                    /* level fail; else warn */
    char advice[RULE_TEXT_MAX_BYTES];
    long line;
};

/* "## Generators": how a tool runs on several machines. */
struct generator_rule {
    char tool[24]; /* "k6" */
    char how[RULE_TEXT_MAX_BYTES];
    char by_hand[RULE_TEXT_MAX_BYTES]; /* what the user divides; "no" */
    long line;
};

/* references/diagnosis.md, "## The table". */
struct diagnosis_row {
    char id[8]; /* "D01" */
    char name[64];
    char predicate[RULE_TEXT_MAX_BYTES];
    char points_at[RULE_TEXT_MAX_BYTES];
    char excludes[RULE_TEXT_MAX_BYTES];
    char look_next[RULE_TEXT_MAX_BYTES];
    long line;
};

/* "## Before it starts". */
struct start_rule {
    char condition[96];
    char level[8]; /* "stop", "warn", "ask" */
    char words[160];
    long line;
};

enum {
    LIMIT_RULES_MAX = 64,
    SAMPLE_RULES_MAX = 16,
    SELECTION_MAX = 16,
    TOOL_NEEDS_MAX = 16,
    HOST_RULES_MAX = 32,
    GENERATOR_RULES_MAX = 16,
    DIAGNOSES_MAX = 64,
    START_RULES_MAX = 24,
};

struct rules {
    struct doc doc[DOCS];
    struct model_words words[MODELS];
    struct selection_row selection[SELECTION_MAX];
    size_t selections;
    struct sizing_rules sizing;
    struct shape_rules shape[MODELS];
    struct k6_result_rules k6_results;
    struct start_rule start[START_RULES_MAX];
    size_t starts;
    struct limit_rule limit[LIMIT_RULES_MAX];
    size_t limits;
    struct sample_rule sample[SAMPLE_RULES_MAX];
    size_t samples;
    struct steady_rules steady;
    struct compare_rules compare;
    struct stress_rules stress;
    struct soak_rules soak[SOAK_COLUMNS];
    struct tool_need tool[TOOL_NEEDS_MAX];
    size_t tools;
    struct margin_rules margin;
    struct host_rule host[HOST_RULES_MAX];
    size_t hosts;
    struct generator_rule generator[GENERATOR_RULES_MAX];
    size_t generators;
    struct diagnosis_row diagnosis[DIAGNOSES_MAX];
    size_t diagnoses;
};

/* Reads all four documents: dir/NAME where that file exists, else the built-in text. dir NULL:
 * built in only. A file that is there and cannot be read is an error. The struct is plain data:
 * copy and drop it freely. After an error it is not to be used. */
bool rules_load(struct rules *r, const char *dir, struct err *e);

/* Reads one document from a file of any name in place of its part of r (option --rules FILE). */
bool rules_load_file(struct rules *r, enum rules_doc doc, const char *path, struct err *e);

/* The same from bytes: for tests and fuzzing. name is the file of the errors. */
bool rules_read(struct rules *r, enum rules_doc doc, const char *name, const char *text, size_t len,
                struct err *e);

/* The text compiled in (NUL-terminated, static). */
const char *rules_builtin(enum rules_doc doc, size_t *len);

/* Where a row stands: "rules/metric-validation.md:31", with "built-in " before it when it is ours.
 */
char *rules_place(const struct rules *r, enum rules_doc doc, long line, char *out, size_t size);

/* A row by its first column; NULL when there is none. */
const struct limit_rule *rules_limit(const struct rules *r, const char *check);
const struct sample_rule *rules_sample(const struct rules *r, const char *statistic);
const struct tool_need *rules_tool(const struct rules *r, const char *tool);
const struct diagnosis_row *rules_diagnosis(const struct rules *r, const char *id);

/* How a tool runs on several machines. tool may be a row of "Tool figures" too: "locust_fast" has
 * that of "locust". NULL when there is none. */
const struct generator_rule *rules_generator(const struct rules *r, const char *tool);

/* "2.2.0" as a number that grows with the version, 0 to 999 in each place; NAN for any other text.
 */
double rules_version(const char *text);

/* The version that a list such as "k6 0.49, locust 2.12" asks of a tool (or of its row in "Tool
 * figures"); NAN when it does not name the tool. */
double rules_least_version(const char *list, const char *tool);

/* The model of the first row of which a word occurs in a plan's goal; false: none does, ask. */
bool rules_select_model(const struct rules *r, const char *goal, enum model *m);

#endif
