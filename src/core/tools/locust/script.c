#include "tools/locust/script.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "tools/locust/reading.h"
#include "tools/locust/signs.h"
#include "tools/locust/tasks.h"
#include "tools/url.h"

/* --- the text without the block --- */

/* A copy with blanks in place of the block, so that places stay what they are, and with a line feed
 * for each lone carriage return, which Python takes for one. */
static char *plain_text(const struct source *src, size_t start, size_t end) {
    char *text = mem_strndup(src->text, src->len);
    for (size_t i = 0; i < src->len; i++)
        if (i >= start && i < end && text[i] != '\n')
            text[i] = ' ';
        else if (text[i] == '\r' && (i + 1 == src->len || text[i + 1] != '\n'))
            text[i] = '\n';
    return text;
}

static bool has_lone_return(const struct source *src) {
    const char *end = src->text + src->len;
    for (const char *at = src->text; (at = memchr(at, '\r', (size_t)(end - at))); at++)
        if (at + 1 == end || at[1] != '\n')
            return true;
    return false;
}

static void read_style(struct locust_script *s) {
    const char *text = s->src->text;
    size_t len = s->src->len, end = s->block.found ? s->block.start : len, at = 0;
    while (at < len && text[at] != '\n' && text[at] != '\r')
        at++;
    bool returns = at < len && text[at] == '\r';
    bool feeds = at + returns < len && text[at + returns] == '\n';
    snprintf(s->newline, sizeof s->newline, "%s%s", returns ? "\r" : "",
             feeds || !returns ? "\n" : "");
    s->final_newline = end == 0 || text[end - 1] == '\n' || text[end - 1] == '\r';
    const char *plain = s->reading->text ? s->reading->text : text;
    s->lines = text_count_lines(plain, end);
    if (s->block.found)
        s->lines += text_count_lines(plain + s->block.end, len - s->block.end);
    static const char *const marks[] = {"_perfscale_", "Perfscale"};
    const char *rest = text + (s->block.found ? s->block.end : len);
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        s->names_taken = s->names_taken || memmem(text, end, marks[i], strlen(marks[i])) ||
                         memmem(rest, (size_t)(text + len - rest), marks[i], strlen(marks[i]));
}

/* A mark inside a string is text of the user's. */
static bool is_in_string(const struct locust_script *s) {
    const struct module *m = s->reading->names.module[0];
    uint32_t at = (uint32_t)s->block.end - 1;
    TSNode n = ts_node_descendant_for_byte_range(m->py.root, at, at);
    return strstr(ts_node_type(n), "string") != NULL;
}

static bool open_names(struct locust_script *s, struct err *e) {
    struct locust_reading *r = s->reading;
    const struct source *src = s->src;
    if (s->block.found || has_lone_return(src))
        r->text = plain_text(src, s->block.start, s->block.end);
    return locust_names_open(&r->names, src, r->text ? r->text : src->text, src->len, e);
}

static void close_names(struct locust_reading *r) {
    locust_names_close(&r->names);
    free(r->text);
    r->text = NULL;
}

static bool open_text(struct locust_script *s, struct err *e) {
    if (s->src->len <= SYNTAX_MAX_BYTES &&
        (!locust_signs_encoding(s->src->text, s->src->len, s->src->file, e) ||
         !locust_block_read(s->src->text, s->src->len, &s->block, e)))
        return err_at(e, s->src->file, 0);
    bool ok = open_names(s, e);
    if (!ok || !s->block.found || !is_in_string(s))
        return ok;
    locust_block_fini(&s->block);
    close_names(s->reading);
    return open_names(s, e);
}

/* --- a class that runs --- */

static struct known number_of(struct locust_script *s, struct class *k, const char *name,
                              double fallback) {
    struct locust_reading *r = s->reading;
    const struct class *in = NULL;
    const struct class_member *m = py_class_find(k, name, &in);
    struct known out = {.value = fallback, .most = fallback, .line = node_line(k->node)};
    if (!m)
        return out;
    struct number number;
    struct scope scope = {.classes = &r->classes, .m = m->m, .within = (struct class *)in};
    out.line = m->m == r->names.module[0] ? node_line(m->value) : 0;
    if (m->sure && locust_value_number(&scope, m->value, &number) && number.value >= 0) {
        out.value = out.most = number.value;
        if (number.from_env && !r->cost.environment_line)
            r->cost.environment_line = node_line(m->value);
        return out;
    }
    out.value = out.most = NAN;
    snprintf(out.why, sizeof out.why, "line %ld makes %s at run time", node_line(m->value), name);
    return out;
}

