/* The sources of a watch, and its turns. */
#include "watch/watch.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/mem.h"
#include "watch/watch_parts.h"

enum { LOOK_MS = 1000, KEPT_FROM_TURNING_MS = 5000 };

const char *watch_state_name(enum watch_state s) {
    static const char *const names[] = {"waiting", "live", "stalled", "lost", "ended"};
    return names[s];
}

void watch_options_init(struct watch_options *o) {
    *o = (struct watch_options){
        .limits = {.p95_ms = NAN,
                   .error_rate = NAN,
                   .rate_share = 0.95,
                   .vus_most = NAN,
                   .generator_cpu = 0.8,
                   .memory_mb = NAN,
                   .near = 0.9},
        .idle_s = 30,
        .over_s = 30,
        .speed = 1,
    };
}

/* --- making --- */

static bool open_poll(struct watch *w, struct err *e) {
    struct epoll_event on = {.events = EPOLLIN};
    w->poll = epoll_create1(EPOLL_CLOEXEC);
    w->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (w->poll < 0 || w->timer < 0 || epoll_ctl(w->poll, EPOLL_CTL_ADD, w->timer, &on) != 0)
        return err_set(e, ERR_IO, "cannot watch anything: %s", strerror(errno));
    return true;
}

/* Due after ms; 0: at once, -1: never. */
static void set_timer(struct watch *w, int64_t ms) {
    struct itimerspec at = {0};
    at.it_value.tv_sec = ms > 0 ? ms / 1000 : 0;
    at.it_value.tv_nsec = ms > 0 ? ms % 1000 * 1000000 : ms == 0;
    timerfd_settime(w->timer, 0, &at, NULL);
}

static void copy_options(struct watch *w, const struct watch_options *o) {
    if (o->profile) {
        w->profile = mem_new(1, sizeof *w->profile);
        *w->profile = *o->profile;
    }
    w->stretches = o->stretches < STRETCHES_MAX ? o->stretches : STRETCHES_MAX;
    w->stretch = mem_new(w->stretches + 1, sizeof *w->stretch);
    if (w->stretches > 0)
        memcpy(w->stretch, o->stretch, w->stretches * sizeof *w->stretch);
    w->format = mem_strdup(o->format);
    w->query = mem_strdup(o->query);
    w->from_now = o->from_now;
    w->replay = o->replay;
    w->here = o->here;
    w->idle_s = o->idle_s;
    w->over_s = o->over_s;
}

struct watch *watch_new(const struct watch_options *o, struct err *e) {
    struct watch *w = mem_new(1, sizeof *w);
    w->poll = w->timer = -1;
    copy_options(w, o);
    w->stream = stream_new(w->stretch, w->stretches);
    alarms_init(&w->alarms, &o->limits);
    w->step_ms = w->resumed_ms = w->stalled_since_ms = INT64_MIN;
    w->look_due_ms = INT64_MIN;
    w->view.elapsed_s = w->view.offered_rps = NAN;
    w->view.length_s = o->profile ? o->profile->duration_s : (double)NAN;
    w->view.replay = o->replay;
    watch_set_speed(w, o->speed);
    if (!open_poll(w, e)) {
        watch_free(w);
        return NULL;
    }
    watch_see(w);
    set_timer(w, 0);
    return w;
}

void watch_free(struct watch *w) {
    if (!w)
        return;
    for (size_t i = 0; i < w->sources; i++) {
        file_source_free(w->source[i].file);
        web_source_free(w->source[i].web);
    }
    http_free(w->http);
    stream_free(w->stream);
    alarms_fini(&w->alarms);
    if (w->poll >= 0)
        close(w->poll);
    if (w->timer >= 0)
        close(w->timer);
    free(w->profile);
    free(w->stretch);
    free(w->format);
    free(w->query);
    free(w);
}

/* --- sources --- */

static bool need_http(struct watch *w, struct err *e) {
    struct epoll_event on = {.events = EPOLLIN};
    if (!w->http)
        w->http = http_new(e);
    if (!w->http)
        return false;
    if (epoll_ctl(w->poll, EPOLL_CTL_ADD, http_fd(w->http), &on) != 0 && errno != EEXIST)
        return err_set(e, ERR_IO, "cannot watch an address: %s", strerror(errno));
    return true;
}

static bool add_address(struct watch *w, struct watched *s, const char *url, struct err *e) {
    if (w->replay)
        return err_set(e, ERR_USAGE, "an address cannot be replayed: name a result file");
    if (!need_http(w, e))
        return false;
    const struct web_options o = {.url = url,
                                  .query = w->query,
                                  .idle_s = w->idle_s,
                                  .http = w->http,
                                  .stream = w->stream,
                                  .port = (int)w->sources,
                                  .alarms = &w->alarms};
    s->web = web_source_new(&o, e);
    return s->web != NULL;
}

static void add_file(struct watch *w, struct watched *s, const char *path) {
    const struct file_options o = {.path = path,
                                   .format = w->format,
                                   .from_now = w->from_now,
                                   .replay = w->replay && s->role == WATCH_FIGURES,
                                   .stream = s->role == WATCH_FIGURES ? w->stream : NULL,
                                   .port = (int)w->sources,
                                   .alarms = &w->alarms};
    s->file = file_source_new(&o);
}

