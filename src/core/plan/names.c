#include "plan/plan_parts.h"

#include <string.h>

enum { LOOK_BACK_MAX = 8 }; /* words before a name that are looked at */

const char *const words_measured[] = {
    "current",  "currently", "today",      "baseline", "measured",  "observed",   "actual",
    "actually", "previous",  "previously", "existing", "yesterday", "historical", "was",
    "were",     "result",    "results",    "now",      NULL};

const char *const words_goal[] = {
    "target",       "targets",    "goal",       "goals",      "limit",     "limits",
    "threshold",    "thresholds", "objective",  "objectives", "required",  "requirement",
    "requirements", "expected",   "acceptance", "criteria",   "criterion", "acceptable",
    "slo",          "slos",       "sla",        "slas",       "max",       "maximum",
    "budget",       "pass",       "allowed",    NULL};

const char *const words_foreign[] = {
    "cpu",        "memory",    "ram",        "disk",        "heap",        "network",
    "bandwidth",  "cache",     "pool",       "queue",       "users",       "user",
    "vus",        "vu",        "clients",    "connections", "threads",     "think",
    "sleep",      "pause",     "pacing",     "timeout",     "timeouts",    "session",
    "retry",      "retries",   "interval",   "utilization", "utilisation", "usage",
    "saturation", "iteration", "iterations", "4xx",         "5xx",         "database",
    "db",         "gc",        "stop",       "abort",       "alert",       "sample",
    "samples",    NULL};

const char *const words_phase[] = {
    "ramp",  "ramps",  "rampup", "ramping", "warm",     "warmup", "cool",     "cooldown",  "down",
    "step",  "steps",  "start",  "starts",  "starting", "begin",  "initial",  "increment", "burst",
    "spike", "spikes", "every",  "stages",  "stage",    "quota",  "throttle", NULL};

const char *const words_filler[] = {"is",        "are",       "be",
                                    "must",      "should",    "shall",
                                    "will",      "has",       "have",
                                    "to",        "the",       "a",
                                    "an",        "of",        "at",
                                    "for",       "in",        "on",
                                    "with",      "and",       "or",
                                    "than",      "stay",      "stays",
                                    "remain",    "remains",   "keep",
                                    "kept",      "equal",     "equals",
                                    "target",    "targets",   "limit",
                                    "goal",      "threshold", "objective",
                                    "slo",       "sla",       "value",
                                    "request",   "requests",  "response",
                                    "responses", "time",      "times",
                                    "latency",   "latencies", "percentile",
                                    "http",      "api",       "overall",
                                    "total",     "all",       "about",
                                    "around",    "approx",    "approximately",
                                    "roughly",   "allowed",   "acceptable",
                                    "expected",  "required",  "p",
                                    "budget",    "most",      "least",
                                    "max",       "maximum",   "min",
                                    "minimum",   "under",     "below",
                                    "less",      "fewer",     "lower",
                                    "within",    "above",     "over",
                                    "more",      "greater",   "exceed",
                                    "exceeds",   "not",       "no",
                                    "never",     "up",        "them",
                                    "it",        "that",      "this",
                                    "load",      "peak",      "test",
                                    "rate",      "per",       "each",
                                    "period",    "duration",  "server",
                                    "service",   "endpoint",  "endpoints",
                                    "beyond",    "faster",    "higher",
                                    "we",        "need",      "run",
                                    "state",     "steady",    "percent",
                                    NULL};

/* What may stand before a word with many meanings and leaves it meaning ours. */
static const char *const plain_before[] = {
    "target",  "expected", "peak",    "required",  "test",    "total",   "steady",    "state",
    "planned", "desired",  "the",     "a",         "an",      "our",     "overall",   "hold",
    "run",     "main",     "load",    "stress",    "soak",    "api",     "system",    "min",
    "minimum", "max",      "maximum", "base",      "testing", "and",     "endurance", "with",
    "of",      "at",       "goal",    "sustained", "full",    "staging", "each",      "design",
    "then",    "to",       NULL};

struct name_row {
    const char *words;
    enum what what;
    bool vague;
};

