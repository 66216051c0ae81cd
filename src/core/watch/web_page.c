/* Memory and CPU of a process, from its /metrics page. */
#include <math.h>
#include <stdio.h>

#include "base/unit.h"
#include "watch/web.h"

/* Clients that reckon the start from a clock of their own are off by parts of a second. */
#define START_WITHIN_S 2

static bool read_page(struct web_source *w, const struct http_answer *a, struct err *e) {
    if (a->status != 200)
        return err_set(e, ERR_FORMAT, "answers with HTTP %ld, not with a metrics page", a->status);
    return process_page_read(a->body, a->len, &w->page.is, e);
}

static bool began_anew(const struct process_figures *was, const struct process_figures *is) {
    return is->start_s > was->start_s + START_WITHIN_S || is->cpu_s < was->cpu_s;
}

static void compare(struct web_source *w, struct moment_now now) {
    struct web_process *p = &w->page;
    double s = (double)(now.day_ms - p->was_ms) / 1000;
    p->cores = NAN;
    if (p->was_ms == 0)
        return;
    if (!began_anew(&p->was, &p->is)) {
        p->cores = s > 0 ? (p->is.cpu_s - p->was.cpu_s) / s : NAN;
        return;
    }
    char at[16];
    bool known = p->is.start_s > p->was.start_s;
    alarms_say(w->alarms, now.day_ms, FINDING_WARNING, "The process behind %s began anew at %s.",
               w->host,
               unit_show_time(known ? llround(1000 * p->is.start_s) : now.day_ms, at, sizeof at));
}

static void take_page(struct web_source *w, struct moment_now now) {
    struct web_process *p = &w->page;
    char name[sizeof w->host + sizeof p->is.memory_of + 1];
    bool fresh = p->was_ms == 0 || !web_same(p->is.memory_mb, p->was.memory_mb) ||
                 !web_same(p->is.cpu_s, p->was.cpu_s);
    compare(w, now);
    snprintf(name, sizeof name, "%s %s", w->host, p->is.memory_of);
    struct trace *t = isnan(p->is.memory_mb) ? NULL : web_trace(w, name);
    if (t)
        web_trace_add(t, (double)now.day_ms / 1000, p->is.memory_mb);
    p->was = p->is;
    p->was_ms = now.day_ms;
    web_good(w, p->asked_ms, fresh, now);
}

static void ask_page(struct web_source *w, struct moment_now now) {
    static const struct web_question page = {
        .most_bytes = WEB_PAGE_BYTES, .read = read_page, .take = take_page};
    w->page.asked_ms = now.steady_ms;
    web_ask(w, &page, NULL, now);
}

const struct web_kind web_page = {.server = true, .ask = ask_page};
