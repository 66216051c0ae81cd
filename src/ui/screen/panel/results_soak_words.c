/* What a soak test found, in words. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "ui/screen/panel/results_soak.h"

enum { AT_TEXT = 4, AT_LABEL = 2, AT_WHY = 11 };

static const struct soak_found *found(const struct session *s) {
    return &session_result(s)->judgement.soak;
}

/* --- below the trends ------------------------------------------------------------------------ */

static void add_why(struct sheet *sh, const char *label, const char *text) {
    sheet_label(sh, LINE_ROW, AT_LABEL, label, AT_WHY, text);
}

static void add_memory(struct sheet *sh) {
    const struct soak_found *f = found(sh->s);
    const struct trend *t = &f->memory;
    char text[256];
    if (t->answer == SOAK_NOT_MEASURED) {
        add_why(sh, "Memory", soak_how_to_measure);
        return;
    }
    if (t->answer != SOAK_DRIFT)
        return;
    soak_slope_words(SOAK_KIND_MEMORY, t, text, sizeof text);
    add_why(sh, "Memory", text);
    if (soak_limit_words(f, text, sizeof text))
        add_why(sh, "", text);
    add_why(sh, "", soak_alike);
}

static void add_restarts(struct sheet *sh) {
    const struct soak_found *f = found(sh->s);
    char text[400], at[32];
    size_t shown = f->restarts < 4 ? f->restarts : 4, n;
    if (f->restarts == 0)
        return;
    n = (size_t)snprintf(text, sizeof text, "%zu, at", f->restarts);
    for (size_t i = 0; i < shown; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, " %s%s",
                              show_at(sh->s, f->restart_s[i], true, at, sizeof at),
                              i + 1 < shown ? "," : "");
    snprintf(text + n, sizeof text - n, "%s: memory fell and requests suffered.",
             shown < f->restarts ? " and later" : "");
    add_why(sh, "Restarts", text);
}

/* The first trend with this answer; -1: none. */
static int first_with(const struct session *s, enum soak_answer answer) {
    for (int i = 0; i < SOAK_KINDS; i++)
        if (soak_trend_of(s, i)->answer == answer)
            return i;
    return -1;
}

/* Nothing has an answer: the sentence on top says why. */
static bool all_unclear(const struct session *s) {
    return first_with(s, SOAK_CANNOT_TELL) >= 0 && first_with(s, SOAK_DRIFT) < 0 &&
           first_with(s, SOAK_NONE_FOUND) < 0 && found(s)->restarts == 0;
}

/* The same reason but for its numbers: "needs 40 samples, has 9". */
static bool same_reason(const struct trend *a, const struct trend *b) {
    size_t n = strcspn(a->why, ",");
    return n == strcspn(b->why, ",") && strncmp(a->why, b->why, n) == 0;
}

static bool is_new_reason(const struct session *s, int kind) {
    for (int i = 0; i < kind; i++)
        if (soak_trend_of(s, i)->answer == SOAK_CANNOT_TELL &&
            same_reason(soak_trend_of(s, i), soak_trend_of(s, kind)))
            return false;
    return kind != first_with(s, SOAK_CANNOT_TELL) || !all_unclear(s);
}

/* "needs 40 samples, has 9." */
static char *show_reason(const struct trend *t, const char *before, char *out, size_t size) {
    size_t n = strlen(t->why);
    snprintf(out, size, "%s%s%s", before, t->why, n == 0 || t->why[n - 1] == '.' ? "" : ".");
    return out;
}

/* What keeps an answer from being given, and what would give it. */
static void add_open_answers(struct sheet *sh) {
    for (int i = 0; i < SOAK_KINDS; i++) {
        const struct trend *t = soak_trend_of(sh->s, i);
        char text[sizeof t->why + 32];
        if (t->answer == SOAK_CANNOT_TELL && t->why[0] && is_new_reason(sh->s, i))
            add_why(sh, i == SOAK_KIND_MEMORY ? "Memory" : soak_kinds[i].name,
                    show_reason(t, "cannot tell: ", text, sizeof text));
    }
}

