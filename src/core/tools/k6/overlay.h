/* tools/k6/overlay.h
 * A load laid over options that are made at run time:
 *
 *     Object.assign({}, <their expression>, { vus: null, ..., scenarios: { ... } }) */
#ifndef PERFSCALE_TOOLS_K6_OVERLAY_H
#define PERFSCALE_TOOLS_K6_OVERLAY_H

#include "base/finding.h"
#include "script/edit.h"
#include "tools/k6/style.h"

/* Two insertions around s->computed. */
void overlay_insert(const struct k6_script *s, const struct style *st, const struct wanted *w,
                    struct edits *out);

/* What is lost by it and what stays; nothing when there is no overlay to be made. */
void overlay_remark(const struct k6_script *s, struct findings *out);

#endif
