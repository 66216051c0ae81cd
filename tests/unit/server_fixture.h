/* A hostile HTTP server for tests, in a thread of the test: bound to 127.0.0.1, gone with its
 * process. Each path answers as it was told last; that can change while it listens, and it can be
 * killed and brought back on its port.
 *
 *   struct server *s = server_start();
 *   server_say(s, "/v1/status", 200, "application/json", "{}");
 *   server_act(s, "/v1/metrics", SERVER_HANGS, "");
 *   server_kill(s); ... server_back(s);
 *   server_stop(s);
 *
 * The path "*" stands for all that were not named; without it they are 404. A path is tried with
 * its query first, then without. */
#ifndef PERFSCALE_TESTS_SERVER_FIXTURE_H
#define PERFSCALE_TESTS_SERVER_FIXTURE_H

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server_ways.h"

struct server {
    pthread_t thread;
    pthread_mutex_t lock;
    int listener; /* -1: dead */
    int wake;     /* eventfd */
    int port;
    bool ends;
    int64_t back_ms; /* when it comes back by itself; 0: never */
    struct server_page page[SERVER_PAGES];
    size_t pages;
    struct server_guest guest[SERVER_GUESTS];
    size_t guests;
    unsigned asked;
    char last[SERVER_HEAD_BYTES]; /* head of the last request */
};

/* --- requests; with the lock held --- */

static inline struct server_page *server_page_of(struct server *s, const char *path) {
    for (size_t i = 0; i < s->pages; i++)
        if (strcmp(s->page[i].path, path) == 0)
            return &s->page[i];
    return NULL;
}

static inline struct server_page *server_page_for(struct server *s, const char *target) {
    char path[256];
    snprintf(path, sizeof path, "%s", target);
    struct server_page *p = server_page_of(s, path);
    path[strcspn(path, "?")] = '\0';
    if (!p)
        p = server_page_of(s, path);
    return p ? p : server_page_of(s, "*");
}

static inline void server_take_request(struct server *s, struct server_guest *g) {
    const struct server_page absent = {
        .status = 404, .type = "text/plain", .text = (char[]){"not here\n"}, .len = 9};
    char target[256] = "";
    sscanf(g->in, "%*15s %255s", target);
    memcpy(s->last, g->in, g->in_len);
    s->last[g->in_len] = '\0';
    g->in_len = 0;
    s->asked++;
    struct server_page *p = server_page_for(s, target);
    if (p)
        p->asked++;
    server_begin(g, p ? p : &absent);
}

/* What is no HTTP (a TLS client) gets what other servers say to it. */
static inline void server_take_garbage(struct server_guest *g) {
    const struct server_page words = {
        .way = SERVER_RAW, .text = (char[]){"HTTP/1.0 400 Bad Request\r\n\r\n"}, .len = 28};
    g->in_len = 0;
    server_begin(g, &words);
}

/* false: the connection is over. */
static inline bool server_receive(struct server *s, struct server_guest *g) {
    ssize_t n = recv(g->fd, g->in + g->in_len, sizeof g->in - 1 - g->in_len, MSG_DONTWAIT);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    if (n == 0)
        return false;
    g->in_len += (size_t)n;
    g->in[g->in_len] = '\0';
    if (g->in[0] < 'A' || g->in[0] > 'Z')
        server_take_garbage(g);
    else if (strstr(g->in, "\r\n\r\n"))
        server_take_request(s, g);
    return g->in_len < sizeof g->in - 1;
}

static inline bool server_after_sending(struct server_guest *g) {
    if (g->loops > 0) {
        g->loops--;
        g->out_at = g->loop_at;
        return true;
    }
    if (g->stays_mute)
        return true;
    free(g->out);
    g->out = NULL;
    return g->keeps;
}

