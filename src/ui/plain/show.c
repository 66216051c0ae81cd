/* perfscale show: one stored run, with everything that was said of it. */
#include <stddef.h>

#include "report/report.h"
#include "ui/plain/plain.h"
#include "ui/plain/print.h"
#include "ui/plain/show_print.h"
#include "ui/plain/stored.h"

struct show_words {
    const char *dir;
    bool json;
};

static const struct option options[] = {
    {"--dir", "DIR", "the workspace; default: this directory", offsetof(struct show_words, dir),
     NULL},
    {"--json", NULL, "one JSON object: that of check, and the rest",
     offsetof(struct show_words, json), NULL},
    {0},
};

static bool show(const struct session *s, bool json, struct err *e) {
    struct report_doc doc;
    if (!session_report_doc(s, &doc))
        return err_set(e, ERR_INTERNAL, "the run is not open");
    if (json)
        print_json(report_show_json(&doc));
    else
        show_print(&doc);
    return true;
}

static bool run(int argc, char **argv, int *status, struct err *e) {
    struct show_words w = {0};
    struct operands ops;
    struct session s;
    *status = 0;
    if (!options_read(&verb_show, argc, argv, &w, &ops, e) ||
        !stored_operands(&verb_show, &ops, 1, e))
        return false;
    bool ok = stored_run(&s, w.dir, ops.item[0], e) && show(&s, w.json, e);
    session_close(&s);
    return ok;
}

const struct verb verb_show = {
    .name = "show",
    .operands = "ID",
    .most = 1,
    .help = "a stored run as check shows it, who ran it, what was said of it",
    .more = stored_help,
    .options = options,
    .run = run,
};
