/* perfscale report: a stored run as a document. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/unit.h"
#include "report/report.h"
#include "ui/plain/plain.h"
#include "ui/plain/print.h"
#include "ui/plain/stored.h"

struct report_words {
    const char *dir, *format, *out;
};

static const struct option options[] = {
    {"--format", "md|html|junit|json",
     "Markdown, one self-contained HTML file, JUnit XML, JSON; default: md",
     offsetof(struct report_words, format), NULL},
    {"--out", "FILE", "a new file instead of standard output; one that is there is not touched",
     offsetof(struct report_words, out), NULL},
    {"--dir", "DIR", "the workspace; default: this directory", offsetof(struct report_words, dir),
     NULL},
    {0},
};

static bool take_format(const char *word, enum report_format *out, struct err *e) {
    *out = REPORT_MARKDOWN;
    if (!word || report_format_parse(word, out))
        return true;
    err_set(e, ERR_USAGE, "--format: \"%.40s\" is not known", word);
    return err_fix(e, "write %s", options[0].argument);
}

/* The document is clean already and goes out as it is. */
static bool put_out(const char *text, const char *path, struct err *e) {
    size_t len = strlen(text);
    char size[32];
    if (!path || strcmp(path, "-") == 0) {
        fwrite(text, 1, len, stdout);
        return true;
    }
    if (!file_write_new(path, text, len, e))
        return false;
    print("Written: %s, %s.\n", path, unit_show_bytes((double)len, size, sizeof size));
    return true;
}

static bool write_report(const struct session *s, enum report_format format, const char *path,
                         struct err *e) {
    struct report_doc doc;
    if (!session_report_doc(s, &doc))
        return err_set(e, ERR_INTERNAL, "the run is not open");
    char *text = report_document(&doc, format);
    bool ok = put_out(text, path, e);
    free(text);
    return ok;
}

static bool run(int argc, char **argv, int *status, struct err *e) {
    struct report_words w = {0};
    struct operands ops;
    struct session s;
    enum report_format format;
    *status = 0;
    if (!options_read(&verb_report, argc, argv, &w, &ops, e) ||
        !stored_operands(&verb_report, &ops, 1, e) || !take_format(w.format, &format, e))
        return false;
    bool ok = stored_run(&s, w.dir, ops.item[0], e) && write_report(&s, format, w.out, e);
    session_close(&s);
    return ok;
}

const struct verb verb_report = {
    .name = "report",
    .operands = "ID",
    .most = 1,
    .help = "a stored run as a document, for a pull request, people or CI",
    .more =
        "\nThe same run gives the same bytes. The HTML file needs no other file and no network.\n",
    .options = options,
    .run = run,
};