static inline bool server_send(struct server_guest *g) {
    if (g->slow && server_now_ms() < g->next_ms)
        return true;
    g->next_ms = server_now_ms() + SERVER_SLOW_MS;
    size_t left = g->out_len - g->out_at;
    if (g->slow && left > 1)
        left = 1;
    ssize_t n = left ? send(g->fd, g->out + g->out_at, left, MSG_DONTWAIT | MSG_NOSIGNAL) : 0;
    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    g->out_at += (size_t)n;
    return g->out_at < g->out_len || server_after_sending(g);
}

/* A client that hangs up while nothing is said to it. */
static inline bool server_is_left(const struct server_guest *g) {
    char byte;
    ssize_t n = recv(g->fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK);
    return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

static inline void server_drop(struct server *s, size_t i) {
    shutdown(s->guest[i].fd, SHUT_RDWR);
    close(s->guest[i].fd);
    free(s->guest[i].out);
    s->guest[i] = s->guest[--s->guests];
}

static inline void server_accept(struct server *s) {
    int fd;
    while (s->listener >= 0 && s->guests < SERVER_GUESTS &&
           (fd = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0)
        s->guest[s->guests++] = (struct server_guest){.fd = fd};
}

static inline void server_serve(struct server *s) {
    server_accept(s);
    for (size_t i = s->guests; i-- > 0;) {
        struct server_guest *g = &s->guest[i];
        bool mute = g->out && g->stays_mute && g->out_at == g->out_len;
        if (mute ? server_is_left(g) : !(g->out ? server_send(g) : server_receive(s, g)))
            server_drop(s, i);
    }
}

/* --- listening; with the lock held --- */

static inline void server_listen(struct server *s) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)s->port)};
    socklen_t len = sizeof at;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    setsockopt(s->listener, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    server_must(bind(s->listener, (struct sockaddr *)&at, sizeof at) == 0, "bind");
    server_must(listen(s->listener, SERVER_GUESTS) == 0, "listen");
    if (!s->port && getsockname(s->listener, (struct sockaddr *)&at, &len) == 0)
        s->port = ntohs(at.sin_port);
    s->back_ms = 0;
}

/* Shut down first: the thread's poll() keeps a closed socket alive. */
static inline void server_hush(struct server *s) {
    if (s->listener >= 0) {
        shutdown(s->listener, SHUT_RDWR);
        close(s->listener);
    }
    s->listener = -1;
    while (s->guests)
        server_drop(s, s->guests - 1);
}

static inline int server_fill_poll(const struct server *s, struct pollfd *p, int *wait_ms) {
    int n = 0;
    p[n++] = (struct pollfd){.fd = s->wake, .events = POLLIN};
    p[n++] = (struct pollfd){.fd = s->listener, .events = POLLIN};
    *wait_ms = s->back_ms ? 5 : -1;
    for (size_t i = 0; i < s->guests; i++) {
        const struct server_guest *g = &s->guest[i];
        bool sends = g->out && !(g->stays_mute && g->out_at == g->out_len);
        if (sends && g->slow)
            *wait_ms = 1;
        p[n++] = (struct pollfd){.fd = g->fd, .events = sends && !g->slow ? POLLOUT : POLLIN};
    }
    return n;
}

