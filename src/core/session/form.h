/* session/form.h
 * The fields of the Load screen and of the options of `plan`: one table for both. A field holds
 * what the user typed; without it, its default from plan, baseline, script or rules, and from
 * where. */
#ifndef PERFSCALE_SESSION_FORM_H
#define PERFSCALE_SESSION_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "load/facts.h"
#include "load/profile.h"
#include "rules/rules.h"

enum field {
    FIELD_MODEL,
    FIELD_METHOD,
    FIELD_TARGET,
    FIELD_SHARES,
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
    FIELD_GENERATORS,
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
    bool each; /* of several scenarios it has a value for each: "buy=25 look=75" */
};
const struct field_def *field_def(enum field f);

/* The field's label for this model. */
const char *field_label(enum field f, enum model m);

/* "arrival rate": the method within a sentence. */
const char *method_words(enum arrivals a);

/* Words of a choice, NULL at the end. Those of the method stand in the order of enum arrivals. */
const char *const *field_choices(enum field f);

enum { FIELD_TEXT_MAX = 400, UNDO_MAX = 50 };

struct field_state {
    char typed[FIELD_TEXT_MAX]; /* what the user entered; "" = the default counts */
    double value;    /* ms, s, RPS, share; the index of a choice; NAN: not set or wrong. Of several
                        scenarios that of the first, NAN when one of them is not known */
    double fallback; /* the default's value, NAN: none */
    char shown[FIELD_TEXT_MAX]; /* as text, without unit */
    char origin[200];           /* "test-plan.md line 12", "you, was 180" */
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
    double each[FIELDS][SCENARIOS_MAX]; /* of a field of several scenarios: theirs, in the order of
                                           facts_carriers(); NAN: not known */
};

/* Parses typed text of a field into its value (ms, s, RPS, share). false: error holds the sentence,
 * which begins with the field's label. */
bool field_parse(enum field f, enum model m, const char *typed, double *value, char *error,
                 size_t size);

/* The value as text for the field. */
void field_show(enum field f, double value, char *out, size_t size);

/* A field of n scenarios (2 or more): "buy=25 look=75", "25 75", or one number for all of them,
 * which shares cannot be. each holds what counts for scenarios that are not named, and is changed.
 * false: as field_parse. */
bool field_parse_each(enum field f, enum model m, const struct scenario *const *scenario, size_t n,
                      const char *typed, double *each, char *error, size_t size);

/* The same as text that can be parsed again; "" when none of them is known. */
void field_show_each(enum field f, const struct scenario *const *scenario, size_t n,
                     const double *each, char *out, size_t size);

/* The first field with an error; FIELDS when there is none. */
enum field form_first_error(const struct form *form, enum model m);

#endif
