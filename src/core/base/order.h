/* base/order.h
 * Numbers in order. */
#ifndef PERFSCALE_BASE_ORDER_H
#define PERFSCALE_BASE_ORDER_H

#include <stddef.h>

/* For qsort(): doubles, the smallest first. */
int order_doubles(const void *a, const void *b);

/* Sorts v. The mean of the two in the middle where n is even; NAN when n is 0. */
double order_median(double *v, size_t n);

#endif
