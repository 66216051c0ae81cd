#include "term_parts.h"

#include <ctype.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

bool term_is_basic(const char *type) {
    return strcmp(type, "dumb") == 0 || text_starts(type, "linux") ||
           (text_starts(type, "vt") && isdigit((unsigned char)type[2]));
}

/* The value that decides LC_CTYPE; "" when nothing is set. */
static const char *wanted_locale(void) {
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value && value[0])
            return value;
    }
    return "";
}

static bool is_utf8(void) { return strcasecmp(nl_langinfo(CODESET), "UTF-8") == 0; }

/* Bare systems, cron and some SSH set nothing, or a locale that is not installed, on terminals that
 * all speak UTF-8: only a locale that says otherwise is believed. */
bool term_utf8(void) {
    const char *type = getenv("TERM");
    const char *wanted = wanted_locale();
    bool known = setlocale(LC_CTYPE, "") != NULL;
    bool says_otherwise = wanted[0] && known && !is_utf8();
    if (!known || !is_utf8())
        setlocale(LC_CTYPE, "C.UTF-8"); /* for the widths of characters, also behind ASCII */
    return is_utf8() && !says_otherwise && !(type && term_is_basic(type));
}
