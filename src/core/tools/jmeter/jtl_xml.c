/* A JTL as XML. Samples nest: a Transaction Controller with a parent sample holds its samples, and
 * a request holds its redirects and embedded resources. What counts is the outermost element that
 * is no transaction. */
#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "results/number.h"
#include "tools/jmeter/jtl_clock.h"
#include "tools/jmeter/jtl_rows.h"
#include "tools/jmeter/results.h"

enum {
    DEPTH_MAX = 100,
    PIECE_BYTES = 1 << 20,       /* given to expat at once */
    ELEMENT_MAX_BYTES = 4 << 20, /* of one tag with its attributes */
    ASSERTION_MAX_BYTES = SCOPE_MAX_BYTES,
    NAMES_MAX = 300, /* expat keeps each name of an element or attribute it has seen */
    NAME_SLOTS = 1024,
    SNIFF_TAGS = 8, /* prolog and comments before the first element */
};

enum stop { STOP_NONE, STOP_END, STOP_DAMAGED };

struct jtl_xml {
    struct jtl_rows rows;
    struct jtl_clock clock;
    XML_Parser parser; /* owned */
    struct buf held;   /* what follows the last whole tag */
    uint64_t fed;      /* bytes that it got, of this document */
    uint64_t event;    /* where the last tag began or ended */
    long lines;        /* of the documents before */
    enum stop stop;
    const char *why;           /* what is wrong with it; static */
    uint32_t name[NAME_SLOTS]; /* hashes of the names seen; 0: empty */
    int names;
    int depth;
    int counted; /* depth of the sample that is open and counts; 0: none */
    bool any_root, mixed;
    bool has_failed; /* that sample failed, and its error is yet to be noted */
    bool failed_transaction;
    bool in_assertion;  /* inside failureMessage */
    struct jtl_row row; /* of that sample */
    char label[SCOPE_MAX_BYTES], code[SCOPE_MAX_BYTES], message[SCOPE_MAX_BYTES];
    char assertion[ASSERTION_MAX_BYTES];
    size_t assertion_len;
};

static long line_of(const struct jtl_xml *x) {
    return x->lines + (long)XML_GetCurrentLineNumber(x->parser);
}

static void stop(struct jtl_xml *x, enum stop how, const char *why) {
    x->stop = how;
    x->why = why;
    XML_StopParser(x->parser, XML_FALSE);
}

static void note_event(struct jtl_xml *x) {
    x->event = (uint64_t)(XML_GetCurrentByteIndex(x->parser) + XML_GetCurrentByteCount(x->parser));
}

/* --- a sample -------------------------------------------------------------------------------- */

static struct jtl_text text_of(const char *s) { return (struct jtl_text){s, strlen(s)}; }

static void error_noted(struct jtl_xml *x) {
    struct jtl_failure why = {
        text_of(x->label), text_of(x->code), text_of(x->message), {x->assertion, x->assertion_len}};
    if (x->has_failed)
        jtl_rows_error(&x->rows, &why, x->failed_transaction);
    x->has_failed = false;
    x->assertion_len = 0;
}

static uint64_t number_of(const char *s) {
    uint64_t v;
    return number_whole(s, strlen(s), &v) ? v : JTL_NOT_SAID;
}

static enum outcome outcome_of(const char *s) {
    return strcmp(s, "true") == 0    ? OUTCOME_OK
           : strcmp(s, "false") == 0 ? OUTCOME_FAILED
                                     : OUTCOME_UNKNOWN;
}

static void take_attribute(struct jtl_xml *x, const char *name, const char *value, bool *ok) {
    struct jtl_row *r = &x->row;
    const struct {
        const char *name;
        uint64_t *to;
    } numbers[] = {
        {"t", &r->elapsed_ms},  {"by", &r->received}, {"sby", &r->sent},
        {"ct", &r->connect_ms}, {"na", &r->threads},  {"sc", &r->samples},
    };
    const struct {
        const char *name;
        char *to;
    } texts[] = {{"lb", x->label}, {"rc", x->code}, {"rm", x->message}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (strcmp(name, numbers[i].name) == 0)
            *numbers[i].to = number_of(value);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcmp(name, texts[i].name) == 0)
            text_copy(texts[i].to, SCOPE_MAX_BYTES, value);
    if (strcmp(name, "s") == 0)
        r->outcome = outcome_of(value);
    if (strcmp(name, "ts") == 0)
        *ok = jtl_clock_read(&x->clock, value, strlen(value), &r->start_ms);
}

