/* tools/locust/script.h
 * A Locust file, read: the User classes that it runs, what each costs, what stands in the way of a
 * new load, and the marked block that perfscale wrote at its end before. All of it but `block` is
 * about the file without that block, so the facts of a rewritten file are those of its baseline. */
#ifndef PERFSCALE_TOOLS_LOCUST_SCRIPT_H
#define PERFSCALE_TOOLS_LOCUST_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "load/facts.h"
#include "tools/tool.h"

enum {
    LOCUST_NAME_BYTES = 96,
    LOCUST_NAMES_MAX = 64,
    LOCUST_BLOCK_CLASSES = 256,
};

#define LOCUST_BLOCK_BEGIN "# >>> perfscale"
#define LOCUST_BLOCK_END "# <<< perfscale <<<"

/* A User class that runs. */
struct locust_class {
    char name[64];     /* as the script binds it: what the block and the report may call it */
    char executor[32]; /* the kind it descends from: "HttpUser", "FastHttpUser", "User" */
    long line;         /* of the class; of an imported one the line of the import */
    bool imported;     /* defined in another file */
    bool fast;         /* FastHttpUser */
    struct known weight;
    struct known fixed_count; /* 0: none */
    struct known wait_ms;     /* mean of its wait_time */
    double period_ms;         /* constant_pacing, constant_throughput: the time of a whole
                                 iteration, from which wait_ms is what the sleeps leave; else 0 */
    struct known requests;    /* of one task execution, mean over its tasks */
    struct known think_ms;    /* sleeps of one task execution */
    double waits;             /* paced waits per execution: 1, and one for each self.wait() */
};

/* Something that the block must name, as an expression at the end of the script ("Shop.Cart"). */
struct locust_name {
    char name[LOCUST_NAME_BYTES];
    long line;
    uint64_t users; /* bit i: cls[i] runs it; of shapes 0 */
};
struct locust_names {
    struct locust_name item[LOCUST_NAMES_MAX];
    size_t len;
};

/* --- our own block ------------------------------------------------------------------------ */

struct locust_block_class {
    char name[LOCUST_NAME_BYTES]; /* User classes and TaskSets, as written */
    double per_second;            /* of X.wait_time = _perfscale_pace(per_second); 0: none */
    long fixed_count;             /* -1: none */
};

struct locust_block_stage {
    double until_s; /* from the start */
    long users;
    double rate; /* users started or stopped per second */
};

struct locust_block {
    bool found;
    size_t start, end; /* in the source; the two line ends before it and the one after its last line
                          belong to it */
    long line;         /* of its first line */
    char title[128];   /* between the marks of the first line: "load 60 RPS" */
    struct locust_block_class *cls; /* owned; in the order of writing */
    size_t classes;
    struct locust_block_stage stage[STAGES_MAX];
    size_t stages;
    double abort_share;   /* NAN: no abort lines */
    double abort_seconds; /* NAN: none */
};

/* --- the script --------------------------------------------------------------------------- */

struct locust_script {
    const struct source *src; /* borrowed */
    struct locust_class cls[SCENARIOS_MAX];
    size_t classes;             /* all that run, in file order; imported ones included */
    struct locust_names shapes; /* shape classes and their bases that the module binds: to `del` */
    struct locust_names waits;  /* TaskSets whose own wait_time wins over the user's */
    struct locust_names leaves; /* TaskSets with a task that sends requests and ends in
                                   self.interrupt(), which no wait follows */
    struct locust_block block;
    struct findings findings; /* owned: seen on the way, without the block's own */
    long lines;               /* without the block */
    char base_url[256];       /* scheme and host, "" when unknown */
    long base_url_line;
    bool has_host;                  /* each class has a host of its own or inherits one */
    char newline[3];                /* "\n", "\r\n" or "\r": that of the first line */
    bool final_newline;             /* the text before the block ends with one */
    bool names_taken;               /* _perfscale_ or Perfscale stands outside the block */
    bool unseen_wildcard;           /* `from X import *` of a module that cannot be seen */
    struct locust_reading *reading; /* owned: trees and tables behind it */
};

/* Reads it. ERR_REFUSED with line and reason for what cannot be rewritten. *s is initialised by it,
 * to be closed also after an error. The source must stay until then. */
bool locust_open(struct locust_script *s, const struct source *src, struct err *e);
void locust_close(struct locust_script *s);

/* Finds and parses the block alone. false when it is there and broken; cls is owned by *out. */
bool locust_block_read(const char *text, size_t len, struct locust_block *out, struct err *e);
void locust_block_fini(struct locust_block *b);

/* The members of the row that read. */
bool locust_facts(const struct source *src, struct facts *out, struct err *e);
void locust_colour(const char *text, size_t len, struct code_spans *out);

#endif
