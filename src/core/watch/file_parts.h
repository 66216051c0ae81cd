/* watch/file_parts.h
 * Shared by the files of one source that is a file: reading it (file.c), where its figures go
 * (file_sink.c) and what is said of it (file_look.c). */
#ifndef PERFSCALE_WATCH_FILE_PARTS_H
#define PERFSCALE_WATCH_FILE_PARTS_H

#include "watch/parts.h"

enum { FILE_PIECE_BYTES = 64 << 10, FILE_SLICE_BYTES = 512 };

struct file_source {
    char path[1024], name[256];
    char *format; /* owned; NULL */
    bool from_now;
    struct stream *stream; /* borrowed; may be NULL */
    int port;
    struct alarms *alarms; /* borrowed */
    struct moment_now now; /* of this turn */

    struct grow grow;
    struct played *played; /* owned; NULL unless it is a replay */
    char *piece;           /* owned; FILE_PIECE_BYTES */
    const char *bytes;     /* read, and given to the reader up to at */
    size_t len, at;
    bool in_line; /* what comes first is the rest of a line */

    enum file_use use;
    const struct reader *reader;
    void *reading; /* the open reader; NULL */
    struct sink to;
    int64_t first_ms, latest_ms; /* in the data */
    unsigned remarks;

    bool compressed;
    bool looked, was_there; /* looked at once; there at that time */
    bool more;              /* it had more to read than the budget, or than until_ms */
    bool absent, failed;    /* as the last look found it */
    bool bad;               /* its bytes cannot be read, until it begins anew */
    bool over;              /* all was played */
    bool timeless;          /* it cannot be played */
    bool tried;             /* its first tried_bytes bytes do not tell its format */
    uint64_t tried_bytes;
    struct err why; /* text "": nothing is wrong */
    int64_t looked_ms, fresh_ms;
    uint64_t seen_bytes;
    int64_t seen_changed_ms;
    uint64_t table_bytes; /* a rewritten table as it was read last */
    int64_t table_ms;
};

/* --- file_sink.c --- */

/* Hands on to the stream, notes the times, and says remarks. */
struct sink file_sink(struct file_source *f);

/* "load.csv:17: text", to the log of what happened. line 0: unknown. */
void file_say(const struct file_source *f, enum finding_level level, long line, const char *text);

/* A table that its tool writes anew each second, to the stream. false: it was not whole. */
bool file_table_read(struct file_source *f);

#endif
