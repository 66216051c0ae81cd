#include "tools/k6/script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tools/k6/value.h"

bool member_is_set(const struct syntax *js, const struct member *m) {
    return m && !node_is(m->value, "null") && !node_text_is(js, m->value, "undefined");
}

const struct member *script_setting(const struct k6_script *s, const struct k6_scenario *sc,
                                    const char *key) {
    const struct member *m = js_member(s->has_scenarios ? &sc->list : &s->options, key);
    return member_is_set(&s->js, m) ? m : NULL;
}

/* --- the function that runs --- */

static void not_here(struct k6_scenario *sc, TSNode at, const char *fmt, const char *word) {
    sc->function_line = node_line(at);
    snprintf(sc->function_why, sizeof sc->function_why, fmt, word);
}

static void resolve_function(const struct k6_script *s, struct k6_scenario *sc, TSNode at,
                             TSNode value) {
    static const char *const words[] = {"identifier", "shorthand_property_identifier", NULL};
    for (int i = 0; i < 4 && node_is_any(value, words); i++) {
        size_t count;
        const struct bind *b =
            names_all(&s->names, s->js.text + node_start(value), node_size(value), &count);
        const struct bind *top = NULL;
        for (size_t k = 0; k < count; k++)
            top = b[k].top ? &b[k] : top;
        if (top && top->kind == BIND_IMPORT) {
            not_here(sc, at, "the function comes from %s", top->module);
            return;
        }
        value = top ? top->node : (TSNode){0};
    }
    if (js_is_function(value))
        sc->function = value;
    else
        not_here(sc, at, "the function %s is made at run time", sc->exec);
}

static bool read_exec(const struct k6_script *s, struct k6_scenario *sc, struct err *e) {
    const struct member *m = js_member(&sc->list, "exec");
    text_copy(sc->exec, sizeof sc->exec, "default");
    if (m && !value_string(&s->names, m->value, sc->exec, sizeof sc->exec)) {
        sc->exec[0] = '\0';
        not_here(sc, m->node, "%s", "the function to run is chosen at run time");
        return true;
    }
    const struct export_ *x = names_export(&s->names, sc->exec);
    bool from_all = !x && !ts_node_is_null(s->names.export_all) && strcmp(sc->exec, "default") != 0;
    if (from_all) {
        not_here(sc, s->names.export_all, "the function %s comes from another module", sc->exec);
        return true;
    }
    if (!x) {
        syntax_refuse(&s->js, m ? m->start : sc->list.start, e,
                      "function '%s' not found in exports", sc->exec);
        return err_fix(e, "export it, as k6 needs it");
    }
    if (x->module[0])
        not_here(sc, x->at, "the function comes from %s", x->module);
    else
        resolve_function(s, sc, x->at, ts_node_is_null(x->local) ? x->value : x->local);
    return true;
}

static bool read_functions(struct k6_script *s, struct err *e) {
    for (size_t i = 0; i < s->scenarios; i++)
        if (!read_exec(s, &s->scenario[i], e))
            return false;
    return true;
}

bool script_open(struct k6_script *s, const char *text, size_t len, const char *file,
                 struct err *e) {
    *s = (struct k6_script){0};
    if (!js_open(&s->js, text, len, file, e))
        return false;
    names_open(&s->js, &s->names);
    return options_find(s, e) && options_unchanged(s, e) && scenarios_read(s, e) &&
           read_functions(s, e) && scenarios_choose(s, e);
}

void script_close(struct k6_script *s) {
    for (size_t i = 0; i < s->scenarios; i++)
        js_list_close(&s->scenario[i].list);
    free(s->scenario);
    nodes_fini(&s->holders);
    nodes_fini(&s->own);
    js_list_close(&s->options);
    names_close(&s->names);
    syntax_close(&s->js);
}
