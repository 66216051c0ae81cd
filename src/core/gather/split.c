/* A large file on several threads. It is cut at ends of records; each piece is read by a reader of
 * its own, the samples go into one stats per thread, the words into one summary per piece. Where a
 * record ends is guessed from the text around each cut, and proven afterwards: every piece must
 * hold an even number of double quotes, else the file is read again in one go. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "gather/parts.h"

enum {
    SPLIT_LEAST_BYTES = 8 << 20, /* a smaller file is not worth a thread */
    PIECE_BYTES = 128 << 10,     /* stays in the second-level cache */
    CHUNKS_MAX = 256,
    LOOK_BYTES = 64 << 10, /* around a cut, to find the end of a record */
    RECORDS_LOOKED = 4,
    REMARKS_KEPT = 5, /* of one kind */
};

struct chunk {
    uint64_t from, to;
    struct summary said;
    struct err error;
    bool failed, odd_quotes;
};

struct split {
    struct input *source;
    const struct reading *g;
    struct chunk chunk[CHUNKS_MAX];
    size_t chunks;
    size_t header_len;
    long header_lines;
    char delimiter;
    size_t fields; /* of the first record */
    _Atomic size_t next;
    _Atomic bool stop;
};

struct worker {
    struct split *split;
    struct stats *stats, *transactions;
    pthread_t thread;
    bool started;
};

bool is_split(const struct input *s, const struct reading *g) {
    return s->reader->header && g->threads > 1 && !s->feed.gzip && s->feed.fd >= 0 &&
           strcmp(s->path, "-") != 0 && s->feed.size_bytes >= SPLIT_LEAST_BYTES;
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
    bool quoted = memchr(s, '"', (size_t)(stop - s)) != NULL;
    for (const char *end = s; (end = memchr(end, '\n', (size_t)(stop - end))); end++)
        if (!quoted || !p->source->reader->quoted_breaks || looks_right(p, end + 1, stop))
            return end + 1;
    return NULL;
}

static bool cut_at(struct split *p, uint64_t near, char *look, uint64_t *at, struct err *e) {
    size_t got;
    if (!feed_read_at(&p->source->feed, near, look, LOOK_BYTES, &got, e))
        return false;
    const char *start = find_start(p, look, look + got);
    *at = start ? near + (uint64_t)(start - look) : near; /* near: the proof will fail */
    return true;
}

static bool plan_chunks(struct split *p, size_t chunk_bytes, struct err *e) {
    uint64_t size = p->source->feed.size_bytes, at = p->header_len;
    uint64_t least = size / CHUNKS_MAX + 1;
    uint64_t step = chunk_bytes > least ? chunk_bytes : least;
    char *look = mem_new(LOOK_BYTES, 1);
    bool ok = true;
    while (ok && at < size && p->chunks < CHUNKS_MAX) {
        struct chunk *c = &p->chunk[p->chunks++];
        c->from = at;
        c->to = size;
        if (size - at > step + step / 2 && p->chunks < CHUNKS_MAX)
            ok = cut_at(p, at + step, look, &c->to, e);
        at = c->to;
        summary_init(&c->said);
    }
    free(look);
    return ok;
}

/* --- reading a piece --- */

static size_t count_quotes(const char *s, size_t len) {
    const char *stop = s + len;
    size_t n = 0;
    for (; (s = memchr(s, '"', (size_t)(stop - s))); s++)
        n++;
    return n;
}

static bool feed_chunk(struct split *p, struct chunk *c, void *reader, char *piece) {
    const struct reader *r = p->source->reader;
    size_t quotes = 0, got;
    if (p->header_len && !r->feed(reader, p->source->head, p->header_len, &c->error))
        return false;
    for (uint64_t at = c->from; at < c->to; at += got) {
        size_t want = c->to - at < PIECE_BYTES ? (size_t)(c->to - at) : PIECE_BYTES;
        if (atomic_load_explicit(&p->stop, memory_order_relaxed) || canceled(p->g, &c->error) ||
            !feed_read_at(&p->source->feed, at, piece, want, &got, &c->error))
            return false;
        if (got == 0) /* it became shorter meanwhile */
            break;
        if (r->quoted_breaks)
            quotes += count_quotes(piece, got);
        if (!r->feed(reader, piece, got, &c->error))
            return false;
        done_bytes(p->g, got);
    }
    c->odd_quotes = quotes % 2 != 0;
    return !c->odd_quotes && r->finish(reader, &c->error);
}

static void *work(void *self) {
    struct worker *w = self;
    struct split *p = w->split;
    char *piece = mem_new(PIECE_BYTES, 1);
    for (size_t i; (i = atomic_fetch_add(&p->next, 1)) < p->chunks;) {
        struct chunk *c = &p->chunk[i];
        struct taker t;
        struct sink out = taker_sink(&t, &c->said, p->source->reader, w->stats, w->transactions);
        void *reader = p->source->reader->open(&out);
        c->failed = !feed_chunk(p, c, reader, piece);
        p->source->reader->close(reader);
        if (c->failed)
            atomic_store(&p->stop, true);
    }
    free(piece);
    return NULL;
}

