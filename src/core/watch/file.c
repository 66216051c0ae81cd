/* A file that a load tool is still writing, as a source of figures: what it is, is seen from its
 * first bytes; then what comes goes through the reader of its format to the stream. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "feed/feed.h"
#include "tools/tool.h"
#include "watch/file_parts.h"

enum { LOOK_EVERY_MS = 200, UNKNOWN_QUIET_MS = 10000 };

/* --- what happened --- */

static void forget_reading(struct file_source *f) {
    if (f->reading)
        f->reader->close(f->reading);
    f->reading = NULL;
    f->len = f->at = 0;
    f->in_line = false;
    f->first_ms = f->latest_ms = INT64_MIN;
}

static void forget_all(struct file_source *f) {
    forget_reading(f);
    f->reader = NULL;
    f->use = FILE_UNDECIDED;
    f->compressed = f->bad = f->tried = false;
    f->why.text[0] = '\0';
    f->seen_bytes = 0;
}

static void fail(struct file_source *f, const struct err *e) {
    forget_reading(f);
    f->bad = true;
    f->why = *e;
    file_say(f, FINDING_WARNING, e->line, e->text);
}

/* What was there at first counts by its change time. */
static void note_news(struct file_source *f) {
    const struct grow *g = &f->grow;
    bool table = f->reader && f->reader->rewritten_whole && g->changed_ms != f->seen_changed_ms;
    bool news = g->size_bytes > 0 && (g->size_bytes != f->seen_bytes || table);
    if (!news)
        return;
    int64_t age_ms = f->looked ? 0 : f->now.day_ms - g->changed_ms;
    f->fresh_ms = f->now.steady_ms - (age_ms > 0 ? age_ms : 0);
    f->seen_bytes = g->size_bytes;
    f->seen_changed_ms = g->changed_ms;
}

/* --- what it is --- */

static void tell(struct file_source *f, const char *head, size_t len, bool enough) {
    if (feed_is_gzip(head, len) && !f->played) {
        f->compressed = true;
        return;
    }
    f->reader = file_is_binary(head, len) ? NULL : tool_reader_for(f->format, head, len);
    if (f->reader)
        f->why.text[0] = '\0';
    else if (enough && f->stream)
        err_set(&f->why, ERR_FORMAT, "is no result that can be read here");
}

/* A line tells the format, or so many bytes, or what stays as short as it is. */
static void find_reader(struct file_source *f) {
    size_t len;
    if (f->tried && f->grow.size_bytes == f->tried_bytes)
        return;
    if (!grow_head(&f->grow, f->piece, FILE_PIECE_BYTES, &len) || len == 0)
        return;
    bool full = len == FILE_PIECE_BYTES;
    bool quiet = f->now.steady_ms - f->fresh_ms >= UNKNOWN_QUIET_MS;
    if (!full && !quiet && !feed_is_gzip(f->piece, len) && !memchr(f->piece, '\n', len))
        return;
    tell(f, f->piece, len, full || quiet);
    f->tried = full || quiet;
    f->tried_bytes = f->grow.size_bytes;
}

/* --- reading --- */

/* What stands in the file is passed over, but for what the reader must know of it. */
static void pass_over(struct file_source *f) {
    struct err e = {0};
    size_t len, header;
    if (!grow_head(&f->grow, f->piece, FILE_PIECE_BYTES, &len))
        return;
    if (!f->reader->header) {
        alarms_say(f->alarms, f->now.day_ms, FINDING_INFO,
                   "%.80s is read from its start: its format cannot be read from the middle.",
                   f->name);
        return;
    }
    header = f->reader->header(f->piece, len);
    if (!f->reader->feed(f->reading, f->piece, header, &e)) {
        fail(f, &e);
        return;
    }
    grow_skip(&f->grow);
    f->in_line = grow_in_line(&f->grow);
}

static void begin(struct file_source *f) {
    const struct sink out = file_sink(f);
    f->reading = f->reader->open(&out);
    if (f->from_now && f->was_there)
        pass_over(f);
}

/* A source that goes on in the middle of a line tells nothing before its end. */
static size_t rest_of_line(struct file_source *f) {
    const char *end = memchr(f->bytes + f->at, '\n', f->len - f->at);
    f->in_line = !end;
    return end ? (size_t)(end - (f->bytes + f->at)) + 1 : f->len - f->at;
}

