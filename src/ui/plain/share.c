/* perfscale share: who may come into the store of a workspace. */
#include <stddef.h>

#include "ui/plain/plain.h"
#include "ui/plain/print.h"
#include "ui/plain/stored.h"

struct share_words {
    const char *group;
    bool private;
};

static const struct option options[] = {
    {"--group", "GROUP", "gives it to this group of the system; you must be in it",
     offsetof(struct share_words, group), NULL},
    {"--private", NULL, "only you again", offsetof(struct share_words, private), NULL},
    {0},
};

static bool change(const char *dir, const struct share_words *w, struct err *e) {
    if (w->group && w->private)
        return err_set(e, ERR_USAGE, "--group and --private do not go together");
    return (!w->group && !w->private) || history_share(dir, w->group, e);
}

static void print_access(const struct session *s) {
    struct history_access a;
    if (!s->history) {
        print_one("There is no store in %s yet. share --group GROUP makes one.", s->ws.path);
        return;
    }
    history_access(s->history, &a);
    if (a.shared)
        print_one("The store of %s belongs to %s and is shared with group %s: its members judge "
                  "runs, write notes and vote.",
                  s->ws.path, a.owner, a.group);
    else
        print_one("The store of %s is private: only %s reads and writes it.", s->ws.path, a.owner);
}

static bool run(int argc, char **argv, int *status, struct err *e) {
    struct share_words w = {0};
    struct operands ops;
    struct session s;
    *status = 0;
    if (!options_read(&verb_share, argc, argv, &w, &ops, e))
        return false;
    const char *dir = ops.n ? ops.item[0] : ".";
    if (!change(dir, &w, e))
        return false;
    bool ok = stored_open(&s, dir, e);
    if (ok)
        print_access(&s);
    session_close(&s);
    return ok;
}

const struct verb verb_share = {
    .name = "share",
    .operands = "[DIR]",
    .most = 1,
    .help = "gives the store to a group, so that others review your runs; or says who has it",
    .more = "\nA store is private until its owner shares it. Each note and vote is a file of its "
            "author, which nobody\nelse in the group can change.\n",
    .options = options,
    .run = run,
};
