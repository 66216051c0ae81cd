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

/* What decides how often a scenario runs now. */
enum drive {
    DRIVE_VUS,        /* so many VUs (or a weight among VUs), each as fast as it can */
    DRIVE_RATE,       /* iterations per second */
    DRIVE_ITERATIONS, /* a number of iterations */
};

/* A part of the script with its own load: k6 scenario, Locust User class, JMX thread group. */
struct scenario {
    char name[64];
    char executor[32]; /* the tool's word for how it is driven */
    long line;
    struct known vus;         /* most VUs that it runs now */
    struct known duration_ms; /* how long it runs now */
    struct known requests_per_iteration;
    struct known think_ms; /* pauses inside an iteration: they stay */
    struct known wait_ms;  /* pause between iterations that a paced load takes the place of; 0 where
                              the tool has none */
    double period_ms; /* the time of a whole iteration, requests and all, of which wait_ms is what
                         the pauses inside leave (Locust's constant_pacing); else 0 */
    enum drive drive;
    struct known amount; /* of drive: VUs or weight, iterations/s, iterations */
    char left_alone[96]; /* why it carries no part of the target; "" when it does */
};

/* A pass or fail rule that the script has already and keeps. */
struct own_limit {
    char metric[96]; /* "http_req_duration{scenario:buy}" */
    char text[160];  /* "p(95)<800", as it stands in the script */
    long line;
};
enum { OWN_LIMITS_MAX = 64 };

struct facts {
    char tool[16];
    long lines; /* of the script */
    struct scenario scenario[SCENARIOS_MAX];
    size_t scenarios;
    char base_url[256]; /* scheme and host of its requests, "" when unknown */
    long base_url_line;
    char need[24]; /* its row in references/infrastructure-requirements.md; "": the tool's */
    struct own_limit limit[OWN_LIMITS_MAX]; /* of k6: its thresholds */
    size_t limits;
    bool new_connections; /* a new connection for each iteration: nothing is kept alive */
    long new_connections_line;
    struct findings findings; /* owned: mistakes that make a larger run meaningless */
};

void facts_fini(struct facts *f);

/* Scenarios that carry the target: those that are not left alone. */
size_t facts_carriers(const struct facts *f, const struct scenario *out[SCENARIOS_MAX]);

/* The wait between two iterations when a response takes avg_ms (NAN: not known). */
double scenario_wait_ms(const struct scenario *s, double avg_ms);

/* Requests/s of each carrier in proportion, from the text alone and an average response time;
 * shares in the order of facts_carriers(), adding up to 1. false when the text does not say it: why
 * names the scenario and the line. */
bool facts_shares(const struct facts *f, double avg_ms, double share[SCENARIOS_MAX], char *why,
                  size_t size);

#endif
