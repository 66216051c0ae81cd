#include "term.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "ui/screen/term/term_parts.h"

const char term_way_out[] = "use the commands without a screen: perfscale status, perfscale plan, "
                            "perfscale check";

enum {
    RESIZE_QUIET_MS = 100,
    /* More bytes than one key has may be the start of a paste: wait so long for the rest. */
    KEY_BYTES = 8,
    MORE_INPUT_MS = 10,
    DROP_READS = 512, /* at most 2 MB of input are thrown away at once */
};

struct term {
    int in, out;
    bool owner; /* tty modes, window size and signals are ours */
    bool basic; /* see term_is_basic() */
    int gone;   /* the signal that ends us; 0: all is well */
    struct canvas *canvas;
    struct modes modes;
    struct keys keys;
    int64_t input_ms;    /* when something arrived last */
    int64_t size_due_ms; /* when a new size was quiet for long enough; 0: no new size */
    bool resumed;        /* to be told */
    bool aside;          /* the normal screen is shown (term_print_aside) */
    bool mouse;
    struct pollfd *fds; /* owned */
    size_t fds_count;
};

/* ---- to the terminal ---- */

static void end(struct term *t, int signal) {
    if (signal && !t->gone)
        t->gone = signal;
}

static void send(struct term *t, const char *bytes, size_t len) {
    if (!t->gone && len > 0)
        end(t, tty_write(t->out, bytes, len));
}

static void send_text(struct term *t, const char *text) { send(t, text, strlen(text)); }

static void send_mouse(struct term *t) {
    send_text(t, t->mouse ? "\033[?1000h\033[?1006h" : "\033[?1006l\033[?1000l");
}

static void enter(struct term *t) {
    if (t->owner)
        end(t, tty_enter(&t->modes));
    else
        send(t, t->modes.enter, t->modes.enter_len);
    if (t->mouse)
        send_mouse(t);
}

static void leave(struct term *t) {
    if (t->owner)
        tty_leave(t->gone != 0); /* the rest of a paste must not reach the shell */
    else
        send(t, t->modes.leave, t->modes.leave_len);
}

int term_rows(const struct term *t) { return canvas_rows(t->canvas); }
int term_cols(const struct term *t) { return canvas_cols(t->canvas); }

void term_show(struct term *t, const struct grid *g) {
    if (t->gone || t->size_due_ms)
        return; /* a frame for the old size would only be in the way */
    size_t len;
    const char *bytes = canvas_frame(t->canvas, g, &len);
    send(t, bytes, len);
}

void term_repaint(struct term *t) { canvas_repaint(t->canvas); }

void term_set_theme(struct term *t, enum theme theme) {
    colours_set(canvas_colours(t->canvas), theme);
    canvas_restyle(t->canvas);
}

enum theme term_theme(const struct term *t) { return canvas_colours(t->canvas)->theme; }
int term_colors(const struct term *t) { return canvas_colours(t->canvas)->count; }

void term_set_mouse(struct term *t, bool on) {
    t->mouse = on;
    send_mouse(t);
}

/* ---- size ---- */

static void window_size(int fd, int *rows, int *cols) {
    struct winsize size;
    bool known = ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0;
    *rows = known ? size.ws_row : 24;
    *cols = known ? size.ws_col : 80;
}

static void size_changed(struct term *t) { t->size_due_ms = clock_steady_ms() + RESIZE_QUIET_MS; }

static struct event take_size(struct term *t) {
    struct event ev = {.kind = EVENT_RESIZE};
    int rows, cols;
    window_size(t->out, &rows, &cols);
    t->size_due_ms = 0;
    canvas_resize(t->canvas, rows, cols);
    modes_build(&t->modes, term_rows(t));
    ev.rows = term_rows(t);
    ev.cols = term_cols(t);
    return ev;
}

/* ---- away and back ---- */

static void come_back(struct term *t) {
    int rows, cols;
    if (t->owner) {
        window_size(t->out, &rows, &cols);
        if (rows != term_rows(t) || cols != term_cols(t))
            size_changed(t);
    }
    enter(t);
    canvas_reenter(t->canvas);
    t->resumed = true;
}

static void stop(struct term *t) {
    leave(t);
    if (t->owner) {
        tty_stop();
        struct tty_news news = tty_news(); /* SIGCONT, which is no news any more */
        end(t, news.gone);
        if (news.resized)
            size_changed(t);
    }
    come_back(t);
}

void term_suspend(struct term *t) {
    if (!t->gone)
        stop(t);
}

