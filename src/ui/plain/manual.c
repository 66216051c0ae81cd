/* perfscale manual: the man page, made of the table of verbs. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "ui/plain/plain.h"
#include "ui/plain/print.h"

/* --- roff --- */

enum { LINE_COLUMNS = 60 };

/* Text as it is: what roff would take for its own is escaped. Long lines end at a blank, which is
 * the same to roff, unless they are literal. */
static void roff_text(const char *text, bool wraps) {
    static const char *const escaped[128] = {
        ['\\'] = "\\e",  ['-'] = "\\-",   ['\''] = "\\(aq", ['`'] = "\\(ga",
        ['^'] = "\\(ha", ['~'] = "\\(ti", ['"'] = "\\(dq"};
    int column = 0;
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        bool ends = wraps && c == ' ' && column >= LINE_COLUMNS;
        if (c == '.' && column == 0)
            print("\\&");
        const char *instead = c < 128 ? escaped[c] : NULL;
        if (instead)
            print("%s", instead);
        else
            print("%c", ends ? '\n' : c);
        column = ends ? 0 : column + (instead ? (int)strlen(instead) : 1);
    }
}

static void roff(const char *text) { roff_text(text, false); }

static void line(const char *text) {
    roff_text(text, true);
    print("\n");
}

/* A help text as a sentence. */
static void sentence(const char *text) {
    print("%c", toupper((unsigned char)text[0]));
    roff_text(text + 1, true);
    print(".\n");
}

static void section(const char *name) { print(".SH \"%s\"\n", name); }

/* A word in bold with what it means. */
static void entry(const char *word, const char *argument, const char *text) {
    print(".TP\n\\fB");
    roff(word);
    print("\\fR");
    if (argument) {
        print(" \\fI");
        roff(argument);
        print("\\fR");
    }
    print("\n");
    line(text);
}

/* Paragraphs; lines that begin with two spaces stay as they are. */
static void paragraphs(const char *text) {
    bool literal = false;
    while (*text) {
        char one[256];
        size_t n = strcspn(text, "\n");
        bool as_is = strncmp(text, "  ", 2) == 0;
        snprintf(one, sizeof one, "%.*s", (int)n, text);
        if (as_is != literal)
            print("%s\n", as_is ? ".RS 4\n.nf" : ".fi\n.RE");
        literal = as_is;
        if (n) {
            roff_text(one + (as_is ? 2 : 0), !as_is);
            print("\n");
        } else if (text[n + 1])
            print(".PP\n");
        text += n + (text[n] == '\n');
    }
    if (literal)
        print(".fi\n.RE\n");
}

/* --- verbs --- */

static void synopsis(const struct verb *v) {
    print("\\fBperfscale%s", v->name[0] ? " " : "");
    roff(v->name);
    print("\\fR");
    if (v->operands) {
        print(" \\fI");
        roff(v->operands);
        print("\\fR");
    }
    if (v->options && v->options->name)
        print(" [options]");
    print("\n");
}

static void verb_section(const struct verb *v) {
    print(".SS ");
    synopsis(v);
    sentence(v->help);
    if (v->more)
        paragraphs(v->more);
    for (const struct option *o = v->options; o && o->name; o++)
        if (o->help)
            entry(o->name, o->argument, o->help);
}

/* --- what belongs to no verb --- */

struct named {
    const char *word, *text;
};

static const struct named environment[] = {
    {"NO_COLOR", "no colours, unless --theme asks for some"},
    {"PERFSCALE_HTTP_USER, PERFSCALE_HTTP_PASSWORD", "a login for an address that is watched"},
    {"PERFSCALE_HTTP_TOKEN", "a bearer token instead"},
    {"PERFSCALE_HTTP_HOST", "the host that the login is for"},
    {"PERFSCALE_LOGINS", "a file of logins instead of ~/.config/perfscale/logins"},
    {"TMPDIR", "where the demo workspace is made; default: /tmp"},
};

