/* Makes result files of any size, the same bytes for the same words:
 *
 *     results_make FORMAT BYTES [--seed N] [--messages PERCENT] [--checksum] > FILE
 *
 * FORMAT is jtl (JMeter 5, CSV, 17 columns), k6-csv or k6-json (k6 2, all rows of its metrics).
 * --messages: so many of the failures of a JTL carry an assertion message of several lines in
 * quotes. --checksum: FNV-1a of all bytes on standard error. Whole numbers only, so that no
 * compiler rounds otherwise. */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    BUFFER_BYTES = 1 << 20,
    GROUP_BYTES = 32 << 10, /* above the rows of one iteration */
    VUS = 400,
    RAMP_S = 60,
    GAP_NS = 500000, /* between two requests of all VUs: 2000 requests per second */
    TAIL_BYTES = 512,
};

static const int64_t start_ns = 1795424400 * INT64_C(1000000000);

struct endpoint {
    const char *method, *name, *url, *check;
    uint64_t median_us;
};
#define HOST "http://127.0.0.1:8080"
static const struct endpoint endpoints[] = {
    {"GET", "list orders", HOST "/api/orders?page=1", "list is 200", 38000},
    {"GET", "show order", HOST "/api/orders/17", "order is 200", 21000},
    {"POST", "create order", HOST "/api/orders", "create is 201", 85000},
    {"GET", "search", HOST "/api/search?q=lamp", "search is 200", 110000},
    {"POST", "log in", HOST "/login", "log in is 200", 64000},
    {"GET", "front page", HOST "/", "page is 200", 12000},
};
enum { ENDPOINTS = sizeof endpoints / sizeof *endpoints };

static const struct answer {
    const char *code, *message, *k6_error, *k6_code, *proto;
    bool ok;
    uint64_t us; /* 0: as the endpoint says */
} answers[] = {
    {"200", "OK", "", "", "HTTP/1.1", true, 0},
    {"500", "Internal Server Error", "", "1500", "HTTP/1.1", false, 9000},
    {"503", "Service Unavailable", "", "1503", "HTTP/1.1", false, 2000},
    {"Non HTTP response code: java.net.SocketTimeoutException",
     "Non HTTP response message: Read timed out", "request timeout", "1050", "", false, 10000000},
};
enum { ANSWERS = sizeof answers / sizeof *answers };

struct maker {
    char *at, *buffer; /* owned; BUFFER_BYTES */
    uint64_t written, checksum, random;
    bool with_checksum;
    unsigned messages; /* per cent of failures */
    int64_t now_ns;
    int64_t second; /* of the last figures of VUs */
    unsigned vus;
    char date[24]; /* of date_s: "2026-11-23T09:00:00" */
    int64_t date_s;
    char tail[ENDPOINTS][ANSWERS][TAIL_BYTES]; /* the tags of a request, as rows end with them */
    char check[ENDPOINTS][TAIL_BYTES];
    unsigned said; /* a bit per metric that the stream has introduced */
};

/* --- chance --- */

static uint64_t draw(struct maker *m) {
    m->random ^= m->random << 13;
    m->random ^= m->random >> 7;
    m->random ^= m->random << 17;
    return m->random * UINT64_C(0x2545f4914f6cdd1d) >> 32;
}

static uint64_t below(struct maker *m, uint64_t n) { return draw(m) * n >> 32; }

/* Most near the median, a tail up to ten times of it. */
static uint64_t response_us(struct maker *m, uint64_t median_us) {
    uint64_t x = draw(m), x2 = x * x >> 32, x4 = x2 * x2 >> 32, x8 = x4 * x4 >> 32;
    uint64_t x16 = x8 * x8 >> 32, x32 = x16 * x16 >> 32, x64 = x32 * x32 >> 32;
    uint64_t share = (UINT64_C(6) << 28) + (draw(m) >> 1) + x8 + (x8 >> 1) + 8 * x64;
    return median_us * (share >> 12) >> 20;
}

