#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "rules/parts.h"

enum { FIELDS_MAX = 40 };

/* The document that is being read. */
struct sheet {
    const struct markdown *md;
    const char *file;
    struct rules *r;
    struct err *e;
};

struct table {
    const char *heading;
    const struct md_block *head, *row; /* row: the first of `rows` */
    size_t rows;
};

static bool fail_at(const struct sheet *s, long line) { return err_at(s->e, s->file, line); }

/* --- finding a table ------------------------------------------------------------------------- */

static bool find_heading(const struct sheet *s, const char *name, size_t *at) {
    const struct md_block *found = NULL;
    for (size_t i = 0; i < s->md->len; i++) {
        const struct md_block *b = &s->md->block[i];
        if (b->kind != MD_HEADING || !text_same(b->text, name))
            continue;
        if (found) {
            err_set(s->e, ERR_FORMAT, "the heading \"%s\" is here twice, first in line %ld", name,
                    found->line);
            return fail_at(s, b->line);
        }
        found = b;
        *at = i;
    }
    if (found)
        return true;
    err_set(s->e, ERR_FORMAT, "expected a heading \"## %s\" with its table, found none", name);
    return fail_at(s, 1);
}

static bool stray_row(const struct sheet *s, const struct md_block *b, const char *heading) {
    err_set(s->e, ERR_FORMAT, "\"%s\": this line is not part of the table", heading);
    err_fix(s->e, "no empty line inside a table; as many cells in the line of dashes as in the "
                  "header");
    return fail_at(s, b->line);
}

/* The one table between a heading and the next. */
static bool find_table(const struct sheet *s, const char *heading, const char *first_column,
                       struct table *t) {
    size_t at = 0;
    *t = (struct table){.heading = heading};
    if (!find_heading(s, heading, &at))
        return false;
    long line = s->md->block[at].line;
    for (size_t i = at + 1; i < s->md->len && s->md->block[i].kind != MD_HEADING; i++) {
        const struct md_block *b = &s->md->block[i];
        if (b->kind == MD_TEXT && b->text[0] == '|')
            return stray_row(s, b, heading);
        if (b->kind == MD_TABLE && t->head) {
            err_set(s->e, ERR_FORMAT, "\"%s\": expected one table, found a second", heading);
            return fail_at(s, b->line);
        }
        if (b->kind == MD_TABLE)
            t->head = b;
        if (b->kind == MD_ROW && t->rows++ == 0)
            t->row = b;
    }
    if (t->head)
        return true;
    err_set(s->e, ERR_FORMAT, "\"%s\": expected a table that begins with the column \"%s\"",
            heading, first_column);
    return fail_at(s, line);
}

static bool find_column(const struct sheet *s, const struct table *t, const char *name,
                        size_t *at) {
    bool found = false;
    for (size_t i = 0; i < t->head->cells; i++) {
        if (!text_same(t->head->cell[i], name))
            continue;
        if (found) {
            err_set(s->e, ERR_FORMAT, "\"%s\": the column \"%s\" is here twice", t->heading, name);
            return fail_at(s, t->head->line);
        }
        found = true;
        *at = i;
    }
    if (found)
        return true;
    err_set(s->e, ERR_FORMAT, "\"%s\": expected a column \"%s\", found none", t->heading, name);
    return fail_at(s, t->head->line);
}

static const char *cell_at(const struct md_block *row, size_t column) {
    return column < row->cells ? row->cell[column] : "";
}

static bool twice(const struct sheet *s, const struct table *t, const struct md_block *row,
                  const char *key, long first) {
    err_set(s->e, ERR_FORMAT, "\"%s\": the row \"%.60s\" is here twice, first in line %ld",
            t->heading, key, first);
    return fail_at(s, row->line);
}

static bool missing_row(const struct sheet *s, const struct table *t, const char *key) {
    err_set(s->e, ERR_FORMAT, "\"%s\": expected a row \"%s\", found none", t->heading, key);
    return fail_at(s, t->head->line);
}

static const struct field *find_field(const struct field *fields, size_t count, const char *name,
                                      size_t *at) {
    for (*at = 0; *at < count; ++*at)
        if (strcmp(fields[*at].name, name) == 0)
            return &fields[*at];
    return NULL;
}

/* --- values ---------------------------------------------------------------------------------- */

static bool read_value(const struct cell *c, char *item) {
    char nowhere[RULE_TEXT_MAX_BYTES]; /* for values that are only checked */
    const struct field *f = c->field;
    return f->read(c, f->at == UNUSED ? nowhere : item + f->at);
}

