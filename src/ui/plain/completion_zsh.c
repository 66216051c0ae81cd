/* The completion for zsh. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "ui/plain/completion.h"
#include "ui/plain/print.h"

#define QUOTE "'\\''"

enum { SPEC_BYTES = 2048 };

static const char head[] =
    "#compdef perfscale\n"
    "# Completion of perfscale for zsh. Made by: perfscale completion zsh\n\n";

static const char runs[] = "_perfscale_runs() {\n"
                           "    local -a runs in\n"
                           "    [[ -n ${opt_args[--dir]-} ]] && in=(--dir ${(Q)opt_args[--dir]})\n"
                           "    runs=('last:the newest' 'ref:the reference'\n"
                           "        ${${(f)\"$($program runs --ids $in 2>/dev/null)\"}/ /:})\n"
                           "    _describe -V -t runs run runs\n"
                           "}\n"
                           "\n"
                           "_perfscale_verbs() {\n"
                           "    local -a verbs\n"
                           "    verbs=(\n";

static const char middle[] = "    )\n"
                             "    _describe -t verbs verb verbs\n"
                             "}\n"
                             "\n"
                             "_perfscale() {\n"
                             "    local program=${(Q)words[1]} verb='' ret=1\n"
                             "    local -A opt_args\n"
                             "    if (( CURRENT == 2 )); then\n"
                             "        _perfscale_verbs && ret=0\n"
                             "    elif (( ${_perfscale_names[(Ie)${words[2]}]} )); then\n"
                             "        verb=${words[2]}\n"
                             "        shift words\n"
                             "        (( CURRENT-- ))\n"
                             "    fi\n"
                             "    case $verb in\n";

static const char tail[] = "    help)\n"
                           "        _arguments '1:VERB:_perfscale_verbs' && ret=0\n"
                           "        ;;\n"
                           "    esac\n"
                           "    return ret\n"
                           "}\n"
                           "\n"
                           "if [[ ${funcstack[1]} == _perfscale ]]; then\n"
                           "    _perfscale \"$@\"\n"
                           "else\n"
                           "    compdef _perfscale perfscale\n"
                           "fi\n";

/* What offers words, behind the last colon of a spec. */
static void add_action(struct buf *spec, const char *name, enum fits fits) {
    static const char *const actions[] = {
        [FITS_NOTHING] = " ",           [FITS_FILE] = "_files",   [FITS_DIR] = "_files -/",
        [FITS_RUN] = "_perfscale_runs", [FITS_GROUP] = "_groups", [FITS_VERB] = "_perfscale_verbs"};
    buf_printf(spec, "%s:", name);
    if (fits != FITS_CHOICE) {
        buf_str(spec, actions[fits]);
        return;
    }
    buf_char(spec, '(');
    for (; *name; name++)
        buf_char(spec, *name == '|' ? ' ' : *name);
    buf_char(spec, ')');
}

static void print_spec(struct buf *spec) {
    print(" \\\n            ");
    print_quoted(spec->data, "", QUOTE);
    buf_clear(spec);
}

static void print_option(const struct option *o, struct buf *spec) {
    buf_printf(spec, "%s%s[", o->name, o->argument ? "=" : "");
    for (const char *c = o->help; *c; c++)
        buf_printf(spec, "%s%c", strchr("[]\\", *c) ? "\\" : "", *c);
    buf_char(spec, ']');
    if (o->argument) {
        buf_char(spec, ':');
        add_action(spec, o->argument, fits_of(o->argument));
    }
    print_spec(spec);
}

static void print_operand(const struct operand *o, int place, struct buf *spec) {
    if (o->repeated)
        buf_str(spec, "*:");
    else
        buf_printf(spec, "%d:", place);
    add_action(spec, o->name, o->fits);
    print_spec(spec);
}

static void print_verb(const struct verb *v) {
    struct operand o;
    struct buf spec;
    const char *at = v->operands;
    buf_init(&spec, SPEC_BYTES);
    print("    %s)\n        _arguments -S '(- *)--help[options of the verb]'",
          v->name[0] ? v->name : "''");
    for (const struct option *p = v->options; p && p->name; p++)
        if (option_is_shown(p))
            print_option(p, &spec);
    for (int place = 1; operand_next(&at, &o); place++)
        print_operand(&o, place, &spec);
    print(" && ret=0\n        ;;\n");
    buf_fini(&spec);
}

static void print_names(void) {
    char line[256];
    for (size_t i = 0; verbs[i]; i++) {
        if (!verbs[i]->name[0])
            continue;
        snprintf(line, sizeof line, "%s:%s", verbs[i]->name, verbs[i]->help);
        print("        ");
        print_quoted(line, "", QUOTE);
        print("\n");
    }
}

void completion_zsh(void) {
    char names[512];
    verb_names(names, " ", sizeof names);
    print("%stypeset -ga _perfscale_names=(help %s)\n%s", head, names, runs);
    print_names();
    print("        'help:options of a verb'\n%s", middle);
    for (size_t i = 0; verbs[i]; i++)
        print_verb(verbs[i]);
    print("%s", tail);
}
