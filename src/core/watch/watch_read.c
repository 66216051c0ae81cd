/* What is read in one turn: which files tell the figures, and how far they are read. */
#include <string.h>

#include "tools/tool.h"
#include "watch/watch_parts.h"

enum { TURN_BYTES = 1 << 20, STEP_MS = STREAM_NOW_S * 1000 };

/* --- which files count --- */

/* How exactly a format tells of a run that goes on; 0: not before its end. Locust's samples are
 * counts of times that know no moment, written at the end. */
static int exactness(const struct reader *r) {
    if (r->samples)
        return r->samples->rule == PERCENTILE_LOCUST ? 1 : 3;
    return r->gives == GIVES_SERIES ? 2 : 0;
}

/* Its place in the tables of tools: of two alike the first counts. */
static size_t place_of(const struct reader *r) {
    size_t n = 0;
    for (const struct tool *const *t = tools; *t; t++)
        for (const struct reader *const *of = (*t)->readers; *of; of++, n++)
            if (*of == r)
                return n;
    return n;
}

static bool better(const struct reader *a, const struct reader *b) {
    int x = exactness(a), y = b ? exactness(b) : 0;
    return x > y || (x == y && b && x > 0 && place_of(a) < place_of(b));
}

static const struct reader *best_reader(const struct watch *w) {
    const struct reader *best = NULL;
    for (size_t i = 0; i < w->sources; i++) {
        const struct watched *s = &w->source[i];
        const struct reader *r = s->file ? file_source_reader(s->file) : NULL;
        if (r && s->role == WATCH_FIGURES && better(r, best))
            best = r;
    }
    return best;
}

/* All that count begin again, but for one that does so by itself. */
static void begin_again(struct watch *w, size_t but) {
    stream_reset(w->stream);
    for (size_t i = 0; i < w->sources; i++)
        if (i != but && w->source[i].file && file_source_used(w->source[i].file) == FILE_FEEDS)
            file_source_again(w->source[i].file);
    w->caught_up = false;
    w->step_ms = INT64_MIN;
}

/* What a table tells, the tool does not tell again at its address. true: it did. */
static bool tell_webs(struct watch *w, bool table) {
    bool told = false;
    for (size_t i = 0; i < w->sources; i++)
        if (w->source[i].web && w->source[i].role == WATCH_FIGURES)
            told = web_source_beside(w->source[i].web, table) || told;
    return told;
}

/* Files of one run overlap: only those of the most exact format count, beside tables that the tool
 * itself sums up. */
static void choose(struct watch *w) {
    const struct reader *best = best_reader(w);
    bool again = false, any_table = false;
    for (size_t i = 0; i < w->sources; i++) {
        struct watched *s = &w->source[i];
        const struct reader *r = s->file ? file_source_reader(s->file) : NULL;
        if (!r || s->role == WATCH_END)
            continue;
        if (r->gives == GIVES_MEMORY)
            s->role = WATCH_SERVER;
        bool table = r->rewritten_whole && !w->replay;
        bool feeds = s->role == WATCH_FIGURES && (r == best || table);
        again = again || (!feeds && file_source_used(s->file) == FILE_FEEDS);
        file_source_use(s->file, feeds ? FILE_FEEDS : FILE_WATCHED);
        any_table = any_table || (feeds && table);
    }
    again = tell_webs(w, any_table) || again;
    if (again)
        begin_again(w, w->sources);
}

/* --- reading --- */

/* How a pass over all files ended. */
struct pass {
    bool more, ahead, anew;
    int64_t latest_ms; /* the earliest of those that are ahead */
};

static void add_turn(struct pass *p, enum file_turn turn, const struct file_source *f) {
    int64_t latest_ms = file_source_latest_ms(f);
    p->more = p->more || turn == FILE_MORE;
    if (turn != FILE_AHEAD)
        return;
    p->latest_ms = p->ahead && p->latest_ms < latest_ms ? p->latest_ms : latest_ms;
    p->ahead = true;
}

/* Each file gets its share, so that a large one does not keep the others waiting. */
static struct pass read_all(struct watch *w, int64_t until_ms, size_t *budget) {
    struct pass p = {0};
    size_t left = w->sources;
    for (size_t i = 0; i < w->sources && !p.anew; i++, left--) {
        struct file_source *f = w->source[i].file;
        size_t share = *budget / left, given = share;
        if (!f)
            continue;
        enum file_turn turn = file_source_turn(f, &share, until_ms, w->now);
        *budget -= given - share;
        add_turn(&p, turn, f);
        if (turn == FILE_ANEW) {
            begin_again(w, i);
            p.anew = true;
        }
    }
    return p;
}

/* Nothing is given to the stream before it is known which files count. */
static void identify_all(struct watch *w) {
    size_t none = 0;
    for (size_t i = 0; i < w->sources; i++) {
        struct file_source *f = w->source[i].file;
        if (f && file_source_used(f) == FILE_UNDECIDED)
            file_source_turn(f, &none, INT64_MIN, w->now);
    }
    choose(w);
}

static int64_t first_ms(const struct watch *w) {
    int64_t first = INT64_MAX;
    for (size_t i = 0; i < w->sources; i++) {
        const struct file_source *f = w->source[i].file;
        int64_t ms = f ? file_source_first_ms(f) : INT64_MIN;
        if (ms != INT64_MIN && ms < first)
            first = ms;
    }
    return first;
}

static int64_t until(const struct watch *w) {
    if (!w->replay && w->caught_up)
        return INT64_MAX;
    int64_t played = w->origin_ms + (int64_t)w->played_ms;
    return w->replay && w->step_ms > played ? played : w->step_ms;
}

/* Over a gap in one step. */
static void step(struct watch *w, const struct pass *p) {
    if (w->step_ms == INT64_MIN) {
        w->origin_ms = first_ms(w);
        w->step_ms = w->origin_ms + STEP_MS;
        return;
    }
    watch_pass_by(w);
    int64_t next = w->step_ms + STEP_MS;
    w->step_ms = p->latest_ms >= next ? p->latest_ms + 1 : next;
}

bool watch_read(struct watch *w) {
    size_t budget = TURN_BYTES;
    identify_all(w);
    while (budget >= WATCH_SOURCES_MAX) {
        int64_t to = until(w);
        struct pass p = read_all(w, to, &budget);
        if (p.anew)
            return true;
        if (p.more)
            continue;
        if (!p.ahead) {
            w->caught_up = true;
            return false;
        }
        if (w->replay && to < w->step_ms)
            return false;
        step(w, &p);
    }
    return true;
}
