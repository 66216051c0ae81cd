/* perfscale check: a result to a verdict. */
#include <stddef.h>

#include "report/report.h"
#include "ui/plain/check_print.h"
#include "ui/plain/judging.h"
#include "ui/plain/plain.h"
#include "ui/plain/print.h"

static const struct option options[] = {
    JUDGING_OPTIONS,
    JUDGING_OPTION("--json", NULL, "one JSON object", json),
    {0},
};

static bool judge(struct judging *k, const struct operands *ops, struct err *e) {
    if (!judging_prepare(k, e))
        return false;
    if (ops->n == 0) {
        err_set(e, ERR_USAGE, "no result is named");
        return err_fix(e, "name result files or a directory, or - for standard input");
    }
    return judging_read(k, ops->item, (size_t)ops->n, e) && judging_judge(k, e) &&
           judging_save(k, ops->item[0], e);
}

static void show(const struct judging *k, const struct operands *ops) {
    if (k->words.json)
        print_json(report_check_json(&k->run, &k->j, ops->item, false));
    else
        check_print(&k->run, &k->j, ops->item);
    if (!k->words.json)
        judging_say_saved(k);
}

static bool run(int argc, char **argv, int *status, struct err *e) {
    struct operands ops;
    struct judging *k = judging_new();
    bool ok = options_read(&verb_check, argc, argv, &k->words, &ops, e) && judge(k, &ops, e);
    if (ok)
        show(k, &ops);
    *status = judging_status(k);
    judging_free(k);
    return ok;
}

const struct verb verb_check = {
    .name = "check",
    .operands = "RESULT...",
    .most = OPERANDS_MAX,
    .help = "reads the results of a run (files, a directory, or - for a paste) and judges them",
    .more =
        "\nReads what k6 (summary as text or JSON, CSV, NDJSON, dashboard recording), Locust "
        "(console, CSV,\n--json) and JMeter (JTL as CSV or XML, summariser, statistics.json, "
        "report "
        "CSV) write, also\ngzipped; and plain series of any origin: a step table "
        "(step,load,requests,ok,...), a stress series\n(t_s,load,requests,ok,...), a soak series "
        "(t_s with any of rss_mb,p95_ms,rps,error_pct), Prometheus'\nJSON of query_range. Several "
        "files are one run: what belongs together is joined, and the results of\nseveral load "
        "generators are added. Without --dir and --plan only the command line and the built-in\n"
        "rules count.\n"
        "\nLimits are judged on the steady state where one is known. A stress test gives the break "
        "load and the\nsaturation throughput; a soak test drift, none found above X per hour, or "
        "cannot tell.\n"
        "\nEnds with 0 PASS, 1 FAIL, 3 NO DATA, 4 INVALID, 2 when the result cannot be read.\n",
    .options = options,
    .run = run,
};
