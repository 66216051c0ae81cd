/* Filter and order of the list of runs. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/mem.h"
#include "base/text.h"
#include "session/together_parts.h"

static const char *const sort_names[SORTS] = {
    [SORT_RUN] = "run",         [SORT_TYPE] = "type",     [SORT_TARGET] = "target",
    [SORT_P95] = "p95",         [SORT_ERRORS] = "errors", [SORT_RATE] = "rate",
    [SORT_VERDICT] = "verdict", [SORT_REVIEW] = "review",
};

const char *runs_sort_name(enum runs_sort o) { return sort_names[o]; }

bool runs_sort_parse(const char *word, enum runs_sort *o) {
    for (int i = 0; i < SORTS; i++)
        if (strcmp(word, sort_names[i]) == 0) {
            *o = (enum runs_sort)i;
            return true;
        }
    return false;
}

/* --- filter --- */

enum { KEYS = 10, HAY_BYTES = 1200 };

/* What a row can be found by, each with its word before the colon. */
static size_t texts_of(const struct run_row *r, char number[32], char day[32],
                       const char *key[KEYS], const char *text[KEYS]) {
    time_t at = (time_t)(r->is.at_ms / 1000);
    struct tm when;
    snprintf(number, 32, "%lld", (long long)r->is.id);
    day[0] = '\0';
    if (localtime_r(&at, &when) && strftime(day, 32, "%Y-%m-%d %d %b", &when) == 0)
        day[0] = '\0';
    const char *const keys[] = {"run", "day",    "type", "verdict", "review",
                                "by",  "script", "tool", "source",  "host"};
    const char *const texts[] = {
        number,       day,          r->is.model, r->is.verdict, review_state_name(r->review),
        r->is.author, r->is.script, r->is.tool,  r->is.source,  r->is.host};
    memcpy(key, keys, sizeof keys);
    memcpy(text, texts, sizeof texts);
    return KEYS;
}

static bool holds(const char *text, const char *word, size_t len) {
    size_t n = strlen(text);
    for (size_t i = 0; len && i + len <= n; i++)
        if (((text[i] ^ word[0]) & ~0x20) == 0 && strncasecmp(text + i, word, len) == 0)
            return true;
    return false;
}

/* A number alone is a run's whole number; "fail" stands for the screens' "over limit" too. */
static bool word_fits(const char *const *key, const char *const *text, size_t n, const char *word,
                      size_t len) {
    const char *colon = memchr(word, ':', len);
    for (size_t i = 0; i < n; i++) {
        size_t before = colon ? (size_t)(colon - word) : 0;
        if (colon && (strlen(key[i]) != before || strncasecmp(key[i], word, before) != 0))
            continue;
        const char *part = colon ? colon + 1 : word;
        size_t rest = len - (size_t)(part - word);
        if (i == 0 ? strlen(text[i]) == rest && strncmp(text[i], part, rest) == 0
                   : holds(text[i], part, rest))
            return true;
    }
    return false;
}

static bool row_fits(const struct run_row *r, const char *filter) {
    const char *key[KEYS], *text[KEYS];
    char number[32], day[32];
    size_t n = texts_of(r, number, day, key, text);
    for (const char *w = filter + strspn(filter, " "); *w; w += strspn(w, " ")) {
        size_t len = strcspn(w, " ");
        if (!word_fits(key, text, n, w, len))
            return false;
        w += len;
    }
    return true;
}

/* --- order --- */

static int by_number(double a, double b) { return (a > b) - (a < b); }

static int verdict_rank(const char *v) {
    static const char *const order[] = {"pass", "no_data", "fail", "invalid"};
    for (int i = 0; i < 4; i++)
        if (strcmp(v, order[i]) == 0)
            return i;
    return 4;
}

/* As strcmp() orders the first letters. */
static double word_rank(const char *word) {
    enum { LETTERS = 6 };
    double rank = 0;
    for (int i = 0; i < LETTERS; i++) {
        rank = rank * 256 + (unsigned char)*word;
        word += *word != '\0';
    }
    return rank;
}

static double value_of(const struct run_row *r, enum runs_sort sort) {
    switch (sort) {
    case SORT_TARGET:
        return r->is.target_rps;
    case SORT_P95:
        return r->is.p95_ms;
    case SORT_ERRORS:
        return r->is.error_rate;
    case SORT_RATE:
        return r->is.rps;
    case SORT_VERDICT:
        return verdict_rank(r->is.verdict);
    case SORT_REVIEW:
        return r->review;
    case SORT_TYPE:
        return word_rank(r->is.model);
    case SORT_RUN:
    case SORTS:
        break;
    }
    return 0;
}

/* A row with what it is sorted by, so that sorting does not go through all of the list. */
struct ranked {
    double key;
    size_t row;
};

/* Not measured goes last, and the newest first where nothing else decides, whatever the way. */
static int compare(const void *a, const void *b, void *reverse) {
    const struct ranked *x = a, *y = b;
    int newer = (x->row > y->row) - (x->row < y->row), way = by_number(x->key, y->key);
    if (isnan(x->key) || isnan(y->key))
        return isnan(x->key) && isnan(y->key) ? newer : isnan(x->key) ? 1 : -1;
    if (*(const bool *)reverse)
        way = -way;
    return way ? way : newer;
}

static void order(const struct together *t, enum runs_sort sort, bool reverse, struct found *f) {
    struct ranked *r = mem_new(f->n + 1, sizeof *r);
    for (size_t i = 0; i < f->n; i++) {
        size_t row = f->row[i];
        double key = sort == SORT_RUN ? (double)row : value_of(&t->row[row], sort);
        r[i] = (struct ranked){key, row};
    }
    qsort_r(r, f->n, sizeof *r, compare, &reverse);
    for (size_t i = 0; i < f->n; i++)
        f->row[i] = r[i].row;
    free(r);
}

/* --- what is kept of it --- */

void found_drop(struct found *f) {
    free(f->filter);
    free(f->row);
    *f = (struct found){0};
}

static bool is_kept(const struct found *f, const char *filter, enum runs_sort sort, bool reverse) {
    return f->filter && f->sort == sort && f->reverse == reverse && strcmp(f->filter, filter) == 0;
}

static void find(struct together *t, const char *filter, enum runs_sort sort, bool reverse) {
    struct found *f = &t->found;
    bool all = filter[strspn(filter, " ")] == '\0';
    found_drop(f);
    *f = (struct found){.filter = mem_strdup(filter),
                        .sort = sort,
                        .reverse = reverse,
                        .row = mem_new(t->rows + 1, sizeof *f->row)};
    for (size_t i = 0; i < t->rows; i++)
        if (all || row_fits(&t->row[i], filter))
            f->row[f->n++] = i;
    if (sort != SORT_RUN || reverse) /* the list has the newest first */
        order(t, sort, reverse, f);
}

size_t session_runs_find(const struct session *s, const char *filter, enum runs_sort sort,
                         bool reverse, size_t *out, size_t most) {
    struct found *f = &s->together->found;
    filter = filter ? filter : "";
    if (!is_kept(f, filter, sort, reverse))
        find(s->together, filter, sort, reverse);
    size_t n = f->n < most ? f->n : most;
    memcpy(out, f->row, n * sizeof *out);
    return n;
}
