/* gather/parts.h
 * Shared by the files of this room: one source on its way to figures (source.c), read in one go
 * (read.c) or in pieces side by side (split.c), put together with others (machine.c, run.c). */
#ifndef PERFSCALE_GATHER_PARTS_H
#define PERFSCALE_GATHER_PARTS_H

#include "feed/feed.h"
#include "gather/gather.h"
#include "results/reader.h"

struct input {
    char path[1024];
    bool listed; /* came out of a directory */
    struct feed feed;
    const char *head; /* the first piece; valid until the next one is taken */
    size_t head_len;
    const struct reader *reader;
    struct summary said;        /* what its reader says in words */
    struct stats *stats;        /* owned; NULL unless the reader has samples */
    struct stats *transactions; /* owned; sums over other samples */
    int machine;                /* whose result it is, from 0 */
};

struct sources {
    struct input *item; /* owned; does not move once sources are opened */
    size_t len, cap;
};

/* What all readings of one gathering share. */
struct reading {
    const struct gather_options *o;
    int threads;
    int64_t origin_ms; /* INT64_MIN: unknown */
};

/* --- source.c --- */

/* The paths, directories replaced by the files in them that a reader knows. */
bool sources_list(struct sources *all, const char *const *paths, size_t n, struct err *e);
struct input *sources_add(struct sources *all, const char *path);
void sources_fini(struct sources *all);
/* Reads the first piece and finds the reader. */
bool source_look(struct input *s, const char *format, struct err *e);
/* The earliest start among the first samples; INT64_MIN when it has none. */
int64_t source_origin(const struct input *s);

/* --- take.c: where a reader's words go --- */

struct taker {
    struct sink words; /* into a summary */
    struct stats *stats, *transactions;
    char endpoint[SCOPE_MAX_BYTES]; /* the last one, for samples that say "the same" */
    size_t endpoint_len;
    bool last_was_transaction;
};
struct stats *stats_for(const struct reading *g, const struct reader *r, int parts);
/* s and the stats are borrowed by the taker; the sink by nobody (it is copied by open()). */
struct sink taker_sink(struct taker *t, struct summary *s, const struct reader *r,
                       struct stats *stats, struct stats *transactions);
bool canceled(const struct reading *g, struct err *e);
void done_bytes(const struct reading *g, uint64_t bytes);

/* --- reading --- */

bool read_whole(struct input *s, const struct reading *g, struct err *e);
/* True when the source is large and can be cut. */
bool is_split(const struct input *s, const struct reading *g);
bool read_split(struct input *s, const struct reading *g, size_t chunk_bytes, struct err *e);

/* --- together --- */

/* Sets machine of each; returns how many machines there are, 0 with an error. */
int machines_find(struct sources *all, struct err *e);
/* Copies what to lacks from from. */
void summary_fill(struct summary *to, const struct summary *from);
/* Counts and rates of another machine added; what cannot be added becomes NAN. */
void summary_add(struct summary *to, const struct summary *from);
/* All sources are read; out is initialised. */
bool run_make(struct sources *all, int machines, struct summary *out, struct err *e);

#endif
