/* ui/plain/plain.h
 * The verbs that print text or JSON and end: for scripts, CI and people without a screen. */
#ifndef PERFSCALE_PLAIN_PLAIN_H
#define PERFSCALE_PLAIN_PLAIN_H

#include "ui/plain/verb.h"

extern const struct verb verb_status, verb_plan, verb_check, verb_watch;

#endif
