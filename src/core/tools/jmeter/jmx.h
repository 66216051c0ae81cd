/* tools/jmeter/jmx.h
 * A JMX file as a flat tree: one pass of expat notes where the tags and values of every element
 * stand. Names and values are read from the user's bytes when they are asked for. Elements are
 * indexes into item[], in the order of the file; JMX_NONE is no element. */
#ifndef PERFSCALE_TOOLS_JMETER_JMX_H
#define PERFSCALE_TOOLS_JMETER_JMX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "tools/tool.h"

enum {
    JMX_MAX_BYTES = 16 << 20,
    JMX_ELEMENTS_MAX = 1000000,
    JMX_DEPTH_MAX = 1000,
    JMX_NONE = -1,
};

/* Bytes [start, end) of the file. */
struct jmx_range {
    size_t start, end;
};

struct jmx_element {
    uint32_t start;       /* the "<" of the start tag */
    uint32_t value_start; /* the byte after the start tag */
    uint32_t value_end;   /* the "<" of the end tag; equal to value_start when self_closing */
    uint32_t end;         /* the byte after the whole element */
    int parent, first_child, next;
    uint16_t name_len; /* the name stands at start + 1 */
    uint16_t depth;    /* 0 at the root */
    bool self_closing; /* <b/> */
    bool is_hash_tree;
};

struct jmx {
    const char *text; /* borrowed */
    size_t len;
    const char *file;         /* borrowed */
    struct jmx_element *item; /* owned; item[0] is the root */
    int len_items, cap_items;
    uint32_t *line; /* owned; where each line begins */
    long lines;
};

/* Reads src. ERR_REFUSED with line and reason for what JMeter cannot read either (not well-formed,
 * DOCTYPE, XML 1.1, another encoding), ERR_LIMIT for what is too large or too deep. *x is
 * initialised by it, to be closed also after an error; text and file stay borrowed. */
bool jmx_open(struct jmx *x, const struct source *src, struct err *e);
void jmx_close(struct jmx *x);

/* The element has this name. */
bool jmx_is(const struct jmx *x, int element, const char *name);

/* The value of a self-closing element is empty, at its end. */
struct jmx_range jmx_value(const struct jmx *x, int element);

/* The value of an attribute, between its quotes. false when the start tag has none of that name. */
struct jmx_attribute {
    struct jmx_range value;
    char quote; /* ' or " */
};
bool jmx_attribute(const struct jmx *x, int element, const char *name, struct jmx_attribute *out);

/* The child whose value is the property of that name; of several the last, as JMeter takes it. For
 * the long form <doubleProp><name>n</name><value>v</value></doubleProp> it is the element <value>.
 * For an elementProp or a collectionProp it is that element. JMX_NONE when there is none. */
int jmx_property(const struct jmx *x, int element, const char *name);

/* The hashTree with an element's children: the sibling that follows it. */
int jmx_tree(const struct jmx *x, int element);

/* Line of a byte, from 1. */
long jmx_line(const struct jmx *x, size_t offset);
long jmx_element_line(const struct jmx *x, int element);

/* The text of a range with references, CDATA and comments resolved, cut between characters at size.
 * false when it was cut. */
bool jmx_decode(const struct jmx *x, struct jmx_range range, char *out, size_t size);

/* Decoded value of an element, of an attribute, of a property; "" when there is none (then false).
 */
bool jmx_value_text(const struct jmx *x, int element, char *out, size_t size);
bool jmx_attribute_text(const struct jmx *x, int element, const char *name, char *out, size_t size);
bool jmx_property_text(const struct jmx *x, int element, const char *name, char *out, size_t size);

/* ERR_REFUSED with the file and the line of a byte. */
bool jmx_refuse(const struct jmx *x, size_t offset, struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

#endif
