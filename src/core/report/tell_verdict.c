/* What a report begins with: what ran, what it came to, and why. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "report/document.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* --- the verdict ----------------------------------------------------------------------------- */

/* "k6 2.2.0, load_orders.js, on vm-perf-02, by ana, 2026-11-02 14:11:00 UTC" */
static char *sub_title(const struct report_doc *of, char *out, size_t size) {
    const struct run *r = &of->record->is;
    char when[48];
    const char *version = r->tool_version[0] ? r->tool_version : of->record->run.tool_version;
    snprintf(out, size, "%s%s%s%s%s%s%s, judged %s", r->tool[0] ? r->tool : "load tool not known",
             version[0] ? " " : "", version, r->host[0] ? ", on " : "", r->host,
             r->author[0] ? ", by " : "", r->author, doc_when(r->at_ms, when, sizeof when));
    return out;
}

/* Stress and soak are judged as a whole by a summary; this says so. */
static void tell_whole(struct writing *d) {
    const struct findings *f = &d->judged->findings;
    for (size_t i = 0; i < f->len; i++)
        if (strcmp(f->item[i].kind, "judged-as-a-whole") == 0)
            d->form->para(d, SIGN_PLAIN, f->item[i].text);
}

static void tell_top(struct writing *d) {
    char title[DOC_TEXT], sub[DOC_TEXT], word[DOC_TEXT];
    const struct judgement *j = d->judged;
    d->form->begin(d, doc_title(d->of, title, sizeof title), sub_title(d->of, sub, sizeof sub));
    d->form->verdict(d, doc_verdict_sign(j), doc_verdict_word(d->of, word, sizeof word),
                     j->sentence[0] ? j->sentence : "No verdict.");
    if (d->of->record->judged_anew)
        d->form->para(d, SIGN_NEAR,
                      "The store has only the figures of this run: it was judged again by the "
                      "rules of now.");
    tell_whole(d);
}

/* --- checks ---------------------------------------------------------------------------------- */

static const struct doc_column check_columns[] = {
    {"Verdict", false}, {"Check", false},        {"Measured", true}, {"Limit", true},
    {"From", false},    {"95 % interval", true}, {"Remark", false}};

/* "348 ms" without its unit, when the upper end says the same one. */
static void cut_unit(char *low, const char *high) {
    char *unit = strrchr(low, ' ');
    const char *other = strrchr(high, ' ');
    if (unit && other && strcmp(unit, other) == 0)
        *unit = '\0';
}

static char *show_interval(const struct check *c, char *out, size_t size) {
    char low[64], high[64];
    if (isnan(c->low) || isnan(c->high)) {
        text_copy(out, size, doc_none);
        return out;
    }
    check_show_value(c, c->low, low, sizeof low);
    check_show_value(c, c->high, high, sizeof high);
    if (isfinite(c->high)) {
        cut_unit(low, high);
        snprintf(out, size, "%s to %s", low, high);
    } else {
        snprintf(out, size, "from %s on", low);
    }
    return out;
}

static char *show_remark(const struct check *c, char *out, size_t size) {
    char waived[DOC_TEXT] = "";
    if (c->waived_by[0])
        snprintf(waived, sizeof waived, "Waived by %s: %s", c->waived_by, c->waived_why);
    bool ends = waived[0] && text_ends(waived, ".");
    snprintf(out, size, "%s%s%s", waived, waived[0] && c->why[0] ? ends ? " " : ". " : "", c->why);
    return out;
}

static void tell_check(struct writing *d, size_t i) {
    const struct check *c = &d->judged->check[i];
    char text[SCOPE_MAX_BYTES + 16], remark[2 * DOC_TEXT], word[64];
    snprintf(word, sizeof word, "%s%s", doc_check_word(c), c->waived_by[0] ? ", waived" : "");
    doc_row(d);
    doc_state(d, doc_check_sign(c), word);
    doc_text(d, check_name(c, text, sizeof text));
    doc_figure(d, check_show_value(c, c->value, text, sizeof text), c->value, "checks[%zu].value",
               i);
    doc_figure(d, doc_check_limit(c, text, sizeof text), c->limit, "checks[%zu].limit", i);
    doc_text(d, c->limit_from[0] ? c->limit_from : doc_none);
    show_interval(c, text, sizeof text);
    if (isnan(c->low))
        doc_text(d, text);
    else
        doc_interval(d, text, c->low, c->high, "checks[%zu].interval", i);
    show_remark(c, remark, sizeof remark);
    doc_text(d, remark[0] ? remark : doc_none);
    doc_row_end(d);
}

