/* Runs the program in a temporary directory and keeps what it said: shared by the tests of this
 * folder. Everything fails the test at once when the system refuses. */
#ifndef PERFSCALE_TESTS_PROGRAM_H
#define PERFSCALE_TESTS_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include <cjson/cJSON.h>

enum { OUTPUT_BYTES = 1 << 20, PATH_BYTES = 512 };

struct call {
    const char *dir;    /* where it runs */
    const char *input;  /* standard input; NULL: /dev/null */
    size_t input_len;   /* 0: strlen(input) */
    const char *locale; /* NULL: C.UTF-8 */
    const char *path;   /* PATH; NULL: a directory without load tools */
    const char *output; /* file for standard output; NULL: kept in out */
    bool as_nobody;     /* as uid 65534 when the test runs as root */
};

struct said {
    int status; /* exit status; 128 + signal */
    char out[OUTPUT_BYTES], err[OUTPUT_BYTES];
};

/* A new directory; removed by remove_tree. */
void make_tree(char dir[PATH_BYTES]);
void remove_tree(const char *dir);
void put_file(const char *dir, const char *name, const char *bytes, size_t len);
void put_text(const char *dir, const char *name, const char *text);
/* Copies a file from outside into dir. */
void put_copy(const char *dir, const char *name, const char *from);
char *get_file(const char *dir, const char *name, size_t *len); /* NULL: not there */
/* Names in dir, sorted, each with a line end. */
void list_tree(const char *dir, char *out, size_t size);

/* A directory with test-plan.md (100 RPS, 10:00, p95 < 500 ms, errors < 1 %) and
 * baseline_checkout.js: one request per iteration, no think time, 5 VUs. */
void make_workspace(char dir[PATH_BYTES]);
extern const char script_text[];

/* Runs the program with words (NULL at the end). The result stays valid until the next call. */
const struct said *call(const struct call *c, const char *const *words);

/* The same in two parts, for a program that goes on while the test does something. */
struct child {
    pid_t pid;
    char home[PATH_BYTES]; /* what it says is kept there */
    bool output_kept;
};
void child_start(const struct call *c, const char *const *words, struct child *out);
void child_said(const struct child *child, char out[OUTPUT_BYTES]);
const struct said *child_finish(struct child *child); /* waits for its end */

/* The same on a terminal of its own: when `before` has been shown, `answer` is typed. Everything
 * shown is in out, err is empty. */
const struct said *call_on_terminal(const struct call *c, const char *const *words,
                                    const char *before, const char *answer);

/* Parses what was said on standard output; the caller deletes it. */
cJSON *said_json(const struct said *s);

/* No byte below space but LF and TAB, no DEL, no C1, no bidirectional or zero-width character. */
void assert_clean(const char *text);

/* Every name of a list of words ("a b c") is a member of o, and o has no others unless more. */
void assert_keys(const cJSON *o, const char *names, bool more);

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

#endif
