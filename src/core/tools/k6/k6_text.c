#include "tools/k6/k6_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

enum {
    RECORD_MAX_BYTES = 2048,
};

/* Where in the source a line is. */
enum place {
    OUTSIDE,
    IN_THRESHOLDS,
    IN_TOTAL,
    IN_PARTS, /* scenarios and groups of a full summary: their requests are parts of the total */
    IN_LIST,  /* the one list of a summary up to 0.57 */
};

struct k6_text {
    struct sink out;
    struct terminal_lines lines;
    enum place place;
    struct k6_block now, best; /* best: the last complete one */
    bool has_now, has_best;
    int blocks, run;
    struct k6_log log; /* of the run that is being read */
    struct buf record; /* a log record that the terminal may have cut into lines */
    struct buf joined;
    struct k6_pending pending;
    char metric[K6_NAME_MAX_BYTES], tags[SCOPE_MAX_BYTES]; /* that the next line belongs to */
    char scenario[SCOPE_MAX_BYTES], part[SCOPE_MAX_BYTES]; /* as tags: "scenario:buy,group:pay" */
    bool any_metric, any_run;                              /* something of k6 was there */
};

/* --- blocks ---------------------------------------------------------------------------------- */

static void begin_block(struct k6_text *t, bool titled, enum place place) {
    k6_block_init(&t->now, &k6_text_reader);
    t->now.titled = titled;
    t->now.log = t->log;
    t->has_now = true;
    t->place = place;
    t->metric[0] = t->tags[0] = t->scenario[0] = t->part[0] = '\0';
}

/* What was said around the run goes to its summary. */
static void end_run(struct k6_text *t) {
    if (t->has_best && t->best.run == t->run)
        t->best.log = t->log;
    t->log = (struct k6_log){0};
    t->run++;
}

static void take_block(struct k6_text *t) {
    /* A second summary with no start of a run between: what was said so far was about the first. */
    if (t->has_best && t->best.run == t->run) {
        t->best.log = t->now.log;
        t->log = (struct k6_log){0};
        t->run++;
    }
    t->blocks++;
    t->now.run = t->run;
    if (t->has_best && k6_block_more(&t->best) && !k6_block_more(&t->now)) {
        k6_block_fini(&t->now);
        return;
    }
    if (t->has_best)
        k6_block_fini(&t->best);
    t->best = t->now;
    t->has_best = true;
}

static void end_block(struct k6_text *t) {
    if (!t->has_now)
        return;
    t->has_now = false;
    t->place = OUTSIDE;
    if (k6_block_complete(&t->now))
        take_block(t);
    else
        k6_block_fini(&t->now);
}

/* --- lines that may go on -------------------------------------------------------------------- */

static void resolve_values(struct k6_text *t, bool last) {
    struct k6_pending *p = &t->pending;
    struct k6_values v;
    if (p->values == K6_NOT_NEEDED)
        return; /* it was kept for the pieces that belong to it */
    k6_pending_values(p, last, &t->now.widest, &v, &t->joined);
    k6_block_take(&t->now, p->metric, p->tags, &v, p->line);
}

static void resolve_threshold(struct k6_text *t) {
    struct k6_pending *p = &t->pending;
    struct k6_threshold th;
    if (!k6_pending_threshold(p, &th))
        return;
    k6_block_threshold(&t->now, p->metric, p->tags, th.expr, p->mark);
    k6_block_take(&t->now, p->metric, p->tags, &th.values, p->line);
}

static void resolve(struct k6_text *t, bool last) {
    enum k6_item_kind kind = t->pending.kind;
    t->pending.kind = K6_BLANK;
    if (kind == K6_THRESHOLD)
        resolve_threshold(t);
    else if (kind != K6_BLANK)
        resolve_values(t, last);
}

static void start_pending(struct k6_text *t, const struct k6_item *it,
                          const struct terminal_line *l) {
    struct k6_pending *p = &t->pending;
    buf_clear(&p->text);
    p->kind = it->kind;
    p->mark = it->mark;
    p->values = k6_kind_of(t->metric);
    p->pieces = 0;
    p->line = l->number;
    text_copy(p->metric, sizeof p->metric, t->metric);
    text_copy(p->tags, sizeof p->tags, t->tags);
    /* Blanks at its end count: the terminal may have cut there. */
    if (!k6_pending_add(p, it->rest, (size_t)(l->text + l->len - it->rest), l))
        p->kind = K6_BLANK;
}

