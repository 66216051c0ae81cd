#include "tools/jmeter/jtl_columns.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "results/number.h"
#include "tools/jmeter/jtl_clock.h"

enum { SUCCESS_USUAL = 7, HEADER_NAMES_LEAST = 3 };

static const char *const names[JTL_COLUMNS] = {
    [JTL_TIME] = "timeStamp",
    [JTL_ELAPSED] = "elapsed",
    [JTL_LABEL] = "label",
    [JTL_CODE] = "responseCode",
    [JTL_MESSAGE] = "responseMessage",
    [JTL_SUCCESS] = "success",
    [JTL_FAILURE] = "failureMessage",
    [JTL_BYTES] = "bytes",
    [JTL_SENT] = "sentBytes",
    [JTL_THREADS] = "allThreads",
    [JTL_SAMPLES] = "SampleCount",
    [JTL_CONNECT] = "Connect",
};

/* The sets of columns that versions of JMeter write unless told otherwise. */
#define BEGIN "timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,"
static const struct {
    size_t columns;
    const char *header;
} usual[] = {
    {10, BEGIN "bytes,Latency"}, /* 2.9 to 2.11 */
    {11, BEGIN "failureMessage,bytes,Latency"},
    {12, BEGIN "bytes,grpThreads,allThreads,Latency"}, /* 2.12, 2.13 */
    {13, BEGIN "failureMessage,bytes,grpThreads,allThreads,Latency"},
    {14, BEGIN "failureMessage,bytes,grpThreads,allThreads,Latency,IdleTime"}, /* 3.0 */
    {16, BEGIN "failureMessage,bytes,sentBytes,grpThreads,allThreads,Latency,IdleTime,Connect"},
    {17, BEGIN "failureMessage,bytes,sentBytes,grpThreads,allThreads,URL,Latency,IdleTime,"
               "Connect"}, /* 5.0 on */
};

static void finish_plan(struct jtl_plan *p) {
    int last = 0;
    for (int c = 0; c < JTL_COLUMNS; c++)
        if (p->at[c] > last)
            last = p->at[c];
    p->wanted = (size_t)last + 1;
}

/* --- header ---------------------------------------------------------------------------------- */

static bool word_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* What stands behind the first name, which may be in quotes; 0 when nothing does. */
static char delimiter_of(const char *s, size_t len) {
    size_t i = len && *s == '"';
    size_t begin = i;
    while (i < len && word_byte(s[i]))
        i++;
    if (i == begin)
        return 0;
    if (*s == '"' && i < len && s[i] == '"')
        i++;
    return i < len && s[i] != '"' ? s[i] : 0;
}

static void read_names(const struct csv_field *field, size_t n, struct jtl_plan *p) {
    for (int c = 0; c < JTL_COLUMNS; c++)
        p->at[c] = csv_column(field, n, names[c]);
}

static size_t found(const struct jtl_plan *p) {
    size_t n = 0;
    for (int c = 0; c < JTL_COLUMNS; c++)
        n += p->at[c] >= 0;
    return n;
}

bool jtl_plan_header(const char *s, size_t len, struct jtl_plan *p) {
    struct csv_field field[CSV_FIELDS_MAX];
    struct jtl_plan made = {.delimiter = delimiter_of(s, len)};
    if (!made.delimiter)
        return false;
    made.columns = csv_split(s, len, made.delimiter, field, CSV_FIELDS_MAX);
    read_names(field, made.columns < CSV_FIELDS_MAX ? made.columns : CSV_FIELDS_MAX, &made);
    if (made.at[JTL_ELAPSED] < 0 && made.at[JTL_TIME] < 0)
        return false;
    if (found(&made) < HEADER_NAMES_LEAST && (made.at[JTL_ELAPSED] < 0 || made.at[JTL_TIME] < 0))
        return false;
    finish_plan(&made);
    *p = made;
    return true;
}

/* --- a row ----------------------------------------------------------------------------------- */

