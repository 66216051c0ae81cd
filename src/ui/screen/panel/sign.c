#include "ui/screen/panel/sign.h"

struct sign sign_of(enum mark mark) {
    static const enum look looks[] = {
        [MARK_OK] = LOOK_OK,         [MARK_NEAR] = LOOK_WARN,       [MARK_BROKEN] = LOOK_FAIL,
        [MARK_NODATA] = LOOK_NODATA, [MARK_INVALID] = LOOK_INVALID, [MARK_LIVE] = LOOK_LIVE,
        [MARK_NONE] = LOOK_MUTED};
    return (struct sign){mark_sign(mark), looks[mark], mark_word(mark)};
}

int use_rank(enum use_status status) {
    static const int ranks[] = {[USE_OVER] = 0, [USE_NEAR] = 1, [USE_NO_DATA] = 2, [USE_OK] = 3};
    return ranks[status];
}
