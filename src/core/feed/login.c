#include "feed/login.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "feed/http_parts.h"

enum { FILE_MOST_BYTES = 64 << 10 };

static const char *environment(const char *name) {
    const char *value = getenv(name);
    return value && value[0] ? value : NULL;
}

/* Secrets go into a header line of the request. */
static bool has_control(const char *s, size_t len) {
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)s[i] < ' ' || s[i] == 0x7f)
            return true;
    return false;
}

static bool take(char *out, size_t size, const char *s, size_t len) {
    if (len == 0 || len >= size || has_control(s, len))
        return false;
    memcpy(out, s, len);
    out[len] = '\0';
    return true;
}

/* "host", which is any port of it, or "host:port"; [::1] keeps its brackets. */
static bool fits(const char *word, size_t len, const struct http_place *p) {
    size_t host = strlen(p->host);
    if (len < host || strncasecmp(word, p->host, host) != 0)
        return false;
    if (len == host)
        return true;
    int port = 0;
    if (word[host] != ':' || len - host < 2 || len - host > 6)
        return false;
    for (size_t i = host + 1; i < len; i++) {
        if (word[i] < '0' || word[i] > '9')
            return false;
        port = port * 10 + (word[i] - '0');
    }
    return port == p->port;
}

/* --- the environment --- */

static bool take_variable(char *out, size_t size, const char *name, struct err *e) {
    const char *value = environment(name);
    if (take(out, size, value, strlen(value)))
        return true;
    return err_set(e, ERR_USAGE, "%s is longer than %zu bytes or holds a control character", name,
                   size - 1);
}

static bool take_basic(struct login *l, struct err *e) {
    l->kind = LOGIN_BASIC;
    if (!take_variable(l->user, sizeof l->user, "PERFSCALE_HTTP_USER", e) ||
        !take_variable(l->secret, sizeof l->secret, "PERFSCALE_HTTP_PASSWORD", e))
        return false;
    return !strchr(l->user, ':') ||
           err_set(e, ERR_USAGE, "PERFSCALE_HTTP_USER holds a colon, which a user name cannot");
}

static bool from_environment(struct login *l, const struct http_place *p, struct err *e) {
    const char *host = environment("PERFSCALE_HTTP_HOST");
    bool user = environment("PERFSCALE_HTTP_USER"), word = environment("PERFSCALE_HTTP_PASSWORD");
    if (host && !fits(host, strlen(host), p))
        return true;
    if (environment("PERFSCALE_HTTP_TOKEN")) {
        l->kind = LOGIN_BEARER;
        return take_variable(l->secret, sizeof l->secret, "PERFSCALE_HTTP_TOKEN", e);
    }
    if (user && word)
        return take_basic(l, e);
    if (!user && !word)
        return true;
    err_set(e, ERR_USAGE, "%s is set, but %s is not",
            user ? "PERFSCALE_HTTP_USER" : "PERFSCALE_HTTP_PASSWORD",
            user ? "PERFSCALE_HTTP_PASSWORD" : "PERFSCALE_HTTP_USER");
    return err_fix(e, "set both, or none");
}

/* --- the file --- */

/* The next word of the line; *s and *len are what follows it. */
static const char *next_word(const char **s, size_t *len, size_t *word_len) {
    const char *word = text_trim(*s, len);
    *word_len = 0;
    while (*word_len < *len && word[*word_len] != ' ' && word[*word_len] != '\t')
        ++*word_len;
    *s = word + *word_len;
    *len -= *word_len;
    return word;
}

static bool is_word(const char *word, size_t len, const char *want) {
    return len == strlen(want) && strncasecmp(word, want, len) == 0;
}

