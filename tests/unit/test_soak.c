#include "soak/soak.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct rules rules;
static struct trend found;

static int load_rules(void **state) {
    (void)state;
    return rules_load(&rules, NULL, NULL) ? 0 : -1;
}

static void judge(const struct moment *at, size_t n, const struct soak_options *o) {
    soak_trend(at, n, o, &found);
}

static struct soak_options options(int column) {
    return (struct soak_options){.rules = &rules.soak[column], .limit = NAN, .reference = NAN};
}

static void expect_near(const char *what, double got, double want, double relative) {
    if (isnan(got) || fabs(got - want) > relative * fabs(want) + 1e-6)
        fail_msg("%s: %.9g instead of %.9g", what, got, want);
}

/* Where in the word list of a JSON array. */
static bool among(const cJSON *list, const char *word) {
    const cJSON *item;
    cJSON_ArrayForEach(item, list) if (strcmp(item->valuestring, word) == 0) return true;
    return false;
}

/* --- the samples --- */

enum { FIXTURE_MOMENTS = 1000 };

struct fixture {
    struct moment memory[FIXTURE_MOMENTS], latency[FIXTURE_MOMENTS];
    size_t n;
};

static void read_fixture(const char *name, struct fixture *f) {
    char path[512], line[256];
    snprintf(path, sizeof path, TEST_DATA "/series/soak/%s.csv", name);
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    assert_non_null(fgets(line, sizeof line, in));
    f->n = 0;
    while (fgets(line, sizeof line, in)) {
        double v[3];
        assert_true(f->n < FIXTURE_MOMENTS);
        char *p = line;
        for (int i = 0; i < 3; i++, p++)
            v[i] = strtod(p, &p);
        f->memory[f->n] = (struct moment){v[0], v[1]};
        f->latency[f->n++] = (struct moment){v[0], v[2]};
    }
    fclose(in);
}

static double hours_of_limit(const struct trend *t, int which) {
    return which < 0 ? t->hours_low : which > 0 ? t->hours_high : t->hours_to_limit;
}

/* Every number that the reference has; returns how many there were. */
static int expect_reference(const char *what, const cJSON *want) {
    const struct {
        const char *name;
        double got;
    } all[] = {
        {"n", (double)found.samples},
        {"drops", (double)found.resets},
        {"blocks", (double)found.blocks},
        {"hours", found.hours},
        {"S", found.s},
        {"varS", found.variance},
        {"z", found.z},
        {"p", found.p},
        {"slope_per_h", found.slope},
        {"slope_lo", found.low},
        {"slope_hi", found.high},
        {"level", found.level},
        {"rise", found.rise},
        {"none_above_per_h", found.none_above},
        {"tail_ratio", found.tail_ratio},
        {"tail_slope_per_h", found.tail_slope},
        {"level_end", found.level_end},
        {"step_block", found.step_block},
        {"ttl_h", hours_of_limit(&found, 0)},
        {"ttl_h_lo", hours_of_limit(&found, -1)},
        {"ttl_h_hi", hours_of_limit(&found, 1)},
    };
    int numbers = 0;
    for (size_t i = 0; i < COUNT(all); i++) {
        const cJSON *number = cJSON_GetObjectItemCaseSensitive(want, all[i].name);
        if (!number)
            continue;
        char label[96];
        snprintf(label, sizeof label, "%s %s", what, all[i].name);
        expect_near(label, all[i].got, number->valuedouble, 1e-4);
        numbers++;
    }
    const cJSON *bic = cJSON_GetObjectItemCaseSensitive(want, "bic");
    for (int s = 0; bic && s < SHAPES; s++, numbers++) {
        const cJSON *number =
            cJSON_GetObjectItemCaseSensitive(bic, soak_shape_name((enum soak_shape)s));
        expect_near(what, found.bic[s], number->valuedouble, 1e-4);
    }
    return numbers;
}

