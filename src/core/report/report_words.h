/* report/report_words.h
 * Figures as words, the same in every document and as on the screens: signs, names, roundings.
 * Times of day are UTC, so that a report is the same wherever it is made. What is not known reads
 * "no data", or "–" where a figure has no place. */
#ifndef PERFSCALE_REPORT_WORDS_H
#define PERFSCALE_REPORT_WORDS_H

#include "report/report.h"

/* A state: its sign and its word carry the meaning, a colour only repeats it. */
enum doc_sign { SIGN_OK, SIGN_NEAR, SIGN_BROKEN, SIGN_NODATA, SIGN_INVALID, SIGN_PLAIN, SIGNS };
const char *doc_sign(enum doc_sign s); /* "✓"; "" for SIGN_PLAIN. Static */
const char *doc_sign_word(enum doc_sign s);
const char *doc_sign_name(enum doc_sign s); /* for a style sheet: "ok", "near" */

extern const char doc_none[]; /* "–" */

enum { DOC_TEXT = 512, DOC_SHORT = 96 };

/* The judgement that counts, with waivers; of a document without a review the record's. */
const struct judgement *doc_judgement(const struct report_doc *d);
enum doc_sign doc_verdict_sign(const struct judgement *j);
/* "ok", "drift found", "over limit, confirmed by bo" */
char *doc_verdict_word(const struct report_doc *d, char *out, size_t size);

/* "Run 14: Load, 200 RPS, load_orders.js" */
char *doc_title(const struct report_doc *d, char *out, size_t size);
/* "200 RPS", "100 to 600 RPS"; "" unknown */
char *doc_target(const struct report_doc *d, char *out, size_t size);
/* "steady window 2:10 to 11:40 (14:12:10 to 14:21:40 UTC), 113,772 requests" */
char *doc_window(const struct report_doc *d, char *out, size_t size);

/* --- checks --- */

enum doc_sign doc_check_sign(const struct check *c);
const char *doc_check_word(const struct check *c);
/* A value that only seems to equal the limit gets decimals. */
char *doc_check_limit(const struct check *c, char *out, size_t size); /* "below 500 ms" */

/* --- numbers --- */

char *doc_rate(double rps, char *out, size_t size);      /* "199.6" */
char *doc_load(double load, char *out, size_t size);     /* "400", "12.5" */
char *doc_percent(double share, char *out, size_t size); /* "86 %" */
double doc_share(double part, double all);               /* NAN unless all > 0 */

/* "2026-11-02 14:11 UTC", with seconds where they count; "no data" for 0. */
char *doc_when(int64_t at_ms, char *out, size_t size);
char *doc_when_exactly(int64_t at_ms, char *out, size_t size);
/* A time of the run: "2:10", or "14:12:10" of the day where its start is known and day is asked. */
char *doc_at(const struct report_doc *d, double at_s, bool day, char *out, size_t size);
/* Where a note hangs: "p95", "step 3", "14:18:55 UTC", "run". */
char *doc_place(const struct report_doc *d, const char *on, char *out, size_t size);

#endif
