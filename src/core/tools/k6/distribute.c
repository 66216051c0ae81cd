/* A load on several machines: execution segments by hand, or by k6-operator in a cluster. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "tools/k6/k6_script.h"
#include "tools/k6/run.h"
#include "tools/words.h"

enum {
    MANIFEST_MAX_BYTES = 8 << 10,
    RUN_NAME_MAX = 40, /* the operator adds "-initializer" to it, and 63 is the most */
    KEY_MAX = 200,
};

/* --- names --- */

/* A name of an object in Kubernetes: small letters, digits and "-", a letter first. */
static void run_name(const char *stem, char out[RUN_NAME_MAX + 1]) {
    size_t n = 0;
    if (!isalpha((unsigned char)stem[0]))
        n = (size_t)snprintf(out, RUN_NAME_MAX + 1, "k6-");
    for (const char *c = stem; *c && n < RUN_NAME_MAX; c++) {
        bool plain = isalnum((unsigned char)*c) && (unsigned char)*c < 128;
        out[n++] = plain ? (char)tolower((unsigned char)*c) : '-';
    }
    while (n > 0 && out[n - 1] == '-')
        n--;
    out[n] = '\0';
}

/* A key of a ConfigMap. The ending stays, k6 goes by it. */
static void file_key(const char *name, char out[KEY_MAX + 1]) {
    size_t len = strlen(name), n = 0;
    for (const char *c = len > KEY_MAX ? name + len - KEY_MAX : name; *c; c++) {
        bool plain = (isalnum((unsigned char)*c) && (unsigned char)*c < 128) || strchr("._-", *c);
        out[n++] = plain ? *c : '_';
    }
    out[n] = '\0';
}

/* --- k6-operator --- */

static char *manifest(const char *run, const char *key, int machines) {
    struct buf out;
    buf_init(&out, MANIFEST_MAX_BYTES);
    buf_printf(&out,
               "apiVersion: k6.io/v1alpha1\n"
               "kind: TestRun\n"
               "metadata:\n"
               "  name: \"%s\"\n"
               "spec:\n"
               "  parallelism: %d\n"
               "  separate: true\n"
               "  script:\n"
               "    configMap:\n"
               "      name: \"%s\"\n"
               "      file: \"%s\"\n"
               "  arguments: \"--tag testid=%s\"\n",
               run, machines, run, key, run);
    char *text = buf_take(&out);
    buf_fini(&out);
    return text;
}

static bool kubectl(const char *script, const char *run, const char *key, const char *yaml,
                    struct command *c, struct err *e) {
    struct words w = words_begin(c, e);
    char from[KEY_MAX + 32], create[RUN_NAME_MAX + 64], path[512];
    bool dash = *script == '-';
    snprintf(from, sizeof from, "--from-file=%s=", key);
    snprintf(create, sizeof create, "kubectl create configmap %s", run);
    snprintf(path, sizeof path, "%s%.*s%s", dash && file_base(script) != script ? "./" : "",
             (int)(file_base(script) - script), script, yaml);
    words_plain(&w, create);
    words_option(&w, strcmp(file_base(script), key) == 0 ? "--from-file=" : from, script);
    words_plain(&w, "&&");
    words_part(&w);
    words_option(&w, "kubectl apply -f ", path);
    snprintf(c->where, sizeof c->where, "k6-operator instead");
    return words_end(&w);
}

static bool add_operator(const char *script, const char *stem, int machines, struct distribution *d,
                         struct err *e) {
    char run[RUN_NAME_MAX + 1], key[KEY_MAX + 1];
    if (strpbrk(script, "=,\"")) {
        findings_add(&d->findings, FINDING_WARNING, "k6-operator",
                     "kubectl takes no file with = , or \" in its path: there is no manifest for "
                     "k6-operator. Rename the script for one.");
        return true;
    }
    run_name(stem, run);
    file_key(file_base(script), key);
    snprintf(d->manifest_name, sizeof d->manifest_name, "%.200s.testrun.yaml", stem);
    d->manifest = manifest(run, key, machines);
    findings_add(&d->findings, FINDING_INFO, "k6-operator",
                 "k6-operator: the ConfigMap takes this one file, at most 1 MiB (more files: k6 "
                 "archive and a volume); separate: true needs %d nodes; results stay in the pods. "
                 "kubectl logs -l k6_cr=%s,runner=true --tail=-1 shows their summaries.",
                 machines, run);
    return kubectl(script, run, key, d->manifest_name, distribution_add(d), e);
}

/* --- what holds for all machines --- */

static bool divides(const struct part *part, bool open, int machines) {
    return open ? part->preallocated_vus % machines == 0 && part->max_vus % machines == 0
                : part->users % machines == 0;
}

/* A share follows the whole VUs that a machine gets. */
static void uneven(const struct profile *p, struct findings *out) {
    bool open = p->arrivals == ARRIVALS_OPEN;
    for (size_t i = 0; i < p->parts; i++) {
        const struct part *part = &p->part[i];
        int most = open ? part->max_vus : part->users;
        if (most < p->generators)
            findings_add(out, FINDING_WARNING, "uneven",
                         "%s%s%d VUs for %d machines: some of them send nothing.", part->name,
                         part->name[0] ? ": " : "", most, p->generators);
        else if (!divides(part, open, p->generators))
            findings_add(out, FINDING_INFO, "uneven",
                         "%s%s%d VUs are no multiple of %d machines: their shares differ a little, "
                         "the sum is right.",
                         part->name, part->name[0] ? ": " : "", most, p->generators);
    }
}

static void remarks(const struct profile *p, struct findings *out) {
    findings_add(out, FINDING_INFO, "start-together",
                 "Start all %d within a few seconds, each with the same script. Until the last one "
                 "runs, the rate is lower than planned. setup() and teardown() run on each.",
                 p->generators);
    findings_add(out, FINDING_INFO, "thresholds-per-machine",
                 "Each machine judges its thresholds by its own part, and stops alone when one "
                 "aborts. Its exit status is not the verdict of the run.");
    findings_add(out, FINDING_INFO, "percentiles",
                 "Counts of the machines add up. Percentiles do not: p95 of the whole comes only "
                 "from the CSV files of all machines together.");
    uneven(p, out);
}

bool k6_distribute(const char *script, const char *stem, const char *tool_version,
                   const struct profile *p, const struct rules *rules, struct distribution *out,
                   struct err *e) {
    struct k6_run run = {.script = script,
                         .stem = stem,
                         .version = tool_version,
                         .p = p,
                         .rules = rules,
                         .machines = p->generators > 1 ? p->generators : 1};
    *out = (struct distribution){0};
    for (run.machine = 1; run.machine <= run.machines; run.machine++) {
        struct command *c = distribution_add(out);
        if (!k6_run_command(&run, c, e))
            return false;
        snprintf(c->where, sizeof c->where, "machine %d of %d", run.machine, run.machines);
    }
    remarks(p, &out->findings);
    return add_operator(script, stem, run.machines, out, e);
}
