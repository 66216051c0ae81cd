/* tools/json_text.h
 * What the readers of JSON results share. */
#ifndef PERFSCALE_TOOLS_JSON_TEXT_H
#define PERFSCALE_TOOLS_JSON_TEXT_H

#include <stddef.h>

/* How many values a document may hold: all that a tree of it costs. */
size_t json_text_values(const char *s, size_t len);

/* The line of a place in a text, from 1. */
long json_text_line(const char *s, const char *at);

#endif
