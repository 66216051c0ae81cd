/* check/check_parts.h
 * Shared by the files of this room: rows of checks (checks.c), whether the run counts at all
 * (invalid.c), what the evidence points at (causes.c), what to do next (steps.c). */
#ifndef PERFSCALE_CHECK_PARTS_H
#define PERFSCALE_CHECK_PARTS_H

#include "check/check.h"

/* Adds the rows that the rules ask for. */
void checks_add_all(const struct check_input *in, struct judgement *j);

/* A stress test whose steps are known (has_stress): finds where it breaks, sets the verdict, and
 * adds the rows of the step that decides; of a load generator that was the limit also sentence,
 * cause and steps. */
void stress_judge(const struct check_input *in, struct judgement *j);

/* A soak test with a series: fills j->soak (has_soak). */
void soak_judge(const struct check_input *in, struct judgement *j);

/* VUs to allocate for so many users in flight, by the team's formula; 0 when it gives none. */
int allocated_vus(const struct rules *rules, double in_flight);

/* True when the run says nothing about the server: sets verdict, sentence, cause and steps. */
bool invalid_run(const struct check_input *in, struct judgement *j);

/* Adds the rows of the diagnosis that fit a failed run, the first is the headline. */
void causes_add(const struct check_input *in, struct judgement *j);
/* One row by its id, with the figures that fit. Nothing when the team's table has no such row. */
void cause_add(const struct check_input *in, struct judgement *j, const char *id, const char *fmt,
               ...) __attribute__((format(printf, 4, 5)));

/* Sentence and next steps from verdict, checks and causes. */
void steps_add(const struct check_input *in, struct judgement *j);
void step_add(struct judgement *j, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Requests that the profile plans until the run's end (all of them when the length is unknown); NAN
 * without a profile. */
double planned_until_end(const struct check_input *in);

/* run / baseline of a metric; NAN when one is missing or 0. */
double times_baseline(const struct check_input *in, enum metric m);

#endif
