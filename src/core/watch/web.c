#include "watch/web.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/unit.h"

enum {
    TIMEOUT_LEAST_MS = 2000,
    TIMEOUT_MOST_MS = 30000,
    DELAY_MOST_S = 15,
    DELAY_HEARD_MOST_S = 5, /* for what has answered before */
    LOGIN_AGAIN_S = 30,
};

bool web_same(double a, double b) { return a == b || (isnan(a) && isnan(b)); }

/* --- asking --- */

static void on_answer(void *self, const struct http_answer *a) {
    struct web_source *w = self;
    w->asking = 0;
    w->answered = true;
    w->end = a->end;
    w->status = a->status;
    w->took_ms = a->took_ms;
    w->why = a->why;
    w->is_it = a->end == HTTP_ANSWERED && w->asked->read(w, a, &w->why);
}

static int timeout_ms(const struct web_source *w) {
    double ms = 2 * 1000 * w->every_s;
    return (int)fmin(TIMEOUT_MOST_MS, fmax(TIMEOUT_LEAST_MS, ms));
}

void web_ask(struct web_source *w, const struct web_question *q, const char *path,
             struct moment_now now) {
    char url[WEB_URL_BYTES];
    struct http_request r = {.url = path ? url : w->url,
                             .login = w->login.kind == LOGIN_NONE ? NULL : &w->login,
                             .timeout_ms = timeout_ms(w),
                             .most_bytes = q->most_bytes};
    if (w->first_ms == INT64_MIN)
        w->first_ms = now.steady_ms;
    w->asked = q;
    w->why = (struct err){0};
    if (path && !http_join(url, sizeof url, w->base, path))
        err_set(&w->why, ERR_USAGE, "the address with its query is too long");
    else
        w->asking = http_get(w->http, &r, on_answer, w, &w->why);
    if (!w->asking)
        web_fail(w, WEB_OTHER, now);
}

void web_try_in(struct web_source *w, double s, struct moment_now now) {
    w->delay_s = s;
    w->due_ms = now.steady_ms + llround(1000 * s);
}

bool web_heard(const struct web_source *w) { return w->heard_ms != INT64_MIN; }

static double delay_s(const struct web_source *w) {
    double most = web_heard(w) ? DELAY_HEARD_MOST_S : DELAY_MOST_S;
    return fmin(most, ldexp(1, w->tries < 10 ? w->tries : 10));
}

void web_fail(struct web_source *w, enum web_trouble t, struct moment_now now) {
    if (w->trouble == WEB_FINE) {
        w->trouble_ms = now.steady_ms;
        w->tries = 0;
    }
    if (t == WEB_REFUSED && w->trouble != WEB_REFUSED) {
        w->refused_ms = now.steady_ms;
        w->refused_day_ms = now.day_ms;
    }
    w->trouble = t;
    web_try_in(w, t == WEB_LOGIN ? LOGIN_AGAIN_S : delay_s(w), now);
    w->tries++;
}

void web_good(struct web_source *w, int64_t begin_ms, bool fresh, struct moment_now now) {
    if (w->trouble != WEB_FINE && web_heard(w)) {
        char s[40];
        double away_s = (double)(now.steady_ms - w->trouble_ms) / 1000;
        alarms_say(w->alarms, now.day_ms, FINDING_INFO, "%s answers again after %s s.", w->host,
                   unit_show(away_s, 0, s, sizeof s));
    }
    w->trouble = WEB_FINE;
    w->gone = false;
    w->heard_ms = now.steady_ms;
    if (fresh)
        w->fresh_ms = now.steady_ms;
    w->due_ms = begin_ms + llround(1000 * w->every_s);
}

static enum web_trouble trouble_of(enum http_end end) {
    return end == HTTP_REFUSED ? WEB_REFUSED : end == HTTP_TIMEOUT ? WEB_SILENT : WEB_OTHER;
}

/* Too long an answer and one that leads elsewhere are answers. */
static bool said_something(enum http_end end) {
    return end == HTTP_ANSWERED || end == HTTP_TOO_LARGE || end == HTTP_REDIRECTS;
}

static bool wants_login(const struct web_source *w) {
    return w->end == HTTP_ANSWERED && (w->status == 401 || w->status == 403);
}

static void take_answer(struct web_source *w, struct moment_now now) {
    const struct web_question *q = w->asked;
    w->answered = false;
    if (w->is_it)
        q->take(w, now);
    else if (q->other && q->at_most_once)
        q->other(w, now);
    else if (wants_login(w))
        web_fail(w, WEB_LOGIN, now);
    else if (q->other && said_something(w->end))
        q->other(w, now);
    else
        web_fail(w, trouble_of(w->end), now);
}

static int64_t gone_at_ms(const struct web_source *w) {
    bool can_be = w->trouble == WEB_REFUSED && w->tool.told && !w->gone;
    return can_be ? w->refused_ms + llround(1000 * w->idle_s) : INT64_MAX;
}

/* The user may have written the file of logins meanwhile. One that cannot be used is none. */
static void look_for_login(struct web_source *w) {
    struct err e = {0};
    if (!login_find(&w->login, w->url, &e))
        login_forget(&w->login);
}

void web_source_turn(struct web_source *w, int64_t start_ms, struct moment_now now) {
    w->start_ms = start_ms;
    if (w->answered)
        take_answer(w, now);
    if (now.steady_ms >= gone_at_ms(w))
        w->gone = true;
    if (w->asking || w->answered || w->over || now.steady_ms < w->due_ms)
        return;
    if (w->trouble == WEB_LOGIN)
        look_for_login(w);
    w->kind->ask(w, now);
}

