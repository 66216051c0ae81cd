/* The scenarios of a script: where each one is written, and which of them carry the target. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "tools/k6/cost.h"
#include "tools/k6/load.h"
#include "tools/k6/value.h"

static bool refuse_chosen(const struct k6_script *s, size_t at, struct err *e) {
    syntax_refuse(&s->js, at, e, "scenarios are chosen at run time");
    return err_fix(e, "write them as an object inside options");
}

/* --- objects behind names --- */

struct use_search {
    TSNode name, own; /* the name, and where it is bound */
    TSNode other;     /* a use that is not `name` */
};

static bool see_use(const struct syntax *js, TSNode n, bool *down, void *self) {
    (void)down;
    static const char *const names[] = {"identifier", "shorthand_property_identifier",
                                        "shorthand_property_identifier_pattern", NULL};
    struct use_search *q = self;
    size_t at = node_start(n);
    if (!node_is_any(n, names) || node_size(n) != node_size(q->name) || at == node_start(q->name) ||
        at == node_start(q->own) ||
        memcmp(js->text + at, js->text + node_start(q->name), node_size(n)) != 0)
        return true;
    q->other = n;
    return false;
}

static bool refuse_shared(const struct k6_script *s, const struct use_search *q, struct err *e) {
    char name[64];
    node_copy(&s->js, q->name, name, sizeof name);
    syntax_refuse(&s->js, node_start(q->name), e,
                  "%s is used in line %ld too, where an edit would show", name,
                  node_line(q->other));
    return err_fix(e, "write the object into options");
}

/* The object that a member holds: written there, or a constant of this file that is used for
 * nothing else, so that an edit changes only this. */
static bool object_of(const struct k6_script *s, const struct member *m, TSNode *out,
                      struct err *e) {
    if ((m->kind != MEMBER_PAIR && m->kind != MEMBER_SHORTHAND) || ts_node_is_null(m->value))
        return refuse_chosen(s, m->start, e);
    *out = m->value;
    if (node_is(*out, "object"))
        return true;
    static const char *const names[] = {"identifier", "shorthand_property_identifier", NULL};
    if (node_is_any(m->value, names))
        *out = js_unwrap(names_value(&s->names, m->value));
    if (!node_is(*out, "object"))
        return refuse_chosen(s, m->start, e);
    struct use_search q = {.name = m->value, .own = names_one(&s->names, m->value)->at};
    js_walk(&s->js, s->js.root, &(struct js_visit){see_use, &q});
    return ts_node_is_null(q.other) || refuse_shared(s, &q, e);
}

/* --- one scenario --- */

static bool check_name(const struct k6_script *s, const struct member *m, struct err *e) {
    static const char allowed[] =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-";
    size_t most = sizeof s->scenario->name - 1;
    if (strlen(m->name) > most)
        return syntax_refuse(&s->js, m->start, e, "the scenario name is longer than %zu letters",
                             most);
    if (m->name[0] && m->name[strspn(m->name, allowed)] == '\0')
        return true;
    syntax_refuse(&s->js, m->start, e, "k6 refuses the scenario name '%s'", m->name);
    return err_fix(e, "use letters, digits, _ and - only");
}

static bool check_keys(const struct k6_script *s, const struct k6_scenario *sc, struct err *e) {
    for (size_t i = 0; i < sc->list.len; i++) {
        const struct member *m = &sc->list.item[i];
        if (m->kind != MEMBER_PAIR && m->kind != MEMBER_SHORTHAND)
            return refuse_chosen(s, m->start, e);
        if (key_is_scenario_common(m->name) || key_is_executor_own(m->name))
            continue;
        syntax_refuse(&s->js, m->start, e, "k6 knows no '%s' in a scenario and stops there",
                      m->name);
        return err_fix(e, "remove it");
    }
    return true;
}

static bool read_executor(const struct k6_script *s, struct k6_scenario *sc, struct err *e) {
    char name[64];
    const struct member *m = js_member(&sc->list, "executor");
    if (!m) {
        syntax_refuse(&s->js, sc->list.start, e, "scenario %s has no executor", sc->name);
        return err_fix(e, "add one, for example executor: 'constant-vus'");
    }
    if (!value_string(&s->names, m->value, name, sizeof name))
        return refuse_chosen(s, m->start, e);
    sc->executor = executor_find(name);
    if (sc->executor)
        return true;
    syntax_refuse(&s->js, m->start, e, "executor %s does not exist in k6 2", name);
    return err_fix(e, "take one that exists, for example ramping-vus");
}

static bool read_scenario(struct k6_script *s, const struct member *m, struct err *e) {
    TSNode object;
    if (!object_of(s, m, &object, e) || !check_name(s, m, e))
        return false;
    struct k6_scenario *sc = &s->scenario[s->scenarios++];
    text_copy(sc->name, sizeof sc->name, m->name);
    js_list_open(&s->js, object, &sc->list);
    return check_keys(s, sc, e) && read_executor(s, sc, e);
}

/* --- all of them --- */

