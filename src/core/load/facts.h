/* load/facts.h
 * What a script does now, as its tool's folder read it from the text: the numbers a load is made
 * of, each with its line, or unknown with the reason. Nothing is guessed. */
#ifndef PERFSCALE_LOAD_FACTS_H
#define PERFSCALE_LOAD_FACTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/finding.h"

enum { SCENARIOS_MAX = 64 };

/* A number from the text. Unknown: value is NAN and why says what stands in the way. */
struct known {
    double value;
    double most; /* the upper end when branches differ; else equal to value */
    long line;   /* 0 when at no single line */
    char why[160];
};

/* A part of the script with its own load: k6 scenario, Locust User class, JMX thread group. */
struct scenario {
    char name[64];
    char executor[32]; /* the tool's word for how it is driven */
    long line;
    struct known vus;         /* most VUs that it runs now */
    struct known duration_ms; /* how long it runs now */
    struct known requests_per_iteration;
    struct known think_ms; /* pauses per iteration */
};

struct facts {
    char tool[16];
    long lines; /* of the script */
    struct scenario scenario[SCENARIOS_MAX];
    size_t scenarios;
    char base_url[256]; /* scheme and host of its requests, "" when unknown */
    long base_url_line;
    struct findings findings; /* owned: mistakes that make a larger run meaningless */
};

void facts_fini(struct facts *f);

#endif
