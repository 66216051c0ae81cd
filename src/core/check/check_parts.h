/* check/check_parts.h
 * Shared by the files of this room: rows of checks (checks.c), whether the run counts at all
 * (invalid.c), what the evidence points at (causes.c), what to do next (steps.c). */
#ifndef PERFSCALE_CHECK_PARTS_H
#define PERFSCALE_CHECK_PARTS_H

#include "check/check.h"

/* Adds the rows that the rules ask for. */
void checks_add_all(const struct check_input *in, struct judgement *j);

/* What the checks that nobody waived come to. INVALID is decided apart; of the rest a broken limit
 * weighs most, and only a required check without data keeps the run from passing. */
enum verdict checks_worst(const struct judgement *j);

/* What the steps of a stress test say of themselves. */
enum verdict stress_verdict_of(enum stress_verdict v);

/* A stress test whose steps are known (has_stress): finds where it breaks, sets the verdict, and
 * adds the rows of the step that decides; of a load generator that was the limit also sentence,
 * cause and steps. */
void stress_judge(const struct check_input *in, struct judgement *j);

/* A soak test with a series: fills j->soak (has_soak). */
void soak_judge(const struct check_input *in, struct judgement *j);

/* VUs to allocate for so many users in flight, by the team's formula; 0 when it gives none. */
int allocated_vus(const struct rules *rules, double in_flight);

/* The steady state that the checks are of; NULL: the whole run. */
const struct stretch *judged_stretch(const struct check_input *in);
struct judged_window judged_window(const struct check_input *in);

/* Seconds that the figures of a stretch are of. */
double stretch_length_s(const struct stretch *x);

/* The limit that counts for p95, p99, avg or error_rate in this run, and where it is from. */
struct given run_limit(const struct check_input *in, const char *check);

/* VUs that there are at most: given, else planned, else as the tool says; NAN unknown. */
double run_most_vus(const struct check_input *in);

/* How iterations start: as planned, else as given. */
enum arrivals run_arrivals(const struct check_input *in);

/* Pauses of one iteration, waits inside: given, else planned; NAN unknown. */
double run_think_ms(const struct check_input *in);

/* Requests of one iteration: planned, else counted; 1 when neither is known. */
double run_requests_per_iteration(const struct check_input *in);

/* Iterations that never started, in the judged part where that is known. NAN: the tool does not
 * count them. */
struct drops {
    double dropped, planned; /* planned: iterations that should have started in the same time */
    double share;            /* six digits */
    bool window;             /* of the steady state, else of the whole run */
    bool early;              /* all of them in the first 10 s of the run */
    double outside;          /* dropped outside of the steady state */
};
struct drops run_drops(const struct check_input *in);

/* INVALID, each with sentence, cause and steps; false: not so. In the order of the diagnosis. */
bool vus_ran_out(const struct check_input *in, struct judgement *j);
bool generator_cpu_full(const struct check_input *in, struct judgement *j);
bool generator_time_lost(const struct check_input *in, struct judgement *j);
bool generator_limits(const struct check_input *in, struct judgement *j);
bool never_offered(const struct check_input *in, struct judgement *j);
void invalid_say(struct judgement *j, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

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

/* The first required check without data that nobody waived; NULL. Its sentence, when the judgement
 * has none yet. */
const struct check *steps_first_missing(const struct judgement *j);
void steps_say_no_data(struct judgement *j, const struct check *c);

/* What to do about a load machine that was the limit: by its CPU, by time that nobody measured. */
void step_more_machines(struct judgement *j);
void step_find_pauses(struct judgement *j);

/* Requests that the profile plans until the run's end (all of them when the length is unknown); NAN
 * without a profile. */
double planned_until_end(const struct check_input *in);

/* run / baseline of a metric; NAN when one is missing or 0. */
double times_baseline(const struct check_input *in, enum metric m);

#endif
