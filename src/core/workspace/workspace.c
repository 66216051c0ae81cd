#include "workspace/workspace.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "feed/feed.h"

static const char plan_name[] = "test-plan.md";

/* Endings under which people keep a summary. Content decides; this only spares opening all files.
 */
static const char *const result_endings[] = {".json", ".csv", ".ndjson", ".jtl", ".xml",
                                             ".txt",  ".log", ".out",    ".gz",  NULL};

static bool ends_like_result(const char *name) {
    for (const char *const *e = result_endings; *e; e++)
        if (text_ends(name, *e))
            return true;
    return false;
}

bool workspace_path(const struct workspace *w, const char *name, char *out, size_t size) {
    return file_join(out, size, w->dir, name);
}

static void read_plan(struct workspace *w) {
    char path[1024];
    size_t len;
    if (!workspace_path(w, plan_name, path, sizeof path) || !file_exists(path))
        return;
    char *text = file_read(path, PLAN_MAX_BYTES, &len, &w->plan_error);
    if (!text)
        return;
    w->has_plan = plan_read(&w->plan, plan_name, text, len, &w->plan_error);
    if (!w->has_plan)
        plan_fini(&w->plan);
    free(text);
}

static void add_baseline(struct workspace *w, const char *name) {
    const struct tool *tool = tool_of_script(name);
    if (!tool || w->baselines == BASELINES_MAX)
        return;
    struct baseline_file *b = &w->baseline[w->baselines++];
    b->tool = tool;
    text_copy(b->name, sizeof b->name, name);
}

/* Names that may be results, the newest WORKSPACE_LOOK of them. */
struct candidates {
    struct result_file *item; /* owned */
    size_t len, cap;
};

static void add_candidate(struct candidates *c, const struct workspace *w, const char *name) {
    char path[1024];
    if (!ends_like_result(name) || !workspace_path(w, name, path, sizeof path))
        return;
    c->item = mem_grow(c->item, c->len, &c->cap, sizeof *c->item);
    struct result_file *r = &c->item[c->len++];
    *r = (struct result_file){.changed_s = file_mtime(path)};
    text_copy(r->name, sizeof r->name, name);
}

static int newest_first(const void *a, const void *b) {
    const struct result_file *x = a, *y = b;
    if (x->changed_s != y->changed_s)
        return x->changed_s < y->changed_s ? 1 : -1;
    return strcmp(x->name, y->name);
}

/* NULL: no result. *error is then why it cannot be read, or 0. */
static const struct reader *look_at(const char *path, int *error) {
    struct stat st;
    struct feed f;
    const char *head;
    size_t len;
    *error = stat(path, &st) != 0 ? errno : access(path, R_OK) != 0 ? errno : 0;
    if (*error || !S_ISREG(st.st_mode) || !feed_open(&f, path, NULL))
        return NULL;
    const struct reader *r = feed_next(&f, &head, &len, NULL) ? tool_reader(head, len) : NULL;
    feed_close(&f);
    return r;
}

static void add_odd(struct workspace *w, const char *name, int error) {
    if (w->odds == RESULTS_MAX)
        return;
    struct odd_file *odd = &w->odd[w->odds++];
    odd->error = error;
    text_copy(odd->name, sizeof odd->name, name);
}

static void take_results(struct workspace *w, struct candidates *c) {
    if (c->len)
        qsort(c->item, c->len, sizeof *c->item, newest_first);
    for (size_t i = 0; i < c->len && i < WORKSPACE_LOOK && w->results < RESULTS_MAX; i++) {
        char path[1024];
        int error;
        if (!workspace_path(w, c->item[i].name, path, sizeof path))
            continue;
        c->item[i].reader = look_at(path, &error);
        if (c->item[i].reader)
            w->result[w->results++] = c->item[i];
        else
            add_odd(w, c->item[i].name, error);
    }
}

