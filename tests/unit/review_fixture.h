/* A judged run of ana's, and what people say of it, for the tests of review/. */
#ifndef PERFSCALE_TESTS_REVIEW_FIXTURE_H
#define PERFSCALE_TESTS_REVIEW_FIXTURE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/text.h"
#include "review/review.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

enum { ANA = 1000, BO = 1001, CY = 1002 };

static struct record record;
static struct said_list said;
static struct hashes now;
static struct review review;

static inline void fill_hash(char out[DIGEST_BYTES], const char *begin) {
    memset(out, '0', DIGEST_BYTES - 1);
    out[DIGEST_BYTES - 1] = '\0';
    memcpy(out, begin, strlen(begin));
}

static inline struct check *add_check(const char *metric, double value, double limit,
                                      enum verdict status) {
    struct check *c = &record.judgement.check[record.judgement.checks++];
    *c = (struct check){.value = value,
                        .limit = limit,
                        .op = OP_LESS,
                        .status = status,
                        .required = true,
                        .low = NAN,
                        .high = NAN};
    text_copy(c->metric, sizeof c->metric, metric);
    text_copy(c->limit_from, sizeof c->limit_from, "test-plan.md:14");
    return c;
}

/* p95 over its limit, errors within. */
static inline int begin(void **state) {
    (void)state;
    record_init(&record);
    record.is.id = 14;
    record.is.author_uid = ANA;
    record.is.author_proven = true;
    strcpy(record.is.author, "ana");
    record.judgement.verdict = VERDICT_FAIL;
    strcpy(record.judgement.sentence, "Bottleneck detected. Check logs/metrics.");
    strcpy(add_check("p95", 510, 500, VERDICT_FAIL)->unit, "ms");
    add_check("error_rate", 0.001, 0.01, VERDICT_PASS);
    fill_hash(now.results, "8f3c21");
    fill_hash(now.limits, "9d20e4");
    fill_hash(now.rules, "51ab07");
    fill_hash(now.script, "77e0b4");
    record.is.hash = now;
    said = (struct said_list){.item = mem_new(100, sizeof *said.item)};
    review = (struct review){0};
    return 0;
}

static inline int end(void **state) {
    (void)state;
    review_fini(&review);
    said_list_fini(&said);
    record_fini(&record);
    return 0;
}

static inline void make(void) {
    review_fini(&review);
    review_make(&record, &said, &now, &review);
}

static inline const char *name_of(int64_t uid) {
    return uid == ANA ? "ana" : uid == BO ? "bo" : "cy";
}

/* What is signed is what is there at that moment. */
static inline struct said *say(int64_t uid, enum said_kind kind, const char *on, const char *text) {
    make();
    struct said *s = &said.item[said.n++];
    *s = (struct said){.run = 14,
                       .id = (int)said.n,
                       .kind = kind,
                       .at_ms = 1700000000000 + (int64_t)said.n * 60000,
                       .uid = uid,
                       .seal = review.now,
                       .proven = true};
    text_copy(s->by, sizeof s->by, name_of(uid));
    text_copy(s->on, sizeof s->on, on);
    text_copy(s->text, sizeof s->text, text);
    return s;
}

static inline struct said *vote(int64_t uid, enum said_kind kind) { return say(uid, kind, "", ""); }

static inline void expect_state(enum review_state want, const char *why) {
    make();
    if (review.state != want)
        fail_msg("%s: %s, not %s", why, review_state_name(review.state), review_state_name(want));
}

#endif
