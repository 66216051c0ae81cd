/* The block that perfscale wrote at the end of a script, found in its bytes and read by lines. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "tools/locust/script.h"

enum { BLOCK_LINE_BYTES = 512 };

void locust_block_fini(struct locust_block *b) {
    free(b->cls);
    *b = (struct locust_block){.abort_share = NAN, .abort_seconds = NAN};
}

/* --- where it stands --- */

static bool is_line_end(char c) { return c == '\n' || c == '\r'; }

static bool begins(const char *text, size_t len, size_t at, const char *mark) {
    size_t bytes = strlen(mark);
    return (at == 0 || is_line_end(text[at - 1])) && len - at >= bytes &&
           memcmp(text + at, mark, bytes) == 0;
}

/* The last line before `before` that begins with the mark; false when there is none. */
static bool last_mark(const char *text, size_t len, size_t before, const char *mark, size_t *at) {
    for (size_t i = before; i > 0; i--)
        if (text[i - 1] == '#' && begins(text, len, i - 1, mark)) {
            *at = i - 1;
            return true;
        }
    return false;
}

static size_t line_end_before(const char *text, size_t at) {
    if (at > 0 && text[at - 1] == '\n')
        at--;
    else if (at > 0 && text[at - 1] == '\r')
        return at - 1;
    else
        return at;
    return at > 0 && text[at - 1] == '\r' ? at - 1 : at;
}

static size_t behind_line(const char *text, size_t len, size_t at) {
    while (at < len && !is_line_end(text[at]))
        at++;
    if (at < len && text[at] == '\r')
        at++;
    if (at < len && text[at] == '\n')
        at++;
    return at;
}

static long line_at(const char *text, size_t at) {
    long line = 1;
    for (size_t i = 0; i < at; i++)
        line += text[i] == '\n' || (text[i] == '\r' && text[i + 1] != '\n');
    return line;
}

static bool broken(const char *text, size_t at, struct err *e, const char *which) {
    err_set(e, ERR_REFUSED, "the block that perfscale wrote has no %s line", which);
    err_at(e, NULL, line_at(text, at));
    return err_fix(e, "remove what is left of it, from \"%s\" to \"%s\"", LOCUST_BLOCK_BEGIN,
                   LOCUST_BLOCK_END);
}

/* --- its lines --- */

/* A number and what follows it; false when there is none. */
static bool take_number(const char **at, double *out) {
    char *end;
    const char *from = *at + strspn(*at, " \t");
    if (!strchr("0123456789.-", *from) || !*from)
        return false;
    *out = strtod(from, &end);
    *at = end;
    return end != from && isfinite(*out);
}

static struct locust_block_class *class_named(struct locust_block *b, const char *name,
                                              size_t len) {
    for (size_t i = 0; i < b->classes; i++)
        if (strlen(b->cls[i].name) == len && memcmp(b->cls[i].name, name, len) == 0)
            return &b->cls[i];
    if (b->classes == LOCUST_BLOCK_CLASSES || len >= sizeof b->cls->name)
        return NULL;
    if (!b->cls)
        b->cls = mem_new(LOCUST_BLOCK_CLASSES, sizeof *b->cls);
    struct locust_block_class *it = &b->cls[b->classes++];
    it->fixed_count = -1;
    memcpy(it->name, name, len);
    return it;
}

/* NAME.wait_time = _perfscale_pace(0.5), NAME.fixed_count = 12 */
static void read_setting(struct locust_block *b, const char *line) {
    static const char wait[] = ".wait_time = _perfscale_pace", count[] = ".fixed_count = ";
    const char *w = strstr(line, wait), *c = strstr(line, count);
    const char *end = w ? w : c;
    double value;
    if (!end || end == line || strcspn(line, " #(") < (size_t)(end - line))
        return;
    const char *number = w ? strchr(w, '(') : c + strlen(count);
    number = number ? number + (w ? 1 : 0) : "";
    struct locust_block_class *it =
        take_number(&number, &value) ? class_named(b, line, (size_t)(end - line)) : NULL;
    if (it && w)
        it->per_second = value;
    else if (it && value >= 0 && value < 1e9)
        it->fixed_count = (long)value;
}

/* (35, 40, 4), */
static bool read_stage(struct locust_block *b, const char *line) {
    double until, users, rate;
    const char *at = line + strspn(line, " \t");
    if (*at++ != '(' || !take_number(&at, &until) || *at++ != ',' || !take_number(&at, &users) ||
        *at++ != ',' || !take_number(&at, &rate) || *at != ')' || users < 0 || users > 1e9)
        return false;
    if (b->stages == STAGES_MAX)
        return false;
    b->stage[b->stages++] =
        (struct locust_block_stage){.until_s = until, .users = (long)users, .rate = rate};
    return true;
}

static void read_abort(struct locust_block *b, const char *line) {
    static const char share[] = "abort_share = ", seconds[] = "abort_seconds = ";
    const char *at = line + strspn(line, " \t");
    double value;
    if (text_starts(at, share) && (at += strlen(share)) && take_number(&at, &value))
        b->abort_share = value;
    else if (text_starts(at, seconds) && (at += strlen(seconds)) && take_number(&at, &value))
        b->abort_seconds = value;
}

/* "# >>> perfscale: load 60 RPS >>>" */
static void read_title(struct locust_block *b, const char *line) {
    const char *from = line + strlen(LOCUST_BLOCK_BEGIN);
    from += strspn(from, ": ");
    const char *end = strstr(from, " >>>");
    size_t len = end ? (size_t)(end - from) : strlen(from);
    snprintf(b->title, sizeof b->title, "%.*s", (int)(len < 127 ? len : 127), from);
}

static void read_lines(struct locust_block *b, const char *text, size_t from, size_t to) {
    bool first = true;
    for (size_t at = from; at < to;) {
        size_t next = behind_line(text, to, at), len = next - at;
        char line[BLOCK_LINE_BYTES];
        while (len > 0 && is_line_end(text[at + len - 1]))
            len--;
        if (len < sizeof line) {
            memcpy(line, text + at, len);
            line[len] = '\0';
            if (first)
                read_title(b, line);
            else if (!read_stage(b, line)) {
                read_setting(b, line);
                read_abort(b, line);
            }
        }
        first = false;
        at = next;
    }
}

bool locust_block_read(const char *text, size_t len, struct locust_block *out, struct err *e) {
    size_t begin, end;
    *out = (struct locust_block){.abort_share = NAN, .abort_seconds = NAN};
    bool ended = last_mark(text, len, len, LOCUST_BLOCK_END, &end);
    bool begun = last_mark(text, len, len, LOCUST_BLOCK_BEGIN, &begin);
    if (!ended && !begun)
        return true;
    if (!ended || (begun && begin > end))
        return broken(text, begin, e, "last");
    if (!begun)
        return broken(text, end, e, "first");
    out->found = true;
    out->line = line_at(text, begin);
    out->start = line_end_before(text, line_end_before(text, begin));
    out->end = behind_line(text, len, end);
    read_lines(out, text, begin, end);
    return true;
}
