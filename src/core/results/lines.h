/* results/lines.h
 * Cuts bytes that come in pieces of any size into records at line ends. With quotes, a line break
 * between double quotes does not end a record (RFC 4180). A record that lies whole in one piece is
 * handed out in place, without a copy. */
#ifndef PERFSCALE_RESULTS_LINES_H
#define PERFSCALE_RESULTS_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* One record without its line end (LF or CR LF); may be empty. line: its first line, from 1.
 * quoted: a double quote is in it (always false without quotes). false stops the reading. */
typedef bool line_fn(void *self, const char *record, size_t len, long line, bool quoted,
                     struct err *e);

struct lines {
    line_fn *take;
    void *self;
    bool quotes;
    size_t max_bytes; /* of one record; a longer one is ERR_LIMIT with its line */
    struct buf rest;  /* a record that is not ended yet */
    bool inside;      /* between double quotes, at the end of rest */
    bool quoted;      /* a quote is in rest */
    long line;        /* of the next record */
    long breaks;      /* line breaks inside rest */
};

void lines_init(struct lines *l, line_fn *take, void *self, bool quotes, size_t max_bytes);
bool lines_feed(struct lines *l, const char *bytes, size_t len, struct err *e);
/* The last record lacks its line end: true when there was one and take() had it. *ok: no error. */
bool lines_finish(struct lines *l, bool *ok, struct err *e);
void lines_fini(struct lines *l);

#endif