int64_t web_source_due_ms(const struct web_source *w) {
    if (w->answered)
        return INT64_MIN;
    int64_t due = w->asking || w->over ? INT64_MAX : w->due_ms, gone = gone_at_ms(w);
    return due < gone ? due : gone;
}

/* --- what it knows --- */

bool web_source_is_server(const struct web_source *w) { return w->kind->server; }
bool web_source_ended(const struct web_source *w) { return w->over || w->gone; }
bool web_source_told(const struct web_source *w) { return w->tool.told; }
const struct live *web_source_live(const struct web_source *w) {
    return w->kind == &web_tool ? w->tool.live : NULL;
}
const struct live_figures *web_source_figures(const struct web_source *w) { return &w->tool.last; }

const char *web_source_last(const struct web_source *w, size_t *len) {
    *len = w->tool.result_len;
    return w->tool.result;
}

const struct trace *web_source_memory(const struct web_source *w, size_t *n) {
    *n = w->traces;
    return w->trace;
}

struct trace *web_trace(struct web_source *w, const char *name) {
    for (size_t i = 0; i < w->traces; i++)
        if (strcmp(w->trace[i].name, name) == 0)
            return &w->trace[i];
    if (w->traces == TRACES_MAX)
        return NULL;
    struct trace *t = &w->trace[w->traces++];
    text_clean(name, strlen(name), TEXT_ONE_LINE, t->name, sizeof t->name);
    return t;
}

void web_trace_add(struct trace *t, double day_s, double mb) {
    if (t->n == 0)
        t->start_ms = llround(day_s * 1000);
    double t_s = day_s - (double)t->start_ms / 1000;
    if (t->n > 0 && t_s <= t->at[t->n - 1].t_s)
        return;
    if (t->n == MOMENTS_MAX) {
        for (size_t i = 0; i < MOMENTS_MAX / 2; i++)
            t->at[i] = t->at[2 * i];
        t->n = MOMENTS_MAX / 2;
    }
    trace_add(t, t_s, mb);
}

/* --- the whole --- */

/* Where the path begins: its first slash, else the end. */
static const char *path_of(const char *url) {
    const char *place = strstr(url, "://");
    place = place ? place + 3 : url;
    return place + strcspn(place, "/?#");
}

static int hex_value(char c) {
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, c >= 'A' && c <= 'F' ? c + 32 : c) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* The value of query= in an address, decoded; the caller frees. NULL: it has none. */
static char *query_in(const char *url) {
    const char *s = strchr(url, '?');
    while (s && strncmp(s + 1, "query=", 6) != 0)
        s = strchr(s + 1, '&');
    if (!s || strcspn(s + 7, "&#") == 0)
        return NULL;
    s += 7;
    size_t left = strcspn(s, "&#"), n = 0;
    char *out = mem_new(left + 1, 1);
    while (left > 0) {
        bool coded = *s == '%' && left > 2 && hex_value(s[1]) >= 0 && hex_value(s[2]) >= 0;
        out[n++] = coded ? (char)(hex_value(s[1]) * 16 + hex_value(s[2])) : *s == '+' ? ' ' : *s;
        s += coded ? 3 : 1;
        left -= coded ? 3 : 1;
    }
    return out;
}

/* What an address is by its form. The base is what stands before the paths that are asked. */
static void choose_kind(struct web_source *w, const char *query) {
    static const char api[] = "/api/v1/query", page[] = "/metrics";
    const char *path = path_of(w->url), *at = strstr(path, api);
    size_t path_len = strcspn(path, "?#"), page_len = strlen(page);
    text_copy(w->base, sizeof w->base, w->url);
    if (at && at < path + path_len) {
        char *own = query ? NULL : query_in(at);
        w->base[at - w->url] = '\0';
        web_become_prometheus(w, own ? own : query);
        free(own);
    } else if (path_len >= page_len && strncmp(path + path_len - page_len, page, page_len) == 0) {
        w->kind = &web_page;
        w->every_s = 5;
    } else {
        w->kind = &web_find;
        w->queries.own = mem_strdup(query);
    }
}

struct web_source *web_source_new(const struct web_options *o, struct err *e) {
    struct login login = {0};
    if (!http_check_url(o->url, e) || !login_find(&login, o->url, e))
        return NULL;
    struct web_source *w = mem_new(1, sizeof *w);
    w->url = mem_strdup(o->url);
    w->idle_s = o->idle_s;
    w->http = o->http;
    w->stream = o->stream;
    w->port = o->port;
    w->alarms = o->alarms;
    w->login = login;
    login_forget(&login);
    w->every_s = 2;
    w->due_ms = w->first_ms = w->heard_ms = w->fresh_ms = INT64_MIN;
    w->page.was.memory_mb = w->page.cores = NAN;
    w->queries.sum[0] = w->queries.sum[1] = w->queries.scrape_s = NAN;
    live_figures_init(&w->tool.last);
    http_host(w->url, w->host, sizeof w->host);
    text_clean(w->url, strcspn(w->url, "?#"), TEXT_ONE_LINE, w->name, sizeof w->name);
    choose_kind(w, o->query);
    return w;
}

void web_source_free(struct web_source *w) {
    if (!w)
        return;
    if (w->asking)
        http_cancel(w->http, w->asking);
    for (size_t i = 0; i < w->traces; i++)
        free(w->trace[i].at);
    login_forget(&w->login);
    free(w->tool.result);
    free(w->queries.own);
    free(w->url);
    free(w);
}
