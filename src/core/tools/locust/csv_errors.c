/* _failures.csv and _exceptions.csv: kinds of failed requests, and of errors in the script's own
 * code. The latter are no failed requests: a task that raises after a good answer adds to none of
 * Locust's figures. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "tools/locust/csv_file.h"
#include "tools/locust/results.h"

enum { METHOD, NAME, ERROR, OCCURRENCES };
static const char *const failure_columns[] = {"Method", "Name", "Error", "Occurrences", NULL};

enum { COUNT, MESSAGE };
static const char *const exception_columns[] = {"Count", "Message", NULL};

struct errors_csv {
    struct locust_csv csv;
    double exceptions;
    long line;
    char message[SCOPE_MAX_BYTES]; /* of the most frequent one */
    double most;
};

static bool take_failure(void *self) {
    struct errors_csv *x = self;
    char method[SCOPE_MAX_BYTES], name[SCOPE_MAX_BYTES], error[SCOPE_MAX_BYTES];
    char scope[SCOPE_MAX_BYTES], text[SCOPE_MAX_BYTES];
    struct text_out o = {.to = text, .size = sizeof text};
    double count;
    bool total;
    if (!locust_csv_count(&x->csv, OCCURRENCES, &count))
        return false;
    locust_name(locust_csv_text(&x->csv, METHOD, method, sizeof method),
                locust_csv_text(&x->csv, NAME, name, sizeof name), scope, sizeof scope, &total);
    locust_csv_text(&x->csv, ERROR, error, sizeof error);
    text_put(&o, scope, strlen(scope));
    text_put(&o, ": ", 2);
    text_put(&o, error, strlen(error));
    sink_text(&x->csv.out, DOOR_ERROR, text, count);
    return true;
}

static bool take_exception(void *self) {
    struct errors_csv *x = self;
    double count;
    if (!locust_csv_count(&x->csv, COUNT, &count))
        return false;
    x->exceptions += count;
    if (count > x->most) {
        x->most = count;
        x->line = x->csv.line;
        locust_csv_text(&x->csv, MESSAGE, x->message, sizeof x->message);
    }
    return true;
}

static void *open_with(const struct sink *out, const char *const *wanted, bool (*row)(void *)) {
    struct errors_csv *x = mem_new(1, sizeof *x);
    locust_csv_init(&x->csv, out, wanted, x, row);
    return x;
}

static void *failures_open(const struct sink *out) {
    return open_with(out, failure_columns, take_failure);
}

static void *exceptions_open(const struct sink *out) {
    return open_with(out, exception_columns, take_exception);
}

static bool errors_feed(void *self, const char *bytes, size_t len, struct err *e) {
    return locust_csv_feed(&((struct errors_csv *)self)->csv, bytes, len, e);
}

static bool errors_finish(void *self, struct err *e) {
    struct errors_csv *x = self;
    if (!locust_csv_finish(&x->csv, e))
        return false;
    if (x->exceptions > 0)
        sink_remark(&x->csv.out, FINDING_INFO, "exceptions", x->line,
                    "%.0f exceptions in the script's own code, they are not failed requests; most "
                    "often: %s",
                    x->exceptions, x->message);
    return true;
}

static void errors_close(void *self) {
    struct errors_csv *x = self;
    locust_csv_fini(&x->csv);
    free(x);
}

static bool is_whole(void *(*open)(const struct sink *), const char *bytes, size_t len) {
    const struct sink nobody = {0};
    struct errors_csv *x = open(&nobody);
    bool whole = locust_csv_whole(&x->csv, bytes, len);
    errors_close(x);
    return whole;
}

static bool failures_whole(const char *bytes, size_t len) {
    return is_whole(failures_open, bytes, len);
}

static bool exceptions_whole(const char *bytes, size_t len) {
    return is_whole(exceptions_open, bytes, len);
}

static int failures_sniff(const char *head, size_t len) {
    return locust_csv_sniff(head, len, "Method,Name,Error,Occurrences");
}

static int exceptions_sniff(const char *head, size_t len) {
    return locust_csv_sniff(head, len, "Count,Message,Traceback,Nodes");
}

const struct reader locust_failures_reader = {
    .name = "locust-failures-csv",
    .tool = "locust",
    .gives = GIVES_ERRORS,
    .sniff = failures_sniff,
    .open = failures_open,
    .feed = errors_feed,
    .finish = errors_finish,
    .close = errors_close,
    .rewritten_whole = failures_whole,
};

const struct reader locust_exceptions_reader = {
    .name = "locust-exceptions-csv",
    .tool = "locust",
    .gives = GIVES_ERRORS,
    .sniff = exceptions_sniff,
    .open = exceptions_open,
    .feed = errors_feed,
    .finish = errors_finish,
    .close = errors_close,
    .rewritten_whole = exceptions_whole,
};
