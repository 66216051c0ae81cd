#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tools/jmeter/plan_parts.h"

/* What is asked of an HTTP sampler, in one walk over its children. */
struct request {
    int domain, port, protocol, path, embedded, follows, keep_alive;
};

static void find(const struct jmx *x, int sampler, struct request *r) {
    const struct {
        const char *name; /* behind "HTTPSampler." */
        int *to;
    } wanted[] = {{"domain", &r->domain},           {"port", &r->port},
                  {"protocol", &r->protocol},       {"path", &r->path},
                  {"image_parser", &r->embedded},   {"follow_redirects", &r->follows},
                  {"use_keepalive", &r->keep_alive}};
    static const char prefix[] = "HTTPSampler.";
    *r = (struct request){JMX_NONE, JMX_NONE, JMX_NONE, JMX_NONE, JMX_NONE, JMX_NONE, JMX_NONE};
    for (int i = x->item[sampler].first_child; i != JMX_NONE; i = x->item[i].next) {
        struct jmx_attribute a;
        size_t skip = sizeof prefix - 1;
        if (!jmx_attribute(x, i, "name", &a) || a.value.end - a.value.start <= skip ||
            memcmp(x->text + a.value.start, prefix, skip) != 0)
            continue;
        const char *name = x->text + a.value.start + skip;
        size_t len = a.value.end - a.value.start - skip;
        for (size_t k = 0; k < sizeof wanted / sizeof *wanted; k++)
            if (strlen(wanted[k].name) == len && memcmp(wanted[k].name, name, len) == 0)
                *wanted[k].to = i;
    }
}

static bool says(const struct jmx *x, int element, const char *word) {
    if (element == JMX_NONE)
        return false;
    struct jmx_range v = jmx_value(x, element);
    return v.end - v.start == strlen(word) && memcmp(x->text + v.start, word, strlen(word)) == 0;
}

/* Of the sampler, else of the defaults. false when the file does not say it. */
static bool text_of(const struct jmeter_plan *p, int own, int of_defaults, char *out, size_t size) {
    struct jmeter_value v;
    jmeter_resolve_element(&p->values, &p->x, own, &v);
    if (v.resolved && !v.text[0])
        jmeter_resolve_element(&p->values, &p->x, of_defaults, &v);
    *out = '\0';
    return v.resolved && text_copy(out, size, v.text);
}

/* A path that is a whole URL is taken as it is. */
static bool base_of_path(const char *path, char *out, size_t size) {
    size_t scheme = text_starts(path, "https://") ? 8 : text_starts(path, "http://") ? 7 : 0;
    size_t host = scheme ? strcspn(path + scheme, "/?#") : 0;
    if (!host || strstr(path, "${") || scheme + host >= size)
        return false;
    memcpy(out, path, scheme + host);
    out[scheme + host] = '\0';
    return true;
}

static void see_base_url(struct jmeter_plan *p, const struct request *own,
                         const struct request *defaults) {
    char domain[128], port[16], protocol[16], path[JMETER_VALUE_MAX];
    int at = own->domain;
    if (text_of(p, own->path, JMX_NONE, path, sizeof path) &&
        base_of_path(path, p->base_url, sizeof p->base_url)) {
        p->base_url_line = jmx_element_line(&p->x, own->path);
        return;
    }
    if (!text_of(p, own->domain, defaults->domain, domain, sizeof domain) || !domain[0] ||
        !text_of(p, own->port, defaults->port, port, sizeof port) ||
        !text_of(p, own->protocol, defaults->protocol, protocol, sizeof protocol))
        return;
    if (at == JMX_NONE || p->x.item[at].value_start == p->x.item[at].value_end)
        at = defaults->domain;
    snprintf(p->base_url, sizeof p->base_url, "%s://%s%s%s", protocol[0] ? protocol : "http",
             domain, port[0] ? ":" : "", port);
    p->base_url_line = jmx_element_line(&p->x, at);
}

void request_see(struct jmeter_plan *p, int sampler, int defaults, struct tallies *t) {
    struct request own,
        other = {JMX_NONE, JMX_NONE, JMX_NONE, JMX_NONE, JMX_NONE, JMX_NONE, JMX_NONE};
    find(&p->x, sampler, &own);
    if (defaults != JMX_NONE)
        find(&p->x, defaults, &other);
    if (!p->base_url[0])
        see_base_url(p, &own, &other);
    if (says(&p->x, own.embedded, "true") || says(&p->x, other.embedded, "true"))
        tally(t, TALLY_EMBEDDED, sampler);
    if (says(&p->x, own.follows, "true"))
        tally(t, TALLY_REDIRECTS, sampler);
    if (says(&p->x, own.keep_alive, "false") && p->new_connections == JMX_NONE)
        p->new_connections = own.keep_alive;
}
