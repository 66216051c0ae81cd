/* A source in one go, from its feed. */
#include <string.h>

#include "gather/parts.h"

static bool feed_all(struct input *s, void *reader, const struct reading *g, struct err *e) {
    const char *bytes = s->head;
    size_t len = s->head_len;
    uint64_t counted = 0;
    while (len > 0) {
        if (canceled(g, e) || !s->reader->feed(reader, bytes, len, e))
            return false;
        done_bytes(g, s->feed.at_bytes - counted);
        counted = s->feed.at_bytes;
        if (!feed_next(&s->feed, &bytes, &len, e))
            return false;
    }
    return true;
}

/* What is inflated of a damaged file up to there counts, when it is anything. */
static bool is_damage(const struct input *s, const struct err *e) {
    return s->feed.gzip && e->kind == ERR_FORMAT && strncmp(e->text, "is damaged", 10) == 0;
}

bool read_whole(struct input *s, const struct reading *g, struct err *e) {
    struct taker t;
    struct err why = {0};
    s->stats = stats_for(g, s->reader, 1);
    s->transactions = stats_for(g, s->reader, 1);
    struct sink out = taker_sink(&t, &s->said, s->reader, s->stats, s->transactions);
    void *reader = s->reader->open(&out);
    bool ok = feed_all(s, reader, g, &why);
    if (!ok && is_damage(s, &why)) {
        findings_add(&s->said.findings, FINDING_WARNING, "damaged",
                     "What is compressed in it cannot be undone to its end; what stands before "
                     "the damage was read.");
        ok = true;
    }
    ok = ok && s->reader->finish(reader, &why);
    s->reader->close(reader);
    if (s->feed.cut)
        findings_add(&s->said.findings, FINDING_WARNING, "cut-off",
                     "The gzip file has no end: it is still being written, or was cut off. What "
                     "is in it was read.");
    if (!ok && e) {
        *e = why;
        err_at(e, s->feed.name, 0);
    }
    return ok;
}
