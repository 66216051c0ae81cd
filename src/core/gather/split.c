/* A large file on several threads. It is cut at ends of records; each chunk is read by a reader of
 * its own, the samples go into one stats per thread, the words into one summary per chunk. Where a
 * record ends is guessed from the text around each cut, and proven by the reading: when each chunk
 * begins behind a line end and holds an even number of double quotes, none begins inside of them.
 * What the proof refutes, and what is told right only from first to last, is read again in one
 * go. */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "gather/parts.h"
#include "results/scan.h"

enum {
    PIECE_BYTES = 128 << 10, /* stays in the second-level cache */
    CHUNKS_MAX = 256,
    LOOK_BYTES = 64 << 10, /* around a cut, to find the end of a record */
    RECORDS_LOOKED = 4,
};

struct chunk {
    uint64_t from, to;
    struct summary said;
    uint64_t rows[ROWS];
    struct err error;
    bool done, odd_quotes;
};

struct split {
    struct input *source;
    const struct read_how *g;
    struct chunk chunk[CHUNKS_MAX];
    size_t chunks;
    size_t header_len;
    long header_lines;
    char delimiter;
    size_t fields; /* of the first record */
    _Atomic size_t next;
    _Atomic bool stop;
    _Atomic int64_t read_bytes;
};

struct worker {
    struct split *split;
    struct stats *stats;
    pthread_t thread;
    bool started;
};

bool source_splits(const struct input *s, const struct read_how *g) {
    return s->reader->header && g->threads > 1 && !s->feed.gzip && s->feed.fd >= 0 &&
           strcmp(s->path, "-") != 0 && s->feed.size_bytes >= g->split_bytes;
}

/* --- where to cut --- */

/* The end of a record that begins at s, outside of quotes; NULL: not in these bytes. */
static const char *record_end(const char *s, const char *stop, char delimiter, size_t *fields) {
    bool inside = false;
    *fields = 1;
    for (; s < stop; s++) {
        if (*s == '"')
            inside = !inside;
        else if (!inside && *s == '\n')
            return s;
        else if (!inside && *s == delimiter)
            ++*fields;
    }
    return NULL;
}

/* The character that stands between the fields of a record. */
static char delimiter_of(const char *s, const char *stop) {
    static const char usual[] = ",;\t|";
    char best = ',';
    size_t most = 0;
    for (const char *d = usual; *d; d++) {
        size_t n;
        record_end(s, stop, *d, &n);
        if (n > most) {
            most = n;
            best = *d;
        }
    }
    return best;
}

/* Do records of the right number of fields follow here? */
static bool looks_right(const struct split *p, const char *s, const char *stop) {
    for (int i = 0; i < RECORDS_LOOKED; i++) {
        size_t fields;
        const char *end = record_end(s, stop, p->delimiter, &fields);
        if (!end)
            return i > 0;
        if (fields != p->fields)
            return false;
        s = end + 1;
    }
    return true;
}

/* The first line end in the bytes behind which records begin. */
static const char *find_start(const struct split *p, const char *s, const char *stop) {
    bool quoted = p->source->reader->quoted_breaks && memchr(s, '"', (size_t)(stop - s)) != NULL;
    for (const char *end = s; (end = memchr(end, '\n', (size_t)(stop - end))); end++)
        if (!quoted || looks_right(p, end + 1, stop))
            return end + 1;
    return NULL;
}

/* Where a record begins, at *at or behind it; the end of the file when none is found. */
static bool next_cut(struct split *p, char *look, uint64_t *at, struct err *e) {
    uint64_t size = p->source->feed.size_bytes;
    for (; *at < size; *at += LOOK_BYTES) {
        size_t got;
        if (!feed_read_at(&p->source->feed, *at, look, LOOK_BYTES, &got, e))
            return false;
        const char *start = find_start(p, look, look + got);
        if (start) {
            *at += (uint64_t)(start - look);
            return true;
        }
    }
    *at = size;
    return true;
}

static bool plan_chunks(struct split *p, struct err *e) {
    uint64_t size = p->source->feed.size_bytes, at = p->header_len;
    uint64_t least = size / CHUNKS_MAX + 1;
    uint64_t step = p->g->chunk_bytes > least ? p->g->chunk_bytes : least;
    char *look = mem_new(LOOK_BYTES, 1);
    bool ok = true;
    while (ok && at < size && p->chunks < CHUNKS_MAX) {
        struct chunk *c = &p->chunk[p->chunks++];
        c->from = at;
        summary_init(&c->said);
        at = p->chunks < CHUNKS_MAX && size - at > step + step / 2 ? at + step : size;
        ok = next_cut(p, look, &at, e);
        c->to = at;
    }
    free(look);
    return ok;
}