void tell_verdict(struct writing *d) {
    char window[DOC_TEXT], text[DOC_TEXT + 32];
    tell_top(d);
    d->form->section(d, "Checks", false);
    snprintf(text, sizeof text, "Judged: %s.", doc_window(d->of, window, sizeof window));
    d->form->para(d, SIGN_PLAIN, text);
    if (d->judged->checks == 0)
        d->form->para(d, SIGN_NODATA, "No check was made: no data.");
    doc_table(d, check_columns, d->judged->checks ? COUNT(check_columns) : 0);
    for (size_t i = 0; i < d->judged->checks; i++)
        tell_check(d, i);
    doc_table_end(d);
    d->form->section_end(d);
}

/* --- why, and what next ---------------------------------------------------------------------- */

static void tell_cause(struct writing *d, const struct cause *c) {
    const struct {
        const char *label, *text;
    } parts[] = {{"Evidence", c->evidence},
                 {"Points at", c->points_at},
                 {"Excludes", c->excludes},
                 {"Look next", c->look_next}};
    char title[sizeof c->id + sizeof c->name + 4];
    snprintf(title, sizeof title, "%s %s", c->id, c->name);
    d->form->heading(d, title);
    d->form->facts(d, FACTS_PROSE);
    for (size_t i = 0; i < COUNT(parts); i++)
        doc_fact(d, parts[i].label, parts[i].text[0] ? parts[i].text : doc_none);
    d->form->facts(d, FACTS_END);
}

/* The sentence is on top, and a cause says what to look at itself. */
static bool is_own_step(const struct judgement *j, const char *step) {
    if (strcmp(step, j->sentence) == 0)
        return false;
    for (size_t i = 0; i < j->causes; i++)
        if (text_starts(step, j->cause[i].id))
            return false;
    return true;
}

static void tell_next(struct writing *d) {
    const struct judgement *j = d->judged;
    size_t own = 0;
    for (size_t i = 0; i < j->steps; i++)
        own += is_own_step(j, j->step[i]);
    if (own == 0)
        return;
    d->form->section(d, "Next steps", true);
    d->form->list(d, true);
    for (size_t i = 0; i < j->steps; i++)
        if (is_own_step(j, j->step[i]))
            d->form->item(d, SIGN_PLAIN, "", j->step[i]);
    d->form->list(d, false);
    d->form->section_end(d);
}

static enum doc_sign finding_sign(enum finding_level level) {
    return level == FINDING_STOP ? SIGN_BROKEN : level == FINDING_WARNING ? SIGN_NEAR : SIGN_PLAIN;
}

static void tell_finding(struct writing *d, const struct finding *f) {
    char place[sizeof f->file + 24] = "";
    if (f->file[0] && f->line > 0)
        snprintf(place, sizeof place, "%s:%ld", f->file, f->line);
    else if (f->file[0])
        text_copy(place, sizeof place, f->file);
    d->form->item(d, finding_sign(f->level), place, f->text);
}

static void tell_findings(struct writing *d) {
    const struct findings *f = &d->judged->findings;
    if (f->len == 0)
        return;
    d->form->section(d, "Findings", true);
    d->form->list(d, true);
    for (size_t i = 0; i < f->len; i++)
        tell_finding(d, &f->item[i]);
    d->form->list(d, false);
    d->form->section_end(d);
}

void tell_causes(struct writing *d) {
    const struct judgement *j = d->judged;
    if (j->causes && j->verdict != VERDICT_PASS) {
        d->form->section(d, j->causes == 1 ? "Cause" : "Causes", true);
        for (size_t i = 0; i < j->causes; i++)
            tell_cause(d, &j->cause[i]);
        d->form->section_end(d);
    }
    tell_next(d);
    tell_findings(d);
}
