#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tools/jmeter/jmx.h"

/* --- places --- */

bool jmx_is(const struct jmx *x, int element, const char *name) {
    const struct jmx_element *it = &x->item[element];
    return strlen(name) == it->name_len && memcmp(x->text + it->start + 1, name, it->name_len) == 0;
}

struct jmx_range jmx_value(const struct jmx *x, int element) {
    return (struct jmx_range){x->item[element].value_start, x->item[element].value_end};
}

int jmx_tree(const struct jmx *x, int element) {
    int next = x->item[element].next;
    return next != JMX_NONE && x->item[next].is_hash_tree ? next : JMX_NONE;
}

long jmx_line(const struct jmx *x, size_t offset) {
    long low = 0, high = x->lines;
    while (high - low > 1) {
        long middle = low + (high - low) / 2;
        if (x->line[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return low + 1;
}

long jmx_element_line(const struct jmx *x, int element) {
    return element == JMX_NONE ? 0 : jmx_line(x, x->item[element].start);
}

bool jmx_refuse(const struct jmx *x, size_t offset, struct err *e, const char *fmt, ...) {
    char text[sizeof e->text];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    err_set(e, ERR_REFUSED, "%s", text);
    return err_at(e, x->file, jmx_line(x, offset));
}

/* --- attributes and properties --- */

static const char *skip_spaces(const char *at) { return at + strspn(at, " \t\r\n"); }

/* The tag is well-formed, or expat had not taken it: every value has its quotes. */
bool jmx_attribute(const struct jmx *x, int element, const char *name, struct jmx_attribute *out) {
    const struct jmx_element *it = &x->item[element];
    const char *at = skip_spaces(x->text + it->start + 1 + it->name_len);
    size_t want = strlen(name);
    while (*at != '>' && *at != '/') {
        size_t len = strcspn(at, "= \t\r\n");
        const char *key = at;
        at = skip_spaces(at + len);
        at = skip_spaces(at + 1);
        const char *value = at + 1, *end = strchr(value, *at);
        if (len == want && memcmp(key, name, len) == 0) {
            *out =
                (struct jmx_attribute){{(size_t)(value - x->text), (size_t)(end - x->text)}, *at};
            return true;
        }
        at = skip_spaces(end + 1);
    }
    return false;
}

static bool text_is(const struct jmx *x, struct jmx_range r, const char *text, size_t len) {
    return r.end - r.start == len && memcmp(x->text + r.start, text, len) == 0;
}

/* <doubleProp><name>n</name><value>v</value><savedValue>0.0</savedValue></doubleProp> */
static int long_form(const struct jmx *x, int property, const char *name, size_t len) {
    int value = JMX_NONE;
    bool same = false;
    for (int i = x->item[property].first_child; i != JMX_NONE; i = x->item[i].next) {
        if (jmx_is(x, i, "name"))
            same = text_is(x, jmx_value(x, i), name, len);
        else if (jmx_is(x, i, "value"))
            value = i;
    }
    return same ? value : JMX_NONE;
}

int jmx_property(const struct jmx *x, int element, const char *name) {
    size_t len = strlen(name);
    int found = JMX_NONE;
    for (int i = x->item[element].first_child; i != JMX_NONE; i = x->item[i].next) {
        struct jmx_attribute a;
        if (jmx_attribute(x, i, "name", &a)) {
            if (text_is(x, a.value, name, len))
                found = i;
        } else if (x->item[i].first_child != JMX_NONE) {
            int value = long_form(x, i, name, len);
            found = value == JMX_NONE ? found : value;
        }
    }
    return found;
}

/* --- text --- */

/* The character of a reference ("&amp;", "&#10;") at `at`; *len is its length. */
static size_t reference(const char *at, size_t *len, char out[4]) {
    static const struct {
        const char *name;
        char is;
    } names[] = {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}};
    *len = strcspn(at, ";") + 1;
    if (at[1] == '#') {
        bool hex = at[2] == 'x';
        return text_encode((uint32_t)strtoul(at + (hex ? 3 : 2), NULL, hex ? 16 : 10), out);
    }
    out[0] = '&';
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_starts(at, names[i].name))
            out[0] = names[i].is;
    return 1;
}

/* Markup inside a text that is no text: its length, 0 when the text goes on. *inside is the length
 * of what it holds as text behind the first *skip bytes. */
static size_t markup(const char *at, size_t left, size_t *skip, size_t *inside) {
    static const struct {
        const char *begin, *end;
        bool is_text;
    } forms[] = {{"<![CDATA[", "]]>", true}, {"<!--", "-->", false}, {"<?", "?>", false}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        size_t begin = strlen(forms[i].begin);
        if (left < begin || memcmp(at, forms[i].begin, begin) != 0)
            continue;
        const char *end = memmem(at + begin, left - begin, forms[i].end, strlen(forms[i].end));
        if (!end)
            return left;
        *skip = begin;
        *inside = forms[i].is_text ? (size_t)(end - at) - begin : 0;
        return (size_t)(end - at) + strlen(forms[i].end);
    }
    return 0;
}

/* A text while it is decoded. */
struct decoded {
    char *out;
    size_t len, size;
    bool whole;
};

static void put(struct decoded *d, const char *bytes, size_t len) {
    if (!d->whole || d->len + len >= d->size) {
        d->whole = false;
        return;
    }
    memcpy(d->out + d->len, bytes, len);
    d->len += len;
}

/* Plain bytes, character by character, so that none is cut. */
static void put_plain(struct decoded *d, const char *bytes, size_t len) {
    for (size_t i = 0, step; i < len && d->whole; i += step) {
        uint32_t cp;
        step = text_decode(bytes + i, len - i, &cp);
        if (bytes[i] != '\r' || i + 1 == len || bytes[i + 1] != '\n')
            put(d, bytes + i, step);
    }
}

/* Bytes up to the next reference or markup; of a long value only as many as out could hold, for it
 * may be a script of megabytes. No character and no line break is cut. */
static size_t plain_bytes(const char *at, const char *end, size_t most) {
    size_t len = 0, left = (size_t)(end - at);
    while (len < left && len < most && at[len] != '&' && at[len] != '<')
        len++;
    while (len > 1 && len < left && (((unsigned char)at[len] & 0xc0) == 0x80 || at[len] == '\n'))
        len--;
    return len;
}

bool jmx_decode(const struct jmx *x, struct jmx_range range, char *out, size_t size) {
    struct decoded d = {.out = out, .size = size, .whole = true};
    const char *at = x->text + range.start, *end = x->text + range.end;
    while (at < end && d.whole) {
        size_t used, skip = 0, inside = 0;
        if (*at == '&') {
            char bytes[4];
            size_t len = reference(at, &used, bytes);
            put(&d, bytes, len);
        } else if (*at == '<') {
            used = markup(at, (size_t)(end - at), &skip, &inside);
            put_plain(&d, at + skip, inside);
            if (!used)
                break; /* a child element: no text behind it counts */
        } else {
            used = plain_bytes(at, end, size + 1);
            put_plain(&d, at, used);
        }
        at += used;
    }
    out[d.len] = '\0';
    return d.whole;
}

bool jmx_value_text(const struct jmx *x, int element, char *out, size_t size) {
    *out = '\0';
    return element != JMX_NONE && jmx_decode(x, jmx_value(x, element), out, size);
}

bool jmx_attribute_text(const struct jmx *x, int element, const char *name, char *out,
                        size_t size) {
    struct jmx_attribute a;
    *out = '\0';
    return jmx_attribute(x, element, name, &a) && jmx_decode(x, a.value, out, size);
}

bool jmx_property_text(const struct jmx *x, int element, const char *name, char *out, size_t size) {
    return jmx_value_text(x, jmx_property(x, element, name), out, size);
}
