#include "tools/locust/signs.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

enum { CALLS_DEPTH_MAX = 3 };

/* --- bytes --- */

/* A comment in one of the first two lines: coding: latin-1 */
static bool has_coding(const char *text, size_t len) {
    int lines = 0;
    for (size_t i = 0; i + 7 < len && lines < 2; i++) {
        lines += text[i] == '\n';
        if (lines < 2 && strncmp(text + i, "coding", 6) == 0 &&
            (text[i + 6] == ':' || text[i + 6] == '='))
            return true;
    }
    return false;
}

bool locust_signs_encoding(const char *text, size_t len, const char *file, struct err *e) {
    bool coding = has_coding(text, len);
    long line = 1;
    for (size_t i = 0; i < len;) {
        uint32_t cp;
        if (text[i] > 0) { /* ASCII */
            line += text[i++] == '\n';
            continue;
        }
        size_t bytes = text_decode(text + i, len - i, &cp);
        bool bad = (cp == UINT32_MAX && !coding) || cp == 0;
        if (bad) {
            err_set(e, ERR_REFUSED,
                    cp == 0 ? "a byte 0 in the text; Python does not load it"
                            : "not UTF-8, and no coding line says what it is; Python does not load "
                              "it");
            return err_at(e, file, line);
        }
        i += bytes;
    }
    return true;
}

/* --- Python 2 --- */

static bool is_old_integer(const struct syntax *py, TSNode n) {
    const char *text = py->text + node_start(n);
    size_t len = node_size(n);
    if (len > 1 && (text[len - 1] == 'l' || text[len - 1] == 'L'))
        return true;
    bool digits = len > 1 && text[0] == '0', zero = true;
    for (size_t i = 1; digits && i < len; i++) {
        digits = isdigit((unsigned char)text[i]) || text[i] == '_';
        zero = zero && (text[i] == '0' || text[i] == '_');
    }
    return digits && !zero;
}

static bool is_old_string(const struct syntax *py, TSNode start) {
    const char *text = py->text + node_start(start);
    return text[0] == '`' || (node_size(start) > 2 && tolower((unsigned char)text[0]) == 'u' &&
                              tolower((unsigned char)text[1]) == 'r');
}

/* Nodes that only Python 2 has, by symbol: strings would be compared with each node of the file. */
enum sign { SIGN_NONE, SIGN_OLD, SIGN_INTEGER, SIGN_STRING, SIGN_RAISE };
struct sign_table {
    uint8_t of[1024]; /* enum sign by symbol */
};

static void make_table(const TSLanguage *language, struct sign_table *t) {
    static const struct {
        const char *type;
        enum sign sign;
    } row[] = {
        {"print_statement", SIGN_OLD},   {"exec_statement", SIGN_OLD},
        {"chevron", SIGN_OLD},           {"<>", SIGN_OLD},
        {"integer", SIGN_INTEGER},       {"string_start", SIGN_STRING},
        {"raise_statement", SIGN_RAISE},
    };
    *t = (struct sign_table){0};
    for (uint32_t s = 0; s < ts_language_symbol_count(language) && s < sizeof t->of; s++)
        for (size_t i = 0; i < sizeof row / sizeof *row; i++)
            if (strcmp(ts_language_symbol_name(language, (TSSymbol)s), row[i].type) == 0)
                t->of[s] = (uint8_t)row[i].sign;
}

static bool is_old(const struct syntax *py, TSNode n, enum sign sign) {
    switch (sign) {
    case SIGN_OLD:
        return true;
    case SIGN_INTEGER:
        return is_old_integer(py, n);
    case SIGN_STRING:
        return is_old_string(py, n);
    case SIGN_RAISE:
        return node_is(node_child(n, 0), "expression_list");
    case SIGN_NONE:
        break;
    }
    return false;
}

