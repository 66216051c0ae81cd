/* feed/http.h
 * Bytes in by HTTP: GET only, several at a time, over libcurl's multi interface. Nothing here
 * waits: one descriptor is readable when there is something to do. An answer is bounded in size and
 * time; certificates are verified; at most three redirects are followed, to http and https only;
 * proxies are taken from the environment as curl does; compressed answers are undone (and bounded
 * after that). */
#ifndef PERFSCALE_FEED_HTTP_H
#define PERFSCALE_FEED_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "feed/login.h"

enum http_end {
    HTTP_ANSWERED,  /* with any status */
    HTTP_REFUSED,   /* nobody listens there */
    HTTP_NO_HOST,   /* the name is not known */
    HTTP_TIMEOUT,   /* no whole answer in time */
    HTTP_TLS,       /* its certificate is not good, or TLS failed */
    HTTP_TOO_LARGE, /* the answer is longer than asked for; it was cut off */
    HTTP_BROKEN,    /* the connection ended in the middle, or it is no HTTP */
    HTTP_REDIRECTS, /* more than three, or to something else than http and https */
};

struct http_answer {
    enum http_end end;
    long status;      /* 200, 404; 0 unless HTTP_ANSWERED */
    const char *body; /* lives during the call; not terminated */
    size_t len;
    bool redirected; /* it comes from another address than was asked */
    double took_ms;
    struct err why; /* when not HTTP_ANSWERED: a sentence without the address */
};

/* Called from inside http_turn(). It may ask again, and it may cancel others. */
typedef void http_done(void *self, const struct http_answer *a);

struct http_request {
    const char *url;           /* copied */
    const struct login *login; /* copied; NULL: none. Never sent to another host than url's */
    int timeout_ms;            /* for all of it; at least 1 */
    size_t most_bytes;
};

struct http;

/* NULL only when the system has no descriptors or memory left. */
struct http *http_new(struct err *e);
void http_free(struct http *h); /* what is under way is given up without a call; NULL is fine */

/* Readable when http_turn() has something to do. */
int http_fd(const struct http *h);
void http_turn(struct http *h);

/* Asks; done is called once, unless it is canceled. Returns its number, 0 with an error: an address
 * that is no http:// or https:// one, or that holds a password (ERR_USAGE). */
unsigned http_get(struct http *h, const struct http_request *r, http_done *done, void *self,
                  struct err *e);
void http_cancel(struct http *h, unsigned number); /* a number that is over is fine */

/* Is word meant as an address: does it begin like one? http_check_url() says whether http_get()
 * takes it, and else what is wrong (ERR_USAGE, without repeating it: it may hold a password). */
bool http_is_url(const char *word);
bool http_check_url(const char *url, struct err *e);

/* base and path ("/v1/status?x=1") joined with one slash between them; a query that base has is
 * dropped. false: it does not fit. */
bool http_join(char *out, size_t size, const char *base, const char *path);

/* text as one value of a query, percent-encoded. false: it does not fit. */
bool http_escape(char *out, size_t size, const char *text);

/* "127.0.0.1:6565": what the user may see of an address. */
void http_host(const char *url, char *out, size_t size);

#endif
