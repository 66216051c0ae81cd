/* tools/url.h
 * Parts of URLs that scripts hold. */
#ifndef PERFSCALE_TOOLS_URL_H
#define PERFSCALE_TOOLS_URL_H

#include <stddef.h>

/* Bytes of "https://host:port" at the beginning of a URL; 0 when there is no host. */
size_t url_host_bytes(const char *url);

#endif
