/* One plan on several machines. Every server runs the whole plan, so that its threads are divided
 * already; the pace of a thread stays. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "tools/jmeter/command.h"
#include "tools/jmeter/jmeter_script.h"
#include "tools/version.h"

enum { SERVER_PORT = 1099, SERVERS_TEXT_MAX = 1000 };
static const char ssl_off[] = "-Jserver.rmi.ssl.disable=true";

static bool has_ssl(const char *version) { return !version_below(version, 4, 0); }

static bool add_server(struct distribution *d, const char *version, int number, int servers,
                       struct err *e) {
    char name[32], where[sizeof d->item->where];
    struct command *c = distribution_add(d);
    struct words w = words_begin(c, e);
    snprintf(where, sizeof where, "server %d of %d", number, servers);
    memcpy(c->where, where, sizeof c->where);
    snprintf(name, sizeof name, "HOST%d", number);
    words_plain(&w, "jmeter-server");
    if (has_ssl(version))
        words_plain(&w, ssl_off);
    words_option(&w, "-Djava.rmi.server.hostname=", name);
    return words_end(&w);
}

static bool add_controller(struct distribution *d, const char *script, const char *stem,
                           const char *version, const struct profile *p, const struct rules *rules,
                           struct err *e) {
    struct buf servers;
    buf_init(&servers, SERVERS_TEXT_MAX);
    for (int i = 1; i <= p->generators; i++)
        buf_printf(&servers, "%sHOST%d", i > 1 ? "," : "", i);
    struct command *c = distribution_add(d);
    struct words w = words_begin(c, e);
    strcpy(c->where, "controller");
    jmeter_words_run(&w, script, stem, version, servers.data, has_ssl(version) ? ssl_off : "");
    bool ok = words_end(&w);
    if (servers.full)
        ok = err_set(e, ERR_LIMIT, "%d servers are too many for one command", p->generators);
    buf_fini(&servers);
    jmeter_note_run(c, version, p, rules, p->users / p->generators);
    return ok;
}

static void add_notes(struct distribution *d, const char *version, const struct profile *p) {
    struct findings *f = &d->findings;
    int threads = p->users / p->generators;
    findings_add(f, FINDING_WARNING, "addresses",
                 "HOST1 to HOST%d stand for your servers: put in their addresses, in their own "
                 "command and after -R. Port %d must be open to the controller, and the "
                 "controller's ports to them.",
                 p->generators, SERVER_PORT);
    findings_add(f, FINDING_INFO, "every-server-runs-all",
                 "Each of the %d servers runs the whole plan with its %d threads: %d together. "
                 "Run it with fewer servers and the rate is lower.",
                 p->generators, threads, threads * p->generators);
    findings_add(f, FINDING_INFO, "files-on-every-server",
                 "The controller sends the plan, not its CSV data files: they must lie on every "
                 "server. All need the same versions of JMeter and Java.");
    findings_add(f, FINDING_INFO, "threads-per-server",
                 "allThreads in the result counts the threads of one server.");
    if (has_ssl(version))
        findings_add(f, FINDING_INFO, "no-ssl",
                     "Servers and controller talk without SSL here: keep them in a network of your "
                     "own, or share a keystore and leave %s out.",
                     ssl_off);
}

bool jmeter_distribute(const char *script, const char *stem, const char *tool_version,
                       const struct profile *p, const struct rules *rules, struct distribution *out,
                       struct err *e) {
    *out = (struct distribution){0};
    for (int i = 1; i <= p->generators; i++)
        if (!add_server(out, tool_version, i, p->generators, e))
            return false;
    add_notes(out, tool_version, p);
    return add_controller(out, script, stem, tool_version, p, rules, e);
}
