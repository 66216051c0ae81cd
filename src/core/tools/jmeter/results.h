/* tools/jmeter/results.h
 * The readers of everything that JMeter writes, and what they share: how a figure was rounded, and
 * what they say to a sink. */
#ifndef PERFSCALE_JMETER_RESULTS_H
#define PERFSCALE_JMETER_RESULTS_H

#include <stdbool.h>
#include <stddef.h>

#include "results/reader.h"

extern const struct reader jmeter_jtl_csv_reader;
extern const struct reader jmeter_jtl_xml_reader;
extern const struct reader jmeter_summariser_reader; /* console and jmeter.log */
extern const struct reader jmeter_statistics_reader; /* statistics.json of the dashboard */
extern const struct reader jmeter_aggregate_reader;  /* "Save Table Data" of the two reports */
extern const struct reader jmeter_summary_reader;

/* Of samples: ms, percentiles as the Aggregate Report makes them. */
extern const struct sample_rules jmeter_sample_rules;

/* The whole number of ms that JMeter prints for a mean: the rest is cut off. */
struct figure jmeter_cut_off(double value, long line, const char *quote);
/* A number that is at most half a step away from the truth; step 0: exact. */
struct figure jmeter_rounded(double value, double step, long line, const char *quote);
/* A count divided by a rate, with the interval that the rate leaves. */
struct figure jmeter_duration(double count, const struct figure *rps);

/* Says a figure to a sink; nothing when nobody wants it or it is not known. */
void jmeter_say(const struct sink *out, enum metric m, const char *scope, const struct figure *f);

/* Rows that do not fit the columns were left out; broken 0: none. */
void jmeter_say_broken(const struct sink *out, long broken, long first_line);

#endif
