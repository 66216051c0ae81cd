#include "tools/jmeter/jtl_rows.h"

#include <string.h>

#include "tools/jmeter/results.h"

#define TRANSACTION "Number of samples in transaction"

static const struct jtl_sum no_sum = {.least = UINT64_MAX};

void jtl_rows_init(struct jtl_rows *r, const struct sink *out) {
    *r = (struct jtl_rows){.out = *out};
    for (int i = 0; i < JTL_SUMS; i++)
        r->plain[i] = r->transaction[i] = no_sum;
}

void jtl_rows_fini(struct jtl_rows *r) {
    jtl_errors_fini(&r->errors);
    jtl_errors_fini(&r->transaction_errors);
}

bool jtl_is_transaction(struct jtl_text message) {
    return message.len >= sizeof TRANSACTION - 1 &&
           memcmp(message.s, TRANSACTION, sizeof TRANSACTION - 1) == 0;
}

/* --- one sample ------------------------------------------------------------------------------ */

static inline void add(struct jtl_sum *to, uint64_t value) {
    if (value == JTL_NOT_SAID)
        return;
    to->sum += value;
    to->n++;
    if (value < to->least)
        to->least = value;
    if (value > to->most)
        to->most = value;
}

void jtl_rows_add(struct jtl_rows *r, const struct jtl_row *row, long line) {
    struct jtl_sum *sums = row->transaction ? r->transaction : r->plain;
    struct sample x = {
        .endpoint = row->label.s,
        .endpoint_len = row->label.len,
        .start_ms = row->start_ms,
        .end_ms = row->start_ms,
        .time = row->elapsed_ms,
        .outcome = row->outcome,
        .transaction = row->transaction,
        .vus = row->threads < INT32_MAX ? (uint32_t)row->threads : 0,
    };
    if (row->start_ms != TALLY_NO_TIME)
        x.end_ms += (int64_t)row->elapsed_ms;
    add(&sums[JTL_RECEIVED], row->received);
    add(&sums[JTL_SENT_BYTES], row->sent);
    add(&sums[JTL_CONNECTING], row->connect_ms);
    if (row->samples != JTL_NOT_SAID && row->samples > 1 && !r->aggregated)
        r->aggregated = line;
    if (row->transaction)
        r->transactions++;
    else
        r->samples++;
    if (r->out.sample)
        r->out.sample(r->out.self, &x);
}

void jtl_rows_error(struct jtl_rows *r, const struct jtl_failure *f, bool transaction) {
    jtl_errors_add(transaction ? &r->transaction_errors : &r->errors, f);
}

void jtl_rows_broken(struct jtl_rows *r, long line) {
    if (r->broken++ == 0)
        r->first_broken = line;
}

/* --- telling --------------------------------------------------------------------------------- */

static void tell(struct jtl_rows *r, struct jtl_sum sums[JTL_SUMS]) {
    static const enum metric metric[JTL_SUMS] = {
        [JTL_RECEIVED] = METRIC_RECEIVED_BYTES,
        [JTL_SENT_BYTES] = METRIC_SENT_BYTES,
        [JTL_CONNECTING] = METRIC_CONNECT_MS,
    };
    for (int i = 0; i < JTL_SUMS; i++) {
        struct tally t = {.metric = metric[i],
                          .at_ms = TALLY_NO_TIME,
                          .sum = (double)sums[i].sum,
                          .least = (double)sums[i].least,
                          .most = (double)sums[i].most,
                          .count = sums[i].n};
        if (sums[i].n && r->out.tally)
            r->out.tally(r->out.self, &t);
        sums[i] = no_sum;
    }
}

void jtl_rows_tell(struct jtl_rows *r) { tell(r, r->plain); }

void jtl_rows_finish(struct jtl_rows *r) {
    tell(r, r->samples ? r->plain : r->transaction);
    jtl_errors_say(r->samples ? &r->errors : &r->transaction_errors, &r->out);
    if (r->aggregated)
        sink_remark(&r->out, FINDING_WARNING, "aggregated-rows", r->aggregated,
                    "A row stands for several samples (SampleCount above 1): JMeter ran in a "
                    "statistical mode, and each such row counts as one request here.");
    jmeter_say_broken(&r->out, r->broken, r->first_broken);
    if (r->half)
        sink_remark(&r->out, FINDING_WARNING, "half-line", r->half,
                    "The last line is cut off and was left out: the file was still being "
                    "written, or was not copied whole.");
}