static int by_name(const void *a, const void *b) {
    return strcmp(((const struct baseline_file *)a)->name, ((const struct baseline_file *)b)->name);
}

static bool list(struct workspace *w, struct err *e) {
    DIR *d = opendir(w->dir);
    if (!d) {
        err_set(e, ERR_IO, "cannot list the directory: %s", strerror(errno));
        return err_at(e, w->dir, 0);
    }
    struct candidates found = {0};
    long seen = 0;
    for (const struct dirent *it; (it = readdir(d));) {
        if (++seen > WORKSPACE_ENTRIES) {
            w->more_entries = true;
            break;
        }
        if (it->d_type == DT_DIR || it->d_name[0] == '.')
            continue;
        add_baseline(w, it->d_name);
        add_candidate(&found, w, it->d_name);
    }
    closedir(d);
    if (w->baselines)
        qsort(w->baseline, w->baselines, sizeof *w->baseline, by_name);
    take_results(w, &found);
    free(found.item);
    return true;
}

bool workspace_scan(struct workspace *w, const char *dir, struct err *e) {
    *w = (struct workspace){0};
    if (!text_copy(w->dir, sizeof w->dir, dir[0] ? dir : "."))
        return err_set(e, ERR_LIMIT, "the name of the directory is too long");
    char *real = realpath(w->dir, NULL);
    if (!real) {
        err_set(e, ERR_IO, "cannot open the directory: %s", strerror(errno));
        return err_at(e, w->dir, 0);
    }
    text_copy(w->path, sizeof w->path, real);
    text_copy(w->name, sizeof w->name, real[1] ? file_base(real) : "/");
    free(real);
    if (!list(w, e))
        return false;
    read_plan(w);
    return true;
}

void workspace_fini(struct workspace *w) {
    if (w->has_plan)
        plan_fini(&w->plan);
    *w = (struct workspace){0};
}

const char *workspace_ending(const char *name) {
    const char *dot = strrchr(name, '.');
    return dot && dot != name ? dot : "";
}

static size_t stem_len(const char *name) { return strlen(name) - strlen(workspace_ending(name)); }

/* 2: named after the script. 1: a general name. 0: not its result. */
static int belongs(const char *result, const char *script, bool only_baseline) {
    size_t n = stem_len(script);
    if (strncmp(result, script, n) == 0 && !isalnum((unsigned char)result[n]))
        return 2;
    bool general = text_starts(result, "summary") || text_starts(result, "baseline");
    return general && only_baseline;
}

/* baseline_orders_eu.json is not the result of baseline_orders.js beside baseline_orders_eu.js. */
static bool closer_to_another(const struct workspace *w, const char *result, size_t baseline) {
    size_t own = stem_len(w->baseline[baseline].name);
    for (size_t i = 0; i < w->baselines; i++)
        if (stem_len(w->baseline[i].name) > own && belongs(result, w->baseline[i].name, false) == 2)
            return true;
    return false;
}

/* Summaries before single requests, which take longer to read and say the same; what lists only
 * errors is no result. */
static int worth(const struct reader *r) {
    static const int worths[] = {[GIVES_MEMORY] = 0, [GIVES_ERRORS] = 0,  [GIVES_SERIES] = 1,
                                 [GIVES_TEXT] = 2,   [GIVES_SAMPLES] = 3, [GIVES_SUMMARY] = 4};
    return worths[r->gives];
}

static bool better(const struct result_file *a, int rank_a, const struct result_file *b,
                   int rank_b) {
    if (!b || rank_a != rank_b)
        return !b || rank_a > rank_b;
    int x = worth(a->reader), y = worth(b->reader);
    return x != y ? x > y : a->changed_s > b->changed_s;
}

static bool is_result_of(const struct workspace *w, const struct result_file *r, size_t baseline,
                         int *rank) {
    const struct baseline_file *b = &w->baseline[baseline];
    *rank = belongs(r->name, b->name, w->baselines == 1);
    return *rank && !closer_to_another(w, r->name, baseline) &&
           strcmp(r->reader->tool, b->tool->name) == 0;
}

