#include "term_parts.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* 100,000 bytes of sequence, which is where terminals stop taking it. */
enum { OSC52_TEXT_BYTES = 74994, OSC52_BYTES = 100000 };
enum { TMUX_NAP_MS = 5, TMUX_NAPS = 200 };

extern char **environ;

static void add_base64(struct buf *b, const unsigned char *s, size_t len) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < len; i += 3) {
        size_t n = len - i < 3 ? len - i : 3;
        unsigned bits = (unsigned)s[i] << 16;
        bits |= n > 1 ? (unsigned)s[i + 1] << 8 : 0;
        bits |= n > 2 ? s[i + 2] : 0;
        for (size_t j = 0; j < 4; j++)
            buf_char(b, j > n ? '=' : digits[bits >> (18 - 6 * j) & 63]);
    }
}

bool clip_osc52(struct buf *b, const char *text) {
    size_t len = strlen(text);
    if (len > OSC52_TEXT_BYTES)
        return false;
    buf_init(b, OSC52_BYTES + 1);
    buf_str(b, "\033]52;c;");
    add_base64(b, (const unsigned char *)text, len);
    buf_char(b, '\a');
    return true;
}

/* tmux reads the text from a file in memory: no pipe that could be full, closed or waited for. */
static int text_file(const char *text, size_t len) {
    int fd = memfd_create("perfscale-clip", MFD_CLOEXEC);
    if (fd < 0)
        return -1;
    if (tty_write(fd, text, len) != 0 || lseek(fd, 0, SEEK_SET) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static bool start_tmux(int text_fd, pid_t *pid) {
    char *argv[] = {"tmux", "load-buffer", "-w", "-", NULL};
    posix_spawn_file_actions_t files;
    if (posix_spawn_file_actions_init(&files) != 0)
        return false;
    bool ok =
        posix_spawn_file_actions_adddup2(&files, text_fd, STDIN_FILENO) == 0 &&
        posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) == 0 &&
        posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO) == 0 &&
        posix_spawnp(pid, "tmux", &files, NULL, argv, environ) == 0;
    posix_spawn_file_actions_destroy(&files);
    return ok;
}

static bool ended_well(pid_t pid) {
    int status;
    for (int i = 0; i < TMUX_NAPS; i++) {
        pid_t done = waitpid(pid, &status, WNOHANG);
        if (done == pid)
            return WIFEXITED(status) && WEXITSTATUS(status) == 0;
        if (done < 0)
            return false;
        poll(NULL, 0, TMUX_NAP_MS);
    }
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    return false;
}

bool clip_tmux(const char *text) {
    int fd = text_file(text, strlen(text));
    pid_t pid;
    bool ok = fd >= 0 && start_tmux(fd, &pid) && ended_well(pid);
    if (fd >= 0)
        close(fd);
    return ok;
}
