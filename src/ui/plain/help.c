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

void help_program(const struct verb *const *verbs) {
    struct table t;
    table_init(&t, "ll");
    for (; *verbs; verbs++) {
        char left[80];
        snprintf(left, sizeof left, "perfscale%s%s%s%s", (*verbs)->name[0] ? " " : "",
                 (*verbs)->name, (*verbs)->operands ? " " : "",
                 (*verbs)->operands ? (*verbs)->operands : "");
        table_add(&t, (const char *const[]){left, (*verbs)->help});
    }
    table_add(&t, (const char *const[]){"perfscale help VERB", "options of a verb"});
    table_add(&t, (const char *const[]){"perfscale --version", "the version"});
    print("perfscale %s: load, stress and soak tests: sized, rewritten, judged\n\n",
          PERFSCALE_VERSION);
    table_print(&t, 2);
    print("\nDurations: 500ms, 1.5s, 10m, 2h. Rates: 100, 100/s, 6000/m. Shares: 1%%, 0.01.\n"
          "\nExit status\n"
          "  0  done; check: PASS\n"
          "  1  check: FAIL\n"
          "  2  wrong usage, input that cannot be read, nothing written\n"
          "  3  check: NO DATA\n"
          "  4  check: INVALID\n"
          "  5  no test plan, no baseline script, or a baseline result with errors\n");
}

const struct verb *verb_find(const struct verb *const *verbs, const char *name) {
    for (; *verbs; verbs++)
        if (strcmp((*verbs)->name, name) == 0)
            return *verbs;
    return NULL;
}

void verb_names(const struct verb *const *verbs, char *out, size_t size) {
    size_t len = 0;
    out[0] = '\0';
    for (; *verbs; verbs++)
        if ((*verbs)->name[0] && len < size)
            len += (size_t)snprintf(out + len, size - len, "%s%s", len ? ", " : "", (*verbs)->name);
}
