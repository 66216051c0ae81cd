#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "history/fields.h"
#include "history/said_parts.h"

#define SUDO_MARK " (sudo)"

void who_name(int64_t uid, char *out, size_t size) {
    char room[16384];
    struct passwd entry, *found = NULL;
    if (getpwuid_r((uid_t)uid, &entry, room, sizeof room, &found) == 0 && found &&
        found->pw_name[0])
        text_copy(out, size, found->pw_name);
    else
        snprintf(out, size, "uid %" PRId64, uid);
}

void who_owns(int64_t owner, char *name, size_t size) {
    if (owner != 0 || !text_ends(name, SUDO_MARK))
        who_name(owner, name, size);
}

/* Everybody can set a variable: only root is believed, who could write in any name anyway. */
static bool under_sudo(int64_t *uid) {
    const char *value = getenv("SUDO_UID");
    return getuid() == 0 && value && fields_number(value, strlen(value), uid) && *uid > 0 &&
           *uid <= SAID_UID_MOST;
}

int64_t said_who(char *name, size_t size) {
    int64_t uid = getuid(), person;
    if (under_sudo(&person)) {
        char account[64];
        who_name(person, account, sizeof account);
        snprintf(name, size, "%s" SUDO_MARK, account);
    } else {
        who_name(uid, name, size);
    }
    return uid;
}
