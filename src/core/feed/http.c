#include "feed/http.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "feed/http_parts.h"

enum { CONNECT_MOST_MS = 5000, KEPT_CONNECTIONS = 8, EVENTS_A_TURN = 16 };

/* One request under way. */
struct get {
    struct get *next;
    unsigned number;
    CURL *easy; /* owned */
    struct buf body;
    size_t head_bytes;
    struct http_bounds bounds;
    http_done *done;
    void *self;
};

/* libcurl says which sockets it waits for and until when: they and the timer are in one epoll. */
struct http {
    CURLM *multi;
    int epoll, timer;
    struct get *first; /* owned */
    unsigned last_number;
    bool turning, given_up;
};

/* --- what libcurl waits for --- */

static int watch_socket(CURL *easy, curl_socket_t s, int what, void *context, void *known) {
    (void)easy, (void)known;
    const struct http *h = context;
    struct epoll_event event = {.data.fd = s};
    if (what == CURL_POLL_REMOVE) {
        epoll_ctl(h->epoll, EPOLL_CTL_DEL, s, NULL);
        return 0;
    }
    event.events = (what & CURL_POLL_IN ? (uint32_t)EPOLLIN : 0) |
                   (what & CURL_POLL_OUT ? (uint32_t)EPOLLOUT : 0);
    if (epoll_ctl(h->epoll, EPOLL_CTL_ADD, s, &event) == 0)
        return 0;
    return errno == EEXIST && epoll_ctl(h->epoll, EPOLL_CTL_MOD, s, &event) == 0 ? 0 : -1;
}

static int set_timer(CURLM *multi, long ms, void *context) {
    (void)multi;
    const struct http *h = context;
    struct itimerspec at = {.it_value = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}};
    if (ms < 0)
        at.it_value = (struct timespec){0};
    else if (ms == 0)
        at.it_value.tv_nsec = 1;
    return timerfd_settime(h->timer, 0, &at, NULL);
}

/* --- one request --- */

static size_t take_body(char *bytes, size_t size, size_t n, void *context) {
    struct get *g = context;
    g->bounds.body_is_longer = !buf_add(&g->body, bytes, size * n);
    return g->bounds.body_is_longer ? 0 : size * n;
}

static size_t take_head(char *bytes, size_t size, size_t n, void *context) {
    (void)bytes;
    struct get *g = context;
    g->head_bytes += size * n;
    g->bounds.head_is_longer = g->head_bytes > HTTP_HEAD_MAX_BYTES;
    return g->bounds.head_is_longer ? 0 : size * n;
}

