/* What an item is, by meaning and not by row: told to others who follow, and where notes hang. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ui/screen/panel/parts.h"

/* In the order of a soak test's rows. */
static const char *const trends[] = {"memory", "latency", "errors", "throughput"};
enum { TRENDS = sizeof trends / sizeof *trends };

/* As place_parse() takes it; "" for what is no place of a run. */
static void place_of(const struct session *s, const struct item *it, char out[SAID_ON_BYTES]) {
    const struct result *r = session_result(s);
    size_t i = (size_t)it->index;
    out[0] = '\0';
    if (it->kind == ITEM_CHECK && i < r->judgement.checks)
        snprintf(out, SAID_ON_BYTES, "%s", r->judgement.check[i].metric);
    else if (it->kind == ITEM_ENDPOINT && i < r->run.endpoints)
        snprintf(out, SAID_ON_BYTES, "endpoint:%s", r->run.endpoint[i].name);
    else if (it->kind == ITEM_LOAD_STEP && i < r->judgement.stress.steps)
        snprintf(out, SAID_ON_BYTES, "step:%d", r->judgement.stress.step[i].is.number);
    else if (it->kind == ITEM_TREND && i < TRENDS)
        snprintf(out, SAID_ON_BYTES, "trend:%s", trends[i]);
}

void panel_item_key(const struct session *s, const struct item *it, char out[PLACE_KEY_BYTES]) {
    const struct review *v = session_review(s);
    char place[SAID_ON_BYTES];
    size_t runs, i = (size_t)it->index;
    const struct run_row *run = session_runs(s, &runs);
    place_of(s, it, place);
    if (place[0])
        snprintf(out, PLACE_KEY_BYTES, "%.*s", PLACE_KEY_BYTES - 1, place);
    else if (it->kind == ITEM_NOTE && v && i < v->notes)
        snprintf(out, PLACE_KEY_BYTES, "note:%d", v->note[i].said->id);
    else if (it->kind == ITEM_RUN && i < runs)
        snprintf(out, PLACE_KEY_BYTES, "run:%lld", (long long)run[i].is.id);
    else
        snprintf(out, PLACE_KEY_BYTES, "item:%d:%d", (int)it->kind, it->index);
}

int panel_find_key(const struct session *s, const struct view *v, const char *key) {
    struct item items[ITEMS_MAX];
    char is[PLACE_KEY_BYTES];
    int n = panel_items(s, v, items);
    for (int i = 0; i < n; i++) {
        panel_item_key(s, &items[i], is);
        if (strcmp(is, key) == 0)
            return i;
    }
    return -1;
}

static void place_on_review(const struct session *s, const struct item *it,
                            char out[SAID_ON_BYTES]) {
    const struct review *v = session_review(s);
    size_t i = (size_t)it->index;
    if (it->kind == ITEM_NOTE && i < v->notes)
        text_copy(out, SAID_ON_BYTES, v->note[i].said->on);
    else if (it->kind == ITEM_WAIVER && i < v->waivers)
        text_copy(out, SAID_ON_BYTES, v->waiver[i].said->on);
    else if (it->kind == ITEM_LEDGER)
        text_copy(out, SAID_ON_BYTES, "limits");
}

void panel_note_on(const struct session *s, const struct view *v, const struct item *it,
                   char out[SAID_ON_BYTES]) {
    out[0] = '\0';
    if (!session_record(s) || !it)
        return;
    if (v->open == STEP_RESULTS && v->time.cursor)
        snprintf(out, SAID_ON_BYTES, "%.1fs", v->time.cursor_s);
    else if (v->open == STEP_RESULTS)
        place_of(s, it, out);
    else if (v->open == STEP_REVIEW)
        place_on_review(s, it, out);
}