/* Longer rows before shorter ones that they begin with. */
static const struct name_row rows[] = {
    {"throughput", WHAT_RPS, true},
    {"request rate", WHAT_RPS, false},
    {"arrival rate", WHAT_RPS, false},
    {"load", WHAT_RPS, true},
    {"median", WHAT_P50, false},
    {"error rate", WHAT_ERROR, false},
    {"error ratio", WHAT_ERROR, false},
    {"error percentage", WHAT_ERROR, false},
    {"errors", WHAT_ERROR, false},
    {"failure rate", WHAT_ERROR, false},
    {"failed requests", WHAT_ERROR, false},
    {"failed request rate", WHAT_ERROR, false},
    {"http req failed", WHAT_ERROR, false},
    {"availability", WHAT_SUCCESS, false},
    {"success rate", WHAT_SUCCESS, false},
    {"duration", WHAT_DURATION, true},
    {"hold time", WHAT_DURATION, true},
    {"hold period", WHAT_DURATION, true},
    {"hold for", WHAT_DURATION, true},
    {"hold", WHAT_DURATION, true},
    {"steady state", WHAT_DURATION, true},
    {"length", WHAT_DURATION, true},
    {"run for", WHAT_DURATION, true},
    {"runs for", WHAT_DURATION, true},
    {"memory limit", WHAT_MEMORY, false},
    {"memory budget", WHAT_MEMORY, false},
    {"rss limit", WHAT_MEMORY, false},
    {"max memory", WHAT_MEMORY, false},
    {"maximum memory", WHAT_MEMORY, false},
    {"base url", WHAT_URL, false},
    {"target url", WHAT_URL, false},
    {"target host", WHAT_URL, false},
    {"target environment", WHAT_URL, false},
    {"baseurl", WHAT_URL, false},
    {"url", WHAT_URL, true},
    {"host", WHAT_URL, true},
    {"target", WHAT_URL, true},
    {"endpoint", WHAT_URL, true},
    {"environment", WHAT_URL, true},
};

static size_t behind_dash(const struct tokens *t, size_t i) {
    return token_at(t, i)->kind == TOKEN_DASH && token_at(t, i)->glued ? i + 1 : i;
}

/* Words of a pattern against tokens from i, joined by blanks, "-" or "_". 0 when they differ. */
static size_t match_words(const struct tokens *t, size_t i, const char *words) {
    while (*words) {
        size_t n = strcspn(words, " ");
        char word[24];
        memcpy(word, words, n);
        word[n] = '\0';
        if (!token_is(token_at(t, i), word))
            return 0;
        words += n + (words[n] == ' ');
        i = *words ? behind_dash(t, i + 1) : i + 1;
    }
    return i;
}

/* --- percentiles --- */

static enum what percentile_named(double n) {
    return n == 50   ? WHAT_P50
           : n == 90 ? WHAT_P90
           : n == 95 ? WHAT_P95
           : n == 99 ? WHAT_P99
                     : WHAT_OTHER;
}

static bool is_percentile_word(const struct token *t) {
    static const char *const words[] = {"percentile", "percentiles", "ile", "pct", "pctl", NULL};
    return token_in(t, words);
}

/* "95th percentile", "95 %ile", "95-percentile". */
static size_t ordinal_percentile(const struct tokens *t, size_t i) {
    static const char *const th[] = {"th", "st", "nd", "rd", NULL};
    size_t k = i + 1;
    if (token_at(t, k)->glued && token_in(token_at(t, k), th))
        k = behind_dash(t, k + 1);
    k = behind_dash(t, k);
    if (token_is_mark(token_at(t, k), '%'))
        k++;
    k = behind_dash(t, k);
    return is_percentile_word(token_at(t, k)) ? k + 1 : 0;
}

/* "p95", "P99.9": a word; "p(95)", "p 95", "percentile 95": apart. */
static bool percentile_word(const struct token *t, enum what *what) {
    if (t->kind != TOKEN_WORD || t->len < 2 || (t->s[0] != 'p' && t->s[0] != 'P') ||
        strspn(t->s + 1, "0123456789.") < t->len - 1)
        return false;
    bool two = t->len == 3;
    *what = two ? percentile_named((t->s[1] - '0') * 10 + (t->s[2] - '0')) : WHAT_OTHER;
    return true;
}

static size_t spaced_percentile(const struct tokens *t, size_t i, double *n) {
    if (!token_is(token_at(t, i), "p") && !token_is(token_at(t, i), "percentile"))
        return 0;
    size_t k = behind_dash(t, i + 1);
    bool bracket = token_is_mark(token_at(t, k), '(');
    k += bracket;
    if (token_at(t, k)->kind != TOKEN_NUMBER ||
        (!bracket && token_is(token_at(t, i), "percentile")))
        return 0;
    *n = token_at(t, k)->number;
    k++;
    return bracket ? (token_is_mark(token_at(t, k), ')') ? k + 1 : 0) : k;
}

static struct name percentile_at(const struct tokens *t, size_t i) {
    struct name name = {WHAT_NONE, false, {DIM_PLAIN, 1}, i};
    const struct token *k = token_at(t, i);
    double n = 0;
    if (percentile_word(k, &name.what)) {
        name.end = i + 1;
        return name;
    }
    size_t end = k->kind == TOKEN_NUMBER ? ordinal_percentile(t, i) : spaced_percentile(t, i, &n);
    if (end) {
        name.what = percentile_named(k->kind == TOKEN_NUMBER ? k->number : n);
        name.end = end;
    }
    return name;
}

/* --- mean and largest --- */

static const char *const means[] = {"avg", "average", "mean", NULL};
static const char *const largest[] = {"max", "maximum", NULL};
static const char *const of_response[] = {"response", "responses", "latency", "latencies", NULL};
static const char *const between_words[] = {"http", "api", "server", "request", "overall", NULL};

