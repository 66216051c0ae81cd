#include "base/locale.h"

#include <langinfo.h>
#include <locale.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/text.h"

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

static bool is_utf8(void) { return text_same(nl_langinfo(CODESET), "UTF-8"); }

bool locale_utf8(void) {
    bool known = setlocale(LC_CTYPE, "") != NULL;
    bool says_otherwise = known && wanted_locale()[0] && !is_utf8();
    if (!known || !is_utf8())
        setlocale(LC_CTYPE, "C.UTF-8"); /* for the widths, also behind ASCII */
    return is_utf8() && !says_otherwise;
}
