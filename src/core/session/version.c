/* The tool's version, asked beside everything else. */
#include <errno.h>
#include <poll.h>
#include <time.h>

#include "session/parts.h"

const struct tool *asked_tool(const struct session *s) {
    const struct tool *tool = session_tool(s);
    return tool || s->ws.baselines == 0 ? tool : s->ws.baseline[0].tool;
}

void probe_forget(struct session *s) {
    probe_stop(&s->probe);
    s->tool_version[0] = '\0';
    s->tool_missing = false;
}

void session_probe_start(struct session *s) {
    const struct tool *tool = asked_tool(s);
    if (s->probe.fd >= 0 || !tool || !tool->version_command)
        return;
    s->tool_version[0] = '\0';
    s->tool_missing = !probe_start(&s->probe, tool->version_command);
}

int session_probe_fd(const struct session *s) { return s->probe.fd; }

void session_probe_ready(struct session *s) {
    const struct tool *tool = asked_tool(s);
    if (s->probe.fd < 0 || !probe_read(&s->probe) || !tool || !tool->version)
        return;
    if (!tool->version(s->probe.output, s->tool_version, sizeof s->tool_version))
        s->tool_version[0] = '\0';
    script_command(s); /* some flags need a version */
}

static long clock_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void session_probe_wait(struct session *s, int timeout_ms) {
    if (s->probe.fd < 0 && !s->tool_version[0])
        session_probe_start(s);
    long end = clock_ms() + timeout_ms;
    for (long left = timeout_ms; s->probe.fd >= 0 && left > 0; left = end - clock_ms()) {
        struct pollfd wait = {.fd = s->probe.fd, .events = POLLIN};
        if (poll(&wait, 1, (int)left) < 0 && errno != EINTR)
            break;
        session_probe_ready(s);
    }
    probe_stop(&s->probe);
}
