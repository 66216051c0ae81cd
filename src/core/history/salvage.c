#include "history/parts.h"

#include <stdio.h>
#include <unistd.h>

int salvage_list(struct history *h, struct run *runs, int most) {
    struct run_files files;
    int n = 0, dir;
    run_files_scan(h, false, &files);
    if (folder_sub(h, RUNS_FOLDER, false, &dir, NULL) && dir >= 0) {
        for (size_t i = files.n; i > 0 && n < most; i--)
            if (!files.item[i - 1].next && run_file_head(dir, files.item[i - 1].id, &runs[n]))
                n++;
        close(dir);
    }
    run_files_fini(&files);
    return n;
}

bool salvage_get(struct history *h, int64_t id, struct run *r, struct err *e) {
    if (run_file_get(h, id, false, r))
        return true;
    return err_set(e, ERR_USAGE, "there is no run %lld in " STORE_FOLDER "/" RUNS_FOLDER,
                   (long long)id);
}

int64_t salvage_count(struct history *h) {
    struct run_files files;
    int64_t n = 0;
    run_files_scan(h, false, &files);
    for (size_t i = 0; i < files.n; i++)
        n += !files.item[i].next;
    run_files_fini(&files);
    return n;
}

/* sqlite3_close() of a damaged file writes nothing: it was only read. */
void salvage_begin(struct history *h) {
    sqlite3_close(h->db);
    h->db = NULL;
    h->read_only = true;
    long long n = salvage_count(h);
    char runs[160] = "No finished run lies in " STORE_FOLDER "/" RUNS_FOLDER "/.";
    if (n)
        snprintf(runs, sizeof runs,
                 "%lld finished run%s read from " STORE_FOLDER "/" RUNS_FOLDER
                 "/. Move runs.db away and start again: they are taken in.",
                 n, n == 1 ? " is" : "s are");
    snprintf(h->notice, sizeof h->notice,
             STORE_FILE " is damaged. It stays as it is; a new store is not made over it. %s",
             runs);
}
