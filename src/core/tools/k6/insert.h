/* tools/k6/insert.h
 * A whole options object for a script that has none, an empty one, or one that is made at run time.
 */
#ifndef PERFSCALE_TOOLS_K6_INSERT_H
#define PERFSCALE_TOOLS_K6_INSERT_H

#include "script/edit.h"
#include "tools/k6/style.h"

void options_insert(const struct k6_script *s, const struct style *st, const struct wanted *w,
                    const struct profile *p, struct edits *out);

#endif
