/* A stored run in words, the same in list, details and comparison. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "ui/screen/panel/history_parts.h"

enum mark run_review_mark(const struct run_row *r) {
    switch (r->review) {
    case REVIEW_APPROVED:
        return MARK_OK;
    case REVIEW_CHANGES:
    case REVIEW_OUTDATED:
        return MARK_NEAR;
    case REVIEW_OPEN:
        return r->open_notes > 0 ? MARK_NEAR : MARK_NONE;
    case REVIEW_NONE:
        break;
    }
    return MARK_NONE;
}

char *show_run_review(const struct run_row *r, char *out, size_t size) {
    static const char *const words[] = {[REVIEW_NONE] = "no review",
                                        [REVIEW_OPEN] = "",
                                        [REVIEW_APPROVED] = "approved",
                                        [REVIEW_CHANGES] = "changes requested",
                                        [REVIEW_OUTDATED] = "approval outdated"};
    const char *word = words[r->review];
    char notes[48] = "", open[32] = "";
    if (r->notes > 0)
        snprintf(notes, sizeof notes, "%d note%s", r->notes, r->notes == 1 ? "" : "s");
    if (r->open_notes > 0 && r->notes == 1)
        snprintf(open, sizeof open, ", open");
    else if (r->open_notes > 0)
        snprintf(open, sizeof open, ", %d open", r->open_notes);
    snprintf(out, size, "%s%s%s%s", word, word[0] && notes[0] ? ", " : "", notes, open);
    return out;
}

const char *show_run_type(const struct run *r) {
    enum model model;
    return model_parse(r->model, &model) ? model_title(model) : r->model;
}

char *show_run_day(int64_t at_ms, int64_t now_ms, char *out, size_t size) {
    time_t at = (time_t)(at_ms / 1000), now = (time_t)(now_ms / 1000);
    struct tm a, b;
    out[0] = '\0';
    if (localtime_r(&at, &a) && localtime_r(&now, &b) &&
        strftime(out, size, a.tm_year == b.tm_year ? "%d %b %H:%M" : "%d %b %Y", &a) == 0)
        out[0] = '\0';
    return out;
}

char *show_run_name(const struct session *s, const struct run *r, char *out, size_t size) {
    char day[32];
    snprintf(out, size, "run %lld, %s", (long long)r->id,
             show_run_day(r->at_ms, s->now_ms, day, sizeof day));
    return out;
}

char *show_hash(const char *hash, char out[8]) {
    snprintf(out, 8, "%.6s", hash);
    return out;
}

bool run_same_type(const struct run *a, const struct run *b) {
    bool no_target = isnan(a->target_rps) && isnan(b->target_rps);
    return strcmp(a->model, b->model) == 0 && (no_target || a->target_rps == b->target_rps);
}
