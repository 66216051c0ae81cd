/* The page that a service shows of itself at /metrics. Only what is of its process is taken. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "results/number.h"
#include "tools/process.h"
#include "tools/reply.h"

enum {
    SERIES_KEPT = 64,         /* of one metric: more is no page of one service */
    PAGE_LINES_MAX = 1 << 20, /* many times what a large service shows */
};

/* --- what is wanted -------------------------------------------------------------------------- */

enum of { OF_MEMORY, OF_CPU, OF_START, OF_OPEN_FILES, OF_MOST_FILES, FIGURES };

/* Of each figure the first row that the page has. Series of one metric are added up: the pools of a
 * heap, the workers of one service (each with its pid). */
static const struct wanted {
    const char *name;
    enum of of;
    double factor;
    const char *key, *value; /* only series with this label; NULL: all */
    bool lone;               /* of several it cannot be told which is the service's */
} wanted[] = {
    {"process_resident_memory_bytes", OF_MEMORY, 1e-6, NULL, NULL, false},
    {"process_working_set_bytes", OF_MEMORY, 1e-6, NULL, NULL, false},
    {"container_memory_working_set_bytes", OF_MEMORY, 1e-6, NULL, NULL, true},
    {"jvm_memory_used_bytes", OF_MEMORY, 1e-6, "area", "heap", false},
    {"jvm_memory_bytes_used", OF_MEMORY, 1e-6, "area", "heap", false},
    {"go_memstats_heap_inuse_bytes", OF_MEMORY, 1e-6, NULL, NULL, false},
    {"process_cpu_seconds_total", OF_CPU, 1, NULL, NULL, false},
    {"process_cpu_time_ns_total", OF_CPU, 1e-9, NULL, NULL, false},
    {"process_start_time_seconds", OF_START, 1, NULL, NULL, false},
    {"process_open_fds", OF_OPEN_FILES, 1, NULL, NULL, false},
    {"process_files_open_files", OF_OPEN_FILES, 1, NULL, NULL, false},
    {"process_max_fds", OF_MOST_FILES, 1, NULL, NULL, false},
    {"process_files_max_files", OF_MOST_FILES, 1, NULL, NULL, false},
};
enum { WANTED = sizeof wanted / sizeof *wanted };

struct piece {
    const char *s;
    size_t len;
};

struct page {
    struct {
        struct piece labels[SERIES_KEPT];
        size_t n;
        double sum, most;
    } found[WANTED];
    size_t samples; /* lines in the format, of any metric */
};

static const char fix[] = "name a page with process_resident_memory_bytes, or ask Prometheus";

/* --- a line ---------------------------------------------------------------------------------- */

static bool same(struct piece a, const char *word) {
    return a.len == strlen(word) && memcmp(a.s, word, a.len) == 0;
}

static struct piece take(struct piece *from, size_t n) {
    struct piece p = {from->s, n};
    from->s += n;
    from->len -= n;
    return p;
}

static void skip_blanks(struct piece *p) {
    while (p->len > 0 && (*p->s == ' ' || *p->s == '\t'))
        take(p, 1);
}

static bool is_name(char c, bool first) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
           (!first && c >= '0' && c <= '9');
}

static struct piece take_name(struct piece *from) {
    size_t n = 0;
    while (n < from->len && is_name(from->s[n], n == 0))
        n++;
    return take(from, n);
}

/* Behind a quote, up to the next one that no backslash stands before. */
static bool take_quoted(struct piece *from, struct piece *value) {
    size_t n = 0;
    while (n < from->len && from->s[n] != '"')
        n += from->s[n] == '\\' ? 2 : 1;
    if (n >= from->len)
        return false;
    *value = take(from, n);
    take(from, 1);
    return true;
}

/* key="value", ...}; *has: the wanted label is among them. */
static bool take_labels(struct piece *from, const struct wanted *w, bool *has) {
    for (;;) {
        struct piece key, value;
        skip_blanks(from);
        if (from->len > 0 && *from->s == '}')
            break;
        key = take_name(from);
        skip_blanks(from);
        if (key.len == 0 || from->len == 0 || *from->s != '=')
            return false;
        take(from, 1);
        skip_blanks(from);
        if (from->len == 0 || *from->s != '"')
            return false;
        take(from, 1);
        if (!take_quoted(from, &value))
            return false;
        *has = *has || (w && w->key && same(key, w->key) && same(value, w->value));
        skip_blanks(from);
        if (from->len > 0 && *from->s == ',')
            take(from, 1);
        else if (from->len == 0 || *from->s != '}')
            return false;
    }
    take(from, 1);
    return true;
}

/* NAN: no finite number, which the format allows. */
static bool take_value(struct piece *from, double *value) {
    static const char *const words[] = {"NaN", "+Inf", "-Inf", "Inf"};
    size_t n = 0;
    skip_blanks(from);
    while (n < from->len && from->s[n] != ' ' && from->s[n] != '\t')
        n++;
    struct piece p = take(from, n);
    if (number_real(p.s, p.len, value))
        return true;
    *value = NAN;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (same(p, words[i]))
            return true;
    return false;
}

static const struct wanted *find_wanted(struct piece name) {
    for (const struct wanted *w = wanted; w < wanted + WANTED; w++)
        if (same(name, w->name))
            return w;
    return NULL;
}