static bool is_whole(const struct csv_field *f) {
    uint64_t v;
    return number_whole(f->text, f->len, &v);
}

static bool is_flag(const struct csv_field *f) { return csv_is(f, "true") || csv_is(f, "false"); }

static bool known_set(const struct csv_field *field, size_t n, struct jtl_plan *p) {
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
        struct csv_field name[CSV_FIELDS_MAX];
        if (usual[i].columns != n)
            continue;
        csv_split(usual[i].header, strlen(usual[i].header), ',', name, CSV_FIELDS_MAX);
        read_names(name, n, p);
        return is_whole(&field[p->at[JTL_BYTES]]) &&
               (p->at[JTL_THREADS] < 0 || is_whole(&field[p->at[JTL_THREADS]]));
    }
    return false;
}

/* Any other set: the columns up to success stand where they always do, if success does. */
static void unknown_set(size_t success, struct jtl_plan *p) {
    static const enum jtl_column first[] = {JTL_TIME, JTL_ELAPSED, JTL_LABEL, JTL_CODE,
                                            JTL_MESSAGE};
    size_t n = success == SUCCESS_USUAL ? 5 : success > 2 ? 3 : 2;
    for (int c = 0; c < JTL_COLUMNS; c++)
        p->at[c] = -1;
    for (size_t i = 0; i < n; i++)
        p->at[first[i]] = (int)i;
    p->at[JTL_SUCCESS] = (int)success;
}

static bool fits(const char *s, size_t len, char delimiter, struct jtl_plan *p) {
    struct csv_field field[CSV_FIELDS_MAX];
    size_t n = csv_split(s, len, delimiter, field, CSV_FIELDS_MAX), success = 2;
    if (n < 3 || n > CSV_FIELDS_MAX || !jtl_is_time(field[0].text, field[0].len) ||
        !is_whole(&field[1]))
        return false;
    while (success < n && !is_flag(&field[success]))
        success++;
    if (success == n)
        return false;
    struct jtl_plan made = {.delimiter = delimiter, .columns = n, .guessed = true};
    made.known = success == SUCCESS_USUAL && known_set(field, n, &made);
    if (!made.known)
        unknown_set(success, &made);
    finish_plan(&made);
    *p = made;
    return true;
}

bool jtl_plan_row(const char *s, size_t len, struct jtl_plan *p) {
    static const char usual_delimiters[] = ",;\t|";
    size_t digits = 0;
    if (len == 0 || *s < '0' || *s > '9')
        return false;
    while (digits < len && s[digits] >= '0' && s[digits] <= '9')
        digits++;
    if (digits < len && jtl_is_time(s, digits) && !word_byte(s[digits]) && s[digits] != '"')
        return fits(s, len, s[digits], p);
    for (const char *d = usual_delimiters; *d; d++)
        if (fits(s, len, *d, p))
            return true;
    return false;
}

/* --- what is missing ------------------------------------------------------------------------- */

char *jtl_plan_missing(const struct jtl_plan *p, char *out, size_t size, bool *weighty) {
    static const struct {
        enum jtl_column column;
        bool weighty;
        const char *words;
    } rows[] = {
        {JTL_SUCCESS, true, "success (which requests failed)"},
        {JTL_TIME, true, "timeStamp (duration, requests per second, figures over time)"},
        {JTL_LABEL, true, "label (figures per endpoint)"},
        {JTL_THREADS, false, "allThreads (VUs)"},
        {JTL_MESSAGE, false, "responseMessage (which rows are sums of Transaction Controllers)"},
    };
    struct text_out o = {.to = out, .size = size};
    text_put(&o, "", 0);
    *weighty = false;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (p->at[rows[i].column] >= 0)
            continue;
        if (o.len)
            text_put(&o, ", ", 2);
        text_put(&o, rows[i].words, strlen(rows[i].words));
        *weighty |= rows[i].weighty;
    }
    return out;
}