static void expect_words(const char *what, const cJSON *want) {
    const cJSON *verdict = cJSON_GetObjectItemCaseSensitive(want, "verdict");
    const cJSON *why = cJSON_GetObjectItemCaseSensitive(want, "why");
    const cJSON *model = cJSON_GetObjectItemCaseSensitive(want, "model");
    if (strcmp(soak_verdict_name(found.verdict), verdict->valuestring) != 0)
        fail_msg("%s: %s", what, soak_verdict_name(found.verdict));
    if (why && strncmp(found.why, why->valuestring, strlen(why->valuestring)) != 0)
        fail_msg("%s: why is \"%s\"", what, found.why);
    if (model)
        assert_string_equal(soak_shape_name(found.shape), model->valuestring);
    else
        assert_true(isnan(found.bic[SHAPE_FLAT]) && isnan(found.tail_ratio));
}

static void expect_truth(const char *series, const cJSON *truth) {
    bool memory = strcmp(series, "memory") == 0;
    const cJSON *answers = cJSON_GetObjectItemCaseSensitive(truth, "answer");
    const cJSON *accept =
        cJSON_GetObjectItemCaseSensitive(truth, memory ? "accept" : "accept_latency");
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(answers, series);
    assert_true(among(list, soak_answer_name(found.answer)));
    if (accept)
        assert_true(among(accept, soak_verdict_name(found.verdict)));
    else
        assert_string_equal(cJSON_GetObjectItemCaseSensitive(truth, series)->valuestring,
                            soak_verdict_name(found.verdict));
}

static cJSON *read_expected(void) {
    size_t len;
    char *text = file_read(TEST_DATA "/series/soak/expected.json", 1 << 20, &len, NULL);
    assert_non_null(text);
    cJSON *all = cJSON_Parse(text);
    free(text);
    assert_non_null(all);
    return all;
}

static void references(void **state) {
    (void)state;
    cJSON *all = read_expected();
    const cJSON *one;
    int numbers = 0, series = 0;
    cJSON_ArrayForEach(one, cJSON_GetObjectItemCaseSensitive(all, "fixtures")) {
        static struct fixture f;
        const cJSON *limit = cJSON_GetObjectItemCaseSensitive(one, "limit_mb"), *want;
        read_fixture(one->string, &f);
        cJSON_ArrayForEach(want, cJSON_GetObjectItemCaseSensitive(one, "reference")) {
            bool memory = strcmp(want->string, "memory") == 0;
            struct soak_options o = options(memory ? SOAK_MEMORY : SOAK_LATENCY);
            if (memory && cJSON_IsNumber(limit))
                o.limit = limit->valuedouble;
            judge(memory ? f.memory : f.latency, f.n, &o);
            numbers += expect_reference(one->string, want);
            expect_words(one->string, want);
            expect_truth(want->string, cJSON_GetObjectItemCaseSensitive(one, "truth"));
            series++;
        }
    }
    cJSON_Delete(all);
    assert_int_equal(series, 20);
    assert_true(numbers > 280);
}

/* --- the worked numbers --- */

/* One value per block of 600 s: the first and the last sample lie on the ends of the time. */
static void judge_blocks(const double *value, size_t n) {
    struct moment at[16];
    struct soak_rules r = rules.soak[SOAK_MEMORY];
    struct soak_options o = options(SOAK_MEMORY);
    for (size_t i = 0; i < n; i++)
        at[i] = (struct moment){600.0 * (double)i + 300, value[i]};
    at[0].t_s = 0;
    at[n - 1].t_s = 600.0 * (double)n;
    r.warm_up = 0;
    r.gc_cycles_per_block = NAN;
    r.samples_least = r.blocks = (double)n;
    o.rules = &r;
    judge(at, n, &o);
    assert_int_equal(found.blocks, n);
    for (size_t i = 0; i < n; i++) {
        assert_true(found.block[i] == value[i]);
        expect_near("middle", found.block_s[i], 600.0 * (double)i + 300, 1e-12);
    }
}

