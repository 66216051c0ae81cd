/* A master that deals the users out, and workers that send the requests. Users, rates and the pace
 * of a user are totals: they stay as they are. */
#include <stdio.h>

#include "base/text.h"
#include "tools/locust/processes.h"
#include "tools/locust/write.h"

static bool add_master(const char *script, const char *stem, const struct profile *p, int workers,
                       struct distribution *out, struct err *e) {
    char more[96];
    struct command *c = distribution_add(out);
    struct words w = words_begin(c, e);
    text_copy(c->where, sizeof c->where, "machine 1, master");
    snprintf(more, sizeof more, "--master --expect-workers %d --expect-workers-max-wait 120",
             workers);
    locust_words(&w, script, stem, p, more);
    return words_end(&w);
}

/* The workers of one machine. */
static bool add_workers(const char *script, const char *version, int machine, int processes,
                        struct distribution *out, struct err *e) {
    char words[96];
    struct command *c = distribution_add(out);
    struct words w = words_begin(c, e);
    bool by_itself = locust_starts_processes(version), loop = processes > 1 && !by_itself;
    snprintf(c->where, sizeof c->where, "machine %d, %s", machine,
             processes > 1 ? "workers" : "worker");
    if (loop) {
        words_plain(&w, "for i in");
        for (int i = 1; i <= processes; i++) {
            snprintf(words, sizeof words, "%d%s", i, i < processes ? "" : "; do");
            words_plain(&w, words);
        }
        words_part(&w);
    }
    words_plain(&w, "locust -f");
    if (locust_sends_file(version))
        words_plain(&w, "-");
    else
        words_script(&w, script);
    words_plain(&w, "--worker --master-host");
    words_plain(&w, machine == 1 ? "127.0.0.1" : "MASTER");
    if (loop) {
        words_plain(&w, "& done; wait");
    } else if (processes > 1) {
        snprintf(words, sizeof words, "--processes %d", processes);
        words_plain(&w, words);
    }
    return words_end(&w);
}

static void say_rules(const char *script, const char *version, const struct profile *p,
                      int processes, struct findings *f) {
    findings_add(f, FINDING_INFO, "totals",
                 "Users and rates are totals: the master deals them out to %d workers, so they "
                 "add up to the target. Its files hold the results of all.",
                 p->generators * processes);
    if (p->generators > 1)
        findings_add(f, FINDING_INFO, "master",
                     "MASTER is the address of machine 1. The others must reach its TCP port "
                     "5557.");
    findings_add(f, FINDING_INFO, "same-files",
                 locust_sends_file(version)
                     ? "Workers take %.120s from the master; modules that it imports must be on "
                       "each machine. The same Locust version everywhere."
                     : "%.120s and what it imports must be on each machine, with the same Locust "
                       "version.",
                 script);
    if (!version[0])
        findings_add(f, FINDING_WARNING, "no-version",
                     "The version of Locust is not known. Debian's 2.12.1 has none, and such a "
                     "master takes no workers: the script sets it (_perfscale_runners).");
}

bool locust_distribute(const char *script, const char *stem, const char *tool_version,
                       const struct profile *p, const struct rules *rules, struct distribution *out,
                       struct err *e) {
    int processes = locust_processes(p, rules);
    *out = (struct distribution){0};
    if (!locust_can_run(script, tool_version, e) ||
        !add_master(script, stem, p, p->generators * processes, out, e))
        return false;
    for (int machine = 1; machine <= p->generators; machine++)
        if (!add_workers(script, tool_version, machine, processes, out, e))
            return false;
    say_rules(script, tool_version, p, processes, &out->findings);
    return true;
}