struct request {
    unsigned endpoint, answer;
    uint64_t ns;
};

static struct request next_request(struct maker *m) {
    struct request r = {.endpoint = (unsigned)below(m, ENDPOINTS)};
    if (below(m, 100) == 0)
        r.answer = 1 + (unsigned)(below(m, 10) * 2 / 9); /* a tenth times out */
    const struct answer *a = &answers[r.answer];
    uint64_t us = response_us(m, a->us ? a->us : endpoints[r.endpoint].median_us);
    if (a->us > 1000000)
        us = a->us + below(m, 900);
    r.ns = us * 1000 + below(m, 1000);
    m->vus = VUS;
    int64_t since_s = (m->now_ns - start_ns) / 1000000000;
    if (since_s < RAMP_S)
        m->vus = 1 + (unsigned)(since_s * VUS / RAMP_S);
    m->now_ns += (int64_t)below(m, UINT64_C(2) * GAP_NS * VUS / m->vus);
    return r;
}

/* --- bytes --- */

static void put(struct maker *m, const char *s, size_t len) {
    memcpy(m->at, s, len);
    m->at += len;
}

static void put_text(struct maker *m, const char *s) { put(m, s, strlen(s)); }

#define PUT(m, literal) put(m, literal, sizeof(literal) - 1)

static void put_number(struct maker *m, uint64_t n) {
    char digits[20], *s = digits + sizeof digits;
    do
        *--s = (char)('0' + n % 10);
    while (n /= 10);
    put(m, s, (size_t)(digits + sizeof digits - s));
}

static void put_digits(struct maker *m, uint64_t n, int digits) {
    for (int i = digits; i-- > 0; n /= 10)
        m->at[i] = (char)('0' + n % 10);
    m->at += digits;
}

static void drop_zeros(struct maker *m) {
    while (m->at[-1] == '0')
        m->at--;
    if (m->at[-1] == '.')
        m->at--;
}

static void flush(struct maker *m) {
    size_t len = (size_t)(m->at - m->buffer);
    for (size_t i = 0; m->with_checksum && i < len; i++)
        m->checksum = (m->checksum ^ (unsigned char)m->buffer[i]) * UINT64_C(0x100000001b3);
    for (size_t done = 0; done < len;) {
        ssize_t n = write(STDOUT_FILENO, m->buffer + done, len - done);
        if (n < 0 && errno != EINTR) {
            perror("results_make");
            exit(1);
        }
        done += n > 0 ? (size_t)n : 0;
    }
    m->written += len;
    m->at = m->buffer;
}

/* --- JTL --- */

static void jtl_header(struct maker *m) {
    PUT(m, "timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,"
           "failureMessage,bytes,sentBytes,grpThreads,allThreads,URL,Latency,IdleTime,Connect\n");
}

static void put_message(struct maker *m, const struct answer *a) {
    if (below(m, 100) >= m->messages)
        return;
    PUT(m, "\"Test failed: code expected to equal /\n\n****** received  : [[[");
    put_text(m, a->code);
    PUT(m, "]]]\n\n****** comparison: [[[200]]]\n\n/\"");
}

static void jtl_group(struct maker *m) {
    struct request r = next_request(m);
    const struct endpoint *p = &endpoints[r.endpoint];
    const struct answer *a = &answers[r.answer];
    uint64_t elapsed = r.ns / 1000000, connect = below(m, 32) ? 0 : 1 + below(m, 3);
    put_number(m, (uint64_t)(m->now_ns / 1000000) - elapsed);
    PUT(m, ",");
    put_number(m, elapsed);
    PUT(m, ",");
    put_text(m, p->name);
    PUT(m, ",");
    put_text(m, a->code);
    PUT(m, ",");
    put_text(m, a->message);
    PUT(m, ",Shop 1-");
    put_number(m, 1 + below(m, m->vus));
    put_text(m, a->ok ? ",text,true," : ",text,false,");
    if (!a->ok)
        put_message(m, a);
    PUT(m, ",");
    put_number(m, 400 + below(m, 2000));
    PUT(m, ",");
    put_number(m, 120 + below(m, 90));
    for (int i = 0; i < 2; i++) {
        PUT(m, ",");
        put_number(m, m->vus);
    }
    PUT(m, ",");
    put_text(m, p->url);
    PUT(m, ",");
    put_number(m, elapsed - (elapsed > 4 ? below(m, 4) : 0));
    PUT(m, ",0,");
    put_number(m, connect);
    PUT(m, "\n");
}

