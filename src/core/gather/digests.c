/* Which files a run stands on. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "gather/job.h"

void gather_digests_fini(struct gather_digests *d) {
    free(d->item);
    *d = (struct gather_digests){0};
}

void gather_digests_copy(struct gather_digests *to, const struct gather_digests *from) {
    *to = (struct gather_digests){.n = from->n};
    if (!from->n)
        return;
    to->item = mem_new(from->n, sizeof *to->item);
    memcpy(to->item, from->item, from->n * sizeof *to->item);
}

static void add(struct gather_digests *to, const char *path, const struct stat *st) {
    if (to->n == GATHER_DIGESTS_MAX)
        return;
    struct gather_digest *d = &to->item[to->n];
    *d = (struct gather_digest){
        .bytes = st->st_size,
        .mtime_ms = (int64_t)st->st_mtim.tv_sec * 1000 + st->st_mtim.tv_nsec / 1000000,
    };
    if (text_copy(d->path, sizeof d->path, path) && digest_file(path, d->sha256, NULL))
        to->n++;
}

static int seen(const struct dirent *entry) { return entry->d_name[0] != '.'; }

static void add_all_in(struct gather_digests *to, const char *dir) {
    struct dirent **entry;
    int n = scandir(dir, &entry, seen, alphasort);
    for (int i = 0; i < n; i++) {
        char path[1024];
        struct stat st;
        if (file_join(path, sizeof path, dir, entry[i]->d_name) && stat(path, &st) == 0 &&
            S_ISREG(st.st_mode))
            add(to, path, &st);
        free(entry[i]);
    }
    if (n >= 0)
        free(entry);
}

void gather_digests(const char *const *paths, size_t n, struct gather_digests *out) {
    *out = (struct gather_digests){.item = mem_new(GATHER_DIGESTS_MAX, sizeof *out->item)};
    for (size_t i = 0; i < n; i++) {
        struct stat st;
        if (stat(paths[i], &st) != 0)
            continue;
        if (S_ISDIR(st.st_mode))
            add_all_in(out, paths[i]);
        else if (S_ISREG(st.st_mode))
            add(out, paths[i], &st);
    }
}