static void worked_numbers(void **state) {
    (void)state;
    judge_blocks((const double[]){500, 503, 501, 506, 507, 505, 510, 512, 511, 516}, 10);
    assert_true(found.s == 37 && found.variance == 125);
    expect_near("z", found.z, 3.219938, 1e-6);
    expect_near("p", found.p, 0.000641, 1e-3);
    expect_near("slope", found.slope, 10, 1e-9);
    expect_near("low", found.low, 6.857143, 1e-6);
    expect_near("high", found.high, 12, 1e-9);

    judge_blocks((const double[]){500, 503, 501, 503, 507, 505, 503, 512, 511, 507}, 10);
    assert_true(found.s == 27);
    expect_near("variance with ties", found.variance, 120.333333, 1e-8);
    expect_near("z with ties", found.z, 2.370175, 1e-6);
}

/* Why 8 blocks are the fewest: a steady climb of 6 reaches no smaller p than 0.0043. */
static void smallest_p(void **state) {
    (void)state;
    static const struct {
        size_t blocks;
        double p;
    } cases[] = {{6, 0.0043}, {7, 0.0013}, {8, 0.00042}};
    struct soak_rules *r = &rules.soak[SOAK_MEMORY];
    double least = r->blocks_least;
    r->blocks_least = 3;
    for (size_t i = 0; i < COUNT(cases); i++) {
        judge_blocks((const double[]){1, 2, 3, 4, 5, 6, 7, 8}, cases[i].blocks);
        expect_near("p", found.p, cases[i].p, 0.03);
    }
    r->blocks_least = least;
}

/* --- series made here --- */

enum { MADE = 480 };
static const double NOISE = 0.01; /* of the value, to each side */

static uint32_t seed;

/* Even noise of -1 to 1, the same on every machine. */
static double noise(void) {
    seed = seed * 1664525u + 1013904223u;
    return (double)(seed >> 8) / (double)(1 << 23) - 1;
}

/* Shares of 500 at the place u (0 to 1) of the run. */
static double flat(double u) { return 1 + 0 * u; }
static double climb(double u) { return 1 + 0.4 * u; }
static double fall(double u) { return 1 - 0.4 * u; }
static double creep(double u) { return 1 + 0.04 * u; }
static double late(double u) { return 1 + 0.5 * fmax(u - 0.6, 0); }
static double step(double u) { return u < 0.6 ? 1 : 1.15; }
static double step_down(double u) { return u < 0.6 ? 1 : 0.85; }
static double levels_off(double u) { return 1 + fmin(u, 0.55); }
static double fills(double u) { return 1 + 0.6 * (1 - exp(-u / 0.4)); }
static double cycles_37(double u) { return 1 + 0.3 * fmod(u * 37, 1); }
static double cycles_12(double u) { return 1 + 0.5 * fmod(u * 12, 1); }
static double cycles_leak(double u) { return cycles_37(u) + 0.3 * u; }

static struct moment made[MADE]; /* 8 hours, one value a minute */

static void make(double (*shape)(double), double unit) {
    seed = 1;
    for (int i = 0; i < MADE; i++) {
        double u = i / (MADE - 1.0);
        made[i] = (struct moment){60.0 * i, unit * (shape(u) + NOISE * noise())};
    }
}

