/* plan/plan_parts.h
 * Shared by the files of this room: a text cut into tokens (token.c), numbers with their units
 * (value.c), names of figures (names.c), models and endpoints (scope.c), pairs of name and value in
 * one unit of reading (match.c), where they are kept (keep.c), tables (table.c), and the walk over
 * the file (plan.c). */
#ifndef PERFSCALE_PLAN_PLAN_PARTS_H
#define PERFSCALE_PLAN_PLAN_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/markdown.h"
#include "plan/plan.h"

/* --- token.c ---------------------------------------------------------------------------------- */

enum token_kind {
    TOKEN_WORD,
    TOKEN_NUMBER,
    TOKEN_LESS, /* < <= and their signs */
    TOKEN_MORE,
    TOKEN_DASH, /* - _ and their longer forms */
    TOKEN_MARK, /* any other character, in mark */
    TOKEN_URL,
    TOKEN_PATH,
    TOKEN_FILE,  /* a name that ends like a script */
    TOKEN_BREAK, /* the text goes on in the next line of the file */
    TOKEN_END,   /* of a sentence, and behind the last token */
};

enum number_form {
    NUMBER_PLAIN,
    NUMBER_DOUBTFUL, /* "1,5": comma or point may both be meant */
    NUMBER_BAD,      /* "1.2.3" */
};

struct token {
    enum token_kind kind;
    const char *s; /* borrowed from the text */
    size_t len;
    char mark;
    bool glued; /* nothing between it and the token before */
    double number;
    enum number_form form;
    long line;
};

struct tokens {
    struct token *item; /* owned */
    size_t len, cap;
};

/* How this file writes numbers. */
struct number_style {
    bool thousands_comma; /* somewhere it has "10,000" */
    bool decimal_comma;   /* somewhere it has "0,5" */
};
struct number_style number_style_of(const char *text, size_t len);

/* Adds the tokens of s. */
void tokens_add(struct tokens *t, const char *s, size_t len, long line, struct number_style style);
void tokens_mark(struct tokens *t, enum token_kind kind, char mark, long line);
void tokens_clear(struct tokens *t);
void tokens_fini(struct tokens *t);

/* Token i, and a TOKEN_END at and behind the end of the list. */
const struct token *token_at(const struct tokens *t, size_t i);
bool token_is(const struct token *t, const char *word); /* a word, upper and lower case alike */
bool token_in(const struct token *t, const char *const *words); /* NULL at the end */
bool token_is_mark(const struct token *t, char mark);

/* --- value.c ---------------------------------------------------------------------------------- */

enum dim { DIM_PLAIN, DIM_TIME, DIM_RATE, DIM_SHARE, DIM_SIZE, DIM_OTHER };

struct value {
    enum dim dim;
    double n; /* ms, per second, share, MB, or as written */
    bool range, doubtful, bad;
    size_t end; /* index of the first token behind it */
};

/* The value that begins at the number i. */
struct value value_at(const struct tokens *t, size_t i);

/* What a plain number would mean: the unit that stands in a heading, "p95 (ms)". */
struct hint {
    enum dim dim; /* DIM_PLAIN: no unit named */
    double scale; /* to ms, per second, share, MB */
};
/* A unit without a number at i: "ms", "%", "req/s". *end behind it. */
bool hint_at(const struct tokens *t, size_t i, struct hint *h, size_t *end);
struct hint hint_in(const struct tokens *t); /* the first that stands in brackets or alone */

/* --- names.c ---------------------------------------------------------------------------------- */

enum what {
    WHAT_NONE,
    WHAT_RPS,
    WHAT_P50,
    WHAT_P90,
    WHAT_P95,
    WHAT_P99,
    WHAT_AVG,
    WHAT_MAX,
    WHAT_ERROR,
    WHAT_SUCCESS,
    WHAT_DURATION,
    WHAT_MEMORY,
    WHAT_URL,
    WHAT_OTHER, /* a figure that is none of ours: p99.9 */
};

struct name {
    enum what what;
    bool vague;       /* a word with many meanings: load, host, length */
    struct hint hint; /* "requests per minute" says the unit of a plain number */
    size_t end;
};

/* The name that begins at i. before: the text speaks of response times. WHAT_NONE when there is
 * none. */
struct name name_at(const struct tokens *t, size_t i, bool response_time);
bool what_is_time(enum what w); /* of a response */

/* First name in the list that is no vague one; WHAT_NONE. */
enum what names_first(const struct tokens *t);

/* Word lists, NULL at the end. */
extern const char *const words_measured[]; /* what is, not what shall be: "current" */
extern const char *const words_goal[];     /* "target", "limit" */
extern const char *const words_foreign[];  /* other subjects: "cpu", "ramp" */
extern const char *const words_phase[];    /* the way to the load: "ramp", "step" */
extern const char *const words_filler[];   /* may stand between a name and its value */

bool tokens_have(const struct tokens *t, const char *const *words);

/* --- scope.c ---------------------------------------------------------------------------------- */

extern const char *const words_methods[]; /* "GET" */

/* The model that token i names. PLAN_ANY: none. */
enum plan_scope model_at(const struct tokens *t, size_t i);
/* The only model that is named in [from, to); PLAN_ANY when none or several are. *count: how many.
 */
enum plan_scope models_in(const struct tokens *t, size_t from, size_t to, int *count);

/* The endpoint that a path at i names, with its method: "POST /orders". */
bool endpoint_at(const struct tokens *t, size_t i, char *out, size_t size);
/* The only endpoint in [from, to). *count: how many different ones. */
bool endpoint_in(const struct tokens *t, size_t from, size_t to, char *out, size_t size,
                 int *count);

/* --- keep.c ----------------------------------------------------------------------------------- */

/* What stands above a unit of reading. */
struct context {
    enum plan_scope scope;
    char endpoint[256]; /* "" for the whole */
    bool measured;      /* figures of a run that has been, not goals */
    bool goal;          /* under a heading that says limits or targets */
    struct hint hint;
};

struct reader_state {
    struct plan *plan;
    struct number_style style;
    bool tool_doubt, baseline_doubt, url_doubt, endpoints_full;
};

/* Keeps a figure that is in range; else a finding. */
void keep_value(struct reader_state *r, const struct context *c, enum plan_key key, double value,
                long line);
void keep_url(struct reader_state *r, const char *s, size_t len, long line);
void keep_tool(struct reader_state *r, const char *name, long line);
void keep_baseline(struct reader_state *r, const char *s, size_t len, long line);
struct finding *keep_note(struct reader_state *r, enum finding_level level, const char *kind,
                          long line, const char *fmt, ...) __attribute__((format(printf, 5, 6)));
const char *key_title(enum plan_key key); /* "p95" */

/* --- match.c ---------------------------------------------------------------------------------- */

/* Reads tokens that belong together: sentences, an item, a row. */
void match_tokens(struct reader_state *r, const struct context *c, const struct tokens *t);

/* --- table.c ---------------------------------------------------------------------------------- */

/* Reads the rows behind block `at` (the table's head). Returns the index behind them. */
size_t table_read(struct reader_state *r, const struct context *c, const struct md_block *block,
                  size_t blocks, size_t at);

#endif
