/* tools/jmeter/jmx_edit.h
 * Byte edits of a JMX file, in its own style: a new element stands on a line of its own with the
 * indent of its neighbours where they do, and beside them where they do not. */
#ifndef PERFSCALE_TOOLS_JMETER_JMX_EDIT_H
#define PERFSCALE_TOOLS_JMETER_JMX_EDIT_H

#include "base/buf.h"
#include "script/edit.h"
#include "tools/jmeter/jmx.h"

enum {
    JMX_MARGIN_MAX = 256,     /* a deeper indent counts as none */
    JMX_NEW_TEXT_MAX = 32768, /* of one insertion */
};

/* Edits of the text from byte `from` on: the whole file, or a copy of one part of it. */
struct jmx_edit {
    const struct jmx *x; /* borrowed */
    struct edits *out;   /* borrowed */
    size_t from;
};

/* White space that begins a line: the line break and the indent. len 0: none. */
struct jmx_margin {
    const char *text; /* borrowed from the file or static; not NUL-terminated */
    size_t len;
};

/* What stands before an element when it is the first thing of its line; else len 0. */
struct jmx_margin jmx_margin(const struct jmx *x, int element);

/* By what children are further in than their parent: of an element and its first child. */
struct jmx_margin jmx_step(const struct jmx *x, int parent);

void jmx_put_margin(struct buf *b, struct jmx_margin m);

/* The text between the tags becomes value; <a/> becomes <a>value</a>. */
void jmx_set_value(const struct jmx_edit *e, int element, const char *value);

/* name="value": the value is replaced, a missing attribute is added at the end of the tag. */
void jmx_set_attribute(const struct jmx_edit *e, int element, const char *name, const char *value);

/* Adds text to the end of an attribute's value; escaped already. */
void jmx_append_attribute(const struct jmx_edit *e, int element, const char *name,
                          const char *text);

/* Adds elements behind the last child, or as the first ones. The text begins with its margin, one
 * that jmx_child_margin() gave. */
void jmx_append(const struct jmx_edit *e, int parent, const char *text);
void jmx_prepend(const struct jmx_edit *e, int parent, const char *text);

/* Margin of a new child: as the first child has it, else one step further in than the parent. step
 * as from jmx_step(). The bytes are in b, which the caller keeps. */
void jmx_child_margin(const struct jmx *x, int parent, struct jmx_margin step, struct buf *b);

/* Removes [start of the element and its margin, end). */
void jmx_remove(const struct jmx_edit *e, int element, size_t end);

#endif