/* --- reading a chunk --- */

static bool has_odd_quotes(const char *s, size_t len) {
    char few[SCAN_BYTES];
    uint64_t odd = 0;
    for (; len >= SCAN_BYTES; s += SCAN_BYTES, len -= SCAN_BYTES)
        odd ^= scan(s, '"');
    odd ^= scan(scan_few(few, s, len), '"');
    return __builtin_parityll(odd);
}

static bool stopped(const struct split *p, struct err *e) {
    return atomic_load_explicit(&p->stop, memory_order_relaxed) || canceled(p->g, e);
}

static bool feed_chunk(struct split *p, struct chunk *c, void *reader, char *piece) {
    const struct input *s = p->source;
    size_t got;
    if (p->header_len && !s->reader->feed(reader, s->head, p->header_len, &c->error))
        return false;
    for (uint64_t at = c->from; at < c->to; at += got) {
        size_t want = c->to - at < PIECE_BYTES ? (size_t)(c->to - at) : PIECE_BYTES;
        if (stopped(p, &c->error) || !feed_read_at(&s->feed, at, piece, want, &got, &c->error))
            return false;
        if (got == 0) /* it became shorter meanwhile */
            break;
        if (s->reader->quoted_breaks)
            c->odd_quotes ^= has_odd_quotes(piece, got);
        if (!s->reader->feed(reader, piece, got, &c->error))
            return false;
        done_bytes(p->g, (int64_t)got);
        atomic_fetch_add_explicit(&p->read_bytes, (int64_t)got, memory_order_relaxed);
    }
    return !c->odd_quotes && s->reader->finish(reader, &c->error);
}

static void *work(void *self) {
    struct worker *w = self;
    struct split *p = w->split;
    char *piece = mem_new(PIECE_BYTES, 1);
    for (size_t i; !p->stop && (i = atomic_fetch_add(&p->next, 1)) < p->chunks;) {
        struct chunk *c = &p->chunk[i];
        struct taker t;
        struct sink out = taker_sink(&t, &c->said, p->source->reader, w->stats);
        void *reader = p->source->reader->open(&out);
        c->done = feed_chunk(p, c, reader, piece);
        p->source->reader->close(reader);
        memcpy(c->rows, t.rows, sizeof c->rows);
        if (!c->done)
            atomic_store(&p->stop, true);
    }
    free(piece);
    return NULL;
}

/* Signals are for the thread that the front end runs in. */
static void run_workers(struct split *p, struct worker *w, int n) {
    sigset_t all, before;
    sigfillset(&all);
    for (int i = 0; i < n; i++)
        w[i] = (struct worker){.split = p, .stats = stats_for(p->g, p->source, n)};
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (int i = 1; i < n; i++)
        w[i].started = pthread_create(&w[i].thread, NULL, work, &w[i]) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    work(&w[0]);
    for (int i = 1; i < n; i++)
        if (w[i].started)
            pthread_join(w[i].thread, NULL);
}

static void join_workers(struct split *p, struct worker *w, int n, bool ok) {
    for (int i = 1; i < n && w[0].stats; i++) {
        if (ok)
            stats_join(w[0].stats, w[i].stats, true);
        else
            stats_free(w[i].stats);
    }
    if (!ok)
        stats_free(w[0].stats);
    p->source->stats = ok ? w[0].stats : NULL;
}

/* --- the chunks together --- */

/* Line ends before a place; asked only when there is a remark. */
static long lines_before(const struct split *p, uint64_t place) {
    char *piece = mem_new(PIECE_BYTES, 1);
    size_t got = 1;
    long lines = 0;
    for (uint64_t at = 0; at < place && got; at += got) {
        size_t want = place - at < PIECE_BYTES ? (size_t)(place - at) : PIECE_BYTES;
        if (!feed_read_at(&p->source->feed, at, piece, want, &got, NULL))
            break;
        for (const char *s = piece, *stop = piece + got; (s = memchr(s, '\n', (size_t)(stop - s)));
             s++)
            lines++;
    }
    free(piece);
    return lines;
}

/* About the header, which each chunk's reader was given. */
static bool is_about_header(const struct split *p, const struct finding *f) {
    return f->line <= p->header_lines;
}

static bool same_remark(const struct finding *a, const struct finding *b) {
    return strcmp(a->kind, b->kind) == 0 && a->line == b->line && strcmp(a->text, b->text) == 0;
}