/* A word alone: "Avg: 200 ms", a table's cell. Else it belongs to something else. */
static bool stands_alone(const struct tokens *t, size_t i) {
    const struct token *k = token_at(t, i);
    struct hint h;
    size_t end;
    return k->kind == TOKEN_NUMBER || k->kind == TOKEN_LESS || k->kind == TOKEN_END ||
           token_is_mark(k, ':') || token_is_mark(k, '=') || token_is_mark(k, '|') ||
           token_is_mark(k, ')') ||
           ((token_is_mark(k, '(') || token_is_mark(k, '[')) && hint_at(t, i + 1, &h, &end));
}

static struct name statistic_at(const struct tokens *t, size_t i, bool response_time) {
    struct name name = {WHAT_NONE, false, {DIM_PLAIN, 1}, i + 1};
    bool mean = token_in(token_at(t, i), means), most = token_in(token_at(t, i), largest);
    if (!mean && !most)
        return name;
    size_t k = i + 1;
    if (token_is_mark(token_at(t, k), '.'))
        k++;
    while (token_in(token_at(t, k), between_words))
        k++;
    k = behind_dash(t, k);
    if (token_in(token_at(t, k), of_response)) {
        bool time = token_is(token_at(t, behind_dash(t, k + 1)), "time") ||
                    token_is(token_at(t, behind_dash(t, k + 1)), "times");
        name.end = time ? behind_dash(t, k + 1) + 1 : k + 1;
        name.what = mean ? WHAT_AVG : WHAT_MAX;
    } else if (stands_alone(t, i + 1) &&
               (mean ? response_time || i == 0 : response_time || i == 0)) {
        name.what = mean ? WHAT_AVG : WHAT_MAX;
        name.vague = true;
    }
    return name;
}

/* --- all --- */

static bool begins_clause(const struct token *before) {
    return before->kind == TOKEN_BREAK || before->kind == TOKEN_END ||
           before->kind == TOKEN_NUMBER || (before->kind == TOKEN_MARK && before->mark != '/');
}

/* Nothing before a word with many meanings turns it into another thing: "session length". */
static bool plain_vague(const struct tokens *t, size_t i) {
    for (int steps = 0; i > 0; steps++) {
        const struct token *before = token_at(t, i - 1);
        if (steps == LOOK_BACK_MAX)
            return false;
        if (begins_clause(before))
            return true;
        if (before->kind != TOKEN_DASH && !token_in(before, plain_before) &&
            model_at(t, i - 1) == PLAN_ANY)
            return false;
        i--;
    }
    return true;
}

/* Nor behind it: "load balancer", "target group". */
static bool plain_behind(const struct tokens *t, size_t end) {
    const struct token *k = token_at(t, end);
    return k->kind != TOKEN_WORD || token_in(k, words_filler) || k->kind == TOKEN_NUMBER;
}

static struct name rate_name(const struct tokens *t, size_t i) {
    struct name name = {WHAT_NONE, false, {DIM_PLAIN, 1}, i};
    if (token_at(t, i)->kind == TOKEN_WORD && hint_at(t, i, &name.hint, &name.end) &&
        name.hint.dim == DIM_RATE)
        name.what = WHAT_RPS;
    return name;
}

struct name name_at(const struct tokens *t, size_t i, bool response_time) {
    enum token_kind kind = token_at(t, i)->kind;
    if (kind != TOKEN_WORD && kind != TOKEN_NUMBER)
        return (struct name){WHAT_NONE, false, {DIM_PLAIN, 1}, i};
    struct name name = percentile_at(t, i);
    if (name.what == WHAT_NONE)
        name = statistic_at(t, i, response_time);
    if (name.what == WHAT_NONE)
        name = rate_name(t, i);
    for (size_t k = 0; k < sizeof rows / sizeof *rows && name.what == WHAT_NONE; k++) {
        size_t end = match_words(t, i, rows[k].words);
        if (end && (!rows[k].vague || (plain_vague(t, i) && plain_behind(t, end))))
            name = (struct name){rows[k].what, rows[k].vague, {DIM_PLAIN, 1}, end};
    }
    return name;
}

bool what_is_time(enum what w) { return (w >= WHAT_P50 && w <= WHAT_MAX) || w == WHAT_OTHER; }

bool tokens_have(const struct tokens *t, const char *const *words) {
    for (size_t i = 0; i < t->len; i++)
        if (token_in(token_at(t, i), words))
            return true;
    return false;
}

enum what names_first(const struct tokens *t) {
    bool response = tokens_have(t, of_response);
    for (size_t i = 0; i < t->len;) {
        struct name n = name_at(t, i, response);
        if (n.what != WHAT_NONE && !(n.vague && n.what == WHAT_URL))
            return n.what;
        i = n.what != WHAT_NONE ? n.end : i + 1;
    }
    return WHAT_NONE;
}