static bool is_ahead(const struct file_source *f, int64_t until_ms) {
    if (until_ms == INT64_MAX || f->first_ms == INT64_MIN)
        return false;
    return until_ms == INT64_MIN || f->latest_ms >= until_ms;
}

/* FILE_IDLE: all bytes that are here were given. In small pieces when the time matters. */
static enum file_turn give(struct file_source *f, size_t *budget, int64_t until_ms) {
    struct err e = {0};
    if (f->in_line && f->at < f->len)
        f->at += rest_of_line(f);
    while (f->at < f->len && !is_ahead(f, until_ms) && *budget > 0) {
        size_t n = f->len - f->at;
        n = until_ms != INT64_MAX && n > FILE_SLICE_BYTES ? FILE_SLICE_BYTES : n;
        n = n > *budget ? *budget : n;
        *budget -= n;
        f->at += n;
        if (!f->reader->feed(f->reading, f->bytes + f->at - n, n, &e)) {
            fail(f, &e);
            return FILE_IDLE;
        }
    }
    if (is_ahead(f, until_ms))
        return FILE_AHEAD;
    return f->at < f->len || *budget == 0 ? FILE_MORE : FILE_IDLE;
}

/* --- a growing file --- */

static enum file_turn take_news(struct file_source *f, enum grow_news news, const struct err *e) {
    bool fed = f->use == FILE_FEEDS, failed = f->failed;
    f->absent = news == GROW_ABSENT;
    f->failed = news == GROW_FAILED;
    if (f->failed && !f->bad)
        f->why = *e;
    else if (failed && !f->bad)
        f->why.text[0] = '\0';
    if (news != GROW_ANEW || (f->reader && f->reader->rewritten_whole))
        return FILE_IDLE;
    forget_all(f);
    f->was_there = false;
    if (!fed)
        return FILE_IDLE;
    alarms_say(f->alarms, f->now.day_ms, FINDING_WARNING,
               "The file was replaced. Reading it from the start.");
    return FILE_ANEW;
}

/* Nothing of it is read: only that it grows, and its end. */
static enum file_turn follow(struct file_source *f) {
    struct err e = {0};
    size_t len;
    enum grow_news news = grow_next(&f->grow, f->piece, 0, &len, &e);
    enum file_turn turn = take_news(f, news, &e);
    note_news(f);
    if (news == GROW_QUIET && grow_left(&f->grow) > 0)
        grow_skip(&f->grow);
    if (news == GROW_QUIET && !f->stream && !f->reader && f->grow.size_bytes > 0)
        find_reader(f);
    return turn;
}

static enum file_turn identify(struct file_source *f) {
    struct err e = {0};
    size_t len;
    enum grow_news news = grow_next(&f->grow, f->piece, 0, &len, &e);
    enum file_turn turn = take_news(f, news, &e);
    if (!f->looked)
        f->was_there = f->grow.size_bytes > 0;
    note_news(f);
    if (news == GROW_QUIET && f->grow.size_bytes > 0)
        find_reader(f);
    return turn;
}

static enum file_turn table(struct file_source *f) {
    int64_t before_ms = f->table_ms;
    uint64_t before_bytes = f->table_bytes;
    enum file_turn turn = follow(f);
    f->table_ms = f->grow.changed_ms;
    f->table_bytes = f->grow.size_bytes;
    bool changed = f->table_ms != before_ms || f->table_bytes != before_bytes;
    if (changed && f->table_bytes > 0 && !file_table_read(f))
        f->table_ms = -1;
    return turn;
}

static enum file_turn more(struct file_source *f, size_t *budget, int64_t until_ms) {
    struct err e = {0};
    for (;;) {
        enum file_turn turn = give(f, budget, until_ms);
        if (turn != FILE_IDLE || !f->reading)
            return turn;
        f->at = 0;
        enum grow_news news = grow_next(&f->grow, f->piece, FILE_PIECE_BYTES, &f->len, &e);
        f->bytes = f->piece;
        turn = take_news(f, news, &e);
        note_news(f);
        if (news != GROW_BYTES)
            return turn;
    }
}

