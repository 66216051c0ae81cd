/* tools/jmeter/jtl_rows.h
 * What the two forms of a JTL share: from one sample to what a sink is told. */
#ifndef PERFSCALE_JMETER_JTL_ROWS_H
#define PERFSCALE_JMETER_JTL_ROWS_H

#include <stdbool.h>

#include "results/reader.h"
#include "tools/jmeter/jtl_errors.h"

#define JTL_NOT_SAID UINT64_MAX

/* One sample. A number that its row does not hold is JTL_NOT_SAID. */
struct jtl_row {
    struct jtl_text label;
    int64_t start_ms; /* TALLY_NO_TIME: not said */
    uint64_t elapsed_ms;
    enum outcome outcome;
    bool transaction;
    uint64_t received, sent, connect_ms, threads, samples;
};

/* Sums since they were told last. */
struct jtl_sum {
    uint64_t sum, n, least, most;
};
enum { JTL_RECEIVED, JTL_SENT_BYTES, JTL_CONNECTING, JTL_SUMS };

struct jtl_rows {
    struct sink out;
    struct jtl_sum plain[JTL_SUMS];
    struct jtl_sum transaction[JTL_SUMS]; /* counts only when there is nothing else */
    struct jtl_errors errors, transaction_errors;
    uint64_t samples, transactions;
    long broken, first_broken;
    long half;       /* the last line, when it lacks its end; 0: none */
    long aggregated; /* the first row that stands for several samples; 0: none */
};

void jtl_rows_init(struct jtl_rows *r, const struct sink *out);
void jtl_rows_fini(struct jtl_rows *r);

void jtl_rows_add(struct jtl_rows *r, const struct jtl_row *row, long line);
/* The kind of error of a sample that failed. */
void jtl_rows_error(struct jtl_rows *r, const struct jtl_failure *f, bool transaction);
void jtl_rows_broken(struct jtl_rows *r, long line);

void jtl_rows_tell(struct jtl_rows *r); /* the sums */
/* All that is said at the end. */
void jtl_rows_finish(struct jtl_rows *r);

/* The response message of a row that a Transaction Controller made. */
bool jtl_is_transaction(struct jtl_text message);

#endif
