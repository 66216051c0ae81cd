/* What is said of an address. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "watch/web.h"

enum { ADVICE_AFTER_S = 15 };

static void advise(const struct web_source *w, char *out, size_t size) {
    struct text_out to = {.to = out, .size = size};
    const char *begin = "nobody answers: ";
    for (const struct live *const *l = lives; *l; l++) {
        if (w->tool.live && w->tool.live != *l)
            continue;
        text_put(&to, begin, strlen(begin));
        text_put(&to, (*l)->off, strlen((*l)->off));
        begin = ". Or ";
    }
}

static void say_refused(const struct web_source *w, struct moment_now now, char *out, size_t size) {
    char at[16];
    bool early = now.steady_ms - w->first_ms < 1000 * ADVICE_AFTER_S;
    if (!web_heard(w) && !w->kind->server && !early)
        advise(w, out, size);
    else if (!web_heard(w) && early)
        text_copy(out, size, "nobody answers there yet, trying again");
    else
        snprintf(out, size, "connection refused since %s. Trying every %.0f s.",
                 unit_show_time(w->refused_day_ms, at, sizeof at), w->delay_s);
}

static void say_silent(const struct web_source *w, struct moment_now now, char *out, size_t size) {
    int64_t since = web_heard(w) ? w->heard_ms : w->first_ms;
    snprintf(out, size, "no answer from %.100s for %.0f s, trying again", w->host,
             (double)(now.steady_ms - since) / 1000);
}

static void say_login(const struct web_source *w, struct moment_now now, char *out, size_t size) {
    (void)now;
    if (w->login.kind == LOGIN_NONE)
        text_copy(out, size,
                  "asks for a login: set PERFSCALE_HTTP_USER and PERFSCALE_HTTP_PASSWORD, or "
                  "PERFSCALE_HTTP_TOKEN, or write it into ~/.config/perfscale/logins");
    else
        text_copy(out, size,
                  "does not take the login: look at PERFSCALE_HTTP_USER, PERFSCALE_HTTP_TOKEN and "
                  "~/.config/perfscale/logins");
}

static void say_other(const struct web_source *w, struct moment_now now, char *out, size_t size) {
    (void)now;
    char again[40];
    int tail = snprintf(again, sizeof again, ". Trying every %.0f s.", w->delay_s);
    size_t room = size - (size_t)tail;
    const char *fix = w->why.fix;
    bool fits = fix[0] && strlen(w->why.text) + 2 + strlen(fix) < room;
    int n = snprintf(out, room, "%s%s%s", w->why.text, fits ? "; " : "", fits ? fix : "");
    size_t at = n < 0 ? 0 : (size_t)n < room ? (size_t)n : room - 1;
    memcpy(out + at, again, (size_t)tail + 1);
}

static void say_fine(const struct web_source *w, struct moment_now now, char *out, size_t size) {
    (void)now;
    text_copy(out, size, w->note);
}

static void say(const struct web_source *w, struct moment_now now, char *out, size_t size) {
    static void (*const says[])(const struct web_source *, struct moment_now, char *, size_t) = {
        [WEB_FINE] = say_fine,   [WEB_REFUSED] = say_refused, [WEB_SILENT] = say_silent,
        [WEB_LOGIN] = say_login, [WEB_OTHER] = say_other,
    };
    char words[2 * sizeof((struct watch_source *)0)->words];
    says[w->trouble](w, now, words, sizeof words);
    text_clean(words, strlen(words), TEXT_ONE_LINE, out, size);
}

static enum watch_state state_of(const struct web_source *w, double age_s) {
    bool unheard = (w->trouble == WEB_REFUSED || w->trouble == WEB_SILENT) && !web_heard(w);
    if (web_source_ended(w))
        return WATCH_ENDED;
    if (w->trouble != WEB_FINE && !unheard)
        return WATCH_LOST;
    if (isnan(age_s) || (w->kind == &web_tool && w->tool.last.state == LIVE_READY))
        return WATCH_WAITING;
    return age_s < w->idle_s ? WATCH_LIVE : WATCH_STALLED;
}

/* "metrics page: 190 MB, 1.2 cores" */
static void show_server(const char *what, double mb, double cores, char *out, size_t size) {
    char number[2][40], parts[2][48] = {"", ""};
    if (!isnan(mb))
        snprintf(parts[0], sizeof parts[0], " %s MB", unit_show(mb, 0, number[0], 40));
    if (!isnan(cores))
        snprintf(parts[1], sizeof parts[1], "%s%s cores", isnan(mb) ? " " : ", ",
                 unit_show(cores, 1, number[1], 40));
    char text[128];
    snprintf(text, sizeof text, "%s%s%s%s", what, isnan(mb) && isnan(cores) ? "" : ":", parts[0],
             parts[1]);
    text_copy(out, size, text);
}

static void show_what(const struct web_source *w, char *out, size_t size) {
    out[0] = '\0';
    if (w->kind == &web_tool)
        text_copy(out, size, w->tool.live->title);
    else if (w->kind == &web_page)
        show_server("metrics page", w->page.was.memory_mb, w->page.cores, out, size);
    else if (w->kind == &web_prometheus)
        show_server("Prometheus", w->queries.sum[PROCESS_MEMORY], w->queries.sum[PROCESS_CPU], out,
                    size);
}

void web_source_look(const struct web_source *w, struct moment_now now, struct watch_source *out) {
    bool ever = w->fresh_ms != INT64_MIN;
    text_copy(out->name, sizeof out->name, w->name);
    show_what(w, out->what, sizeof out->what);
    out->age_s = ever ? (double)(now.steady_ms - w->fresh_ms) / 1000 : NAN;
    out->state = state_of(w, out->age_s);
    say(w, now, out->words, sizeof out->words);
}
