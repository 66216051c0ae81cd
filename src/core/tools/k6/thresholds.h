/* tools/k6/thresholds.h
 * The limits beside the user's own, and the statistics that the summary needs. */
#ifndef PERFSCALE_TOOLS_K6_THRESHOLDS_H
#define PERFSCALE_TOOLS_K6_THRESHOLDS_H

#include "base/finding.h"
#include "load/facts.h"
#include "tools/k6/list_edit.h"

/* The thresholds that the script has now. */
void thresholds_read(const struct k6_script *s, struct facts *out);

/* Edits for an options object that exists: options is the open edit of it. Notes about thresholds
 * of the user that stand beside a limit. */
void thresholds_edit(struct list_edit *options, const struct k6_script *s, const struct profile *p,
                     struct findings *notes);
void trend_stats_edit(struct list_edit *options, const struct k6_script *s, struct findings *notes);

/* For an options object that does not exist yet: "thresholds: { ... }" (empty when the plan has no
 * limits), "summaryTrendStats: [ ... ]". */
void put_thresholds(struct buf *out, const struct style *st, const struct profile *p);
void put_trend_stats(struct buf *out, const struct style *st);

#endif
