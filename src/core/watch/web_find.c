/* What answers at an address: each live interface is asked for its first path in turn, then
 * Prometheus. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tools/reply.h"
#include "watch/web.h"

enum { AGAIN_S = 30 };

/* What it is instead, from the most telling of its answers. */
static void note_answer(struct web_source *w, const struct http_answer *a) {
    struct web_search *s = &w->search;
    char kind[120];
    s->failing = s->failing || a->status >= 500;
    if (s->said)
        return;
    if (a->status >= 400) {
        snprintf(s->answers, sizeof s->answers, "HTTP %ld", a->status);
        return;
    }
    s->said = true;
    reply_kind(a->body, a->len, kind, sizeof kind);
    snprintf(s->answers, sizeof s->answers, "%.90s%s", kind,
             a->redirected && reply_is_html(a->body, a->len) ? ", perhaps its login" : "");
}

static bool read_first(struct web_source *w, const struct http_answer *a, struct err *e) {
    live_figures_init(&w->tool.round);
    if (lives[w->search.at]->read(0, a->status, a->body, a->len, &w->tool.round, e))
        return true;
    note_answer(w, a);
    return false;
}

static void take_first(struct web_source *w, struct moment_now now) {
    web_become_tool(w, lives[w->search.at], now);
}

static void ask(struct web_source *w, struct moment_now now);

static void ask_next(struct web_source *w, struct moment_now now) {
    w->search.at++;
    ask(w, now);
}

static bool read_targets(struct web_source *w, const struct http_answer *a, struct err *e) {
    if (web_is_targets(w, a, e))
        return true;
    note_answer(w, a);
    return false;
}

static void take_targets(struct web_source *w, struct moment_now now) {
    web_become_prometheus(w, w->queries.own);
    w->kind->ask(w, now);
}

/* Nothing of what we know. What fails may only be starting: it is tried again sooner. */
static void give_up(struct web_source *w, struct moment_now now) {
    struct web_search *s = &w->search;
    if (s->answers[0])
        err_set(&w->why, ERR_FORMAT,
                "is no live interface that perfscale knows: it answers with %s", s->answers);
    w->why.fix[0] = '\0';
    web_fail(w, WEB_OTHER, now);
    if (!s->failing)
        web_try_in(w, AGAIN_S, now);
    *s = (struct web_search){0};
}

static void ask(struct web_source *w, struct moment_now now) {
    static const struct web_question first = {
        .most_bytes = WEB_LIVE_BYTES, .read = read_first, .take = take_first, .other = ask_next};
    static const struct web_question targets = {
        .most_bytes = WEB_PAGE_BYTES, .read = read_targets, .take = take_targets, .other = give_up};
    const struct live *live = lives[w->search.at];
    web_ask(w, live ? &first : &targets, live ? live->path[0] : prometheus_targets_path, now);
}

const struct web_kind web_find = {.ask = ask};