/* A series that stands there twice counts once: Prometheus drops the second too. */
static bool keep(struct page *p, const struct wanted *w, struct piece labels, double value,
                 struct err *e) {
    size_t k = (size_t)(w - wanted);
    for (size_t i = 0; i < p->found[k].n; i++)
        if (p->found[k].labels[i].len == labels.len &&
            memcmp(p->found[k].labels[i].s, labels.s, labels.len) == 0)
            return true;
    if (p->found[k].n == SERIES_KEPT) {
        err_set(e, ERR_FORMAT, "holds more than %d processes (%s): no page of one service",
                SERIES_KEPT, w->name);
        return err_fix(e, "ask Prometheus, with a query that names the service");
    }
    p->found[k].labels[p->found[k].n++] = labels;
    p->found[k].sum += value;
    p->found[k].most = fmax(p->found[k].most, value);
    return true;
}

/* true also for a line that is none of ours. */
static bool take_line(struct page *p, struct piece line, struct err *e) {
    bool has = false;
    double value;
    skip_blanks(&line);
    if (line.len == 0 || *line.s == '#')
        return true;
    struct piece name = take_name(&line);
    const struct wanted *w = find_wanted(name);
    skip_blanks(&line);
    struct piece labels = {line.s, 0};
    bool good = name.len > 0 && line.len > 0;
    if (good && *line.s == '{') {
        take(&line, 1);
        good = take_labels(&line, w, &has);
        labels.len = (size_t)(line.s - labels.s);
    }
    good = good && take_value(&line, &value);
    p->samples += good;
    if (!w)
        return true;
    if (!good)
        return err_set(e, ERR_FORMAT, "holds a line of %s that cannot be read", w->name);
    /* A negative one is as much of a figure as NaN. */
    return (w->key && !has) || !(value >= 0) || keep(p, w, labels, value, e);
}

/* The format wants a line end behind the last line: without one its figure may be cut. */
static bool take_lines(struct page *p, const char *text, size_t len, struct err *e) {
    const char *stop = text + len, *end;
    for (long line = 1; (end = memchr(text, '\n', (size_t)(stop - text))) != NULL; line++) {
        size_t n = (size_t)(end - text);
        n -= n > 0 && text[n - 1] == '\r';
        if (line > PAGE_LINES_MAX)
            return err_set(e, ERR_LIMIT, "is a metrics page of more than %d lines", PAGE_LINES_MAX);
        if (!take_line(p, (struct piece){text, n}, e))
            return err_at(e, "", line);
        text = end + 1;
    }
    return true;
}

/* --- the figures ----------------------------------------------------------------------------- */

/* The first row that the page has; NULL. */
static const struct wanted *first_of(const struct page *p, enum of of) {
    for (size_t i = 0; i < WANTED; i++)
        if (wanted[i].of == of && p->found[i].n > 0 && !(wanted[i].lone && p->found[i].n > 1))
            return &wanted[i];
    return NULL;
}

static double figure(const struct page *p, enum of of) {
    const struct wanted *w = first_of(p, of);
    if (!w)
        return NAN;
    /* Of several processes the last one to begin: a restart of any is seen. */
    size_t k = (size_t)(w - wanted);
    return (of == OF_START ? p->found[k].most : p->found[k].sum) * w->factor;
}

static void fill(const struct page *p, struct process_figures *out) {
    const struct wanted *memory = first_of(p, OF_MEMORY);
    *out = (struct process_figures){
        .memory_mb = figure(p, OF_MEMORY),
        .cpu_s = figure(p, OF_CPU),
        .start_s = figure(p, OF_START),
        .open_files = figure(p, OF_OPEN_FILES),
        .most_files = figure(p, OF_MOST_FILES),
    };
    if (memory && memory->key)
        snprintf(out->memory_of, sizeof out->memory_of, "%s{%s=\"%s\"}", memory->name, memory->key,
                 memory->value);
    else if (memory)
        text_copy(out->memory_of, sizeof out->memory_of, memory->name);
}

static bool no_process(const struct page *p, const char *text, size_t len, struct err *e) {
    char kind[120];
    for (size_t i = 0; i < WANTED; i++)
        if (p->found[i].n > 1) {
            err_set(e, ERR_FORMAT, "holds %zu containers (%s): it cannot tell which is meant",
                    p->found[i].n, wanted[i].name);
            return err_fix(e, "ask Prometheus, with a query that names the container");
        }
    if (p->samples > 0) {
        err_set(e, ERR_FORMAT, "is a metrics page that says nothing of memory or CPU of a process");
    } else {
        reply_kind(text, len, kind, sizeof kind);
        err_set(e, ERR_FORMAT, "answers with %s, not with metrics of a process", kind);
    }
    return err_fix(e, "%s", fix);
}

bool process_page_read(const char *text, size_t len, struct process_figures *out, struct err *e) {
    struct page *p = mem_new(1, sizeof *p);
    bool ok = len == 0 || take_lines(p, text, len, e);
    if (!ok)
        memset(p, 0, sizeof *p);
    fill(p, out);
    if (ok && isnan(out->memory_mb) && isnan(out->cpu_s))
        ok = no_process(p, text, len, e);
    free(p);
    return ok;
}