static bool has_remark(const struct findings *of, const struct finding *f) {
    for (size_t i = 0; i < of->len; i++)
        if (same_remark(&of->item[i], f))
            return true;
    return false;
}

/* A reader tells a few of a kind, and then how many there were: two cannot share that. */
static bool shares_kind(const struct split *p, size_t chunk, const struct finding *f) {
    for (size_t c = 0; c < chunk; c++) {
        const struct findings *of = &p->chunk[c].said.findings;
        if (is_about_header(p, f) && has_remark(of, f))
            continue;
        for (size_t i = 0; i < of->len; i++)
            if (strcmp(of->item[i].kind, f->kind) == 0)
                return true;
    }
    return false;
}

static bool shares_any_kind(const struct split *p) {
    for (size_t c = 1; c < p->chunks; c++)
        for (size_t i = 0; i < p->chunk[c].said.findings.len; i++)
            if (shares_kind(p, c, &p->chunk[c].said.findings.item[i]))
                return true;
    return false;
}

static void take_remarks(struct split *p, const struct chunk *c) {
    struct findings *to = &p->source->said.findings;
    long before = -1;
    for (size_t i = 0; i < c->said.findings.len; i++) {
        struct finding f = c->said.findings.item[i];
        if (is_about_header(p, &f) && has_remark(to, &f))
            continue;
        if (!is_about_header(p, &f)) {
            before = before < 0 ? lines_before(p, c->from) : before;
            f.line += before - p->header_lines;
        }
        *findings_add(to, f.level, f.kind, "%s", "") = f;
    }
}

static void take_chunk(struct split *p, struct chunk *c) {
    struct summary *to = &p->source->said;
    struct sink out = summary_sink(to, p->source->reader);
    take_remarks(p, c);
    for (size_t i = 0; i < c->said.errors; i++) {
        struct word w = {.door = DOOR_ERROR,
                         .text = c->said.error[i].text,
                         .figure = {.value = c->said.error[i].count}};
        out.summary(out.self, &w);
    }
    c->said.errors = 0;
    summary_fill(to, &c->said);
    if (c->said.lines)
        to->lines += c->said.lines - (to->lines ? p->header_lines : 0);
    for (int i = 0; i < ROWS; i++)
        p->source->rows[i] += c->rows[i];
}

static bool all_done(const struct split *p) {
    for (size_t i = 0; i < p->chunks; i++)
        if (!p->chunk[i].done)
            return false;
    return true;
}

/* What no second reading makes better. */
static const struct err *failure(const struct split *p) {
    for (size_t i = 0; i < p->chunks; i++)
        if (p->chunk[i].error.kind == ERR_CANCELED || p->chunk[i].error.kind == ERR_IO)
            return &p->chunk[i].error;
    return NULL;
}

static bool prepare(struct split *p, struct err *e) {
    struct input *s = p->source;
    const char *stop = s->head + s->head_len;
    p->header_len = s->reader->header(s->head, s->head_len);
    const char *first = s->head + p->header_len;
    for (const char *c = s->head; c < first; c++)
        p->header_lines += *c == '\n';
    p->delimiter = delimiter_of(first, stop);
    record_end(first, stop, p->delimiter, &p->fields);
    return plan_chunks(p, e);
}

static enum split_end read_chunks(struct split *p, struct err *e) {
    int n = p->g->threads;
    struct worker *w = mem_new((size_t)n, sizeof *w);
    run_workers(p, w, n);
    const struct err *why = failure(p);
    bool ok = !why && all_done(p) && !shares_any_kind(p);
    join_workers(p, w, n, ok);
    for (size_t i = 0; ok && i < p->chunks; i++)
        take_chunk(p, &p->chunk[i]);
    if (why && e)
        *e = *why;
    if (!ok && !why)
        done_bytes(p->g, -p->read_bytes);
    free(w);
    return ok ? SPLIT_DONE : why ? SPLIT_FAILED : SPLIT_AGAIN;
}

enum split_end read_split(struct input *s, const struct read_how *g, struct err *e) {
    struct split *p = mem_new(1, sizeof *p);
    enum split_end how = SPLIT_FAILED;
    p->source = s;
    p->g = g;
    if (prepare(p, e))
        how = p->chunks > 1 && p->header_len < s->head_len ? read_chunks(p, e) : SPLIT_AGAIN;
    for (size_t i = 0; i < p->chunks; i++)
        summary_fini(&p->chunk[i].said);
    free(p);
    return how;
}
