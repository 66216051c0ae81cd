/* A folder of its own for a test: made by temp_make, with everything in it removed by temp_remove.
 */
#ifndef PERFSCALE_TESTS_TEMP_FOLDER_H
#define PERFSCALE_TESTS_TEMP_FOLDER_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char temp_dir[64];

static inline int temp_make(void **state) {
    (void)state;
    strcpy(temp_dir, "/tmp/perfscale-test-XXXXXX");
    return mkdtemp(temp_dir) ? 0 : 1;
}

static inline int temp_remove_one(const char *path, const struct stat *st, int kind,
                                  struct FTW *at) {
    (void)st;
    (void)kind;
    (void)at;
    return remove(path);
}

static inline int temp_remove(void **state) {
    (void)state;
    return nftw(temp_dir, temp_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* "name" in the folder. One of four buffers, so that several can be used in one call. */
static inline const char *temp_path(const char *name) {
    static char path[4][512];
    static int next;
    char *out = path[next++ % 4];
    snprintf(out, sizeof path[0], "%s/%s", temp_dir, name);
    return out;
}

/* Writes a file, with the folders before it. */
static inline void temp_write(const char *name, const char *text) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", temp_dir, name);
    for (char *slash = path + strlen(temp_dir) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    FILE *f = fopen(path, "w");
    if (!f || fputs(text, f) < 0 || fclose(f) != 0)
        abort();
}

#endif
