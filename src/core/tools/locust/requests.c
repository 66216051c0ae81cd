#include "tools/locust/requests.h"

#include <string.h>

#include "base/text.h"
#include "tools/url.h"

int locust_client_url_argument(const char *method) {
    static const struct {
        const char *name;
        int url;
    } row[] = {
        {"get", 0},     {"post", 0},    {"put", 0},  {"patch", 0}, {"delete", 0},     {"head", 0},
        {"options", 0}, {"request", 1}, {"rest", 1}, {"rest_", 1}, {"iter_lines", 0},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        if (strcmp(row[i].name, method) == 0)
            return row[i].url;
    return -1;
}

void locust_request_see(struct cost_count *c, struct frame *f, TSNode call, const char *method) {
    struct scope s = locust_frame_scope(c, f);
    char text[512];
    bool whole;
    const struct syntax *py = &f->m->py;
    struct nodes args = {0};
    node_children(node_field(call, "arguments"), &args);
    TSNode url = py_argument_of(py, &args, "url", locust_client_url_argument(method));
    if (ts_node_is_null(url))
        url = py_argument_of(py, &args, "path", -1);
    bool named = !ts_node_is_null(py_argument_of(py, &args, "name", -1));
    nodes_fini(&args);
    locust_value_prefix(&s, url, text, sizeof text, &whole);
    size_t host = url_host_bytes(text);
    if (host && !c->base_url[0] && (whole || text[host]) && host < sizeof c->base_url) {
        text_copy(c->base_url, sizeof c->base_url, text);
        c->base_url[host] = '\0';
        c->base_url_line = node_line(call);
    }
    if (!whole && text[0] && !named)
        locust_cost_remark(
            c, f->m, call, FINDING_WARNING, "url-per-id",
            "The path is made at run time and the request has no name=: Locust keeps one "
            "row for each path, and the history file grows with them. Add name=\"/item/"
            "[id]\".");
}

void locust_request_outside(struct cost_count *c, const struct frame *f, TSNode call,
                            const struct thing *callee) {
    static const char *const modules[] = {
        "requests", "httpx", "urllib.request", "aiohttp", "urllib3", "http.client", NULL};
    static const char *const names[] = {"get",     "post",    "put",     "patch",   "delete",
                                        "head",    "options", "request", "urlopen", "Session",
                                        "session", "Client",  NULL};
    bool module = false, name = false;
    for (const char *const *m = modules; callee->kind == THING_FOREIGN && *m; m++)
        module = module || strcmp(callee->from, *m) == 0;
    for (const char *const *w = names; module && *w; w++)
        name = name || strcmp(callee->name, *w) == 0;
    if (name)
        locust_cost_remark(
            c, f->m, call, FINDING_WARNING, "request-outside-locust",
            "This request does not go through self.client: Locust neither counts nor "
            "measures it, so the server gets more than the target. Use self.client.");
}
