/* perfscale watch: a run that the user started, followed to its end and judged. */
#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "feed/http.h"
#include "report/report.h"
#include "report/watch_json.h"
#include "ui/plain/check_print.h"
#include "ui/plain/judging.h"
#include "ui/plain/plain.h"
#include "ui/plain/print.h"
#include "ui/plain/watch_print.h"

/* The last answers of an interface are waited for so long once the user has ended the watching. */
enum { LAST_ANSWERS_MS = 3000 };
/* Somebody still types the command: the first data is waited for so many times as long. */
enum { FIRST_WAITS = 10 };

struct watch_words {
    struct judging_words judging; /* first: its rows are shared */
    const char *from, *idle, *every, *query;
};

#define TO(name, argument, help, member)                                                           \
    { name, argument, help, offsetof(struct watch_words, member), NULL }

static const struct option options[] = {
    TO("--from", "start|now", "what the files hold already is read (default), or passed over",
       from),
    TO("--idle", "30s",
       "without anything new for so long the run counts as over; before the first data ten times",
       idle),
    TO("--every", "1s", "how often a line is printed", every),
    TO("--query", "PROMQL", "what Prometheus is asked for; default: the memory of processes",
       query),
    JUDGING_OPTIONS,
    JUDGING_OPTION("--json", NULL, "one JSON object a line, the last one as of check", json),
    {0},
};

struct following {
    struct judging *k;
    struct watch *w;
    struct watch_limits limits;
    const struct operands *ops;
    double idle_ms, every_ms;
    bool from_now;
    const char *query;
    int interrupt_fd;   /* readable on SIGINT */
    int interrupts;     /* that came */
    int64_t end_by_ms;  /* steady clock: the last answers come until then; INT64_MAX */
    int64_t started_ms; /* steady clock */
    int64_t next_ms;    /* of the next line */
    size_t told;        /* events that were printed */
    unsigned stood;     /* as watch_print_line() */
};

/* --- what is watched --- */

static bool seconds_option(const char *name, const char *text, double *out_ms, struct err *e) {
    if (!option_duration_ms(name, text, out_ms, e))
        return false;
    if (*out_ms >= 1000)
        return true;
    err_set(e, ERR_USAGE, "%s: \"%.40s\" is less than a second", name, text);
    return err_fix(e, "write it as 1s or more");
}

static bool take_words(struct following *f, const struct watch_words *words, struct err *e) {
    f->idle_ms = 30000;
    f->every_ms = 1000;
    f->query = words->query;
    f->from_now = words->from && strcmp(words->from, "now") == 0;
    if (words->from && !f->from_now && strcmp(words->from, "start") != 0) {
        err_set(e, ERR_USAGE, "--from: \"%.40s\" is not known", words->from);
        return err_fix(e, "write start or now");
    }
    return seconds_option("--idle", words->idle, &f->idle_ms, e) &&
           seconds_option("--every", words->every, &f->every_ms, e);
}

/* Is this machine the load generator? One that writes its files here is; servers may be anywhere.
 */
static bool runs_here(const struct following *f) {
    bool one = !f->k->in.profile || f->k->in.profile->generators <= 1;
    return one && (f->ops->n == 0 || watch_any_is_here(f->ops->item, (size_t)f->ops->n));
}

static bool is_watchable(const char *source, struct err *e) {
    struct stat st;
    if (strcmp(source, "-") == 0) {
        err_set(e, ERR_USAGE, "standard input cannot be watched");
        return err_fix(e, "name the file that the tool writes, or judge the input with check -");
    }
    if (strstr(source, "://"))
        return http_check_url(source, e);
    if (stat(source, &st) == 0 && S_ISDIR(st.st_mode)) {
        err_set(e, ERR_USAGE, "%.200s is a directory", source);
        return err_fix(e, "name the files in it that the tool writes");
    }
    return true;
}

static bool add_sources(struct following *f, struct err *e) {
    if (f->ops->n == 0 && f->k->has_session && session_commands(&f->k->s) > 0)
        return session_watch_add_own(&f->k->s, f->w, e);
    if (f->ops->n == 0) {
        err_set(e, ERR_USAGE, "nothing to watch is named");
        return err_fix(e, "name the files that the tool writes, or an address such as "
                          "http://127.0.0.1:6565; or --dir of a workspace with a written script");
    }
    for (int i = 0; i < f->ops->n; i++)
        if (!is_watchable(f->ops->item[i], e) ||
            !watch_add(f->w, f->ops->item[i], WATCH_FIGURES, e))
            return false;
    return true;
}

