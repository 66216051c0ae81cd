/* How large and how small a true share can be that gave k of n: the two-sided 95 % interval of
 * Clopper and Pearson. */
#include <math.h>

#include "check/rows.h"

static const double tail = 0.025;

static double term(double i, double n, double log_p, double log_q) {
    return exp(lgamma(n + 1) - lgamma(i + 1) - lgamma(n - i + 1) + i * log_p + (n - i) * log_q);
}

/* P(X <= k) for X ~ Binomial(n, p) with p >= k/n, summed from the largest term down. */
static double up_to(double k, double n, double p) {
    double sum = 0, log_p = log(p), log_q = log1p(-p);
    for (double i = k; i >= 0; i--) {
        double t = term(i, n, log_p, log_q);
        sum += t;
        if (t == 0 || t < sum * 1e-14)
            break;
    }
    return sum;
}

/* P(X >= k) with p <= k/n, summed from the largest term up. */
static double from(double k, double n, double p) {
    double sum = 0, log_p = log(p), log_q = log1p(-p);
    for (double i = k; i <= n; i++) {
        double t = term(i, n, log_p, log_q);
        sum += t;
        if (t == 0 || t < sum * 1e-14)
            break;
    }
    return sum;
}

/* Wilson's ends, which the exact ones cannot be told from when there are this many failures. */
static const double many_failures = 1e5;

static double wilson(double k, double n, double side) {
    const double z = 1.959963984540054;
    double p = k / n, spread = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    return (p + z * z / (2 * n) + side * spread) / (1 + z * z / n);
}

double check_error_upper(double k, double n) {
    if (!(n > 0) || k >= n)
        return 1;
    if (k > many_failures)
        return wilson(k, n, 1);
    double low = k / n, high = 1;
    for (int i = 0; i < 60; i++) {
        double p = (low + high) / 2;
        if (up_to(k, n, p) > tail)
            low = p;
        else
            high = p;
    }
    return high;
}

double check_error_lower(double k, double n) {
    if (!(n > 0) || !(k > 0))
        return 0;
    if (k >= n)
        return pow(tail, 1 / n);
    if (k > many_failures)
        return wilson(k, n, -1);
    double low = 0, high = k / n;
    for (int i = 0; i < 60; i++) {
        double p = (low + high) / 2;
        if (from(k, n, p) > tail)
            high = p;
        else
            low = p;
    }
    return low;
}
