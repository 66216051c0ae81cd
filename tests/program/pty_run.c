#include "pty_run.h"

#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

double pty_now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static _Noreturn void give_up(const char *what) {
    fprintf(stderr, "pty: %s: %s\n", what, strerror(errno));
    exit(99);
}

/* ---- the child ---- */

static void set_environment(const char *const *env) {
    static const char *const away[] = {"NO_COLOR", "TMUX", "STY", "LINES", "COLUMNS", "LC_ALL"};
    for (size_t i = 0; i < sizeof away / sizeof *away; i++)
        unsetenv(away[i]);
    setenv("TERM", "xterm-256color", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    for (; env && *env; env++)
        if (strchr(*env, '='))
            putenv((char *)(size_t)*env);
        else
            unsetenv(*env);
}

/* cmocka and sanitizers take some signals; the program must start with none of that. */
static void plain_signals(void) {
    struct rlimit no_core = {0};
    setrlimit(RLIMIT_CORE, &no_core);
    for (int signal_number = 1; signal_number < NSIG; signal_number++)
        signal(signal_number, SIG_DFL);
}

static _Noreturn void run(const char *const *argv, const char *dir, const char *const *env) {
    plain_signals();
    set_environment(env);
    if (chdir(dir) == 0)
        execv(argv[0], (char *const *)(size_t)argv);
    fprintf(stderr, "%s in %s: %s\n", argv[0], dir, strerror(errno));
    _exit(98);
}

void pty_start(struct pty *p, const char *const *argv, const char *dir, int rows, int cols,
               const char *const *env) {
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
    *p = (struct pty){.started_ms = pty_now_ms(), .status = -1};
    p->pid = forkpty(&p->fd, NULL, NULL, &size);
    if (p->pid < 0)
        give_up("forkpty");
    if (p->pid == 0)
        run(argv, dir, env);
}

/* ---- what goes to and fro ---- */

void pty_resize(struct pty *p, int rows, int cols) {
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
    ioctl(p->fd, TIOCSWINSZ, &size);
}

void pty_send(struct pty *p, const char *bytes, size_t len) {
    while (len > 0) {
        ssize_t n = write(p->fd, bytes, len);
        if (n < 0 && errno != EINTR)
            return; /* it is gone; whoever waits for an answer will see it */
        bytes += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
}

bool pty_read(struct pty *p, int wait_ms, const struct pty_sink *to) {
    struct pollfd ready = {.fd = p->fd, .events = POLLIN};
    char bytes[1 << 16];
    if (p->gone || poll(&ready, 1, wait_ms) <= 0)
        return false;
    ssize_t n = read(p->fd, bytes, sizeof bytes);
    if (n <= 0) { /* EIO: nobody has the other side open */
        p->gone = n == 0 || errno != EINTR;
        return false;
    }
    p->last_ms = pty_now_ms();
    p->bytes += (size_t)n;
    if (to)
        to->take(to->self, bytes, (size_t)n);
    return true;
}

void pty_quiet(struct pty *p, int quiet_ms, const struct pty_sink *to) {
    while (pty_read(p, quiet_ms, to))
        continue;
}

/* ---- the end ---- */

static bool ended(struct pty *p) {
    int status;
    if (p->status >= 0)
        return true;
    if (waitpid(p->pid, &status, WNOHANG) != p->pid)
        return false;
    p->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return true;
}

int pty_wait(struct pty *p, const struct pty_sink *to) {
    enum { LONGEST_MS = 20000, STEP_MS = 2 };
    double until = pty_now_ms() + LONGEST_MS;
    while (!ended(p) && pty_now_ms() < until)
        if (!pty_read(p, STEP_MS, to) && p->gone)
            usleep(STEP_MS * 1000);
    pty_quiet(p, 0, to);
    return p->status;
}

void pty_close(struct pty *p) {
    if (!ended(p)) {
        kill(p->pid, SIGKILL);
        waitpid(p->pid, NULL, 0);
    }
    if (p->fd >= 0)
        close(p->fd);
}

long pty_proc(const struct pty *p, const char *file, const char *name) {
    char path[64], line[256];
    long value = -1;
    snprintf(path, sizeof path, "/proc/%d/%s", (int)p->pid, file);
    FILE *f = fopen(path, "re");
    while (f && value < 0 && fgets(line, sizeof line, f))
        if (strncmp(line, name, strlen(name)) == 0)
            value = strtol(line + strlen(name), NULL, 10);
    if (f)
        fclose(f);
    return value;
}