static bool open_watch(struct following *f, struct err *e) {
    struct stretch_wanted stretch[STRETCHES_MAX];
    const struct gather_options read = judging_read_options(f->k, stretch);
    struct watch_options o;
    watch_options_init(&o);
    session_watch_limits(&f->k->in, &o.limits);
    o.profile = f->k->in.profile;
    o.stretch = read.stretch;
    o.stretches = read.stretches;
    o.format = f->k->words.format;
    o.from_now = f->from_now;
    o.idle_s = o.over_s = f->idle_ms / 1000;
    o.here = runs_here(f);
    o.query = f->query;
    f->w = watch_new(&o, e);
    f->limits = o.limits;
    return f->w && add_sources(f, e);
}

/* --- following it --- */

/* SIGINT is the user's word that it is over; every other signal ends the program as ever. */
static bool catch_interrupt(struct following *f, struct err *e) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, NULL);
    f->interrupt_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return f->interrupt_fd >= 0 || err_set(e, ERR_IO, "signalfd: %s", strerror(errno));
}

/* While the verdict is made it ends the program. */
static void release_interrupt(struct following *f) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    signal(SIGINT, SIG_DFL);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    if (f->interrupt_fd >= 0)
        close(f->interrupt_fd);
}

static void take_interrupt(struct following *f) {
    struct signalfd_siginfo info;
    if (read(f->interrupt_fd, &info, sizeof info) != sizeof info)
        return;
    f->interrupts++;
    watch_end_now(f->w);
    f->end_by_ms = clock_steady_ms() + LAST_ANSWERS_MS;
}

static bool print_line(struct following *f, struct err *e) {
    const struct watch_view *v = watch_look(f->w);
    if (f->k->words.json) {
        print_json(report_watch_json(v, clock_day_ms(), f->told));
    } else {
        watch_print_events(v, f->told);
        watch_print_line(v, &f->stood);
    }
    f->told = v->events_dropped + v->events;
    f->next_ms = clock_steady_ms() + (int64_t)f->every_ms;
    return fflush(stdout) == 0 || err_set(e, ERR_IO, "standard output: %s", strerror(errno));
}

static bool is_over(const struct following *f) {
    const struct watch_view *v = watch_look(f->w);
    int64_t now = clock_steady_ms();
    bool nothing_came =
        !v->run.any && !v->catching_up && now - f->started_ms >= FIRST_WAITS * (int64_t)f->idle_ms;
    return v->state == WATCH_ENDED || nothing_came || f->interrupts > 1 || now >= f->end_by_ms;
}

static void wait_for_news(struct following *f) {
    struct pollfd fd[] = {{.fd = watch_fd(f->w), .events = POLLIN},
                          {.fd = f->interrupt_fd, .events = POLLIN}};
    int64_t until = f->next_ms < f->end_by_ms ? f->next_ms : f->end_by_ms;
    int64_t left = until - clock_steady_ms();
    if (poll(fd, 2, left > 0 ? (int)left : 0) <= 0)
        return;
    if (fd[1].revents)
        take_interrupt(f);
    if (fd[0].revents)
        watch_turn(f->w, clock_day_ms(), clock_steady_ms());
}

static bool follow(struct following *f, struct err *e) {
    f->started_ms = clock_steady_ms();
    f->end_by_ms = INT64_MAX;
    watch_turn(f->w, clock_day_ms(), f->started_ms);
    if (!f->k->words.json)
        watch_print_head(watch_look(f->w), &f->limits);
    if (!print_line(f, e))
        return false;
    while (!is_over(f)) {
        wait_for_news(f);
        if (clock_steady_ms() >= f->next_ms && !print_line(f, e))
            return false;
    }
    return f->interrupts > 1 || print_line(f, e);
}

/* --- judging it --- */

/* The files, and the addresses that were asked beside them; without files all that was watched.
 * Sources stand in the order of the words. */
static void list_sources(const struct following *f, const char *const *files, size_t n,
                         const char *out[2 * WATCH_SOURCES_MAX + 1]) {
    const struct watch_view *v = watch_look(f->w);
    size_t len = 0;
    for (; len < n; len++)
        out[len] = files[len];
    for (size_t i = 0; i < v->sources && i < (size_t)f->ops->n; i++)
        if (n == 0 || http_is_url(f->ops->item[i]))
            out[len++] = v->source[i].name;
    out[len] = NULL;
}

