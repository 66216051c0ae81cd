#include "plan/plan_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum direction { NO_OP, AT_MOST, AT_LEAST };
enum { SCOPE_LOOK_BACK = 200 };

/* What is known at one place of a unit. */
struct matcher {
    struct reader_state *r;
    const struct context *base;
    const struct tokens *t;
    size_t from, to;   /* the sentence */
    struct name name;  /* waits for its value; WHAT_NONE: no name does */
    struct hint hint;  /* unit that the heading or a bracket names */
    enum direction op; /* direction of the limit, just before a value */
    bool negated;
    bool strange;          /* words that nobody knows stand between name and value */
    bool shared;           /* two names wait for one value */
    bool foreign;          /* the clause speaks of something else */
    bool phase;            /* ... or of the way to the load: ramps, steps */
    bool measured;         /* of what was, not of what shall be */
    bool wanted;           /* "target", "expected": this clause is a goal */
    bool rate_seen;        /* "120 req/s for 8h" */
    bool response;         /* the sentence speaks of response times */
    bool statistic;        /* ... and names one */
    bool script;           /* it says baseline or script */
    enum plan_scope model; /* the only one of the sentence */
    int models;
    char endpoint[256]; /* the only one of the sentence */
    int endpoints;
};

/* --- words between a name and its value --- */

static const char *const upper_words[] = {"under", "below", "less",    "lower", "fewer",  "within",
                                          "most",  "max",   "maximum", "up",    "faster", NULL};
static const char *const lower_words[] = {"above",  "over",    "more", "greater", "higher", "least",
                                          "exceed", "exceeds", "min",  "minimum", "beyond", NULL};
static const char *const negations[] = {"not", "no", "never", "cannot", NULL};
static const char *const wanted_words[] = {"target", "expected", "expect", "peak", "required",
                                           "goal",   "sustain",  "want",   NULL};
static const char *const script_words[] = {"baseline", "script", NULL};
static const char *const response_words[] = {"response", "responses", "latency", "latencies", NULL};

static enum direction word_direction(const struct token *t) {
    if (t->kind == TOKEN_LESS || token_in(t, upper_words))
        return AT_MOST;
    if (t->kind == TOKEN_MORE || token_in(t, lower_words))
        return AT_LEAST;
    return NO_OP;
}

static void turn(struct matcher *m, enum direction d) {
    if (m->negated)
        d = d == AT_MOST ? AT_LEAST : AT_MOST;
    m->op = d;
    m->negated = false;
}

static void forget_name(struct matcher *m) {
    m->name.what = WHAT_NONE;
    m->strange = m->shared = false;
    m->hint = m->base->hint;
}

static void forget_clause(struct matcher *m) {
    m->op = NO_OP;
    m->negated = m->foreign = m->phase = m->wanted = false;
}

/* --- scope --- */

/* Model and endpoint of a value: the only ones of the sentence, else the last ones named before it.
 * false: several are named and all of them behind it. */
static bool scope_for(const struct matcher *m, size_t at, struct context *c) {
    *c = *m->base;
    if (m->models == 1)
        c->scope = m->model;
    if (m->endpoints == 1)
        snprintf(c->endpoint, sizeof c->endpoint, "%s", m->endpoint);
    bool model = m->models <= 1, path = m->endpoints <= 1;
    for (size_t i = at; i > m->from && at - i < SCOPE_LOOK_BACK && !(model && path); i--) {
        enum plan_scope s = model_at(m->t, i - 1);
        if (!model && s != PLAN_ANY) {
            c->scope = s;
            model = true;
        }
        if (!path && endpoint_at(m->t, i - 1, c->endpoint, sizeof c->endpoint))
            path = true;
    }
    return model && path;
}

/* --- a value for a name --- */

static enum plan_key key_of(const struct matcher *m) {
    switch (m->name.what) {
    case WHAT_P50:
        return PLAN_P50_MS;
    case WHAT_P90:
        return PLAN_P90_MS;
    case WHAT_P95:
        return PLAN_P95_MS;
    case WHAT_P99:
        return PLAN_P99_MS;
    case WHAT_AVG:
        return m->op == AT_MOST || (m->base->goal && !m->measured) ? PLAN_AVG_LIMIT_MS
                                                                   : PLAN_AVG_RESPONSE_MS;
    case WHAT_MAX:
        return PLAN_MAX_MS;
    case WHAT_DURATION:
        return PLAN_DURATION_S;
    case WHAT_RPS:
        return PLAN_TARGET_RPS;
    case WHAT_MEMORY:
        return PLAN_MEMORY_MB;
    default:
        return PLAN_ERROR_RATE;
    }
}

