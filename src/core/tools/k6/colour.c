#include "tools/k6/js.h"
#include "tools/k6/k6_script.h"

/* A text in either language: TypeScript is what is no JavaScript. */
static TSTree *parse_any(const char *text, size_t len) {
    TSTree *tree = syntax_parse(tree_sitter_javascript(), text, len);
    if (!tree || !ts_node_has_error(ts_tree_root_node(tree)))
        return tree;
    TSTree *typed = syntax_parse(tree_sitter_typescript(), text, len);
    bool better = typed && !ts_node_has_error(ts_tree_root_node(typed));
    if (typed)
        syntax_drop(better ? tree : typed);
    return better ? typed : tree;
}

void k6_colour(const char *text, size_t len, struct code_spans *out) {
    /* "string" without a name is a type of TypeScript. */
    static const struct node_colour rows[] = {
        {"comment", true, CODE_COMMENT},
        {"hash_bang_line", true, CODE_COMMENT},
        {"html_comment", true, CODE_COMMENT},
        {"string", true, CODE_STRING},
        {"regex", true, CODE_STRING},
        {"string_fragment", true, CODE_STRING},
        {"escape_sequence", true, CODE_STRING},
        {"`", false, CODE_STRING},
        {"true", true, CODE_KEYWORD},
        {"false", true, CODE_KEYWORD},
        {"null", true, CODE_KEYWORD},
        {"undefined", true, CODE_KEYWORD},
        {"this", true, CODE_KEYWORD},
        {"super", true, CODE_KEYWORD},
        {0},
    };
    *out = (struct code_spans){0};
    TSTree *tree = parse_any(text, len);
    if (!tree)
        return;
    syntax_colour(tree, rows, out);
    syntax_drop(tree);
}
