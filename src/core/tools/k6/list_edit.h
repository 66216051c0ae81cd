/* tools/k6/list_edit.h
 * Changes to the members of an object or array as byte edits: members go with their comma and, when
 * nothing else is on it, with their line; a comment stays; new members follow the list's own
 * habits. */
#ifndef PERFSCALE_TOOLS_K6_LIST_EDIT_H
#define PERFSCALE_TOOLS_K6_LIST_EDIT_H

#include "script/edit.h"
#include "tools/k6/style.h"

struct list_insert {
    size_t after; /* index of the member before it, LIST_BEGIN or LIST_END */
    char *text;   /* owned; "name: value" without comma */
};

#define LIST_BEGIN ((size_t)-1)
#define LIST_END ((size_t)-2)

struct list_edit {
    const struct syntax *js;    /* borrowed */
    const struct js_list *list; /* borrowed */
    struct place place;         /* of the members */
    bool *gone;                 /* owned; one per member */
    struct list_insert *insert; /* owned */
    size_t inserts, inserts_cap;
    struct edits *out; /* borrowed */
};

void list_edit_begin(struct list_edit *e, const struct syntax *js, const struct js_list *list,
                     const struct style *st, struct edits *out);

void list_delete(struct list_edit *e, const struct member *m);

/* A new value for a member; a shorthand becomes a pair. */
void list_replace_value(struct list_edit *e, const struct member *m, const char *value);

/* A whole new member ("name: value") in the place of an old one. */
void list_replace(struct list_edit *e, const struct member *m, const char *text);

/* New members: behind one that stays, or behind all. */
void list_insert_after(struct list_edit *e, const struct member *m, const char *text);
void list_append(struct list_edit *e, const char *text);

/* Writes the edits and frees what e holds. */
void list_edit_end(struct list_edit *e);

#endif
