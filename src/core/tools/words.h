/* tools/words.h
 * A command while it is written, word by word, into the parts where a person would break it. The
 * first thing that does not fit or cannot be quoted ends it. */
#ifndef PERFSCALE_TOOLS_WORDS_H
#define PERFSCALE_TOOLS_WORDS_H

#include "tools/tool.h"

struct words {
    struct command *c; /* borrowed */
    struct err *e;     /* borrowed */
    bool ok;
};

/* Empties the command and begins its first part. */
struct words words_begin(struct command *c, struct err *e);

/* Adds words as they are, after a space. */
void words_plain(struct words *w, const char *words);

/* Adds a word quoted for the shell, without a space before it. */
void words_quoted(struct words *w, const char *word);

/* Takes a variable of this shell away from the tool, and says so. first: `env` stands before it. */
void words_unset(struct words *w, const char *variable, const char *effect, bool first);

/* An option as it is ("--out csv=", "-t ") and a quoted file behind it. */
void words_option(struct words *w, const char *option, const char *file);

/* The script's path, quoted; one that begins with "-" gets "./" before it. */
void words_script(struct words *w, const char *script);

/* Notes a result file: stem and ending in the script's folder. Returns its name, to be quoted. */
const char *words_result(struct words *w, const char *script, const char *stem, const char *end);

/* Begins the next part. */
void words_part(struct words *w);

/* Joins the parts to the line. false when something went wrong on the way. */
bool words_end(struct words *w);

/* "baseline_orders.js" gives "baseline_orders"; what a result name must not hold becomes "_". */
void words_stem(const char *script, char *out, size_t size);

#endif
