#include "tools/jmeter/command.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/unit.h"
#include "tools/jmeter/jmeter_script.h"
#include "tools/version.h"

enum {
    ROW_BYTES = 98, /* measured with these columns; labels and URLs decide */
    LOG_BYTES = 8192,
    HEAP_MB = 1024, /* what bin/jmeter gives its JVM */
};

/* Off by default in one version or another, or switched off in a user.properties: all that the
 * reader of results can use, in the parts of the command. */
static const char *const result_columns[] = {
    "-Jjmeter.save.saveservice.output_format=csv -Jjmeter.save.saveservice.print_field_names=true "
    "-Jjmeter.save.saveservice.timestamp_format=ms -Jjmeter.save.saveservice.thread_counts=true "
    "-Jjmeter.save.saveservice.latency=true -Jjmeter.save.saveservice.connect_time=true "
    "-Jjmeter.save.saveservice.idle_time=true -Jjmeter.save.saveservice.url=true",
    "-Jjmeter.save.saveservice.label=true -Jjmeter.save.saveservice.response_code=true "
    "-Jjmeter.save.saveservice.response_message=true -Jjmeter.save.saveservice.successful=true "
    "-Jjmeter.save.saveservice.thread_name=true -Jjmeter.save.saveservice.time=true "
    "-Jjmeter.save.saveservice.bytes=true "
    "-Jjmeter.save.saveservice.assertion_results_failure_message=true "
    "-Jjmeter.save.saveservice.autoflush=true -Jsummariser.interval=10",
};

/* --- version --- */

/* A word of digits and points: "5.6.3" at the end of the banner's last line, "2.13" after
 * "Version". */
bool jmeter_version(const char *output, char *out, size_t size) {
    static const char marker[] = "Version ";
    const char *named = strstr(output, marker);
    for (const char *c = named ? named + strlen(marker) : output; *c; c++) {
        size_t len = strspn(c, "0123456789.");
        bool begins = c == output || isspace((unsigned char)c[-1]);
        bool ends = strchr(named ? " \r\n" : "\r\n", c[len]) != NULL;
        if (!begins || !ends || !isdigit((unsigned char)*c) || !memchr(c, '.', len) || len >= size)
            continue;
        memcpy(out, c, len);
        out[len] = '\0';
        return true;
    }
    return false;
}

int jmeter_result_names(const char *stem, char out[][256], int most) {
    static const char *const ends[] = {".jtl", ".log"};
    int n = 0;
    for (; n < most && n < (int)(sizeof ends / sizeof *ends); n++)
        snprintf(out[n], 256, "%.200s%s", stem, ends[n]);
    return n;
}

/* --- words --- */

void jmeter_words_run(struct words *w, const char *script, const char *stem, const char *version,
                      const char *servers, const char *more) {
    words_plain(w, "jmeter -n -t");
    words_script(w, script);
    if (servers)
        words_option(w, "-R ", servers);
    words_option(w, "-l ", words_result(w, script, stem, ".jtl"));
    if (!version_below(version, 3, 2))
        words_plain(w, "-f");
    words_option(w, "-j ", words_result(w, script, stem, ".log"));
    if (more[0])
        words_plain(w, more);
    for (size_t i = 0; i < sizeof result_columns / sizeof *result_columns; i++) {
        words_part(w);
        words_plain(w, result_columns[i]);
    }
}

/* --- findings --- */

static void note_version(struct command *c, const char *version) {
    if (version_below(version, 3, 2))
        findings_add(&c->findings, FINDING_WARNING, "appended-results",
                     "JMeter %s adds to a result file that is there already. Before a second run: "
                     "rm -f %s",
                     version, c->file[0]);
    if (version_below(version, 3, 0))
        findings_add(&c->findings, FINDING_WARNING, "old-version",
                     "JMeter %s: Debian's package of 2.13 cannot load any plan "
                     "(ForbiddenClassException) and exits with 0. JMeter 5.6.3 can.",
                     version);
}

static void note_heap(struct command *c, const struct rules *rules, int threads) {
    const struct tool_need *need = rules_tool(rules, "jmeter");
    double mb = need ? need->base_mb + threads * need->mb_per_user : 0;
    int gb = (int)(mb / 1024) + 1;
    char count[32];
    if (mb > HEAP_MB)
        findings_add(&c->findings, FINDING_WARNING, "heap",
                     "%s threads want about %d GB of memory, and JMeter takes 1 GB by itself: put "
                     "HEAP=\"-Xms%dg -Xmx%dg\" before the command.",
                     unit_show(threads, 0, count, sizeof count), gb, gb, gb);
}

void jmeter_note_run(struct command *c, const char *version, const struct profile *p,
                     const struct rules *rules, int threads) {
    c->result_bytes = p->planned_requests * ROW_BYTES + LOG_BYTES;
    note_version(c, version);
    note_heap(c, rules, threads);
}

/* --- commands --- */

bool jmeter_command(const char *script, const char *stem, const char *tool_version,
                    const struct profile *p, const struct rules *rules, struct command *out,
                    struct err *e) {
    struct words w = words_begin(out, e);
    jmeter_words_run(&w, script, stem, tool_version, NULL, "");
    jmeter_note_run(out, tool_version, p, rules, p->users);
    return words_end(&w);
}

/* Without -f: a result of the baseline that is there already is the user's. */
bool jmeter_baseline_command(const char *script, struct command *out, struct err *e) {
    char stem[128];
    struct words w = words_begin(out, e);
    words_stem(script, stem, sizeof stem);
    jmeter_words_run(&w, script, stem, "3.1", NULL, "");
    findings_add(&out->findings, FINDING_INFO, "appended-results",
                 "If %s is there already, JMeter adds to it: move it away first.", out->file[0]);
    return words_end(&w);
}
