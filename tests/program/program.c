#include "program.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"

void make_tree(char dir[PATH_BYTES]) {
    const char *tmp = getenv("TMPDIR");
    snprintf(dir, PATH_BYTES, "%s/perfscale-test-XXXXXX", tmp && tmp[0] ? tmp : "/tmp");
    assert_non_null(mkdtemp(dir));
    assert_int_equal(chmod(dir, 0755), 0);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *f) {
    (void)st;
    (void)kind;
    (void)f;
    return remove(path);
}

void remove_tree(const char *dir) { nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS); }

static void join(char out[PATH_BYTES], const char *dir, const char *name) {
    assert_true(snprintf(out, PATH_BYTES, "%s/%s", dir, name) < PATH_BYTES);
}

void put_file(const char *dir, const char *name, const char *bytes, size_t len) {
    char path[PATH_BYTES];
    join(path, dir, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, len, f), len);
    assert_int_equal(fclose(f), 0);
}

void put_text(const char *dir, const char *name, const char *text) {
    put_file(dir, name, text, strlen(text));
}

static char *read_all(const char *path, size_t *len) {
    FILE *f = fopen(path, "rb");
    if (!f)
        return NULL;
    char *bytes = calloc(1, 64 * OUTPUT_BYTES);
    assert_non_null(bytes);
    *len = fread(bytes, 1, 64 * OUTPUT_BYTES - 1, f);
    fclose(f);
    return bytes;
}

void put_copy(const char *dir, const char *name, const char *from) {
    size_t len;
    char *bytes = read_all(from, &len);
    if (!bytes)
        fail_msg("%s is not there", from);
    put_file(dir, name, bytes, len);
    free(bytes);
}

char *get_file(const char *dir, const char *name, size_t *len) {
    char path[PATH_BYTES];
    join(path, dir, name);
    return read_all(path, len);
}

void list_tree(const char *dir, char *out, size_t size) {
    struct dirent **entry;
    int n = scandir(dir, &entry, NULL, alphasort);
    assert_true(n >= 0);
    size_t len = 0;
    out[0] = '\0';
    for (int i = 0; i < n; i++) {
        if (strcmp(entry[i]->d_name, ".") != 0 && strcmp(entry[i]->d_name, "..") != 0)
            len += (size_t)snprintf(out + len, size - len, "%s\n", entry[i]->d_name);
        free(entry[i]);
    }
    free(entry);
    assert_true(len < size);
}

const char script_text[] = "import http from 'k6/http';\n"
                           "\n"
                           "export const options = {\n"
                           "  vus: 5, // a baseline\n"
                           "  duration: '1m',\n"
                           "};\n"
                           "\n"
                           "export default function () {\n"
                           "  http.get('http://127.0.0.1:8080/checkout');\n"
                           "}\n";

void make_workspace(char dir[PATH_BYTES]) {
    make_tree(dir);
    put_text(dir, "baseline_checkout.js", script_text);
    put_text(dir, "test-plan.md",
             "# Checkout\n\n- Target RPS: 100\n- Duration: 10 min\n- p95 < 500 ms\n"
             "- Error rate < 1 %\n- Base URL: http://127.0.0.1:8080\n");
}

