#include "feed/http_parts.h"

#include <string.h>

#include "base/text.h"

/* The part between "//" and the path, where a host is and where a password could be. */
static const char *authority(const char *url, size_t *len) {
    const char *begin = strstr(url, "://");
    begin = begin ? begin + 3 : url;
    *len = strcspn(begin, "/?#");
    return begin;
}

bool http_is_url(const char *word) {
    static const char *const schemes[] = {"http://", "https://"};
    for (size_t i = 0; i < 2; i++)
        if (strncasecmp(word, schemes[i], strlen(schemes[i])) == 0)
            return true;
    return false;
}

static bool is_printable(const char *s) {
    for (; *s; s++)
        if (*s > 0 && (*s <= ' ' || *s == 0x7f))
            return false;
    return true;
}

/* Never repeats the address: it may hold a password. */
static bool check_form(const char *url, struct err *e) {
    size_t len;
    const char *place = authority(url, &len);
    if (!http_is_url(url))
        return err_set(e, ERR_USAGE, "an address begins with http:// or https://");
    if (len == 0)
        return err_set(e, ERR_USAGE, "the address has no host");
    if (memchr(place, '@', len)) {
        err_set(e, ERR_USAGE, "the address holds a user name or a password");
        return err_fix(e, "put them into PERFSCALE_HTTP_USER and PERFSCALE_HTTP_PASSWORD, or into "
                          "~/.config/perfscale/logins (mode 0600)");
    }
    if (strlen(url) >= HTTP_URL_MAX_BYTES)
        return err_set(e, ERR_USAGE, "the address is longer than %d bytes", HTTP_URL_MAX_BYTES - 1);
    if (!is_printable(url))
        return err_set(e, ERR_USAGE, "the address holds a space or a control character");
    return true;
}

static bool take_part(CURLU *u, CURLUPart part, unsigned flags, char *out, size_t size) {
    char *text = NULL;
    bool ok = curl_url_get(u, part, &text, flags) == CURLUE_OK && text_copy(out, size, text);
    curl_free(text);
    return ok && out[0];
}

static bool take_port(CURLU *u, int *port) {
    char text[8];
    if (!take_part(u, CURLUPART_PORT, CURLU_DEFAULT_PORT, text, sizeof text))
        return false;
    *port = 0;
    for (const char *s = text; *s; s++)
        *port = *port * 10 + (*s - '0');
    return *port > 0;
}

bool http_place(struct http_place *p, const char *url, struct err *e) {
    if (!check_form(url, e))
        return false;
    CURLU *u = curl_url();
    CURLUcode code =
        u ? curl_url_set(u, CURLUPART_URL, url, CURLU_DISALLOW_USER) : CURLUE_OUT_OF_MEMORY;
    bool ok = code == CURLUE_OK && take_part(u, CURLUPART_HOST, 0, p->host, sizeof p->host) &&
              take_port(u, &p->port);
    curl_url_cleanup(u);
    if (ok)
        return true;
    err_set(e, ERR_USAGE,
            code == CURLUE_BAD_PORT_NUMBER ? "the port of the address is not one from 1 to 65535"
                                           : "the address has no host, or one that cannot be");
    return err_fix(e, "write it as http://HOST:PORT");
}

bool http_check_url(const char *url, struct err *e) {
    struct http_place p;
    return http_place(&p, url, e);
}

bool http_join(char *out, size_t size, const char *base, const char *path) {
    struct text_out to = {.to = out, .size = size};
    size_t len = strcspn(base, "?#");
    while (len > 0 && base[len - 1] == '/')
        len--;
    while (*path == '/')
        path++;
    text_put(&to, base, len);
    text_put(&to, "/", 1);
    text_put(&to, path, strlen(path));
    return len + 1 + strlen(path) < size;
}

static bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("-._~", c));
}

bool http_escape(char *out, size_t size, const char *text) {
    static const char digits[] = "0123456789ABCDEF";
    size_t at = 0;
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        const char hex[3] = {'%', digits[c >> 4], digits[c & 15]};
        size_t n = is_unreserved(*text) ? 1 : 3;
        if (at + n >= size)
            break;
        memcpy(out + at, n == 1 ? text : hex, n);
        at += n;
    }
    out[at] = '\0';
    return !*text;
}

void http_host(const char *url, char *out, size_t size) {
    size_t len;
    const char *place = authority(url, &len);
    const char *secret_end = memrchr(place, '@', len);
    if (secret_end) {
        len -= (size_t)(secret_end + 1 - place);
        place = secret_end + 1;
    }
    text_clean(place, len, TEXT_ONE_LINE, out, size);
}
