#include "tools/json_text.h"

#include <stdbool.h>

size_t json_text_values(const char *s, size_t len) {
    size_t n = 1;
    bool string = false;
    for (size_t i = 0; i < len; i++) {
        if (string && s[i] == '\\')
            i++;
        else if (s[i] == '"')
            string = !string;
        else if (!string && (s[i] == ',' || s[i] == '[' || s[i] == '{'))
            n++;
    }
    return n;
}

long json_text_line(const char *s, const char *at) {
    long line = 1;
    for (; s < at; s++)
        line += *s == '\n';
    return line;
}
