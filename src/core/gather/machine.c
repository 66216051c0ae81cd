/* Whose result is which file: one load machine may leave several, and several machines may have run
 * one test. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "gather/parts.h"
#include "tools/tool.h"

/* The name without endings that say the format and without what Locust puts behind a prefix. */
static void stem_of(const char *path, char *out, size_t size) {
    static const char *const endings[] = {
        ".gz",  ".csv",   ".json",          ".ndjson",   ".txt",        ".log", ".jtl",
        ".xml", "_stats", "_stats_history", "_failures", "_exceptions", NULL};
    bool again = true;
    text_copy(out, size, path);
    while (again) {
        again = false;
        for (const char *const *end = endings; *end; end++)
            if (text_ends(out, *end) && strlen(file_base(out)) > strlen(*end)) {
                out[strlen(out) - strlen(*end)] = '\0';
                again = true;
            }
    }
}

static void folder_of(const char *path, char *out, size_t size) {
    text_copy(out, size, path);
    out[file_base(out) - out] = '\0';
}

/* Inputs with the reader of input i before it. */
static int earlier_alike(const struct inputs *all, size_t i) {
    int n = 0;
    for (size_t k = 0; k < i; k++)
        n += all->item[k].reader == all->item[i].reader;
    return n;
}

static int most_alike(const struct inputs *all) {
    int most = 0;
    for (size_t i = 0; i < all->len; i++) {
        int n = earlier_alike(all, i) + 1;
        most = n > most ? n : most;
    }
    return most;
}

/* Groups by a key of the path; true when that gives each of n machines every format at most once.
 */
static bool group_by(struct inputs *all, void (*key)(const char *, char *, size_t), int n) {
    char mine[1024], other[1024];
    int machines = 0;
    for (size_t i = 0; i < all->len; i++) {
        all->item[i].machine = -1;
        key(all->item[i].path, mine, sizeof mine);
        for (size_t k = 0; k < i; k++) {
            key(all->item[k].path, other, sizeof other);
            if (strcmp(mine, other) != 0)
                continue;
            if (all->item[k].reader == all->item[i].reader)
                return false;
            all->item[i].machine = all->item[k].machine;
        }
        if (all->item[i].machine < 0)
            all->item[i].machine = machines++;
    }
    return machines == n;
}

/* The first of each format with the first, the second with the second: only when there are as many
 * of each. */
static bool group_by_order(struct inputs *all, int n) {
    for (size_t i = 0; i < all->len; i++) {
        int alike = 0;
        for (size_t k = 0; k < all->len; k++)
            alike += all->item[k].reader == all->item[i].reader;
        if (alike != n)
            return false;
        all->item[i].machine = earlier_alike(all, i);
    }
    return true;
}

static bool one_tool(const struct inputs *all, struct err *e) {
    const struct input *a = &all->item[0];
    for (size_t i = 1; i < all->len; i++) {
        const struct input *b = &all->item[i];
        if (strcmp(a->reader->tool, b->reader->tool) == 0)
            continue;
        err_set(e, ERR_REFUSED, "is a result of %s, but %.100s is one of %s", b->reader->tool,
                file_base(a->path), a->reader->tool);
        err_fix(e, "name the results of one run");
        return err_at(e, b->path, 0);
    }
    return true;
}

/* In a directory nobody said that two files of one kind belong together. */
static bool is_guess(const struct inputs *all, struct err *e) {
    char folder[1024], other[1024];
    for (size_t i = 0; i < all->len; i++)
        for (size_t k = 0; k < i; k++) {
            const struct input *a = &all->item[k], *b = &all->item[i];
            folder_of(a->path, other, sizeof other);
            folder_of(b->path, folder, sizeof folder);
            if (a->reader != b->reader || !a->listed || !b->listed || strcmp(folder, other) != 0)
                continue;
            err_set(e, ERR_REFUSED, "holds results of several runs: %.100s and %.100s are both %s",
                    file_base(a->path), file_base(b->path), b->reader->name);
            err_fix(e, "name the files that belong together");
            err_at(e, folder[0] ? folder : ".", 0);
            return true;
        }
    return false;
}

static bool cannot_group(const struct inputs *all, struct err *e) {
    for (size_t i = 0; i < all->len; i++)
        for (size_t k = 0; k < i; k++)
            if (all->item[k].reader == all->item[i].reader) {
                err_set(e, ERR_REFUSED,
                        "and %.100s are both %s, and it is not clear which of the other files "
                        "belongs to which of them",
                        file_base(all->item[k].path), all->item[i].reader->name);
                err_fix(e, "name the files of each load machine alike: load-1.csv, load-1.json");
                return err_at(e, all->item[i].path, 0);
            }
    return false;
}

static bool find(struct inputs *all, int n) {
    if (n > 1)
        return group_by(all, stem_of, n) || group_by(all, folder_of, n) || group_by_order(all, n);
    for (size_t i = 0; i < all->len; i++)
        all->item[i].machine = 0;
    return true;
}

/* Of two records of the same requests one counts. */
static void choose_samples(struct inputs *all) {
    for (size_t i = 0; i < all->len; i++)
        for (size_t k = 0; k < all->len; k++) {
            struct input *a = &all->item[i];
            const struct input *b = &all->item[k];
            if (a->machine == b->machine && a->reader->samples && b->reader->samples && i != k &&
                more_believed(b, a))
                a->counted_only = true;
        }
}

int machines_find(struct inputs *all, struct err *e) {
    int n = most_alike(all);
    if (!one_tool(all, e) || (n > 1 && is_guess(all, e)))
        return 0;
    if (!find(all, n)) {
        cannot_group(all, e);
        return 0;
    }
    choose_samples(all);
    return n;
}

bool machines_have_samples(const struct inputs *all, int machines) {
    const struct sample_rules *rules = NULL;
    int n = 0;
    for (size_t i = 0; i < all->len; i++) {
        const struct input *s = &all->item[i];
        if (!s->reader->samples || s->counted_only)
            continue;
        if (rules && rules != s->reader->samples)
            return false;
        rules = s->reader->samples;
        n++;
    }
    return n == machines;
}

/* --- which is believed --- */

const struct sample_rules *tool_samples(const struct reader *r) {
    const struct tool *t = tool_find(r->tool);
    for (const struct reader *const *of = t ? t->readers : NULL; of && *of; of++)
        if ((*of)->samples)
            return (*of)->samples;
    return NULL;
}

/* Its place among the readers of its tool. */
static int place_of(const struct reader *r) {
    const struct tool *t = tool_find(r->tool);
    int n = 0;
    for (const struct reader *const *of = t ? t->readers : NULL; of && *of && *of != r; of++)
        n++;
    return n;
}

/* Locust writes its CSV once a second and not once more at the end: what it prints at the end
 * counts more requests. */
static bool lags(const struct input *s) {
    const struct sample_rules *rules = tool_samples(s->reader);
    return rules && rules->rule == PERCENTILE_LOCUST && s->reader->gives == GIVES_SUMMARY;
}

bool more_believed(const struct input *a, const struct input *b) {
    enum gives x = a->reader->gives, y = b->reader->gives;
    double n = summary_value(&a->said, METRIC_REQUESTS);
    double m = summary_value(&b->said, METRIC_REQUESTS);
    if (lags(a) && y == GIVES_TEXT && m > n)
        return false;
    if (lags(b) && x == GIVES_TEXT && n > m)
        return true;
    if (x != y)
        return x > y;
    return place_of(a->reader) < place_of(b->reader);
}