/* False: its times make no sense. */
static bool read_sample(struct jtl_xml *x, const XML_Char **attributes) {
    bool ok = true;
    x->row = (struct jtl_row){.start_ms = TALLY_NO_TIME,
                              .elapsed_ms = JTL_NOT_SAID,
                              .outcome = OUTCOME_UNKNOWN,
                              .received = JTL_NOT_SAID,
                              .sent = JTL_NOT_SAID,
                              .connect_ms = JTL_NOT_SAID,
                              .threads = JTL_NOT_SAID,
                              .samples = JTL_NOT_SAID};
    x->label[0] = x->code[0] = x->message[0] = '\0';
    for (; attributes[0]; attributes += 2)
        take_attribute(x, attributes[0], attributes[1], &ok);
    return ok && x->row.elapsed_ms != JTL_NOT_SAID;
}

static void take_sample(struct jtl_xml *x, const XML_Char **attributes) {
    error_noted(x);
    if (!read_sample(x, attributes)) {
        jtl_rows_broken(&x->rows, line_of(x));
        x->counted = x->depth;
        return;
    }
    x->row.label = text_of(x->label);
    x->row.transaction = jtl_is_transaction(text_of(x->message));
    jtl_rows_add(&x->rows, &x->row, line_of(x));
    x->has_failed = x->row.outcome == OUTCOME_FAILED;
    x->failed_transaction = x->row.transaction;
    if (!x->row.transaction)
        x->counted = x->depth;
}

/* --- handlers -------------------------------------------------------------------------------- */

static bool is_sample(const char *name) {
    return strcmp(name, "httpSample") == 0 || strcmp(name, "sample") == 0 ||
           strcmp(name, "statSample") == 0;
}

/* False: there are too many names. */
static bool note_name(struct jtl_xml *x, const char *name) {
    uint32_t hash = 2166136261;
    for (const char *s = name; *s; s++)
        hash = (hash ^ (unsigned char)*s) * 16777619;
    hash |= 1;
    size_t i = hash >> 8 & (NAME_SLOTS - 1);
    while (x->name[i] && x->name[i] != hash)
        i = (i + 1) & (NAME_SLOTS - 1);
    x->names += !x->name[i];
    x->name[i] = hash;
    return x->names <= NAMES_MAX;
}

static bool note_names(struct jtl_xml *x, const char *name, const XML_Char **attributes) {
    bool ok = note_name(x, name);
    for (; ok && attributes[0]; attributes += 2)
        ok = note_name(x, attributes[0]);
    return ok;
}

static void XMLCALL on_start(void *self, const XML_Char *name, const XML_Char **attributes) {
    struct jtl_xml *x = self;
    if (x->stop)
        return;
    note_event(x);
    if (++x->depth > DEPTH_MAX || !note_names(x, name, attributes)) {
        stop(x, STOP_DAMAGED, "it is not built as JMeter builds it");
        return;
    }
    if (x->depth == 1) {
        x->any_root = true;
        if (strcmp(name, "testResults") != 0)
            stop(x, STOP_DAMAGED, "it is not the XML of a JTL (testResults)");
    } else if (!x->counted && is_sample(name)) {
        take_sample(x, attributes);
    }
    x->in_assertion = x->has_failed && strcmp(name, "failureMessage") == 0 && !x->assertion_len;
}

static void XMLCALL on_end(void *self, const XML_Char *name) {
    struct jtl_xml *x = self;
    (void)name;
    if (x->stop)
        return;
    note_event(x);
    x->in_assertion = false;
    if (x->depth == x->counted) {
        x->counted = 0;
        error_noted(x);
    }
    if (--x->depth == 0) {
        error_noted(x);
        stop(x, STOP_END, NULL);
    }
}