/* --- k6: the metrics of a request, of an iteration and of a second --- */

enum k6_metric {
    REQS,
    DURATION,
    BLOCKED,
    CONNECTING,
    TLS,
    SENDING,
    WAITING,
    RECEIVING,
    REQ_FAILED,
    CHECKS,
    SENT,
    RECEIVED,
    ITERATION_DURATION,
    ITERATIONS,
    VUS_NOW,
    VUS_ALLOCATED,
    K6_METRICS,
};

static const struct {
    const char *name, *type, *contains, *thresholds;
    bool time;
} k6_metrics[K6_METRICS] = {
    [REQS] = {"http_reqs", "counter", "default", "", false},
    [DURATION] = {"http_req_duration", "trend", "time", "\"p(95)<500\"", true},
    [BLOCKED] = {"http_req_blocked", "trend", "time", "", true},
    [CONNECTING] = {"http_req_connecting", "trend", "time", "", true},
    [TLS] = {"http_req_tls_handshaking", "trend", "time", "", true},
    [SENDING] = {"http_req_sending", "trend", "time", "", true},
    [WAITING] = {"http_req_waiting", "trend", "time", "", true},
    [RECEIVING] = {"http_req_receiving", "trend", "time", "", true},
    [REQ_FAILED] = {"http_req_failed", "rate", "default", "\"rate<0.05\"", false},
    [CHECKS] = {"checks", "rate", "default", "", false},
    [SENT] = {"data_sent", "counter", "data", "", false},
    [RECEIVED] = {"data_received", "counter", "data", "", false},
    [ITERATION_DURATION] = {"iteration_duration", "trend", "time", "", true},
    [ITERATIONS] = {"iterations", "counter", "default", "", false},
    [VUS_NOW] = {"vus", "gauge", "default", "", false},
    [VUS_ALLOCATED] = {"vus_max", "gauge", "default", "", false},
};

/* One row of a metric: value in nanoseconds for a time, else as it is; tags end the line. */
typedef void row_fn(struct maker *m, enum k6_metric metric, uint64_t value, const char *tags);

struct k6_form {
    row_fn *row;
    const char *iteration, *gauge; /* tags of such rows */
};

static void k6_request(struct maker *m, const struct k6_form *f, struct request r) {
    uint64_t value[] = {[REQS] = 1,
                        [DURATION] = r.ns,
                        [REQ_FAILED] = !answers[r.answer].ok,
                        [CHECKS] = answers[r.answer].ok};
    bool connects = below(m, 64) == 0;
    value[CONNECTING] = connects ? 40000 + below(m, 300000) : 0;
    value[BLOCKED] = value[CONNECTING] + 2000 + below(m, 9000);
    value[SENDING] = 9000 + below(m, 40000);
    value[RECEIVING] = 20000 + below(m, 180000);
    value[WAITING] = r.ns - value[SENDING] - value[RECEIVING];
    const char *tags = m->tail[r.endpoint][r.answer];
    for (enum k6_metric i = REQS; i <= REQ_FAILED; i++)
        f->row(m, i, value[i], tags);
    f->row(m, CHECKS, value[CHECKS], m->check[r.endpoint]);
}

