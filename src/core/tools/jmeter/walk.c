#include <math.h>
#include <string.h>

#include "base/text.h"
#include "tools/jmeter/plan_parts.h"

/* What acts on the elements of a hashTree. */
struct scope {
    int owner;    /* element that the hashTree belongs to */
    int group;    /* index; -1 above all groups */
    double times; /* that they run in one iteration, on average */
    double most;  /* and in the first one */
    bool steady;  /* exactly once, and a wait there counts for nobody else */
    double delay_ms;
    const struct known *no_delay; /* a timer without a mean; NULL: none */
    const struct known *changing; /* a controller that decides at run time; NULL: none */
    int defaults;                 /* HTTP Request Defaults */
    int pre_processor, csv;
    bool in_group_itself; /* the hashTree of a group, or one above it */
};

struct walk {
    struct jmeter_plan *p;
    struct err *e;
    struct tallies tallies;
};

static bool walk_tree(struct walk *w, int tree, const struct scope *outer);

/* Step copies repeat their group: what is to be said of them was said. */
static bool is_told(const struct walk *w, const struct scope *s) {
    return s->group >= 0 && w->p->group[s->group].base >= 0;
}

/* --- what stands in a hashTree and acts on all of it --- */

static bool refuse_timer(struct walk *w, int element, const struct class *c) {
    jmx_refuse(&w->p->x, w->p->x.item[element].start, w->e,
               "%s: this timer decides the rate (or makes bursts)", c->title);
    return err_fix(w->e, "disable it first");
}

static bool is_http_defaults(const struct jmx *x, int element) {
    char gui[64];
    return jmx_attribute_text(x, element, "guiclass", gui, sizeof gui) &&
           text_ends(gui, "HttpDefaultsGui");
}

/* Each copy of a stress test would read the file from its top. */
static bool is_csv_of_group(const struct jmx *x, int element) {
    char mode[32];
    jmx_property_text(x, element, "shareMode", mode, sizeof mode);
    return strcmp(mode, "shareMode.group") == 0 || strcmp(mode, "shareMode.thread") == 0;
}

/* *reason is the room for what no_delay points to. */
static bool see_timer(struct walk *w, int element, const struct class *c, struct scope *s,
                      struct known *reason) {
    if (c->sort == SORT_DECIDES)
        return refuse_timer(w, element, c);
    if (c->sort == SORT_CAP) {
        timer_see_cap(w->p, element, s->group, s->owner);
        return true;
    }
    struct known mean = timer_mean(w->p, element, c);
    s->delay_ms += mean.value;
    if (isnan(mean.value) && !s->no_delay) {
        *reason = mean;
        s->no_delay = reason;
    }
    return true;
}

static bool see_common(struct walk *w, int tree, struct scope *s, struct known *reason) {
    const struct jmx *x = &w->p->x;
    for (int i = x->item[tree].first_child; i != JMX_NONE; i = x->item[i].next) {
        if (x->item[i].is_hash_tree || !jmeter_enabled(x, i))
            continue;
        const struct class *c = class_of(x, i);
        if (class_is_timer(c) && !see_timer(w, i, c, s, reason))
            return false;
        if (c->sort == SORT_DEFAULTS && is_http_defaults(x, i))
            s->defaults = i;
        if (c->sort == SORT_PRE_PROCESSOR)
            s->pre_processor = i;
        if (c->sort == SORT_CSV && is_csv_of_group(x, i))
            s->csv = i;
        if (c->sort == SORT_LISTENER && !is_told(w, s))
            remark_listener(w->p, i);
    }
    if (s->csv != JMX_NONE && s->group >= 0)
        w->p->group[s->group].csv = s->csv;
    return true;
}

/* --- samplers --- */

/* The first reason stays. */
static void make_unknown(struct known *k, const struct known *why) {
    if (!isnan(k->value))
        *k = *why;
}

/* Delays of one sampler, or of a Flow Control Action. */
static void add_delay(struct jmeter_thread_group *g, const struct scope *s) {
    if (s->no_delay) {
        make_unknown(&g->think_ms, s->no_delay);
        make_unknown(&g->longest_ms, s->no_delay);
    } else {
        g->longest_ms.value = g->longest_ms.most = fmax(g->longest_ms.value, s->delay_ms);
    }
    if (s->changing) {
        if (s->delay_ms > 0 || s->no_delay)
            make_unknown(&g->think_ms, s->changing);
        return;
    }
    g->think_ms.value += s->times * s->delay_ms;
    g->think_ms.most += s->most * s->delay_ms;
}

static void add_request(struct jmeter_thread_group *g, const struct scope *s) {
    if (s->changing) {
        make_unknown(&g->requests_per_iteration, s->changing);
        return;
    }
    g->requests_per_iteration.value += s->times;
    g->requests_per_iteration.most += s->most;
}

static void see_first(struct jmeter_thread_group *g, int element, const struct scope *s) {
    if (g->samplers++)
        return;
    g->first_sampler = element;
    g->first_is_steady = s->steady && !s->changing;
}

