/* gather/parts.h
 * Shared by the files of this room: one input on its way to figures (source.c), read in one go
 * (read.c) or in pieces side by side (split.c), put together with others (machine.c, agree.c,
 * run.c, memory.c). */
#ifndef PERFSCALE_GATHER_PARTS_H
#define PERFSCALE_GATHER_PARTS_H

#include "feed/feed.h"
#include "gather/gather.h"
#include "results/reader.h"

enum rows { ROWS_REQUESTS, ROWS_TRANSACTIONS, ROWS };

struct input {
    char path[1024];
    bool listed; /* came out of a directory */
    struct feed feed;
    const char *head; /* the first piece; valid until the next one is taken */
    size_t head_len;
    const struct reader *reader;
    int64_t origin_ms;   /* the earliest start among the first samples; INT64_MIN unknown */
    int machine;         /* whose result it is, from 0 */
    bool counted_only;   /* the same requests as in another file: they are only compared */
    struct stats *stats; /* owned; NULL unless its samples count */

    /* After the reading. */
    struct summary said;
    uint64_t rows[ROWS]; /* samples */
    bool own_clock;      /* it says itself how long the run was */
    bool left_out;       /* it came out of a directory, and why says what is wrong with it */
    struct err why;
    bool timed;
    int64_t first_ms, last_ms; /* when timed */
};

struct inputs {
    struct input *item; /* owned; does not move once inputs are opened */
    size_t len, cap;
    struct input *memory; /* owned; those that held memory only: read, and closed */
    size_t memories;
};

/* What all readings of one gathering share. */
struct read_how {
    const struct gather_options *o;
    int threads;
    int parts;         /* how many struct stats there are besides those of one file's threads */
    int64_t origin_ms; /* INT64_MIN: unknown */
    size_t chunk_bytes, split_bytes; /* pieces of a large file, and which file is one */
};

/* --- source.c --- */

/* The paths, directories replaced by the files in them that a reader knows. */
bool inputs_list(struct inputs *all, const char *const *paths, size_t n,
                 const struct gather_options *o, struct err *e);
struct input *inputs_add(struct inputs *all, const char *path);
void inputs_fini(struct inputs *all);

/* Opens it, reads the first piece and finds its reader. */
bool input_open(struct input *s, const char *format, struct err *e);
bool input_look(struct input *s, const char *format, struct err *e);
bool input_rest(struct input *s); /* closes it until input_open() is called again */
int64_t input_origin(const struct input *s);

/* --- take.c: where a reader's words go --- */

struct taker {
    struct sink words; /* into a summary */
    struct stats *stats;
    uint64_t rows[ROWS];
};
/* NULL when the input's samples do not count. */
struct stats *stats_for(const struct read_how *g, const struct input *s, int threads);
/* said and stats are borrowed by the taker; stats NULL: samples are only counted. */
struct sink taker_sink(struct taker *t, struct summary *said, const struct reader *r,
                       struct stats *stats);
bool canceled(const struct read_how *g, struct err *e);
void done_bytes(const struct read_how *g, int64_t bytes);

/* --- reading: into said, rows and stats of the input --- */

bool input_read(struct input *s, const struct read_how *g, struct err *e);
bool read_whole(struct input *s, const struct read_how *g, struct err *e);
enum split_end { SPLIT_DONE, SPLIT_AGAIN, SPLIT_FAILED };
/* True when the file is large and can be cut. SPLIT_AGAIN: only one go tells all of it right. */
bool source_splits(const struct input *s, const struct read_how *g);
enum split_end read_split(struct input *s, const struct read_how *g, struct err *e);

/* --- memory.c: of a server, beside the results --- */

/* Item i, open, holds memory only: it is read and moved out of the items; those behind it, which
 * must not be open, move up. */
bool memory_take(struct inputs *all, size_t i, const struct gather_options *o, struct err *e);
/* The memory that all inputs know, on the clock of the run. */
void memory_place(const struct inputs *all, struct summary *out);
/* No result is there: its figures, when that is wanted. out is initialised. */
bool memory_alone(const struct inputs *all, const struct gather_options *o, struct summary *out,
                  struct err *e);

/* --- together --- */

/* Of summaries in a directory that say the same one stays. None is open. */
void copies_drop(struct inputs *all);

/* Sets machine and counted_only of each; returns how many machines there are, 0 with an error. */
int machines_find(struct inputs *all, struct err *e);
/* The samples of all machines make one struct stats. */
bool machines_have_samples(const struct inputs *all, int machines);
/* What a tool's samples are like, whether or not one is here; NULL when it has none. */
const struct sample_rules *tool_samples(const struct reader *r);
/* Before the reading, or after it. */
bool more_believed(const struct input *a, const struct input *b);

/* Copies what to lacks from from, of the same run; fill_words: only what is no figure. */
void summary_fill(struct summary *to, const struct summary *from);
void summary_fill_words(struct summary *to, const struct summary *from);
/* Counts and rates of another machine added; what cannot be added becomes NAN. */
void summary_add(struct summary *to, const struct summary *from);
void series_add(struct series *to, const struct series *from);
/* stretches.c: the stretches that are wanted, else those that can be found, and the windows of the
 * steady state, from the series of out; nothing where single requests gave them already. */
void stretches_fill(struct summary *out, const struct gather_options *o);
/* pooled.c: the p95 of neighbours together, estimated; NAN when no piece knows its requests and its
 * p95. */
double pooled_p95(const struct point *p, size_t n);
/* The most frequent first, alike ones by their text. */
void errors_sort(struct summary *s);

/* false, with a finding, when s says something else than base, whose figures are out's. */
bool agree(struct summary *out, const struct input *base, const struct input *s);
void finding_about(struct finding *f, const struct input *s);

/* All are read; total: the samples of all machines, NULL when they are finished one by one (then
 * they are in said). out is initialised. */
bool run_make(struct inputs *all, int machines, struct stats *total, const struct gather_options *o,
              struct summary *out, struct err *e);
/* Readers say remarks without their full stop. */
void end_sentences(struct findings *f);
/* The figures of samples into s. */
void finish_samples(struct stats *stats, const uint64_t rows[ROWS], struct summary *s);

/* Addresses of one server without its name, in endpoints and errors. */
void origins_drop(struct summary *s);

#endif