/* What stands behind the host. */
static bool take_line(struct login *l, const char *s, size_t len) {
    size_t n;
    const char *word = next_word(&s, &len, &n);
    if (is_word(word, n, "basic")) {
        l->kind = LOGIN_BASIC;
        word = next_word(&s, &len, &n);
        if (!take(l->user, sizeof l->user, word, n) || strchr(l->user, ':'))
            return false;
    } else if (is_word(word, n, "bearer"))
        l->kind = LOGIN_BEARER;
    else
        return false;
    word = text_trim(s, &len);
    return take(l->secret, sizeof l->secret, word, len);
}

/* Looks through the lines until one fits. */
static bool from_lines(struct login *l, const char *text, size_t len, const struct http_place *p,
                       const char *path, struct err *e) {
    const char *end = text + len;
    for (long line = 1; text < end; line++) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        const char *s = text;
        size_t left = (size_t)((stop ? stop : end) - text), n;
        text = stop ? stop + 1 : end;
        const char *host = next_word(&s, &left, &n);
        if (n == 0 || host[0] == '#')
            continue;
        if (!take_line(l, s, left)) {
            err_set(e, ERR_FORMAT, "the line is not understood");
            err_fix(e, "write HOST basic USER PASSWORD or HOST bearer TOKEN");
            return err_at(e, path, line);
        }
        if (fits(host, n, p))
            return true;
        login_forget(l);
    }
    return true;
}

/* Only its owner may read it: looked at after it is open, so that it cannot be changed between. */
static bool is_private(int fd, const char *path, struct err *e) {
    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        err_set(e, ERR_FORMAT, "is not a file");
    else if (st.st_uid != geteuid())
        err_set(e, ERR_REFUSED, "holds secrets and belongs to another user");
    else if (st.st_mode & 077) {
        err_set(e, ERR_REFUSED, "holds secrets and can be used by others (mode %04o)",
                (unsigned)st.st_mode & 07777);
        err_fix(e, "chmod 600 %s", path);
    } else if (st.st_size > FILE_MOST_BYTES)
        err_set(e, ERR_LIMIT, "is longer than %d kB", FILE_MOST_BYTES >> 10);
    else
        return true;
    return err_at(e, path, 0);
}

static bool read_whole(int fd, char *to, size_t *len) {
    ssize_t n;
    *len = 0;
    while ((n = read(fd, to + *len, FILE_MOST_BYTES - *len)) != 0) {
        if (n < 0 && errno != EINTR)
            return false;
        *len += n > 0 ? (size_t)n : 0;
    }
    return true;
}

static bool from_open_file(struct login *l, int fd, const struct http_place *p, const char *path,
                           struct err *e) {
    char *text = mem_new(FILE_MOST_BYTES, 1);
    size_t len;
    bool ok = is_private(fd, path, e);
    if (ok && !read_whole(fd, text, &len)) {
        err_set(e, ERR_IO, "cannot read: %s", strerror(errno));
        ok = err_at(e, path, 0);
    }
    ok = ok && from_lines(l, text, len, p, path, e);
    explicit_bzero(text, FILE_MOST_BYTES);
    free(text);
    return ok;
}

static bool from_file(struct login *l, const struct http_place *p, struct err *e) {
    const char *named = environment("PERFSCALE_LOGINS"), *home = environment("HOME");
    char usual[1024];
    if (!named && (!home || !file_join(usual, sizeof usual, home, ".config/perfscale/logins")))
        return true;
    const char *path = named ? named : usual;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0 && !named && (errno == ENOENT || errno == ENOTDIR))
        return true;
    if (fd < 0) {
        err_set(e, ERR_IO, "cannot read: %s", strerror(errno));
        return err_at(e, path, 0);
    }
    bool ok = from_open_file(l, fd, p, path, e);
    close(fd);
    return ok;
}

bool login_find(struct login *l, const char *url, struct err *e) {
    struct http_place p;
    *l = (struct login){0};
    bool ok = http_place(&p, url, e) && from_environment(l, &p, e) &&
              (l->kind != LOGIN_NONE || from_file(l, &p, e));
    if (!ok)
        login_forget(l);
    return ok;
}

void login_forget(struct login *l) { explicit_bzero(l, sizeof *l); }
