#include "screen.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "ui/screen/app.h"

/* The loop: what happened, what it does to the app, what that asks of the terminal, a frame when it
 * differs from the last one. It sleeps in term_wait() until something happens. */
struct loop {
    struct app *app;
    struct term *term;
    struct grid shown, next;
    bool force; /* the next frame is sent although the grid is the same */
    int signal; /* that ended it */
};

/* ---- drawing ---- */

static void describe_terminal(struct loop *l) {
    l->app->v.theme = theme_name(term_theme(l->term));
    l->app->v.colors = term_colors(l->term);
}

static void show(struct loop *l) {
    struct app *a = l->app;
    if (l->next.rows != a->rows || l->next.cols != a->cols)
        grid_resize(&l->next, a->rows, a->cols);
    app_draw(a, &l->next);
    if (!l->force && grid_same(&l->shown, &l->next))
        return;
    term_show(l->term, &l->next);
    struct grid before = l->shown;
    l->shown = l->next;
    l->next = before;
    l->force = false;
}

/* ---- wishes ---- */

static void next_theme(struct loop *l) {
    term_set_theme(l->term, (enum theme)((term_theme(l->term) + 1) % THEMES));
    describe_terminal(l);
    app_say(l->app, LOOK_TEXT, "Theme: %s.", l->app->v.theme);
    l->force = true;
}

static void copy(struct loop *l, char *text) {
    if (text)
        app_copied(l->app, term_copy(l->term, text));
    free(text);
}

static void print(struct loop *l, char *text) {
    if (text)
        term_print_aside(l->term, text);
    free(text);
}

static void fulfil(struct loop *l) {
    struct wishes wish = l->app->wish;
    l->app->wish = (struct wishes){.quit = wish.quit};
    if (wish.drop_input)
        term_drop_input(l->term);
    if (wish.next_theme)
        next_theme(l);
    if (wish.toggle_mouse)
        term_set_mouse(l->term, l->app->v.mouse);
    if (wish.probe)
        session_probe_start(&l->app->s);
    if (wish.repaint) {
        term_repaint(l->term);
        l->force = true;
    }
    copy(l, wish.copy);
    print(l, wish.print);
    if (wish.suspend)
        term_suspend(l->term);
}

/* ---- waiting ---- */

static void probe_ready(struct app *a) { session_probe_ready(&a->s); }

static void watch_ready(struct app *a) { app_watch_turn(a, clock_day_ms(), clock_steady_ms()); }

static void people_ready(struct app *a) { app_people_turn(a, clock_day_ms()); }

/* What else may happen than a key. */
static const struct {
    int (*fd)(const struct session *s); /* -1: nothing to wait for */
    void (*ready)(struct app *a);
} sources[] = {{session_probe_fd, probe_ready},
               {session_read_fd, app_read_end},
               {session_watch_fd, watch_ready},
               {session_people_fd, people_ready}};
enum { SOURCES = sizeof sources / sizeof *sources, READING_FRAME_MS = 250 };

static struct event wait(struct loop *l) {
    int fd[SOURCES], which[SOURCES];
    bool ready[SOURCES] = {false};
    size_t n = 0;
    enum view_mode mode = l->app->v.mode;
    term_expect_paste(l->term, mode == VIEW_PASTE || mode == VIEW_NOTE);
    for (int i = 0; i < SOURCES; i++)
        if ((fd[n] = sources[i].fd(&l->app->s)) >= 0)
            which[n++] = i;
    bool reading = session_read_fd(&l->app->s) >= 0;
    struct event ev = term_wait(l->term, reading ? READING_FRAME_MS : -1, fd, ready, n);
    for (size_t i = 0; i < n; i++)
        if (ready[i])
            sources[which[i]].ready(l->app);
    return ev;
}

static void take(struct loop *l, const struct event *ev) {
    if (ev->kind == EVENT_GONE)
        l->signal = (int)ev->key;
    else if (ev->kind != EVENT_NONE)
        app_event(l->app, ev, clock_day_ms());
    /* A frame may have been left out while the window was dragged. */
    l->force |= ev->kind == EVENT_RESUMED || ev->kind == EVENT_RESIZE;
}

/* Saving comes behind the frame: nobody waits for the disk to see what a key did. */
static void run(struct loop *l) {
    session_probe_start(&l->app->s);
    fulfil(l);
    show(l);
    while (!l->app->wish.quit && !l->signal) {
        struct event ev = wait(l);
        take(l, &ev);
        fulfil(l);
        show(l);
        if (app_save(l->app))
            show(l);
    }
    app_save_place(l->app);
}

/* ---- opening ---- */

static enum glyphs choose_glyphs(const struct screen_options *o) {
    bool utf8 = term_utf8(); /* also sets the locale */
    return o->glyphs_given ? o->glyphs : utf8 ? GLYPHS_BRAILLE : GLYPHS_ASCII;
}

static bool run_on_terminal(struct app *a, const struct screen_options *o, int *status,
                            struct err *e) {
    enum glyphs glyphs = choose_glyphs(o);
    struct term_options to = {.theme = o->theme, .theme_given = o->theme_given};
    struct loop l = {.app = a, .term = term_open(&to, e), .force = true};
    if (!l.term)
        return false;
    grid_init(&l.shown, 0, 0, glyphs);
    grid_init(&l.next, 0, 0, glyphs);
    a->v.demo = o->demo;
    describe_terminal(&l);
    app_start(a, term_rows(l.term), term_cols(l.term));
    run(&l);
    term_close(l.term);
    grid_fini(&l.shown);
    grid_fini(&l.next);
    *status = l.signal ? 128 + l.signal : 0;
    return true;
}

bool screen_run(const struct screen_options *o, int *status, char *farewell, int farewell_size,
                struct err *e) {
    enum { STATUS_NOTHING_HERE = 5 };
    struct app *a = mem_new(1, sizeof *a);
    bool ok = app_open(a, o->dir, clock_day_ms(), e) &&
              (!o->replay || app_replay(a, o->replay, o->speed, e));
    farewell[0] = '\0';
    if (ok && !o->replay && session_nothing_here(&a->s))
        *status = STATUS_NOTHING_HERE;
    else if (ok)
        ok = run_on_terminal(a, o, status, e);
    if (ok && *status == 0)
        app_farewell(a, farewell, (size_t)farewell_size);
    app_close(a);
    free(a);
    return ok;
}
