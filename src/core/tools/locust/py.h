/* tools/locust/py.h
 * A Python text as a syntax tree, and what the Locust folder asks of it beyond tools/syntax.h. */
#ifndef PERFSCALE_TOOLS_LOCUST_PY_H
#define PERFSCALE_TOOLS_LOCUST_PY_H

#include "tools/syntax.h"

const TSLanguage *tree_sitter_python(void);

enum { PY_NAME_BYTES = 128, PY_DEPTH_MAX = 200 };

/* As syntax_open(), of Python 3. */
bool py_open(struct syntax *py, const char *text, size_t len, const char *file, struct err *e);

TSNode py_unwrap(TSNode n);     /* without round brackets */
TSNode py_definition(TSNode n); /* of a decorated_definition what is decorated; else n */

/* A literal string's characters without prefix and quotes, escapes as they stand. false: no plain
 * literal (a formatted one with fields is none), or it does not fit. */
bool py_string(const struct syntax *py, TSNode n, char *out, size_t size);

/* The value of an argument by its name, else by its position (from 0; -1: by name only) among the
 * nodes of an argument list; a null node when it is not given. */
TSNode py_argument(const struct syntax *py, TSNode call, const char *name, int position);
TSNode py_argument_of(const struct syntax *py, const struct nodes *args, const char *name,
                      int position);

#endif