static bool set_numbers(CURL *c, const struct http_bounds *b) {
    const struct {
        CURLoption option;
        long value;
    } numbers[] = {
        {CURLOPT_HTTPGET, 1},
        {CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
        {CURLOPT_NOSIGNAL, 1},
        {CURLOPT_QUICK_EXIT, 1}, /* a name server that is silent must not hold up a cancel */
        {CURLOPT_TIMEOUT_MS, b->timeout_ms},
        {CURLOPT_CONNECTTIMEOUT_MS, b->connect_ms},
        {CURLOPT_FOLLOWLOCATION, 1},
        {CURLOPT_MAXREDIRS, HTTP_REDIRECTS_MAX},
        {CURLOPT_UNRESTRICTED_AUTH, 0},
        {CURLOPT_DISALLOW_USERNAME_IN_URL, 1},
        {CURLOPT_NETRC, CURL_NETRC_IGNORED},
        {CURLOPT_SSL_VERIFYPEER, 1},
        {CURLOPT_SSL_VERIFYHOST, 2},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (curl_easy_setopt(c, numbers[i].option, numbers[i].value) != CURLE_OK)
            return false;
    curl_off_t most = b->most_bytes < INT64_MAX ? (curl_off_t)b->most_bytes : INT64_MAX;
    return curl_easy_setopt(c, CURLOPT_MAXFILESIZE_LARGE, most) == CURLE_OK;
}

/* Where the curl tool looks for certificates; libcurl alone does not. */
static const char *authorities(void) {
    const char *file = getenv("CURL_CA_BUNDLE");
    if (!file || !file[0])
        file = getenv("SSL_CERT_FILE");
    return file && file[0] ? file : NULL;
}

static bool set_words(CURL *c, const char *url, const struct login *l) {
    bool basic = l && l->kind == LOGIN_BASIC, bearer = l && l->kind == LOGIN_BEARER;
    const struct {
        CURLoption option;
        const char *value;
    } words[] = {
        {CURLOPT_URL, url},
        {CURLOPT_PROTOCOLS_STR, "http,https"},
        {CURLOPT_REDIR_PROTOCOLS_STR, "http,https"},
        {CURLOPT_ACCEPT_ENCODING, ""},
        {CURLOPT_USERAGENT, "perfscale/" PERFSCALE_VERSION},
        {CURLOPT_CAINFO, authorities()},
        {CURLOPT_USERNAME, basic ? l->user : NULL},
        {CURLOPT_PASSWORD, basic ? l->secret : NULL},
        {CURLOPT_XOAUTH2_BEARER, bearer ? l->secret : NULL},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i].value && curl_easy_setopt(c, words[i].option, words[i].value) != CURLE_OK)
            return false;
    return curl_easy_setopt(c, CURLOPT_HTTPAUTH,
                            bearer ? (long)CURLAUTH_BEARER : (long)CURLAUTH_BASIC) == CURLE_OK;
}

static bool set_all(struct get *g, const struct http_request *r) {
    CURL *c = g->easy;
    return c && set_numbers(c, &g->bounds) && set_words(c, r->url, r->login) &&
           curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_WRITEDATA, g) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take_head) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_HEADERDATA, g) == CURLE_OK &&
           curl_easy_setopt(c, CURLOPT_PRIVATE, g) == CURLE_OK;
}

static void get_free(struct get *g) {
    curl_easy_cleanup(g->easy);
    buf_fini(&g->body);
    free(g);
}

static void unlink_get(struct http *h, const struct get *g) {
    struct get **at = &h->first;
    while (*at != g)
        at = &(*at)->next;
    *at = g->next;
}

static void drop(struct http *h, struct get *g) {
    unlink_get(h, g);
    curl_multi_remove_handle(h->multi, g->easy);
    get_free(g);
}

unsigned http_get(struct http *h, const struct http_request *r, http_done *done, void *self,
                  struct err *e) {
    if (!http_check_url(r->url, e))
        return 0;
    int timeout_ms = r->timeout_ms > 0 ? r->timeout_ms : 1;
    struct get *g = mem_new(1, sizeof *g);
    g->bounds = (struct http_bounds){
        .timeout_ms = timeout_ms,
        .connect_ms = timeout_ms < CONNECT_MOST_MS ? timeout_ms : CONNECT_MOST_MS,
        .most_bytes = r->most_bytes,
    };
    g->done = done;
    g->self = self;
    g->easy = curl_easy_init();
    buf_init(&g->body, r->most_bytes);
    if (!set_all(g, r) || curl_multi_add_handle(h->multi, g->easy) != CURLM_OK) {
        get_free(g);
        err_set(e, ERR_IO, "the request cannot be made: no memory, or libcurl lacks a part");
        return 0;
    }
    g->number = ++h->last_number ? h->last_number : ++h->last_number;
    g->next = h->first;
    h->first = g;
    return g->number;
}

void http_cancel(struct http *h, unsigned number) {
    for (struct get *g = h->first; g; g = g->next) {
        if (g->number == number) {
            drop(h, g);
            return;
        }
    }
}

/* --- answers --- */

static struct http_answer answer_of(const struct get *g, CURLcode code) {
    struct http_answer a = {.body = ""};
    curl_off_t took_us = 0;
    long redirects = 0;
    curl_easy_getinfo(g->easy, CURLINFO_TOTAL_TIME_T, &took_us);
    curl_easy_getinfo(g->easy, CURLINFO_REDIRECT_COUNT, &redirects);
    a.took_ms = (double)took_us / 1000;
    a.redirected = redirects > 0;
    if (code != CURLE_OK) {
        a.end = http_explain(code, g->easy, &g->bounds, &a.why);
        return a;
    }
    curl_easy_getinfo(g->easy, CURLINFO_RESPONSE_CODE, &a.status);
    a.body = g->body.data;
    a.len = g->body.len;
    return a;
}

