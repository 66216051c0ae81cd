/* Inputs: from paths to open files whose formats are known. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "gather/parts.h"
#include "tools/tool.h"

enum { ENTRIES_MAX = 4096, QUOTED_BYTES = 40, STARTS_MAX = 4096 };
#define DAY_MS (INT64_C(24) * 3600 * 1000)

static const char supported[] =
    "give a result of k6 (summary, CSV, NDJSON, dashboard recording), Locust (console, CSV, JSON) "
    "or JMeter (JTL, summariser, statistics.json, report CSV), or a plain series";

/* --- what it is --- */

/* The name of the first element of an XML or HTML text; "" when there is none. */
static void root_element(const char *s, size_t len, char *out, size_t size) {
    const char *stop = s + len;
    out[0] = '\0';
    while (s < stop && (s = memchr(s, '<', (size_t)(stop - s))) != NULL) {
        size_t n = 0;
        s++;
        if (s < stop && (*s == '?' || *s == '!'))
            continue;
        while (s + n < stop && n + 1 < size && !strchr(" \t\r\n/>", s[n]) && s[n])
            n++;
        memcpy(out, s, n);
        out[n] = '\0';
        return;
    }
}

static bool unknown_xml(const char *s, size_t len, struct err *e) {
    char root[64], clean[64];
    root_element(s, len, root, sizeof root);
    text_clean(root, strlen(root), TEXT_ONE_LINE, clean, sizeof clean);
    if (strcmp(root, "jmeterTestPlan") == 0) {
        err_set(e, ERR_FORMAT, "is a test plan of JMeter, not a result");
        return err_fix(e, "run it, and give the JTL that it writes");
    }
    if (text_same(root, "html")) {
        err_set(e, ERR_FORMAT, "is an HTML page, not a result that can be read here");
        return err_fix(e, "give the statistics.json beside JMeter's index.html, or Locust's CSV");
    }
    err_set(e, ERR_FORMAT, "is XML with the root element \"%s\", which no reader knows", clean);
    return err_fix(e, "%s", supported);
}

static bool unknown(const struct input *s, struct err *e) {
    size_t len = s->head_len;
    const char *text = text_begin(s->head, &len);
    char begin[QUOTED_BYTES + 1];
    if (strcmp(s->path, "paste") == 0 && s->feed.memory)
        return err_set(e, ERR_FORMAT, "This is not a summary I know. Nothing was stored");
    if (len && *text == '<')
        return unknown_xml(text, len, e);
    size_t line = 0;
    while (line < len && line < QUOTED_BYTES && text[line] != '\n' && text[line] != '\r')
        line++;
    text_clean(text, line, TEXT_ONE_LINE, begin, sizeof begin);
    err_set(e, ERR_FORMAT, "begins with \"%s\", which is no result that can be read here", begin);
    return err_fix(e, "%s", supported);
}

static const struct reader *pick(const struct input *s, const char *format, struct err *e) {
    const struct reader *r = tool_reader_for(format, s->head, s->head_len);
    if (!r && format)
        err_set(e, ERR_USAGE, "\"%.60s\" is not a format that perfscale knows", format);
    else if (!r)
        unknown(s, e);
    return r;
}

bool input_look(struct input *s, const char *format, struct err *e) {
    if (!feed_next(&s->feed, &s->head, &s->head_len, e))
        return false;
    s->reader = pick(s, format, e);
    if (!s->reader)
        return err_at(e, s->feed.name, 0);
    s->said.tool = s->reader->tool;
    return true;
}

bool input_open(struct input *s, const char *format, struct err *e) {
    return feed_open(&s->feed, s->path, e) && input_look(s, format, e);
}

bool input_rest(struct input *s) {
    bool can = s->feed.size_bytes > 0 && s->feed.fd >= 0 && strcmp(s->path, "-") != 0;
    if (can)
        feed_close(&s->feed);
    return can;
}

/* --- the start of the run --- */

struct starts {
    int64_t at_ms[STARTS_MAX];
    size_t n;
};

static void note_start(struct starts *x, int64_t ms) {
    if (x->n < STARTS_MAX)
        x->at_ms[x->n++] = ms;
}

static void start_of_sample(void *self, const struct sample *x) { note_start(self, x->start_ms); }

static void start_of_tally(void *self, const struct tally *t) {
    if (t->at_ms != TALLY_NO_TIME)
        note_start(self, t->at_ms);
}

static void drop_word(void *self, const struct word *w) { (void)self, (void)w; }
static void drop_point(void *self, const struct point *p) { (void)self, (void)p; }
static void drop_remark(void *self, enum finding_level level, const char *kind, long line,
                        const char *text) {
    (void)self, (void)level, (void)kind, (void)line, (void)text;
}
static void drop_bulk(void *self, const char *endpoint, size_t len, uint64_t value, uint64_t count,
                      enum outcome outcome) {
    (void)self, (void)endpoint, (void)len, (void)value, (void)count, (void)outcome;
}

