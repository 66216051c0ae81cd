#include "results_run.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

double run_now_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void child(const char *const *argv, const char *dir, const char *to, int out) {
    if (to)
        out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (out < 0 || dup2(out, STDOUT_FILENO) < 0 || chdir(dir) != 0)
        _exit(127);
    execvp(argv[0], (char *const *)argv);
    _exit(127);
}

/* All that comes; what is above RUN_OUTPUT_MAX is dropped. */
static char *take_output(int fd) {
    char *text = malloc(RUN_OUTPUT_MAX + 1), more[4096];
    size_t len = 0;
    ssize_t n;
    if (!text)
        abort();
    while ((n = read(fd, len < RUN_OUTPUT_MAX ? text + len : more,
                     len < RUN_OUTPUT_MAX ? RUN_OUTPUT_MAX - len : sizeof more)) > 0)
        len += len < RUN_OUTPUT_MAX ? (size_t)n : 0;
    text[len] = '\0';
    return text;
}

void run(struct run *r, const char *const *argv, const char *dir, const char *to) {
    int ends[2], status = 0;
    struct rusage used = {0};
    *r = (struct run){.status = -1};
    if (pipe2(ends, O_CLOEXEC) != 0)
        abort();
    double begin = run_now_s();
    pid_t pid = fork();
    if (pid == 0)
        child(argv, dir, to, ends[1]);
    close(ends[1]);
    r->output = take_output(ends[0]);
    close(ends[0]);
    if (pid > 0 && wait4(pid, &status, 0, &used) == pid && WIFEXITED(status))
        r->status = WEXITSTATUS(status);
    r->seconds = run_now_s() - begin;
    r->peak_mb = (double)used.ru_maxrss * 1024 / 1e6;
}

void run_fini(struct run *r) {
    free(r->output);
    r->output = NULL;
}
