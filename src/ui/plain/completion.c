/* perfscale completion, and the one for bash. */
#include "ui/plain/completion.h"

#include <stdio.h>
#include <string.h>

#include "ui/plain/plain.h"
#include "ui/plain/print.h"

/* --- what fits --- */

enum fits fits_of(const char *argument) {
    static const struct {
        const char *name;
        enum fits fits;
    } known[] = {{"FILE", FITS_FILE}, {"RESULT", FITS_FILE}, {"SOURCE", FITS_FILE},
                 {"DIR", FITS_DIR},   {"ID", FITS_RUN},      {"GROUP", FITS_GROUP},
                 {"VERB", FITS_VERB}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(argument, known[i].name) == 0)
            return known[i].fits;
    return strchr(argument, '|') ? FITS_CHOICE : FITS_NOTHING;
}

bool operand_next(const char **at, struct operand *out) {
    size_t n = *at ? strcspn(*at, " ") : 0;
    if (n == 0)
        return false;
    size_t skip = **at == '[', len = strcspn(*at + skip, "] .");
    snprintf(out->name, sizeof out->name, "%.*s", (int)len, *at + skip);
    out->repeated = strncmp(*at + skip + len, "...", 3) == 0;
    out->fits = fits_of(out->name);
    *at += n + ((*at)[n] == ' ');
    return true;
}

bool option_is_shown(const struct option *o) { return o->help && !o->refused; }

void print_quoted(const char *text, const char *escape, const char *quote) {
    print("'");
    for (; *text; text++)
        if (*text == '\'')
            print("%s", quote);
        else
            print("%s%c", strchr(escape, *text) ? "\\" : "", *text);
    print("'");
}

/* --- bash --- */

static const char bash_head[] =
    "# Options of a verb, those that take a value with what it is, and its operands.\n"
    "_perfscale_verb() {\n"
    "    options='' takes='' operands=''\n"
    "    case $1 in\n";

static const char bash_tail[] =
    "    *) return 1 ;;\n"
    "    esac\n"
    "}\n"
    "\n"
    "# What fits a word: one of a choice, or what the name in capitals stands for.\n"
    "_perfscale_fits() {\n"
    "    local names=''\n"
    "    case $1 in\n"
    "    *'|'*) names=${1//|/ } ;;\n"
    "    VERB) names=$_perfscale_verbs ;;\n"
    "    ID) names=\"last ref $(\"$program\" runs --ids --dir \"$dir\" 2>/dev/null |\n"
    "        sed -n 's/^\\([0-9]*\\) .*/\\1/p')\" ;;\n"
    "    GROUP) mapfile -t COMPREPLY < <(compgen -g -- \"$cur\") ;;\n"
    "    FILE | DIR)\n"
    "        compopt -o filenames 2>/dev/null\n"
    "        [[ $1 == DIR ]] && set -- -d || set -- -f\n"
    "        mapfile -t COMPREPLY < <(compgen \"$1\" -- \"$cur\")\n"
    "        ;;\n"
    "    esac\n"
    "    [[ -z $names ]] || mapfile -t COMPREPLY < <(compgen -W \"$names\" -- \"$cur\")\n"
    "}\n"
    "\n"
    "# The value that option $1 takes; false when it takes none.\n"
    "_perfscale_takes() {\n"
    "    local one\n"
    "    for one in $takes; do\n"
    "        [[ ${one%%=*} == \"$1\" ]] && kind=${one#*=} && return\n"
    "    done\n"
    "    return 1\n"
    "}\n"
    "\n"
    "_perfscale() {\n"
    "    local program=${COMP_WORDS[0]} cur=${COMP_WORDS[COMP_CWORD]} dir=. kind=''\n"
    "    local options takes operands i=1 n=0\n"
    "    local -a before=(\"${COMP_WORDS[@]:0:COMP_CWORD}\") list\n"
    "    [[ $cur == = ]] && cur=''\n"
    "    if ((COMP_CWORD > 1)) && [[ ${before[1]} ]] && _perfscale_verb \"${before[1]}\"; then\n"
    "        i=2\n"
    "    else\n"
    "        _perfscale_verb ''\n"
    "    fi\n"
    "    for (( ; i < ${#before[@]}; i++)); do\n"
    "        if _perfscale_takes \"${before[i]}\"; then\n"
    "            [[ ${before[i]} == --dir ]] && dir=''\n"
    "            [[ ${before[i + 1]-} == = ]] && ((i++))\n"
    "            if ((++i >= ${#before[@]})); then\n"
    "                _perfscale_fits \"$kind\"\n"
    "                return\n"
    "            fi\n"
    "            [[ $dir ]] || dir=${before[i]}\n"
    "        elif [[ ${before[i]} != -?* ]]; then\n"
    "            ((++n))\n"
    "        fi\n"
    "    done\n"
    "    if [[ $cur == -* ]]; then\n"
    "        mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$cur\")\n"
    "        return\n"
    "    fi\n"
    "    read -ra list <<<\"$operands\"\n"
    "    kind=${list[n]-}\n"
    "    [[ -z $kind && $operands == *... ]] && kind=${list[-1]}\n"
    "    _perfscale_fits \"${kind%...}\"\n"
    "    ((COMP_CWORD > 1)) || mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -W "
    "\"$_perfscale_verbs\" "
    "-- \"$cur\")\n"
    "}\n"
    "complete -F _perfscale perfscale\n";

