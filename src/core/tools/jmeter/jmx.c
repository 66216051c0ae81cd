#include "tools/jmeter/jmx.h"

#include <expat.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

static const char *const unreadable = "JMeter itself cannot read this. Open it in an editor and "
                                      "save it as UTF-8 XML 1.0";

/* One pass. The first error stops it. */
struct pass {
    struct jmx *x;
    XML_Parser parser;
    struct err *e;
    bool failed;
    int depth;
    struct {
        int element, last_child;
    } open[JMX_DEPTH_MAX];
};

static void stop(struct pass *p) {
    p->failed = true;
    XML_StopParser(p->parser, XML_FALSE);
}

static size_t here(const struct pass *p) { return (size_t)XML_GetCurrentByteIndex(p->parser); }

static void limit(struct pass *p, const char *what, int most) {
    err_set(p->e, ERR_LIMIT, "%s: more than %d", what, most);
    err_at(p->e, p->x->file, jmx_line(p->x, here(p)));
    err_fix(p->e, "no test plan needs that; look at the file");
    stop(p);
}

/* --- handlers --- */

static void link_to_parent(struct pass *p, int i) {
    struct jmx_element *item = p->x->item;
    item[i].parent = p->depth ? p->open[p->depth - 1].element : JMX_NONE;
    if (!p->depth)
        return;
    int *last = &p->open[p->depth - 1].last_child;
    if (*last == JMX_NONE)
        item[item[i].parent].first_child = i;
    else
        item[*last].next = i;
    *last = i;
}

static struct jmx_element *add(struct jmx *x) {
    if (x->len_items == x->cap_items) {
        x->cap_items = x->cap_items ? x->cap_items * 2 : 1024;
        x->item = mem_resize(x->item, (size_t)x->cap_items, sizeof *x->item);
    }
    return &x->item[x->len_items++];
}

static void XMLCALL on_start(void *self, const XML_Char *name, const XML_Char **attributes) {
    (void)attributes;
    struct pass *p = self;
    size_t name_len = strlen(name);
    if (p->failed)
        return;
    if (p->depth == JMX_DEPTH_MAX) {
        limit(p, "Elements inside each other", JMX_DEPTH_MAX);
        return;
    }
    if (p->x->len_items == JMX_ELEMENTS_MAX) {
        limit(p, "Elements", JMX_ELEMENTS_MAX);
        return;
    }
    if (name_len > UINT16_MAX) {
        limit(p, "Bytes in the name of an element", UINT16_MAX);
        return;
    }
    int i = p->x->len_items;
    size_t start = here(p), end = start + (size_t)XML_GetCurrentByteCount(p->parser);
    *add(p->x) = (struct jmx_element){
        .start = (uint32_t)start,
        .value_start = (uint32_t)end,
        .first_child = JMX_NONE,
        .next = JMX_NONE,
        .name_len = (uint16_t)name_len,
        .depth = (uint16_t)p->depth,
        .self_closing = p->x->text[end - 2] == '/',
        .is_hash_tree = name_len == 8 && memcmp(name, "hashTree", 8) == 0,
    };
    link_to_parent(p, i);
    p->open[p->depth].element = i;
    p->open[p->depth++].last_child = JMX_NONE;
}

static void XMLCALL on_end(void *self, const XML_Char *name) {
    (void)name;
    struct pass *p = self;
    if (p->failed)
        return;
    struct jmx_element *item = &p->x->item[p->open[--p->depth].element];
    item->value_end = (uint32_t)here(p);
    item->end = item->value_end + (uint32_t)XML_GetCurrentByteCount(p->parser);
}

static void XMLCALL on_doctype(void *self, const XML_Char *name, const XML_Char *system,
                               const XML_Char *public, int has_internal) {
    (void)name, (void)system, (void)public, (void)has_internal;
    struct pass *p = self;
    jmx_refuse(p->x, here(p), p->e, "DOCTYPE at byte %zu. JMeter itself cannot read this", here(p));
    err_fix(p->e, "remove the DOCTYPE");
    stop(p);
}