static void XMLCALL on_text(void *self, const XML_Char *s, int len) {
    struct jtl_xml *x = self;
    if (!x->in_assertion)
        return;
    size_t room = sizeof x->assertion - x->assertion_len;
    size_t n = (size_t)len < room ? (size_t)len : room;
    memcpy(x->assertion + x->assertion_len, s, n);
    x->assertion_len += n;
}

static void XMLCALL on_doctype(void *self, const XML_Char *name, const XML_Char *system,
                               const XML_Char *public, int has_internal) {
    (void)name, (void)system, (void)public, (void)has_internal;
    stop(self, STOP_DAMAGED, "it has a DOCTYPE, which JMeter never writes");
}

/* --- pieces ---------------------------------------------------------------------------------- */

static void begin_document(struct jtl_xml *x) {
    XML_ParserReset(x->parser, NULL);
    XML_SetUserData(x->parser, x);
    XML_SetElementHandler(x->parser, on_start, on_end);
    XML_SetCharacterDataHandler(x->parser, on_text);
    XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
    x->fed = x->event = 0;
    x->depth = x->counted = 0;
    x->in_assertion = false;
    x->stop = STOP_NONE;
}

/* Blank bytes between two documents; their line ends count. */
static size_t skip_blank(struct jtl_xml *x, const char *s, size_t len) {
    size_t i = 0;
    for (; i < len && (s[i] == ' ' || s[i] == '\t' || s[i] == '\r' || s[i] == '\n'); i++)
        x->lines += s[i] == '\n';
    return i;
}

static void damaged(struct jtl_xml *x) {
    if (x->stop == STOP_NONE) {
        x->stop = STOP_DAMAGED;
        x->why = XML_ErrorString(XML_GetErrorCode(x->parser));
    }
    error_noted(x);
}

/* One more document behind the end of one. */
static void go_on(struct jtl_xml *x) {
    if (!x->mixed)
        sink_remark(&x->rows.out, FINDING_WARNING, "mixed-runs", x->lines + 1,
                    "A second document begins: at least two runs stand in the file and are read "
                    "as one.");
    x->mixed = true;
    begin_document(x);
}

/* Returns how many of the bytes it took. */
static size_t parse(struct jtl_xml *x, const char *bytes, size_t len) {
    uint64_t before = x->fed;
    x->fed += len;
    bool ok = XML_Parse(x->parser, bytes, (int)len, 0) == XML_STATUS_OK;
    if (x->stop == STOP_END) {
        x->lines += (long)XML_GetCurrentLineNumber(x->parser) - 1;
        return x->event > before ? (size_t)(x->event - before) : len;
    }
    if (!ok)
        damaged(x);
    return len;
}

static void parse_documents(struct jtl_xml *x, const char *bytes, size_t len) {
    while (len && x->stop != STOP_DAMAGED) {
        bool between = x->stop == STOP_END || (x->fed == 0 && !x->any_root);
        size_t n = between ? skip_blank(x, bytes, len) : 0;
        if (n < len && x->stop == STOP_END)
            go_on(x);
        if (n < len)
            n += parse(x, bytes + n, len - n);
        bytes += n;
        len -= n;
    }
}

static void hold(struct jtl_xml *x, const char *bytes, size_t len) {
    if (buf_add(&x->held, bytes, len))
        return;
    x->stop = STOP_DAMAGED;
    x->why = "an element in it is too long";
}

/* expat gets whole tags only: given parts of one it may put off what is behind them. */
static void take_piece(struct jtl_xml *x, const char *bytes, size_t len) {
    const char *last = memrchr(bytes, '>', len);
    size_t whole = last ? (size_t)(last - bytes) + 1 : 0;
    hold(x, bytes, whole);
    if (whole && x->stop != STOP_DAMAGED) {
        parse_documents(x, x->held.data, x->held.len);
        buf_clear(&x->held);
    }
    hold(x, bytes + whole, len - whole);
}

static bool xml_feed(void *self, const char *bytes, size_t len, struct err *e) {
    struct jtl_xml *x = self;
    (void)e;
    while (len && x->stop != STOP_DAMAGED) {
        size_t n = len < PIECE_BYTES ? len : PIECE_BYTES;
        take_piece(x, bytes, n);
        bytes += n;
        len -= n;
    }
    jtl_rows_tell(&x->rows);
    return true;
}