/* True when the line is a piece of the one before it. */
static bool goes_on(struct k6_text *t, const struct k6_item *it, const char *s, size_t len,
                    const struct terminal_line *l) {
    struct k6_pending *p = &t->pending;
    if (p->kind == K6_BLANK || l->too_long ||
        (it->kind != K6_UNKNOWN && it->kind != K6_MARK_NUMBER))
        return false;
    struct k6_threshold whole;
    if (p->kind == K6_THRESHOLD && k6_pending_threshold(p, &whole))
        return false;
    return k6_pending_add(p, s, len, l);
}

/* --- one line -------------------------------------------------------------------------------- */

static void set_tags(struct k6_text *t, const char *s, size_t len) {
    s = text_trim(s, &len);
    bool fits = len < sizeof t->tags;
    memcpy(t->tags, s, fits ? len : 0);
    t->tags[fits ? len : 0] = '\0';
    if (!fits || !len)
        t->metric[0] = '\0'; /* nobody's figures */
}

static void set_metric(struct k6_text *t, const char *s, size_t len) {
    bool fits = len < sizeof t->metric;
    memcpy(t->metric, s, fits ? len : 0);
    t->metric[fits ? len : 0] = '\0';
    t->tags[0] = '\0';
}

/* A line of THRESHOLDS that names what the next ones are about: "metric", "metric{tags}" or, below
 * its metric, "{tags}". */
static void threshold_heading(struct k6_text *t, const char *s, size_t len) {
    s = text_trim(s, &len);
    const char *brace = memchr(s, '{', len);
    size_t name = brace ? (size_t)(brace - s) : len;
    if (name)
        set_metric(t, s, name);
    if (brace && s[len - 1] == '}')
        set_tags(t, brace + 1, len - name - 2);
}

/* k6 indents: a first line without blanks may have lost the beginning of its name. */
static bool may_lack_its_start(const struct k6_item *it, const struct terminal_line *l) {
    return l->number == 1 && it->name == l->text;
}

static bool is_part_metric(const struct k6_text *t, const char *name) {
    return t->place == IN_PARTS && t->has_now && t->part[0] &&
           (strcmp(name, "http_reqs") == 0 || strcmp(name, "http_req_failed") == 0 ||
            strcmp(name, "http_req_duration") == 0);
}

static void on_metric(struct k6_text *t, const struct k6_item *it, const struct terminal_line *l) {
    if (may_lack_its_start(it, l))
        return;
    char name[K6_NAME_MAX_BYTES];
    memcpy(name, it->name, it->name_len);
    name[it->name_len] = '\0';
    unsigned bit = k6_seen_bit(name);
    if (is_part_metric(t, name)) {
        set_metric(t, name, it->name_len);
        text_copy(t->tags, sizeof t->tags, t->part);
        start_pending(t, it, l);
        return;
    }
    if (t->place == IN_THRESHOLDS || t->place == IN_PARTS ||
        (t->place == IN_TOTAL && it->mark != K6_NO_MARK))
        return; /* a mark there: a check with a strange name */
    if (t->place == IN_LIST && (t->now.seen & bit))
        end_block(t); /* the list of another run */
    if (t->place == OUTSIDE)
        begin_block(t, false, IN_LIST);
    set_metric(t, name, it->name_len);
    t->any_metric |= bit != 0;
    if (t->place == IN_TOTAL && (t->now.seen & bit)) {
        t->metric[0] = '\0';
        return;
    }
    t->now.seen |= bit;
    if (bit == k6_seen_bit("http_req_blocked"))
        t->now.full |= bit != 0;
    k6_block_threshold(&t->now, name, "", "(not shown)", it->mark);
    start_pending(t, it, l);
}

