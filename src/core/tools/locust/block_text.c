#include "tools/locust/block_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char imports[] = "import locust as _perfscale_locust$\n";

static const char imports_paced[] = "import random as _perfscale_random$\n"
                                    "import time as _perfscale_time$\n"
                                    "\n";

static const char version[] =
    "import locust.runners as _perfscale_runners$\n"
    "\n"
    "# a master without a version (Debian's Locust) takes no workers\n"
    "_perfscale_runners$.__version__ = _perfscale_runners$.__version__ or \"2.12.1\"\n";

static const char pace[] =
    "\n"
    "\n"
    "def _perfscale_pace$(per_second):\n"
    "    period = 1.0 / per_second\n"
    "\n"
    "    def wait_time(self):\n"
    "        user = self.user if isinstance(self, _perfscale_locust$.TaskSet) else self\n"
    "        now = _perfscale_time$.monotonic()\n"
    "        due = getattr(user, \"_perfscale_due$\", None)\n"
    "        if due is None:\n"
    "            due = now - period * _perfscale_random$.random()\n"
    "        due = max(due + period, now - 1.0)  # what is late is made up for, up to a second\n"
    "        user._perfscale_due$ = due\n"
    "        return max(0.0, due - now)\n"
    "\n"
    "    return wait_time\n";

static const char leave[] = "\n"
                            "\n"
                            "def _perfscale_leave$(self, reschedule=True):\n"
                            "    raise _perfscale_locust$.exception.InterruptTaskSet(False)\n";

static const char shape[] = "\n"
                            "\n"
                            "class PerfscaleShape$(_perfscale_locust$.LoadTestShape):\n";

static const char failing[] =
    "    _seen = []\n"
    "\n"
    "    def _failing(self, now):\n"
    "        seconds = getattr(self, \"abort_seconds\", 0)\n"
    "        if not seconds:\n"
    "            return False\n"
    "        total = self.runner.stats.total\n"
    "        self._seen.append((now, total.num_requests, total.num_failures))\n"
    "        while now - self._seen[0][0] > seconds + 1:\n"
    "            self._seen.pop(0)\n"
    "        then, requests, failures = self._seen[0]\n"
    "        allowed = self.abort_share * (total.num_requests - requests)\n"
    "        return now - then >= seconds - 1 and total.num_failures - failures > allowed\n";

static const char tick[] = "\n"
                           "    def tick(self):\n"
                           "        now = self.get_run_time()\n";

static const char tick_abort[] = "        if self._failing(now):\n"
                                 "            return None\n";

static const char tick_end[] = "        for end, users, rate in self.stages:\n"
                               "            if now < end:\n"
                               "                return users, rate\n"
                               "        return None\n";

/* --- what differs from load to load --- */

static bool same_pace(const struct locust_wanted *w, const struct locust_script *s, uint64_t users,
                      double *per_second) {
    *per_second = 0;
    for (size_t i = 0; i < w->classes; i++) {
        size_t index = (size_t)(w->cls[i].cls - s->cls);
        if (!(users >> index & 1))
            continue;
        if (*per_second > 0 && w->cls[i].per_second != *per_second)
            return false;
        *per_second = w->cls[i].per_second;
    }
    return *per_second > 0;
}

/* "40 users * 0.5/s * 3 requests = 60 RPS" */
static void put_sum(struct buf *b, const struct locust_wanted_class *c) {
    char pace_text[32], waits[32], requests[32], rps[32];
    double k = c->part->requests_per_iteration;
    buf_printf(b, "  # %ld users * %s/s", c->users, block_number(c->per_second, pace_text));
    if (c->cls->waits != 1)
        buf_printf(b, " / %s waits", block_number(c->cls->waits, waits));
    buf_printf(b, " * %s request%s = %s RPS\n", block_number(k, requests), k == 1 ? "" : "s",
               block_number(c->part->iteration_rps * k, rps));
}

static void put_class(struct buf *b, const struct locust_wanted_class *c) {
    char number[32];
    if (c->per_second > 0) {
        buf_printf(b, "%s.wait_time = _perfscale_pace$(%s)", c->cls->name,
                   block_number(c->per_second, number));
        put_sum(b, c);
    }
    buf_printf(b, "%s.fixed_count = %ld\n", c->cls->name, c->fixed_count);
}