static void shapes_of_memory(void **state) {
    (void)state;
    static const struct {
        double (*shape)(double);
        bool falling;
        enum soak_answer answer;
        enum soak_verdict verdict;
        const char *why; /* how it begins */
    } cases[] = {
        {flat, false, SOAK_NONE_FOUND, SOAK_STABLE, "no significant rise"},
        {flat, true, SOAK_NONE_FOUND, SOAK_STABLE, "no significant fall"},
        {fall, false, SOAK_NONE_FOUND, SOAK_STABLE, "no significant rise"},
        {climb, true, SOAK_NONE_FOUND, SOAK_STABLE, "no significant fall"},
        {creep, false, SOAK_NONE_FOUND, SOAK_STABLE, "rise below the effect limit"},
        {climb, false, SOAK_DRIFT, SOAK_LEAK, "grows"},
        {fall, true, SOAK_DRIFT, SOAK_LEAK, "falls"},
        {late, false, SOAK_DRIFT, SOAK_LEAK, "grows"},
        {step, false, SOAK_CANNOT_TELL, SOAK_STEP, "one step up"},
        {step_down, true, SOAK_CANNOT_TELL, SOAK_STEP, "one step down"},
        {levels_off, false, SOAK_CANNOT_TELL, SOAK_PLATEAU, "grew, then levelled off"},
        {fills, false, SOAK_DRIFT, SOAK_SLOWING, "grows, slower in the second half"},
        {cycles_37, false, SOAK_NONE_FOUND, SOAK_STABLE, "no significant rise"},
        {cycles_leak, false, SOAK_DRIFT, SOAK_LEAK, "grows"},
        {cycles_12, false, SOAK_CANNOT_TELL, SOAK_INSUFFICIENT,
         "run shorter than 8 blocks of 1.5 GC cycles: 10."},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct soak_options o = options(SOAK_MEMORY);
        o.falling = cases[i].falling;
        make(cases[i].shape, 500);
        judge(made, MADE, &o);
        if (found.verdict != cases[i].verdict || found.answer != cases[i].answer ||
            strncmp(found.why, cases[i].why, strlen(cases[i].why)) != 0)
            fail_msg("case %zu: %s, %s: %s", i, soak_answer_name(found.answer),
                     soak_verdict_name(found.verdict), found.why);
        if (found.answer == SOAK_CANNOT_TELL)
            assert_non_null(strstr(found.why, "would tell"));
    }
}

/* A fall of a series is a rise of its mirror: same score, slopes in the sign of the values. */
static void mirror(void **state) {
    (void)state;
    struct soak_options up = options(SOAK_LATENCY), down = up;
    down.falling = true;
    make(fall, 100);
    judge(made, MADE, &down);
    struct trend as_given = found;
    assert_int_equal(as_given.verdict, SOAK_LEAK);
    assert_true(as_given.low <= as_given.slope && as_given.slope <= as_given.high);
    expect_near("slope", as_given.slope, -5, 0.02);
    expect_near("level", as_given.level, 76, 0.02);
    expect_near("rise", as_given.rise, 0.4, 0.05);
    expect_near("first", as_given.first, 90, 0.02);
    expect_near("last", as_given.last, 62, 0.02);
    assert_true(as_given.none_above > 0);
    for (int i = 0; i < MADE; i++)
        made[i].value = 1000 - made[i].value;
    judge(made, MADE, &up);
    assert_true(found.s == as_given.s && found.p == as_given.p);
    expect_near("slope of the mirror", found.slope, -as_given.slope, 1e-9);
    expect_near("low of the mirror", found.low, -as_given.high, 1e-9);
    expect_near("block of the mirror", found.block[0], 1000 - as_given.block[0], 1e-9);
}

/* --- edges --- */

static void not_measured(void **state) {
    (void)state;
    static const struct moment nothing[] = {{0, NAN}, {NAN, 500}, {60, INFINITY}, {-INFINITY, 5}};
    struct soak_options o = options(SOAK_MEMORY);
    for (size_t n = 0; n <= COUNT(nothing); n++) {
        judge(n > 0 ? nothing : NULL, n, &o);
        assert_int_equal(found.answer, SOAK_NOT_MEASURED);
        assert_int_equal(found.samples, 0);
        assert_true(isnan(found.slope) && isnan(found.level) && isnan(found.hours));
        assert_int_equal(found.step_block, -1);
    }
}

static void few_samples(void **state) {
    (void)state;
    struct soak_options o = options(SOAK_MEMORY);
    make(climb, 500);
    judge(made, 39, &o);
    assert_int_equal(found.answer, SOAK_CANNOT_TELL);
    assert_string_equal(found.why, "needs 40 samples, has 39 (31 after the warm-up)");
    assert_int_equal(found.samples, 31);
    judge(made, 40, &o);
    assert_int_equal(found.blocks, 20);
    judge(made, 1, &o);
    assert_string_equal(found.why, "needs 40 samples, has 1 (1 after the warm-up)");
}

static void no_time(void **state) {
    (void)state;
    struct soak_options o = options(SOAK_MEMORY);
    make(climb, 500);
    for (int i = 0; i < MADE; i++)
        made[i].t_s = 1e9;
    judge(made, MADE, &o);
    assert_int_equal(found.answer, SOAK_CANNOT_TELL);
    assert_non_null(strstr(found.why, "within one second"));
}

