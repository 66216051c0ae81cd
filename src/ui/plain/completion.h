/* ui/plain/completion.h
 * The table of verbs as a completion for each shell. What fits a word is told from how the table
 * writes it: "md|html" is a choice, FILE, RESULT and SOURCE are files, DIR a directory, ID a run,
 * GROUP a group of the system, VERB a verb; nothing is offered for any other. */
#ifndef PERFSCALE_PLAIN_COMPLETION_H
#define PERFSCALE_PLAIN_COMPLETION_H

#include "ui/plain/verb.h"

enum fits { FITS_NOTHING, FITS_CHOICE, FITS_FILE, FITS_DIR, FITS_RUN, FITS_GROUP, FITS_VERB };

/* The operand at *at, which goes on to the next one; false at the end. */
struct operand {
    char name[64]; /* "ID", without brackets and dots */
    enum fits fits;
    bool repeated;
};
bool operand_next(const char **at, struct operand *out);
enum fits fits_of(const char *argument);

/* "--theme" of the dashboard, then each verb's; the hidden ones are left out. */
bool option_is_shown(const struct option *o);

/* text within '...' of a shell, where quote stands for a quote in it; escape: characters that get a
 * backslash before them. */
void print_quoted(const char *text, const char *escape, const char *quote);

void completion_bash(void);
void completion_zsh(void);
void completion_fish(void);

#endif
