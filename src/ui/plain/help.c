#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ui/plain/print.h"
#include "ui/plain/verb.h"

static void usage_line(const struct verb *v) {
    print("  perfscale%s%s%s%s%s\n", v->name[0] ? " " : "", v->name, v->operands ? " " : "",
          v->operands ? v->operands : "", v->options && v->options->name ? " [options]" : "");
}

static void print_options(const struct verb *v) {
    struct table t;
    table_init(&t, "ll");
    for (const struct option *o = v->options; o && o->name; o++) {
        char left[80];
        if (!o->help)
            continue;
        snprintf(left, sizeof left, "%s%s%s", o->name, o->argument ? " " : "",
                 o->argument ? o->argument : "");
        table_add(&t, (const char *const[]){left, o->help});
    }
    if (t.rows)
        print("\nOptions\n");
    table_print(&t, 2);
}

void help_verb(const struct verb *v) {
    usage_line(v);
    print("\n%s\n", v->help);
    if (v->more)
        print("%s", v->more);
    print_options(v);
}

const struct exit_status exit_statuses[] = {
    {0, "done; check, watch: PASS"},
    {1, "check, watch: FAIL"},
    {2, "wrong usage, input that cannot be read, nothing written; compare: not comparable"},
    {3, "check, watch: NO DATA"},
    {4, "check, watch: INVALID"},
    {5, "no test plan, no baseline script, or a baseline result with errors"},
    {0, NULL},
};

const char units_help[] = "Durations: 500ms, 1.5s, 10m, 2h. Rates: 100, 100/s, 6000/m. Shares: "
                          "1%, 0.01.";

void help_program(void) {
    struct table t;
    table_init(&t, "ll");
    for (size_t i = 0; verbs[i]; i++) {
        const struct verb *v = verbs[i];
        char left[80];
        snprintf(left, sizeof left, "perfscale%s%s%s%s", v->name[0] ? " " : "", v->name,
                 v->operands ? " " : "", v->operands ? v->operands : "");
        table_add(&t, (const char *const[]){left, v->help});
    }
    table_add(&t, (const char *const[]){"perfscale help VERB", "options of a verb"});
    table_add(&t, (const char *const[]){"perfscale --version", "the version"});
    print("perfscale %s: load, stress and soak tests: sized, rewritten, judged\n\n",
          PERFSCALE_VERSION);
    table_print(&t, 2);
    print("\n%s\n\nExit status\n", units_help);
    for (const struct exit_status *s = exit_statuses; s->meaning; s++)
        print("  %d  %s\n", s->code, s->meaning);
}

const struct verb *verb_find(const char *name) {
    for (size_t i = 0; verbs[i]; i++)
        if (strcmp(verbs[i]->name, name) == 0)
            return verbs[i];
    return NULL;
}

void verb_names(char *out, const char *between, size_t size) {
    size_t len = 0;
    out[0] = '\0';
    for (size_t i = 0; verbs[i]; i++)
        if (verbs[i]->name[0] && len < size)
            len +=
                (size_t)snprintf(out + len, size - len, "%s%s", len ? between : "", verbs[i]->name);
}