static inline void *server_run(void *context) {
    struct server *s = context;
    struct pollfd p[SERVER_GUESTS + 2];
    pthread_mutex_lock(&s->lock);
    while (!s->ends) {
        int wait_ms, n = server_fill_poll(s, p, &wait_ms);
        pthread_mutex_unlock(&s->lock);
        poll(p, (nfds_t)n, wait_ms);
        uint64_t told;
        if (read(s->wake, &told, sizeof told) < 0)
            told = 0;
        pthread_mutex_lock(&s->lock);
        if (s->back_ms && server_now_ms() >= s->back_ms)
            server_listen(s);
        server_serve(s);
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

static inline void server_unlock(struct server *s) {
    pthread_mutex_unlock(&s->lock);
    server_must(write(s->wake, &(uint64_t){1}, sizeof(uint64_t)) > 0, "eventfd");
}

/* --- what tests call --- */

static inline struct server *server_start(void) {
    struct server *s = calloc(1, sizeof *s);
    sigset_t all, before;
    server_must(s != NULL, "calloc");
    pthread_mutex_init(&s->lock, NULL);
    s->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    server_listen(s);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    server_must(pthread_create(&s->thread, NULL, server_run, s) == 0, "thread");
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return s;
}

static inline void server_stop(struct server *s) {
    pthread_mutex_lock(&s->lock);
    s->ends = true;
    server_unlock(s);
    pthread_join(s->thread, NULL);
    server_hush(s);
    for (size_t i = 0; i < s->pages; i++)
        free(s->page[i].text);
    close(s->wake);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

static inline void server_set(struct server *s, const char *path, struct server_page new) {
    pthread_mutex_lock(&s->lock);
    struct server_page *p = server_page_of(s, path);
    if (!p) {
        server_must(s->pages < SERVER_PAGES, "too many pages");
        p = &s->page[s->pages++];
    }
    free(p->text);
    new.asked = p->asked;
    snprintf(new.path, sizeof new.path, "%s", path);
    *p = new;
    server_unlock(s);
}

static inline void server_give(struct server *s, const char *path, enum server_way way, int status,
                               const char *type, const char *text, size_t len) {
    struct server_page p = {.way = way, .status = status, .text = malloc(len + 1), .len = len};
    server_must(p.text != NULL, "malloc");
    memcpy(p.text, text, len);
    p.text[len] = '\0';
    snprintf(p.type, sizeof p.type, "%s", type);
    server_set(s, path, p);
}

/* From now on path answers this. Also after another way: it recovers. */
static inline void server_say(struct server *s, const char *path, int status, const char *type,
                              const char *body) {
    server_give(s, path, SERVER_ANSWERS, status, type, body, strlen(body));
}

/* From now on path behaves like this; text is the body (200, JSON) or what the way says. */
static inline void server_act(struct server *s, const char *path, enum server_way way,
                              const char *text) {
    server_give(s, path, way, 200, "application/json", text, strlen(text));
}

/* These bytes and no others. */
static inline void server_raw(struct server *s, const char *path, const char *bytes, size_t len) {
    server_give(s, path, SERVER_RAW, 200, "", bytes, len);
}

/* Connections end, and nobody listens on the port. */
static inline void server_kill(struct server *s) {
    pthread_mutex_lock(&s->lock);
    server_hush(s);
    server_unlock(s);
}

static inline void server_back(struct server *s) {
    pthread_mutex_lock(&s->lock);
    if (s->listener < 0)
        server_listen(s);
    server_unlock(s);
}

/* Dies, and comes back by itself. */
static inline void server_kill_for(struct server *s, int ms) {
    pthread_mutex_lock(&s->lock);
    server_hush(s);
    s->back_ms = server_now_ms() + ms;
    server_unlock(s);
}

/* How often path was asked (as it was named in server_say()); NULL: anything. */
static inline unsigned server_asked(struct server *s, const char *path) {
    pthread_mutex_lock(&s->lock);
    const struct server_page *p = path ? server_page_of(s, path) : NULL;
    unsigned n = path ? (p ? p->asked : 0) : s->asked;
    pthread_mutex_unlock(&s->lock);
    return n;
}

/* Was word (of any case) in the head of the last request, its first line included? */
static inline bool server_heard(struct server *s, const char *word) {
    pthread_mutex_lock(&s->lock);
    bool heard = strcasestr(s->last, word) != NULL;
    pthread_mutex_unlock(&s->lock);
    return heard;
}

/* "http://127.0.0.1:PORT/path"; one of four buffers, so that several can be used in one call. */
static inline const char *server_url(const struct server *s, const char *path) {
    static char url[4][512];
    static int next;
    char *out = url[next++ % 4];
    snprintf(out, sizeof url[0], "http://127.0.0.1:%d%s", s->port, path);
    return out;
}

#endif
