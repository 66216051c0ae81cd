#include "plan/plan_parts.h"

#include <stdio.h>
#include <string.h>

/* --- endpoints --- */

const char *const words_methods[] = {"GET",    "POST", "PUT",     "PATCH",
                                     "DELETE", "HEAD", "OPTIONS", NULL};

bool endpoint_at(const struct tokens *t, size_t i, char *out, size_t size) {
    const struct token *path = token_at(t, i);
    if (path->kind != TOKEN_PATH)
        return false;
    const struct token *method = i > 0 ? token_at(t, i - 1) : NULL;
    bool has = method && token_in(method, words_methods);
    int n =
        has ? snprintf(out, size, "%.*s %.*s", (int)method->len, method->s, (int)path->len, path->s)
            : snprintf(out, size, "%.*s", (int)path->len, path->s);
    for (size_t k = 0; has && k < method->len && k < size; k++)
        if (out[k] >= 'a' && out[k] <= 'z')
            out[k] = (char)(out[k] - 'a' + 'A');
    return n > 0 && (size_t)n < size;
}

bool endpoint_in(const struct tokens *t, size_t from, size_t to, char *out, size_t size,
                 int *count) {
    char name[256];
    *count = 0;
    out[0] = '\0';
    for (size_t i = from; i < to; i++)
        if (endpoint_at(t, i, name, sizeof name) && strcmp(name, out) != 0) {
            ++*count;
            snprintf(out, size, "%s", name);
        }
    if (*count != 1)
        out[0] = '\0';
    return *count == 1;
}

/* --- models --- */

static const char *const stress_words[] = {"stress", "breakpoint", NULL};
static const char *const soak_words[] = {"soak", "endurance", NULL};
static const char *const behind_load[] = {"test",  "tests",   "testing", "phase", "scenario",
                                          "model", "profile", "run",     NULL};

static bool other_model(const struct token *t) {
    return token_in(t, stress_words) || token_in(t, soak_words);
}

static bool joins(const struct token *t) {
    return token_is(t, "and") || token_is(t, "or") || token_is_mark(t, ',') ||
           token_is_mark(t, '/') || token_is_mark(t, '&');
}

static bool says_rate(const struct tokens *t, size_t i) {
    struct hint h;
    size_t end;
    return token_is_mark(token_at(t, i), '(') && hint_at(t, i + 1, &h, &end) && h.dim == DIM_RATE;
}

/* "load" is a model where it stands first or says so: "Load:", "Load test", "Load 100 RPS", "load
 * and stress". */
static bool load_is_model(const struct tokens *t, size_t i) {
    const struct token *behind = token_at(t, i + 1);
    if (token_in(behind, behind_load) || (joins(behind) && other_model(token_at(t, i + 2))) ||
        (i > 1 && joins(token_at(t, i - 1)) && other_model(token_at(t, i - 2))))
        return true;
    bool first = i == 0 || token_at(t, i - 1)->kind == TOKEN_BREAK ||
                 token_at(t, i - 1)->kind == TOKEN_END || token_is_mark(token_at(t, i - 1), ':');
    return first && !says_rate(t, i + 1) &&
           (behind->kind == TOKEN_END || behind->kind == TOKEN_NUMBER ||
            behind->kind == TOKEN_DASH || token_is_mark(behind, ':') ||
            token_is_mark(behind, '|') || token_is_mark(behind, '('));
}

enum plan_scope model_at(const struct tokens *t, size_t i) {
    const struct token *k = token_at(t, i);
    if (other_model(k))
        return token_in(k, stress_words) ? PLAN_STRESS : PLAN_SOAK;
    return token_is(k, "load") && load_is_model(t, i) ? PLAN_LOAD : PLAN_ANY;
}

enum plan_scope models_in(const struct tokens *t, size_t from, size_t to, int *count) {
    enum plan_scope found = PLAN_ANY;
    bool seen[PLAN_SCOPES] = {false};
    *count = 0;
    for (size_t i = from; i < to; i++) {
        enum plan_scope m = model_at(t, i);
        if (m == PLAN_ANY || seen[m])
            continue;
        seen[m] = true;
        found = m;
        ++*count;
    }
    return *count == 1 ? found : PLAN_ANY;
}
