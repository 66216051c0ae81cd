/* stress/stress_parts.h
 * Shared by the files of this room: steps in order and against the limits (steps.c), whether the
 * load generator was the limit (generator.c), the most throughput there was (saturation.c), a curve
 * through all steps (usl.c). They are called in this order; each fills its part of the answer. */
#ifndef PERFSCALE_STRESS_PARTS_H
#define PERFSCALE_STRESS_PARTS_H

#include "stress/stress.h"

/* Fills step and steps: the known steps by rising load, those of equal load as one, each with the
 * limits it breaks. A step without load, time or counts is not known. false: the loads do not rise,
 * and a step behind a higher one did not recover, so the order of loads says nothing. */
bool steps_fill(const struct stress_input *in, struct stress_found *out);

/* A figure that can be real, else NAN: 0 to 1e15, below 1e-9 it is 0, so that no product and no
 * quotient overflows. */
double step_known(double x);
/* Successful requests of those that an open run offers, and whether they are too few. */
double step_reached(const struct stress_step *s);
bool step_below_rate(const struct stress_input *in, const struct stress_step *s);

/* Fills think time, law, generator, judged and generator_step. */
void generator_fill(const struct stress_input *in, struct stress_found *out);

/* Fills saturation and its requests/s. ordered: as steps_fill said. */
void saturation_fill(const struct stress_input *in, bool ordered, struct stress_found *out);

#endif
