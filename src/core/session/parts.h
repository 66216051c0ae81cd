/* session/parts.h
 * Shared by the files of this room. */
#ifndef PERFSCALE_SESSION_PARTS_H
#define PERFSCALE_SESSION_PARTS_H

#include "session/session.h"

/* Form defaults with their origins, typed values, and the input for profile_make. */
void form_fill(struct session *s, struct load_input *in);
void set_default(struct session *s, enum field f, double value, const char *origin);
/* The fields of several scenarios: shares, think time, requests per iteration. */
void form_fill_each(struct session *s, enum model m);
/* The scenarios of the input, from the form as it is. */
void fill_parts(const struct session *s, struct load_input *in);

/* Figures of the measured baseline; every member NAN when it is not measured. */
struct measured baseline_measured(const struct session *s);

/* Rules of the workspace into s->rules; when they are wrong they are empty and rules_error says so.
 */
void rules_reload(struct session *s);

/* Frees and empties the parts of a session. */
void baseline_reset(struct baseline *b); /* script and result */
void baseline_reset_result(struct baseline *b);
void script_reset(struct script *sc);
void intake_reset(struct intake *in);
void result_reset(struct result *r);

/* Reads the chosen script and looks for its result. */
void baseline_load(struct session *s);
/* Takes a result over: *run is moved. */
void baseline_take(struct session *s, struct summary *run, const char *from, int64_t changed_s);

/* A script of the workspace for its tool: what it imports is read from beside it. */
struct source session_source(const struct session *s, const char *text, size_t len,
                             const char *file);

/* Everything behind the load starts anew: the confirmation, the script, the result. */
void reopen_after_load(struct session *s);

/* Index of the baseline to begin with: the only one, or the one that the plan names; -1: ask. */
int baseline_first_choice(const struct workspace *w);
const char *baseline_name(const struct session *s); /* "" when none is chosen */

/* Takes a result over into the intake; *run is moved. */
/* Memory alone belongs to the result that is there: *run becomes both together, from names both.
 * ERR_REFUSED when there is none. Anything else stays as it is. */
bool intake_with_memory(struct session *s, struct summary *run, char from[NAME_MAX_BYTES],
                        struct err *e);
void intake_take(struct session *s, struct summary *run, const char *from);
/* The same as the baseline's result, when it is of its tool. */
bool baseline_take_read(struct session *s, struct summary *run, struct err *e);

/* A name that the user typed as a path: in the workspace, else as the shell would take it. */
bool result_path(const struct session *s, const char *name, char *out, size_t size, struct err *e);

/* What the user named in one line: paths of files that are there or not yet, and addresses. */
enum { NAMES_MAX = 16 };
struct named {
    char path[NAMES_MAX][1024];
    const char *item[NAMES_MAX];
    size_t n;
};
/* Blanks between names, quotes around one with blanks; a name of a file that is there counts as it
 * stands. */
bool names_find(const struct session *s, const char *names, struct named *to, struct err *e);

/* Starts reading these files as session_read_start() does; names: as the user knows them. */
bool read_begin(struct session *s, enum reading_for what, const char *const *paths, size_t n,
                const char *names, const char *format, struct err *e);

/* The result is older than the script by more than file systems round. */
/* Files of the workspace by their names, as everywhere on the screens. */
void shorten_names(const struct session *s, struct findings *f);
/* Was the result there before the script was written? Both in s since 1970, -1: unknown. */
bool is_older(int64_t result_s, int64_t script_s);
bool baseline_older(const struct session *s);

/* The load that a run was made with: the confirmed one; NULL: none is. */
const struct profile *confirmed_profile(const struct session *s);

/* The load as a number that changes with it; 0 when there is none. */
uint64_t load_hash(const struct profile *p);
uint64_t bytes_hash(const char *bytes, size_t len);

/* The first field that a load needs and that has no value, FIELDS when all have one; whose: the
 * scenario whose number it is, NULL when it is one for all. */
enum field load_missing(const struct session *s, const struct scenario **whose);
/* "Target is empty. Enter a number above 0": of load_missing() a sentence without its full stop.
 * false: all have one. */
bool load_field_missing(const struct session *s, char *out, size_t size);

/* Host checks for the profile of now, from the facts in s->host. */
void host_checks_update(struct session *s);

/* The rewritten text under a name that is fixed already. */
bool script_prepare_as(struct session *s, const char *stem, const char *name, struct err *e);
void script_command(struct session *s); /* writes s->script.command anew */

/* Judges run with what this session knows and makes it the result. *run is moved. */
void result_take(struct session *s, struct summary *run, const char *from, int64_t at_ms);

/* Time of day, local: "14:05"; with seconds "14:05:09". The date goes before it when it is not that
 * of now_ms. */
char *show_time(int64_t at_ms, int64_t now_ms, bool seconds, char *out, size_t size);

/* Appends to out, after ", " when something is there already. */
void add_part(char *out, size_t size, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

const struct tool *session_tool(const struct session *s); /* NULL: no baseline chosen */
/* The tool whose version is asked for: that of the chosen baseline, else of the first. */
const struct tool *asked_tool(const struct session *s);
void probe_forget(struct session *s); /* what is known of another tool's version */

/* Opens the store for writing, making it when it is not there. NULL when that is not possible; the
 * reason is in store_notice. */
struct history *store(struct session *s);
/* Says in store_notice that the clock is behind what is stored. */
void store_say_clock(struct session *s);

#endif