/* Out of the list before it is told: the one who is told may ask, cancel and free. */
static void tell(struct http *h, CURL *easy, CURLcode code) {
    char *owner = NULL;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &owner);
    struct get *g = (struct get *)(void *)owner;
    struct http_answer a = answer_of(g, code);
    unlink_get(h, g);
    curl_multi_remove_handle(h->multi, easy);
    g->done(g->self, &a);
    get_free(g);
}

static void tell_all(struct http *h) {
    CURLMsg *m;
    int left;
    while ((m = curl_multi_info_read(h->multi, &left)))
        if (m->msg == CURLMSG_DONE)
            tell(h, m->easy_handle, m->data.result);
}

static int events_of(uint32_t epoll) {
    return (epoll & EPOLLIN ? CURL_CSELECT_IN : 0) | (epoll & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
           (epoll & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
}

static void act(struct http *h, const struct epoll_event *event) {
    int running;
    uint64_t times;
    if (event->data.fd != h->timer)
        curl_multi_socket_action(h->multi, event->data.fd, events_of(event->events), &running);
    else if (read(h->timer, &times, sizeof times) > 0)
        curl_multi_socket_action(h->multi, CURL_SOCKET_TIMEOUT, 0, &running);
}

/* Signals are kept away from libcurl's threads that look up names: what handles them belongs to the
 * terminal. */
static void act_all(struct http *h) {
    struct epoll_event event[EVENTS_A_TURN];
    sigset_t all, before;
    int n = epoll_wait(h->epoll, event, EVENTS_A_TURN, 0);
    if (n <= 0)
        return;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (int i = 0; i < n; i++)
        act(h, &event[i]);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void http_turn(struct http *h) {
    if (h->turning)
        return;
    h->turning = true;
    act_all(h);
    tell_all(h);
    h->turning = false;
    if (h->given_up)
        http_free(h);
}

/* --- the whole --- */

int http_fd(const struct http *h) { return h->epoll; }

static bool set_multi(struct http *h) {
    CURLM *m = h->multi;
    struct epoll_event event = {.events = EPOLLIN, .data.fd = h->timer};
    return m && h->epoll >= 0 && h->timer >= 0 &&
           epoll_ctl(h->epoll, EPOLL_CTL_ADD, h->timer, &event) == 0 &&
           curl_multi_setopt(m, CURLMOPT_SOCKETFUNCTION, watch_socket) == CURLM_OK &&
           curl_multi_setopt(m, CURLMOPT_SOCKETDATA, h) == CURLM_OK &&
           curl_multi_setopt(m, CURLMOPT_TIMERFUNCTION, set_timer) == CURLM_OK &&
           curl_multi_setopt(m, CURLMOPT_TIMERDATA, h) == CURLM_OK &&
           curl_multi_setopt(m, CURLMOPT_MAXCONNECTS, (long)KEPT_CONNECTIONS) == CURLM_OK;
}

struct http *http_new(struct err *e) {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        err_set(e, ERR_IO, "HTTP cannot be used: libcurl does not start");
        return NULL;
    }
    struct http *h = mem_new(1, sizeof *h);
    h->epoll = epoll_create1(EPOLL_CLOEXEC);
    h->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    h->multi = curl_multi_init();
    if (set_multi(h))
        return h;
    err_set(e, ERR_IO, "HTTP cannot be used: the system has no descriptors or memory left");
    http_free(h);
    return NULL;
}

void http_free(struct http *h) {
    if (!h)
        return;
    while (h->first)
        drop(h, h->first);
    h->given_up = true;
    if (h->turning)
        return; /* http_turn() does the rest */
    curl_multi_cleanup(h->multi);
    if (h->timer >= 0)
        close(h->timer);
    if (h->epoll >= 0)
        close(h->epoll);
    free(h);
    curl_global_cleanup();
}
