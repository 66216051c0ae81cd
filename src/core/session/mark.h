/* session/mark.h
 * The seven states in which both front ends show everything, each with a sign and a word that carry
 * the meaning; a colour only repeats it. */
#ifndef PERFSCALE_SESSION_MARK_H
#define PERFSCALE_SESSION_MARK_H

#include <stdbool.h>

#include "base/finding.h"
#include "check/check.h"
#include "sizing/sizing.h"
#include "watch/watch.h"

enum mark { MARK_OK, MARK_NEAR, MARK_BROKEN, MARK_NODATA, MARK_INVALID, MARK_LIVE, MARK_NONE };

const char *mark_sign(enum mark m); /* "✓"; a front end turns it into ASCII. Static */
const char *mark_word(enum mark m); /* "ok", "near limit", "no data". Static */

enum mark mark_of_use(enum use_status status);
enum mark mark_of_verdict(enum verdict verdict, bool near_limit);
enum mark mark_of_finding(enum finding_level level);
enum mark mark_of_watch(enum watch_state state);

/* The word for a check: "warning" instead of "near limit" for a pass that the rules mark although
 * it is far from its limit, such as a few failed checks. Static. */
const char *mark_check_word(const struct check *c);

/* The worst first: 0 for broken. Where the focus starts. */
int mark_rank(enum mark mark);

#endif
