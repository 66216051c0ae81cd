/* session/form.h
 * The fields of the Load screen and of the options of `plan`: one table for both. A field holds
 * what the user typed; without it, its default from plan, baseline, script or rules, and from
 * where. */
#ifndef PERFSCALE_SESSION_FORM_H
#define PERFSCALE_SESSION_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "rules/rules.h"

enum field {
    FIELD_MODEL,
    FIELD_METHOD,
    FIELD_TARGET,
    FIELD_AVG,
    FIELD_THINK,
    FIELD_REQUESTS,
    FIELD_STEPS,
    FIELD_START,
    FIELD_MAX,
    FIELD_RAMP_UP,
    FIELD_HOLD,
    FIELD_RAMP_DOWN,
    FIELD_P95,
    FIELD_ERRORS,
    FIELDS,
};

enum field_kind {
    KIND_CHOICE,      /* one word of a list */
    KIND_RATE,        /* requests per second */
    KIND_DURATION_MS, /* a plain number is milliseconds */
    KIND_DURATION_S,  /* shown as 10:00; a plain number is minutes */
    KIND_NUMBER,
    KIND_COUNT, /* a whole number */
    KIND_SHARE, /* shown in percent; a plain number is percent */
};

struct field_def {
    const char *key;          /* in the saved state */
    const char *label;        /* "Target" */
    const char *stress_label; /* NULL: the same */
    const char *unit;
    enum field_kind kind;
    const char *option; /* of `plan`: "--rps"; NULL: none */
    bool model[MODELS]; /* for which it is shown */
    double least, most; /* of the value; least itself is allowed unless above_least */
    bool above_least;
};
const struct field_def *field_def(enum field f);

/* The field's label for this model. */
const char *field_label(enum field f, enum model m);

/* Words of a choice, NULL at the end. */
const char *const *field_choices(enum field f);

enum { FIELD_TEXT_MAX = 40, UNDO_MAX = 50 };

struct field_state {
    char typed[FIELD_TEXT_MAX]; /* what the user entered; "" = the default counts */
    double value;    /* ms, s, RPS, share; the index of a choice; NAN: not set or wrong */
    double fallback; /* the default's value, NAN: none */
    char shown[FIELD_TEXT_MAX]; /* as text, without unit */
    char origin[96];            /* "test-plan.md line 12", "you, was 180" */
    char error[128];            /* what is wrong with the typed text, "" when nothing */
};

struct undo {
    enum field field;
    char typed[FIELD_TEXT_MAX];
};

struct form {
    struct field_state field[FIELDS];
    struct undo undo[UNDO_MAX];
    int undos;
};

/* Parses typed text of a field into its value (ms, s, RPS, share). false: error holds the sentence,
 * which begins with the field's label. */
bool field_parse(enum field f, enum model m, const char *typed, double *value, char *error,
                 size_t size);

/* The value as text for the field. */
void field_show(enum field f, double value, char *out, size_t size);

/* The first field with an error; FIELDS when there is none. */
enum field form_first_error(const struct form *form, enum model m);

#endif