static enum file_turn turn_growing(struct file_source *f, size_t *budget, int64_t until_ms) {
    bool feeds = f->use == FILE_FEEDS && !f->bad;
    if (f->use == FILE_UNDECIDED && f->stream && !f->reader && !f->compressed)
        return identify(f);
    if (!feeds)
        return f->use == FILE_UNDECIDED && f->reader ? FILE_IDLE : follow(f);
    if (f->reader->rewritten_whole)
        return table(f);
    if (!f->reading)
        begin(f);
    return f->bad ? FILE_IDLE : more(f, budget, until_ms);
}

/* --- a replay --- */

static bool take_played(struct file_source *f) {
    struct err e = {0};
    f->at = 0;
    if (!played_next(f->played, &f->bytes, &f->len, &e)) {
        f->len = 0;
        f->over = true;
        fail(f, &e);
    }
    return f->len > 0;
}

static void play_first(struct file_source *f) {
    struct err e = {0};
    if (!take_played(f))
        f->over = true;
    else
        tell(f, f->bytes, f->len, true);
    if (f->over || f->reader)
        return;
    f->over = true;
    e = f->why;
    fail(f, &e);
}

static void play_last(struct file_source *f) {
    struct err e = {0};
    f->over = true;
    if (!f->bad && !f->reader->finish(f->reading, &e))
        fail(f, &e);
}

static enum file_turn turn_played(struct file_source *f, size_t *budget, int64_t until_ms) {
    if (!f->reader && !f->over)
        play_first(f);
    if (f->over || f->use == FILE_UNDECIDED)
        return FILE_IDLE;
    if (f->use == FILE_WATCHED) {
        f->over = true;
        f->timeless = !f->reader->samples && f->reader->gives != GIVES_SERIES;
        return FILE_IDLE;
    }
    if (!f->reading) {
        const struct sink out = file_sink(f);
        f->reading = f->reader->open(&out);
    }
    for (;;) {
        enum file_turn turn = give(f, budget, until_ms);
        if (f->at > 0)
            f->fresh_ms = f->now.steady_ms;
        if (turn != FILE_IDLE)
            return turn;
        if (f->bad || !take_played(f)) {
            play_last(f);
            return FILE_IDLE;
        }
    }
}

/* --- public --- */

struct file_source *file_source_new(const struct file_options *o) {
    struct file_source *f = mem_new(1, sizeof *f);
    text_copy(f->path, sizeof f->path, o->path);
    text_clean(file_base(f->path), strlen(file_base(f->path)), TEXT_ONE_LINE, f->name,
               sizeof f->name);
    f->format = mem_strdup(o->format);
    f->from_now = o->from_now && !o->replay;
    f->stream = o->stream;
    f->port = o->port;
    f->alarms = o->alarms;
    f->piece = mem_new(FILE_PIECE_BYTES, 1);
    f->looked_ms = f->fresh_ms = f->first_ms = f->latest_ms = INT64_MIN;
    f->seen_changed_ms = f->table_ms = -1;
    f->absent = true;
    grow_init(&f->grow, o->path);
    if (o->replay)
        f->played = played_new(o->path);
    return f;
}

void file_source_free(struct file_source *f) {
    if (!f)
        return;
    forget_reading(f);
    grow_close(&f->grow);
    played_free(f->played);
    free(f->format);
    free(f->piece);
    free(f);
}

enum file_turn file_source_turn(struct file_source *f, size_t *budget, int64_t until_ms,
                                struct moment_now now) {
    f->now = now;
    if (f->played)
        return turn_played(f, budget, until_ms);
    bool waits = f->at < f->len || f->more;
    if (!waits && f->looked && now.steady_ms - f->looked_ms < LOOK_EVERY_MS)
        return FILE_IDLE;
    enum file_turn turn = turn_growing(f, budget, until_ms);
    f->looked = true;
    f->looked_ms = now.steady_ms;
    f->more = turn != FILE_IDLE;
    return turn;
}

void file_source_use(struct file_source *f, enum file_use use) {
    if (use == f->use)
        return;
    if (f->use == FILE_WATCHED)
        file_source_again(f);
    f->use = use;
    f->more = true;
}

void file_source_again(struct file_source *f) {
    forget_reading(f);
    grow_again(&f->grow);
    f->table_ms = -1;
    f->more = true;
}

void file_source_finish(struct file_source *f) {
    if (f->reading && !f->played && !f->bad)
        f->reader->finish(f->reading, NULL);
    forget_reading(f);
}
