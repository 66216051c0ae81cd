/* The program: a verb, or the dashboard. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/embedded.h"
#include "base/file.h"
#include "base/text.h"
#include "session/session.h"
#include "ui/plain/plain.h"
#include "ui/plain/print.h"
#include "ui/screen/screen.h"

struct screen_words {
    const char *theme;
    bool ascii;
};

struct replay_words {
    struct screen_words screen;
    const char *speed;
};

static const struct option screen_words[] = {
    {"--theme", "auto|dark|light|terminal|mono", "colours; goes before NO_COLOR",
     offsetof(struct screen_words, theme), NULL},
    {"--ascii", NULL, "no drawings outside ASCII", offsetof(struct screen_words, ascii), NULL},
    {0},
};

static const struct option replay_words[] = {
    {"--speed", "N", "how many times as fast as it was, 1 to 3600; default: 1",
     offsetof(struct replay_words, speed), NULL},
    {"--theme", "auto|dark|light|terminal|mono", "colours; goes before NO_COLOR",
     offsetof(struct replay_words, screen.theme), NULL},
    {"--ascii", NULL, "no drawings outside ASCII", offsetof(struct replay_words, screen.ascii),
     NULL},
    {0},
};

static bool screen_choices(const struct screen_words *w, struct screen_options *o, struct err *e) {
    if (w->theme) {
        if (!theme_parse(w->theme, &o->theme)) {
            err_set(e, ERR_USAGE, "--theme: \"%.40s\" is not a theme", w->theme);
            return err_fix(e, "write %s", screen_words[0].argument);
        }
        o->theme_given = true;
    }
    if (w->ascii) {
        o->glyphs = GLYPHS_ASCII;
        o->glyphs_given = true;
    }
    return true;
}

static bool open_dashboard(const struct screen_options *o, int *status, struct err *e) {
    char farewell[512] = "";
    *status = 0;
    if (!screen_run(o, status, farewell, sizeof farewell, e))
        return false;
    if (*status == 5)
        print("%s\n", session_no_plan);
    if (farewell[0])
        print("%s\n", farewell);
    return true;
}

static const struct verb verb_dashboard, verb_demo, verb_replay;
const struct verb *const verbs[] = {&verb_dashboard, &verb_demo,
                                    &verb_status,    &verb_plan,
                                    &verb_check,     &verb_watch,
                                    &verb_replay,    &verb_runs,
                                    &verb_show,      &verb_compare,
                                    &verb_note,      &verb_settle,
                                    &verb_approve,   &verb_request_changes,
                                    &verb_withdraw,  &verb_waive,
                                    &verb_pin,       &verb_report,
                                    &verb_share,     &verb_completion,
                                    &verb_manual,    NULL};

/* A word that is no directory was most likely meant as a verb. */
static bool is_directory(const char *word, struct err *e) {
    struct stat st;
    if (stat(word, &st) == 0) {
        if (S_ISDIR(st.st_mode))
            return true;
        err_set(e, ERR_USAGE, "\"%.80s\" is a file; the dashboard opens a directory", word);
        return err_fix(e, "name its directory, or judge it with perfscale check");
    }
    if (strchr(word, '/'))
        return err_set(e, ERR_IO, "%s: %s", word, strerror(errno));
    char names[240];
    verb_names(names, ", ", sizeof names);
    err_set(e, ERR_USAGE, "\"%.80s\" is neither a verb nor a directory", word);
    return err_fix(e, "verbs are %s", names);
}

static bool run_dashboard(int argc, char **argv, int *status, struct err *e) {
    struct screen_words words = {0};
    struct operands ops;
    struct screen_options o = {.dir = "."};
    if (!options_read(&verb_dashboard, argc, argv, &words, &ops, e) ||
        !screen_choices(&words, &o, e) || (ops.n && !is_directory(ops.item[0], e)))
        return false;
    if (ops.n)
        o.dir = ops.item[0];
    return open_dashboard(&o, status, e);
}

/* The sample workspace in a new directory of its own, so that everything in it can be tried. */
static bool copy_demo(char *dir, size_t size, struct err *e) {
    const char *tmp = getenv("TMPDIR");
    char path[512];
    snprintf(dir, size, "%s/perfscale-demo-XXXXXX", tmp && tmp[0] ? tmp : "/tmp");
    if (!mkdtemp(dir)) {
        err_set(e, ERR_IO, "%s: %s", dir, strerror(errno));
        return err_fix(e, "set TMPDIR to a directory that can be written");
    }
    for (const struct embedded *f = embedded_demo; f->name; f++)
        if (!file_join(path, sizeof path, dir, file_base(f->name)) ||
            !file_write_new(path, f->bytes, f->len, e))
            return false;
    return true;
}

