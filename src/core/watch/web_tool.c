/* Figures of a load tool: its paths are asked one after another, a round at a time. */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/unit.h"
#include "watch/web.h"

/* Answering costs the load generator: no more than a share of the time goes to it. */
#define BUSY_MOST 0.05
#define BUSY_LEAST 0.02 /* asked twice as often it would be under BUSY_MOST with room to spare */
enum { EVERY_MOST_S = 10 };

static void keep_pace(struct web_source *w, struct moment_now now) {
    struct web_rounds *t = &w->tool;
    double busy = t->round_ms / 1000 / w->every_s, before_s = w->every_s;
    char ms[40], s[40];
    if (!t->timed)
        return;
    if (busy > BUSY_MOST)
        w->every_s = fmin(EVERY_MOST_S, 2 * w->every_s);
    else if (busy <= BUSY_LEAST)
        w->every_s = fmax(t->live->every_s, w->every_s / 2);
    if (w->every_s == t->live->every_s)
        t->slow_said = false;
    if (w->every_s <= before_s || t->slow_said)
        return;
    t->slow_said = true;
    alarms_say(w->alarms, now.day_ms, FINDING_WARNING,
               "%s answers slowly (%s): asked every %s s now", t->live->title,
               unit_show_ms(t->round_ms, ms, sizeof ms),
               unit_show_short(w->every_s, 1, s, sizeof s));
}

static bool is_new(const struct live_figures *a, const struct live_figures *b) {
    return a->state != b->state || !web_same(a->requests, b->requests) ||
           !web_same(a->failed, b->failed) || !web_same(a->iterations, b->iterations) ||
           !web_same(a->dropped, b->dropped) || !web_same(a->vus, b->vus);
}

/* --- the tool's result, at the end --- */

static bool read_result(struct web_source *w, const struct http_answer *a, struct err *e) {
    if (a->status != 200)
        return err_set(e, ERR_FORMAT, "answers with HTTP %ld", a->status);
    w->tool.result = mem_strndup(a->body, a->len);
    w->tool.result_len = a->len;
    return true;
}

static void finish(struct web_source *w, struct moment_now now) {
    (void)now;
    w->over = true;
}

static void end(struct web_source *w, struct moment_now now) {
    static const struct web_question result = {.most_bytes = WEB_LIVE_BYTES,
                                               .at_most_once = true,
                                               .read = read_result,
                                               .take = finish,
                                               .other = finish};
    if (w->tool.live->last_path)
        web_ask(w, &result, w->tool.live->last_path, now);
    if (!w->asking)
        finish(w, now);
}

/* --- rounds --- */

/* The same sums told by two sources would count twice. */
static struct live_figures for_stream(const struct web_rounds *t) {
    struct live_figures f = t->round;
    if (!t->beside)
        return f;
    live_figures_init(&f);
    f.state = t->round.state;
    f.vus = t->round.vus;
    f.vus_allocated = t->round.vus_allocated;
    f.now_s = t->round.now_s;
    f.now_rps = t->round.now_rps;
    f.now_failed_rps = t->round.now_failed_rps;
    f.now_p95_ms = t->round.now_p95_ms;
    return f;
}

bool web_source_beside(struct web_source *w, bool beside) {
    bool counted = beside && !w->tool.beside && w->tool.told;
    w->tool.beside = beside;
    return counted;
}

static void take_round(struct web_source *w, struct moment_now now) {
    struct web_rounds *t = &w->tool;
    bool fresh = is_new(&t->round, &t->last);
    keep_pace(w, now);
    web_good(w, t->begin_ms, fresh, now);
    t->last = t->round;
    text_copy(w->note, sizeof w->note, t->round.note);
    const struct live_figures told = for_stream(t);
    if (t->round.state != LIVE_READY)
        stream_totals(w->stream, w->port, &told, now.day_ms);
    if (t->round.requests > 0)
        t->told = true;
    if (t->round.state == LIVE_ENDED)
        end(w, now);
}

static bool read_path(struct web_source *w, const struct http_answer *a, struct err *e) {
    struct web_rounds *t = &w->tool;
    t->round_ms += a->took_ms;
    return t->live->read((int)t->at, a->status, a->body, a->len, &t->round, e);
}

static void take_path(struct web_source *w, struct moment_now now);

static void ask_path(struct web_source *w, struct moment_now now) {
    static const struct web_question path = {
        .most_bytes = WEB_LIVE_BYTES, .read = read_path, .take = take_path};
    web_ask(w, &path, w->tool.live->path[w->tool.at], now);
}

static void take_path(struct web_source *w, struct moment_now now) {
    if (w->tool.live->path[++w->tool.at])
        ask_path(w, now);
    else
        take_round(w, now);
}

static void begin_round(struct web_source *w, struct moment_now now) {
    struct web_rounds *t = &w->tool;
    live_figures_init(&t->round);
    t->at = 0;
    t->round_ms = 0;
    t->timed = true;
    t->begin_ms = now.steady_ms;
    ask_path(w, now);
}

/* Its first path was answered while it was found out. */
void web_become_tool(struct web_source *w, const struct live *live, struct moment_now now) {
    w->kind = &web_tool;
    w->every_s = live->every_s;
    w->tool.live = live;
    w->tool.at = 0;
    w->tool.begin_ms = now.steady_ms;
    take_path(w, now);
}

const struct web_kind web_tool = {.ask = begin_round};