static const struct named files[] = {
    {"test-plan.md", "goals and limits; read, never written"},
    {"baseline_*.js, baseline_*.ts, locustfile*.py, *.jmx",
     "a baseline script of k6, Locust or JMeter; read, never written"},
    {"rules/, references/",
     "in the workspace: a document of this name goes before the built-in one"},
    {".perfscale/runs.db", "where you stopped, and every judged run"},
    {".perfscale/runs/", "every judged run once more, as a file of who judged it"},
    {".perfscale/said/", "notes, votes and waivers, each a file of its author"},
    {".perfscale/live/, .perfscale/drafts/", "who is here now; notes that were not sent"},
    {"~/.config/perfscale/logins",
     "logins for addresses that are watched, mode 0600: HOST[:PORT] basic USER PASSWORD, or "
     "HOST bearer TOKEN"},
};

static const struct named examples[] = {
    {"perfscale demo", "the dashboard on a sample"},
    {"perfscale plan --rps 100 --duration 10m --dry-run --diff", "looks first, writes nothing"},
    {"perfscale check load_orders.json --dir . --save", "judges a run and keeps it"},
    {"perfscale compare 13 14", "what changed, and is it more than noise"},
    {"perfscale note 14 --on p95 --text \"What is this spike?\"", "asks a colleague"},
    {"perfscale approve last", "signs the newest run"},
    {"perfscale report 14 --format html --out report-14.html", "a report in one file"},
};

static void rows(const char *name, const struct named *row, size_t n) {
    section(name);
    for (size_t i = 0; i < n; i++)
        entry(row[i].word, NULL, row[i].text);
}
#define ROWS(name, of) rows(name, of, sizeof of / sizeof *of)

static void statuses(void) {
    section("EXIT STATUS");
    for (const struct exit_status *s = exit_statuses; s->meaning; s++) {
        char code[12];
        snprintf(code, sizeof code, "%d", s->code);
        entry(code, NULL, s->meaning);
    }
    print(".PP\n");
    line("Errors go to standard error as \"perfscale: FILE:LINE: what is wrong; what to do\", and "
         "with --json also as an object on standard output.");
}

static void beginning(void) {
    print(".\\\" Made by: perfscale manual\n"
          ".TH PERFSCALE 1 " PERFSCALE_RELEASED " \"perfscale " PERFSCALE_VERSION
          "\" \"User Commands\"\n.nh\n.ad l\n");
    section("NAME");
    print("perfscale \\- load, stress and soak tests: sized, rewritten, judged\n");
    section("SYNOPSIS");
    for (size_t i = 0; verbs[i]; i++) {
        print("%s", i ? ".br\n" : "");
        synopsis(verbs[i]);
    }
    print(".br\n\\fBperfscale help\\fR \\fIVERB\\fR\n.br\n\\fBperfscale \\-\\-version\\fR\n");
    section("DESCRIPTION");
    line("perfscale takes a test plan and a baseline script, computes the load, rewrites the "
         "script to it, and gives the command. You run the command. Then it reads the result and "
         "says PASS, FAIL, NO DATA or INVALID, and why. Runs are kept, compared and reviewed by "
         "several people on one host.");
    print(".PP\n");
    line("It never sends load, and it never changes a file of yours. What was not measured never "
         "passes.");
}

static void write_page(void) {
    beginning();
    section("VERBS");
    for (size_t i = 0; verbs[i]; i++)
        verb_section(verbs[i]);
    section("UNITS");
    line(units_help);
    statuses();
    ROWS("ENVIRONMENT", environment);
    ROWS("FILES", files);
    ROWS("EXAMPLES", examples);
}

/* --- the verb --- */

static bool run(int argc, char **argv, int *status, struct err *e) {
    struct operands ops;
    *status = 0;
    if (!options_read(&verb_manual, argc, argv, NULL, &ops, e))
        return false;
    write_page();
    return true;
}

const struct verb verb_manual = {
    .name = "manual",
    .help = "prints the man page, in troff",
    .more = "\nIt is installed with the program. By hand: perfscale manual | man -l -\n",
    .run = run,
};