static void gaps(void **state) {
    (void)state;
    struct soak_options o = options(SOAK_MEMORY);
    make(climb, 500);
    static struct moment at[MADE];
    static const struct {
        int from, to;
        size_t blocks;
        enum soak_answer answer;
    } cases[] = {
        {200, 200, 20, SOAK_DRIFT},       /* nothing is missing */
        {200, 210, 20, SOAK_DRIFT},       /* less than a block */
        {192, 271, 16, SOAK_DRIFT},       /* 4 of 20 empty: just allowed */
        {192, 291, 15, SOAK_CANNOT_TELL}, /* 5 of 20 */
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t n = 0;
        for (int k = 0; k < MADE; k++)
            if (k < cases[i].from || k >= cases[i].to)
                at[n++] = made[k];
        judge(at, n, &o);
        assert_int_equal(found.blocks, cases[i].blocks);
        assert_int_equal(found.answer, cases[i].answer);
    }
    assert_string_equal(found.why, "5 of 20 blocks have no sample: a run without gaps would tell");
}

static void unsorted(void **state) {
    (void)state;
    struct soak_options o = options(SOAK_MEMORY);
    make(cycles_leak, 500);
    judge(made, MADE, &o);
    struct trend sorted = found;
    for (int i = 0; i < MADE / 2; i++) {
        struct moment m = made[i];
        made[i] = made[MADE - 1 - i];
        made[MADE - 1 - i] = m;
    }
    judge(made, MADE, &o);
    assert_memory_equal(&found, &sorted, sizeof found);
}

static void no_level(void **state) {
    (void)state;
    static const struct {
        double unit, reference;
        double (*shape)(double);
        enum soak_answer answer;
    } cases[] = {
        {0, NAN, climb, SOAK_CANNOT_TELL},     /* all 0: a share of nothing */
        {0, 0.01, climb, SOAK_NONE_FOUND},     /* no errors at all */
        {-500, NAN, fall, SOAK_CANNOT_TELL},   /* below 0 and rising */
        {-500, 100, fall, SOAK_DRIFT},         /* a share of 500 */
        {0.001, NAN, climb, SOAK_DRIFT},       /* 0.1 % of errors grows by a third */
        {0.001, 0.01, climb, SOAK_NONE_FOUND}, /* that is 3 % of the limit of 1 % */
        {0.009, 0.01, climb, SOAK_DRIFT},      /* beside the limit it counts */
        {500, 0, climb, SOAK_DRIFT},           /* a reference of 0 is none */
        {500, INFINITY, climb, SOAK_DRIFT},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct soak_options o = options(SOAK_LATENCY);
        o.reference = cases[i].reference;
        make(cases[i].shape, cases[i].unit);
        judge(made, MADE, &o);
        if (found.answer != cases[i].answer)
            fail_msg("case %zu: %s: %s", i, soak_answer_name(found.answer), found.why);
    }
}

static void constant(void **state) {
    (void)state;
    for (int falling = 0; falling < 2; falling++) {
        struct soak_options o = options(SOAK_MEMORY);
        o.falling = falling;
        for (int i = 0; i < MADE; i++)
            made[i] = (struct moment){60.0 * i, 500};
        judge(made, MADE, &o);
        assert_int_equal(found.verdict, SOAK_STABLE);
        assert_true(found.variance == 0 && found.z == 0 && found.p == 0.5 && found.slope == 0);
        assert_false(signbit(found.slope));
        expect_near("none above", found.none_above, 0.15 * 500 / found.hours, 1e-12);
    }
}

/* --- the limit --- */

