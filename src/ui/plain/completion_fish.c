/* The completion for fish. */
#include <stdio.h>
#include <string.h>

#include "ui/plain/completion.h"
#include "ui/plain/print.h"

#define QUOTE "\\'"

static const char functions[] =
    "\n"
    "# The verb of the line; nothing when it is the dashboard.\n"
    "function __perfscale_verb\n"
    "    set -l words (commandline -opc)\n"
    "    contains -- \"$words[2]\" $__perfscale_verbs; and echo $words[2]\n"
    "end\n"
    "\n"
    "function __perfscale_in --argument-names verb\n"
    "    set -l now (__perfscale_verb)\n"
    "    test \"$now\" = \"$verb\"\n"
    "end\n"
    "\n"
    "# The cursor is at operand `place` of `verb`; 0: at any.\n"
    "function __perfscale_at --argument-names verb place\n"
    "    __perfscale_in \"$verb\"; or return 1\n"
    "    set -l n 1\n"
    "    set -l skip 0\n"
    "    test -n \"$verb\"; and set n 0\n"
    "    for word in (commandline -opc)[2..]\n"
    "        if test $skip = 1\n"
    "            set skip 0\n"
    "        else if contains -- $word $__perfscale_takes\n"
    "            set skip 1\n"
    "        else if not string match -q -- '-*' $word\n"
    "            set n (math $n + 1)\n"
    "        end\n"
    "    end\n"
    "    test $place = 0 -o $place = $n\n"
    "end\n"
    "\n"
    "function __perfscale_runs\n"
    "    set -l words (commandline -opc)\n"
    "    set -l in\n"
    "    if set -l at (contains -i -- --dir $words)\n"
    "        set in --dir $words[(math $at + 1)]\n"
    "    end\n"
    "    printf 'last\\tthe newest\\nref\\tthe reference\\n'\n"
    "    $words[1] runs --ids $in 2>/dev/null | string replace ' ' \\t\n"
    "end\n"
    "\n"
    "complete -c perfscale -f\n"
    "complete -c perfscale -l help -d 'options of the verb'\n"
    "complete -c perfscale -n '__perfscale_in \"\"' -l version -d 'the version'\n"
    "complete -c perfscale -n '__perfscale_at \"\" 1' -a help -d 'options of a verb'\n"
    "complete -c perfscale -n '__perfscale_at help 1' -a '$__perfscale_verbs'\n";

/* -x: a value, no files; -r: a value; nothing: an operand. */
static void print_fits(const char *name, enum fits fits, bool value) {
    static const char *const candidates[] = {[FITS_DIR] = "(__fish_complete_directories)",
                                             [FITS_RUN] = "(__perfscale_runs)",
                                             [FITS_GROUP] = "(__fish_complete_groups)",
                                             [FITS_VERB] = "$__perfscale_verbs"};
    const char *flag = fits == FITS_FILE ? " -r -F" : " -x";
    print("%s", value ? flag : fits == FITS_FILE ? " -F" : "");
    if (fits == FITS_CHOICE) {
        print(" -a '");
        for (; *name; name++)
            print("%c", *name == '|' ? ' ' : *name);
        print("'");
    } else if (fits != FITS_NOTHING && fits != FITS_FILE) {
        print(" -a '%s'", candidates[fits]);
    }
}

static void print_option(const struct verb *v, const struct option *o) {
    print("complete -c perfscale -n '__perfscale_in \"%s\"' -l %s", v->name, o->name + 2);
    if (o->argument)
        print_fits(o->argument, fits_of(o->argument), true);
    print(" -d ");
    print_quoted(o->help, "\\", QUOTE);
    print("\n");
}

static void print_operands(const struct verb *v) {
    struct operand o;
    const char *at = v->operands;
    for (int place = 1; operand_next(&at, &o); place++) {
        print("complete -c perfscale -n '__perfscale_at \"%s\" %d'", v->name,
              o.repeated ? 0 : place);
        print_fits(o.name, o.fits, false);
        print("\n");
    }
}

static void print_verb(const struct verb *v) {
    print("\n");
    if (v->name[0]) {
        print("complete -c perfscale -n '__perfscale_at \"\" 1' -a %s -d ", v->name);
        print_quoted(v->help, "\\", QUOTE);
        print("\n");
    }
    print_operands(v);
    for (const struct option *o = v->options; o && o->name; o++)
        if (option_is_shown(o))
            print_option(v, o);
}

/* Options that take a value, in any verb. */
static void print_takes(void) {
    print("set -g __perfscale_takes");
    for (size_t i = 0; verbs[i]; i++)
        for (const struct option *o = verbs[i]->options; o && o->name; o++)
            if (option_is_shown(o) && o->argument)
                print(" %s", o->name);
    print("\n");
}

void completion_fish(void) {
    char names[512];
    verb_names(names, " ", sizeof names);
    print("# Completion of perfscale for fish. Made by: perfscale completion fish\n\n"
          "set -g __perfscale_verbs help %s\n",
          names);
    print_takes();
    print("%s", functions);
    for (size_t i = 0; verbs[i]; i++)
        print_verb(verbs[i]);
}