static int by_time(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* A stray moment is not the start: the earliest counts that is near the middle one. */
static int64_t earliest(struct starts *x) {
    if (x->n == 0)
        return INT64_MIN;
    qsort(x->at_ms, x->n, sizeof *x->at_ms, by_time);
    int64_t middle = x->at_ms[x->n / 2],
            day_before = middle < INT64_MIN + DAY_MS ? INT64_MIN : middle - DAY_MS;
    size_t i = 0;
    while (x->at_ms[i] < day_before)
        i++;
    return x->at_ms[i];
}

int64_t input_origin(const struct input *s) {
    if (!s->reader->samples)
        return INT64_MIN;
    struct starts *x = mem_new(1, sizeof *x);
    const struct sink out = {.self = x,
                             .summary = drop_word,
                             .sample = start_of_sample,
                             .tally = start_of_tally,
                             .bulk = drop_bulk,
                             .point = drop_point,
                             .remark = drop_remark};
    void *reader = s->reader->open(&out);
    size_t len = s->head_len < FEED_PIECE_BYTES ? s->head_len : FEED_PIECE_BYTES;
    if (s->reader->feed(reader, s->head, len, NULL))
        s->reader->finish(reader, NULL);
    s->reader->close(reader);
    int64_t first = earliest(x);
    free(x);
    return first;
}

/* --- lists --- */

struct input *inputs_add(struct inputs *all, const char *path) {
    all->item = mem_grow(all->item, all->len, &all->cap, sizeof *all->item);
    struct input *s = &all->item[all->len++];
    *s = (struct input){.feed = {.fd = -1}, .origin_ms = INT64_MIN};
    summary_init(&s->said);
    text_copy(s->path, sizeof s->path, path);
    return s;
}

void inputs_fini(struct inputs *all) {
    for (size_t i = 0; i < all->len; i++) {
        feed_close(&all->item[i].feed);
        summary_fini(&all->item[i].said);
        stats_free(all->item[i].stats);
    }
    for (size_t i = 0; i < all->memories; i++)
        summary_fini(&all->memory[i].said);
    free(all->memory);
    free(all->item);
    *all = (struct inputs){0};
}

/* What a look at a directory saw that is no result. */
struct passed {
    int files;
    char name[128]; /* the first file that could be read, and why it is no result */
    struct err why;
};

static bool fits_format(const struct input *s, const char *format) {
    const struct reader *r = format ? tool_reader_named(format) : NULL;
    return !r || s->reader->gives == GIVES_MEMORY || r->sniff(s->head, s->head_len) > 0;
}

static bool is_result(const char *path, const char *format, struct passed *p) {
    struct input s = {.feed = {.fd = -1}};
    struct stat st;
    struct err why = {0};
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size == 0)
        return false;
    text_copy(s.path, sizeof s.path, path);
    bool ok = input_open(&s, NULL, &why) && fits_format(&s, format);
    feed_close(&s.feed);
    if (ok)
        return true;
    if (p->files++ == 0) {
        text_copy(p->name, sizeof p->name, file_base(path));
        p->why = why;
    }
    return false;
}

static bool no_result(const char *dir, const struct passed *p, struct err *e) {
    if (p->files == 0)
        err_set(e, ERR_FORMAT, "holds no file that could be a result");
    else
        err_set(e, ERR_FORMAT, "holds no result that can be read here; of its %d file%s, %.100s %s",
                p->files, p->files == 1 ? "" : "s", p->name,
                p->why.text[0] ? p->why.text : "is of another format");
    err_fix(e, "%s", supported);
    return err_at(e, dir, 0);
}

static int by_path(const void *a, const void *b) {
    return strcmp(((const struct input *)a)->path, ((const struct input *)b)->path);
}

static bool list_directory(struct inputs *all, const char *dir, const char *format, struct err *e) {
    DIR *d = opendir(dir);
    struct dirent *entry;
    struct passed passed = {0};
    size_t first = all->len, seen = 0;
    char path[1024];
    if (!d) {
        err_set(e, ERR_IO, "cannot list the directory: %s", strerror(errno));
        return err_at(e, dir, 0);
    }
    while ((entry = readdir(d)) && seen++ < ENTRIES_MAX && all->len <= GATHER_FILES_MAX)
        if (entry->d_name[0] != '.' && file_join(path, sizeof path, dir, entry->d_name) &&
            is_result(path, format, &passed))
            inputs_add(all, path)->listed = true;
    closedir(d);
    if (all->len == first)
        return no_result(dir, &passed, e);
    qsort(all->item + first, all->len - first, sizeof *all->item, by_path);
    return true;
}

static bool is_directory(const char *path) {
    struct stat st;
    return strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool too_many(const struct inputs *all, struct err *e) {
    if (all->len <= GATHER_FILES_MAX)
        return false;
    err_set(e, ERR_LIMIT, "more than %d files for one run", GATHER_FILES_MAX);
    err_fix(e, "name the files that belong to it");
    return true;
}

static bool is_there(const struct inputs *all, const char *path) {
    for (size_t i = 0; i < all->len; i++)
        if (strcmp(all->item[i].path, path) == 0)
            return true;
    return false;
}

bool inputs_list(struct inputs *all, const char *const *paths, size_t n,
                 const struct gather_options *o, struct err *e) {
    for (size_t i = 0; i < n; i++) {
        if (strlen(paths[i]) >= sizeof all->item->path) {
            err_set(e, ERR_LIMIT, "the name is too long");
            return err_at(e, paths[i], 0);
        }
        if (is_there(all, paths[i])) {
            err_set(e, ERR_USAGE, "is named twice");
            return err_at(e, paths[i], 0);
        }
        if (!is_directory(paths[i]))
            inputs_add(all, paths[i]);
        else if (!list_directory(all, paths[i], o->format, e))
            return false;
        if (too_many(all, e))
            return false;
    }
    return true;
}
