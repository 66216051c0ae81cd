#include "term_parts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/locale.h"
#include "base/text.h"

bool term_is_basic(const char *type) {
    return strcmp(type, "dumb") == 0 || text_starts(type, "linux") ||
           (text_starts(type, "vt") && isdigit((unsigned char)type[2]));
}

bool term_utf8(void) {
    const char *type = getenv("TERM");
    return locale_utf8() && !(type && term_is_basic(type));
}
