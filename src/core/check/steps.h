/* check/steps.h
 * Next steps of the two long kinds of test, for steps.c. */
#ifndef PERFSCALE_CHECK_STEPS_H
#define PERFSCALE_CHECK_STEPS_H

#include "check/check_parts.h"

void stress_pass_steps(struct judgement *j);
void stress_fail_steps(struct judgement *j);    /* before the causes */
void stress_repeat_step(struct judgement *j);   /* behind them */
void stress_no_data_steps(struct judgement *j); /* too few steps */

/* How small a growth of memory would have been seen, and how long a run shows half of it. */
void soak_pass_steps(const struct check_input *in, struct judgement *j);
void soak_fail_steps(struct judgement *j);

/* A soak whose memory is not known: how to record it; or that nobody can tell: what would. */
void soak_memory_steps(const struct check_input *in, struct judgement *j);

#endif