static void hours_to_limit(void **state) {
    (void)state;
    static const struct {
        double limit, hours;
        bool beyond;
    } cases[] = {
        {1000, 12, false},                       /* 300 left at 25 an hour */
        {700, 0, false},                         /* at it */
        {600, 0, false},                         /* above it */
        {700 + 25 * 63, 63, false},              /* just within ten times the analysed time */
        {700 + 25 * 65.0, 10 * 6.3833333, true}, /* beyond */
        {1e9, 10 * 6.3833333, true},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct soak_options o = options(SOAK_MEMORY);
        o.limit = cases[i].limit;
        for (int k = 0; k < MADE; k++)
            made[k] = (struct moment){60.0 * k, 700 - 25.0 * (MADE - 1 - k) / 60};
        judge(made, MADE, &o);
        assert_int_equal(found.verdict, SOAK_LEAK);
        expect_near("level at the end", found.level_end, 700, 1e-12);
        expect_near("hours", found.hours_to_limit, cases[i].hours, 1e-3);
        assert_true(found.hours_low <= found.hours_to_limit + 1e-9);
        assert_true(found.hours_high >= found.hours_to_limit - 1e-9);
        assert_int_equal(found.beyond_projection, cases[i].beyond);
    }
}

static void no_hours_without_a_leak(void **state) {
    (void)state;
    double (*const shapes[])(double) = {flat, step, fills, levels_off};
    for (size_t i = 0; i < COUNT(shapes); i++) {
        struct soak_options o = options(SOAK_MEMORY);
        o.limit = 2000;
        make(shapes[i], 500);
        judge(made, MADE, &o);
        assert_true(isnan(found.hours_to_limit) && isnan(found.hours_low));
        assert_false(found.beyond_projection);
    }
    struct soak_options o = options(SOAK_MEMORY);
    make(climb, 500);
    judge(made, MADE, &o);
    assert_int_equal(found.verdict, SOAK_LEAK);
    assert_true(isnan(found.hours_to_limit)); /* no limit */
}

static void falls_to_a_limit(void **state) {
    (void)state;
    struct soak_options o = options(SOAK_LATENCY);
    o.falling = true;
    o.limit = 50;
    for (int k = 0; k < MADE; k++)
        made[k] = (struct moment){60.0 * k, 100 - 3.0 * k / 60};
    judge(made, MADE, &o);
    expect_near("level at the end", found.level_end, 100 - 3.0 * (MADE - 1) / 60, 1e-12);
    expect_near("hours", found.hours_to_limit, (found.level_end - 50) / 3, 1e-3);
}

static void hours_needed(void **state) {
    (void)state;
    const struct soak_rules *r = &rules.soak[SOAK_MEMORY];
    expect_near("10 MB an hour on 500 MB", soak_hours_needed(500, 10, r), 10, 1e-12);
    assert_true(isnan(soak_hours_needed(500, 0, r)));
    assert_true(isnan(soak_hours_needed(500, -1, r)));
    assert_true(isnan(soak_hours_needed(500, NAN, r)));
}

/* --- restarts --- */

/* The memory grows to 1000 MB in 100 samples of 30 s, then the process is killed and starts again
 * with 400 MB. */
static void make_killed(struct soak_traffic *traffic) {
    seed = 7;
    for (int i = 0; i < MADE; i++) {
        made[i] = (struct moment){30.0 * i, 400 + 6.0 * (i % 100) + noise()};
        traffic[i] = (struct soak_traffic){30.0 * i, 100 + noise(), 0};
    }
}

enum sign { NO_SIGN, ERRORS, DIP, ERRORS_AFTER, ERRORS_LONG_AFTER, FEW_ERRORS, SMALL_DIP, UNKNOWN };

static void put_sign(struct soak_traffic *traffic, enum sign sign) {
    for (int i = 100; i < MADE; i += 100) {
        static const int late_by[] = {[ERRORS_AFTER] = 1, [ERRORS_LONG_AFTER] = 4, [UNKNOWN] = 0};
        struct soak_traffic *t = &traffic[i + late_by[sign]];
        if (sign == ERRORS || sign == ERRORS_AFTER || sign == ERRORS_LONG_AFTER)
            t->error_rate = 0.3;
        else if (sign == FEW_ERRORS)
            t->error_rate = 0.009;
        else if (sign == DIP || sign == SMALL_DIP)
            t->rps = sign == DIP ? 60 : 85;
    }
    for (int i = 0; sign == UNKNOWN && i < MADE; i++)
        traffic[i].rps = traffic[i].error_rate = NAN;
}

