/* feed/http_parts.h
 * Shared by the files of http.h and by login.c: what an address names, and the words for what went
 * wrong. */
#ifndef PERFSCALE_FEED_HTTP_PARTS_H
#define PERFSCALE_FEED_HTTP_PARTS_H

#include <curl/curl.h>

#include "feed/http.h"

enum { HTTP_URL_MAX_BYTES = 2048, HTTP_REDIRECTS_MAX = 3, HTTP_HEAD_MAX_BYTES = 64000 };

/* Where an address leads, as libcurl reads it. */
struct http_place {
    char host[256];
    int port; /* that of the scheme when the address names none */
};
bool http_place(struct http_place *p, const char *url, struct err *e);

/* What was asked for, as far as the words need it. */
struct http_bounds {
    int timeout_ms, connect_ms;
    size_t most_bytes;
    bool body_is_longer, head_is_longer; /* than what may come */
};

/* Why there is no answer, from what libcurl says: sets why and returns the end. */
enum http_end http_explain(CURLcode code, CURL *easy, const struct http_bounds *b, struct err *why);

#endif