bool watch_add(struct watch *w, const char *source, enum watch_role role, struct err *e) {
    struct watched *s = &w->source[w->sources];
    if (w->sources == WATCH_SOURCES_MAX)
        return err_set(e, ERR_LIMIT, "more than %d sources cannot be watched", WATCH_SOURCES_MAX);
    if (!source[0])
        return err_set(e, ERR_USAGE, "a source without a name");
    *s = (struct watched){.role = role};
    if (http_is_url(source)) {
        if (!add_address(w, s, source, e))
            return false;
    } else {
        add_file(w, s, source);
    }
    w->sources++;
    w->look_due_ms = INT64_MIN;
    set_timer(w, 0);
    return true;
}

static bool is_here(const char *source) {
    static const char *const here[] = {"127.0.0.1", "localhost", "[::1]"};
    char host[256];
    if (!http_is_url(source))
        return true;
    http_host(source, host, sizeof host);
    for (size_t i = 0; i < sizeof here / sizeof *here; i++) {
        size_t len = strlen(here[i]);
        if (strncmp(host, here[i], len) == 0 && (host[len] == '\0' || host[len] == ':'))
            return true;
    }
    return false;
}

bool watch_any_is_here(const char *const *source, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (is_here(source[i]))
            return true;
    return false;
}

/* --- turns --- */

int watch_fd(const struct watch *w) { return w->poll; }

static void take_moment(struct watch *w, struct moment_now now) {
    int64_t since_ms = now.steady_ms - w->now.steady_ms;
    if (!w->turned)
        w->begun = now;
    else if (since_ms > KEPT_FROM_TURNING_MS)
        w->resumed_ms = now.steady_ms;
    if (w->turned && w->replay && !w->paused)
        w->played_ms +=
            w->speed * (double)(since_ms < KEPT_FROM_TURNING_MS ? since_ms : KEPT_FROM_TURNING_MS);
    w->turned = true;
    w->now = now;
}

static void ask(struct watch *w) {
    if (w->http)
        http_turn(w->http);
    for (size_t i = 0; i < w->sources; i++)
        if (w->source[i].web)
            web_source_turn(w->source[i].web, w->view.start_ms, w->now);
}

static void plan_next(struct watch *w, bool backlog) {
    int64_t due = w->look_due_ms;
    if (w->view.state == WATCH_ENDED) {
        set_timer(w, -1);
        return;
    }
    for (size_t i = 0; i < w->sources; i++)
        if (w->source[i].web && web_source_due_ms(w->source[i].web) < due)
            due = web_source_due_ms(w->source[i].web);
    bool at_once = backlog || due <= w->now.steady_ms;
    set_timer(w, at_once ? 0 : due - w->now.steady_ms);
}

/* The first data is shown at once, and all when it is caught up; else once a second. */
static bool look_is_due(const struct watch *w) {
    if (w->now.steady_ms >= w->look_due_ms || w->end_asked || (w->view.catching_up && w->caught_up))
        return true;
    struct stream_view run;
    if (!w->view.run.any)
        stream_look(w->stream, &run);
    return !w->view.run.any && run.any;
}

static void stop_asking(struct watch *w) {
    if (w->http)
        epoll_ctl(w->poll, EPOLL_CTL_DEL, http_fd(w->http), NULL);
}

static void look(struct watch *w) {
    w->look_due_ms = w->now.steady_ms + LOOK_MS;
    watch_see(w);
    watch_judge(w);
    if (w->view.state == WATCH_ENDED)
        stop_asking(w);
    uint64_t sum = watch_sum(w);
    w->dirty = w->dirty || sum != w->shown;
    w->shown = sum;
}

bool watch_turn(struct watch *w, int64_t day_ms, int64_t steady_ms) {
    struct epoll_event events[4];
    uint64_t times;
    bool backlog = false;
    epoll_wait(w->poll, events, 4, 0);
    if (read(w->timer, &times, sizeof times) < 0)
        times = 0;
    if (w->view.state != WATCH_ENDED) {
        take_moment(w, (struct moment_now){day_ms, steady_ms});
        ask(w);
        backlog = watch_read(w);
        if (look_is_due(w))
            look(w);
        plan_next(w, backlog);
    }
    bool changed = w->dirty;
    w->dirty = false;
    return changed;
}

const struct watch_view *watch_look(const struct watch *w) { return &w->view; }

/* --- the user's keys --- */

static void show_at_once(struct watch *w) {
    w->dirty = true;
    set_timer(w, 0);
}

void watch_end_now(struct watch *w) {
    if (w->view.state == WATCH_ENDED)
        return;
    w->end_asked = true;
    set_timer(w, 0);
}

void watch_set_speed(struct watch *w, double speed) {
    enum { FASTEST = 3600 };
    w->speed = speed >= 1 ? fmin(speed, FASTEST) : 1;
    w->view.speed = w->speed;
    if (w->timer >= 0)
        show_at_once(w);
}

void watch_pause(struct watch *w, bool paused) {
    w->paused = w->view.paused = paused && w->replay;
    show_at_once(w);
}
