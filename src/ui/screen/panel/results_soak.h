/* panel/results_soak.h
 * Shared by the two files of a soak test's results: its trends, and what they come to in words. */
#ifndef PERFSCALE_SCREEN_RESULTS_SOAK_H
#define PERFSCALE_SCREEN_RESULTS_SOAK_H

#include "ui/screen/panel/parts.h"

enum { SOAK_KIND_MEMORY, SOAK_KIND_LATENCY, SOAK_KIND_ERRORS, SOAK_KIND_RATE, SOAK_KINDS };

/* scale: from the trend's own unit to the one that is shown. */
struct soak_kind {
    const char *name, *unit, *subject;
    double scale;
    int decimals; /* of a value, at least */
    bool falls;   /* the bad direction */
};
extern const struct soak_kind soak_kinds[SOAK_KINDS];

const struct trend *soak_trend_of(const struct session *s, int kind);

/* "468 MB", with as many digits as tell a value of the size of `like`; "23 ms/h"; "3:48 h". */
char *soak_value(int kind, double value, double like, char *out, size_t size);
char *soak_above(int kind, double value, char *out, size_t size);
char *soak_length(double hours, char *out, size_t size);

/* "+124 MB/h, 95 % interval 117 to 131, 456 points, a straight line." */
void soak_slope_words(int kind, const struct trend *t, char *out, size_t size);

extern const char soak_alike[], soak_how_to_measure[];

/* What is known of the memory, and what keeps an answer from being given. */
void soak_words_build(struct sheet *sh);

#endif
