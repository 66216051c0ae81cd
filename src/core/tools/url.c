#include "tools/url.h"

#include <string.h>

#include "base/text.h"

size_t url_host_bytes(const char *url) {
    size_t scheme = text_starts(url, "https://") ? 8 : text_starts(url, "http://") ? 7 : 0;
    size_t host = scheme ? strcspn(url + scheme, "/?#") : 0;
    return host ? scheme + host : 0;
}