/* What is wrong at the end of a file that stops anywhere. */
static bool is_cut(enum XML_Error code) {
    return code == XML_ERROR_NO_ELEMENTS || code == XML_ERROR_UNCLOSED_TOKEN ||
           code == XML_ERROR_PARTIAL_CHAR || code == XML_ERROR_UNCLOSED_CDATA_SECTION;
}

static void end_documents(struct jtl_xml *x) {
    if (x->stop == STOP_DAMAGED)
        return;
    parse_documents(x, x->held.data, x->held.len);
    if (x->stop == STOP_NONE && XML_Parse(x->parser, "", 0, 1) != XML_STATUS_OK &&
        x->stop == STOP_NONE && !is_cut(XML_GetErrorCode(x->parser)))
        damaged(x);
    error_noted(x);
}

static bool nothing(const struct jtl_xml *x, struct err *e) {
    if (x->stop == STOP_DAMAGED) {
        err_set(e, ERR_FORMAT, "cannot be read as XML of JMeter: %s", x->why);
        err_at(e, "", line_of(x));
    } else {
        err_set(e, ERR_FORMAT, "holds no sample");
    }
    return err_fix(e, "take the file that JMeter wrote with -l, after the run has begun");
}

static bool xml_finish(void *self, struct err *e) {
    struct jtl_xml *x = self;
    end_documents(x);
    if (x->rows.samples + x->rows.transactions == 0)
        return nothing(x, e);
    if (x->stop == STOP_DAMAGED)
        sink_remark(&x->rows.out, FINDING_WARNING, "damaged", line_of(x),
                    "The XML cannot be read from here on (%s); the samples before were.", x->why);
    else if (x->stop != STOP_END)
        sink_remark(&x->rows.out, FINDING_WARNING, "cut-off", line_of(x),
                    "The end (</testResults>) is missing: JMeter was still writing or was "
                    "stopped. The samples up to there were read.");
    jtl_rows_finish(&x->rows);
    return true;
}

static void *xml_open(const struct sink *out) {
    struct jtl_xml *x = mem_new(1, sizeof *x);
    jtl_rows_init(&x->rows, out);
    x->parser = XML_ParserCreate(NULL);
    buf_init(&x->held, ELEMENT_MAX_BYTES + PIECE_BYTES);
    begin_document(x);
    return x;
}

static void xml_close(void *self) {
    struct jtl_xml *x = self;
    XML_ParserFree(x->parser);
    buf_fini(&x->held);
    jtl_rows_fini(&x->rows);
    free(x);
}

/* --- recognising ----------------------------------------------------------------------------- */

static bool name_is(const char *s, size_t len, const char *name) {
    size_t n = strlen(name);
    return len > n && memcmp(s, name, n) == 0 && strchr(" \t\r\n/>", s[n]) && s[n];
}

static int xml_sniff(const char *head, size_t len) {
    const char *s = text_begin(head, &len), *stop_at = s + len;
    for (int i = 0; i < SNIFF_TAGS && stop_at - s > 1 && *s == '<'; i++) {
        s++;
        if (*s != '?' && *s != '!')
            return name_is(s, (size_t)(stop_at - s), "testResults") ? 100 : 0;
        bool comment = stop_at - s > 2 && memcmp(s, "!--", 3) == 0;
        const char *end = memmem(s, (size_t)(stop_at - s), comment ? "-->" : ">", comment ? 3 : 1);
        if (!end)
            return 0;
        s = end + (comment ? 3 : 1);
        size_t left = (size_t)(stop_at - s);
        s = text_begin(s, &left);
    }
    return 0;
}

const struct reader jmeter_jtl_xml_reader = {
    .name = "jmeter-jtl-xml",
    .tool = "jmeter",
    .gives = GIVES_SAMPLES,
    .samples = &jmeter_sample_rules,
    .sniff = xml_sniff,
    .open = xml_open,
    .feed = xml_feed,
    .finish = xml_finish,
    .close = xml_close,
};
