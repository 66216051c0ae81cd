#include "tools/locust/settings.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"

/* A setting by its name in files and in the environment. Users and spawn rate are not among them: a
 * shape does without. */
static const struct {
    const char *key, *variable;
    const char *effect;
} bending[] = {
    {"run-time", "LOCUST_RUN_TIME", "some versions refuse to start with it and a shape"},
    {"tags", "LOCUST_TAGS", "only some of the tasks would run"},
    {"exclude-tags", "LOCUST_EXCLUDE_TAGS", "some of the tasks would not run"},
    {"user-classes", "LOCUST_USER_CLASSES", "only some of the classes would run"},
    {"equal-weights", "LOCUST_EQUAL_WEIGHTS", "it changes the users of each class"},
    {"config-users", "LOCUST_CONFIG_USERS", "it changes the classes after they are loaded"},
    {"reset-stats", "LOCUST_RESET_STATS", "the counters would start again in the middle"},
    {"master", "LOCUST_MODE_MASTER", "the run would wait for workers"},
    {"worker", "LOCUST_MODE_WORKER", "the run would wait for a master"},
    {"processes", "LOCUST_PROCESSES", "the run would be divided among processes"},
    {"exit-code-on-error", "LOCUST_EXIT_CODE_ON_ERROR", "failures may not show in the exit code"},
};
enum { BENDING = sizeof bending / sizeof *bending, SETTINGS_MAX_BYTES = 256 << 10 };

static const char host_effect[] = "it goes before the host of each class";

void settings_unset(struct words *w) {
    bool any = false;
    for (int i = 0; i < BENDING; i++) {
        if (!getenv(bending[i].variable))
            continue;
        words_unset(w, bending[i].variable, bending[i].effect, !any);
        any = true;
    }
    if (getenv("LOCUST_HOST"))
        findings_add(&w->c->findings, FINDING_WARNING, "environment",
                     "LOCUST_HOST is set in this shell: %s.", host_effect);
    if (any)
        words_part(w);
}

/* --- files --- */

/* "run-time = 10m", "run-time: 10m", "--run-time 10m", in pyproject.toml "run_time". */
static size_t key_of(const char *line, size_t len, char *key, size_t size) {
    const char *c = text_trim(line, &len);
    if (len > 2 && memcmp(c, "--", 2) == 0) {
        c += 2;
        len -= 2;
    }
    size_t n = 0;
    while (n < len && n + 1 < size && !strchr(" \t=:\"", c[n])) {
        key[n] = c[n] == '_' ? '-' : c[n];
        n++;
    }
    key[n] = '\0';
    return n;
}

static const char *effect_of(const char *key) {
    for (int i = 0; i < BENDING; i++)
        if (strcmp(key, bending[i].key) == 0)
            return bending[i].effect;
    return strcmp(key, "host") == 0 ? host_effect : NULL;
}

static bool is_locust_table(const char *line, size_t len) {
    const char *c = text_trim(line, &len);
    static const char table[] = "[tool.locust]";
    return len >= sizeof table - 1 && memcmp(c, table, sizeof table - 1) == 0;
}

/* cure: what is done about a run time. */
static bool scan(const char *text, size_t len, const char *file, bool toml, const char *cure,
                 struct findings *f) {
    bool run_time = false, counts = !toml;
    long number = 0;
    for (size_t at = 0; at < len;) {
        const char *line = text + at, *end = memchr(line, '\n', len - at);
        size_t size = end ? (size_t)(end - line) : len - at;
        char key[32];
        at += size + 1;
        number++;
        if (toml && *line == '[')
            counts = is_locust_table(line, size);
        if (!counts || key_of(line, size, key, sizeof key) == 0 || !effect_of(key))
            continue;
        bool cured = strcmp(key, "run-time") == 0;
        run_time = run_time || cured;
        struct finding *it = findings_add(f, FINDING_WARNING, "settings-file", "%s is set: %s.%s",
                                          key, effect_of(key), cured ? cure : "");
        it->line = number;
        text_copy(it->file, sizeof it->file, file);
    }
    return run_time;
}

bool settings_scan(const char *text, size_t len, const char *file, bool toml, struct findings *f) {
    return scan(text, len, file, toml, " The command says -t 0.", f);
}

void settings_beside(const struct source *src, struct findings *f) {
    static const char *const names[] = {"locust.conf", "pyproject.toml"};
    for (size_t i = 0; src->beside && i < sizeof names / sizeof *names; i++) {
        size_t len;
        char *text = src->beside(src->context, names[i], &len);
        if (text && len <= SETTINGS_MAX_BYTES)
            scan(text, len, names[i], i == 1, " Take it out of this file for the run.", f);
        free(text);
    }
}

static bool read_one(const char *path, const char *shown, bool toml, struct findings *f) {
    size_t len;
    char *text = file_exists(path) ? file_read(path, SETTINGS_MAX_BYTES, &len, NULL) : NULL;
    bool run_time = text && settings_scan(text, len, shown, toml, f);
    free(text);
    return run_time;
}

bool settings_read(struct findings *f) {
    char path[1024];
    const char *home = getenv("HOME");
    bool run_time = home && file_join(path, sizeof path, home, ".locust.conf") &&
                    read_one(path, "~/.locust.conf", false, f);
    bool here = read_one("locust.conf", "locust.conf", false, f);
    bool project = read_one("pyproject.toml", "pyproject.toml", true, f);
    return run_time || here || project;
}