const struct result_file *workspace_baseline_result(const struct workspace *w, size_t baseline) {
    const struct result_file *best = NULL;
    int best_rank = 0, rank;
    for (size_t i = 0; i < w->results; i++) {
        const struct result_file *r = &w->result[i];
        if (is_result_of(w, r, baseline, &rank) && worth(r->reader) > 0 &&
            better(r, rank, best, best_rank)) {
            best = r;
            best_rank = rank;
        }
    }
    return best;
}

size_t workspace_baseline_parts(const struct workspace *w, size_t baseline,
                                const struct result_file *result,
                                const struct result_file *out[RESULT_PARTS_MAX]) {
    enum { ONE_RUN_S = 120 };
    size_t n = 0;
    int rank;
    for (size_t i = 0; i < w->results && n < RESULT_PARTS_MAX; i++) {
        const struct result_file *r = &w->result[i];
        bool part = worth(r->reader) <= 1 && r->reader != result->reader;
        for (size_t k = 0; k < n; k++)
            part = part && out[k]->reader != r->reader;
        int64_t apart_s = r->changed_s - result->changed_s;
        if (part && apart_s < ONE_RUN_S && apart_s > -ONE_RUN_S &&
            is_result_of(w, r, baseline, &rank) && rank == 2)
            out[n++] = r;
    }
    return n;
}

const struct odd_file *workspace_odd_result(const struct workspace *w, size_t baseline) {
    for (size_t i = 0; i < w->odds; i++)
        if (belongs(w->odd[i].name, w->baseline[baseline].name, false) &&
            !closer_to_another(w, w->odd[i].name, baseline))
            return &w->odd[i];
    return NULL;
}

bool workspace_stem(const char *baseline, const char *model, char *out, size_t size) {
    const char *rest = baseline;
    static const char *const prefixes[] = {"baseline_", "locustfile_"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (text_starts(baseline, prefixes[i]))
            rest = baseline + strlen(prefixes[i]);
    int n = snprintf(out, size, "%s_%.*s", model, (int)stem_len(rest), rest);
    return n >= 0 && (size_t)n < size;
}

void workspace_result_stem(const char *stem, char *out, size_t size) {
    text_copy(out, size, stem);
    for (char *p = out; *p; p++)
        if (!isalnum((unsigned char)*p) && *p != '_' && *p != '-')
            *p = '_';
}

static bool taken(const struct workspace *w, const char *name) {
    char path[1024];
    return !workspace_path(w, name, path, sizeof path) || file_exists(path);
}

static bool stem_is_free(const struct workspace *w, const struct tool *tool, const char *stem,
                         const char *ending) {
    char script[NAME_MAX_BYTES], result[NAME_MAX_BYTES], names[16][256];
    int n = snprintf(script, sizeof script, "%s%s", stem, ending);
    if (n < 0 || (size_t)n >= sizeof script || taken(w, script))
        return false;
    workspace_result_stem(stem, result, sizeof result);
    int count = tool->result_names ? tool->result_names(result, names, 16) : 0;
    for (int i = 0; i < count; i++)
        if (taken(w, names[i]))
            return false;
    return true;
}

bool workspace_free_stem(const struct workspace *w, const struct tool *tool, const char *stem,
                         const char *ending, char *out, size_t size, struct err *e) {
    for (int i = 1; i <= 999; i++) {
        int n = i == 1 ? snprintf(out, size, "%s", stem) : snprintf(out, size, "%s-%d", stem, i);
        if (n < 0 || (size_t)n >= size)
            return err_set(e, ERR_LIMIT, "the name %s is too long", stem);
        if (stem_is_free(w, tool, out, ending))
            return true;
    }
    err_set(e, ERR_REFUSED, "%s%s and 998 numbered names are taken", stem, ending);
    return err_fix(e, "remove some, or name the file with --out");
}
