/* Next steps of stress and soak tests. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/unit.h"
#include "check/steps.h"

enum { WORDS = 64 };

/* --- stress --- */

static const char *show_load(const struct stress_found *f, double load, char *out, size_t size) {
    char n[32];
    snprintf(out, size, "%s %s", unit_show(load, load < 10 ? 1 : 0, n, sizeof n),
             f->open ? "RPS" : "VUs");
    return out;
}

static const char *show_rps(double rps, char *out, size_t size) {
    char n[32];
    snprintf(out, size, "%s RPS", unit_show(rps, rps < 10 ? 1 : 0, n, sizeof n));
    return out;
}

void stress_pass_steps(struct judgement *j) {
    char at_least[WORDS];
    if (!j->has_stress) {
        step_add(j, "The breaking point is not measured: a summary has no steps.");
        return;
    }
    step_add(j, "Holds at least %s; the limit was not reached.",
             show_load(&j->stress, j->stress.at_least, at_least, sizeof at_least));
}

static const char *saturates(const struct stress_found *f, char *out, size_t size) {
    char rps[WORDS];
    out[0] = '\0';
    if (f->saturation != SATURATION_NOT_REACHED && !isnan(f->saturation_rps))
        snprintf(out, size, "; saturates at %s%s", show_rps(f->saturation_rps, rps, sizeof rps),
                 f->saturation == SATURATION_COLLAPSE ? " or more" : "");
    return out;
}

static bool is_refused(const struct judgement *j) {
    for (size_t i = 0; i < j->causes; i++)
        if (strcmp(j->cause[i].id, "D10") == 0)
            return true;
    return false;
}

void stress_fail_steps(struct judgement *j) {
    const struct stress_found *f = &j->stress;
    char healthy[WORDS], at[WORDS], low[32], high[32], full[WORDS * 2];
    if (!j->has_stress)
        return;
    saturates(f, full, sizeof full);
    if (f->verdict == STRESS_BROKE_BELOW) {
        step_add(j, "Breaks below %s: the first step fails already%s. Start lower.",
                 show_load(f, f->at_most, at, sizeof at), full);
        return;
    }
    if (f->verdict != STRESS_BROKE || f->last_pass < 0)
        return;
    show_load(f, f->step[f->last_pass].is.load, healthy, sizeof healthy);
    if (is_refused(j))
        step_add(j, "Healthy up to %s; above it requests are refused: not a breaking point.",
                 healthy);
    else
        step_add(j, "Healthy up to %s; breaks at about %s (%s to %s)%s.", healthy,
                 show_load(f, f->break_load, at, sizeof at),
                 unit_show(f->low, f->low < 10 ? 1 : 0, low, sizeof low),
                 unit_show(f->high, f->high < 10 ? 1 : 0, high, sizeof high), full);
}

void stress_repeat_step(struct judgement *j) {
    const struct stress_found *f = &j->stress;
    char from[32], to[WORDS];
    if (!j->has_stress || f->confirmed || f->verdict != STRESS_BROKE || f->last_pass < 0 ||
        f->first_fail < 0)
        return;
    double low = f->step[f->last_pass].is.load, high = f->step[f->first_fail].is.load;
    step_add(j, "Only one step fails: repeat %s to %s in smaller steps.",
             unit_show(low, low < 10 ? 1 : 0, from, sizeof from),
             show_load(f, high, to, sizeof to));
}

void stress_no_data_steps(struct judgement *j) {
    if (j->stress.verdict == STRESS_TOO_FEW_STEPS)
        step_add(j, "Run 3 or more steps of rising load; it has %zu.", j->stress.steps);
    else if (j->stress.verdict == STRESS_NOT_REACHED)
        step_add(j,
                 "No step broke a limit, but p95 of the highest one is not known: hold each step "
                 "longer, or give a result with response times.");
    else
        step_add(j, "The loads of the steps do not rise: run steps, each above the one before.");
}

/* --- soak --- */

