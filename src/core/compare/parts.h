/* compare/parts.h
 * How a comparison comes to be; for the files of this folder. */
#ifndef PERFSCALE_COMPARE_PARTS_H
#define PERFSCALE_COMPARE_PARTS_H

#include "compare/compare.h"

/* A run as it is compared: its steady part, or the whole of it. NAN: not known. */
struct side {
    const struct record *is;
    const struct summary *run;
    const struct stretch *part; /* NULL: the whole run */
    double length_s, requests, failed;
};

struct pair {
    struct side a, b;
    const struct rules *rules;
    bool stress;
    bool queueing; /* p95 of one moves far more from window to window than chance makes of single
                      requests, as they wait for each other: a nearly full server, a stall */
};

/* Both have a steady part, else both whole. */
void pair_make(const struct record *a, const struct record *b, const struct rules *rules,
               struct pair *p);
/* The same pair with another part of each run, both or none NULL. */
struct pair pair_of_parts(const struct pair *p, const struct stretch *a, const struct stretch *b);

/* A record of schema 1 or a hostile one may lack each of them: "" and -1 then. */
const char *record_tool(const struct record *r);
const char *record_tool_version(const struct record *r);
int record_model(const struct record *r);    /* enum model */
int record_arrivals(const struct record *r); /* enum arrivals */
double record_target_rps(const struct record *r);
bool record_invalid(const struct record *r);

/* --- intervals --- */

/* A figure and its 95 % interval; low and high NAN: none. */
struct estimate {
    double value, low, high;
};
struct estimate estimate_none(double value);

/* Of five equal parts of the same time: value +- t sd / sqrt(5). NAN in one of them: none. */
struct estimate estimate_of_fifths(double value, const double fifth[FIFTHS], double t);

/* p95: the wider of its ranks' and its five windows' interval; of a part that is not steady its
 * halves lie inside, too. */
struct estimate estimate_p95(const struct side *s, const struct rules *rules);
/* How many times wider its windows show p95 to be than its ranks. NAN: not known. */
double p95_clustering(const struct side *s, const struct rules *rules);
/* p50 and mean of the steady part, by its windows. */
struct estimate estimate_median(const struct side *s, const struct rules *rules);
struct estimate estimate_mean(const struct side *s, const struct rules *rules);
/* Good requests per second. */
struct estimate estimate_rate(const struct side *s, const struct rules *rules);
/* Share of failed ones: the wider of Clopper and Pearson's and its windows'. */
struct estimate estimate_errors(const struct side *s, const struct rules *rules);

/* The 95 % interval of b - a from those of both (independent runs): each half width to the side
 * that counts, root of their squares. NAN when one has none. */
struct span {
    double low, high;
};
struct span estimate_difference(const struct estimate *a, const struct estimate *b);

/* --- readings --- */

/* Fills values, intervals and difference. share: the difference is b - a. */
void compared_fill(struct compared *c, const struct estimate *a, const struct estimate *b,
                   bool share);
void compared_why(struct compared *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* false: one side is too short or has too few requests for a reading; why says it. */
bool pair_enough(const struct pair *p, struct compared *c);

/* What a figure's values look like in a sentence. */
typedef char *show_fn(double value, char *out, size_t size);
char *figure_rate(double value, char *out, size_t size);

/* A figure that is better when it is lower (or higher), with intervals: reading and why. */
void read_figure(const struct pair *p, struct compared *c, bool higher_is_better, show_fn *show);
void read_errors(const struct pair *p, struct compared *c);
void read_rate(const struct pair *p, struct compared *c);

/* --- what is compared --- */

void setup_compare(const struct pair *p, struct comparison *out);
/* The next figure; NULL when there is no room. */
struct compared *figure_add(struct comparison *out, const char *metric, const char *unit);
void figures_compare(const struct pair *p, struct comparison *out);
void stress_compare(const struct pair *p, struct comparison *out);
void soak_compare(const struct pair *p, struct comparison *out);
void endpoints_compare(const struct pair *p, struct comparison *out);

/* Lines of b's script that a's does not have, and the other way round. false: one text is missing.
 */
bool script_lines(const struct pair *p, long *added, long *removed);

/* "13": a run's number in sentences; "A" and "B" when it has none. */
char *which_run(const struct pair *p, const struct side *s, char *out, size_t size);

#endif
