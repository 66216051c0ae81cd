/* What stays of a watch when the run is over: files for the reading that gives the verdict, what
 * live interfaces told, and what was seen beside the requests. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tools/tool.h"
#include "watch/watch_parts.h"

/* --- files --- */

/* A file that only says that the run is over may be a result too: one of this run. */
static bool is_result(const struct watch *w, const struct watched *s) {
    const struct file_source *f = s->file;
    if (s->role != WATCH_END)
        return file_source_reader(f) || file_source_compressed(f);
    return file_source_reader(f) && file_source_changed_ms(f) >= w->view.start_ms;
}

static size_t list_files(const struct watch *w, bool known, const char *out[WATCH_SOURCES_MAX]) {
    size_t n = 0;
    for (size_t i = 0; i < w->sources; i++) {
        const struct watched *s = &w->source[i];
        bool wanted = s->file && file_source_there(s->file) &&
                      (known ? is_result(w, s) : s->role != WATCH_END);
        if (wanted)
            out[n++] = file_source_path(s->file);
    }
    return n;
}

/* What nobody can read is named when there is nothing else: then its reading says why. */
size_t watch_files(const struct watch *w, const char *out[WATCH_SOURCES_MAX]) {
    size_t n = list_files(w, true, out);
    return n > 0 ? n : list_files(w, false, out);
}

/* --- what live interfaces told --- */

static bool read_last(const struct web_source *web, struct summary *out) {
    size_t len = 0;
    const char *bytes = web_source_last(web, &len);
    const struct reader *r = bytes ? tool_reader(bytes, len) : NULL;
    if (!r)
        return false;
    if (reader_read(r, bytes, len, out, NULL))
        return true;
    summary_fini(out);
    return false;
}

/* The last answer is exact, and knows endpoints; what happened over time only was seen. */
static void add_course(struct summary *out, const struct summary *seen) {
    struct summary course;
    summary_copy(&course, seen);
    for (int m = 0; m < METRICS; m++)
        if (!summary_has(out, (enum metric)m))
            out->figure[m] = course.figure[m];
    if (out->series.points == 0) {
        struct series none = out->series;
        out->series = course.series;
        course.series = none;
    }
    if (out->stretches == 0) {
        struct stretch *none = out->stretch;
        out->stretch = course.stretch;
        out->stretches = course.stretches;
        course.stretch = none;
        course.stretches = 0;
    }
    summary_fini(&course);
}

static const struct web_source *who_told(const struct watch *w) {
    for (size_t i = 0; i < w->sources; i++)
        if (w->source[i].web && w->source[i].role == WATCH_FIGURES &&
            web_source_told(w->source[i].web))
            return w->source[i].web;
    return NULL;
}

/* k6 is gone the moment it has ended. */
static void say_last_answer(const struct live_figures *told, struct summary *out) {
    if (told->state != LIVE_ENDED)
        findings_add(&out->findings, FINDING_WARNING, "last-answer",
                     "The figures are those of the last answer before the end was told: what ended "
                     "after it is not in them. The tool's own summary has all.");
}

bool watch_summary(const struct watch *w, struct summary *out) {
    const struct web_source *web = who_told(w);
    struct summary seen;
    if (!web) {
        summary_init(out);
        return false;
    }
    stream_summary(w->stream, &seen);
    const struct live *live = web_source_live(web);
    if (live) {
        seen.tool = live->tool;
        text_copy(seen.format, sizeof seen.format, live->name);
    }
    if (read_last(web, out)) {
        add_course(out, &seen);
        summary_fini(&seen);
    } else {
        *out = seen;
        say_last_answer(web_source_figures(web), out);
    }
    return true;
}

/* --- what was seen beside the requests --- */

static bool has_trace(const struct summary *s, const char *name) {
    for (size_t i = 0; i < s->memories; i++)
        if (strcmp(s->memory[i].name, name) == 0)
            return true;
    return false;
}

/* A file may tell of a server of the same name. */
static struct trace *trace_for(struct summary *run, const char *name) {
    char apart[SCOPE_MAX_BYTES];
    text_copy(apart, sizeof apart, name);
    for (int n = 2; has_trace(run, apart) && n < 2 * TRACES_MAX; n++)
        snprintf(apart, sizeof apart, "%.200s (watched) %d", name, n - 1);
    return summary_trace(run, apart);
}

/* On the clock of the run: moments outside of it are left out. */
static void add_memory(const struct trace *from, struct summary *run, int64_t start_ms) {
    double end_s = summary_end_s(run);
    double shift_s = (double)(from->start_ms - start_ms) / 1000;
    struct trace *to = trace_for(run, from->name);
    if (!to)
        return;
    for (size_t i = 0; i < from->n; i++) {
        double t_s = from->at[i].t_s + shift_s;
        if (t_s >= 0 && !(t_s > end_s))
            trace_add(to, t_s, from->at[i].value);
    }
    if (to->n == 0)
        run->memories--;
}

void watch_add_seen(const struct watch *w, struct summary *run) {
    int64_t start_ms = run->series.start_ms ? run->series.start_ms : w->view.start_ms;
    for (size_t i = 0; i < w->view.memories && start_ms > 0; i++)
        add_memory(&w->memory[i], run, start_ms);
    for (size_t i = 0; i < w->stretches; i++)
        for (size_t k = 0; k < run->stretches; k++) {
            struct stretch *x = &run->stretch[k];
            double cpu = cpu_of_stretch(w, i);
            if (strcmp(x->name, w->stretch[i].name) == 0 && isnan(x->generator_cpu) && !isnan(cpu))
                x->generator_cpu = cpu;
        }
}
