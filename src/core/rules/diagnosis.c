/* What references/diagnosis.md holds. */
#include "rules/parts.h"

static const struct field fields[] = {
    {FIELD("id", NEEDED, cell_text), INTO(diagnosis_row, id)},
    {FIELD("name", NEEDED, cell_text), INTO(diagnosis_row, name)},
    {FIELD("predicate", NEEDED, cell_text), INTO(diagnosis_row, predicate)},
    {FIELD("points at", OPTIONAL, cell_text), INTO(diagnosis_row, points_at)},
    {FIELD("excludes", OPTIONAL, cell_text), INTO(diagnosis_row, excludes)},
    {FIELD("look next", NEEDED, cell_text), INTO(diagnosis_row, look_next)},
};

static const struct list lists[] = {
    {.heading = "The table",
     .fields = fields,
     .count = COUNT(fields),
     .at = offsetof(struct rules, diagnosis),
     .stride = sizeof(struct diagnosis_row),
     .max = DIAGNOSES_MAX,
     .count_at = offsetof(struct rules, diagnoses),
     .line_at = offsetof(struct diagnosis_row, line)},
};

const struct document diagnosis_document = {
    .name = "references/diagnosis.md", .lists = lists, .lists_count = COUNT(lists)};