/* Of a pair such as least and most. An empty one is compared with nothing. */
static bool check_above(const struct cell *c, const struct field *fields, size_t count,
                        const char *item) {
    if (!c->field->above)
        return true;
    size_t i;
    double low, high;
    const struct field *other = find_field(fields, count, c->field->above, &i);
    memcpy(&low, item + other->at, sizeof low);
    memcpy(&high, item + c->field->at, sizeof high);
    return !(high < low) || cell_wrong(c, "a number not below \"%s\"", other->name);
}

/* --- parameter tables ------------------------------------------------------------------------ */

struct reading {
    const struct sheet *sheet;
    const struct params *params;
    struct table table;
    size_t name, unit, value[3]; /* columns */
    const struct md_block *seen[FIELDS_MAX];
};

static struct cell value_cell(const struct reading *p, const struct field *f, size_t v) {
    size_t i = (size_t)(f - p->params->fields);
    return (struct cell){.file = p->sheet->file,
                         .heading = p->params->heading,
                         .row = f->name,
                         .column = p->params->columns[v],
                         .line = p->seen[i]->line,
                         .text = cell_at(p->seen[i], p->value[v]),
                         .unit = f->unit,
                         .field = f,
                         .needed = (f->needed >> v) & 1,
                         .e = p->sheet->e};
}

static char *column_item(const struct reading *p, size_t v) {
    return (char *)p->sheet->r + p->params->at + v * p->params->stride;
}

static bool read_row(struct reading *p, const struct field *f, const struct md_block *row) {
    struct cell unit = value_cell(p, f, 0);
    unit.column = "unit";
    unit.text = cell_at(row, p->unit);
    if (strcmp(unit.text, f->unit) != 0)
        return f->unit[0] ? cell_wrong(&unit, "\"%s\"", f->unit)
                          : cell_wrong(&unit, "an empty cell");
    for (size_t v = 0; p->params->columns[v]; v++) {
        struct cell c = value_cell(p, f, v);
        if (!read_value(&c, column_item(p, v)))
            return false;
    }
    return true;
}

static bool unknown_row(const struct reading *p, const struct md_block *row, const char *name) {
    err_set(p->sheet->e, ERR_FORMAT,
            "\"%s\": expected one of this table's parameters, found \"%.60s\"", p->params->heading,
            name);
    err_fix(p->sheet->e, "compare the name with the document that comes with perfscale");
    return fail_at(p->sheet, row->line);
}

static bool read_rows(struct reading *p) {
    for (size_t i = 0; i < p->table.rows; i++) {
        const struct md_block *row = &p->table.row[i];
        const char *name = cell_at(row, p->name);
        size_t at;
        const struct field *f = find_field(p->params->fields, p->params->count, name, &at);
        if (!f)
            return unknown_row(p, row, name);
        if (p->seen[at])
            return twice(p->sheet, &p->table, row, name, p->seen[at]->line);
        p->seen[at] = row;
        if (!read_row(p, f, row))
            return false;
    }
    return true;
}

/* What shows only when all rows are read: which one is missing, which pair is upside down. */
static bool check_rows(const struct reading *p) {
    const struct params *def = p->params;
    for (size_t i = 0; i < def->count; i++)
        if (!p->seen[i])
            return missing_row(p->sheet, &p->table, def->fields[i].name);
    for (size_t i = 0; i < def->count; i++)
        for (size_t v = 0; def->columns[v]; v++) {
            struct cell c = value_cell(p, &def->fields[i], v);
            if (!check_above(&c, def->fields, def->count, column_item(p, v)))
                return false;
        }
    return true;
}

static bool read_params(const struct sheet *s, const struct params *def) {
    struct reading p = {.sheet = s, .params = def};
    if (!find_table(s, def->heading, "parameter", &p.table) ||
        !find_column(s, &p.table, "parameter", &p.name) ||
        !find_column(s, &p.table, "unit", &p.unit))
        return false;
    for (size_t v = 0; def->columns[v]; v++)
        if (!find_column(s, &p.table, def->columns[v], &p.value[v]))
            return false;
    return read_rows(&p) && check_rows(&p);
}

/* --- lists ----------------------------------------------------------------------------------- */

struct listing {
    const struct sheet *sheet;
    const struct list *list;
    struct table table;
    size_t column[FIELDS_MAX];
    size_t unit; /* UNUSED: the table has no such column */
};