static void run_workers(struct split *p, struct worker *w, int n) {
    for (int i = 0; i < n; i++)
        w[i] = (struct worker){.split = p,
                               .stats = stats_for(p->g, p->source->reader, 2 * n),
                               .transactions = stats_for(p->g, p->source->reader, 2 * n)};
    for (int i = 1; i < n; i++)
        w[i].started = pthread_create(&w[i].thread, NULL, work, &w[i]) == 0;
    work(&w[0]);
    for (int i = 1; i < n; i++)
        if (w[i].started)
            pthread_join(w[i].thread, NULL);
}

/* --- the pieces together --- */

static bool lines_before(struct split *p, const struct chunk *c, long *lines) {
    char *piece = mem_new(PIECE_BYTES, 1);
    size_t got = 1;
    *lines = 0;
    for (uint64_t at = 0; at < c->from && got; at += got) {
        size_t want = c->from - at < PIECE_BYTES ? (size_t)(c->from - at) : PIECE_BYTES;
        if (!feed_read_at(&p->source->feed, at, piece, want, &got, NULL))
            break;
        for (const char *s = piece, *stop = piece + got; (s = memchr(s, '\n', (size_t)(stop - s)));
             s++)
            ++*lines;
    }
    free(piece);
    return true;
}

/* A reader counted its lines from its own header on. */
static long true_line(const struct split *p, long line, long before) {
    return line > p->header_lines ? line - p->header_lines + before : line;
}

static size_t kept_of_kind(const struct findings *f, const char *kind) {
    size_t n = 0;
    for (size_t i = 0; i < f->len; i++)
        n += strcmp(f->item[i].kind, kind) == 0;
    return n;
}

static void take_remarks(struct split *p, struct chunk *c) {
    struct findings *to = &p->source->said.findings;
    long before = -1;
    for (size_t i = 0; i < c->said.findings.len; i++) {
        const struct finding *f = &c->said.findings.item[i];
        if (kept_of_kind(to, f->kind) >= REMARKS_KEPT)
            continue;
        if (f->line && before < 0 && c->from > p->header_len)
            lines_before(p, c, &before);
        findings_add(to, f->level, f->kind, "%s", f->text)->line =
            f->line && before >= 0 ? true_line(p, f->line, before) : f->line;
    }
}

static void take_chunk(struct split *p, struct chunk *c) {
    take_remarks(p, c);
    findings_clear(&c->said.findings);
    summary_fill(&p->source->said, &c->said);
    struct sink out = summary_sink(&p->source->said, p->source->reader);
    for (size_t i = 0; i < c->said.errors; i++) {
        struct word w = {.door = DOOR_ERROR,
                         .text = c->said.error[i].text,
                         .figure = {.value = c->said.error[i].count}};
        out.summary(out.self, &w);
    }
}

static const struct chunk *first_failed(const struct split *p) {
    for (size_t i = 0; i < p->chunks; i++)
        if (p->chunk[i].failed && p->chunk[i].error.kind != ERR_NONE)
            return &p->chunk[i];
    return NULL;
}

static bool any_odd(const struct split *p) {
    for (size_t i = 0; i < p->chunks; i++)
        if (p->chunk[i].odd_quotes)
            return true;
    return false;
}

static bool say_error(struct split *p, const struct chunk *c, struct err *e) {
    long before = 0;
    if (!e)
        return false;
    *e = c->error;
    if (e->line && c->from > p->header_len && lines_before(p, c, &before))
        e->line = true_line(p, e->line, before);
    return err_at(e, p->source->feed.name, 0);
}

static void join_workers(struct split *p, struct worker *w, int n, bool ok) {
    p->source->stats = w[0].stats;
    p->source->transactions = w[0].transactions;
    for (int i = 1; i < n; i++) {
        if (ok) {
            stats_join(p->source->stats, w[i].stats, true);
            stats_join(p->source->transactions, w[i].transactions, true);
        } else {
            stats_free(w[i].stats);
            stats_free(w[i].transactions);
        }
    }
    if (ok)
        return;
    stats_free(w[0].stats);
    stats_free(w[0].transactions);
    p->source->stats = p->source->transactions = NULL;
}

static bool prepare(struct split *p, size_t chunk_bytes, struct err *e) {
    struct input *s = p->source;
    const char *stop = s->head + s->head_len;
    p->header_len = s->reader->header(s->head, s->head_len);
    if (p->header_len > s->head_len)
        p->header_len = 0;
    const char *first = s->head + p->header_len;
    for (const char *c = s->head; c < first; c++)
        p->header_lines += *c == '\n';
    p->delimiter = delimiter_of(first, stop);
    record_end(first, stop, p->delimiter, &p->fields);
    return plan_chunks(p, chunk_bytes, e);
}

bool read_split(struct input *s, const struct reading *g, size_t chunk_bytes, struct err *e) {
    struct split *p = mem_new(1, sizeof *p);
    struct worker *w = mem_new((size_t)g->threads, sizeof *w);
    p->source = s;
    p->g = g;
    bool ok = prepare(p, chunk_bytes, e), again = false;
    if (ok) {
        run_workers(p, w, g->threads);
        const struct chunk *bad = first_failed(p);
        again = any_odd(p) && (!bad || bad->error.kind != ERR_CANCELED);
        ok = !bad && !again;
        if (bad && !again)
            say_error(p, bad, e);
        join_workers(p, w, g->threads, ok);
    }
    for (size_t i = 0; i < p->chunks; i++) {
        if (ok)
            take_chunk(p, &p->chunk[i]);
        summary_fini(&p->chunk[i].said);
    }
    free(w);
    free(p);
    return again ? read_whole(s, g, e) : ok;
}