void soak_words_build(struct sheet *sh) {
    add_memory(sh);
    add_restarts(sh);
    add_open_answers(sh);
    if (found(sh->s)->load_drifted)
        add_why(sh, "Load", "The rate moved by more than 5 % over the run: memory may follow it.");
}

/* --- the sentence below the verdict ---------------------------------------------------------- */

static bool limits_kept(const struct judgement *j) {
    for (size_t i = 0; i < j->checks; i++)
        if (j->check[i].status != VERDICT_PASS && !strstr(j->check[i].metric, "_drift"))
            return false;
    return true;
}

static void say_drift(const struct session *s, int kind, char *out, size_t size) {
    const struct trend *t = soak_trend_of(s, kind);
    char amount[64];
    bool kept = limits_kept(&session_result(s)->judgement);
    snprintf(out, size, "%s%s %s by %s per hour%s.", kept ? "Limits are kept, but " : "",
             soak_kinds[kind].subject, soak_kinds[kind].falls ? "falls" : "grows",
             soak_value(kind, fabs(t->slope), t->slope, amount, sizeof amount),
             t->verdict == SOAK_SLOWING ? ", slower in the second half"
             : t->verdict == SOAK_LEAK  ? " and does not level off"
                                        : "");
    if (!kept && out[0] >= 'a' && out[0] <= 'z' && kind != SOAK_KIND_LATENCY)
        out[0] = (char)(out[0] - 'a' + 'A');
}

/* "No drift found above 23 ms/h and 20 MB/h in 3:12 h." */
static void say_none(const struct session *s, char *out, size_t size) {
    char one[64], two[64], hours[32];
    const struct trend *memory = soak_trend_of(s, SOAK_KIND_MEMORY),
                       *latency = soak_trend_of(s, SOAK_KIND_LATENCY);
    double analysed = fmax(memory->hours, latency->hours);
    bool both = memory->answer == SOAK_NONE_FOUND && latency->answer == SOAK_NONE_FOUND;
    bool any = both || latency->answer == SOAK_NONE_FOUND;
    soak_above(SOAK_KIND_LATENCY, latency->none_above, one, sizeof one);
    soak_above(SOAK_KIND_MEMORY, memory->none_above, two, sizeof two);
    soak_length(analysed, hours, sizeof hours);
    snprintf(out, size, "No drift found above %s%s%s in %s%s.", any ? one : two,
             both ? " and " : "", both ? two : "", hours,
             memory->answer == SOAK_NOT_MEASURED ? "; memory was not measured" : "");
}

void soak_state(const struct session *s, enum mark mark, char *out, size_t size) {
    bool drift = first_with(s, SOAK_DRIFT) >= 0;
    text_copy(out, size,
              mark != MARK_BROKEN                                   ? sign_of(mark).word
              : found(s)->restarts > 0                              ? "restarted"
              : drift && limits_kept(&session_result(s)->judgement) ? "drift found"
                                                                    : sign_of(mark).word);
}

void soak_sentence_build(struct sheet *sh) {
    const struct session *s = sh->s;
    const struct soak_found *f = found(s);
    char text[320];
    int drift = first_with(s, SOAK_DRIFT);
    if (f->restarts > 0)
        snprintf(text, sizeof text, "The server was restarted %s in the run.",
                 f->restarts == 1 ? "once" : "several times");
    else if (drift >= 0)
        say_drift(s, drift, text, sizeof text);
    else if (all_unclear(s))
        show_reason(soak_trend_of(s, first_with(s, SOAK_CANNOT_TELL)),
                    "Cannot tell whether anything grows: ", text, sizeof text);
    else if (first_with(s, SOAK_NONE_FOUND) < 0)
        snprintf(text, sizeof text, "No trend was measured.");
    else
        say_none(s, text, sizeof text);
    sheet_say(sh, LINE_KEEP, AT_TEXT, LOOK_TEXT, text);
}