/* A verdict without a run: the words of a result with gaps would not fit. */
static void say_nothing_came(struct judgement *j) {
    static const char what[] = "No figures of a run came.";
    snprintf(j->sentence, sizeof j->sentence, "No verdict: no figures of a run came.");
    text_copy(j->step[0], sizeof j->step[0], j->sentence);
    text_copy(j->step[1], sizeof j->step[1],
              "Start the run and watch what it writes; --idle says how long it may be silent.");
    j->steps = 2;
    for (size_t i = 0; i < j->checks; i++)
        text_copy(j->check[i].why, sizeof j->check[i].why, what);
    findings_clear(&j->findings);
    findings_add(&j->findings, FINDING_WARNING, "no-figures", "%s", what);
}

/* Reads the files, else takes what the tool told; *nothing: there is neither. */
static bool take_run(struct following *f, const char *const *files, size_t n, bool *nothing,
                     struct err *e) {
    if (n) {
        if (!judging_read(f->k, files, n, e))
            return false;
    } else {
        struct stretch_wanted stretch[STRETCHES_MAX];
        const struct gather_options o = judging_read_options(f->k, stretch);
        summary_fini(&f->k->run);
        *nothing = !watch_summary(f->w, &f->k->run);
        gather_steady(&f->k->run, &o);
    }
    watch_add_seen(f->w, &f->k->run);
    return true;
}

static bool judge(struct following *f, struct err *e) {
    const char *files[WATCH_SOURCES_MAX], *sources[2 * WATCH_SOURCES_MAX + 1];
    struct judging *k = f->k;
    bool nothing = false;
    size_t n = watch_files(f->w, files);
    list_sources(f, files, n, sources);
    if (!k->words.json)
        watch_print_end(watch_look(f->w));
    if (!take_run(f, files, n, &nothing, e) || !judging_judge(k, e))
        return false;
    if (nothing)
        say_nothing_came(&k->j);
    else if (!judging_save(k, sources[0], e))
        return false;
    if (k->words.json)
        print_json_line(report_check_json(&k->run, &k->j, sources, false));
    else
        check_print(&k->run, &k->j, sources);
    if (!k->words.json)
        judging_say_saved(k);
    return true;
}

static bool watch_and_judge(struct following *f, int *status, struct err *e) {
    if (!judging_prepare(f->k, e) || !open_watch(f, e) || !catch_interrupt(f, e))
        return false;
    bool ok = follow(f, e);
    release_interrupt(f);
    if (ok && f->interrupts > 1) {
        *status = 128 + SIGINT;
        return true;
    }
    ok = ok && judge(f, e);
    *status = judging_status(f->k);
    return ok;
}

static bool run(int argc, char **argv, int *status, struct err *e) {
    struct watch_words words = {0};
    struct operands ops;
    struct following f = {.k = judging_new(), .ops = &ops, .interrupt_fd = -1};
    bool ok = options_read(&verb_watch, argc, argv, &words, &ops, e) && take_words(&f, &words, e);
    f.k->words = words.judging;
    ok = ok && watch_and_judge(&f, status, e);
    watch_free(f.w);
    judging_free(f.k);
    return ok;
}

const struct verb verb_watch = {
    .name = "watch",
    .operands = "SOURCE...",
    .most = OPERANDS_MAX,
    .help = "follows a run that you started, a line a second, and judges it at its end",
    .more =
        "\nA source is a file that the tool writes (it may appear later), or an address:\n"
        "  load.csv, run.jtl, ...            what check reads and what grows, not gzipped\n"
        "  http://127.0.0.1:6565             k6's REST API: start k6 with --address "
        "127.0.0.1:6565\n"
        "  http://127.0.0.1:8089             Locust's web interface: start it without --headless\n"
        "  http://127.0.0.1:9090             Prometheus: memory of the system under test\n"
        "  http://127.0.0.1:8080/metrics     a page with the memory of the system under test\n"
        "Without a source it is what the command of the workspace --dir writes.\n"
        "It only reads; it never starts, stops or steers the load. The verdict is made from the "
        "files when\nthere are any, else from what the tool told.\n"
        "\nThe run is over when its tool says so, closes its files, or brings nothing new for "
        "--idle. "
        "Ctrl-C\nends the watching: what came until then is judged. A second one ends it at once.\n"
        "\nA login comes from the environment (PERFSCALE_HTTP_USER and PERFSCALE_HTTP_PASSWORD, "
        "or\n"
        "PERFSCALE_HTTP_TOKEN; PERFSCALE_HTTP_HOST says for which host) or from "
        "~/.config/perfscale/logins,\nmode 0600: a line HOST[:PORT] basic USER PASSWORD, or HOST "
        "bearer TOKEN.\n"
        "\nEnds as check does: 0 PASS, 1 FAIL, 3 NO DATA, 4 INVALID, 2 when nothing can be read.\n",
    .options = options,
    .run = run,
};
