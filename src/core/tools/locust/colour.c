#include "tools/locust/py.h"
#include "tools/locust/script.h"

void locust_colour(const char *text, size_t len, struct code_spans *out) {
    static const struct node_colour rows[] = {
        {"comment", true, CODE_COMMENT},       {"string_start", true, CODE_STRING},
        {"string_content", true, CODE_STRING}, {"string_end", true, CODE_STRING},
        {"true", true, CODE_KEYWORD},          {"false", true, CODE_KEYWORD},
        {"none", true, CODE_KEYWORD},          {0},
    };
    *out = (struct code_spans){0};
    TSTree *tree = syntax_parse(tree_sitter_python(), text, len);
    if (!tree)
        return;
    syntax_colour(tree, rows, out);
    syntax_drop(tree);
}
