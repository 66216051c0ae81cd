#include "watch/stream_clock.h"

#define MOMENT_MAX (INT64_C(1) << 53)
#define GAP_MS (INT64_C(10) * 60 * 1000)             /* believed at once */
#define PAUSE_MS (INT64_C(31) * 24 * 60 * 60 * 1000) /* a longer one separates two runs */

static bool near(int64_t a, int64_t b, int64_t by) { return a - b <= by && b - a <= by; }

static enum stream_fit move(struct stream_clock *c, int64_t ms, enum stream_fit fit) {
    c->any = true;
    c->strays = c->in_time = 0;
    c->latest_ms = ms;
    return fit;
}

static bool is_believed(struct stream_clock *c, int64_t ms, int need) {
    c->strays = c->strays && near(ms, c->stray_ms, GAP_MS) ? c->strays + 1 : 1;
    c->stray_ms = ms;
    return c->strays >= need;
}

enum stream_fit stream_clock_fit_slowly(struct stream_clock *c, int64_t ms, int need, bool alone) {
    if (ms < 0 || ms >= MOMENT_MAX)
        return FIT_FAR;
    if (!c->any)
        return move(c, ms, FIT_ANEW);
    if (near(ms, c->latest_ms, STREAM_LAG_MS)) {
        c->strays = 0;
        c->in_time++;
        c->latest_ms = ms > c->latest_ms ? ms : c->latest_ms;
        return FIT_NEAR;
    }
    bool ahead = ms > c->latest_ms;
    if (ahead && ms - c->latest_ms <= GAP_MS)
        return move(c, ms, FIT_NEAR);
    if (!is_believed(c, ms, need))
        return FIT_FAR;
    if (ahead)
        return move(c, ms, ms - c->latest_ms > PAUSE_MS ? FIT_ANEW : FIT_NEAR);
    return alone || c->in_time < need ? move(c, ms, FIT_ANEW) : FIT_FAR;
}
