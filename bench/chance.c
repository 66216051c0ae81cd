#include "chance.h"

#include <math.h>

static double log_choose(double n, double k) {
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
}

/* Of ours + said runs, total show it. P(at least seen of them are ours). */
static double at_least(double seen, double total, double ours, double said) {
    double sum = 0;
    for (double k = fmax(seen, total - said); k <= fmin(total, ours); k++)
        sum +=
            exp(log_choose(ours, k) + log_choose(said, total - k) - log_choose(ours + said, total));
    return sum;
}

static size_t most_of(size_t runs, double share, double said_runs, double unlikely) {
    double said = round(share * said_runs);
    size_t most = (size_t)(share * (double)runs);
    while (most < runs &&
           at_least((double)most + 1, said + (double)most + 1, (double)runs, said_runs) > unlikely)
        most++;
    return most;
}

size_t chance_of_row(size_t runs, double share, double said_runs) {
    return most_of(runs, share, said_runs, 0.001);
}

size_t chance_of_sum(size_t runs, double share, double said_runs) {
    return most_of(runs, share, said_runs, 0.01);
}