static bool see_sampler(struct walk *w, int element, const struct class *c, const struct scope *s) {
    struct jmeter_thread_group *g = &w->p->group[s->group];
    struct known no_delay, plugin;
    struct scope own = *s;
    own.owner = element;
    own.in_group_itself = false;
    int tree = jmx_tree(&w->p->x, element);
    if (tree != JMX_NONE && !see_common(w, tree, &own, &no_delay))
        return false;
    struct scope requests = own;
    if (c->sort == SORT_PLUGIN_SAMPLER && !own.changing) {
        plugin = figure_unknown(jmx_element_line(&w->p->x, element),
                                "a sampler of a plugin makes as many samples as it likes");
        requests.changing = &plugin;
    }
    see_first(g, element, s);
    add_request(g, &requests);
    add_delay(g, &own);
    if (is_told(w, s))
        return true;
    if (c->sort == SORT_HTTP_SAMPLER)
        request_see(w->p, element, s->defaults, &w->tallies);
    else if (c->sort == SORT_QUIET_SAMPLER)
        tally(&w->tallies, TALLY_QUIET, element);
    remark_label(w->p, element);
    return true;
}

/* --- Flow Control Actions --- */

enum { ACTION_STOP, ACTION_PAUSE, ACTION_STOP_NOW };

static bool see_action(struct walk *w, int element, const struct scope *s) {
    struct jmeter_plan *p = w->p;
    struct jmeter_thread_group *g = &p->group[s->group];
    struct scope own = *s;
    struct known reason, pause = {0};
    own.owner = element;
    own.in_group_itself = false;
    int tree = jmx_tree(&p->x, element);
    if (tree != JMX_NONE && !see_common(w, tree, &own, &reason))
        return false;
    if (timer_is_ours(&p->x, element)) {
        g->pacing.action = element;
        return true;
    }
    double action = figure_of(p, element, "ActionProcessor.action").value.value;
    long line = jmx_element_line(&p->x, element);
    if (action == ACTION_PAUSE) {
        pause = figure_of(p, element, "ActionProcessor.duration").value;
        own.delay_ms += pause.value;
        if (isnan(pause.value) && !own.no_delay)
            own.no_delay = &pause;
    } else if (action == ACTION_STOP || action == ACTION_STOP_NOW) {
        if (!is_told(w, s))
            remark(p, element, FINDING_WARNING, "stops-threads",
                   "A Flow Control Action stops the thread or the test: the load falls when it "
                   "runs. Disable it for a load test.");
    } else {
        struct known jump = figure_unknown(line, "a Flow Control Action ends the iteration early");
        make_unknown(&g->requests_per_iteration, &jump);
    }
    add_delay(g, &own);
    return true;
}

/* --- controllers --- */

static void run_times(struct scope *s, double times) {
    s->times *= times;
    s->most *= times;
    s->steady = s->steady && times == 1;
}

static void see_loop(struct walk *w, int element, struct scope *s, struct known *reason) {
    struct jmeter_figure loops = figure_of(w->p, element, "LoopController.loops");
    struct jmeter_figure again =
        figure_flag(w->p, element, "LoopController.continue_forever", true);
    if (loops.value.value < 0)
        *reason = figure_unknown(loops.value.line, "a Loop Controller loops for ever");
    else
        *reason = loops.value;
    if (!isnan(reason->value) && again.value.value == 0) {
        s->most *= reason->value;
        s->times = 0;
        s->steady = false;
    } else if (!isnan(reason->value)) {
        run_times(s, reason->value);
    } else if (!s->changing) {
        s->changing = reason;
    }
}

/* In percent it has a mean. */
static void see_throughput(struct walk *w, int element, struct scope *s, struct known *reason) {
    enum { BY_COUNT, BY_PERCENT };
    struct jmeter_plan *p = w->p;
    double style = figure_of(p, element, "ThroughputController.style").value.value;
    struct known percent = figure_number(p, element, "ThroughputController.percentThroughput");
    *reason = style == BY_PERCENT ? percent
                                  : figure_unknown(jmx_element_line(&p->x, element),
                                                   "a Throughput Controller runs a number of "
                                                   "times in the whole test");
    s->steady = false;
    if (isnan(reason->value)) {
        if (!s->changing)
            s->changing = reason;
        return;
    }
    s->times *= fmin(fmax(percent.value, 0), 100) / 100;
    if (!is_told(w, s))
        tally(&w->tallies, TALLY_PERCENT, element);
}

static void see_transaction(struct walk *w, int element, struct scope *s) {
    struct jmeter_figure timed =
        figure_flag(w->p, element, "TransactionController.includeTimers", true);
    struct jmeter_figure parent = figure_flag(w->p, element, "TransactionController.parent", false);
    s->steady = s->steady && timed.value.value == 0;
    if (!is_told(w, s))
        tally(&w->tallies, parent.value.value == 1 ? TALLY_PARENTS : TALLY_TRANSACTIONS, element);
}

