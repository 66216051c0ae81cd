/* ui/plain/verb.h
 * A verb of the command line and its options, each one row: reading, help and completion are made
 * of the same table. */
#ifndef PERFSCALE_PLAIN_VERB_H
#define PERFSCALE_PLAIN_VERB_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* A row of an option table; name NULL at the end. */
struct option {
    const char *name;     /* "--rps" */
    const char *argument; /* "N": what follows, here or behind "="; NULL: nothing */
    const char *help;     /* NULL: not shown in help */
    size_t to; /* offset in the verb's struct: a const char * with argument, else a bool */
    const char *refused; /* why this version does not take it; NULL: it does */
};

struct verb {
    const char *name;     /* "plan"; "" is the dashboard */
    const char *operands; /* "[DIR]"; NULL: none */
    int most;             /* operands */
    const char *help;     /* one line */
    const char *more;     /* further lines, NULL: none */
    const struct option *options;
    /* Does the work. argv holds the words behind the verb. true: *status is the exit status. false:
     * e says what is wrong, and its kind gives the status. */
    bool (*run)(int argc, char **argv, int *status, struct err *e);
};

enum { OPERANDS_MAX = 64 };

struct operands {
    const char *item[OPERANDS_MAX + 1]; /* borrowed from argv; NULL at the end */
    int n;
};

/* Reads the words by the verb's table into out, the verb's zeroed struct, and into ops. "--" ends
 * the options; "-" is an operand. ERR_USAGE names the word. */
bool options_read(const struct verb *v, int argc, char **argv, void *out, struct operands *ops,
                  struct err *e);

/* The value of an option whose text may be NULL (then *out is left alone). Errors begin with the
 * option's name. */
bool option_rate(const char *name, const char *text, double *out, struct err *e);
bool option_duration_ms(const char *name, const char *text, double *out, struct err *e);
bool option_pause_ms(const char *name, const char *text, double *out,
                     struct err *e); /* 0 is fine */
bool option_share(const char *name, const char *text, double *out, struct err *e);
bool option_megabytes(const char *name, const char *text, double *out, struct err *e);
bool option_count(const char *name, const char *text, double *out, struct err *e);

/* All of them in the order of help, NULL at the end: the one table that reading, help, man page and
 * completions are made of. In main.c, because the dashboard is one of them. */
extern const struct verb *const verbs[];

/* What the program ends with; meaning NULL at the end. */
struct exit_status {
    int code;
    const char *meaning;
};
extern const struct exit_status exit_statuses[];
extern const char units_help[]; /* how durations, rates and shares are written */

/* Help of one verb on standard output; of the program. */
void help_verb(const struct verb *v);
void help_program(void);

/* The verb of that name; NULL when there is none. */
const struct verb *verb_find(const char *name);

/* "status, plan, check" into out, with `between` between two of them. */
void verb_names(char *out, const char *between, size_t size);

#endif
