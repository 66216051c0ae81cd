/* results/reader.h
 * The seam between formats and figures. A reader takes the bytes of one format in pieces of any
 * size and hands what it finds to a sink. It knows its format: no file names, no limits, no
 * verdicts.
 *
 *     void *r = reader->open(&sink);
 *     while (there are bytes) if (!reader->feed(r, bytes, len, e)) goto out;
 *     if (!reader->finish(r, e)) goto out;
 * out: reader->close(r);
 */
#ifndef PERFSCALE_RESULTS_READER_H
#define PERFSCALE_RESULTS_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "results/summary.h"

/* What a reader can say. */
enum door {
    DOOR_VALUE,        /* a figure: metric, scope, figure */
    DOOR_THRESHOLD,    /* scope = metric with its tags, text = expression, ok */
    DOOR_FORMAT,       /* text = exact name of the format */
    DOOR_TOOL_VERSION, /* text */
    DOOR_STOPPED,      /* text = why the run ended early */
    DOOR_GENERATOR,    /* text = an error of the load machine itself, as in the log */
    DOOR_BLOCKS,       /* figure.value = summaries in the source */
    DOOR_LINES,        /* figure.value = lines in the source */
};

/* One thing said. Strings live only during the call. */
struct word {
    enum door door;
    enum metric metric;
    const char *scope; /* NULL: the whole run; else the endpoint's name */
    struct figure figure;
    const char *text;
    bool ok;
};

/* Takes what a reader finds. Called from inside feed() and finish(), never after them. */
struct sink {
    void *self;
    void (*summary)(void *self, const struct word *w);
};

struct reader {
    const char *name; /* "k6-text": shown to the user, and the word of --format */
    const char *tool; /* "k6" */
    /* How sure it is from the first bytes that they are its format: 0 = not mine ... 100 = sure. */
    int (*sniff)(const char *head, size_t len);
    void *(*open)(const struct sink *out); /* out is copied; never NULL */
    bool (*feed)(void *self, const char *bytes, size_t len, struct err *e);
    bool (*finish)(void *self, struct err *e); /* the last line may lack its newline */
    void (*close)(void *self);                 /* frees self; also after an error */
};

/* A sink that fills a summary (initialised before, owned by the caller). For one metric and scope
 * the first value that is said stays. tool and format of s are set from r. */
struct sink summary_sink(struct summary *s, const struct reader *r);

/* All of it for bytes in memory: open, feed, finish, close into *s, which is initialised by it and
 * to be finished by the caller also after an error. */
bool reader_read(const struct reader *r, const char *bytes, size_t len, struct summary *s,
                 struct err *e);

#endif
