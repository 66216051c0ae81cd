#include "ui/plain/plan_print.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "ui/plain/print.h"

static void add_pair(struct table *t, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
static void add_pair(struct table *t, const char *name, const char *fmt, ...) {
    char text[CELL_BYTES];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    table_add(t, (const char *const[]){name, text});
}

/* How many VUs, from both directions, each with its rounding. */
static void add_sizing(struct table *t, const char *name, double exact, int vus, bool several,
                       bool used) {
    char before[32], after[32];
    if (vus == 0)
        add_pair(t, name, "no data");
    else
        add_pair(t, name, "%s, rounded up %sto %s VUs%s",
                 unit_show(exact, 2, before, sizeof before), several ? "for each scenario " : "",
                 unit_show(vus, 0, after, sizeof after), used ? ": used" : "");
}

static void add_started(struct table *t, const struct profile *p) {
    char number[32], most[32], limit[32];
    unit_show_short(p->p95_limit_ms, 1, limit, sizeof limit);
    unit_show(p->users, 0, number, sizeof number);
    if (p->arrivals == ARRIVALS_OPEN)
        add_pair(t, "  allocated", "%s VUs, at most %s",
                 unit_show(p->preallocated_vus, 0, number, sizeof number),
                 unit_show(p->max_vus, 0, most, sizeof most));
    else if (p->arrivals == ARRIVALS_PACED && p->users > p->vus)
        add_pair(t, "  started", "%s VUs, enough until every response takes %s ms (the p95 limit)",
                 number, limit);
    else if (p->users != p->vus)
        add_pair(t, "  started", "%s VUs", number);
}

static void print_size(const struct session *s) {
    const struct profile *p = &s->profile;
    const char *url = session_base_url(s);
    struct table t;
    char number[32], clock[32], difference[32];
    table_init(&t, "ll");
    add_pair(&t, "Test type", "%s, %s, %s RPS", model_title(p->model), method_words(p->arrivals),
             unit_show_short(p->target_rps, 2, number, sizeof number));
    if (url[0])
        add_pair(&t, "Requests to", "%s", url);
    add_pair(&t, "Planned", "%s requests in %s",
             unit_show(p->planned_requests, 0, number, sizeof number),
             unit_show_clock(p->duration_s, clock, sizeof clock));
    add_pair(&t, "Size", "%s VUs", unit_show(p->vus, 0, number, sizeof number));
    add_sizing(&t, "  from the script", p->from_script, p->from_script_vus, p->parts > 1,
               !p->baseline_used);
    add_sizing(&t, "  from the baseline", p->from_baseline, p->from_baseline_vus, false,
               p->baseline_used);
    if (!isnan(p->difference))
        add_pair(&t, "  difference", "%s",
                 unit_show_share(p->difference, difference, sizeof difference));
    add_pair(&t, "  at twice the response time", "%s VUs",
             unit_show(p->vus_at_twice, 0, number, sizeof number));
    add_started(&t, p);
    if (p->generators > 1)
        add_pair(&t, "Load generators", "%d machines share it", p->generators);
    table_print(&t, 0);
}

/* A file name may hold a line break, which would begin a line of its own. */
static char *one_line(const char *name, char out[NAME_MAX_BYTES]) {
    text_clean(name, strlen(name), TEXT_ONE_LINE, out, NAME_MAX_BYTES);
    return out;
}

static char *show_known(const struct known *k, char out[40]) {
    if (isnan(k->value))
        snprintf(out, 40, "not known");
    else
        unit_show_short(k->value, 2, out, 40);
    return out;
}

/* What the baseline does now. */
static void print_baseline(const struct facts *f) {
    struct table t;
    table_init(&t, "llrrrr");
    table_add(
        &t, (const char *const[]){"Baseline", "Driven by", "VUs", "Requests", "Think ms", "Line"});
    for (size_t i = 0; i < f->scenarios; i++) {
        const struct scenario *s = &f->scenario[i];
        struct known pause = s->think_ms;
        char cell[3][40], line[24];
        pause.value += s->wait_ms.value;
        snprintf(line, sizeof line, "%ld", s->line);
        table_add(&t, (const char *const[]){s->name, s->left_alone[0] ? s->left_alone : s->executor,
                                            show_known(&s->vus, cell[0]),
                                            show_known(&s->requests_per_iteration, cell[1]),
                                            show_known(&pause, cell[2]), s->line ? line : ""});
    }
    print("\n");
    table_print(&t, 0);
    for (size_t i = 0; i < f->limits; i++)
        print("%s  %s: %s, line %ld, stays\n", i ? "         " : "Threshold", f->limit[i].metric,
              f->limit[i].text, f->limit[i].line);
}

static void print_scenarios(const struct profile *p) {
    struct table t;
    if (p->parts < 2)
        return;
    table_init(&t, "lrrrrrrr");
    table_add(&t, (const char *const[]){"Scenario", "Share", "RPS", "Iterations/s", "Requests",
                                        "Think ms", "VUs",
                                        p->arrivals == ARRIVALS_OPEN ? "Allocated" : "Started"});
    for (size_t i = 0; i < p->parts; i++) {
        const struct part *part = &p->part[i];
        char cell[7][40];
        unit_show_share(part->share, cell[0], sizeof cell[0]);
        unit_show_short(part->share * p->target_rps, 2, cell[1], sizeof cell[1]);
        unit_show_short(part->iteration_rps, 2, cell[2], sizeof cell[2]);
        unit_show_short(part->requests_per_iteration, 2, cell[3], sizeof cell[3]);
        unit_show(part->think_ms + part->wait_ms, 0, cell[4], sizeof cell[4]);
        unit_show(part->vus, 0, cell[5], sizeof cell[5]);
        unit_show(part->users, 0, cell[6], sizeof cell[6]);
        table_add(&t, (const char *const[]){part->name, cell[0], cell[1], cell[2], cell[3], cell[4],
                                            cell[5], cell[6]});
    }
    print("\n");
    table_print(&t, 0);
}

static void print_stages(const struct profile *p) {
    struct table t;
    table_init(&t, "lrrrr");
    table_add(&t, (const char *const[]){"Stage", "Start", "Length", "RPS at end", "VUs"});
    for (int i = 0; i < p->stages; i++) {
        const struct stage *st = &p->stage[i];
        char start[32], length[32], rps[32], vus[32];
        table_add(&t,
                  (const char *const[]){st->name, unit_show_clock(st->start_s, start, sizeof start),
                                        unit_show_clock(st->duration_s, length, sizeof length),
                                        unit_show_short(st->target_rps, 2, rps, sizeof rps),
                                        unit_show(st->vus, 0, vus, sizeof vus)});
    }
    print("\n");
    table_print(&t, 0);
}

static void print_host(const struct session *s) {
    struct table t;
    table_init(&t, "llrrl");
    print("\nLoad generator: this machine, %s\n", s->host.name);
    table_add(&t, (const char *const[]){" ", "Check", "Needs", "Has", "Verdict"});
    for (int i = 0; i < s->host_checks; i++) {
        const struct host_check *c = &s->host_check[i];
        char needs[48], has[48];
        enum mark m = mark_of_use(c->status);
        bool a_flag = isnan(c->needed) && c->status == USE_OK;
        sizing_show(c->needed, c->unit, needs, sizeof needs);
        table_add(&t, (const char *const[]){mark_sign(m), c->title, a_flag ? "" : needs,
                                            sizing_show(c->available, c->unit, has, sizeof has),
                                            mark_word(m)});
    }
    table_print(&t, 0);
    for (int i = 0; i < s->host_checks; i++) {
        const struct host_check *c = &s->host_check[i];
        if ((c->status == USE_NEAR || c->status == USE_OVER) && c->fix[0])
            print("%s %s: %s\n", mark_sign(mark_of_use(c->status)), c->title, c->fix);
    }
}

static void print_diff(const struct session *s) {
    char *text = diff_unified(&s->script.diff, s->base.text, s->script.text,
                              s->ws.baseline[s->base.chosen].name, s->script.name);
    print("\n");
    print_code(text);
    free(text);
}

void plan_print(const struct session *s, bool diff) {
    struct findings all = {0};
    char dir[NAME_MAX_BYTES], from[NAME_MAX_BYTES], to[NAME_MAX_BYTES];
    print("%s: %s from %s, -%ld +%ld lines\n\n", one_line(s->ws.name, dir),
          one_line(s->script.name, to), one_line(s->ws.baseline[s->base.chosen].name, from),
          s->script.diff.deleted, s->script.diff.added);
    print_size(s);
    if (s->base.facts_known)
        print_baseline(&s->base.facts);
    print_scenarios(&s->profile);
    print_stages(&s->profile);
    print_host(s);
    session_plan_findings(s, &all);
    if (all.len)
        print("\n");
    print_findings(&all);
    findings_fini(&all);
    if (diff)
        print_diff(s);
    print("\n");
}

static void print_run_time(const struct session *s) {
    char length[32], ends[32], bytes[32];
    print("Runs %s; started now it ends at %s. Its results will have about %s.\n",
          unit_show_clock(s->profile.duration_s, length, sizeof length),
          session_ends(s, ends, sizeof ends),
          unit_show_bytes(session_result_bytes(s), bytes, sizeof bytes));
}

static void print_commands(const struct session *s) {
    size_t n = session_commands(s);
    print(n > 1 ? "Commands, for you to run in %s, each at its place, in this order:\n"
                : "Command, for you to run in %s:\n",
          s->ws.path);
    for (size_t i = 0; i < n; i++) {
        const struct command *c = session_command(s, i);
        if (c->where[0])
            print("%s\n", c->where);
        print_command(c->line);
    }
}

void plan_print_written(const struct session *s, bool written) {
    const struct script *sc = &s->script;
    char sentence[1200], name[NAME_MAX_BYTES], manifest[NAME_MAX_BYTES];
    if (written)
        print("Written: %s%s%s\n", one_line(sc->name, name), sc->manifest[0] ? ", " : "",
              one_line(sc->manifest, manifest));
    else
        print("Nothing was written: a dry run.\n");
    if (sc->command_error.kind != ERR_NONE) {
        print("%s\n", err_sentence(&sc->command_error, sentence, sizeof sentence));
        return;
    }
    print_run_time(s);
    print_commands(s);
}
