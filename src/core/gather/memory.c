/* Memory of the server beside the results: files that hold nothing else are no results of a load
 * machine. They are read when they are met, and their times are put on the clock of the run. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/unit.h"
#include "gather/parts.h"
#include "tools/tool.h"

/* --- reading --------------------------------------------------------------------------------- */

/* Inputs behind it are not opened yet: only those move. */
static void move_out(struct inputs *all, size_t i) {
    all->memory = mem_resize(all->memory, all->memories + 1, sizeof *all->memory);
    all->memory[all->memories++] = all->item[i];
    all->len--;
    memmove(&all->item[i], &all->item[i + 1], (all->len - i) * sizeof *all->item);
}

bool memory_take(struct inputs *all, size_t i, const struct gather_options *o, struct err *e) {
    struct input *s = &all->item[i];
    const struct read_how g = {.o = o, .threads = 1, .origin_ms = INT64_MIN};
    bool ok = input_read(s, &g, &s->why);
    feed_close(&s->feed);
    s->left_out = !ok && s->listed && s->why.kind == ERR_FORMAT;
    if (!ok && !s->left_out && e)
        *e = s->why;
    ok = ok || s->left_out;
    move_out(all, i);
    return ok;
}

/* --- traces ---------------------------------------------------------------------------------- */

static bool has_trace(const struct summary *s, const char *name) {
    for (size_t i = 0; i < s->memories; i++)
        if (strcmp(s->memory[i].name, name) == 0)
            return true;
    return false;
}

/* Two files may call two processes the same. */
static void name_apart(const struct summary *out, const struct input *s, const char *name, char *to,
                       size_t size) {
    text_copy(to, size, name);
    if (has_trace(out, to))
        snprintf(to, size, "%.100s (%.100s)", name, file_base(s->path));
    for (int n = 2; has_trace(out, to) && n < GATHER_FILES_MAX * TRACES_MAX; n++)
        snprintf(to, size, "%.100s (%.100s) %d", name, file_base(s->path), n);
}

/* Of traces that have found their place: those left count from the start of the run. */
struct places {
    size_t values, outside, left_out;
    double first_s; /* of the first value outside, from the start of the run */
    bool relative, unplaced;
};

/* A run whose begin is known: where it begins, and how long it is. */
struct span {
    int64_t start_ms; /* 0: not known */
    double length_s;
};

static struct span span_of(const struct summary *out) {
    const struct series *r = &out->series;
    if (r->points == 0 || r->start_ms == 0)
        return (struct span){0};
    return (struct span){r->start_ms, series_end_s(r)};
}

static void copy_moments(struct trace *to, const struct trace *from, const struct span *run,
                         struct places *p) {
    double shift_s = (double)(from->start_ms - run->start_ms) / 1000;
    for (size_t i = 0; i < from->n; i++) {
        double t_s = from->at[i].t_s + shift_s;
        if (t_s >= 0 && t_s <= run->length_s) {
            trace_add(to, t_s, from->at[i].value);
        } else {
            p->first_s = p->outside == 0 ? t_s : p->first_s;
            p->outside++;
        }
    }
}

static void copy_all(struct trace *to, const struct trace *from) {
    for (size_t i = 0; i < from->n; i++)
        trace_add(to, from->at[i].t_s, from->at[i].value);
    to->start_ms = from->start_ms;
}

static void take_trace(struct summary *out, const struct input *s, const struct trace *from,
                       const struct span *run, struct places *p) {
    char name[SCOPE_MAX_BYTES];
    name_apart(out, s, from->name, name, sizeof name);
    struct trace *to = summary_trace(out, name);
    if (!to) {
        p->left_out++;
        return;
    }
    p->values += from->n;
    p->relative = p->relative || from->start_ms == 0;
    p->unplaced = p->unplaced || (from->start_ms && !run->start_ms);
    if (from->start_ms && run->start_ms)
        copy_moments(to, from, run, p);
    else
        copy_all(to, from);
    if (to->n == 0) {
        free(to->at);
        out->memories--;
    }
}

/* --- what is said of them -------------------------------------------------------------------- */

static struct finding *say(struct summary *out, const struct input *s, enum finding_level level,
                           const char *kind, const char *text) {
    struct finding *f = findings_add(&out->findings, level, kind, "%s", text);
    finding_about(f, s);
    return f;
}

