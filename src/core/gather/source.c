/* Sources: from paths to an open file whose format is known. */
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

enum { ENTRIES_MAX = 2000, QUOTED_BYTES = 40 };

static const char supported[] =
    "give a result of k6 (summary, CSV, NDJSON, dashboard recording), Locust (console, CSV, JSON) "
    "or JMeter (JTL, summariser, statistics.json, report CSV)";

/* --- what it is --- */

/* Where the text begins: behind a byte order mark and white space. */
static const char *text_begin(const char *head, size_t *len) {
    if (*len >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0) {
        head += 3;
        *len -= 3;
    }
    while (*len && strchr(" \t\r\n", *head) && *head) {
        head++;
        --*len;
    }
    return head;
}

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
    err_set(e, ERR_FORMAT, "begins with \"%s\": no result that a reader knows", begin);
    return err_fix(e, "%s", supported);
}

static const struct reader *pick(const struct input *s, const char *format, struct err *e) {
    const struct reader *r = format ? tool_reader_named(format) : tool_reader(s->head, s->head_len);
    if (!r && format)
        err_set(e, ERR_USAGE, "\"%.60s\" is not a format that perfscale knows", format);
    else if (!r)
        unknown(s, e);
    return r;
}

bool source_look(struct input *s, const char *format, struct err *e) {
    if (!feed_next(&s->feed, &s->head, &s->head_len, e))
        return false;
    s->reader = pick(s, format, e);
    if (!s->reader)
        return err_at(e, s->feed.name, 0);
    s->said.tool = s->reader->tool;
    return true;
}

/* --- the start of the run --- */

static void earliest(void *self, const struct sample *x) {
    int64_t *first = self;
    if (x->start_ms < *first)
        *first = x->start_ms;
}

static void earliest_tally(void *self, const struct tally *t) {
    int64_t *first = self;
    if (t->at_ms != TALLY_NO_TIME && t->at_ms < *first)
        *first = t->at_ms;
}

int64_t source_origin(const struct input *s) {
    int64_t first = INT64_MAX;
    if (!s->reader->samples)
        return INT64_MIN;
    const struct sink out = {.self = &first, .sample = earliest, .tally = earliest_tally};
    void *reader = s->reader->open(&out);
    size_t len = s->head_len < FEED_PIECE_BYTES ? s->head_len : FEED_PIECE_BYTES;
    if (s->reader->feed(reader, s->head, len, NULL))
        s->reader->finish(reader, NULL);
    s->reader->close(reader);
    return first == INT64_MAX ? INT64_MIN : first;
}

/* --- lists --- */

struct input *sources_add(struct sources *all, const char *path) {
    all->item = mem_grow(all->item, all->len, &all->cap, sizeof *all->item);
    struct input *s = &all->item[all->len++];
    *s = (struct input){.feed = {.fd = -1}};
    summary_init(&s->said);
    text_copy(s->path, sizeof s->path, path);
    return s;
}

void sources_fini(struct sources *all) {
    for (size_t i = 0; i < all->len; i++) {
        struct input *s = &all->item[i];
        feed_close(&s->feed);
        summary_fini(&s->said);
        stats_free(s->stats);
        stats_free(s->transactions);
    }
    free(all->item);
    *all = (struct sources){0};
}

/* Is this file of a directory a result? */
static bool is_result(const char *path) {
    struct input s = {0};
    struct stat st;
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode) || !feed_open(&s.feed, path, NULL))
        return false;
    bool ok = feed_next(&s.feed, &s.head, &s.head_len, NULL) && tool_reader(s.head, s.head_len);
    feed_close(&s.feed);
    return ok;
}

static int by_path(const void *a, const void *b) {
    return strcmp(((const struct input *)a)->path, ((const struct input *)b)->path);
}

static bool list_directory(struct sources *all, const char *dir, struct err *e) {
    DIR *d = opendir(dir);
    struct dirent *entry;
    size_t first = all->len, seen = 0;
    char path[1024];
    if (!d) {
        err_set(e, ERR_IO, "cannot list the directory: %s", strerror(errno));
        return err_at(e, dir, 0);
    }
    while ((entry = readdir(d)) && seen++ < ENTRIES_MAX)
        if (entry->d_name[0] != '.' && file_join(path, sizeof path, dir, entry->d_name) &&
            is_result(path))
            sources_add(all, path)->listed = true;
    closedir(d);
    if (all->len == first) {
        err_set(e, ERR_FORMAT, "holds no result that a reader knows");
        err_fix(e, "%s", supported);
        return err_at(e, dir, 0);
    }
    qsort(all->item + first, all->len - first, sizeof *all->item, by_path);
    return true;
}

bool sources_list(struct sources *all, const char *const *paths, size_t n, struct err *e) {
    for (size_t i = 0; i < n; i++) {
        struct stat st;
        bool directory =
            strcmp(paths[i], "-") != 0 && stat(paths[i], &st) == 0 && S_ISDIR(st.st_mode);
        if (!directory)
            sources_add(all, paths[i]);
        else if (!list_directory(all, paths[i], e))
            return false;
        if (all->len > GATHER_FILES_MAX) {
            err_set(e, ERR_LIMIT, "more than %d files for one run", GATHER_FILES_MAX);
            return err_fix(e, "name the files that belong to it");
        }
    }
    return true;
}