static void see_changing(struct walk *w, int element, const struct class *c, struct scope *s,
                         struct known *reason) {
    long line = jmx_element_line(&w->p->x, element);
    s->steady = false;
    if (s->changing)
        return;
    *reason = figure_unknown(line, "%s: how often what is below it runs is decided at run time",
                             c->title);
    s->changing = reason;
}

/* What it runs is not below it: a sampler that is not known. */
static void see_elsewhere(struct walk *w, int element, const struct class *c,
                          const struct scope *s) {
    struct jmeter_thread_group *g = &w->p->group[s->group];
    struct known why =
        figure_unknown(jmx_element_line(&w->p->x, element), "%s: they are in another %s", c->title,
                       text_starts(c->name, "Include") ? "file" : "place");
    struct scope own = *s;
    own.changing = &why;
    see_first(g, element, &own);
    make_unknown(&g->requests_per_iteration, &why);
    make_unknown(&g->think_ms, &why);
}

static bool see_controller(struct walk *w, int element, const struct class *c,
                           const struct scope *outer) {
    struct scope s = *outer;
    struct known reason;
    int tree = jmx_tree(&w->p->x, element);
    s.owner = element;
    s.in_group_itself = false;
    if (tree == JMX_NONE)
        return true;
    if (c->sort == SORT_TRANSACTION) {
        see_transaction(w, element, &s);
    } else if (c->sort == SORT_CRITICAL) {
        s.steady = false; /* a wait would hold the lock */
        if (!is_told(w, &s))
            tally(&w->tallies, TALLY_CRITICAL, element);
    } else if (c->sort == SORT_LOOP) {
        see_loop(w, element, &s, &reason);
    } else if (c->sort == SORT_ONCE_ONLY) {
        s.times = 0;
        s.steady = false;
        if (!is_told(w, &s))
            tally(&w->tallies, TALLY_ONCE_ONLY, element);
    } else if (c->sort == SORT_THROUGHPUT_CONTROLLER) {
        see_throughput(w, element, &s, &reason);
    } else if (c->sort != SORT_TRANSPARENT) {
        see_changing(w, element, c, &s, &reason);
    }
    return walk_tree(w, tree, &s);
}

/* --- thread groups --- */

static int group_index(const struct jmeter_plan *p, int element) {
    size_t low = 0, high = p->groups;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (p->group[middle].element <= element)
            low = middle;
        else
            high = middle;
    }
    return (int)low;
}

static bool see_group(struct walk *w, int element, const struct scope *outer) {
    struct scope s = *outer;
    s.owner = element;
    s.group = group_index(w->p, element);
    s.times = s.most = 1;
    s.steady = true;
    s.changing = NULL;
    s.in_group_itself = true;
    const struct jmeter_thread_group *g = &w->p->group[s.group];
    if (g->base < 0)
        remark_group(w->p, g);
    return g->tree == JMX_NONE || walk_tree(w, g->tree, &s);
}

/* --- all of it --- */

static bool see_element(struct walk *w, int element, const struct scope *s) {
    const struct class *c = class_of(&w->p->x, element);
    if (c->sort == SORT_GROUP)
        return see_group(w, element, s);
    if (s->group < 0)
        return true;
    if (class_is_sampler(c))
        return see_sampler(w, element, c, s);
    if (c->sort == SORT_ACTION)
        return see_action(w, element, s);
    if (c->sort == SORT_ELSEWHERE) {
        see_elsewhere(w, element, c, s);
        return true;
    }
    if (c->sort == SORT_UNKNOWN && !is_told(w, s))
        tally(&w->tallies, TALLY_UNKNOWN, element);
    return !class_has_samplers(c) || see_controller(w, element, c, s);
}

static void note_level(struct jmeter_thread_group *g, const struct scope *s) {
    g->wide_ms = s->no_delay ? *s->no_delay : figure_known(s->delay_ms, g->wide_ms.line);
    g->pre_processor = s->pre_processor;
}

static bool walk_tree(struct walk *w, int tree, const struct scope *outer) {
    const struct jmx *x = &w->p->x;
    struct scope s = *outer;
    struct known reason;
    if (!see_common(w, tree, &s, &reason))
        return false;
    if (s.in_group_itself && s.group >= 0)
        note_level(&w->p->group[s.group], &s);
    for (int i = x->item[tree].first_child; i != JMX_NONE; i = x->item[i].next)
        if (!x->item[i].is_hash_tree && jmeter_enabled(x, i) && !see_element(w, i, &s))
            return false;
    return true;
}

bool walk_plan(struct jmeter_plan *p, struct err *e) {
    struct walk w = {.p = p, .e = e};
    const struct scope top = {.owner = p->plan,
                              .group = -1,
                              .times = 1,
                              .most = 1,
                              .defaults = JMX_NONE,
                              .pre_processor = JMX_NONE,
                              .csv = JMX_NONE,
                              .in_group_itself = true};
    if (!walk_tree(&w, p->tree, &top))
        return false;
    remark_tallies(p, &w.tallies);
    return true;
}
