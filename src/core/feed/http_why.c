#include "feed/http_parts.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"

/* Words of our own: nothing that a server sent may come into a message. */
static const struct reason {
    CURLcode code;
    enum http_end end;
    const char *words, *fix;
} reasons[] = {
    {CURLE_COULDNT_RESOLVE_HOST, HTTP_NO_HOST, "the name is not known", ""},
    {CURLE_COULDNT_RESOLVE_PROXY, HTTP_NO_HOST, "the name of the proxy is not known",
     "look at http_proxy, https_proxy and all_proxy; no_proxy names hosts that need none"},
    {CURLE_PROXY, HTTP_BROKEN, "the proxy does not let it through",
     "look at http_proxy, https_proxy and all_proxy; no_proxy names hosts that need none"},
    {CURLE_GOT_NOTHING, HTTP_BROKEN, "the connection was closed without an answer", ""},
    {CURLE_WEIRD_SERVER_REPLY, HTTP_BROKEN, "what answers there does not speak HTTP", ""},
    {CURLE_UNSUPPORTED_PROTOCOL, HTTP_BROKEN, "what answers there does not speak HTTP", ""},
    {CURLE_BAD_CONTENT_ENCODING, HTTP_BROKEN, "the compressed answer is damaged", ""},
    {CURLE_TOO_MANY_REDIRECTS, HTTP_REDIRECTS, "redirected more than 3 times", ""},
    {CURLE_SSL_CACERT_BADFILE, HTTP_TLS, "the file of trusted certificates cannot be read",
     "look at CURL_CA_BUNDLE and SSL_CERT_FILE"},
    {CURLE_SSL_CONNECT_ERROR, HTTP_TLS, "no TLS connection comes about",
     "when it speaks plain HTTP, write http:// instead of https://"},
    {CURLE_SSL_CIPHER, HTTP_TLS, "no TLS connection comes about", ""},
};

/* What the system said about the connection. */
static enum http_end explain_connect(CURL *easy, struct err *why) {
    long error = 0;
    curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &error);
    if (error == ECONNREFUSED || error == 0)
        err_set(why, ERR_IO, "connection refused");
    else
        err_set(why, ERR_IO, "no connection: %s", strerror((int)error));
    return HTTP_REFUSED;
}

static const char *show_time(int ms, char *out, size_t size) {
    struct text_out to = {.to = out, .size = size};
    char number[32];
    unit_show_short(ms < 1000 ? ms : ms / 1000.0, 1, number, sizeof number);
    text_put(&to, number, strlen(number));
    text_put(&to, ms < 1000 ? " ms" : " s", ms < 1000 ? 3 : 2);
    return out;
}

static enum http_end explain_timeout(CURL *easy, const struct http_bounds *b, struct err *why) {
    char time[40];
    curl_off_t connected_us = 0, first_us = 0;
    curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &connected_us);
    curl_easy_getinfo(easy, CURLINFO_STARTTRANSFER_TIME_T, &first_us);
    if (connected_us == 0)
        err_set(why, ERR_IO, "no connection in %s", show_time(b->connect_ms, time, sizeof time));
    else if (first_us == 0)
        err_set(why, ERR_IO, "no answer in %s", show_time(b->timeout_ms, time, sizeof time));
    else
        err_set(why, ERR_IO, "no whole answer in %s", show_time(b->timeout_ms, time, sizeof time));
    return HTTP_TIMEOUT;
}

static enum http_end explain_size(const struct http_bounds *b, struct err *why) {
    char size[32];
    size_t most = b->head_is_longer ? HTTP_HEAD_MAX_BYTES : b->most_bytes;
    err_set(why, ERR_LIMIT, "%s is longer than %s",
            b->head_is_longer ? "the head of the answer" : "the answer",
            unit_show_bytes((double)most, size, sizeof size));
    return HTTP_TOO_LARGE;
}

/* libcurl compares the name itself, after OpenSSL found the certificate good and before it says so:
 * the result is then still what it began with. */
static enum http_end explain_certificate(CURL *easy, struct err *why) {
    enum { UNSET = 1, EXPIRED = 10 }; /* X509_V_ERR_UNSPECIFIED, X509_V_ERR_CERT_HAS_EXPIRED */
    long verified = 0;
    curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &verified);
    err_set(why, ERR_REFUSED, "its certificate %s",
            verified == UNSET     ? "is for another name"
            : verified == EXPIRED ? "has expired"
                                  : "is not trusted");
    if (verified != UNSET && verified != EXPIRED)
        err_fix(why, "name the file of its authority in CURL_CA_BUNDLE");
    return HTTP_TLS;
}

/* An address that is not asked: another scheme, a user name in it, or none at all. */
static bool leads_astray(CURLcode code, CURL *easy) {
    long redirects = 0;
    const char *url = NULL;
    curl_easy_getinfo(easy, CURLINFO_REDIRECT_COUNT, &redirects);
    curl_easy_getinfo(easy, CURLINFO_EFFECTIVE_URL, &url);
    return code == CURLE_URL_MALFORMAT || code == CURLE_LOGIN_DENIED ||
           (code == CURLE_UNSUPPORTED_PROTOCOL && redirects > 0 && url && !http_is_url(url));
}

enum http_end http_explain(CURLcode code, CURL *easy, const struct http_bounds *b,
                           struct err *why) {
    if (b->body_is_longer || b->head_is_longer || code == CURLE_FILESIZE_EXCEEDED)
        return explain_size(b, why);
    if (code == CURLE_OPERATION_TIMEDOUT)
        return explain_timeout(easy, b, why);
    if (code == CURLE_COULDNT_CONNECT)
        return explain_connect(easy, why);
    if (code == CURLE_PEER_FAILED_VERIFICATION)
        return explain_certificate(easy, why);
    if (leads_astray(code, easy)) {
        err_set(why, ERR_IO, "redirected to an address that is not asked");
        return HTTP_REDIRECTS;
    }
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        if (reasons[i].code != code)
            continue;
        err_set(why, ERR_IO, "%s", reasons[i].words);
        err_fix(why, "%s", reasons[i].fix);
        return reasons[i].end;
    }
    err_set(why, ERR_IO, "the connection broke off");
    return HTTP_BROKEN;
}