static const char *kind_name(enum fits fits, const char *name) {
    static const char *const names[] = {
        [FITS_FILE] = "FILE",   [FITS_DIR] = "DIR",   [FITS_RUN] = "ID",
        [FITS_GROUP] = "GROUP", [FITS_VERB] = "VERB", [FITS_NOTHING] = "-"};
    return fits == FITS_CHOICE ? name : names[fits];
}

static void bash_operands(const char *operands) {
    struct operand o;
    const char *before = "";
    print("operands='");
    while (operand_next(&operands, &o)) {
        print("%s%s%s", before, kind_name(o.fits, o.name), o.repeated ? "..." : "");
        before = " ";
    }
    print("'");
}

static void bash_verb(const struct verb *v) {
    const char *before = "";
    print("    %s)\n        options='--help", v->name[0] ? v->name : "''");
    for (const struct option *o = v->options; o && o->name; o++)
        if (option_is_shown(o))
            print(" %s", o->name);
    print("%s'\n        takes='", v->name[0] ? "" : " --version");
    for (const struct option *o = v->options; o && o->name; o++)
        if (option_is_shown(o) && o->argument) {
            print("%s%s=%s", before, o->name, kind_name(fits_of(o->argument), o->argument));
            before = " ";
        }
    print("'\n        ");
    bash_operands(v->operands);
    print("\n        ;;\n");
}

void completion_bash(void) {
    char names[512];
    verb_names(names, " ", sizeof names);
    print("# Completion of perfscale for bash. Made by: perfscale completion bash\n\n"
          "_perfscale_verbs='help %s'\n\n%s",
          names, bash_head);
    for (size_t i = 0; verbs[i]; i++)
        bash_verb(verbs[i]);
    print("    help) operands=VERB ;;\n");
    print("%s", bash_tail);
}

/* --- the verb --- */

static bool run(int argc, char **argv, int *status, struct err *e) {
    static const struct {
        const char *name;
        void (*print)(void);
    } shells[] = {{"bash", completion_bash}, {"zsh", completion_zsh}, {"fish", completion_fish}};
    struct operands ops;
    *status = 0;
    if (!options_read(&verb_completion, argc, argv, NULL, &ops, e))
        return false;
    for (size_t i = 0; ops.n && i < sizeof shells / sizeof *shells; i++)
        if (strcmp(ops.item[0], shells[i].name) == 0) {
            shells[i].print();
            return true;
        }
    if (ops.n)
        err_set(e, ERR_USAGE, "there is no completion for \"%.40s\"", ops.item[0]);
    else
        err_set(e, ERR_USAGE, "no shell is named");
    return err_fix(e, "write %s", verb_completion.operands);
}

const struct verb verb_completion = {
    .name = "completion",
    .operands = "bash|zsh|fish",
    .most = 1,
    .help = "prints the completion for a shell",
    .more = "\nIt is installed with the program. By hand: source <(perfscale completion bash)\n",
    .run = run,
};