static void k6_group(struct maker *m, const struct k6_form *f) {
    unsigned requests = 1 + (unsigned)below(m, 2);
    uint64_t pause_ns = UINT64_C(100000000) + below(m, 50000000);
    for (unsigned i = 0; i < requests; i++) {
        struct request r = next_request(m);
        k6_request(m, f, r);
        pause_ns += r.ns;
    }
    f->row(m, SENT, requests * 172, f->iteration);
    f->row(m, RECEIVED, requests * 868, f->iteration);
    f->row(m, ITERATION_DURATION, pause_ns, f->iteration);
    f->row(m, ITERATIONS, 1, f->iteration);
    int64_t second = m->now_ns / 1000000000;
    if (second == m->second)
        return;
    m->second = second;
    f->row(m, VUS_NOW, m->vus, f->gauge);
    f->row(m, VUS_ALLOCATED, VUS, f->gauge);
}

/* --- k6 CSV --- */

static void csv_row(struct maker *m, enum k6_metric metric, uint64_t value, const char *tags) {
    put_text(m, k6_metrics[metric].name);
    PUT(m, ",");
    put_number(m, (uint64_t)(m->now_ns / 1000000000));
    PUT(m, ",");
    put_number(m, k6_metrics[metric].time ? value / 1000000 : value);
    PUT(m, ".");
    put_digits(m, k6_metrics[metric].time ? value % 1000000 : 0, 6);
    put_text(m, tags);
}

static void csv_header(struct maker *m) {
    PUT(m, "metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,"
           "method,name,proto,scenario,service,status,subproto,tls_version,url,extra_tags,"
           "metadata\n");
    for (unsigned e = 0; e < ENDPOINTS; e++) {
        const struct endpoint *p = &endpoints[e];
        for (unsigned i = 0; i < ANSWERS; i++) {
            const struct answer *a = &answers[i];
            snprintf(m->tail[e][i], TAIL_BYTES, ",,%s,%s,%s,::shop,%s,%s,%s,default,,%s,,,%s,,\n",
                     a->k6_error, a->k6_code, a->ok ? "true" : "false", p->method, p->name,
                     a->proto, *a->proto ? a->code : "0", p->url);
        }
        snprintf(m->check[e], TAIL_BYTES, ",%s,,,,::shop,,,,default,,,,,,,\n", p->check);
    }
}

static void csv_group(struct maker *m) {
    static const struct k6_form form = {csv_row, ",,,,,,,,,default,,,,,,,\n", ",,,,,,,,,,,,,,,,\n"};
    k6_group(m, &form);
}

/* --- k6 NDJSON --- */

static void put_time(struct maker *m) {
    int64_t second = m->now_ns / 1000000000;
    if (second != m->date_s) {
        struct tm t;
        gmtime_r(&(time_t){second}, &t);
        strftime(m->date, sizeof m->date, "%Y-%m-%dT%H:%M:%S", &t);
        m->date_s = second;
    }
    put_text(m, m->date);
    PUT(m, ".");
    put_digits(m, (uint64_t)(m->now_ns % 1000000000), 9);
    drop_zeros(m);
    PUT(m, "Z");
}

static void introduce(struct maker *m, enum k6_metric metric) {
    m->said |= 1u << metric;
    m->at += sprintf(m->at,
                     "{\"type\":\"Metric\",\"data\":{\"name\":\"%s\",\"type\":\"%s\",\"contains\":"
                     "\"%s\",\"thresholds\":[%s],\"submetrics\":null},\"metric\":\"%s\"}\n",
                     k6_metrics[metric].name, k6_metrics[metric].type, k6_metrics[metric].contains,
                     k6_metrics[metric].thresholds, k6_metrics[metric].name);
}

static void json_row(struct maker *m, enum k6_metric metric, uint64_t value, const char *tags) {
    if (!(m->said & 1u << metric))
        introduce(m, metric);
    PUT(m, "{\"metric\":\"");
    put_text(m, k6_metrics[metric].name);
    PUT(m, "\",\"type\":\"Point\",\"data\":{\"time\":\"");
    put_time(m);
    PUT(m, "\",\"value\":");
    put_number(m, k6_metrics[metric].time ? value / 1000000 : value);
    if (k6_metrics[metric].time) {
        PUT(m, ".");
        put_digits(m, value % 1000000, 6);
        drop_zeros(m);
    }
    put_text(m, tags);
}

