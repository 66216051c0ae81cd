/* What a host has and what a load needs of it. */
#include <math.h>
#include <string.h>

#include "sizing/parts.h"

static const double mega = 1e6;

/* The kernel gives a port in TIME_WAIT away again after this time when tcp_tw_reuse is 1. */
static const double reuse_after_s = 1;

bool sizing_begin(struct sizing *z, const char *tool, struct err *e) {
    z->need = rules_tool(z->rules, tool);
    return z->need || err_set(e, ERR_FORMAT, "%s has no row for %s in \"Tool figures\"",
                              z->rules->doc[DOC_INFRASTRUCTURE].name, tool);
}

static bool ports_are_reused(const struct host *h) { return h->tw_reuse == 1; }

int sizing_facts_of(const struct sizing *z, struct fact fact[FACTS]) {
    static const char measured[] = "not known without a measured baseline";
    static const char forecast[] = "not known: there is no forecast of the result files";
    static const char figure[] = "not known";
    const struct host *h = z->host;
    const struct margin_rules *m = &z->rules->margin;
    double files = z->need->file_limit_hard ? h->files_hard : h->files_soft;
    double each = z->need->users_per_instance, users = isnan(each) ? INFINITY : each;
    double waiting = ports_are_reused(h) ? 0 : h->time_wait;
    const struct fact all[] = {
        {"cores", "CPU cores", "", KIND_USE, h->cores, 0, m->cpu_use, 1, true, figure},
        {"memory", "Memory free", "B", KIND_USE, h->memory_bytes, 0, m->memory_use, mega, true,
         figure},
        {"files", "Open files", "", KIND_USE, files, 0, 1, 1, false, figure},
        {"users", "Users of one tool", "", KIND_USE, users, 0, 1, 1, true, figure},
        {"ports", "Local ports", "", KIND_USE, h->ports, waiting, m->ports_use, 1, true, figure},
        {"tw_reuse", "Port reuse", "", KIND_REUSE, h->tw_reuse, 0, 1, 1, false, figure},
        {"disk", "Disk for results", "B", KIND_USE, h->disk_bytes, 0, m->disk_use, 1, false,
         forecast},
        {"network", "Network", "bit/s", KIND_USE, h->network_bit_s, 0, m->network_use, 1, true,
         measured},
        {"swap", "Swap in use", "B", KIND_NONE, h->swap_bytes, 0, 1, 1, false, figure},
        {"conntrack", "Tracked connections", "", KIND_USE, h->conntrack, h->conntrack_used, 1, 1,
         false, figure},
        {"tool", "Tool version", "version", KIND_VERSION, NAN, 0, 1, 1, false, figure},
    };
    memcpy(fact, all, sizeof all);
    return sizeof all / sizeof *all;
}

double fact_left(const struct fact *f) {
    double taken = f->taken > 0 ? f->taken : 0;
    return taken < f->have ? f->have - taken : isnan(f->have) ? NAN : 0;
}

/* A tool whose processes use one core each needs as many as its rate has cores. */
static double processes(const struct tool_need *need, double rps) {
    double cores = rps / need->rps_per_core;
    return isinf(need->cores_per_process) ? 1 : fmax(1, ceil(cores / need->cores_per_process));
}

bool sizing_need(const struct sizing *z, const struct host_rule *rule, const struct fact *f,
                 double *needed, struct err *e) {
    const struct tool_need *need = z->need;
    double rps = profile_top_rps(z->p) / z->machines;
    double users = ceil((double)profile_most_users(z->p) / z->machines);
    double time_wait = ports_are_reused(z->host) ? reuse_after_s : z->rules->margin.time_wait_s;
    const struct expr_name names[] = {
        {"rps", rps},
        {"users", users},
        {"requests", z->p->planned_requests / z->machines},
        {"connections", users},
        {"new_connections_per_s", z->facts->new_connections ? rps : 0},
        {"bytes", z->facts->bytes_per_request},
        {"base_mb", need->base_mb},
        {"mb_per_user", need->mb_per_user},
        {"bytes_per_request", need->bytes_per_request},
        {"rps_per_core", need->rps_per_core},
        {"files_per_user", need->files_per_user},
        {"extra_files", need->extra_files},
        {"users_per_instance", need->users_per_instance},
        {"cores_per_process", need->cores_per_process},
        {"processes", processes(need, rps)},
        {"time_wait", time_wait},
        {"result_bytes", z->facts->result_bytes},
    };
    if (!expr_eval(rule->needed, names, sizeof names / sizeof *names, needed, e))
        return sizing_at(z, rule, e);
    *needed *= f->scale;
    return true;
}

bool sizing_at(const struct sizing *z, const struct host_rule *rule, struct err *e) {
    char place[128];
    return err_at(e, rules_place(z->rules, DOC_INFRASTRUCTURE, 0, place, sizeof place), rule->line);
}