static enum dim dim_of(enum what w) {
    return w == WHAT_RPS                          ? DIM_RATE
           : w == WHAT_ERROR || w == WHAT_SUCCESS ? DIM_SHARE
           : w == WHAT_MEMORY                     ? DIM_SIZE
           : w == WHAT_URL                        ? DIM_OTHER
                                                  : DIM_TIME;
}

static void refuse(struct matcher *m, const char *kind, enum plan_key key, size_t at, size_t end,
                   const char *why) {
    const struct token *a = token_at(m->t, at), *b = token_at(m->t, end - 1);
    bool one_text = b->s >= a->s && a->line == b->line && b->s - a->s < 60;
    keep_note(m->r, FINDING_WARNING, kind, a->line, "%s: \"%.*s\" %s; not taken", key_title(key),
              one_text ? (int)(b->s + b->len - a->s) : (int)(a->len < 60 ? a->len : 60), a->s, why);
}

/* A share without a percent sign is plain only where it cannot be meant as percent. */
static bool plain_share(const struct matcher *m, double n) {
    bool success = m->name.what == WHAT_SUCCESS;
    return n == 0 ? !success : success ? n > 0.9 && n < 1 : n < 0.1;
}

/* Ends a sentence part in which a plain number can stand for a rate: "Target RPS: 100". */
static bool ends_plain(const struct token *t) {
    return t->kind != TOKEN_WORD || token_is(t, "and") || token_is(t, "for") ||
           token_is(t, "with") || token_is(t, "at") || token_is(t, "over") || token_is(t, "during");
}

/* Turns a plain number into the figure's unit. false: it may not be taken. */
static bool plain_to_unit(struct matcher *m, struct value *v, size_t at) {
    enum dim dim = dim_of(m->name.what);
    if (m->strange || !ends_plain(token_at(m->t, v->end)))
        return false;
    if (m->hint.dim == dim) {
        v->n *= m->hint.scale;
    } else if (dim == DIM_RATE) {
        v->n *= m->name.hint.dim == DIM_RATE ? m->name.hint.scale : 1;
    } else if (dim == DIM_TIME || dim == DIM_SIZE) {
        refuse(m, "plan-unit", key_of(m), at, v->end, "has no unit");
        return false;
    } else if (v->n >= 0 && !plain_share(m, v->n)) {
        refuse(m, "plan-unit", PLAN_ERROR_RATE, at, v->end, "may be a share or percent");
        return false;
    }
    v->dim = dim;
    return true;
}

static bool wrong_direction(const struct matcher *m) {
    bool at_least = m->name.what == WHAT_RPS || m->name.what == WHAT_SUCCESS;
    if (m->name.what == WHAT_DURATION)
        return false;
    return m->op == (at_least ? AT_MOST : AT_LEAST);
}

/* "5 min ramp-up" is not the hold. */
static bool belongs_elsewhere(const struct matcher *m, size_t end) {
    const struct token *k = token_at(m->t, end);
    if (k->kind == TOKEN_DASH || token_is(k, "of"))
        k = token_at(m->t, end + 1);
    return token_in(k, words_foreign) || token_in(k, words_phase);
}

/* Of "99.9 %": 0.001, without the dust of the subtraction. */
static double failed_share(double success) { return round((1 - success) * 1e12) / 1e12; }

static void take(struct matcher *m, struct value v, size_t at) {
    enum plan_key key = key_of(m);
    struct context c;
    bool measured = m->measured || m->base->measured;
    if (m->name.what == WHAT_OTHER || (measured && m->name.what != WHAT_AVG))
        return;
    if (measured)
        key = PLAN_AVG_RESPONSE_MS;
    if (v.range || v.doubtful || v.bad) {
        refuse(m, "plan-number", key, at, v.end,
               v.range      ? "is a range"
               : v.doubtful ? "can be read in two ways"
                            : "is not a plain number");
        return;
    }
    if (m->shared) {
        refuse(m, "plan-shared", key, at, v.end, "stands behind two names");
        return;
    }
    if (wrong_direction(m)) {
        refuse(m, "plan-direction", key, at, v.end,
               key == PLAN_TARGET_RPS ? "is a ceiling, no target" : "is no upper limit");
        return;
    }
    if (!scope_for(m, at, &c)) {
        refuse(m, "plan-scope", key, at, v.end, "may belong to several");
        return;
    }
    double n = key == PLAN_DURATION_S ? v.n / 1000 : v.n;
    keep_value(m->r, &c, key, m->name.what == WHAT_SUCCESS ? failed_share(n) : n,
               token_at(m->t, at)->line);
}