static void json_header(struct maker *m) {
    for (unsigned e = 0; e < ENDPOINTS; e++) {
        const struct endpoint *p = &endpoints[e];
        for (unsigned i = 0; i < ANSWERS; i++) {
            const struct answer *a = &answers[i];
            char error[128] = "", proto[64] = "";
            if (*a->k6_error)
                snprintf(error, sizeof error, "\"error\":\"%s\",", a->k6_error);
            if (*a->k6_code)
                snprintf(error + strlen(error), sizeof error - strlen(error),
                         "\"error_code\":\"%s\",", a->k6_code);
            if (*a->proto)
                snprintf(proto, sizeof proto, "\"proto\":\"%s\",", a->proto);
            snprintf(m->tail[e][i], TAIL_BYTES,
                     ",\"tags\":{%s\"expected_response\":\"%s\",\"group\":\"::shop\",\"method\":"
                     "\"%s\",\"name\":\"%s\",%s\"scenario\":\"default\",\"status\":\"%s\",\"url\":"
                     "\"%s\"}}}\n",
                     error, a->ok ? "true" : "false", p->method, p->name, proto,
                     *a->proto ? a->code : "0", p->url);
        }
        snprintf(m->check[e], TAIL_BYTES,
                 ",\"tags\":{\"check\":\"%s\",\"group\":\"::shop\",\"scenario\":\"default\"}}}\n",
                 p->check);
    }
}

static void json_group(struct maker *m) {
    static const struct k6_form form = {
        json_row, ",\"tags\":{\"group\":\"\",\"scenario\":\"default\"}}}\n", ",\"tags\":{}}}\n"};
    k6_group(m, &form);
}

/* --- the program --- */

static const struct format {
    const char *name;
    void (*header)(struct maker *m);
    void (*group)(struct maker *m);
} formats[] = {
    {"jtl", jtl_header, jtl_group},
    {"k6-csv", csv_header, csv_group},
    {"k6-json", json_header, json_group},
};

static const struct format *find(const char *name) {
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    return NULL;
}

static void make(struct maker *m, const struct format *f, uint64_t bytes) {
    m->buffer = m->at = malloc(BUFFER_BYTES);
    if (!m->buffer)
        abort();
    f->header(m);
    while (m->written + (uint64_t)(m->at - m->buffer) < bytes) {
        f->group(m);
        if (m->buffer + BUFFER_BYTES - m->at < GROUP_BYTES)
            flush(m);
    }
    flush(m);
    free(m->buffer);
}

static int usage(void) {
    fputs("usage: results_make jtl|k6-csv|k6-json BYTES [--seed N] [--messages PERCENT] "
          "[--checksum]\n",
          stderr);
    return 2;
}

int main(int argc, char **argv) {
    static struct maker m = {.now_ns = start_ns, .random = 1, .checksum = 0xcbf29ce484222325};
    const struct format *f = argc > 2 ? find(argv[1]) : NULL;
    uint64_t bytes = f ? strtoull(argv[2], NULL, 10) : 0;
    if (bytes == 0)
        return usage();
    for (int i = 3; i < argc; i++) {
        if (strcmp(argv[i], "--checksum") == 0)
            m.with_checksum = true;
        else if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc)
            m.random = strtoull(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--messages") == 0 && i + 1 < argc)
            m.messages = (unsigned)atoi(argv[++i]);
        else
            return usage();
    }
    m.random = m.random * UINT64_C(0x9e3779b97f4a7c15) | 1;
    make(&m, f, bytes);
    if (m.with_checksum)
        fprintf(stderr, "%016llx\n", (unsigned long long)m.checksum);
    return 0;
}
