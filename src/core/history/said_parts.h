/* history/said_parts.h
 * Shared by the files about what people said: one file of them (said_file.c), names of people
 * (who.c), the folder (said.c, said_lock.c, said_count.c). */
#ifndef PERFSCALE_HISTORY_SAID_PARTS_H
#define PERFSCALE_HISTORY_SAID_PARTS_H

#include "history/said.h"

enum {
    SAID_NAME_BYTES = 96,
    SAID_FILE_BYTES = 8192,   /* of a file at most */
    SAID_TAIL_BYTES = 24,     /* "8f3c21d09a44", "2000-disputed" */
    SAID_SEAL_SHOWN = 12,     /* digits of a seal in a name */
    SAID_FILES_MOST = 200000, /* names that are read of the folder */
};
#define SAID_UID_MOST INT64_C(4294967294)
#define SAID_MS_MOST INT64_C(253402300799999) /* the year 9999 */
#define SAID_RUN_MOST INT64_C(999999999999999)

/* --- said_file.c ------------------------------------------------------------------------------ */

/* What a file's name says: 14.3.1001.approve.8f3c21d09a44. Votes and waivers end with the seal, a
 * settlement with the note and its new state ("3-agreed"), that of a reply the note it is to ("3"),
 * so that a list of runs needs no more than names; the others have no tail. */
struct said_name {
    int64_t run;
    int id;
    int64_t uid;
    enum said_kind kind;
    char tail[SAID_TAIL_BYTES]; /* "" none */
};
bool said_name_parse(const char *name, struct said_name *out);
void said_name_write(const struct said *s, char out[SAID_NAME_BYTES]);
/* The note that a reply is to, from such a tail; 0: it is no reply. */
int said_tail_replies(const char *tail);
/* The note that is settled and its state, from a tail that said_name_parse() has taken. */
int said_tail_settles(const char *tail, enum note_state *state);

/* NULL: it does not fit into a file. The caller frees. */
char *said_file_write(const struct said *s, size_t *len);
/* The bytes of a file with this name and owner. proven: the owner is who it says. false: they are
 * strange. */
bool said_file_parse(const char *name, const char *bytes, size_t len, int64_t owner,
                     struct said *out);

/* --- who.c ------------------------------------------------------------------------------------ */

/* The account's name, "uid 1001" when there is none. */
void who_name(int64_t uid, char *out, size_t size);
/* A name that a file of this owner brings along is his account's, whatever it says. Only root may
 * be "ana (sudo)". */
void who_owns(int64_t owner, char *name, size_t size);

/* --- said.c ----------------------------------------------------------------------------------- */

/* Opens .perfscale/said for reading; *fd is -1 when it is not there. */
bool said_folder(const struct history *h, int *fd, struct err *e);
/* Calls each for every name of dirfd that could be ours. ERR_LIMIT above SAID_FILES_MOST. */
bool said_each(int dirfd, bool (*each)(void *self, const char *name), void *self, struct err *e);

/* --- said_lock.c ------------------------------------------------------------------------------ */

/* One process at a time gives numbers; others wait up to 5 s, then ERR_IO. */
bool said_lock(struct history *h, int dirfd, struct err *e);
void said_unlock(struct history *h, int dirfd);

/* --- said_count.c ----------------------------------------------------------------------------- */

/* The newest change time of anything said, ms since 1970; 0 none. */
int64_t said_newest_ms(const struct history *h);

#endif
