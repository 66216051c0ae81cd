/* tools/k6/k6_text.h
 * The parts of the reader of k6's end-of-test text, in the order in which a line passes them: items
 * (what a line is), values (its figures), log (what is said around a summary), block (one summary).
 * k6_text.c joins them; results/terminal.h makes the lines. */
#ifndef PERFSCALE_K6_TEXT_H
#define PERFSCALE_K6_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "results/reader.h"
#include "results/terminal.h"
#include "tools/k6/k6_results.h"

enum {
    K6_ITEM_MAX_BYTES = 4096, /* one metric line, its wrapped pieces joined */
    K6_PIECES_MAX = 16,       /* pieces that a terminal may have cut one line into */
    K6_PAIRS_MAX = 16,        /* statistics in one line */
    K6_NAME_MAX_BYTES = 128,  /* of a metric; k6 takes 128 characters */
};

/* --- k6_text_items.c ------------------------------------------------------------------------- */

enum k6_item_kind {
    K6_BLANK,
    K6_UNKNOWN,
    K6_METRIC,      /* "http_reqs......: 96 7.9/s": name, rest */
    K6_SUB_METRIC,  /* "{ name:x }...: avg=1ms": name is the tags */
    K6_THRESHOLD,   /* "✓ 'p(95)<500' p(95)=30ms": rest from the quote on */
    K6_THRESHOLDS,  /* the title */
    K6_TOTAL,       /* the title TOTAL RESULTS */
    K6_PART,        /* the title of a part: name is SCENARIO or GROUP, rest what it is called */
    K6_SECTION,     /* HTTP, EXECUTION ... */
    K6_CHECK,       /* a mark and something else */
    K6_MARK_NUMBER, /* a mark and digits: perhaps the rest of a wrapped rate */
    K6_PROGRESS,    /* "running (" */
    K6_BAR,         /* a scenario that was cut off: name, rest behind the mark */
    K6_LOG,         /* a log record */
    K6_BANNER,      /* "execution: local": a run begins */
};

enum k6_mark { K6_NO_MARK, K6_MARK_OK, K6_MARK_FAIL, K6_MARK_UNREADABLE };

struct k6_item {
    enum k6_item_kind kind;
    enum k6_mark mark;
    const char *name, *rest; /* inside the line */
    size_t name_len, rest_len;
};

struct k6_item k6_item_of(const char *s, size_t len);

/* A ✓ or ✗ (also as other character sets show them) at s; its length goes to *len. */
enum k6_mark k6_mark_at(const char *s, size_t n, size_t *len);

/* --- k6_text_values.c ------------------------------------------------------------------------ */

enum k6_kind { K6_NOT_NEEDED, K6_TREND, K6_COUNTER, K6_BYTES, K6_SHARE, K6_GAUGE };

/* How a metric is shown; K6_NOT_NEEDED for a name that no figure comes from. */
enum k6_kind k6_kind_of(const char *metric);

struct k6_pair {
    enum k6_stat stat;
    double value, below, above; /* the true value lies in [value - below, value + above] */
    bool time;                  /* above is one step of the last digit: cut off or rounded */
    const char *at;             /* the piece of the text */
    size_t len;
};

struct k6_values {
    struct k6_pair pair[K6_PAIRS_MAX];
    size_t n;
    bool truncated, rounded; /* times that only one of the two ways of k6 can have written */
};

/* Reads the figures of a line. true when all of it makes sense; what was read before a piece that
 * makes none stands in *out all the same. open: the text may be cut at its end, so that a number
 * there may lack digits; it is left out. */
bool k6_values_read(enum k6_kind kind, const char *s, size_t len, bool open, struct k6_values *out);

/* A time alone: "30.14ms", "1m2s", whole text. */
bool k6_time_read(const char *s, size_t len, struct k6_pair *p, struct k6_values *hints);

/* --- k6_text_log.c --------------------------------------------------------------------------- */

