/* What is said of a file that is followed. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "watch/file_parts.h"

static bool ever(const struct file_source *f) { return f->fresh_ms != INT64_MIN; }

uint64_t file_source_left(const struct file_source *f) {
    if (f->played)
        return played_left(f->played) + (f->len - f->at);
    if (f->use == FILE_WATCHED || f->compressed || f->bad)
        return 0;
    return grow_left(&f->grow) + (f->len - f->at);
}

bool file_source_there(const struct file_source *f) {
    return f->played ? f->reader != NULL : !f->absent && !f->failed && f->grow.size_bytes > 0;
}

bool file_source_closed(const struct file_source *f) {
    return f->played ? f->over : f->grow.closed && f->at >= f->len;
}

bool file_source_lost(const struct file_source *f) {
    return f->bad || f->failed || f->why.text[0] || (f->absent && !f->played && ever(f));
}

int64_t file_source_fresh_ms(const struct file_source *f) { return f->fresh_ms; }
int64_t file_source_first_ms(const struct file_source *f) { return f->first_ms; }
int64_t file_source_latest_ms(const struct file_source *f) { return f->latest_ms; }
int64_t file_source_changed_ms(const struct file_source *f) { return f->grow.changed_ms; }
const char *file_source_path(const struct file_source *f) { return f->path; }
const struct reader *file_source_reader(const struct file_source *f) { return f->reader; }
enum file_use file_source_used(const struct file_source *f) { return f->use; }
bool file_source_compressed(const struct file_source *f) { return f->compressed; }

static enum watch_state state_of(const struct file_source *f, double age_s, double idle_s) {
    if (file_source_lost(f))
        return WATCH_LOST;
    if (!ever(f))
        return WATCH_WAITING;
    return age_s < idle_s ? WATCH_LIVE : WATCH_STALLED;
}

static void say(const struct file_source *f, char *out, size_t size) {
    if (f->why.text[0] && f->why.line > 0)
        snprintf(out, size, "line %ld: %.160s", f->why.line, f->why.text);
    else if (f->why.text[0])
        text_copy(out, size, f->why.text);
    else if (f->absent && !f->played)
        text_copy(out, size,
                  ever(f) ? "no longer there, checked every second"
                          : "not there yet, checked every second");
    else if (f->timeless)
        text_copy(out, size, "has no times: it cannot be replayed");
    else if (f->compressed)
        text_copy(out, size, "is compressed: it is read when the run is over");
    else if (!f->played && f->grow.size_bytes == 0)
        text_copy(out, size, "empty so far");
    else
        out[0] = '\0';
}

void file_source_look(const struct file_source *f, struct moment_now now, double idle_s,
                      struct watch_source *out) {
    char words[sizeof out->words];
    text_copy(out->name, sizeof out->name, f->name);
    text_copy(out->what, sizeof out->what, f->reader ? f->reader->name : "");
    out->age_s = ever(f) ? (double)(now.steady_ms - f->fresh_ms) / 1000 : NAN;
    out->state = state_of(f, out->age_s, idle_s);
    say(f, words, sizeof words);
    text_clean(words, strlen(words), TEXT_ONE_LINE, out->words, sizeof out->words);
}
