/* Reports of the open run as new files. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "session/parts.h"
#include "session/together_parts.h"

bool session_report_doc(const struct session *s, struct report_doc *out) {
    const struct run_row *since;
    *out = (struct report_doc){.record = session_record(s), .review = session_review(s)};
    if (!out->record)
        return false;
    out->ledgers = session_ledger(s, &out->ledger, &since);
    out->ledger_run = since ? since->is.id : 0;
    if (since)
        text_copy(out->ledger_by, sizeof out->ledger_by, since->is.author);
    return true;
}

static bool holds_already(const char *path, const char *text, size_t len) {
    size_t there;
    char *old = file_read(path, len + 1, &there, NULL);
    bool same = old && there == len && memcmp(old, text, len) == 0;
    free(old);
    return same;
}

/* report-14.md, else report-14-2.md: what is there is somebody's. */
static bool write_free(const struct session *s, enum report_format f, const char *text, char *name,
                       struct err *e) {
    enum { TRIES = 99 };
    char path[1024];
    size_t len = strlen(text);
    long long id = (long long)session_record(s)->is.id;
    for (int i = 1; i <= TRIES; i++) {
        char number[16] = "";
        if (i > 1)
            snprintf(number, sizeof number, "-%d", i);
        snprintf(name, NAME_MAX_BYTES, "report-%lld%s%s", id, number, report_format_ending(f));
        if (!workspace_path(&s->ws, name, path, sizeof path))
            return err_set(e, ERR_LIMIT, "the path of %s is too long", name);
        if (holds_already(path, text, len))
            return true;
        if (!file_exists(path))
            return file_write_new(path, text, len, e);
    }
    return err_set(e, ERR_REFUSED, "report-%lld%s and 98 more of its names are taken", id,
                   report_format_ending(f));
}

bool session_report_write(struct session *s, enum report_format f, const char *path, char *name,
                          struct err *e) {
    struct report_doc doc;
    if (!session_report_doc(s, &doc))
        return err_set(e, ERR_USAGE, "no stored run is open");
    char *text = report_document(&doc, f);
    bool ok;
    if (path) {
        text_copy(name, NAME_MAX_BYTES, file_base(path));
        ok = holds_already(path, text, strlen(text)) || file_write_new(path, text, strlen(text), e);
    } else {
        ok = write_free(s, f, text, name, e);
    }
    free(text);
    return ok;
}
