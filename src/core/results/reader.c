#include "results/reader.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

/* A reader says all figures of an endpoint in a row: the last one is the likeliest. */
static struct endpoint *known_endpoint(struct summary *s, const char *name) {
    for (size_t i = s->endpoints; i > 0; i--)
        if (strcmp(s->endpoint[i - 1].name, name) == 0)
            return &s->endpoint[i - 1];
    return NULL;
}

static struct endpoint *find_endpoint(struct summary *s, const char *name) {
    if (s->endpoints_left_out && strcmp(s->last_left_out, name) == 0)
        return NULL;
    struct endpoint *p = known_endpoint(s, name);
    if (p)
        return p;
    if (s->endpoints == ENDPOINTS_MAX) {
        s->endpoints_left_out++;
        text_copy(s->last_left_out, sizeof s->last_left_out, name);
        return NULL;
    }
    s->endpoint = mem_grow(s->endpoint, s->endpoints, &s->endpoints_cap, sizeof *s->endpoint);
    p = &s->endpoint[s->endpoints++];
    *p = (struct endpoint){0};
    text_copy(p->name, sizeof p->name, name);
    for (int m = 0; m < ENDPOINT_METRICS; m++)
        p->figure[m] = (struct figure){.value = NAN, .low = NAN, .high = NAN};
    return p;
}

static void take_value(struct summary *s, const struct word *w) {
    struct figure *to = NULL;
    if (!w->scope) {
        to = &s->figure[w->metric];
    } else if ((int)w->metric < ENDPOINT_METRICS) {
        struct endpoint *p = find_endpoint(s, w->scope);
        to = p ? &p->figure[w->metric] : NULL;
    }
    if (to && isnan(to->value))
        *to = w->figure;
}

static void take_threshold(struct summary *s, const struct word *w) {
    if (s->thresholds == THRESHOLDS_MAX)
        return;
    s->threshold = mem_grow(s->threshold, s->thresholds, &s->thresholds_cap, sizeof *s->threshold);
    struct threshold *t = &s->threshold[s->thresholds++];
    *t = (struct threshold){.ok = w->ok};
    text_copy(t->metric, sizeof t->metric, w->scope ? w->scope : "");
    text_copy(t->expr, sizeof t->expr, w->text ? w->text : "");
}

static void take_first(char *to, size_t size, const char *text) {
    if (!to[0] && text)
        text_copy(to, size, text);
}

static void take(void *self, const struct word *w) {
    struct summary *s = self;
    switch (w->door) {
    case DOOR_VALUE:
        take_value(s, w);
        break;
    case DOOR_THRESHOLD:
        take_threshold(s, w);
        break;
    case DOOR_FORMAT:
        text_copy(s->format, sizeof s->format, w->text);
        break;
    case DOOR_TOOL_VERSION:
        take_first(s->tool_version, sizeof s->tool_version, w->text);
        break;
    case DOOR_STOPPED:
        take_first(s->stopped, sizeof s->stopped, w->text);
        break;
    case DOOR_GENERATOR:
        take_first(s->generator, sizeof s->generator, w->text);
        break;
    case DOOR_BLOCKS:
        s->blocks = (int)w->figure.value;
        break;
    case DOOR_LINES:
        s->lines = (long)w->figure.value;
        break;
    }
}

struct sink summary_sink(struct summary *s, const struct reader *r) {
    s->tool = r->tool;
    text_copy(s->format, sizeof s->format, r->name);
    return (struct sink){.self = s, .summary = take};
}

bool reader_read(const struct reader *r, const char *bytes, size_t len, struct summary *s,
                 struct err *e) {
    summary_init(s);
    struct sink out = summary_sink(s, r);
    void *self = r->open(&out);
    bool ok = r->feed(self, bytes, len, e) && r->finish(self, e);
    r->close(self);
    return ok;
}