static void restarts(void **state) {
    (void)state;
    static const struct {
        enum sign sign;
        size_t restarts;
    } cases[] = {
        {NO_SIGN, 0},           {ERRORS, 4},     {DIP, 4},       {ERRORS_AFTER, 4},
        {ERRORS_LONG_AFTER, 0}, {FEW_ERRORS, 0}, {SMALL_DIP, 0}, {UNKNOWN, 0},
    };
    static struct soak_traffic traffic[MADE];
    for (size_t i = 0; i < COUNT(cases); i++) {
        double at_s[3] = {0};
        make_killed(traffic);
        put_sign(traffic, cases[i].sign);
        size_t n = soak_restarts(made, MADE, traffic, MADE, &rules.soak[SOAK_MEMORY], at_s, 3);
        if (n != cases[i].restarts)
            fail_msg("case %zu: %zu restarts", i, n);
        for (int k = 0; n > 0 && k < 3; k++)
            assert_true(at_s[k] == 3000.0 * (k + 1));
    }
}

/* Why restarts are looked for first: the trend alone finds nothing wrong here. */
static void restarts_hide_a_leak(void **state) {
    (void)state;
    static struct soak_traffic traffic[MADE];
    struct soak_options o = options(SOAK_MEMORY);
    make_killed(traffic);
    judge(made, MADE, &o);
    assert_int_not_equal(found.answer, SOAK_DRIFT);
}

static void restarts_with_coarse_traffic(void **state) {
    (void)state;
    static struct soak_traffic traffic[MADE];
    make_killed(traffic);
    size_t n = 0;
    for (int i = 0; i < MADE; i += 10) /* pieces of 300 s */
        traffic[n++] = (struct soak_traffic){30.0 * i, i % 100 == 0 && i > 0 ? 50 : 100, NAN};
    assert_int_equal(soak_restarts(made, MADE, traffic, n, &rules.soak[SOAK_MEMORY], NULL, 0), 4);
}

static void restarts_of_nothing(void **state) {
    (void)state;
    static struct soak_traffic traffic[MADE];
    double at_s[4];
    make_killed(traffic);
    put_sign(traffic, ERRORS);
    const struct soak_rules *memory = &rules.soak[SOAK_MEMORY];
    assert_int_equal(soak_restarts(NULL, 0, traffic, MADE, memory, at_s, 4), 0);
    assert_int_equal(soak_restarts(made, MADE, NULL, 0, memory, at_s, 4), 0);
    assert_int_equal(soak_restarts(made, MADE, traffic, MADE, &rules.soak[SOAK_LATENCY], at_s, 4),
                     0);  /* not looked for */
    made[99].value = NAN; /* the failed scrape is passed over */
    assert_int_equal(soak_restarts(made, MADE, traffic, MADE, memory, at_s, 4), 4);
}

/* --- hostile --- */

static double hostile_number(void) {
    static const double odd[] = {0,       -0.0,   NAN,   INFINITY, -INFINITY, 1e308, -1e308,
                                 DBL_MIN, 5e-324, 1e100, -1e100,   1e12,      -1e12, 1};
    double x = noise();
    return x > 0 ? odd[(size_t)(x * COUNT(odd)) % COUNT(odd)] : 500 * x;
}

static void hostile(void **state) {
    (void)state;
    static struct soak_traffic traffic[MADE];
    seed = 3;
    for (int round = 0; round < 400; round++) {
        for (int i = 0; i < MADE; i++) {
            double even = 60.0 * i;
            made[i] = (struct moment){round % 3 ? even : hostile_number(), hostile_number()};
            traffic[i] = (struct soak_traffic){round % 2 ? even : hostile_number(),
                                               hostile_number(), hostile_number()};
        }
        struct soak_options o = options(round % 2);
        o.limit = hostile_number();
        o.reference = hostile_number();
        o.falling = round % 5 == 0;
        judge(made, MADE, &o);
        assert_true(found.blocks <= 20);
        assert_true(found.answer == SOAK_NOT_MEASURED || found.why[0] != '\0');
        double at_s[SOAK_RESTARTS_MAX];
        soak_restarts(made, MADE, traffic, MADE, &rules.soak[SOAK_MEMORY], at_s, COUNT(at_s));
    }
}

