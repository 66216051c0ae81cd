#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tools/k6/cost.h"
#include "tools/k6/value.h"
#include "tools/url.h"

static const struct {
    const char *method;
    int url, params;
} methods[] = {
    {"get", 0, 1}, {"head", 0, 1},    {"post", 0, 2},    {"put", 0, 2},          {"patch", 0, 2},
    {"del", 0, 2}, {"options", 0, 2}, {"request", 1, 3}, {"asyncRequest", 1, 3}, {"batch", 0, -1},
};

static int find(const char *method) {
    for (int i = 0; i < (int)(sizeof methods / sizeof *methods); i++)
        if (strcmp(methods[i].method, method) == 0)
            return i;
    return -1;
}

int http_url_argument(const char *method) {
    int i = find(method);
    return i < 0 ? -1 : methods[i].url;
}

/* http.url`...` names the endpoint by its template: *url becomes the template. */
static bool is_url_template(const struct k6_script *s, TSNode *url) {
    TSNode f = node_field(*url, "function"), inside = node_field(*url, "arguments");
    if (!node_is(*url, "call_expression") || !node_is(inside, "template_string") ||
        !node_text_is(&s->js, node_field(f, "property"), "url"))
        return false;
    *url = inside;
    return true;
}

/* The value of params.tags.name, or something that may hold one. */
static bool may_have_name(const struct k6_script *s, TSNode params) {
    static const char *const path[] = {"tags", "name", NULL};
    TSNode at = value_node(&s->names, params);
    for (const char *const *key = path; *key; key++) {
        if (!node_is(at, "object"))
            return true;
        struct js_list l;
        js_list_open(&s->js, at, &l);
        const struct member *m = js_member(&l, *key);
        bool open_ended = false;
        for (size_t i = 0; i < l.len; i++)
            open_ended =
                open_ended || l.item[i].kind == MEMBER_SPREAD || l.item[i].kind == MEMBER_COMPUTED;
        TSNode next = m ? m->value : (TSNode){0};
        js_list_close(&l);
        if (ts_node_is_null(next))
            return open_ended;
        at = key[1] ? value_node(&s->names, next) : next;
    }
    return true;
}

/* A variable that runs over a list in the script: as many URLs as the list has elements. */
static bool runs_over_list(const struct k6_script *s, TSNode n) {
    const struct bind *b = node_is(n, "identifier") ? names_one(&s->names, n) : NULL;
    return b && b->kind == BIND_PARAM && !ts_node_is_null(b->node) &&
           node_is(value_node(&s->names, b->node), "array");
}

/* Parts of a URL text that change from call to call. */
struct url_parts {
    const struct k6_script *s;
    int changing;
};

static void count_part(struct url_parts *p, TSNode part, bool first) {
    char text[512];
    bool whole;
    value_prefix(&p->s->names, part, text, sizeof text, &whole);
    /* the first part may be a host from elsewhere */
    if (!whole && !(first && !url_host_bytes(text)) && !runs_over_list(p->s, part))
        p->changing++;
}

static void count_parts(struct url_parts *p, TSNode url, bool first, int depth) {
    if (node_is(url, "binary_expression") && node_is(node_field(url, "operator"), "+") &&
        depth < 40) {
        count_parts(p, js_unwrap(node_field(url, "left")), first, depth + 1);
        count_parts(p, js_unwrap(node_field(url, "right")), false, depth + 1);
        return;
    }
    if (!node_is(url, "template_string")) {
        count_part(p, url, first);
        return;
    }
    struct nodes inside = {0};
    js_children(url, &inside);
    for (size_t i = 0; i < inside.len; i++)
        if (node_is(inside.item[i], "template_substitution"))
            count_part(p, ts_node_named_child(inside.item[i], 0),
                       first && node_start(inside.item[i]) == node_start(url) + 1);
    nodes_fini(&inside);
}

