/* ui/plain/plain.h
 * The verbs that print text or JSON and end: for scripts, CI and people without a screen. */
#ifndef PERFSCALE_PLAIN_PLAIN_H
#define PERFSCALE_PLAIN_PLAIN_H

#include "ui/plain/verb.h"

extern const struct verb verb_status, verb_plan, verb_check, verb_watch;

/* What is stored, and what people say of it. */
extern const struct verb verb_runs, verb_show, verb_compare, verb_note, verb_settle, verb_approve,
    verb_request_changes, verb_withdraw, verb_waive, verb_pin, verb_report, verb_share;

/* The program on its system. */
extern const struct verb verb_completion, verb_manual;

#endif
