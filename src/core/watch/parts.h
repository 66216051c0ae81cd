/* watch/parts.h
 * Shared by the files of this room: a source that is a file (file.c), one that is an address (web.c
 * and its kin, see web.h), and the watch that holds them together (watch.c). */
#ifndef PERFSCALE_WATCH_PARTS_H
#define PERFSCALE_WATCH_PARTS_H

#include "feed/grow.h"
#include "feed/http.h"
#include "results/reader.h"
#include "watch/watch.h"

/* The moment of a turn. */
struct moment_now {
    int64_t day_ms, steady_ms;
};

/* --- a growing file --- */

struct file_source;

struct file_options {
    const char *path;   /* copied */
    const char *format; /* copied; NULL: told from the bytes */
    bool from_now;
    bool replay;
    struct stream *stream; /* borrowed; NULL: only its coming and its end are looked at */
    int port;
    struct alarms *alarms; /* borrowed: where it says what happened */
};

struct file_source *file_source_new(const struct file_options *o);
void file_source_free(struct file_source *f);

enum file_turn {
    FILE_IDLE,  /* it has nothing more to read now */
    FILE_MORE,  /* the budget is used up */
    FILE_AHEAD, /* what follows lies behind until_ms */
    FILE_ANEW,  /* it was truncated or replaced: what it brought no longer counts */
};

/* Reads at most *budget bytes, which is lowered, and only what lies before until_ms by the times in
 * the data: INT64_MIN up to the first time, INT64_MAX all. Looks at the file at most every 200 ms,
 * however often it is called. Nothing goes to the stream before file_source_use(). A gzip file is
 * not read before its end (the words say so), but it can be replayed. */
enum file_turn file_source_turn(struct file_source *f, size_t *budget, int64_t until_ms,
                                struct moment_now now);

/* What it is followed for, once its reader is known. */
enum file_use {
    FILE_UNDECIDED,
    FILE_FEEDS,   /* its figures count */
    FILE_WATCHED, /* only whether something comes: others tell the same, or it tells too late */
};
void file_source_use(struct file_source *f, enum file_use use);
enum file_use file_source_used(const struct file_source *f);

/* From the start again: the stream was emptied. */
void file_source_again(struct file_source *f);

/* The run is over: what the reader still holds goes to the stream; nothing is read after that. */
void file_source_finish(struct file_source *f);

uint64_t file_source_left(const struct file_source *f);
bool file_source_there(const struct file_source *f);  /* and not empty */
bool file_source_closed(const struct file_source *f); /* its writer closed it and all was read; of a
                                                         replay: all was played */
bool file_source_compressed(const struct file_source *f);
bool file_source_lost(const struct file_source *f);        /* it cannot be read, or no longer */
int64_t file_source_fresh_ms(const struct file_source *f); /* steady clock; when it brought
                                                              something new; what was there at first
                                                              counts by its change time;
                                                              INT64_MIN: never */
/* By the times in the data, ms since 1970; INT64_MIN: none came yet. */
int64_t file_source_first_ms(const struct file_source *f);
int64_t file_source_latest_ms(const struct file_source *f);
int64_t file_source_changed_ms(const struct file_source *f); /* day clock; -1: not there */
const char *file_source_path(const struct file_source *f);
const struct reader *file_source_reader(const struct file_source *f); /* NULL: not known yet */
/* name, what, words; state and age by what it knows itself (never ENDED). */
void file_source_look(const struct file_source *f, struct moment_now now, double idle_s,
                      struct watch_source *out);

/* --- the bytes of a replay: a file that is whole, gzip undone --- */

struct played;

struct played *played_new(const char *path);
void played_free(struct played *p); /* NULL is fine */

/* The bytes that come next, *len = 0 at the end; valid until the next call. false with an error. */
bool played_next(struct played *p, const char **bytes, size_t *len, struct err *e);
uint64_t played_left(const struct played *p); /* as stored */

/* --- an address --- */

struct web_source;

struct web_options {
    const char *url;   /* copied */
    const char *query; /* copied; for Prometheus; NULL: its own words or the usual ones */
    double idle_s;
    struct http *http;     /* borrowed */
    struct stream *stream; /* borrowed */
    int port;
    struct alarms *alarms; /* borrowed */
};

/* ERR_USAGE, ERR_REFUSED as watch_add(). */
struct web_source *web_source_new(const struct web_options *o, struct err *e);
void web_source_free(struct web_source *w);

/* Asks when that is due. start_ms: start of the run, for what happened before (Prometheus); 0
 * unknown. */
void web_source_turn(struct web_source *w, int64_t start_ms, struct moment_now now);
/* A file of the same run tells the figures since the start: only VUs and the last seconds go to the
 * stream then. Returns true when that is new and more went there before. */
bool web_source_beside(struct web_source *w, bool beside);
int64_t web_source_due_ms(const struct web_source *w); /* steady clock; INT64_MAX: nothing */

bool web_source_is_server(const struct web_source *w); /* known to tell of a server */
bool web_source_ended(const struct web_source *w);     /* the tool says so, or is gone after it told
                                                          figures and was asked again for idle_s */
bool web_source_told(const struct web_source *w);      /* figures of a run */
/* The memory that it has seen, in MB, in order of time, ms since 1970; at most TRACES_MAX traces of
 * at most MOMENTS_MAX moments (then every second one is dropped). */
const struct trace *web_source_memory(const struct web_source *w, size_t *n);
/* The tool's result, asked for at the end: bytes for a reader; NULL: none came. */
const char *web_source_last(const struct web_source *w, size_t *len);
const struct live *web_source_live(const struct web_source *w); /* NULL: not known, or a server */
const struct live_figures *web_source_figures(const struct web_source *w); /* the last ones */
void web_source_look(const struct web_source *w, struct moment_now now, struct watch_source *out);

#endif