static const char *key_of(const struct listing *l, const struct md_block *row) {
    return cell_at(row, l->column[0]);
}

static struct cell item_cell(const struct listing *l, const struct md_block *row, size_t field) {
    const struct field *f = &l->list->fields[field];
    return (struct cell){.file = l->sheet->file,
                         .heading = l->list->heading,
                         .row = key_of(l, row),
                         .column = f->name,
                         .line = row->line,
                         .text = cell_at(row, l->column[field]),
                         .unit = l->unit == UNUSED ? "" : cell_at(row, l->unit),
                         .field = f,
                         .needed = f->needed != OPTIONAL,
                         .e = l->sheet->e};
}

/* Where the i-th row goes; NULL with the error set when it has no place. */
static char *slot(const struct listing *l, size_t i) {
    const struct list *def = l->list;
    char *items = (char *)l->sheet->r + def->at;
    if (def->count_at != UNUSED)
        return items + i * def->stride;
    for (size_t k = 0; def->required[k]; k++)
        if (strcmp(def->required[k], key_of(l, &l->table.row[i])) == 0)
            return items + k * def->stride;
    struct cell c = item_cell(l, &l->table.row[i], 0);
    cell_wrong(&c, "a known name, such as \"%s\"", def->required[0]);
    return NULL;
}

static bool read_item(const struct listing *l, const struct md_block *row, char *item) {
    const struct list *def = l->list;
    memset(item, 0, def->stride);
    for (size_t f = 0; f < def->count; f++) {
        struct cell c = item_cell(l, row, f);
        if (!read_value(&c, item))
            return false;
    }
    for (size_t f = 0; f < def->count; f++) {
        struct cell c = item_cell(l, row, f);
        if (!check_above(&c, def->fields, def->count, item))
            return false;
    }
    if (def->line_at != UNUSED)
        memcpy(item + def->line_at, &row->line, sizeof row->line);
    struct cell c = item_cell(l, row, 0);
    return !def->check || def->check(&c, item);
}

static const struct md_block *row_of(const struct listing *l, size_t rows, const char *key) {
    for (size_t i = 0; i < rows; i++)
        if (strcmp(key_of(l, &l->table.row[i]), key) == 0)
            return &l->table.row[i];
    return NULL;
}

static bool read_items(const struct listing *l) {
    for (size_t i = 0; i < l->table.rows; i++) {
        const struct md_block *row = &l->table.row[i];
        const struct md_block *before = row_of(l, i, key_of(l, row));
        if (before)
            return twice(l->sheet, &l->table, row, key_of(l, row), before->line);
        char *item = slot(l, i);
        if (!item || !read_item(l, row, item))
            return false;
    }
    for (size_t k = 0; l->list->required && l->list->required[k]; k++)
        if (!row_of(l, l->table.rows, l->list->required[k]))
            return missing_row(l->sheet, &l->table, l->list->required[k]);
    return true;
}

static bool has_column(const struct table *t, const char *name) {
    for (size_t i = 0; i < t->head->cells; i++)
        if (text_same(t->head->cell[i], name))
            return true;
    return false;
}

static bool read_list(const struct sheet *s, const struct list *def) {
    struct listing l = {.sheet = s, .list = def, .unit = UNUSED};
    if (!find_table(s, def->heading, def->fields[0].name, &l.table))
        return false;
    for (size_t f = 0; f < def->count; f++)
        if (!find_column(s, &l.table, def->fields[f].name, &l.column[f]))
            return false;
    if (has_column(&l.table, "unit") && !find_column(s, &l.table, "unit", &l.unit))
        return false;
    if (l.table.rows > def->max) {
        err_set(s->e, ERR_LIMIT, "\"%s\": expected at most %zu rows, found %zu", def->heading,
                def->max, l.table.rows);
        return fail_at(s, l.table.head->line);
    }
    if (!read_items(&l))
        return false;
    if (def->count_at != UNUSED)
        memcpy((char *)s->r + def->count_at, &l.table.rows, sizeof l.table.rows);
    return true;
}

bool sheet_read(const struct document *doc, const struct markdown *md, const char *file,
                struct rules *r, struct err *e) {
    struct sheet s = {.md = md, .file = file, .r = r, .e = e};
    for (size_t i = 0; i < doc->params_count; i++)
        if (!read_params(&s, &doc->params[i]))
            return false;
    for (size_t i = 0; i < doc->lists_count; i++)
        if (!read_list(&s, &doc->lists[i]))
            return false;
    return true;
}