/* The ends of what a team's rules may ask for. */
static void odd_rules(void **state) {
    (void)state;
    static const struct {
        double blocks, least, warm_up, cycles;
        enum soak_answer answer;
    } cases[] = {
        {200, 3, 0, 1.5, SOAK_DRIFT},        {3, 3, 0, 1.5, SOAK_NONE_FOUND},
        {5, 8, 0.2, 1.5, SOAK_CANNOT_TELL},  {20, 8, 0.9, 0.1, SOAK_NONE_FOUND},
        {20, 8, 0.2, 100, SOAK_CANNOT_TELL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct soak_rules r = rules.soak[SOAK_MEMORY];
        struct soak_options o = options(SOAK_MEMORY);
        r.blocks = cases[i].blocks;
        r.blocks_least = cases[i].least;
        r.warm_up = cases[i].warm_up;
        r.gc_cycles_per_block = cases[i].cycles;
        o.rules = &r;
        make(i < 4 ? climb : cycles_leak, 500);
        judge(made, MADE, &o);
        if (found.answer != cases[i].answer)
            fail_msg("case %zu: %s: %s", i, soak_answer_name(found.answer), found.why);
    }
}

/* A week at one value a second. The time is of the processor: other tests may run beside it. */
static void a_week(void **state) {
    (void)state;
    enum { WEEK_S = 7 * 24 * 3600 };
    struct moment *at = mem_new(WEEK_S, sizeof *at);
    seed = 5;
    for (int i = 0; i < WEEK_S; i++) {
        double u = i / (WEEK_S - 1.0);
        at[i] = (struct moment){i, 500 * (1 + 0.3 * u + 0.3 * fmod(u * 2000, 1)) + noise()};
    }
    struct soak_options o = options(SOAK_MEMORY);
    clock_t begin = clock();
    judge(at, WEEK_S, &o);
    double took_s = (double)(clock() - begin) / CLOCKS_PER_SEC;
    assert_int_equal(found.verdict, SOAK_LEAK);
    expect_near("slope", found.slope, 150 / 168.0, 0.02);
    assert_true(took_s < 2); /* with a sanitizer; 0.2 s without */
    free(at);
}

static void names(void **state) {
    (void)state;
    assert_string_equal(soak_verdict_name(SOAK_SLOWING), "slowing");
    assert_string_equal(soak_verdict_name(SOAK_INSUFFICIENT), "insufficient");
    assert_string_equal(soak_answer_name(SOAK_NOT_MEASURED), "not_measured");
    assert_string_equal(soak_answer_name(SOAK_RESTART), "restart");
    assert_string_equal(soak_shape_name(SHAPE_LATE), "late");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(references),
        cmocka_unit_test(worked_numbers),
        cmocka_unit_test(smallest_p),
        cmocka_unit_test(shapes_of_memory),
        cmocka_unit_test(mirror),
        cmocka_unit_test(not_measured),
        cmocka_unit_test(few_samples),
        cmocka_unit_test(no_time),
        cmocka_unit_test(gaps),
        cmocka_unit_test(unsorted),
        cmocka_unit_test(no_level),
        cmocka_unit_test(constant),
        cmocka_unit_test(hours_to_limit),
        cmocka_unit_test(no_hours_without_a_leak),
        cmocka_unit_test(falls_to_a_limit),
        cmocka_unit_test(hours_needed),
        cmocka_unit_test(restarts),
        cmocka_unit_test(restarts_hide_a_leak),
        cmocka_unit_test(restarts_with_coarse_traffic),
        cmocka_unit_test(restarts_of_nothing),
        cmocka_unit_test(hostile),
        cmocka_unit_test(odd_rules),
        cmocka_unit_test(a_week),
        cmocka_unit_test(names),
    };
    return cmocka_run_group_tests(tests, load_rules, NULL);
}