/* TaskSets with a wait of their own: the pace of their users; of several paces each user's. */
static void put_waits(struct buf *b, const struct locust_script *s, const struct locust_wanted *w) {
    for (size_t i = 0; i < s->waits.len; i++) {
        const struct locust_name *t = &s->waits.item[i];
        double per_second;
        char number[32];
        if (same_pace(w, s, t->users, &per_second))
            buf_printf(b, "%s.wait_time = _perfscale_pace$(%s)\n", t->name,
                       block_number(per_second, number));
        else
            buf_printf(b, "%s.wait_time = _perfscale_locust$.TaskSet.wait_time\n", t->name);
    }
}

static void put_shape(struct buf *b, const struct locust_wanted *w) {
    char end[32], rate[32], share[32], seconds[32];
    bool aborts = !isnan(w->abort_share);
    buf_str(b, shape);
    if (aborts) {
        block_number(w->abort_seconds, seconds);
        buf_printf(b,
                   "    # stop when more than %s %% of the requests of the last %s s failed;\n"
                   "    # remove these two lines to go on\n",
                   block_number(w->abort_share * 100, share), seconds);
        buf_printf(b, "    abort_share = %s\n    abort_seconds = %s\n",
                   block_number(w->abort_share, share), seconds);
    }
    buf_str(b, "    # (until this second, users, users started or stopped per second)\n"
               "    stages = [\n");
    for (size_t i = 0; i < w->stages; i++)
        buf_printf(b, "        (%s, %ld, %s),\n", block_seconds(w->stage[i].until_s, end),
                   w->stage[i].users, block_number(w->stage[i].rate, rate));
    buf_str(b, "    ]\n");
    if (aborts)
        buf_str(b, failing);
    buf_str(b, tick);
    if (aborts)
        buf_str(b, tick_abort);
    buf_str(b, tick_end);
}

static void put_block(struct buf *b, const struct locust_script *s, const struct locust_wanted *w) {
    bool paced = w->classes > 0 && w->cls[0].per_second > 0;
    buf_printf(b, "%s: %s >>>\n", LOCUST_BLOCK_BEGIN, w->title);
    if (paced)
        buf_str(b, imports_paced);
    buf_str(b, imports);
    if (w->several_processes)
        buf_str(b, version);
    if (paced)
        buf_str(b, pace);
    if (paced && s->leaves.len > 0)
        buf_str(b, leave);
    buf_str(b, "\n\n");
    for (size_t i = 0; i < w->classes; i++)
        put_class(b, &w->cls[i]);
    if (paced)
        put_waits(b, s, w);
    for (size_t i = 0; paced && i < s->leaves.len; i++)
        buf_printf(b, "%s.interrupt = _perfscale_leave$\n", s->leaves.item[i].name);
    for (size_t i = 0; i < s->shapes.len; i++)
        buf_printf(b, "del %s\n", s->shapes.item[i].name);
    put_shape(b, w);
    buf_printf(b, "%s\n", LOCUST_BLOCK_END);
}

/* --- in the manner of the file --- */

/* Does a line of the script, outside the block, begin with a tab? */
static bool has_tabs(const struct locust_script *s) {
    const char *text = s->src->text, *end = text + (s->block.found ? s->block.start : s->src->len);
    for (const char *line = text; line < end; line++) {
        if (*line == '\t' || *line == ' ')
            return *line == '\t';
        while (line < end && *line != '\n' && *line != '\r')
            line++;
    }
    return false;
}

/* The templates above with the names' ending for $, and with the file's line ends and indent. */
static void put_in_style(struct buf *out, const struct locust_script *s, const char *text) {
    bool tabs = has_tabs(s), at_start = true;
    for (const char *c = text; *c; c++) {
        if (at_start && tabs && strncmp(c, "    ", 4) == 0) {
            buf_char(out, '\t');
            c += 3;
            continue;
        }
        at_start = *c == '\n';
        if (*c == '\n')
            buf_str(out, s->newline);
        else if (*c == '$')
            buf_str(out, s->names_taken ? "_2" : "");
        else
            buf_char(out, *c);
    }
}

void block_text_make(struct block_text *b, const struct locust_script *s,
                     const struct locust_wanted *w) {
    struct buf plain, styled;
    buf_init(&plain, SCRIPT_MAX_BYTES);
    buf_init(&styled, SCRIPT_MAX_BYTES);
    buf_str(&plain, s->final_newline ? "\n\n" : "\n\n\n");
    put_block(&plain, s, w);
    put_in_style(&styled, s, plain.data);
    b->start = s->block.found ? s->block.start : s->src->len;
    b->end = s->block.found ? s->block.end : s->src->len;
    b->text = buf_take(&styled);
    buf_fini(&plain);
    buf_fini(&styled);
}

void block_text_fini(struct block_text *b) { free(b->text); }
