#include "ui/plain/plan_print.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/unit.h"
#include "ui/plain/print.h"

static void print_size(const struct profile *p) {
    struct table t;
    char a[96], b[96], number[32], clock[32];
    table_init(&t, "ll");
    snprintf(a, sizeof a, "%s, %s, %s RPS", model_title(p->model),
             p->arrivals == ARRIVALS_OPEN ? "arrival rate" : "constant VUs",
             unit_show_short(p->target_rps, 2, number, sizeof number));
    table_add(&t, (const char *const[]){"Test type", a});
    snprintf(a, sizeof a, "%s requests in %s",
             unit_show(p->planned_requests, 0, number, sizeof number),
             unit_show_clock(p->duration_s, clock, sizeof clock));
    table_add(&t, (const char *const[]){"Planned", a});
    snprintf(a, sizeof a, "%s VUs", unit_show(p->vus, 0, number, sizeof number));
    table_add(&t, (const char *const[]){"Size", a});
    snprintf(a, sizeof a, "%s VUs", unit_show(p->from_script_vus, 0, number, sizeof number));
    table_add(&t, (const char *const[]){"  from the script", p->from_script_vus ? a : "no data"});
    snprintf(b, sizeof b, "%s VUs", unit_show(p->from_baseline_vus, 0, number, sizeof number));
    table_add(&t,
              (const char *const[]){"  from the baseline", p->from_baseline_vus ? b : "no data"});
    if (p->arrivals == ARRIVALS_OPEN) {
        char most[32];
        snprintf(a, sizeof a, "%s VUs, at most %s",
                 unit_show(p->preallocated_vus, 0, number, sizeof number),
                 unit_show(p->max_vus, 0, most, sizeof most));
        table_add(&t, (const char *const[]){"  allocated", a});
    }
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
    print("%s: %s from %s, -%ld +%ld lines\n\n", s->ws.name, s->script.name,
          s->ws.baseline[s->base.chosen].name, s->script.diff.deleted, s->script.diff.added);
    print_size(&s->profile);
    print_stages(&s->profile);
    print_host(s);
    session_load_findings(s, &all);
    findings_append(&all, &s->script.findings);
    findings_append(&all, &s->script.command.findings);
    if (all.len)
        print("\n");
    print_findings(&all);
    findings_fini(&all);
    if (diff)
        print_diff(s);
    print("\n");
}

void plan_print_written(const struct session *s, const char *name) {
    if (name)
        print("Written: %s\n", name);
    else
        print("Nothing was written: a dry run.\n");
    if (s->script.command_error.kind != ERR_NONE) {
        char sentence[1200];
        print("%s\n", err_sentence(&s->script.command_error, sentence, sizeof sentence));
        return;
    }
    print("Command, for you to run in %s:\n", s->ws.path);
    print_command(s->script.command.line);
}
