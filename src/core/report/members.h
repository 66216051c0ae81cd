/* report/members.h
 * A struct as a JSON object by a table of its members: one table, one writer, one reader. Numbers
 * come back bit for bit: null is NAN, "inf" and "-inf" are the infinities. What is read is hostile:
 * every member must be there, of its type and inside its bounds. */
#ifndef PERFSCALE_REPORT_MEMBERS_H
#define PERFSCALE_REPORT_MEMBERS_H

#include <cjson/cJSON.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum member_kind {
    MEMBER_NUMBER, /* double */
    MEMBER_TEXT,   /* char[most] */
    MEMBER_BOOL,
    MEMBER_INT,   /* int, least to most */
    MEMBER_LONG,  /* long, least to most */
    MEMBER_INT64, /* int64_t, least to most */
    MEMBER_COUNT, /* size_t, 0 to most */
    MEMBER_WORD,  /* an enum of most values, by their names */
};

struct member {
    const char *name;
    enum member_kind kind;
    size_t offset;
    long long least, most;
    const char *(*word)(int value);
};

enum { MEMBER_LARGEST = INT_MAX }; /* of counts that have no bound of their own */

/* Rows of a table: the member `m` of struct `of` under its own name. */
#define NUMBER_MEMBER(of, m)                                                                       \
    { #m, MEMBER_NUMBER, offsetof(struct of, m), 0, 0, NULL }
#define TEXT_MEMBER(of, m)                                                                         \
    { #m, MEMBER_TEXT, offsetof(struct of, m), 0, sizeof((struct of *)0)->m, NULL }
#define BOOL_MEMBER(of, m)                                                                         \
    { #m, MEMBER_BOOL, offsetof(struct of, m), 0, 0, NULL }
#define INT_MEMBER(of, m, least, most)                                                             \
    { #m, MEMBER_INT, offsetof(struct of, m), least, most, NULL }
#define INT64_MEMBER(of, m, least, most)                                                           \
    { #m, MEMBER_INT64, offsetof(struct of, m), least, most, NULL }
#define COUNT_MEMBER(of, m, most)                                                                  \
    { #m, MEMBER_COUNT, offsetof(struct of, m), 0, most, NULL }
#define WORD_MEMBER(of, m, words, word)                                                            \
    { #m, MEMBER_WORD, offsetof(struct of, m), 0, words, word }

void members_add(cJSON *to, const void *from, const struct member *row, size_t rows);
/* ERR_FORMAT names the member. */
bool members_read(const cJSON *from, void *to, const struct member *row, size_t rows,
                  struct err *e);

/* An array of such structs inside a struct, and how many there are. */
struct member_list {
    const char *name;
    const struct member *row;
    size_t rows;
    size_t offset, count; /* of the array, of the size_t that counts */
    size_t size, most;    /* of one item; items that there is room for */
};

void member_list_add(cJSON *to, const void *from, const struct member_list *l);
/* ERR_LIMIT when it holds more than there is room for. */
bool member_list_read(const cJSON *from, void *to, const struct member_list *l, struct err *e);

/* Lists of numbers. Reading: exactly n of them. */
void exact_numbers_add(cJSON *to, const char *name, const double *value, size_t n);
bool exact_numbers_read(const cJSON *from, const char *name, double *out, size_t n, struct err *e);

/* A list of at most `most` items; NULL with e set when it is none or longer. *n: its items. */
const cJSON *list_read(const cJSON *from, const char *name, size_t most, size_t *n, struct err *e);

/* A text that is in a list itself, cleaned. false: it is none. */
bool text_item_read(const cJSON *item, char *out, size_t size);

#endif
