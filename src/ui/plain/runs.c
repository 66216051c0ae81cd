/* perfscale runs: the history. */
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/unit.h"
#include "report/report.h"
#include "ui/plain/plain.h"
#include "ui/plain/print.h"
#include "ui/plain/stored.h"

enum { ROWS_SHOWN = 50 };

struct runs_words {
    const char *dir, *filter, *sort, *limit;
    bool reverse, ids, json;
};

#define TO(name, argument, help, member)                                                           \
    { name, argument, help, offsetof(struct runs_words, member), NULL }

static const struct option options[] = {
    TO("--filter", "WORDS",
       "runs that hold all words: a number, type:load, by:ana, verdict:fail, k6, a file", filter),
    TO("--sort", "run|type|target|p95|errors|rate|verdict|review",
       "the column to sort by, the lowest first; default: run, the newest first", sort),
    TO("--reverse", NULL, "the other way round", reverse),
    TO("--limit", "N", "how many are shown; default: 50, with --json all", limit),
    TO("--dir", "DIR", "the workspace, as DIR without the option", dir),
    TO("--json", NULL, "one JSON object", json),
    TO("--ids", NULL, NULL, ids), /* for completions: number, then what it is */
    {0},
};

/* What is listed: indexes of rows, in order. */
struct listing {
    const struct run_row *row;
    size_t *at; /* owned */
    size_t found, shown;
};

static bool choose(const struct session *s, const struct runs_words *w, struct listing *out,
                   struct err *e) {
    enum runs_sort sort = SORT_RUN;
    double limit = w->json ? HISTORY_RUNS_MAX : ROWS_SHOWN;
    size_t n;
    out->row = session_runs(s, &n);
    if (w->sort && !runs_sort_parse(w->sort, &sort)) {
        err_set(e, ERR_USAGE, "--sort: \"%.40s\" is no column", w->sort);
        return err_fix(e, "write %s", options[1].argument);
    }
    if (!option_count("--limit", w->limit, &limit, e))
        return false;
    out->at = mem_new(n + 1, sizeof *out->at);
    out->found = session_runs_find(s, w->filter ? w->filter : "", sort, w->reverse, out->at, n);
    out->shown = (double)out->found > limit ? (size_t)limit : out->found;
    return true;
}

static void print_runs_json(const struct listing *l) {
    struct report_run *out = mem_new(l->shown + 1, sizeof *out);
    for (size_t i = 0; i < l->shown; i++) {
        const struct run_row *r = &l->row[l->at[i]];
        out[i] = (struct report_run){.is = &r->is,
                                     .notes = r->notes,
                                     .open_notes = r->open_notes,
                                     .review = r->review,
                                     .waived = r->waived,
                                     .pinned = r->pinned};
    }
    print_json(report_runs_json(out, l->shown));
    free(out);
}

/* "approved, reference, 2 notes, 1 open" */
static char *show_review(const struct run_row *r, char *out, size_t size) {
    static const char *const words[] = {[REVIEW_APPROVED] = "approved",
                                        [REVIEW_CHANGES] = "changes requested",
                                        [REVIEW_OUTDATED] = "outdated"};
    const char *state = r->review >= REVIEW_APPROVED ? words[r->review] : "";
    const char *pinned = r->pinned ? "reference" : "";
    char notes[48] = "", open[24] = "";
    if (r->open_notes)
        snprintf(open, sizeof open, ", %d open", r->open_notes);
    if (r->notes)
        snprintf(notes, sizeof notes, "%d %s%s", r->notes, r->notes == 1 ? "note" : "notes", open);
    snprintf(out, size, "%s%s%s%s%s", state, state[0] && pinned[0] ? ", " : "", pinned,
             (state[0] || pinned[0]) && notes[0] ? ", " : "", notes);
    return out;
}

static void add_run(struct table *t, const struct run_row *row) {
    const struct run *r = &row->is;
    char id[24], when[WHEN_BYTES], target[32], p95[32], errors[32], rps[32], review[96];

    snprintf(id, sizeof id, "%lld", (long long)r->id);
    if (isnan(r->target_rps))
        text_copy(target, sizeof target, "-");
    else
        unit_show_short(r->target_rps, 1, target, sizeof target);
    table_add(t, (const char *const[]){mark_sign(session_run_mark(row)), id,
                                       stored_when(r->at_ms, when), r->model, target,
                                       unit_show_ms(r->p95_ms, p95, sizeof p95),
                                       unit_show_share(r->error_rate, errors, sizeof errors),
                                       unit_show(r->rps, 1, rps, sizeof rps), session_run_word(row),
                                       r->author, show_review(row, review, sizeof review)});
}

static void print_runs(const struct session *s, const struct runs_words *w,
                       const struct listing *l) {
    struct table t;
    size_t all;
    session_runs(s, &all);
    if (all == 0) {
        print("No runs yet. perfscale check RESULT --dir DIR --save keeps one.\n");
        return;
    }
    if (l->found == 0) {
        print_one("No run holds \"%s\".", w->filter);
        return;
    }
    table_init(&t, "lrllrrrrlll");
    table_add(&t, (const char *const[]){" ", "Run", "Judged", "Type", "Target", "p95", "Errors",
                                        "Rate", "Verdict", "By", "Review"});
    for (size_t i = 0; i < l->shown; i++)
        add_run(&t, &l->row[l->at[i]]);
    table_print(&t, 0);
    if (l->shown < l->found)
        print_one("  %zu more of %zu; --limit %zu shows all.", l->found - l->shown, l->found,
                  l->found);
}

static void print_ids(const struct listing *l) {
    for (size_t i = 0; i < l->shown; i++) {
        const struct run_row *row = &l->row[l->at[i]];
        const struct run *r = &row->is;
        char when[WHEN_BYTES];
        print_one("%lld %s, %s, %s", (long long)r->id, r->model, session_run_word(row),
                  stored_when(r->at_ms, when));
    }
}

static bool list(const struct session *s, const struct runs_words *w, struct err *e) {
    struct listing l = {0};
    if (!choose(s, w, &l, e))
        return false;
    if (w->ids)
        print_ids(&l);
    else if (w->json)
        print_runs_json(&l);
    else
        print_runs(s, w, &l);
    free(l.at);
    return true;
}

static bool run(int argc, char **argv, int *status, struct err *e) {
    struct runs_words w = {0};
    struct operands ops;
    struct session s;
    *status = 0;
    if (!options_read(&verb_runs, argc, argv, &w, &ops, e))
        return false;
    if (ops.n && w.dir)
        return err_set(e, ERR_USAGE, "the workspace is given twice: %.80s and --dir", ops.item[0]);
    bool ok = stored_open(&s, ops.n ? ops.item[0] : w.dir, e) && list(&s, &w, e);
    session_close(&s);
    return ok;
}

const struct verb verb_runs = {
    .name = "runs",
    .operands = "[DIR]",
    .most = 1,
    .help = "the history: every run that was judged here",
    .more = "\nWrites nothing. What was not measured is sorted to the end.\n",
    .options = options,
    .run = run,
};