static void take_news(struct term *t) {
    struct tty_news news = tty_news();
    end(t, news.gone);
    if (t->gone)
        return;
    if (news.resized)
        size_changed(t);
    if (t->aside)
        return; /* it comes back by itself */
    if (news.stop)
        stop(t);
    else if (news.resumed)
        come_back(t);
}

/* ---- from the terminal ---- */

static bool readable(int fd, int wait_ms) {
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, wait_ms) > 0;
}

/* Everything that arrived in one go. */
static void read_input(struct term *t) {
    char bytes[READ_BYTES];
    size_t len = 0;
    ssize_t n;
    do {
        n = read(t->in, bytes + len, sizeof bytes - len);
        len += n > 0 ? (size_t)n : 0;
    } while (n > 0 && len < sizeof bytes && readable(t->in, len > KEY_BYTES ? MORE_INPUT_MS : 0));
    if (n == 0 && len == 0)
        end(t, SIGHUP);
    if (n < 0 && errno != EINTR && errno != EAGAIN)
        end(t, SIGHUP);
    if (len == 0)
        return;
    t->input_ms = clock_steady_ms();
    keys_feed(&t->keys, bytes, len, t->input_ms);
}

void term_expect_paste(struct term *t, bool on) { t->keys.expected = on; }

void term_drop_input(struct term *t) {
    for (int i = 0; i < DROP_READS && !t->gone && readable(t->in, 0); i++) {
        read_input(t);
        keys_drop(&t->keys);
    }
    keys_drop(&t->keys);
}

/* ---- waiting ---- */

static bool next_event(struct term *t, struct event *ev) {
    if (t->gone) {
        leave(t);
        *ev = (struct event){.kind = EVENT_GONE, .key = (uint32_t)t->gone};
        return true;
    }
    if (t->size_due_ms && clock_steady_ms() >= t->size_due_ms) {
        *ev = take_size(t);
        return true;
    }
    if (t->resumed) {
        t->resumed = false;
        *ev = (struct event){.kind = EVENT_RESUMED};
        return true;
    }
    return keys_next(&t->keys, ev);
}

static int64_t silence_due(const struct term *t) {
    int ms = keys_silence_ms(&t->keys);
    return ms < 0 ? INT64_MAX : t->input_ms + ms;
}

static int until_next(const struct term *t, int64_t end_ms) {
    int64_t due = silence_due(t) < end_ms ? silence_due(t) : end_ms;
    if (t->size_due_ms && t->size_due_ms < due)
        due = t->size_due_ms;
    if (due == INT64_MAX)
        return -1;
    int64_t ms = due - clock_steady_ms();
    return ms < 0 ? 0 : ms > INT32_MAX ? INT32_MAX : (int)ms;
}

enum { FD_IN, FD_NEWS, FD_WATCH };

static void set_fds(struct term *t, const int *watch, size_t n) {
    if (n + FD_WATCH > t->fds_count) {
        t->fds_count = n + FD_WATCH;
        t->fds = mem_resize(t->fds, t->fds_count, sizeof *t->fds);
    }
    t->fds[FD_IN] = (struct pollfd){.fd = t->in, .events = POLLIN};
    t->fds[FD_NEWS] = (struct pollfd){.fd = t->owner ? tty_news_fd() : -1, .events = POLLIN};
    for (size_t i = 0; i < n; i++)
        t->fds[FD_WATCH + i] = (struct pollfd){.fd = watch[i], .events = POLLIN};
}

/* One poll(), and what it brought. True when something in watch is ready. */
static bool wait_once(struct term *t, int64_t end_ms, const int *watch, bool *ready, size_t n) {
    set_fds(t, watch, n);
    int found = poll(t->fds, n + FD_WATCH, until_next(t, end_ms));
    if (found < 0) {
        if (errno != EINTR)
            end(t, SIGHUP); /* or this would spin */
        return false;
    }
    if (t->fds[FD_NEWS].revents)
        take_news(t);
    if (t->fds[FD_IN].revents & POLLIN)
        read_input(t);
    else if (t->fds[FD_IN].revents) /* POLLHUP, POLLERR, POLLNVAL */
        end(t, SIGHUP);
    else if (clock_steady_ms() >= silence_due(t))
        keys_silent(&t->keys);
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        ready[i] = t->fds[FD_WATCH + i].revents != 0;
        any |= ready[i];
    }
    return any;
}

