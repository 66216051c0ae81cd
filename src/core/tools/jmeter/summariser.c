/* The Summariser's lines of one or more runs, out of a console or jmeter.log. The last run that has
 * a total counts. */
#include "tools/jmeter/summariser.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "results/number.h"
#include "results/terminal.h"
#include "tools/jmeter/results.h"

enum {
    PENDING_MAX_BYTES = 600, /* a line, its cut pieces joined */
};

struct summariser {
    struct sink out;
    struct terminal_lines lines;
    struct buf pending; /* a line that a terminal may have cut */
    long pending_line;
    struct summariser_run now, best;
    int runs;       /* with a total */
    bool intervals; /* some were seen */
    bool half;      /* the last line is cut off */
    char version[32];
};

/* --- runs ------------------------------------------------------------------------------------ */

static void end_run(struct summariser *m) {
    if (summariser_main(&m->now)) {
        summariser_run_fini(&m->best);
        m->best = m->now;
        m->now = (struct summariser_run){0};
        m->runs++;
    }
    summariser_run_fini(&m->now);
}

static void take_line(struct summariser *m, const struct summariser_line *l) {
    if (summariser_begins_anew(&m->now, l))
        end_run(m);
    m->intervals |= l->interval;
    summariser_take(&m->now, l, m->pending.data, m->pending_line);
}

/* --- lines around ---------------------------------------------------------------------------- */

static bool holds(const char *s, size_t len, const char *word) {
    return memmem(s, len, word, strlen(word)) != NULL;
}

/* "... (1795424345012)": Unix ms at the end of a line; 0 when there is none. */
static int64_t ms_at_end(const char *s, size_t len) {
    uint64_t v;
    s = text_trim(s, &len);
    const char *open = memrchr(s, '(', len);
    if (!open || s[len - 1] != ')' || !number_whole(open + 1, (size_t)(s + len - 1 - open) - 1, &v))
        return 0;
    return v > INT64_C(4000000000000) ? 0 : (int64_t)v;
}

static void on_start(struct summariser *m, const char *s, size_t len) {
    end_run(m);
    m->now.started = true;
    m->now.start_ms = ms_at_end(s, len);
}

static void on_creating(struct summariser *m, const char *s, size_t len) {
    (void)s, (void)len;
    if (m->now.blocks)
        end_run(m);
}

static void on_log_start(struct summariser *m, const char *s, size_t len) {
    (void)s, (void)len;
    end_run(m);
}

static void on_tidying(struct summariser *m, const char *s, size_t len) {
    m->now.end_ms = ms_at_end(s, len);
}

static void on_end(struct summariser *m, const char *s, size_t len) {
    (void)s, (void)len;
    m->now.ended = true;
}

static void on_command(struct summariser *m, const char *s, size_t len) {
    s = text_trim(s, &len);
    text_clean(s, len, TEXT_ONE_LINE, m->now.stopped, sizeof m->now.stopped);
}

static void on_trouble(struct summariser *m, const char *s, size_t len) {
    s = text_trim(s, &len);
    if (!m->now.generator[0])
        text_clean(s, len, TEXT_ONE_LINE, m->now.generator, sizeof m->now.generator);
}

static void on_version(struct summariser *m, const char *s, size_t len) {
    static const char mark[] = "JMeter: Version ";
    const char *at = memmem(s, len, mark, sizeof mark - 1);
    size_t left = (size_t)(s + len - at) - (sizeof mark - 1), n = 0;
    at += sizeof mark - 1;
    while (n < left && n + 1 < sizeof m->version && at[n] > ' ' && at[n] < 0x7f)
        n++;
    memcpy(m->version, at, n);
    m->version[n] = '\0';
}

static const struct {
    const char *word;
    void (*take)(struct summariser *m, const char *s, size_t len);
} signs[] = {
    {"Starting the test", on_start},
    {"Starting standalone test", on_start},
    {"Starting distributed test", on_start},
    {"Starting remote engines", on_creating},
    {"Creating summariser <", on_creating},
    {"Running the test!", on_log_start},
    {"Tidying up ", on_tidying},
    {"... end of run", on_end},
    {"Command: Shutdown received", on_command},
    {"Command: StopTestNow received", on_command},
    {"java.lang.OutOfMemoryError", on_trouble},
    {"Too many open files", on_trouble},
    {"java.net.BindException", on_trouble},
    {"JMeter: Version ", on_version},
};

static void take_other(struct summariser *m, const char *s, size_t len) {
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (holds(s, len, signs[i].word)) {
            signs[i].take(m, s, len);
            return;
        }
}

/* --- lines ----------------------------------------------------------------------------------- */

/* The line without what a log or a CI system puts before it. */
static const char *message_of(const struct terminal_line *l, size_t *len, bool *log) {
    static const char logger[] = "Summariser: ";
    *len = l->len;
    const char *at = l->len ? memmem(l->text, l->len, logger, sizeof logger - 1) : NULL;
    *log = at != NULL;
    if (!at)
        return terminal_without_prefix(l->text, len);
    at += sizeof logger - 1;
    *len = (size_t)(l->text + l->len - at);
    return at;
}

static void end_pending(struct summariser *m) {
    struct summariser_line l;
    if (m->pending.len && summariser_read(m->pending.data, m->pending.len, &l) >= SUMMARISER_OPEN)
        take_line(m, &l);
    buf_clear(&m->pending);
}