/* In the child: nothing here may come back. program is an absolute path. */
static void become(const char *program, const struct call *c, const char *const *words) {
    const char *argv[64] = {program};
    for (int i = 0; words[i] && i < 62; i++)
        argv[i + 1] = words[i];
    unsetenv("LANG");
    unsetenv("LC_CTYPE");
    setenv("LC_ALL", c->locale ? c->locale : "C.UTF-8", 1);
    setenv("PATH", c->path ? c->path : "/nonexistent", 1);
    if (chdir(c->dir) != 0)
        _exit(126);
    if (c->as_nobody && getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
        _exit(126);
    execv(program, (char *const *)argv);
    _exit(127);
}

static void become_piped(const char *program, const struct call *c, const char *const *words,
                         int out, int err) {
    dup2(open(c->input ? "stdin" : "/dev/null", O_RDONLY), STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    become(program, c, words);
}

/* Another user may not reach the place where the program was built, so it gets a copy. */
static void find_program(const struct call *c, const char *home, char out[PATH_BYTES]) {
    snprintf(out, PATH_BYTES, "%s", TEST_PROGRAM);
    if (!c->as_nobody)
        return;
    put_copy(home, "perfscale", TEST_PROGRAM);
    join(out, home, "perfscale");
    assert_int_equal(chmod(out, 0755), 0);
}

static void take(const char *file, char out[OUTPUT_BYTES]) {
    size_t len = 0;
    char *bytes = read_all(file, &len);
    assert_non_null(bytes);
    assert_true(len < OUTPUT_BYTES);
    memcpy(out, bytes, len + 1);
    free(bytes);
}

void child_start(const struct call *c, const char *const *words, struct child *out) {
    char old[PATH_BYTES], program[PATH_BYTES];
    assert_non_null(getcwd(old, sizeof old));
    make_tree(out->home);
    out->output_kept = !c->output;
    find_program(c, out->home, program);
    assert_int_equal(chdir(out->home), 0);
    if (c->input)
        put_file(out->home, "stdin", c->input, c->input_len ? c->input_len : strlen(c->input));
    int to = open(c->output ? c->output : "stdout", O_WRONLY | O_CREAT, 0600);
    int err = open("stderr", O_WRONLY | O_CREAT, 0600);
    assert_true(to >= 0 && err >= 0);
    out->pid = fork();
    assert_true(out->pid >= 0);
    if (out->pid == 0)
        become_piped(program, c, words, to, err);
    close(to);
    close(err);
    assert_int_equal(chdir(old), 0);
}

void child_said(const struct child *child, char out[OUTPUT_BYTES]) {
    char path[PATH_BYTES];
    join(path, child->home, "stdout");
    take(path, out);
}

const struct said *child_finish(struct child *child) {
    static struct said said;
    char path[PATH_BYTES];
    int status;
    assert_int_equal(waitpid(child->pid, &status, 0), child->pid);
    said.out[0] = '\0';
    if (child->output_kept)
        child_said(child, said.out);
    join(path, child->home, "stderr");
    take(path, said.err);
    remove_tree(child->home);
    said.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return &said;
}

const struct said *call(const struct call *c, const char *const *words) {
    struct child child;
    child_start(c, words, &child);
    return child_finish(&child);
}

/* A terminal that is closed at the other side reads as an error. */
static void read_terminal(int terminal, struct said *s, const char *before, const char *answer) {
    size_t len = 0;
    bool answered = false;
    for (;;) {
        struct pollfd wait = {.fd = terminal, .events = POLLIN};
        if (poll(&wait, 1, 30000) <= 0)
            fail_msg("nothing happened for 30 s after:\n%s", s->out);
        ssize_t n = read(terminal, s->out + len, OUTPUT_BYTES - 1 - len);
        if (n <= 0)
            return;
        len += (size_t)n;
        s->out[len] = '\0';
        if (answered || !strstr(s->out, before))
            continue;
        assert_int_equal(write(terminal, answer, strlen(answer)), strlen(answer));
        answered = true;
    }
}

const struct said *call_on_terminal(const struct call *c, const char *const *words,
                                    const char *before, const char *answer) {
    static struct said said;
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    int terminal, status;
    memset(&said, 0, sizeof said);
    pid_t pid = forkpty(&terminal, NULL, NULL, &size);
    assert_true(pid >= 0);
    if (pid == 0)
        become(TEST_PROGRAM, c, words);
    read_terminal(terminal, &said, before, answer);
    close(terminal);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    said.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return &said;
}

cJSON *said_json(const struct said *s) {
    cJSON *o = cJSON_ParseWithOpts(s->out, NULL, 1);
    if (!cJSON_IsObject(o))
        fail_msg("no JSON object on standard output (status %d):\n%s\n%s", s->status, s->out,
                 s->err);
    return o;
}

static bool is_hidden(uint32_t cp) {
    return (cp < 0x20 && cp != '\n' && cp != '\t') || (cp >= 0x7f && cp < 0xa0) || cp == 0x61c ||
           (cp >= 0x200b && cp <= 0x200f) || (cp >= 0x2028 && cp <= 0x202e) ||
           (cp >= 0x2060 && cp <= 0x206f) || cp == 0xfeff || (cp >= 0xe0000 && cp <= 0xe007f) ||
           cp > 0x10ffff;
}

void assert_clean(const char *text) {
    size_t len = strlen(text);
    for (size_t i = 0; i < len;) {
        uint32_t cp;
        size_t used = text_decode(text + i, len - i, &cp);
        if (is_hidden(cp))
            fail_msg("byte %zu: U+%04X in:\n%.400s", i, (unsigned)cp, text);
        i += used;
    }
}

void assert_keys(const cJSON *o, const char *names, bool more) {
    int n = 0;
    if (!cJSON_IsObject(o))
        fail_msg("no object with %s", names);
    while (*names) {
        char name[64];
        size_t len = strcspn(names, " ");
        snprintf(name, sizeof name, "%.*s", (int)len, names);
        if (!cJSON_HasObjectItem(o, name))
            fail_msg("member \"%s\" is missing", name);
        n++;
        names += len + (names[len] == ' ');
    }
    if (!more && cJSON_GetArraySize(o) != n)
        fail_msg("%d members, %d expected", cJSON_GetArraySize(o), n);
}