static void on_sub_metric(struct k6_text *t, const struct k6_item *it,
                          const struct terminal_line *l) {
    if ((t->place != IN_TOTAL && t->place != IN_LIST) || !t->metric[0])
        return;
    char parent[K6_NAME_MAX_BYTES];
    text_copy(parent, sizeof parent, t->metric);
    set_tags(t, it->name, it->name_len);
    if (t->metric[0]) {
        if (t->place == IN_LIST)
            k6_block_threshold(&t->now, t->metric, t->tags, "(not shown)", it->mark);
        start_pending(t, it, l);
    }
    set_metric(t, parent, strlen(parent));
}

static void on_title(struct k6_text *t, const struct k6_item *it) {
    t->any_metric = true;
    bool goes_on = it->kind == K6_TOTAL && t->place == IN_THRESHOLDS;
    if (goes_on) {
        t->place = IN_TOTAL;
        t->metric[0] = t->tags[0] = '\0';
        return;
    }
    end_block(t);
    begin_block(t, true, it->kind == K6_TOTAL ? IN_TOTAL : IN_THRESHOLDS);
}

static void put_tag(struct text_out *to, const char *key, const char *value, size_t len) {
    if (to->len)
        text_put(to, ",", 1);
    text_put(to, key, strlen(key));
    text_put(to, value, len);
}

static void name_part(struct k6_text *t, const struct k6_item *it) {
    struct text_out scenario = {.to = t->scenario, .size = sizeof t->scenario};
    struct text_out part = {.to = t->part, .size = sizeof t->part};
    bool group = it->name[0] == 'G';
    if (!group)
        text_put(&scenario, it->rest, it->rest_len);
    if (t->scenario[0])
        put_tag(&part, "scenario:", t->scenario, strlen(t->scenario));
    if (group)
        put_tag(&part, "group:", it->rest, it->rest_len);
}

static void on_part(struct k6_text *t, const struct k6_item *it) {
    name_part(t, it);
    if (t->place == IN_LIST)
        end_block(t);
    if (t->has_now)
        t->now.full = true;
    t->place = IN_PARTS;
}

/* The progress line after a summary ends it, and a run begins with a banner. */
static void leave_summary(struct k6_text *t) {
    end_block(t);
    t->place = OUTSIDE;
}

static void on_item(struct k6_text *t, const struct k6_item *it, const char *s, size_t len,
                    const struct terminal_line *l) {
    if (t->place == IN_LIST && it->kind != K6_METRIC && it->kind != K6_SUB_METRIC &&
        it->kind != K6_BLANK)
        end_block(t);
    switch (it->kind) {
    case K6_METRIC:
        on_metric(t, it, l);
        break;
    case K6_SUB_METRIC:
        on_sub_metric(t, it, l);
        break;
    case K6_THRESHOLDS:
    case K6_TOTAL:
        on_title(t, it);
        break;
    case K6_PART:
        on_part(t, it);
        break;
    case K6_THRESHOLD:
        if (t->place == IN_THRESHOLDS && t->metric[0])
            start_pending(t, it, l);
        break;
    case K6_UNKNOWN:
        if (t->place == IN_THRESHOLDS && len)
            threshold_heading(t, s, len);
        break;
    case K6_PROGRESS:
        leave_summary(t);
        t->any_run = true;
        k6_log_progress(&t->log, s, len, l->number);
        break;
    case K6_BAR:
        k6_log_bar(&t->log, it);
        break;
    case K6_BANNER:
        leave_summary(t);
        end_run(t);
        t->any_run = true;
        break;
    default:
        break;
    }
}

static void end_record(struct k6_text *t) {
    if (t->record.len)
        k6_log_record(&t->log, t->record.data);
    buf_clear(&t->record);
}

/* True when the line belongs to a log record. */
static bool in_record(struct k6_text *t, const struct k6_item *it, const char *s, size_t len) {
    if (it->kind != K6_LOG && (it->kind != K6_UNKNOWN || !t->record.len)) {
        end_record(t);
        return false;
    }
    if (it->kind == K6_LOG)
        end_record(t);
    size_t room = RECORD_MAX_BYTES - t->record.len;
    buf_add(&t->record, s, len < room ? len : room);
    return true;
}

