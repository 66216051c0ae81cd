/* One input, in one go from its feed or in pieces. */
#include <string.h>
#include <sys/stat.h>

#include "gather/parts.h"

static bool feed_all(struct input *s, void *reader, const struct read_how *g, uint64_t *counted,
                     struct err *e) {
    const char *bytes = s->head;
    size_t len = s->head_len;
    while (len > 0) {
        if (canceled(g, e) || !s->reader->feed(reader, bytes, len, e))
            return false;
        done_bytes(g, (int64_t)(s->feed.at_bytes - *counted));
        *counted = s->feed.at_bytes;
        if (!feed_next(&s->feed, &bytes, &len, e))
            return false;
    }
    return true;
}

bool read_whole(struct input *s, const struct read_how *g, struct err *e) {
    struct taker t;
    uint64_t counted = 0;
    s->stats = stats_for(g, s, 1);
    struct sink out = taker_sink(&t, &s->said, s->reader, s->stats);
    void *reader = s->reader->open(&out);
    bool ok = feed_all(s, reader, g, &counted, e) && s->reader->finish(reader, e);
    s->reader->close(reader);
    memcpy(s->rows, t.rows, sizeof s->rows);
    return ok;
}

static void say_cut(struct input *s) {
    struct stat st;
    bool grew = s->feed.size_bytes > 0 && s->feed.fd >= 0 && fstat(s->feed.fd, &st) == 0 &&
                (uint64_t)st.st_size > s->feed.size_bytes;
    if (grew)
        findings_add(&s->said.findings, FINDING_WARNING, "cut-off",
                     "The file grew while it was read: the run still goes on. The figures are of "
                     "what stood in it");
    else if (s->feed.cut)
        findings_add(&s->said.findings, FINDING_WARNING, "cut-off",
                     "The gzip file has no end: it is still written, or was cut off. The figures "
                     "are of what stands in it");
}

bool input_read(struct input *s, const struct read_how *g, struct err *e) {
    enum split_end how = source_splits(s, g) ? read_split(s, g, e) : SPLIT_AGAIN;
    bool ok = how == SPLIT_DONE || (how == SPLIT_AGAIN && read_whole(s, g, e));
    if (!ok) {
        err_at(e, s->feed.name, 0);
        return false;
    }
    say_cut(s);
    errors_sort(&s->said);
    s->own_clock = summary_has(&s->said, METRIC_RPS) || summary_has(&s->said, METRIC_DURATION_S);
    if (s->stats)
        s->timed = stats_span(s->stats, &s->first_ms, &s->last_ms);
    return true;
}