static bool run_demo(int argc, char **argv, int *status, struct err *e) {
    struct screen_words words = {0};
    struct operands ops;
    char dir[256];
    struct screen_options o = {.dir = dir, .demo = true};
    if (!options_read(&verb_demo, argc, argv, &words, &ops, e) || !screen_choices(&words, &o, e) ||
        !copy_demo(dir, sizeof dir, e) || !open_dashboard(&o, status, e))
        return false;
    print("The demo workspace stays in %s until you remove it.\n", dir);
    return true;
}

/* A number, also one written as "10x". */
static bool read_speed(const char *text, double *out, struct err *e) {
    char *end = NULL;
    *out = text ? strtod(text, &end) : 1;
    bool ok =
        !text || (end != text && (!*end || strcmp(end, "x") == 0) && *out >= 1 && *out <= 3600);
    if (ok)
        return true;
    err_set(e, ERR_USAGE, "--speed: \"%.40s\" is no speed", text);
    return err_fix(e, "write a number from 1 to 3600, such as 10");
}

/* The directory of the file is the workspace: its plan has the limits. */
static void directory_of(const char *file, char *out, size_t size) {
    size_t len = (size_t)(file_base(file) - file);
    if (len == 0 || !text_copy(out, size, file))
        text_copy(out, size, ".");
    else
        out[len > 1 ? len - 1 : len] = '\0';
}

static bool run_replay(int argc, char **argv, int *status, struct err *e) {
    struct replay_words words = {0};
    struct operands ops;
    char dir[1024];
    struct screen_options o = {.dir = dir};
    if (!options_read(&verb_replay, argc, argv, &words, &ops, e) ||
        !screen_choices(&words.screen, &o, e) || !read_speed(words.speed, &o.speed, e))
        return false;
    if (ops.n == 0) {
        err_set(e, ERR_USAGE, "no recorded run is named");
        return err_fix(e, "name a result file that holds values over time, such as run.csv");
    }
    o.replay = ops.item[0];
    directory_of(o.replay, dir, sizeof dir);
    return open_dashboard(&o, status, e);
}

static const struct verb verb_replay = {
    .name = "replay",
    .operands = "FILE",
    .most = 1,
    .help = "the dashboard on a recorded run, played as if it went on now",
    .more = "\nPlays what holds values over time: k6 CSV, NDJSON and dashboard recording, Locust's "
            "history,\nJTL. space pauses, < and > change the speed. At its end the run is judged "
            "with the limits of the\nplan in the directory of the file. Nothing is kept.\n",
    .options = replay_words,
    .run = run_replay,
};

static const struct verb verb_dashboard = {
    .name = "",
    .operands = "[DIR]",
    .most = 1,
    .help = "the dashboard on a workspace (default: this directory)",
    .options = screen_words,
    .run = run_dashboard,
};

static const struct verb verb_demo = {
    .name = "demo",
    .help = "the dashboard on a built-in sample workspace, copied to a temporary directory",
    .options = screen_words,
    .run = run_demo,
};

static bool has_word(int argc, char **argv, const char *word) {
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], word) == 0)
            return true;
    return false;
}

static bool show_help(int argc, char **argv, struct err *e) {
    if (argc == 0) {
        help_program();
        return true;
    }
    const struct verb *v = verb_find(argv[0]);
    if (v) {
        help_verb(v);
        return true;
    }
    char names[240];
    verb_names(names, ", ", sizeof names);
    err_set(e, ERR_USAGE, "\"%.80s\" is not a verb", argv[0]);
    return err_fix(e, "verbs are %s", names);
}

static bool run(int argc, char **argv, int *status, struct err *e) {
    const char *first = argc ? argv[0] : "";
    *status = 0;
    if (strcmp(first, "--version") == 0) {
        print("perfscale %s\n", PERFSCALE_VERSION);
        return true;
    }
    if (strcmp(first, "help") == 0)
        return show_help(argc - 1, argv + 1, e);
    if (strcmp(first, "--help") == 0 || strcmp(first, "-h") == 0)
        return show_help(0, NULL, e);
    const struct verb *v = verb_find(first);
    int skip = v && first[0] ? 1 : 0;
    if (!v)
        v = &verb_dashboard;
    if (has_word(argc, argv, "--help") || has_word(argc, argv, "-h")) {
        help_verb(v);
        return true;
    }
    return v->run(argc - skip, argv + skip, status, e);
}

/* A full disk or a closed pipe must not look like success. */
static bool output_arrived(struct err *e) {
    if (fflush(stdout) == 0 && !ferror(stdout))
        return true;
    return err_set(e, ERR_IO, "standard output: %s", strerror(errno));
}

int main(int argc, char **argv) {
    struct err e = {0};
    int status = 0;
    print_init();
    int words = argc > 0 ? argc - 1 : 0;
    if (!run(words, argv + (argc > 0), &status, &e))
        status = print_error(&e, has_word(words, argv + (argc > 0), "--json"));
    if (!output_arrived(&e))
        status = print_error(&e, false);
    return status;
}