static void on_line(void *self, const struct terminal_line *l) {
    struct k6_text *t = self;
    size_t len = l->len;
    const char *s = terminal_without_prefix(l->text, &len);
    struct k6_item it = k6_item_of(s, len);
    if (l->too_long)
        it.kind = K6_UNKNOWN;
    if (goes_on(t, &it, s, len, l))
        return;
    resolve(t, false);
    if (in_record(t, &it, s, len) && t->place != IN_LIST)
        return;
    on_item(t, &it, s, len, l);
}

/* --- the reader ------------------------------------------------------------------------------ */

static void *text_open(const struct sink *out) {
    struct k6_text *t = mem_new(1, sizeof *t);
    t->out = *out;
    terminal_lines_init(&t->lines, t, on_line);
    k6_pending_init(&t->pending);
    buf_init(&t->record, RECORD_MAX_BYTES);
    buf_init(&t->joined, K6_ITEM_MAX_BYTES + K6_PIECES_MAX);
    return t;
}

static bool text_feed(void *self, const char *bytes, size_t len, struct err *e) {
    struct k6_text *t = self;
    (void)e;
    terminal_lines_feed(&t->lines, bytes, len);
    return true;
}

static bool no_summary(const struct k6_text *t, struct err *e) {
    if (t->any_metric) {
        err_set(e, ERR_FORMAT, "holds a piece of k6's summary, without the line http_reqs");
        return err_fix(
            e, "take all that k6 printed; a run that sent no HTTP request has no such line");
    }
    if (t->any_run) {
        err_set(e, ERR_FORMAT, "holds the progress of a k6 run and no summary at its end");
        return err_fix(e, "let the run end; a script with handleSummary() prints no summary: "
                          "take the file that it writes");
    }
    err_set(e, ERR_FORMAT, "holds no end-of-test summary of k6");
    return err_fix(e, "take all that k6 printed, or a file of --summary-export");
}

static void say_number(const struct k6_text *t, enum door door, double value) {
    struct word w = {.door = door, .figure = {.value = value, .low = value, .high = value}};
    t->out.summary(t->out.self, &w);
}

static bool text_finish(void *self, struct err *e) {
    struct k6_text *t = self;
    terminal_lines_finish(&t->lines);
    resolve(t, true);
    end_record(t);
    end_block(t);
    end_run(t);
    if (!t->has_best)
        return no_summary(t, e);
    if (!k6_block_close(&t->best, e))
        return false;
    k6_block_emit(&t->best, &t->out);
    say_number(t, DOOR_BLOCKS, t->blocks);
    say_number(t, DOOR_LINES, (double)t->lines.number);
    return true;
}

static void text_close(void *self) {
    struct k6_text *t = self;
    terminal_lines_fini(&t->lines);
    k6_pending_fini(&t->pending);
    buf_fini(&t->record);
    buf_fini(&t->joined);
    if (t->has_now)
        k6_block_fini(&t->now);
    if (t->has_best)
        k6_block_fini(&t->best);
    free(t);
}

/* --- recognising ----------------------------------------------------------------------------- */

static int sureness(const struct k6_item *it, const char *s, size_t len) {
    switch (it->kind) {
    case K6_METRIC:
        return it->name_len > 5 && memcmp(it->name, "http_", 5) == 0 ? 95 : 0;
    case K6_THRESHOLDS:
    case K6_TOTAL:
        return 95;
    case K6_PROGRESS:
        return memmem(s, len, " VUs, ", 6) ? 90 : 0;
    case K6_BANNER:
        return 70;
    case K6_LOG:
        return memmem(s, len, "msg=Running i=", 14) || memmem(s, len, "Request Failed", 14) ? 40
                                                                                            : 0;
    default:
        return 0;
    }
}

static int line_sureness(const struct terminal_line *l) {
    size_t len = l->len;
    const char *s = terminal_without_prefix(l->text, &len);
    struct k6_item it = k6_item_of(s, len);
    return sureness(&it, s, len);
}

static int text_sniff(const char *head, size_t len) {
    return terminal_surest(head, len, line_sureness);
}

const struct reader k6_text_reader = {
    .name = "k6-text",
    .tool = "k6",
    .gives = GIVES_TEXT,
    .sniff = text_sniff,
    .sniffs_lines = true,
    .open = text_open,
    .feed = text_feed,
    .finish = text_finish,
    .close = text_close,
};
