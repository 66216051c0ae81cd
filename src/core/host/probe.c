#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "host/host.h"

extern char **environ;

/* Everything the child needs is set up by posix_spawnp: no code of ours runs between fork and exec.
 */
static bool spawn(struct probe *p, const char *const *argv, int out) {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attr);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP); /* a Ctrl-C is not for it */
    posix_spawnattr_setpgroup(&attr, 0);
    pid_t pid = -1;
    int why = posix_spawnp(&pid, argv[0], &files, &attr, (char *const *)argv, environ);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attr);
    p->pid = pid;
    return why == 0;
}

bool probe_start(struct probe *p, const char *const *argv) {
    *p = (struct probe){.fd = -1, .pid = -1};
    int pipe_fd[2];
    if (pipe2(pipe_fd, O_CLOEXEC) != 0)
        return false;
    bool ok = spawn(p, argv, pipe_fd[1]);
    close(pipe_fd[1]);
    if (!ok) {
        close(pipe_fd[0]);
        return false;
    }
    p->fd = pipe_fd[0];
    fcntl(p->fd, F_SETFL, fcntl(p->fd, F_GETFL) | O_NONBLOCK);
    return true;
}

void probe_stop(struct probe *p) {
    if (p->fd < 0 || p->pid <= 0) /* kill(0) would end everyone of our process group */
        return;
    close(p->fd);
    p->fd = -1;
    kill((pid_t)p->pid, SIGKILL);
    while (waitpid((pid_t)p->pid, NULL, 0) < 0 && errno == EINTR)
        ;
}

bool probe_read(struct probe *p) {
    while (p->fd >= 0) {
        char drop[256];
        bool room = p->len + 1 < sizeof p->output;
        ssize_t n = room ? read(p->fd, p->output + p->len, sizeof p->output - 1 - p->len)
                         : read(p->fd, drop, sizeof drop);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            return false;
        if (n <= 0) {
            probe_stop(p); /* it has closed its output: nothing more is wanted of it */
            return true;
        }
        if (room)
            p->len += (size_t)n;
        p->output[p->len] = '\0';
    }
    return true;
}

bool probe_wait(struct probe *p, int timeout_ms) {
    int64_t end = clock_steady_ms() + timeout_ms;
    for (int64_t left = timeout_ms; left > 0; left = end - clock_steady_ms()) {
        struct pollfd wait = {.fd = p->fd, .events = POLLIN};
        if (poll(&wait, 1, (int)left) < 0 && errno != EINTR)
            break;
        if (probe_read(p))
            return true;
    }
    probe_stop(p);
    return false;
}

bool probe_run(struct probe *p, const char *const *argv, int timeout_ms) {
    return probe_start(p, argv) && probe_wait(p, timeout_ms);
}
