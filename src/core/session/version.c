/* The tool's version, asked beside everything else. */

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

/* What the ended probe printed. */
static void take_version(struct session *s) {
    const struct tool *tool = asked_tool(s);
    if (!tool || !tool->version)
        return;
    if (!tool->version(s->probe.output, s->tool_version, sizeof s->tool_version))
        s->tool_version[0] = '\0';
    script_command(s); /* some flags need a version */
    host_checks_update(s);
}

void session_probe_ready(struct session *s) {
    if (s->probe.fd >= 0 && probe_read(&s->probe))
        take_version(s);
}

void session_probe_wait(struct session *s, int timeout_ms) {
    if (s->probe.fd < 0 && !s->tool_version[0])
        session_probe_start(s);
    if (s->probe.fd >= 0 && probe_wait(&s->probe, timeout_ms))
        take_version(s);
}
