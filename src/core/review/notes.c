/* Notes to threads, and what became of each. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "review/parts.h"

/* A note on its way into the list: it stands in the thread of its first note. */
struct placed {
    struct note note;
    size_t first; /* index of the thread's first note */
};

struct threads {
    struct placed *item; /* owned; in the order of numbers */
    size_t n;
    size_t at[SAID_MOST + 1]; /* number of a note to its index + 1; 0 none */
};

/* A reply to a later note, or to what is not there, begins a thread of its own. */
static void place_note(struct threads *t, const struct said *s) {
    size_t i = t->n++;
    size_t to = s->reply_to > 0 && s->reply_to <= SAID_MOST ? t->at[s->reply_to] : 0;
    t->item[i] = (struct placed){.note = {.said = s, .depth = to ? 1 : 0},
                                 .first = to ? t->item[to - 1].first : i};
    if (s->id > 0 && s->id <= SAID_MOST && !t->at[s->id])
        t->at[s->id] = i + 1;
}

/* The last word of somebody who is known counts. */
static void settle(struct threads *t, const struct said *s) {
    size_t at = s->reply_to > 0 && s->reply_to <= SAID_MOST ? t->at[s->reply_to] : 0;
    if (!s->proven || !at)
        return;
    struct note *first = &t->item[t->item[at - 1].first].note;
    first->state = s->state;
    first->settled = s;
}

static int newest_thread_first(const void *a, const void *b) {
    const struct placed *x = a, *y = b;
    if (x->first != y->first)
        return x->first < y->first ? 1 : -1;
    if (x->note.depth != y->note.depth)
        return x->note.depth - y->note.depth;
    return (x->note.said > y->note.said) - (x->note.said < y->note.said);
}

static void fill(struct threads *t, struct review *out) {
    for (size_t i = 0; i < t->n; i++) {
        const struct note *first = &t->item[t->item[i].first].note;
        t->item[i].note.state = first->state;
        t->item[i].note.settled = first->settled;
        out->open_notes += t->item[i].note.depth == 0 && first->state == NOTE_OPEN;
    }
    qsort(t->item, t->n, sizeof *t->item, newest_thread_first);
    out->note = mem_new(t->n, sizeof *out->note);
    out->notes = t->n;
    for (size_t i = 0; i < t->n; i++)
        out->note[i] = t->item[i].note;
}

void review_notes(const struct said_list *said, struct review *out) {
    struct threads *t = mem_new(1, sizeof *t);
    t->item = mem_new(said->n, sizeof *t->item);
    for (size_t i = 0; i < said->n; i++)
        if (said->item[i].kind == SAID_NOTE)
            place_note(t, &said->item[i]);
    for (size_t i = 0; i < said->n; i++)
        if (said->item[i].kind == SAID_SETTLE)
            settle(t, &said->item[i]);
    if (t->n > 0)
        fill(t, out);
    free(t->item);
    free(t);
}