static void say_outside(struct summary *out, const struct input *s, const struct places *p) {
    char n[32], all[32], away[32], text[300];
    unit_show((double)p->outside, 0, n, sizeof n);
    unit_show((double)p->values, 0, all, sizeof all);
    unit_show(fabs(p->first_s) / 3600, 2, away, sizeof away);
    if (p->outside < p->values) {
        snprintf(text, sizeof text,
                 "%s of %s memory values lie before the start of the run or after its end, and "
                 "were left out",
                 n, all);
        say(out, s, FINDING_INFO, "memory-outside", text);
        return;
    }
    snprintf(text, sizeof text,
             "The memory series is of another time: all %s values lie outside the run and were "
             "left out. The first one is %s hours %s its start",
             all, away, p->first_s < 0 ? "before" : "after");
    say(out, s, FINDING_WARNING, "memory-of-another-time", text);
}

static void say_places(struct summary *out, const struct input *s, const struct places *p) {
    bool apart = s->reader->gives == GIVES_MEMORY;
    if (p->left_out)
        say(out, s, FINDING_WARNING, "traces-left-out",
            "There are more series of memory than can be kept: the further ones were left out");
    if (p->outside)
        say_outside(out, s, p);
    if (p->relative && apart)
        say(out, s, FINDING_INFO, "memory-relative",
            "Its times count from a start of its own, which is taken as the start of the run");
    if (p->unplaced)
        say(out, s, FINDING_INFO, "memory-unplaced",
            "The results do not say when the run began: memory is judged over its own time");
}

/* The other inputs' findings are taken elsewhere. */
static void take_findings(struct summary *out, const struct input *s) {
    for (size_t i = 0; i < s->said.findings.len; i++) {
        struct finding *to = findings_add(&out->findings, FINDING_INFO, "", "%s", "");
        *to = s->said.findings.item[i];
        if (!to->file[0])
            finding_about(to, s);
    }
    if (!s->left_out)
        return;
    char text[400];
    snprintf(text, sizeof text, "%.80s was left out: it %s", file_base(s->path), s->why.text);
    say(out, s, FINDING_WARNING, "left-out", text);
}

/* --- together -------------------------------------------------------------------------------- */

static void drop_traces(struct summary *s) {
    for (size_t i = 0; i < s->memories; i++)
        free(s->memory[i].at);
    s->memories = 0;
}

static void place_traces(const struct input *s, const struct span *run, struct summary *out) {
    struct places p = {0};
    for (size_t i = 0; i < s->said.memories && !s->left_out; i++)
        take_trace(out, s, &s->said.memory[i], run, &p);
    say_places(out, s, &p);
}

void memory_place(const struct inputs *all, struct summary *out) {
    struct span run = span_of(out);
    drop_traces(out);
    for (size_t i = 0; i < all->len; i++)
        place_traces(&all->item[i], &run, out);
    for (size_t i = 0; i < all->memories; i++) {
        place_traces(&all->memory[i], &run, out);
        take_findings(out, &all->memory[i]);
    }
}

static const struct input *first_read(const struct inputs *all) {
    for (size_t i = 0; i < all->memories; i++)
        if (!all->memory[i].left_out)
            return &all->memory[i];
    return NULL;
}

bool memory_alone(const struct inputs *all, const struct gather_options *o, struct summary *out,
                  struct err *e) {
    const struct input *s = first_read(all);
    const struct span none = {0};
    struct places p = {0};
    if (!s) {
        if (e)
            *e = all->memory[0].why;
        return false;
    }
    if (!o->memory_only) {
        err_set(e, ERR_FORMAT, "holds memory only: it says nothing of requests");
        err_fix(e, "give it beside the results of the run");
        return err_at(e, s->path, 0);
    }
    out->tool = s->reader->tool;
    text_copy(out->format, sizeof out->format, s->said.format);
    out->lines = s->said.lines;
    for (size_t i = 0; i < all->memories; i++) {
        const struct input *x = &all->memory[i];
        for (size_t k = 0; k < x->said.memories && !x->left_out; k++)
            take_trace(out, x, &x->said.memory[k], &none, &p);
        take_findings(out, x);
    }
    return true;
}

void gather_add_memory(struct summary *run, const struct summary *memory) {
    struct input s = {.reader = tool_reader_named(memory->format), .said = *memory};
    const struct span of = span_of(run);
    if (!s.reader)
        return;
    drop_traces(run);
    place_traces(&s, &of, run);
    findings_append(&run->findings, &memory->findings);
    end_sentences(&run->findings);
}
