/* tools/tool.h
 * A load tool is one folder and one row of tools.c: everything that only this tool knows stands in
 * its folder. A NULL member: this tool cannot do that (yet); the workflow leaves the step out and
 * says so. */
#ifndef PERFSCALE_TOOLS_TOOL_H
#define PERFSCALE_TOOLS_TOOL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/finding.h"
#include "load/facts.h"
#include "load/profile.h"
#include "results/reader.h"
#include "script/edit.h"

enum { SCRIPT_MAX_BYTES = 16 << 20, COMMAND_FILES_MAX = 5 };

/* Colours of code for the diff. */
enum code_kind { CODE_PLAIN, CODE_KEYWORD, CODE_STRING, CODE_COMMENT };
struct code_span {
    size_t start, end;
    enum code_kind kind;
};
struct code_spans {
    struct code_span *item; /* owned; sorted, not overlapping */
    size_t len, cap;
};
void code_spans_fini(struct code_spans *s);

/* A script, and what stands beside it. */
struct source {
    const char *text; /* borrowed, len bytes */
    size_t len;
    const char *file; /* for errors and findings */
    /* A file of the script's folder ("base.py", "pages/cart.py"), for scripts that import from it.
     * The caller frees; NULL when it is not there. May itself be NULL. */
    char *(*beside)(void *context, const char *name, size_t *len);
    void *context;
};

/* What the user runs. */
struct command {
    char where[64];  /* "machine 2 of 3", "master"; "" when there is one place only */
    char line[2048]; /* one logical line, quoted for a POSIX shell */
    char part[4]
             [1024]; /* the same, cut where a person would break it; parts are joined by spaces */
    int parts;
    char file[COMMAND_FILES_MAX][256]; /* result files it writes, as named in the command */
    int files;
    double result_bytes;      /* forecast of all of them */
    struct findings findings; /* owned */
};
void command_fini(struct command *c);

/* A load on several machines. */
struct distribution {
    struct command *item; /* owned; in the order of starting */
    size_t len, cap;
    char *manifest; /* owned; a file for an engine that runs it (k6-operator); NULL: none */
    char manifest_name[256];
    struct findings findings; /* owned: what must be the same on all, what adds up and what not */
};
void distribution_fini(struct distribution *d);
struct command *distribution_add(struct distribution *d); /* an empty one; never NULL */

/* A flag of its command line that changes the load that stands in a script. */
struct load_flag {
    const char *flag;   /* "--vus", "-u"; NULL at the end of a list */
    const char *effect; /* "it replaces all scenarios of a script" */
    enum finding_level level;
    const char *const * not ; /* words that begin so are none, NULL at the end; may be NULL */
};

struct tool {
    const char *name;                    /* as the user writes it: "k6" */
    const char *title;                   /* "k6", "Locust", "JMeter" */
    const char *const *scripts;          /* file patterns of a baseline script, NULL at the end */
    const struct reader *const *readers; /* NULL at the end */
    const char *const *last_files; /* endings of the files of its command that come when a run is
                                      over, NULL at the end; NULL: none */
    const char *results;           /* what a user may give of them: "JTL as CSV or XML" */
    const char *need;              /* its row in references/infrastructure-requirements.md */
    const enum arrivals *arrivals; /* what a rewrite can do; the first is the default */
    size_t arrivals_n;
    bool no_ramp_down;                  /* its runs end at once, whatever a profile says */
    const char *const *version_command; /* argv that prints the version, NULL at the end */
    const struct load_flag *load_flags; /* NULL: none */
    const char *run_word; /* "run": only a command with this word is a run; NULL: each */
    /* The version out of what that command printed: "2.2.0". */
    bool (*version)(const char *output, char *out, size_t size);
    /* Reads a script. *out is initialised by it, to be finished also after an error. ERR_REFUSED
     * with line and reason for a shape that it does not take. */
    bool (*facts)(const struct source *s, struct facts *out, struct err *e);
    /* Rounds the VUs of a new profile to what this tool can write and divide. NULL: as they are. */
    bool (*fit)(struct profile *p, struct findings *notes, struct err *e);
    /* Byte edits that make the script run the profile, each part in the scenario of its name. Adds
     * what it removed or left alone to notes. */
    bool (*rewrite)(const struct source *s, const struct profile *p, struct edits *out,
                    struct findings *notes, struct err *e);
    /* Reads a rewritten script back and compares it with the profile; ERR_INTERNAL when they
     * differ. */
    bool (*verify)(const struct source *s, const struct profile *p, struct err *e);
    /* Names of the result files for a new script (a stem without folder, of [A-Za-z0-9_-]): all
     * that the command may write, so that a name that is taken is seen. Returns how many. */
    int (*result_names)(const char *stem, char out[][256], int most);
    /* The command for script (a path for the shell as the user would type it) and result files
     * named after stem beside it. tool_version "" when unknown. *out is initialised by it. */
    bool (*command)(const char *script, const char *stem, const char *tool_version,
                    const struct profile *p, const struct rules *rules, struct command *out,
                    struct err *e);
    /* The same on p->generators machines. *out is initialised by it, to be finished also after an
     * error. */
    bool (*distribute)(const char *script, const char *stem, const char *tool_version,
                       const struct profile *p, const struct rules *rules, struct distribution *out,
                       struct err *e);
    /* The command that runs a baseline and keeps its result beside it. */
    bool (*baseline_command)(const char *script, struct command *out, struct err *e);
    void (*colour)(const char *text, size_t len, struct code_spans *out);
};

/* All tools, NULL at the end. */
extern const struct tool *const tools[];

/* By its name; NULL when there is none. */
const struct tool *tool_find(const char *name);

/* The tool whose baseline pattern fits a file name; names that begin with load_, stress_ or soak_
 * are never baselines. NULL when none does. */
const struct tool *tool_of_script(const char *name);

/* The reader that is surest of these first bytes, of all tools; NULL when none knows them. */
const struct reader *tool_reader(const char *head, size_t len);

/* A reader by its name (option --format); NULL when there is none. */
const struct reader *tool_reader_named(const char *name);

/* Of a format that the user names (NULL: none), else told from the bytes. A name is that of the
 * results: memory beside them is told from its bytes all the same. */
const struct reader *tool_reader_for(const char *format, const char *head, size_t len);

/* word quoted for a POSIX shell, appended to out (size bytes). false when it does not fit or when
 * the word holds a line break or another control character: then no command may be printed. */
bool shell_quote(const char *word, char *out, size_t size, struct err *e);

#endif