struct k6_progress {
    bool seen;
    double duration_s, used, allocated, complete, interrupted;
    long line;
    char quote[QUOTE_MAX_BYTES];
};

/* What is said around the summary of one run. */
struct k6_log {
    struct k6_progress progress; /* the last */
    char stopped[SCOPE_MAX_BYTES];
    char bar[SCOPE_MAX_BYTES]; /* a scenario that did not reach its end; less sure than stopped */
    char generator[SCOPE_MAX_BYTES];
};

void k6_log_progress(struct k6_log *l, const char *s, size_t len, long line);
void k6_log_bar(struct k6_log *l, const struct k6_item *it);
/* One log record, its wrapped pieces joined. */
void k6_log_record(struct k6_log *l, const char *s);

/* --- k6_text_pending.c ----------------------------------------------------------------------- */

/* A metric or threshold line that the terminal may have cut: what follows may belong to it. */
struct k6_pending {
    enum k6_item_kind kind; /* K6_BLANK: none */
    enum k6_mark mark;
    enum k6_kind values;
    char metric[K6_NAME_MAX_BYTES], tags[SCOPE_MAX_BYTES];
    struct buf text; /* owned; the pieces one behind the other */
    size_t end[K6_PIECES_MAX], columns[K6_PIECES_MAX];
    int pieces;
    long line;
    bool ended; /* its last piece has a line end */
};

void k6_pending_init(struct k6_pending *p);
void k6_pending_fini(struct k6_pending *p);

/* One more piece; false when there is no room for it. */
bool k6_pending_add(struct k6_pending *p, const char *s, size_t len, const struct terminal_line *l);

/* The figures of the joined pieces, of as many as make sense together. last: nothing follows in the
 * source. *widest, in characters, tells where the terminal cut, and is raised. */
bool k6_pending_values(const struct k6_pending *p, bool last, size_t *widest, struct k6_values *out,
                       struct buf *joined);

/* "'p(95)<500' p(95)=30.14ms" in its parts. false when a piece is missing. */
struct k6_threshold {
    char expr[SCOPE_MAX_BYTES];
    struct k6_values values; /* of a trend: the one that was compared */
};
bool k6_pending_threshold(const struct k6_pending *p, struct k6_threshold *out);

/* --- k6_text_block.c ------------------------------------------------------------------------- */

/* One summary while it is read, and after. */
struct k6_block {
    bool titled;             /* has THRESHOLDS and TOTAL RESULTS: 0.58 on */
    bool full;               /* shows all HTTP metrics, or parts */
    bool truncated, rounded; /* as in k6_values, over the block */
    unsigned seen;           /* which metrics had a line, by k6_seen_bit */
    size_t widest;           /* characters of its widest metric line */
    int run;                 /* which run of the source it belongs to */
    struct summary s;        /* owned */
    void (*take)(void *summary, const struct word *w); /* fills s */
    struct k6_log log;
};

void k6_block_init(struct k6_block *b, const struct reader *r);
void k6_block_fini(struct k6_block *b);

/* A bit for each metric that is needed; 0 for others. */
unsigned k6_seen_bit(const char *metric);
bool k6_block_has(const struct k6_block *b, const char *metric);

void k6_block_take(struct k6_block *b, const char *metric, const char *tags,
                   const struct k6_values *v, long line);

/* A threshold on a metric, judged by its mark; nothing when that cannot be read. */
void k6_block_threshold(struct k6_block *b, const char *metric, const char *tags, const char *expr,
                        enum k6_mark mark);

/* It holds what makes a summary; more: also what stands behind the requests in one. */
bool k6_block_complete(const struct k6_block *b);
bool k6_block_more(const struct k6_block *b);

/* What follows from the lines that were there: rounding, duration, nothing dropped. false when the
 * figures contradict each other. */
bool k6_block_close(struct k6_block *b, struct err *e);
void k6_block_emit(const struct k6_block *b, const struct sink *out);

#endif
