#include "sim_random.h"

#include <math.h>

static uint64_t splitmix(uint64_t *x) {
    uint64_t z = (*x += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

void rng_seed(struct rng *r, uint64_t seed, uint64_t stream) {
    uint64_t x = stream;
    x = seed ^ splitmix(&x);
    *r = (struct rng){0};
    for (int i = 0; i < 4; i++)
        r->s[i] = splitmix(&x);
}

static uint64_t rotate(uint64_t x, int bits) { return (x << bits) | (x >> (64 - bits)); }

static uint64_t next(struct rng *r) {
    uint64_t *s = r->s, result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

double rng_uniform(struct rng *r) { return ((double)(next(r) >> 12) + 0.5) * 0x1p-52; }

double rng_between(struct rng *r, double low, double high) {
    return low + (high - low) * rng_uniform(r);
}

size_t rng_below(struct rng *r, size_t n) { return (size_t)(rng_uniform(r) * (double)n); }

double rng_exponential(struct rng *r, double mean) { return -mean * log(rng_uniform(r)); }

double rng_normal(struct rng *r) {
    if (r->has_spare) {
        r->has_spare = false;
        return r->spare;
    }
    double length = sqrt(-2 * log(rng_uniform(r))), angle = 2 * M_PI * rng_uniform(r);
    r->spare = length * sin(angle);
    r->has_spare = true;
    return length * cos(angle);
}
