#include "term_parts.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

/* ---- what is sent on the way in and out ---- */

/* CAN ends a sequence that was cut in the middle. */
static const char paste_on[] = "\033[?2004h";
static const char all_off[] = "\030\033[?2026l\033[?2004l\033[?1006l\033[?1000l";

static struct {
    char *to;
    size_t len;
} mode_text; /* tputs() knows no argument for its output function */

static int add_byte(int c) {
    if (mode_text.len < MODE_BYTES)
        mode_text.to[mode_text.len++] = (char)c;
    return c;
}

static void add_text(const char *s) {
    for (; *s; s++)
        add_byte(*s);
}

static bool add_capability(const char *name) {
    const char *s = tigetstr(name);
    if (!s || s == (const char *)-1 || !s[0])
        return false;
    tputs(s, 1, add_byte);
    return true;
}

/* Somebody may have left a smaller one, and its edges stop the cursor. */
static void add_whole_scroll_region(int rows) {
    const char *csr = tigetstr("csr");
    if (csr && csr != (const char *)-1)
        tputs(tiparm(csr, 0, rows - 1), 1, add_byte);
}

void modes_build(struct modes *m, int rows) {
    mode_text.to = m->enter;
    mode_text.len = 0;
    add_capability("smcup");
    add_capability("sgr0");
    add_capability("rmir");
    add_whole_scroll_region(rows);
    add_capability("civis");
    add_text(paste_on);
    m->enter_len = mode_text.len;

    mode_text.to = m->leave;
    mode_text.len = 0;
    add_text(all_off);
    add_capability("sgr0");
    add_capability("op");
    if (!add_capability("rmcup"))
        add_capability("clear"); /* no second screen: the last frame would stay */
    add_capability("cnorm");
    m->leave_len = mode_text.len;
}

/* ---- the terminal that this process owns; read by signal handlers ---- */

enum { CRASH_STACK_BYTES = 1 << 15, LEAVE_WAIT_MS = 200 };

static struct {
    bool taken;
    volatile sig_atomic_t inside; /* its modes are ours now */
    int in, out;
    int news[2]; /* a pipe: one byte per signal */
    struct termios outer, ours;
    char leave[MODE_BYTES];
    size_t leave_len;
    char crash_stack[CRASH_STACK_BYTES]; /* a crash may be a stack that is full */
} tty;

static volatile sig_atomic_t ending; /* the signal that ends us */

static int write_failed(int fd) {
    struct pollfd p = {.fd = fd, .events = POLLOUT};
    if (errno == EINTR)
        return ending;
    if (errno != EAGAIN)
        return SIGHUP;
    if (poll(&p, 1, -1) < 0)
        return ending;
    return p.revents & POLLOUT ? 0 : SIGHUP;
}

int tty_write(int fd, const char *bytes, size_t len) {
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);
        int gone = n < 0 ? write_failed(fd) : 0;
        if (gone)
            return gone;
        if (n > 0) {
            bytes += n;
            len -= (size_t)n;
        }
        if (len > 0 && ending)
            return ending;
    }
    return 0;
}

int tty_enter(const struct modes *m) {
    /* In the background this stops us (SIGTTOU) until we are in front again. */
    while (tcsetattr(tty.in, TCSADRAIN, &tty.ours) < 0 && errno == EINTR)
        continue;
    tty.inside = true;
    return tty_write(tty.out, m->enter, m->enter_len);
}

/* Also called by signal handlers: nothing in here but what POSIX allows there. It waits neither for
 * a terminal that takes nothing nor, in the background, for its turn. */
void tty_leave(bool drop_input) {
    if (!tty.inside)
        return;
    tty.inside = false;
    struct pollfd p = {.fd = tty.out, .events = POLLOUT};
    if (poll(&p, 1, LEAVE_WAIT_MS) == 1 && write(tty.out, tty.leave, tty.leave_len) < 0)
        drop_input = true; /* nothing more can be done */
    sigset_t ttou, before;
    sigemptyset(&ttou);
    sigaddset(&ttou, SIGTTOU);
    sigprocmask(SIG_BLOCK, &ttou, &before);
    if (drop_input)
        tcflush(tty.in, TCIFLUSH);
    tcsetattr(tty.in, TCSANOW, &tty.outer);
    sigprocmask(SIG_SETMASK, &before, NULL);
}

static void leave_at_exit(void) { tty_leave(false); }

unsigned char tty_erase_byte(void) { return tty.taken ? tty.outer.c_cc[VERASE] : 0; }

/* ---- signals ---- */

static void on_news(int signal) {
    int before = errno;
    unsigned char byte = (unsigned char)signal;
    if (write(tty.news[1], &byte, 1) < 0)
        byte = 0; /* full: there is news enough */
    errno = before;
}

static void on_end(int signal) {
    ending = signal;
    on_news(signal);
}

static void on_crash(int signal);

/* Calls that wait go on after news, so that no other room has to know of it; not after a signal
 * that ends us, which must get through while the terminal takes nothing. */