/* A value for the name that waits: true when it was for it, taken or not. */
static bool give(struct matcher *m, struct value *v, size_t at) {
    enum what w = m->name.what;
    if (w == WHAT_NONE || w == WHAT_URL || m->foreign || m->phase)
        return false;
    if (v->dim == DIM_PLAIN && !plain_to_unit(m, v, at))
        return true;
    if (v->dim != dim_of(w))
        return false;
    if (m->strange && m->op == NO_OP)
        return false;
    if (!belongs_elsewhere(m, v->end))
        take(m, *v, at);
    return true;
}

/* A rate says itself what it is, "120 req/s"; a time behind it with "for" is the hold. */
static void give_unnamed(struct matcher *m, struct value *v, size_t at) {
    struct name was = m->name;
    bool strange = m->strange, shared = m->shared;
    m->strange = m->shared = false;
    bool elsewhere = (m->phase || belongs_elsewhere(m, v->end)) && !m->wanted;
    if (v->dim == DIM_RATE && !elsewhere && m->op != AT_MOST) {
        m->name.what = WHAT_RPS;
        take(m, *v, at);
        m->rate_seen = true;
    } else if (v->dim == DIM_TIME && m->rate_seen && at > 0 && !belongs_elsewhere(m, v->end) &&
               token_is(token_at(m->t, at - 1), "for")) {
        m->name.what = WHAT_DURATION;
        take(m, *v, at);
    } else if (v->dim == DIM_TIME && m->response && !m->statistic && !m->foreign && !m->measured &&
               !m->base->measured) {
        keep_note(m->r, FINDING_INFO, "plan-statistic", token_at(m->t, at)->line,
                  "a response time without a percentile; not taken");
    }
    m->name = was;
    m->strange = strange;
    m->shared = shared;
}

/* --- one token after the other --- */

static const char *const status_class[] = {"xx", "x", NULL};

static size_t read_number(struct matcher *m, size_t i) {
    struct value v = value_at(m->t, i);
    if (give(m, &v, i)) {
        m->rate_seen |= m->name.what == WHAT_RPS;
        forget_name(m);
    } else {
        give_unnamed(m, &v, i);
    }
    forget_clause(m);
    m->measured = false;
    m->foreign = token_in(token_at(m->t, i + 1), status_class); /* 5xx is not all errors */
    return v.end;
}

static void read_name(struct matcher *m, const struct name *name) {
    bool waiting = m->name.what != WHAT_NONE && m->name.what != WHAT_URL;
    if (waiting && name->vague)
        return;
    bool shared = waiting && what_is_time(name->what) && what_is_time(m->name.what) &&
                  name->what != m->name.what;
    m->wanted |= token_is(token_at(m->t, name->end - 1), "target");
    forget_name(m);
    m->shared = shared;
    m->name = *name;
    if (name->what == WHAT_MAX)
        m->op = AT_MOST;
}

static void read_tool(struct matcher *m, const struct token *k) {
    static const char *const tools[] = {"k6", "locust", "jmeter"};
    for (size_t i = 0; i < sizeof tools / sizeof *tools; i++)
        if (token_is(k, tools[i]))
            keep_tool(m->r, tools[i], k->line);
}

/* A unit in brackets, "p95 (ms)", is for plain numbers that follow. true when one stands here. */
static bool read_hint(struct matcher *m, size_t i, size_t *end) {
    const struct token *k = token_at(m->t, i), *before = i > 0 ? token_at(m->t, i - 1) : NULL;
    struct hint h;
    bool apart = before && (before->kind == TOKEN_DASH || token_is_mark(before, '(') ||
                            token_is_mark(before, '[') || token_is_mark(before, ',') ||
                            token_is(before, "in"));
    if (m->name.what == WHAT_NONE || !(apart || token_is_mark(k, '%')) ||
        !hint_at(m->t, i, &h, end) || h.dim != dim_of(m->name.what))
        return false;
    m->hint = h;
    return true;
}

static void read_word(struct matcher *m, const struct token *k) {
    enum direction d = word_direction(k);
    read_tool(m, k);
    if (token_in(k, wanted_words)) {
        m->wanted = true;
        m->measured = false;
    }
    m->measured |= token_in(k, words_measured);
    if (token_in(k, negations)) {
        m->negated = true;
    } else if (token_in(k, words_foreign) || token_in(k, words_phase)) {
        m->foreign |= token_in(k, words_foreign);
        m->phase |= token_in(k, words_phase);
        forget_name(m);
    } else if (d != NO_OP) {
        turn(m, d);
    } else if (!token_in(k, words_filler) && !token_in(k, words_methods) &&
               model_at(m->t, (size_t)(k - m->t->item)) == PLAN_ANY) {
        m->strange = true;
        m->op = NO_OP;
    }
}

