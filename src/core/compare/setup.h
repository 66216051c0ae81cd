/* compare/setup.h
 * One field of a set-up on both sides; for the files of this folder. */
#ifndef PERFSCALE_COMPARE_SETUP_H
#define PERFSCALE_COMPARE_SETUP_H

#include "compare/parts.h"

/* FOUND_NOTHING: neither run says it. */
enum found { FOUND_NOTHING, FOUND_SAME, FOUND_DIFFERS };

/* Fills a and b of d ("" not known), and why and grade where they are not those of the table. */
typedef enum found look_fn(const struct pair *p, struct differs *d);

/* Of the load profile; of the checks; of the script. */
look_fn look_target, look_load, look_steps, look_mix, look_think, look_ramp, look_vus, look_max_vus;
look_fn look_limits, look_script;

enum found setup_words(struct differs *d, const char *a, const char *b);
/* NAN: not known. within: a share of the smaller one. */
enum found setup_numbers(struct differs *d, double a, double b, double within, show_fn *show);

char *show_whole(double value, char *out, size_t size);

#endif
