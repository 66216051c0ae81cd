/* review/parts.h
 * Shared by the files of this room: threads of notes (notes.c), votes and waivers (votes.c,
 * waivers.c), hashes (digests.c). Each fills its part of a review that review_make() has begun. */
#ifndef PERFSCALE_REVIEW_PARTS_H
#define PERFSCALE_REVIEW_PARTS_H

#include "review/review.h"

/* Fills note, notes, open_notes. */
void review_notes(const struct said_list *said, struct review *out);

/* Fills waiver, waivers, and waives in judgement what counts. */
void review_waivers(const struct said_list *said, struct review *out);

/* Fills vote, votes, approvals; now is whole. requests: those that stand. */
void review_votes(const struct record *r, const struct said_list *said, struct review *out,
                  int *requests);

/* "limits changed from 9d20e4 to a1177c; verdict too". false: nothing of the first n of `order`
 * changed. */
bool sealed_changed(const struct hashes *was, const struct hashes *is, const enum sealed *order,
                    size_t n, char why[WHY_BYTES]);

/* "unconfirmed: ..." of a statement that is not proven. */
void unconfirmed_words(const struct said *s, char why[WHY_BYTES]);

/* Blanks alone. */
bool has_no_words(const char *text);

#endif