static void read_host(struct locust_script *s, const struct class *k) {
    const struct class *in = NULL;
    const struct class_member *m = py_class_find(k, "host", &in);
    char text[512];
    bool whole;
    if (!m || node_is(m->value, "none") || m->is_function) {
        s->has_host = false;
        return;
    }
    struct scope scope = {.classes = &s->reading->classes, .m = m->m, .within = (struct class *)in};
    locust_value_prefix(&scope, m->value, text, sizeof text, &whole);
    size_t host = url_host_bytes(text);
    if (s->base_url[0] || !host || (!whole && !text[host]) || host >= sizeof s->base_url)
        return;
    text_copy(s->base_url, sizeof s->base_url, text);
    s->base_url[host] = '\0';
    s->base_url_line = m->m == s->reading->names.module[0] ? node_line(m->value) : 0;
}

static bool read_class(struct locust_script *s, const struct running *it, size_t index,
                       struct err *e) {
    struct locust_class *out = &s->cls[index];
    text_copy(out->name, sizeof out->name, it->name);
    out->line = it->line;
    out->imported = it->class->m != s->reading->names.module[0];
    out->fast = it->class->kind & KIND_FAST;
    text_copy(out->executor, sizeof out->executor,
              out->fast                     ? "FastHttpUser"
              : it->class->kind & KIND_HTTP ? "HttpUser"
                                            : "User");
    out->weight = number_of(s, it->class, "weight", 1);
    out->fixed_count = number_of(s, it->class, "fixed_count", 0);
    read_host(s, it->class);
    return locust_tasks_measure(&s->reading->cost, it->class, s, index, e);
}

static bool read_classes(struct locust_script *s, struct err *e) {
    struct running_list list = {0};
    bool ok = locust_running_find(s, &list, e);
    s->has_host = true;
    for (size_t i = 0; ok && i < list.len; i++) {
        ok = read_class(s, &list.item[i], i, e);
        s->classes = i + 1;
    }
    struct cost_count *c = &s->reading->cost;
    if (!s->base_url[0]) {
        text_copy(s->base_url, sizeof s->base_url, c->base_url);
        s->base_url_line = c->base_url_line;
    }
    return ok;
}

/* --- all of it --- */

static bool refuse_own_module(const struct source *src, struct err *e) {
    static const char *const names[] = {"locust.py", "locust/__init__.py"};
    for (size_t i = 0; src->beside && i < sizeof names / sizeof *names; i++) {
        size_t len = 0;
        char *text = src->beside(src->context, names[i], &len);
        free(text);
        if (!text)
            continue;
        err_set(e, ERR_REFUSED, "%s beside the script is loaded in place of Locust", names[i]);
        err_at(e, src->file, 1);
        return err_fix(e, "give it another name");
    }
    return true;
}

bool locust_open(struct locust_script *s, const struct source *src, struct err *e) {
    *s = (struct locust_script){.src = src, .reading = mem_new(1, sizeof *s->reading)};
    struct locust_reading *r = s->reading;
    s->block.abort_share = s->block.abort_seconds = NAN;
    if (!open_text(s, e))
        return false;
    py_classes_open(&r->classes, &r->names);
    locust_cost_open(&r->cost, &r->classes, &s->findings);
    read_style(s);
    return locust_signs_python2(r->names.module[0], e) && locust_signs_old_locust(&r->names, e) &&
           locust_signs_own_test(&r->names, e) && refuse_own_module(src, e) && read_classes(s, e);
}

void locust_close(struct locust_script *s) {
    locust_cost_close(&s->reading->cost);
    py_classes_close(&s->reading->classes);
    close_names(s->reading);
    free(s->reading);
    locust_block_fini(&s->block);
    findings_fini(&s->findings);
    *s = (struct locust_script){0};
}
