/* tools/k6/cost.h
 * Requests and think time of one iteration, counted in the text of the function that a scenario
 * runs: through calls of functions of this file and callbacks of group(). What runs a number of
 * times that the text does not say is not known, with the line that hides it. */
#ifndef PERFSCALE_TOOLS_K6_COST_H
#define PERFSCALE_TOOLS_K6_COST_H

#include "base/finding.h"
#include "load/facts.h"
#include "tools/k6/script.h"

enum { COST_DEPTH_MAX = 200 };

/* Why a number is not known. */
enum why {
    WHY_KNOWN,
    WHY_MODULE,   /* a call into another module */
    WHY_LOOP,     /* a loop that runs as often as the data say */
    WHY_CALLBACK, /* a function that something else calls */
    WHY_BATCH,    /* http.batch of a list made at run time */
    WHY_SLEEP,    /* sleep() of a value made at run time */
    WHY_HANDED,   /* http itself is handed on */
    WHY_OBJECT,   /* a method whose code is not in this file */
    WHY_RECURSION,
    WHY_DEEP,
};

struct range {
    double low, high;
    enum why why;
    /* The place behind why; of a known one its only place, null when there are several. */
    TSNode at;
};

struct cost {
    struct range requests, think_ms;
};

struct cost_count {
    const struct k6_script *script; /* borrowed */
    struct cost_memo *memo;         /* owned: functions already counted */
    size_t memos, memos_cap;
    char base_url[256]; /* of the first request whose host is known */
    long base_url_line;
    long from_env_line;        /* a figure stands behind __ENV.X ||: its line, else 0 */
    bool foreign;              /* the script imports modules that may send requests */
    struct findings *findings; /* borrowed */
};

/* Findings about URLs are added to findings. */
void cost_open(struct cost_count *c, const struct k6_script *s, struct findings *findings);
void cost_close(struct cost_count *c);

/* Counts the function of one scenario. */
struct cost cost_of_scenario(struct cost_count *c, const struct k6_scenario *sc);
bool cost_is_silent(struct cost cost); /* surely without a request */

/* The sleep() that the function of a scenario ends with; *ms NAN when it is not known. false when
 * it ends otherwise. */
bool cost_final_sleep(const struct k6_script *s, const struct k6_scenario *sc, TSNode *call,
                      double *ms);

/* As a figure of the facts; an unknown one carries why in words. */
struct known cost_known(const struct cost_count *c, const struct k6_scenario *sc, struct range r);

/* --- between cost.c and cost_call.c --- */

struct cost cost_add(struct cost a, struct cost b);
struct cost cost_either(struct cost a, struct cost b);
struct cost cost_times(struct cost a, double n);
struct cost cost_unknown(enum why why, TSNode at);
struct cost cost_unless_zero(struct cost a, enum why why, TSNode at); /* unknown where not 0 */
struct cost cost_of_expression(struct cost_count *c, TSNode n, int depth);
struct cost cost_of_function(struct cost_count *c, TSNode function, int depth);
struct cost cost_of_block(struct cost_count *c, TSNode body, int depth);

struct cost cost_of_call(struct cost_count *c, TSNode call, int depth);
struct cost cost_of_reference(struct cost_count *c, TSNode n);   /* a name that is not called */
bool cost_call_never_returns(struct cost_count *c, TSNode call); /* fail() */

/* Elements of a literal list, also behind a name. false when it is none. */
bool cost_list_length(struct cost_count *c, TSNode n, double *length);

/* Is a module one that never sends an HTTP request by itself? */
bool module_is_quiet(const char *module);

/* --- requests.c --- */

/* Position of the URL among the arguments of a method of k6/http; -1 when it sends nothing. */
int http_url_argument(const char *method);

/* Remembers the host, and remarks on a URL that makes a metric of its own for each id. */
void http_see_request(struct cost_count *c, const char *method, const struct nodes *args);

/* The host when no request shows it: of a value at the top level, else the only one that the script
 * names. */
void http_guess_base_url(struct cost_count *c);

#endif
