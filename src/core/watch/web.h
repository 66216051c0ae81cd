/* watch/web.h
 * Shared by the files of one source that is an address: asking (web.c), what is said of it
 * (web_look.c), finding out what answers there (web_find.c), a load tool's figures (web_tool.c),
 * and the memory and CPU of a server (web_page.c, web_prometheus.c). One question is under way at a
 * time. */
#ifndef PERFSCALE_WATCH_WEB_H
#define PERFSCALE_WATCH_WEB_H

#include "tools/process.h"
#include "watch/parts.h"

enum {
    WEB_URL_BYTES = 2048,
    WEB_LIVE_BYTES = 4 << 20,
    WEB_PAGE_BYTES = 16 << 20,
    WEB_RANGE_BYTES = 64 << 20,
};

/* What is wrong with the answers. */
enum web_trouble {
    WEB_FINE,
    WEB_REFUSED, /* nobody listens */
    WEB_SILENT,  /* no answer in time */
    WEB_LOGIN,
    WEB_OTHER, /* why says it */
};

/* A kind of question. */
struct web_question {
    size_t most_bytes;
    bool at_most_once; /* no answer counts as another one */
    /* With the answer's bytes: is it what was asked for? */
    bool (*read)(struct web_source *w, const struct http_answer *a, struct err *e);
    void (*take)(struct web_source *w, struct moment_now now);  /* it is */
    void (*other)(struct web_source *w, struct moment_now now); /* it is not; NULL: trouble */
};

/* What answers there. */
struct web_kind {
    bool server;
    void (*ask)(struct web_source *w, struct moment_now now); /* begins a round of questions */
};
extern const struct web_kind web_find, web_tool, web_page, web_prometheus;

/* An address that is asked to find out what it is. */
struct web_search {
    size_t at;          /* in lives[]; past its end: Prometheus */
    char answers[120];  /* "an HTML page", "HTTP 404" */
    bool said, failing; /* answers is no mere status; it has trouble of its own (HTTP 5xx) */
};

struct web_rounds {
    const struct live *live; /* NULL: not known yet */
    size_t at;               /* path that is asked now */
    struct live_figures round, last;
    double round_ms; /* that its answers took */
    int64_t begin_ms;
    bool timed;  /* round_ms is of all paths */
    bool beside; /* a file tells the figures since the start */
    bool told, slow_said, asked_last;
    char *result; /* owned; the tool's own at the end */
    size_t result_len;
};

struct web_process {
    struct process_figures is, was;
    int64_t was_ms;   /* day clock of was; 0: none */
    int64_t asked_ms; /* steady */
    double cores;     /* NAN */
};

enum { WEB_QUERIES_MAX = 2 };

struct web_queries {
    const char *query[WEB_QUERIES_MAX];
    enum process_metric metric[WEB_QUERIES_MAX];
    size_t n, at;
    char *own;             /* owned; the query of the user; NULL */
    double scrape_s;       /* NAN: not asked yet */
    bool scrape_told;      /* a target told it */
    int64_t from_ms;       /* day clock: what is known begins here; 0: nothing is */
    int64_t until_ms;      /* and ends here */
    int64_t asked_ms;      /* steady; the begin of the round */
    int64_t asked_from_ms; /* of the range */
    bool ranged;           /* a range was asked for */
    bool anew;             /* its values take the place of all that is known */
    size_t values;         /* of the last answer */
    double sum[2];         /* of each metric at the latest moment of the last answer; NAN */
    double sum_s;          /* that moment */
    bool fresh;
};

struct web_source {
    char *url; /* owned */
    double idle_s;
    struct http *http;     /* borrowed */
    struct stream *stream; /* borrowed */
    int port;
    struct alarms *alarms; /* borrowed */
    char name[256], host[128], base[WEB_URL_BYTES];
    struct login login;
    const struct web_kind *kind;

    unsigned asking; /* number of the question under way; 0: none */
    const struct web_question *asked;
    bool answered; /* and not looked at yet */
    enum http_end end;
    long status;
    bool is_it; /* what was asked for */
    struct err why;
    double took_ms;

    enum web_trouble trouble;
    int64_t trouble_ms, refused_ms, refused_day_ms; /* since when */
    int tries;                                      /* since then */
    double every_s;                                 /* between rounds */
    double delay_s;                                 /* until the next try, in trouble */
    int64_t due_ms, first_ms, heard_ms, fresh_ms;   /* steady; INT64_MIN: never */
    bool gone, over;
    int64_t start_ms; /* of the run */
    char note[200];   /* said when nothing is wrong */
    struct trace trace[TRACES_MAX];
    size_t traces;

    struct web_search search;
    struct web_rounds tool;
    struct web_process page;
    struct web_queries queries;
};

/* Asks path of the base; NULL: the address itself. */
void web_ask(struct web_source *w, const struct web_question *q, const char *path,
             struct moment_now now);

/* A round was answered well: the next one is due every_s after begin_ms. */
void web_good(struct web_source *w, int64_t begin_ms, bool fresh, struct moment_now now);

/* It was not: tried again after a while. WEB_OTHER: w->why says what is wrong. */
void web_fail(struct web_source *w, enum web_trouble t, struct moment_now now);
void web_try_in(struct web_source *w, double s, struct moment_now now);

/* It has answered well at least once. */
bool web_heard(const struct web_source *w);

/* Equal, or neither is known. */
bool web_same(double a, double b);

/* --- what is found out --- */

void web_become_tool(struct web_source *w, const struct live *live, struct moment_now now);
void web_become_prometheus(struct web_source *w, const char *query);
bool web_is_targets(struct web_source *w, const struct http_answer *a, struct err *e);

/* The trace of that name, made when there is none; NULL: there are too many. */
struct trace *web_trace(struct web_source *w, const char *name);
void web_trace_add(struct trace *t, double day_s, double mb);

#endif
