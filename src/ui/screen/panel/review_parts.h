/* panel/review_parts.h
 * The parts of Review: what was said (review_notes.c), what it comes to (review_votes.c), and what
 * is typed now (review_typed.c). */
#ifndef PERFSCALE_SCREEN_REVIEW_PARTS_H
#define PERFSCALE_SCREEN_REVIEW_PARTS_H

#include "ui/screen/panel/parts.h"

enum { REVIEW_AT = 2 }; /* labels, and places of notes */

/* Columns, the same in all parts: they fit the longest name and whether a day is told. */
struct review_cols {
    int who, when, text;
};
struct review_cols review_cols(const struct sheet *sh);

/* Who and when of a statement, as pieces of a line. */
void review_add_who(struct sheet *sh, struct line *l, const struct review_cols *c,
                    const struct said *x);
/* A text of others from a column on, each of its lines wrapped before column `end`. Returns the
 * first line. */
struct line *review_add_text(struct sheet *sh, int col, int end, enum look look, const char *text);

/* A statement whose file is not its author's. */
void review_add_unproven(struct sheet *sh, int col, const struct said *x);

void review_notes_build(struct sheet *sh, const struct review_cols *c);
/* p95 around the moment that the focused note is on, else the first one that has a moment. */
void review_around_build(struct sheet *sh);
void review_votes_build(struct sheet *sh, const struct review_cols *c);

void review_typed_build(struct sheet *sh);

/* "limits changed from 9d20e4 to a1177c" needs the first digits only. */
char *review_digits(const char *hash, char *out, size_t size);

#endif
