/* tools/locust/block_text.h
 * The block that perfscale puts at the end of a Locust file, as text. */
#ifndef PERFSCALE_TOOLS_LOCUST_BLOCK_TEXT_H
#define PERFSCALE_TOOLS_LOCUST_BLOCK_TEXT_H

#include "base/buf.h"
#include "tools/locust/wanted.h"

/* What takes the place of bytes [start, end) of the script, in its own line ends and indent. */
struct block_text {
    size_t start, end;
    char *text; /* owned */
};

void block_text_make(struct block_text *b, const struct locust_script *s,
                     const struct locust_wanted *w);
void block_text_fini(struct block_text *b);

#endif
