/* Reads one result: bytes from a feed through the reader that knows them. */
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/text.h"
#include "gather/gather.h"
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

size_t session_stretches(const struct profile *p, const struct rules *rules,
                         struct stretch_wanted out[STRETCHES_MAX]) {
    size_t n = 0;
    for (int i = 0; p && i < p->stages && n < STRETCHES_MAX; i++) {
        const struct stage *s = &p->stage[i];
        if (stage_is_ramp(s))
            continue;
        struct stretch_wanted *to = &out[n++];
        *to = (struct stretch_wanted){.from_s = stage_settled_s(s, rules),
                                      .to_s = s->start_s + s->duration_s};
        text_copy(to->name, sizeof to->name, s->name);
        n -= to->to_s <= to->from_s;
    }
    return n;
}

bool session_read_result(const char *path, const char *format, struct summary *run, struct err *e) {
    const struct gather_options o = {.format = format};
    return gather(&path, 1, &o, run, e);
}

bool session_read_bytes(const char *name, const char *bytes, size_t len, const char *format,
                        struct summary *run, struct err *e) {
    const struct gather_options o = {.format = format};
    return gather_bytes(name, bytes, len, &o, run, e);
}