/* What k6 makes of the shortcuts. */
static const struct executor *shortcut_executor(const struct k6_script *s) {
    static const struct {
        const char *key, *executor;
    } row[] = {{"iterations", "shared-iterations"},
               {"duration", "constant-vus"},
               {"stages", "ramping-vus"},
               {"vus", "shared-iterations"}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        if (member_is_set(&s->js, js_member(&s->options, row[i].key)))
            return executor_find(row[i].executor);
    return executor_find("per-vu-iterations");
}

static bool read_shortcuts(struct k6_script *s) {
    s->scenario = mem_new(1, sizeof *s->scenario);
    s->scenarios = 1;
    text_copy(s->scenario->name, sizeof s->scenario->name, "default");
    s->scenario->executor = shortcut_executor(s);
    return true;
}

static bool read_list(struct k6_script *s, const struct js_list *l, struct err *e) {
    if (l->len > SCENARIOS_MAX)
        return syntax_refuse(&s->js, l->start, e, "more than %d scenarios", SCENARIOS_MAX);
    s->scenario = mem_new(l->len, sizeof *s->scenario);
    s->has_scenarios = true;
    for (size_t i = 0; i < l->len; i++) {
        const struct member *m = &l->item[i];
        bool counts = !m->name[0] || js_member(l, m->name) == m; /* the last of equal names */
        if (counts && !read_scenario(s, m, e))
            return false;
    }
    return true;
}

bool scenarios_read(struct k6_script *s, struct err *e) {
    const struct member *m = js_member(&s->options, "scenarios");
    TSNode object;
    if (!member_is_set(&s->js, m))
        return read_shortcuts(s);
    if (!object_of(s, m, &object, e))
        return false;
    struct js_list l;
    js_list_open(&s->js, object, &l);
    bool ok = l.len ? read_list(s, &l, e) : read_shortcuts(s);
    js_list_close(&l);
    return ok;
}

/* --- which of them carry the target --- */

static void leave_alone(struct k6_scenario *sc, const char *why) {
    text_copy(sc->left_alone, sizeof sc->left_alone, why);
}

static size_t carriers(const struct k6_script *s, bool counting_iterations) {
    size_t n = 0;
    for (size_t i = 0; i < s->scenarios; i++)
        n += !s->scenario[i].left_alone[0] &&
             counting_iterations == executor_counts_iterations(s->scenario[i].executor);
    return n;
}

/* options of a scenario say nothing but which browser it drives. */
static bool is_browser(const struct k6_script *s, const struct k6_scenario *sc) {
    const struct member *m = js_member(&sc->list, "options");
    struct js_list l;
    if (!member_is_set(&s->js, m))
        return false;
    TSNode object = value_node(&s->names, m->value);
    if (!node_is(object, "object"))
        return true;
    js_list_open(&s->js, object, &l);
    bool empty = l.len == 0;
    js_list_close(&l);
    return !empty;
}

/* Their requests are browser_*, not http_reqs. */
static void leave_browsers(struct k6_script *s) {
    for (size_t i = 0; i < s->scenarios; i++)
        if (is_browser(s, &s->scenario[i]))
            leave_alone(&s->scenario[i], "drives a browser, which sends no http_reqs");
}

/* A seeding job beside a load, and scenarios of other protocols. */
static void leave_jobs(struct k6_script *s) {
    struct findings unread = {0};
    struct cost_count c;
    bool jobs = carriers(s, false) > 0;
    if (s->scenarios < 2) /* its requests are looked at with the facts */
        return;
    cost_open(&c, s, &unread);
    for (size_t i = 0; i < s->scenarios; i++) {
        struct k6_scenario *sc = &s->scenario[i];
        if (sc->left_alone[0])
            continue;
        if (cost_is_silent(cost_of_scenario(&c, sc)))
            leave_alone(sc, "sends no http_reqs");
        else if (jobs && executor_counts_iterations(sc->executor))
            leave_alone(sc, "runs a number of iterations and ends, beside scenarios that last");
    }
    cost_close(&c);
    findings_fini(&unread);
}

bool scenarios_refuse_silent(const struct k6_script *s, struct err *e) {
    const struct k6_scenario *sc = &s->scenario[0];
    const struct member *browser = js_member(&sc->list, "options");
    if (s->scenarios > 1)
        syntax_refuse(&s->js, sc->list.start, e, "no scenario can carry the target: %s %s",
                      sc->name, sc->left_alone);
    else if (browser)
        syntax_refuse(&s->js, browser->start, e, "scenario %s %s, RPS cannot be measured", sc->name,
                      sc->left_alone);
    else
        syntax_refuse(&s->js, node_start(sc->function), e,
                      "sends no http_reqs, RPS cannot be measured");
    return err_fix(e, "take a baseline that sends requests with k6/http");
}

static double start_of(const struct k6_script *s, const struct k6_scenario *sc) {
    double ms;
    return load_duration(s, sc, "startTime", 0, &ms) ? ms : NAN;
}

/* b begins when a has ended. */
static bool follows(const struct k6_script *s, const struct k6_scenario *b,
                    const struct k6_scenario *a) {
    return start_of(s, b) > 0 && start_of(s, b) >= start_of(s, a) + load_length_ms(s, a);
}

/* Scenarios one after another are no mix of which all hold their share. */
static bool check_together(const struct k6_script *s, struct err *e) {
    for (size_t i = 0; i < s->scenarios; i++)
        for (size_t k = 0; k < s->scenarios; k++) {
            const struct k6_scenario *a = &s->scenario[i], *b = &s->scenario[k];
            if (a == b || a->left_alone[0] || b->left_alone[0] || !follows(s, b, a))
                continue;
            syntax_refuse(&s->js, js_member(&b->list, "startTime")->start, e,
                          "%s and %s never run together", a->name, b->name);
            return err_fix(e, "which one carries the target? Leave only that one, or take "
                              "startTime out where they share it");
        }
    return true;
}

bool scenarios_choose(struct k6_script *s, struct err *e) {
    leave_browsers(s);
    leave_jobs(s);
    if (carriers(s, false) + carriers(s, true) == 0)
        return scenarios_refuse_silent(s, e);
    return check_together(s, e);
}