static size_t first_beyond_ascii(const struct jmx *x) {
    for (size_t i = 0; i < x->len; i++)
        if ((unsigned char)x->text[i] > 0x7f)
            return i;
    return x->len;
}

static void XMLCALL on_declaration(void *self, const XML_Char *version, const XML_Char *encoding,
                                   int standalone) {
    (void)standalone;
    struct pass *p = self;
    if (version && strcmp(version, "1.0") != 0) {
        jmx_refuse(p->x, here(p), p->e, "XML %.16s. JMeter itself cannot read this", version);
        err_fix(p->e, "write version=\"1.0\" in the first line");
        stop(p);
        return;
    }
    if (!encoding || text_same(encoding, "UTF-8") || text_same(encoding, "UTF8"))
        return;
    size_t at = first_beyond_ascii(p->x);
    if (at == p->x->len)
        return;
    jmx_refuse(
        p->x, at, p->e,
        "The file says encoding %.40s and holds a character beyond ASCII at byte %zu. JMeter "
        "reads plans as UTF-8 whatever they say",
        encoding, at);
    err_fix(p->e, "save it as UTF-8 and write encoding=\"UTF-8\" in the first line");
    stop(p);
}

/* --- the pass --- */

static void find_lines(struct jmx *x) {
    size_t cap = 0, len = 0;
    for (const char *at = x->text, *end = x->text + x->len; at;) {
        x->line = mem_grow(x->line, len, &cap, sizeof *x->line);
        x->line[len++] = (uint32_t)(at - x->text);
        at = memchr(at, '\n', (size_t)(end - at));
        at = at ? at + 1 : NULL;
    }
    x->lines = (long)len;
}

static bool not_well_formed(struct pass *p) {
    enum XML_Error code = XML_GetErrorCode(p->parser);
    size_t at = here(p);
    jmx_refuse(p->x, at, p->e,
               "Not well-formed XML at byte %zu: %s. JMeter itself cannot read this", at,
               XML_ErrorString(code));
    return err_fix(p->e, "open the plan in JMeter and save it again");
}

static bool run(struct pass *p) {
    XML_SetUserData(p->parser, p);
    XML_SetElementHandler(p->parser, on_start, on_end);
    XML_SetStartDoctypeDeclHandler(p->parser, on_doctype);
    XML_SetXmlDeclHandler(p->parser, on_declaration);
    enum XML_Status status = XML_Parse(p->parser, p->x->text, (int)p->x->len, XML_TRUE);
    if (p->failed)
        return false;
    return status == XML_STATUS_OK ? true : not_well_formed(p);
}

/* UTF-16 and UTF-32, with or without a byte order mark. */
static bool is_wide(const struct jmx *x) {
    const unsigned char *b = (const unsigned char *)x->text;
    if (x->len < 2)
        return false;
    return (b[0] == 0xff && b[1] == 0xfe) || (b[0] == 0xfe && b[1] == 0xff) || !b[0] || !b[1];
}

bool jmx_open(struct jmx *x, const struct source *src, struct err *e) {
    *x = (struct jmx){.text = src->text, .len = src->len, .file = src->file};
    if (src->len > JMX_MAX_BYTES) {
        err_set(e, ERR_LIMIT, "The plan is larger than %d MB", JMX_MAX_BYTES >> 20);
        return err_at(e, src->file, 0);
    }
    find_lines(x);
    if (is_wide(x)) {
        jmx_refuse(x, 0, e, "UTF-16, from byte 0 on");
        return err_fix(e, "%s", unreadable);
    }
    struct pass *p = mem_new(1, sizeof *p);
    p->x = x;
    p->e = e;
    p->parser = XML_ParserCreate("UTF-8"); /* as JMeter reads it, whatever it says of itself */
    bool ok = p->parser ? run(p) : err_set(e, ERR_LIMIT, "no memory left for the XML parser");
    if (p->parser)
        XML_ParserFree(p->parser);
    free(p);
    return ok;
}

void jmx_close(struct jmx *x) {
    free(x->item);
    free(x->line);
    *x = (struct jmx){0};
}