static const struct {
    int number;
    void (*handler)(int);
    int flags;
} signals[] = {
    {SIGWINCH, on_news, SA_RESTART},
    {SIGCONT, on_news, SA_RESTART},
    {SIGTSTP, on_news, SA_RESTART},
    {SIGHUP, on_end, 0},
    {SIGTERM, on_end, 0},
    {SIGINT, on_end, 0},
    {SIGSEGV, on_crash, SA_ONSTACK},
    {SIGBUS, on_crash, SA_ONSTACK},
    {SIGABRT, on_crash, SA_ONSTACK},
    {SIGFPE, on_crash, SA_ONSTACK},
    {SIGILL, on_crash, SA_ONSTACK},
    {SIGQUIT, on_crash, SA_ONSTACK},
};
enum { SIGNALS = sizeof signals / sizeof *signals };
static struct sigaction outer_action[SIGNALS];

/* The terminal back, then what would have happened without us. */
static void on_crash(int signal) {
    tty_leave(true);
    for (int i = 0; i < SIGNALS; i++)
        if (signals[i].number == signal)
            sigaction(signal, &outer_action[i], NULL);
    raise(signal);
}

static void take_signal(int i) {
    struct sigaction ours = {.sa_flags = signals[i].flags};
    ours.sa_handler = signals[i].handler;
    sigemptyset(&ours.sa_mask);
    sigaction(signals[i].number, &ours, NULL);
}

static void take_signals(void) {
    stack_t stack = {.ss_sp = tty.crash_stack, .ss_size = sizeof tty.crash_stack};
    sigaltstack(&stack, NULL);
    for (int i = 0; i < SIGNALS; i++) {
        sigaction(signals[i].number, NULL, &outer_action[i]);
        bool ignored = outer_action[i].sa_handler == SIG_IGN;
        if (!ignored || signals[i].handler == on_crash) /* nohup means it */
            take_signal(i);
    }
}

static void give_signals_back(void) {
    for (int i = 0; i < SIGNALS; i++)
        sigaction(signals[i].number, &outer_action[i], NULL);
}

int tty_news_fd(void) { return tty.taken ? tty.news[0] : -1; }

struct tty_news tty_news(void) {
    struct tty_news news = {.gone = ending};
    unsigned char bytes[64];
    ssize_t n;
    while ((n = read(tty.news[0], bytes, sizeof bytes)) > 0)
        for (ssize_t i = 0; i < n; i++) {
            news.resized |= bytes[i] == SIGWINCH;
            news.resumed |= bytes[i] == SIGCONT;
            news.stop |= bytes[i] == SIGTSTP;
        }
    return news;
}

void tty_stop(void) {
    for (int i = 0; i < SIGNALS; i++) {
        if (signals[i].number != SIGTSTP)
            continue;
        sigaction(SIGTSTP, &outer_action[i], NULL);
        kill(0, SIGTSTP); /* the whole job, as the terminal itself would */
        if (outer_action[i].sa_handler != SIG_IGN)
            take_signal(i);
    }
}

/* ---- taking and giving back ---- */

static struct termios raw_modes(struct termios t) {
    /* Bytes come as they are: Ctrl-C and Ctrl-Z are keys, CR is not LF, nothing is echoed. */
    t.c_iflag &=
        ~(tcflag_t)(BRKINT | IGNBRK | ICRNL | INLCR | IGNCR | ISTRIP | INPCK | PARMRK | IXON);
    /* Curses counts on LF moving down only and on tabs being tabs. */
    t.c_oflag &= ~(tcflag_t)OPOST;
    t.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ECHONL | ISIG | IEXTEN);
    t.c_cflag &= ~(tcflag_t)(CSIZE | PARENB);
    t.c_cflag |= CS8;
    t.c_cc[VMIN] = 1;
    t.c_cc[VTIME] = 0;
    return t;
}

bool tty_take(int in, int out, const struct modes *m, struct err *e) {
    static bool at_exit;
    if (tty.taken)
        return err_set(e, ERR_INTERNAL, "the terminal is in use by this program already");
    if (tcgetattr(in, &tty.outer) < 0)
        return err_set(e, ERR_IO, "cannot read the terminal's modes: %s", strerror(errno));
    if (pipe2(tty.news, O_CLOEXEC | O_NONBLOCK) < 0)
        return err_set(e, ERR_IO, "cannot make a pipe: %s", strerror(errno));
    tty.in = in;
    tty.out = out;
    tty.ours = raw_modes(tty.outer);
    memcpy(tty.leave, m->leave, m->leave_len);
    tty.leave_len = m->leave_len;
    tty.taken = true;
    ending = 0;
    if (!at_exit)
        at_exit = atexit(leave_at_exit) == 0;
    take_signals();
    return true;
}

void tty_release(void) {
    if (!tty.taken)
        return;
    tty_leave(false);
    give_signals_back();
    close(tty.news[0]);
    close(tty.news[1]);
    tty.taken = false;
}
