/* Small results whose figures can be worked out by hand, and a reading of them. */
#ifndef PERFSCALE_TESTS_GATHER_FIXTURE_H
#define PERFSCALE_TESTS_GATHER_FIXTURE_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "gather/gather.h"
#include "temp_folder.h"

#define K6_CSV_HEADER                                                                              \
    "metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,"    \
    "name,proto,scenario,service,status,subproto,tls_version,url,extra_tags,metadata\n"
#define RUN_START_S 1700000000

static inline void k6_row(struct buf *b, const char *metric, int at_s, double value, bool ok,
                          const char *name) {
    buf_printf(b, "%s,%d,%.6f,,,,%s,,GET,%s,HTTP/1.1,default,,%s,,,%s,,\n", metric,
               RUN_START_S + at_s, value, ok ? "true" : "false", name, ok ? "200" : "503", name);
}

static inline void k6_request(struct buf *b, int at_s, double ms, bool ok, const char *name) {
    k6_row(b, "http_reqs", at_s, 1, ok, name);
    k6_row(b, "http_req_duration", at_s, ms, ok, name);
    k6_row(b, "http_req_failed", at_s, ok ? 0 : 1, ok, name);
}

/* n requests from first_ms on in steps of 10 ms, one a second from at_s on; the last `failed` of
 * them fail. */
static inline void k6_csv(struct buf *b, int at_s, int n, int first_ms, int failed,
                          const char *name) {
    for (int i = 0; i < n; i++)
        k6_request(b, at_s + i, first_ms + 10 * i, i < n - failed, name);
}

static inline void write_k6_csv(const char *file, int at_s, int n, int first_ms, int failed,
                                const char *name) {
    struct buf b;
    buf_init(&b, 1 << 24);
    buf_str(&b, K6_CSV_HEADER);
    k6_csv(&b, at_s, n, first_ms, failed, name);
    temp_write(file, b.data);
    buf_fini(&b);
}

struct k6_export {
    int requests, failed, iterations, vus;
    double rps, avg, min, max, p95;
    bool crossed;
};

static inline void write_k6_export(const char *file, struct k6_export x) {
    char text[1000];
    snprintf(text, sizeof text,
             "{\"root_group\":{},\"metrics\":{\"http_reqs\":{\"count\":%d,\"rate\":%g},"
             "\"http_req_failed\":{\"passes\":%d,\"fails\":%d,\"value\":0.01},"
             "\"http_req_duration\":{\"avg\":%g,\"min\":%g,\"med\":%g,\"max\":%g,\"p(90)\":%g,"
             "\"p(95)\":%g,\"thresholds\":{\"p(95)<500\":%s}},"
             "\"iterations\":{\"count\":%d,\"rate\":1},"
             "\"vus\":{\"value\":1,\"min\":1,\"max\":%d}}}",
             x.requests, x.rps, x.failed, x.requests - x.failed, x.avg, x.min, x.avg, x.max, x.avg,
             x.p95, x.crossed ? "true" : "false", x.iterations, x.vus);
    temp_write(file, text);
}

#define LOCUST_STATS                                                                               \
    "Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min "        \
    "Response Time,Max Response Time,Average Content Size,Requests/s,Failures/s,50%,90%,95%,99%,"  \
    "100%\n"
#define LOCUST_HISTORY                                                                             \
    "Timestamp,User Count,Type,Name,Requests/s,Failures/s,50%,95%,Total Request Count,Total "      \
    "Failure Count,Total Median Response Time,Total Average Response Time,Total Min Response "     \
    "Time,Total Max Response Time,Total Average Content Size\n"

/* One second a row: users and all requests so far. */
static inline void write_locust_history(const char *file, int at_s, int rows, int users,
                                        int per_s) {
    struct buf b;
    buf_init(&b, 1 << 20);
    buf_str(&b, LOCUST_HISTORY);
    for (int i = 0; i < rows; i++)
        buf_printf(&b, "%d,%d,,Aggregated,%d.000000,0.000000,20,30,%d,0,20,20.0,10,40,100.0\n",
                   RUN_START_S + at_s + i, users, per_s, i * per_s);
    temp_write(file, b.data);
    buf_fini(&b);
}

/* Paths in the folder of the test; names end with NULL. */
static inline bool gather_files(const char *const *names, const struct gather_options *o,
                                struct summary *s, struct err *e) {
    static const struct gather_options plain;
    char path[8][512];
    const char *paths[8];
    size_t n = 0;
    for (; names[n]; n++) {
        snprintf(path[n], sizeof path[n], "%s/%s", temp_dir, names[n]);
        paths[n] = path[n];
    }
    *e = (struct err){0};
    return gather(paths, n, o ? o : &plain, s, e);
}

static inline const struct finding *finding_of(const struct summary *s, const char *kind) {
    for (size_t i = 0; i < s->findings.len; i++)
        if (strcmp(s->findings.item[i].kind, kind) == 0)
            return &s->findings.item[i];
    return NULL;
}

#endif