static void drift_step(struct judgement *j, const char *what, const char *unit, double factor,
                       const struct trend *t) {
    char a[32], b[32], c[32];
    if (t->answer != SOAK_DRIFT)
        return;
    step_add(j, "%s %s %s%s per hour (%s to %s)%s.", what, t->slope < 0 ? "falls" : "grows",
             unit_show_short(fabs(t->slope) * factor, 2, a, sizeof a), unit,
             unit_show_short(fmin(fabs(t->low), fabs(t->high)) * factor, 2, b, sizeof b),
             unit_show_short(fmax(fabs(t->low), fabs(t->high)) * factor, 2, c, sizeof c),
             t->verdict == SOAK_SLOWING ? ", slower in the second half" : "");
}

static bool has_leak_row(const struct judgement *j) {
    for (size_t i = 0; i < j->causes; i++)
        if (strcmp(j->cause[i].id, "D33") == 0 || strcmp(j->cause[i].id, "D34") == 0)
            return true;
    return false;
}

void soak_fail_steps(struct judgement *j) {
    const struct soak_found *f = &j->soak;
    char limit[200];
    if (!j->has_soak)
        return;
    drift_step(j, "Memory", " MB", 1, &f->memory);
    if (soak_limit_words(f, limit, sizeof limit))
        step_add(j, "%s", limit);
    drift_step(j, "p95", " ms", 1, &f->latency);
    drift_step(j, "Error rate", " points", 100, &f->errors);
    drift_step(j, "Throughput", " RPS", 1, &f->throughput);
    if (f->latency.answer == SOAK_DRIFT && !has_leak_row(j))
        step_add(j, "Memory tells a leak (D33) from a slow decay (D34).");
}

void soak_pass_steps(const struct check_input *in, struct judgement *j) {
    const struct trend *t = &j->soak.memory;
    char above[32], half[32], hours[32];
    if (!j->has_soak || t->answer != SOAK_NONE_FOUND)
        return;
    double needed = soak_hours_needed(t->level, t->none_above / 2, &in->rules->soak[SOAK_MEMORY]);
    if (isnan(needed))
        return;
    step_add(j, "Memory: no growth above %s MB per hour. To see %s MB per hour, run about %s h.",
             unit_show_short(t->none_above, 1, above, sizeof above),
             unit_show_short(t->none_above / 2, 1, half, sizeof half),
             unit_show_short(needed, needed < 3 ? 1 : 0, hours, sizeof hours));
}

/* Prometheus answers at most 11,000 points. */
static double query_step_s(double length_s) {
    static const double usual_s = 15, short_s = 5, points_most = 10000;
    return length_s < 3600 ? short_s : fmax(usual_s, ceil(length_s / points_most));
}

static void record_memory_steps(const struct summary *run, struct judgement *j) {
    double start_s = (double)run->series.start_ms / 1000, length_s = summary_end_s(run);
    step_add(j, "Memory not measured. Record memory of the server, such as "
                "process_resident_memory_bytes; Prometheus may have it:");
    if (start_s > 0 && length_s > 0) {
        step_add(j,
                 "curl -s 'http://127.0.0.1:9090/api/v1/query_range"
                 "?query=process_resident_memory_bytes&start=%.0f&end=%.0f&step=%.0f' "
                 "> memory.json",
                 floor(start_s), ceil(start_s + length_s), query_step_s(length_s));
        step_add(j, "perfscale check RESULT --memory memory.json");
    } else {
        step_add(j, "Save /api/v1/query_range of the run's time as memory.json, then: perfscale "
                    "check RESULT --memory memory.json");
    }
}

void soak_memory_steps(const struct check_input *in, struct judgement *j) {
    enum soak_answer answer = j->has_soak ? j->soak.memory.answer : SOAK_NOT_MEASURED;
    if (in->model != MODEL_SOAK || (!j->has_soak && in->run->memories))
        return;
    if (answer == SOAK_NOT_MEASURED)
        record_memory_steps(in->run, j);
    else if (answer == SOAK_CANNOT_TELL)
        step_add(j, "Memory: cannot tell, %s.", j->soak.memory.why);
}
