/* Reads and rewrites every script of a list, as a check against scripts that nobody made for us:
 *
 *     corpus TOOL FILE...          one line per file, and a sum
 *     corpus -w TOOL FILE...       also writes each new script beside its baseline, as
 *                                  perfscale_MODEL_NAME, for the tool's own check
 *
 * A file is accepted (for each model: rewritten, read back, rewritten again without a change), or
 * refused with a reason. Anything else ends with status 1. The files are not part of the project.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "corpus/script_plan.h"
#include "load/profile.h"
#include "tools/tool.h"

static struct rules rules;
static bool writes;
static long accepted, refused, failed, no_line;

static char *read_beside(void *context, const char *name, size_t *len) {
    const char *file = context;
    char path[2048];
    size_t folder = (size_t)(file_base(file) - file);
    if (name[0] == '/' || strstr(name, ".."))
        return NULL;
    snprintf(path, sizeof path, "%.*s%s", (int)folder, file, name);
    return file_read(path, SCRIPT_MAX_BYTES, len, NULL);
}

static struct source source_of(const char *path, const char *text, size_t len) {
    return (struct source){.text = text,
                           .len = len,
                           .file = file_base(path),
                           .beside = read_beside,
                           .context = (void *)(uintptr_t)path};
}

static bool fail(const char *path, enum model m, const char *what, const struct err *e) {
    char sentence[1024] = "";
    printf("FAILED   %s (%s): %s %s\n", path, model_name(m), what,
           e ? err_sentence(e, sentence, sizeof sentence) : "");
    return false;
}

static void write_beside(const char *path, enum model m, const char *text, size_t len) {
    char name[2048];
    size_t folder = (size_t)(file_base(path) - path);
    struct err e = {0};
    snprintf(name, sizeof name, "%.*sperfscale_%s_%s", (int)folder, path, model_name(m),
             file_base(path));
    remove(name);
    if (!file_write_new(name, text, len, &e))
        printf("cannot write %s: %s\n", name, e.text);
}

/* The new script read back, and rewritten again: nothing changes. */
static bool again(const struct tool *t, const char *path, enum model m, const struct profile *p,
                  const char *text, size_t len) {
    const struct source src = source_of(path, text, len);
    struct edits edits = {0};
    struct findings notes = {0};
    struct err e = {0};
    bool ok = t->verify(&src, p, &e) || fail(path, m, "does not read back:", &e);
    ok = ok && (t->rewrite(&src, p, &edits, &notes, &e) ||
                fail(path, m, "its own result is refused:", &e));
    ok = ok && (edits.len == 0 || fail(path, m, "a second rewrite changes it", NULL));
    edits_fini(&edits);
    findings_fini(&notes);
    return ok;
}

/* *why holds the reason of a refusal. */
static bool try_model(const struct tool *t, const char *path, const struct source *src,
                      const struct facts *f, enum model m, struct err *why) {
    static struct profile p;
    struct edits edits = {0};
    struct findings notes = {0};
    size_t len;
    if (!script_plan(t, f, m, &rules, &p, &notes, why) ||
        !t->rewrite(src, &p, &edits, &notes, why)) {
        edits_fini(&edits);
        findings_fini(&notes);
        return why->kind != ERR_INTERNAL || fail(path, m, "", why);
    }
    char *text = edits_apply(&edits, src->text, src->len, &len, why);
    bool ok = text || fail(path, m, "edits do not fit:", why);
    ok = ok && again(t, path, m, &p, text, len);
    if (ok && writes)
        write_beside(path, m, text, len);
    free(text);
    edits_fini(&edits);
    findings_fini(&notes);
    return ok;
}

static void say_refused(const char *path, const struct err *e) {
    char sentence[1024];
    refused++;
    if (!e->line && !e->fix[0])
        no_line++;
    printf("refused  %s: %s\n", path, err_sentence(e, sentence, sizeof sentence));
}

static void try_file(const struct tool *t, const char *path) {
    struct err e = {0};
    struct facts f;
    size_t len;
    char *text = file_read(path, SCRIPT_MAX_BYTES, &len, &e);
    if (!text) {
        say_refused(path, &e);
        return;
    }
    const struct source src = source_of(path, text, len);
    bool ok = t->facts(&src, &f, &e);
    if (!ok)
        say_refused(path, &e);
    bool good = true;
    for (int m = 0; m < MODELS && ok && good; m++) {
        good = try_model(t, path, &src, &f, (enum model)m, &e);
        if (good && e.kind != ERR_NONE) {
            say_refused(path, &e);
            ok = false;
        }
    }
    failed += ok && !good;
    accepted += ok && good;
    if (ok && good)
        printf("accepted %s: %zu scenarios\n", path, f.scenarios);
    facts_fini(&f);
    free(text);
}

int main(int argc, char **argv) {
    int at = 1;
    if (at < argc && strcmp(argv[at], "-w") == 0) {
        writes = true;
        at++;
    }
    const struct tool *t = at < argc ? tool_find(argv[at]) : NULL;
    struct err e = {0};
    if (!t || !t->rewrite || !rules_load(&rules, NULL, &e)) {
        fprintf(stderr, "usage: corpus [-w] k6|locust|jmeter FILE...  %s\n", e.text);
        return 2;
    }
    while (++at < argc)
        try_file(t, argv[at]);
    printf("%s: %ld accepted, %ld refused (%ld without a line or a way out), %ld failed\n", t->name,
           accepted, refused, no_line, failed);
    return failed || no_line;
}