static void remark_ids(struct cost_count *c, TSNode url, TSNode params) {
    const struct k6_script *s = c->script;
    struct url_parts p = {.s = s};
    count_parts(&p, js_unwrap(url), true, 0);
    if (!p.changing || (!ts_node_is_null(params) && may_have_name(s, params)))
        return;
    long line = node_line(url);
    for (size_t i = 0; i < c->findings->len; i++)
        if (c->findings->item[i].line == line &&
            strcmp(c->findings->item[i].kind, "ids-in-url") == 0)
            return;
    struct finding *it = findings_add(
        c->findings, FINDING_WARNING, "ids-in-url",
        "The URL changes from request to request: every one of them becomes a metric of "
        "its own. Give it a name: { tags: { name: '...' } }, or http.url`...`.");
    it->line = line;
    snprintf(it->file, sizeof it->file, "%s", s->js.file);
}

void http_see_request(struct cost_count *c, const char *method, const struct nodes *args) {
    const struct k6_script *s = c->script;
    int i = find(method), at = methods[i].url, params_at = methods[i].params;
    if (at >= (int)args->len)
        return;
    TSNode url = args->item[at];
    bool named = is_url_template(s, &url), whole;
    char text[512];
    value_prefix(&s->names, url, text, sizeof text, &whole);
    size_t host = url_host_bytes(text);
    if (host && !c->base_url[0] && host < sizeof c->base_url && (whole || text[host])) {
        memcpy(c->base_url, text, host);
        c->base_url[host] = '\0';
        c->base_url_line = node_line(url);
    }
    if (!named)
        remark_ids(c, url, params_at < (int)args->len ? args->item[params_at] : (TSNode){0});
}

/* --- base URL when no request shows it --- */

/* The first value at the top level that is a URL, when no request shows its host. */
static void base_url_of_names(const struct k6_script *s, struct cost_count *c) {
    size_t first = s->js.len + 1;
    for (size_t i = 0; i < s->names.binds; i++) {
        const struct bind *b = &s->names.bind[i];
        char text[256];
        bool whole;
        if (!b->top || b->kind != BIND_VALUE || node_start(b->at) >= first)
            continue;
        value_prefix(&s->names, b->node, text, sizeof text, &whole);
        size_t host = url_host_bytes(text);
        if (!host || (!whole && !text[host]))
            continue;
        first = node_start(b->at);
        text[host] = '\0';
        text_copy(c->base_url, sizeof c->base_url, text);
        c->base_url_line = node_line(b->at);
    }
}

struct url_search {
    char host[256];
    long line;
    bool several;
};

static bool see_url(const struct syntax *js, TSNode n, bool *down, void *self) {
    struct url_search *q = self;
    char text[512];
    *down = !node_is(n, "import_statement") && !node_is(n, "export_clause");
    if (!node_is(n, "string") && !node_is(n, "template_string"))
        return true;
    node_copy(js, n, text, sizeof text);
    size_t host = url_host_bytes(text + 1);
    if (host && strcspn(text + 1, "'\"`$") < host)
        host = strcspn(text + 1, "'\"`$");
    text[1 + host] = '\0';
    if (!host || host >= sizeof q->host || !url_host_bytes(text + 1))
        return true;
    q->several = q->host[0] && strcmp(q->host, text + 1) != 0;
    if (!q->host[0])
        q->line = node_line(n);
    text_copy(q->host, sizeof q->host, text + 1);
    return !q->several;
}

/* The one host that all URLs of the script name. */
static void base_url_of_strings(const struct k6_script *s, struct cost_count *c) {
    struct url_search q = {0};
    js_walk(&s->js, s->js.root, &(struct js_visit){see_url, &q});
    if (q.several || !q.host[0])
        return;
    text_copy(c->base_url, sizeof c->base_url, q.host);
    c->base_url_line = q.line;
}

void http_guess_base_url(struct cost_count *c) {
    base_url_of_names(c->script, c);
    if (!c->base_url[0])
        base_url_of_strings(c->script, c);
}
