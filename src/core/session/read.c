/* Reads one result: bytes from a feed through the reader that knows them. */
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/text.h"
#include "feed/feed.h"
#include "session/parts.h"
#include "workspace/workspace.h"

/* Whoever opens a pipe waits for its other end, and a dashboard must not. */
static bool is_pipe(const char *path, struct err *e) {
    struct stat st;
    if (stat(path, &st) != 0 || !S_ISFIFO(st.st_mode))
        return false;
    err_set(e, ERR_FORMAT, "is a pipe, not a file");
    err_fix(e, "save the result to a file");
    err_at(e, path, 0);
    return true;
}

bool result_path(const struct session *s, const char *name, char *out, size_t size, struct err *e) {
    if (!workspace_path(&s->ws, name, out, size) || !file_exists(out))
        if (!text_copy(out, size, name))
            return err_set(e, ERR_LIMIT, "the name is too long");
    return !is_pipe(out, e);
}

static const struct reader *pick(const char *format, const char *head, size_t len, struct err *e) {
    const struct reader *r = format ? tool_reader_named(format) : tool_reader(head, len);
    if (!r && format)
        err_set(e, ERR_USAGE, "\"%.60s\" is not a format that perfscale knows", format);
    else if (!r)
        err_set(e, ERR_FORMAT, "This is not a summary I know. Nothing was stored");
    return r;
}

static bool read_pieces(struct feed *f, const struct reader *r, const char *bytes, size_t len,
                        struct summary *run, struct err *e) {
    struct sink out = summary_sink(run, r);
    void *self = r->open(&out);
    bool ok = true;
    while (ok && len > 0)
        ok = r->feed(self, bytes, len, e) && feed_next(f, &bytes, &len, e);
    ok = ok && r->finish(self, e);
    r->close(self);
    return ok;
}

static bool read_feed(struct feed *f, const char *format, struct summary *run, struct err *e) {
    const char *bytes;
    size_t len;
    bool ok = feed_next(f, &bytes, &len, e);
    const struct reader *r = ok ? pick(format, bytes, len, e) : NULL;
    ok = r && read_pieces(f, r, bytes, len, run, e);
    if (!ok)
        err_at(e, f->name, 0);
    feed_close(f);
    return ok;
}

bool session_read_result(const char *path, const char *format, struct summary *run, struct err *e) {
    struct feed f;
    summary_init(run);
    return feed_open(&f, path, e) && read_feed(&f, format, run, e);
}

bool session_read_bytes(const char *name, const char *bytes, size_t len, const char *format,
                        struct summary *run, struct err *e) {
    struct feed f;
    summary_init(run);
    feed_open_memory(&f, name, bytes, len);
    return read_feed(&f, format, run, e);
}
