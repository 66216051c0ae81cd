/* Whose result is which file: one load machine may leave several, and several machines may have run
 * one test. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "gather/parts.h"

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

/* Sources with the reader of source i before it. */
static int earlier_alike(const struct sources *all, size_t i) {
    int n = 0;
    for (size_t k = 0; k < i; k++)
        n += all->item[k].reader == all->item[i].reader;
    return n;
}

static int most_alike(const struct sources *all) {
    int most = 0;
    for (size_t i = 0; i < all->len; i++) {
        int n = earlier_alike(all, i) + 1;
        most = n > most ? n : most;
    }
    return most;
}

/* Groups by a key of the path; true when that gives each of n machines every format at most once.
 */
static bool group_by(struct sources *all, void (*key)(const char *, char *, size_t), int n) {
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

static bool one_tool(const struct sources *all, struct err *e) {
    for (size_t i = 1; i < all->len; i++)
        if (strcmp(all->item[i].reader->tool, all->item[0].reader->tool) != 0) {
            err_set(e, ERR_REFUSED, "is a result of %s, but %.100s is one of %s",
                    all->item[i].reader->tool, file_base(all->item[0].path),
                    all->item[0].reader->tool);
            err_fix(e, "name the results of one run");
            return err_at(e, all->item[i].path, 0);
        }
    return true;
}

/* In a directory nobody said that two files of one kind belong together. */
static bool is_guess(const struct sources *all, struct err *e) {
    for (size_t i = 0; i < all->len; i++)
        for (size_t k = 0; k < i; k++) {
            const struct input *a = &all->item[k], *b = &all->item[i];
            if (a->reader != b->reader || !a->listed || !b->listed)
                continue;
            char folder[1024];
            folder_of(b->path, folder, sizeof folder);
            err_set(e, ERR_REFUSED, "holds several results of one kind: %.100s and %.100s",
                    file_base(a->path), file_base(b->path));
            err_fix(e, "name the files that belong to one run");
            err_at(e, folder, 0);
            return true;
        }
    return false;
}

int machines_find(struct sources *all, struct err *e) {
    int n = most_alike(all);
    if (!one_tool(all, e))
        return 0;
    if (n == 1) {
        for (size_t i = 0; i < all->len; i++)
            all->item[i].machine = 0;
        return 1;
    }
    if (is_guess(all, e))
        return 0;
    if (group_by(all, stem_of, n) || group_by(all, folder_of, n))
        return n;
    for (size_t i = 0; i < all->len; i++)
        all->item[i].machine = earlier_alike(all, i);
    return n;
}