/* True when the line is the rest of the one before. */
static bool goes_on(struct summariser *m, const char *s, size_t len) {
    struct summariser_line l, more;
    size_t before = m->pending.len;
    if (before == 0 || len == 0 ||
        summariser_read(m->pending.data, before, &l) == SUMMARISER_WHOLE ||
        !buf_add(&m->pending, s, len))
        return false;
    if (summariser_read(m->pending.data, m->pending.len, &more) != SUMMARISER_NO &&
        strcmp(l.name, more.name) == 0)
        return true;
    m->pending.data[before] = '\0';
    m->pending.len = before;
    return false;
}

static void on_line(void *self, const struct terminal_line *l) {
    struct summariser *m = self;
    struct summariser_line read;
    size_t len;
    bool log;
    const char *s = message_of(l, &len, &log);
    enum summariser_fit fit =
        len <= PENDING_MAX_BYTES ? summariser_read(s, len, &read) : SUMMARISER_NO;
    if (fit < SUMMARISER_OPEN && goes_on(m, s, len))
        return;
    end_pending(m);
    m->half = fit == SUMMARISER_PART && !l->ended;
    if (fit == SUMMARISER_NO) {
        take_other(m, s, len);
        return;
    }
    buf_add(&m->pending, s, len);
    m->pending_line = l->number;
    m->now.log |= log;
}

/* --- the end --------------------------------------------------------------------------------- */

static void say_words(const struct summariser *m, const struct summariser_run *r,
                      const struct summariser_block *b) {
    const struct sink *out = &m->out;
    if (r->log)
        sink_text(out, DOOR_FORMAT, "jmeter-log", 0);
    if (m->version[0])
        sink_text(out, DOOR_TOOL_VERSION, m->version, 0);
    if (r->stopped[0])
        sink_text(out, DOOR_STOPPED, r->stopped, 0);
    else if (r->started && !r->ended)
        sink_text(out, DOOR_STOPPED, "cut off: JMeter's line \"... end of run\" is missing", 0);
    if (r->generator[0])
        sink_text(out, DOOR_GENERATOR, r->generator, 0);
    sink_text(out, DOOR_BLOCKS, NULL, m->runs);
    sink_text(out, DOOR_LINES, NULL, (double)m->lines.number);
    if (r->blocks > 1)
        sink_remark(out, FINDING_INFO, "several-summarisers", b->line,
                    "Several summarisers report side by side; \"%s\" counted most and was taken.",
                    b->name);
    if (m->half)
        sink_remark(out, FINDING_WARNING, "half-line", m->lines.number,
                    "The last line is cut off and was left out.");
    sink_remark(out, FINDING_INFO, "no-percentiles", b->line,
                "The Summariser prints no percentiles and nothing per endpoint: give the JTL for "
                "them.");
}

static bool nothing(const struct summariser *m, struct err *e) {
    if (m->intervals) {
        err_set(e, ERR_FORMAT, "holds only intervals of JMeter's Summariser (+) and no total (=)");
        return err_fix(e, "take the output up to the end of the run, or the JTL");
    }
    err_set(e, ERR_FORMAT, "holds no line of JMeter's Summariser");
    return err_fix(e, "run JMeter with -Jsummariser.name=summary, or take the JTL");
}

static bool summariser_finish(void *self, struct err *e) {
    struct summariser *m = self;
    terminal_lines_finish(&m->lines);
    end_pending(m);
    end_run(m);
    const struct summariser_block *b = summariser_main(&m->best);
    if (!b)
        return nothing(m, e);
    if (b->total.failed > b->total.requests || b->total.min_ms > b->total.max_ms) {
        err_set(e, ERR_FORMAT,
                "holds a total that cannot be: more failed than requests, or min "
                "above max");
        return err_at(e, "", b->line);
    }
    summariser_say(&m->best, &m->out);
    say_words(m, &m->best, b);
    return true;
}

static void *summariser_open(const struct sink *out) {
    struct summariser *m = mem_new(1, sizeof *m);
    m->out = *out;
    terminal_lines_init(&m->lines, m, on_line);
    buf_init(&m->pending, PENDING_MAX_BYTES);
    return m;
}

static bool summariser_feed(void *self, const char *bytes, size_t len, struct err *e) {
    struct summariser *m = self;
    (void)e;
    terminal_lines_feed(&m->lines, bytes, len);
    return true;
}

static void summariser_close(void *self) {
    struct summariser *m = self;
    terminal_lines_fini(&m->lines);
    buf_fini(&m->pending);
    summariser_run_fini(&m->now);
    summariser_run_fini(&m->best);
    free(m);
}

/* --- recognising ----------------------------------------------------------------------------- */

static int sureness(const char *s, size_t len) {
    static const struct {
        const char *word;
        int sure;
    } rows[] = {
        {"Creating summariser <", 80},
        {"Starting the test @ ", 60},
        {"Starting standalone test @", 60},
        {"INFO  - jmeter.", 50},
        {" INFO o.a.j.", 50},
    };
    struct summariser_line l;
    if (len <= PENDING_MAX_BYTES && summariser_read(s, len, &l) >= SUMMARISER_OPEN)
        return 95;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (holds(s, len, rows[i].word))
            return rows[i].sure;
    return 0;
}

static int line_sureness(const struct terminal_line *l) {
    bool log;
    size_t len;
    const char *s = message_of(l, &len, &log);
    return sureness(s, len);
}

static int summariser_sniff(const char *head, size_t len) {
    return terminal_surest(head, len, line_sureness);
}

const struct reader jmeter_summariser_reader = {
    .name = "jmeter-summariser",
    .tool = "jmeter",
    .gives = GIVES_TEXT,
    .sniff = summariser_sniff,
    .sniffs_lines = true,
    .open = summariser_open,
    .feed = summariser_feed,
    .finish = summariser_finish,
    .close = summariser_close,
};
