#include "session/mark.h"

const char *mark_sign(enum mark m) {
    static const char *const signs[] = {
        [MARK_OK] = "✓",      [MARK_NEAR] = "!", [MARK_BROKEN] = "✗", [MARK_NODATA] = "?",
        [MARK_INVALID] = "⊘", [MARK_LIVE] = "●", [MARK_NONE] = "·"};
    return signs[m];
}

const char *mark_word(enum mark m) {
    static const char *const words[] = {
        [MARK_OK] = "ok",          [MARK_NEAR] = "near limit", [MARK_BROKEN] = "over limit",
        [MARK_NODATA] = "no data", [MARK_INVALID] = "invalid", [MARK_LIVE] = "live",
        [MARK_NONE] = "not set"};
    return words[m];
}

enum mark mark_of_use(enum use_status status) {
    static const enum mark marks[] = {[USE_OK] = MARK_OK,
                                      [USE_NEAR] = MARK_NEAR,
                                      [USE_OVER] = MARK_BROKEN,
                                      [USE_NO_DATA] = MARK_NODATA};
    return marks[status];
}

enum mark mark_of_verdict(enum verdict verdict, bool near_limit) {
    static const enum mark marks[] = {[VERDICT_PASS] = MARK_OK,
                                      [VERDICT_NO_DATA] = MARK_NODATA,
                                      [VERDICT_FAIL] = MARK_BROKEN,
                                      [VERDICT_INVALID] = MARK_INVALID};
    return verdict == VERDICT_PASS && near_limit ? MARK_NEAR : marks[verdict];
}

const char *mark_check_word(const struct check *c) {
    bool far = c->op != OP_MORE_EQUAL && c->value < c->limit / 2;
    if (c->status == VERDICT_PASS && c->near_limit && far)
        return "warning";
    return mark_word(mark_of_verdict(c->status, c->near_limit));
}

enum mark mark_of_finding(enum finding_level level) {
    return level == FINDING_STOP ? MARK_BROKEN : level == FINDING_WARNING ? MARK_NEAR : MARK_NONE;
}

int mark_rank(enum mark mark) {
    static const int ranks[] = {
        [MARK_OK] = 9,      [MARK_NEAR] = 3, [MARK_BROKEN] = 0, [MARK_NODATA] = 2,
        [MARK_INVALID] = 1, [MARK_LIVE] = 9, [MARK_NONE] = 9};
    return ranks[mark];
}

enum mark mark_of_watch(enum watch_state state) {
    static const enum mark of[] = {[WATCH_WAITING] = MARK_NONE,
                                   [WATCH_LIVE] = MARK_LIVE,
                                   [WATCH_STALLED] = MARK_NEAR,
                                   [WATCH_LOST] = MARK_BROKEN,
                                   [WATCH_ENDED] = MARK_OK};
    return of[state];
}