struct event term_wait(struct term *t, int timeout_ms, const int *watch, bool *ready, size_t n) {
    int64_t end_ms = timeout_ms < 0 ? INT64_MAX : clock_steady_ms() + timeout_ms;
    struct event ev;
    for (size_t i = 0; i < n; i++)
        ready[i] = false;
    for (bool over = false; !next_event(t, &ev); over = clock_steady_ms() >= end_ms)
        if (over || wait_once(t, end_ms, watch, ready, n))
            return (struct event){.kind = EVENT_NONE};
    return ev;
}

/* ---- aside ---- */

/* Lines as they are, in a terminal that does nothing to them. */
static void send_lines(struct term *t, const char *text) {
    size_t len = strlen(text);
    char *clean = mem_new(len + 1, 1);
    text_clean(text, len, TEXT_LINES, clean, len + 1);
    struct buf b;
    buf_init(&b, 2 * len);
    for (const char *s = clean; *s; s++) {
        if (*s == '\n')
            buf_char(&b, '\r');
        buf_char(&b, *s);
    }
    send(t, b.data, b.len);
    buf_fini(&b);
    free(clean);
}

static bool ends_aside(uint32_t key) {
    return key == KEYC_ENTER || key == '\n' || key == KEYC_ESC || key == 'q' || key == 3;
}

void term_print_aside(struct term *t, const char *text) {
    send(t, t->modes.leave, t->modes.leave_len);
    t->aside = true;
    send_text(t, "\033[?2004h\r\n"); /* a paste in here is no key either */
    send_lines(t, text);
    send_text(t, "\r\n\r\nEnter goes back to the screen.\r\n");
    bool resized = false;
    struct event ev;
    do {
        ev = term_wait(t, -1, NULL, NULL, 0);
        resized |= ev.kind == EVENT_RESIZE;
    } while (ev.kind != EVENT_GONE && !(ev.kind == EVENT_KEY && ends_aside(ev.key)));
    t->aside = false;
    if (t->gone)
        return;
    term_drop_input(t);
    come_back(t);
    if (resized)
        size_changed(t); /* told once more, to the caller */
}

/* ---- clipboard ---- */

static bool is_set(const char *name) {
    const char *value = getenv(name);
    return value && value[0];
}

/* tmux keeps OSC 52 to itself by default, screen swallows it. */
enum copy_result term_copy(struct term *t, const char *text) {
    if (is_set("TMUX"))
        return clip_tmux(text) ? COPY_TMUX : COPY_NONE;
    struct buf sequence;
    if (is_set("STY") || t->basic || t->gone || !clip_osc52(&sequence, text))
        return COPY_NONE;
    send(t, sequence.data, sequence.len);
    buf_fini(&sequence);
    return t->gone ? COPY_NONE : COPY_SENT;
}

/* ---- opening ---- */

static struct term *open_on(int in, int out, const char *type, int rows, int cols,
                            const struct term_options *o, struct err *e) {
    struct canvas *canvas = canvas_open(type, rows, cols, o, e);
    if (!canvas)
        return NULL;
    struct term *t = mem_new(1, sizeof *t);
    t->in = in;
    t->out = out;
    t->basic = term_is_basic(type);
    t->canvas = canvas;
    modes_build(&t->modes, canvas_rows(canvas));
    keys_init(&t->keys, o->esc_delay_ms);
    return t;
}

struct term *term_open_on(int in, int out, const char *type, int rows, int cols,
                          const struct term_options *o, struct err *e) {
    struct term *t = open_on(in, out, type, rows, cols, o, e);
    if (t)
        enter(t);
    return t;
}

static void release(struct term *t) {
    canvas_close(t->canvas);
    keys_fini(&t->keys);
    free(t->fds);
    free(t);
}

static bool check_terminal(int fd, const char *name, struct err *e) {
    if (isatty(fd))
        return true;
    err_set(e, ERR_USAGE, "%s is not a terminal", name);
    return err_fix(e, "%s", term_way_out);
}

struct term *term_open(const struct term_options *o, struct err *e) {
    const char *type = getenv("TERM");
    int rows, cols;
    if (!check_terminal(STDOUT_FILENO, "standard output", e) ||
        !check_terminal(STDIN_FILENO, "standard input", e))
        return NULL;
    window_size(STDOUT_FILENO, &rows, &cols);
    struct term *t = open_on(STDIN_FILENO, STDOUT_FILENO, type ? type : "", rows, cols, o, e);
    if (!t)
        return NULL;
    t->owner = tty_take(t->in, t->out, &t->modes, e);
    if (!t->owner) {
        release(t);
        return NULL;
    }
    t->keys.erase = tty_erase_byte();
    enter(t);
    return t;
}

void term_close(struct term *t) {
    if (!t)
        return;
    leave(t);
    if (t->owner)
        tty_release();
    release(t);
}