/* Can there be a sign at all? Most files have none, and need no walk through their tree. */
static bool may_be_old(const struct syntax *py) {
    static const char *const words[] = {"print ", "print\t", "print\"", "print'", "exec ", "exec\t",
                                        "exec\"", "exec'",   "raise ",  "<>",     "`"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (memmem(py->text, py->len, words[i], strlen(words[i])))
            return true;
    for (size_t i = 1; i < py->len; i++) {
        char c = py->text[i], before = py->text[i - 1];
        if (isdigit((unsigned char)before) && (c == 'l' || c == 'L'))
            return true;
        if ((before == 'u' || before == 'U') && (c == 'r' || c == 'R') && i + 1 < py->len &&
            (py->text[i + 1] == '"' || py->text[i + 1] == '\''))
            return true;
        if (before == '0' && isdigit((unsigned char)c) &&
            (i == 1 || (!isalnum((unsigned char)py->text[i - 2]) && py->text[i - 2] != '.')))
            return true;
    }
    return false;
}

bool locust_signs_python2(const struct module *m, struct err *e) {
    if (!may_be_old(&m->py))
        return true;
    struct sign_table t;
    TSNode found = {0};
    make_table(ts_tree_language(m->py.tree), &t);
    TSTreeCursor c = ts_tree_cursor_new(m->py.root);
    for (bool more = true; more;) {
        TSNode n = ts_tree_cursor_current_node(&c);
        TSSymbol symbol = ts_node_symbol(n);
        enum sign sign = symbol < sizeof t.of ? (enum sign)t.of[symbol] : SIGN_NONE;
        if (sign != SIGN_NONE && is_old(&m->py, n, sign)) {
            found = n;
            break;
        }
        if (ts_tree_cursor_goto_first_child(&c))
            continue;
        while (more && !ts_tree_cursor_goto_next_sibling(&c))
            more = ts_tree_cursor_goto_parent(&c);
    }
    ts_tree_cursor_delete(&c);
    return ts_node_is_null(found) ||
           syntax_refuse(&m->py, node_start(found), e, "Python 2; Locust needs Python 3");
}

/* --- Locust before 1.0 --- */

static bool is_old_name(const struct thing *t) {
    static const char *const names[] = {"HttpLocust",   "Locust",   "FastHttpLocust",
                                        "TaskSequence", "seq_task", NULL};
    for (const char *const *name = names; *name; name++)
        if (py_thing_is_locust(t, *name))
            return true;
    return false;
}

static bool refuse_old(const struct module *m, TSNode at, struct err *e) {
    syntax_refuse(&m->py, node_start(at), e,
                  "written for Locust before 1.0; it does not start in any version since");
    return err_fix(e, "port it first (HttpUser, tasks)");
}

bool locust_signs_old_locust(struct names *n, struct err *e) {
    struct module *m = n->module[0];
    for (size_t i = 0; i < m->binds; i++) {
        const struct bind *b = &m->bind[i];
        if (b->kind == BIND_FROM && b->top) {
            struct thing t = py_names_of_bind(n, m, b);
            if (is_old_name(&t))
                return refuse_old(m, b->part, e);
        } else if (b->kind == BIND_CLASS && b->top) {
            struct nodes bases = {0};
            node_children(node_field(b->node, "superclasses"), &bases);
            bool old = false;
            for (size_t k = 0; k < bases.len && !old; k++) {
                struct thing t = py_names_thing(n, m, bases.item[k]);
                old = is_old_name(&t);
            }
            nodes_fini(&bases);
            if (old)
                return refuse_old(m, b->name, e);
        }
    }
    for (size_t i = 0; i < m->added.len; i++) { /* events.request_success += handler */
        struct thing t = py_names_thing(n, m, node_field(m->added.item[i], "left"));
        if (t.kind == THING_LOCUST)
            return refuse_old(m, m->added.item[i], e);
    }
    return true;
}

/* --- its own test --- */

static bool see_statement(struct names *n, struct module *m, TSNode at, int depth, struct err *e);

static bool starts_locust(const struct module *m, TSNode call, const char *f) {
    char text[256];
    bool runs =
        text_ends(f, "os.system") || text_starts(f, "subprocess.") || text_ends(f, "os.popen");
    return runs &&
           strstr(node_copy(&m->py, node_field(call, "arguments"), text, sizeof text), "locust");
}

static bool see_call(struct names *n, struct module *m, TSNode call, int depth, struct err *e) {
    char f[PY_NAME_BYTES];
    TSNode callee = node_field(call, "function");
    struct thing t = py_names_thing(n, m, callee);
    node_copy(&m->py, callee, f, sizeof f);
    if (py_thing_is_locust(&t, "Environment") || text_ends(f, ".create_local_runner") ||
        text_ends(f, ".create_master_runner") || text_ends(f, ".create_worker_runner") ||
        text_ends(f, "runner.start") || starts_locust(m, call, f)) {
        syntax_refuse(&m->py, node_start(call), e,
                      "the script runs its own test; a shape would not be used");
        return err_fix(e, "take a script that `locust -f` runs");
    }
    return t.kind != THING_FUNCTION || t.m != m || depth >= CALLS_DEPTH_MAX ||
           see_statement(n, m, node_field(t.node, "body"), depth + 1, e);
}

/* Every call that runs while the file is loaded. */
static bool see_statement(struct names *n, struct module *m, TSNode at, int depth, struct err *e) {
    static const char *const later[] = {"function_definition", "class_definition", "lambda",
                                        "decorated_definition", NULL};
    TSTreeCursor c = ts_tree_cursor_new(at);
    bool ok = true;
    for (bool more = true; more && ok;) {
        TSNode here = ts_tree_cursor_current_node(&c);
        bool down = !node_is_any(here, later);
        for (size_t i = 0; i < m->main.len; i++)
            down = down && !ts_node_eq(here, m->main.item[i]);
        if (node_is(here, "call"))
            ok = see_call(n, m, here, depth, e);
        if (down && ts_tree_cursor_goto_first_child(&c))
            continue;
        while (more && !ts_tree_cursor_goto_next_sibling(&c))
            more = ts_tree_cursor_goto_parent(&c);
    }
    ts_tree_cursor_delete(&c);
    return ok;
}

bool locust_signs_own_test(struct names *n, struct err *e) {
    struct module *m = n->module[0];
    return see_statement(n, m, m->py.root, 0, e);
}