/* A comma or a semicolon begins a clause; "rate limit" is no target. */
static void read_mark(struct matcher *m, const struct token *k) {
    if (k->mark == ',' || k->mark == ';') {
        forget_clause(m);
        m->measured &= k->mark == ',';
    } else if (k->kind == TOKEN_BREAK && m->strange) {
        forget_name(m);
    } else if (k->kind != TOKEN_BREAK && k->mark && !strchr(":=()[]~|/&*\"'.?#", k->mark)) {
        m->strange = true;
    }
}

static bool is_rate_limit(const struct tokens *t, size_t i) {
    return token_is(token_at(t, i), "rate") &&
           (token_is(token_at(t, i + 1), "limit") || token_is(token_at(t, i + 1), "limits") ||
            token_is(token_at(t, i + 1), "limiting"));
}

static void read_file(struct matcher *m, const struct token *k) {
    if (m->script || strncmp(k->s, "baseline_", 9) == 0 || strncmp(k->s, "locustfile", 10) == 0)
        keep_baseline(m->r, k->s, k->len, k->line);
}

static size_t read_token(struct matcher *m, size_t i) {
    const struct token *k = token_at(m->t, i);
    size_t end = i + 1;
    struct name name = name_at(m->t, i, m->response);
    if (name.what != WHAT_NONE && name.end <= m->to) {
        read_name(m, &name);
        return name.end;
    }
    if (k->kind == TOKEN_NUMBER)
        return read_number(m, i);
    if (read_hint(m, i, &end))
        return end;
    if (k->kind == TOKEN_URL) {
        if (m->name.what == WHAT_URL && !m->strange)
            keep_url(m->r, k->s, k->len, k->line);
        forget_name(m);
    } else if (k->kind == TOKEN_FILE) {
        read_file(m, k);
    } else if (k->kind == TOKEN_LESS || k->kind == TOKEN_MORE) {
        turn(m, word_direction(k));
    } else if (k->kind == TOKEN_WORD) {
        m->phase |= is_rate_limit(m->t, i);
        read_word(m, k);
    } else if (k->kind == TOKEN_MARK || k->kind == TOKEN_BREAK) {
        read_mark(m, k);
    }
    return end;
}

/* --- sentences --- */

static bool key_and_colon(const struct tokens *t, size_t i) {
    for (size_t k = i; k < i + 6; k++) {
        if (token_is_mark(token_at(t, k), ':'))
            return k > i;
        if (token_at(t, k)->kind != TOKEN_WORD && token_at(t, k)->kind != TOKEN_DASH)
            return false;
    }
    return false;
}

/* The next line begins with a name of its own: then it is no continuation of this one. */
static bool new_unit(const struct tokens *t, size_t i) {
    static const char *const before_name[] = {"target", "expected", "peak", "required", "max",
                                              "min",    "maximum",  "the",  "test",     NULL};
    const struct token *before = i > 0 ? token_at(t, i - 1) : NULL;
    if (!before || before->kind == TOKEN_NUMBER)
        return false;
    size_t k = i + 1;
    if (key_and_colon(t, k))
        return true;
    if (name_at(t, k, true).what != WHAT_NONE)
        return true;
    return token_in(token_at(t, k), before_name) && name_at(t, k + 1, true).what != WHAT_NONE;
}

static size_t sentence_end(const struct tokens *t, size_t from) {
    size_t i = from;
    for (; i < t->len; i++) {
        enum token_kind kind = token_at(t, i)->kind;
        if (kind == TOKEN_END || (kind == TOKEN_BREAK && new_unit(t, i)))
            break;
    }
    return i;
}

static void match_sentence(struct matcher *m) {
    m->model = models_in(m->t, m->from, m->to, &m->models);
    endpoint_in(m->t, m->from, m->to, m->endpoint, sizeof m->endpoint, &m->endpoints);
    for (size_t i = m->from; i < m->to; i++) {
        const struct token *k = token_at(m->t, i);
        m->response |= token_in(k, response_words);
        m->script |= token_in(k, script_words);
        struct name n = name_at(m->t, i, true);
        m->statistic |= what_is_time(n.what);
    }
    for (size_t i = m->from; i < m->to;)
        i = read_token(m, i);
}

void match_tokens(struct reader_state *r, const struct context *c, const struct tokens *t) {
    for (size_t from = 0; from < t->len;) {
        struct matcher m = {.r = r, .base = c, .t = t, .from = from, .hint = c->hint};
        m.to = sentence_end(t, from);
        match_sentence(&m);
        from = m.to + 1;
    }
}
