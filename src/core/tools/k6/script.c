#include "tools/k6/script.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tools/k6/value.h"

static bool refuse_chosen(const struct k6_script *s, size_t at, struct err *e) {
    js_refuse(&s->js, at, e, "scenarios are chosen at run time");
    return err_fix(e, "write them as an object inside options");
}

bool member_is_set(const struct js *js, const struct member *m) {
    return m && !js_is(m->value, "null") && !js_text_is(js, m->value, "undefined");
}

/* --- the scenario --- */

static bool refuse_several(const struct k6_script *s, const struct js_list *l, struct err *e) {
    js_refuse(&s->js, l->start, e, "%zu scenarios (%s, %s%s): more than one is not taken yet",
              l->len, l->item[0].name, l->item[1].name, l->len > 2 ? ", ..." : "");
    return err_fix(e, "leave the one that carries the target");
}

static bool check_name(const struct k6_script *s, const struct member *m, struct err *e) {
    static const char allowed[] =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-";
    if (m->name[0] && m->name[strspn(m->name, allowed)] == '\0')
        return true;
    js_refuse(&s->js, m->start, e, "k6 refuses the scenario name '%s'", m->name);
    return err_fix(e, "use letters, digits, _ and - only");
}

static bool check_keys(const struct k6_script *s, struct err *e) {
    for (size_t i = 0; i < s->scenario.len; i++) {
        const struct member *m = &s->scenario.item[i];
        if (m->kind != MEMBER_PAIR && m->kind != MEMBER_SHORTHAND)
            return refuse_chosen(s, m->start, e);
        if (key_is_scenario_common(m->name) || key_is_executor_own(m->name))
            continue;
        js_refuse(&s->js, m->start, e, "k6 knows no '%s' in a scenario and stops there", m->name);
        return err_fix(e, "remove it");
    }
    return true;
}

static bool read_executor(struct k6_script *s, struct err *e) {
    char name[64];
    const struct member *m = js_member(&s->scenario, "executor");
    if (!m) {
        js_refuse(&s->js, s->scenario.start, e, "scenario %s has no executor", s->name);
        return err_fix(e, "add one, for example executor: 'constant-vus'");
    }
    if (!value_string(&s->names, m->value, name, sizeof name))
        return refuse_chosen(s, m->start, e);
    s->executor = executor_find(name);
    if (s->executor)
        return true;
    js_refuse(&s->js, m->start, e, "executor %s does not exist in k6 2", name);
    return err_fix(e, "take one that exists, for example ramping-vus");
}

static bool refuse_browser(const struct k6_script *s, struct err *e) {
    const struct member *m = js_member(&s->scenario, "options");
    if (!m)
        return true;
    js_refuse(&s->js, m->start, e, "scenario %s drives a browser: it sends no http_reqs", s->name);
    return err_fix(e, "RPS cannot be measured there; take a baseline that uses k6/http");
}

static bool read_scenario(struct k6_script *s, const struct member *m, struct err *e) {
    if (m->kind != MEMBER_PAIR || !js_is(m->value, "object"))
        return refuse_chosen(s, m->start, e);
    if (!check_name(s, m, e))
        return false;
    text_copy(s->name, sizeof s->name, m->name);
    s->has_scenario = true;
    js_list_open(&s->js, m->value, &s->scenario);
    return check_keys(s, e) && read_executor(s, e) && refuse_browser(s, e);
}

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

static bool read_load(struct k6_script *s, struct err *e) {
    const struct member *m = js_member(&s->options, "scenarios");
    text_copy(s->name, sizeof s->name, "default");
    s->executor = shortcut_executor(s);
    if (!member_is_set(&s->js, m))
        return true;
    if (m->kind != MEMBER_PAIR || !js_is(m->value, "object"))
        return refuse_chosen(s, m->start, e);
    js_list_open(&s->js, m->value, &s->scenarios);
    for (size_t i = 0; i < s->scenarios.len; i++)
        if (s->scenarios.item[i].kind != MEMBER_PAIR)
            return refuse_chosen(s, s->scenarios.item[i].start, e);
    if (s->scenarios.len > 1)
        return refuse_several(s, &s->scenarios, e);
    return s->scenarios.len == 0 || read_scenario(s, &s->scenarios.item[0], e);
}

const struct member *script_setting(const struct k6_script *s, const char *key) {
    const struct member *m = js_member(s->has_scenario ? &s->scenario : &s->options, key);
    return member_is_set(&s->js, m) ? m : NULL;
}

/* --- the function that runs --- */

static void not_here(struct k6_script *s, TSNode at, const char *fmt, const char *word) {
    s->function_line = js_line(at);
    snprintf(s->function_why, sizeof s->function_why, fmt, word);
}

static void resolve_function(struct k6_script *s, TSNode at, TSNode value) {
    for (int i = 0; i < 4 && js_is(value, "identifier"); i++) {
        size_t count;
        const struct bind *b =
            names_all(&s->names, s->js.text + js_start(value), js_size(value), &count);
        const struct bind *top = NULL;
        for (size_t k = 0; k < count; k++)
            top = b[k].top ? &b[k] : top;
        if (top && top->kind == BIND_IMPORT) {
            not_here(s, at, "the function comes from %s", top->module);
            return;
        }
        value = top ? top->node : (TSNode){0};
    }
    if (js_is_function(value))
        s->function = value;
    else
        not_here(s, at, "the function %s is made at run time", s->exec);
}

static bool read_exec(struct k6_script *s, struct err *e) {
    const struct member *m = s->has_scenario ? js_member(&s->scenario, "exec") : NULL;
    text_copy(s->exec, sizeof s->exec, "default");
    if (m && !value_string(&s->names, m->value, s->exec, sizeof s->exec)) {
        s->exec[0] = '\0';
        not_here(s, m->node, "%s", "the function to run is chosen at run time");
        return true;
    }
    const struct export_ *x = names_export(&s->names, s->exec);
    bool from_all = !x && !ts_node_is_null(s->names.export_all) && strcmp(s->exec, "default") != 0;
    if (from_all) {
        not_here(s, s->names.export_all, "the function %s comes from another module", s->exec);
        return true;
    }
    if (!x) {
        js_refuse(&s->js, m ? m->start : 0, e, "function '%s' not found in exports", s->exec);
        return err_fix(e, "export it, as k6 needs it");
    }
    if (x->module[0])
        not_here(s, x->at, "the function comes from %s", x->module);
    else
        resolve_function(s, x->at, ts_node_is_null(x->local) ? x->value : x->local);
    return true;
}

bool script_open(struct k6_script *s, const char *text, size_t len, const char *file,
                 struct err *e) {
    *s = (struct k6_script){0};
    if (!js_open(&s->js, text, len, file, e))
        return false;
    names_open(&s->js, &s->names);
    return options_find(s, e) && (!s->has_options || options_unchanged(s, e)) && read_load(s, e) &&
           read_exec(s, e);
}

void script_close(struct k6_script *s) {
    js_list_close(&s->scenario);
    js_list_close(&s->scenarios);
    js_list_close(&s->options);
    names_close(&s->names);
    js_close(&s->js);
}
