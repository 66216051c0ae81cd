/* What server_fixture.h can say to a request, and how it makes the bytes of it. */
#ifndef PERFSCALE_TESTS_SERVER_WAYS_H
#define PERFSCALE_TESTS_SERVER_WAYS_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

enum server_way {
    SERVER_ANSWERS,    /* server_say() */
    SERVER_HANGS,      /* takes the request and never says a word */
    SERVER_HANGS_HALF, /* all of the head, half of the body, then nothing more */
    SERVER_CUT,        /* the same, then it closes: Content-Length is longer than the body */
    SERVER_SLAMS,      /* closes without a word */
    SERVER_SLOW,       /* a byte every SERVER_SLOW_MS */
    SERVER_CHUNKED,    /* in chunks of seven bytes */
    SERVER_RAW,        /* the text as it is, without a head, then it closes */
    SERVER_GIGABYTE,   /* 1 GB of spaces, with its Content-Length */
    SERVER_ENDLESS,    /* the same without a length */
    SERVER_BOMB,       /* gzip: 1 MB that becomes 1 GB */
    SERVER_HEADERS,    /* head lines without an end */
    SERVER_REDIRECT,   /* 302; the text is the address */
};

enum { SERVER_PAGES = 64, SERVER_GUESTS = 64, SERVER_HEAD_BYTES = 16 << 10, SERVER_SLOW_MS = 10 };

struct server_page {
    char path[256];
    enum server_way way;
    int status;
    char type[64];
    char *text; /* owned */
    size_t len;
    unsigned asked;
};

/* A connection. */
struct server_guest {
    int fd;
    char in[SERVER_HEAD_BYTES];
    size_t in_len;
    char *out; /* owned; what is being sent; NULL: nothing */
    size_t out_len, out_at;
    size_t loop_at; /* from here to the end is sent loops times more */
    unsigned long loops;
    bool slow, stays_mute, keeps; /* after it is sent: says no more; takes a next request */
    int64_t next_ms;
};

static inline void server_must(bool fine, const char *what) {
    if (fine)
        return;
    fprintf(stderr, "server_fixture.h: %s: %s\n", what, strerror(errno));
    abort();
}

static inline int64_t server_now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* --- what is sent --- */

struct server_text {
    char *bytes;
    size_t len, cap;
};

static inline void server_put(struct server_text *t, const char *bytes, size_t len) {
    if (t->len + len >= t->cap) {
        t->cap = 2 * (t->len + len) + 1;
        t->bytes = realloc(t->bytes, t->cap);
        server_must(t->bytes != NULL, "realloc");
    }
    memcpy(t->bytes + t->len, bytes, len);
    t->len += len;
    t->bytes[t->len] = '\0';
}

static inline void server_puts(struct server_text *t, const char *s) {
    server_put(t, s, strlen(s));
}

static inline void server_put_head(struct server_text *t, const struct server_page *p,
                                   const char *more) {
    char line[512];
    snprintf(line, sizeof line, "HTTP/1.1 %d Said\r\nContent-Type: %s\r\n%s", p->status, p->type,
             more);
    server_puts(t, line);
}

static inline void server_put_whole(struct server_text *t, const struct server_page *p) {
    char more[64];
    snprintf(more, sizeof more, "Content-Length: %zu\r\n\r\n", p->len);
    server_put_head(t, p, more);
    server_put(t, p->text, p->len);
}

static inline void server_put_chunks(struct server_text *t, const struct server_page *p) {
    server_put_head(t, p, "Transfer-Encoding: chunked\r\n\r\n");
    for (size_t at = 0; at < p->len; at += 7) {
        size_t n = p->len - at < 7 ? p->len - at : 7;
        char size[16];
        snprintf(size, sizeof size, "%zx\r\n", n);
        server_puts(t, size);
        server_put(t, p->text + at, n);
        server_puts(t, "\r\n");
    }
    server_puts(t, "0\r\n\r\n");
}

/* One megabyte of zeros as a gzip stream without an end: behind the ten bytes of its head is a
 * piece that can be sent again and again, for a full flush forgets what was before. */
static inline void server_put_bomb(struct server_text *t) {
    enum { PLAIN = 1 << 20, ROOM = 64 << 10 };
    unsigned char *plain = calloc(PLAIN, 1), *packed = malloc(ROOM);
    z_stream z = {0};
    server_must(plain && packed, "malloc");
    server_must(deflateInit2(&z, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) == Z_OK, "deflate");
    z.next_in = plain;
    z.avail_in = PLAIN;
    z.next_out = packed;
    z.avail_out = ROOM;
    server_must(deflate(&z, Z_FULL_FLUSH) == Z_OK && z.avail_in == 0, "deflate");
    server_put(t, "\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
    server_put(t, (const char *)packed, ROOM - z.avail_out);
    deflateEnd(&z);
    free(plain);
    free(packed);
}

/* Ways whose last piece is sent over and over. */
static inline void server_begin_flood(struct server_guest *g, const struct server_page *p,
                                      struct server_text *t) {
    static const char piece[4096] = {0};
    g->loop_at = t->len;
    if (p->way == SERVER_BOMB) {
        server_put_head(t, p, "Content-Encoding: gzip\r\n\r\n");
        g->loop_at = t->len + 10;
        server_put_bomb(t);
        g->loops = 1023;
        return;
    }
    if (p->way == SERVER_HEADERS) {
        server_puts(t, "HTTP/1.1 200 Said\r\n");
        g->loop_at = t->len;
        server_puts(t, "X-More: 0123456789012345678901234567890123456789\r\n");
        g->loops = 1ul << 24;
        return;
    }
    server_put_head(t, p,
                    p->way == SERVER_GIGABYTE ? "Content-Length: 1073741824\r\n\r\n" : "\r\n");
    g->loop_at = t->len;
    for (int i = 0; i < 16; i++)
        server_put(t, piece, sizeof piece);
    memset(t->bytes + g->loop_at, ' ', t->len - g->loop_at);
    g->loops = (1ul << 30) / (16 * sizeof piece) - 1;
}

static inline void server_begin(struct server_guest *g, const struct server_page *p) {
    struct server_text t = {0};
    bool half = p->way == SERVER_HANGS_HALF || p->way == SERVER_CUT;
    g->stays_mute = p->way == SERVER_HANGS || p->way == SERVER_HANGS_HALF;
    g->slow = p->way == SERVER_SLOW;
    g->keeps = p->way == SERVER_ANSWERS || p->way == SERVER_CHUNKED || g->slow;
    g->loops = 0;
    if (p->way == SERVER_HANGS || p->way == SERVER_SLAMS)
        server_puts(&t, "");
    else if (p->way == SERVER_RAW)
        server_put(&t, p->text, p->len);
    else if (p->way == SERVER_CHUNKED)
        server_put_chunks(&t, p);
    else if (p->way == SERVER_REDIRECT) {
        server_puts(&t, "HTTP/1.1 302 Said\r\nContent-Length: 0\r\nLocation: ");
        server_puts(&t, p->text);
        server_puts(&t, "\r\n\r\n");
    } else if (p->way >= SERVER_GIGABYTE && p->way <= SERVER_HEADERS)
        server_begin_flood(g, p, &t);
    else
        server_put_whole(&t, p);
    if (half)
        t.len -= (p->len + 1) / 2;
    g->out = t.bytes;
    g->out_len = t.len;
    g->out_at = 0;
}

#endif
