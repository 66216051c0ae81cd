/* session/parts.h
 * Shared by the files of this room. */
#ifndef PERFSCALE_SESSION_PARTS_H
#define PERFSCALE_SESSION_PARTS_H

#include "session/session.h"

/* Form defaults with their origins, typed values, and the input for profile_make. */
void form_fill(struct session *s, struct load_input *in);

/* Figures of the measured baseline; every member NAN when it is not measured. */
struct measured baseline_measured(const struct session *s);

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

/* Everything behind the load starts anew: the confirmation, the script, the result. */
void reopen_after_load(struct session *s);

const struct tool *session_tool(const struct session *s); /* NULL: no baseline chosen */
enum model session_model(const struct session *s);

/* Opens the store for writing, making it when it is not there. NULL when that is not possible; the
 * reason is in store_notice. */
struct history *store(struct session *s);

#endif
