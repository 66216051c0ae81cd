#include "history/parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "history/fields.h"

#define FIRST_LINE "perfscale run 2\n"
#define LAST_LINE "end\n"
#define RUN_END ".run"
#define NEXT_END ".next"

enum { NAME_BYTES = 40, NUMBER_BYTES = 32, ID_DIGITS = 15, FILES_MOST = 4 * HISTORY_RUNS_MAX };

/* --- the bytes -------------------------------------------------------------------------------- */

static void encode_member(const struct run *r, int member, struct buf *out) {
    const struct run_member *m = &run_members[member];
    char number[NUMBER_BYTES];
    const char *value = number;
    size_t len;
    if (m->kind == MEMBER_INT)
        snprintf(number, sizeof number, "%lld", (long long)member_int(r, member));
    else if (m->kind == MEMBER_REAL && !isfinite(member_real(r, member)))
        return;
    else if (m->kind == MEMBER_REAL)
        snprintf(number, sizeof number, "%.17g", member_real(r, member));
    else
        value = member_text(r, member, &len);
    if (!value)
        return;
    len = value == number ? strlen(number) : len;
    buf_printf(out, "%s %zu ", m->name, len);
    buf_add(out, value, len);
    buf_char(out, '\n');
}

void run_file_encode(const struct run *r, struct buf *out) {
    buf_init(out, RUN_FILE_MAX_BYTES);
    buf_str(out, FIRST_LINE);
    for (int i = 0; i < RUN_MEMBERS; i++)
        encode_member(r, i, out);
    buf_str(out, LAST_LINE);
}

struct rest {
    const char *at;
    size_t len;
};

static bool take(struct rest *from, const char *bytes, size_t len) {
    if (from->len < len || memcmp(from->at, bytes, len) != 0)
        return false;
    from->at += len;
    from->len -= len;
    return true;
}

/* "LENGTH VALUE\n" */
static bool take_value(struct rest *from, const char **value, size_t *len) {
    size_t most = from->len < NUMBER_BYTES ? from->len : NUMBER_BYTES;
    const char *space = memchr(from->at, ' ', most);
    int64_t n;
    if (!space || !fields_number(from->at, (size_t)(space - from->at), &n) || n < 0)
        return false;
    size_t left = from->len - (size_t)(space + 1 - from->at);
    if ((uint64_t)n >= left || space[1 + n] != '\n' || memchr(space + 1, '\0', (size_t)n))
        return false;
    *value = space + 1;
    *len = (size_t)n;
    from->at = space + n + 2;
    from->len = left - (size_t)n - 1;
    return true;
}

static bool decode_real(const char *value, size_t len, struct run *r, int member) {
    char number[NUMBER_BYTES] = "", *end;
    if (len == 0 || len >= sizeof number)
        return false;
    memcpy(number, value, len);
    double x = strtod(number, &end);
    member_set_real(r, member, x);
    return *end == '\0' && isfinite(x);
}

static bool decode_value(const char *value, size_t len, struct run *r, int member) {
    const struct run_member *m = &run_members[member];
    int64_t number;
    switch (m->kind) {
    case MEMBER_REAL:
        return decode_real(value, len, r, member);
    case MEMBER_INT:
        if (!fields_number(value, len, &number))
            return false;
        member_set_int(r, member, number);
        return true;
    default:
        if (len > (m->kind == MEMBER_TEXT ? m->size - 1 : (size_t)JSON_MAX_BYTES))
            return false;
        member_set_text(r, member, value, len);
        return true;
    }
}

static bool decode_member(struct rest *from, struct run *r, int member) {
    const struct run_member *m = &run_members[member];
    const char *value;
    size_t len, name = strlen(m->name);
    bool there = from->len > name && memcmp(from->at, m->name, name) == 0 && from->at[name] == ' ';
    if (!there) {
        if (m->kind == MEMBER_REAL)
            member_set_real(r, member, NAN);
        return m->kind == MEMBER_REAL || m->kind == MEMBER_OWNED;
    }
    from->at += name + 1;
    from->len -= name + 1;
    return take_value(from, &value, &len) && decode_value(value, len, r, member);
}

bool run_file_decode(const char *bytes, size_t len, bool head, struct run *r) {
    struct rest from = {bytes, len};
    *r = (struct run){0};
    bool ok = take(&from, FIRST_LINE, strlen(FIRST_LINE));
    for (int i = 0; ok && i < (head ? RUN_SHORT : RUN_MEMBERS); i++)
        ok = decode_member(&from, r, i);
    ok = ok && (head || (take(&from, LAST_LINE, strlen(LAST_LINE)) && from.len == 0));
    ok = ok && r->id > 0 && r->author_uid >= -1 && r->author_uid < UINT32_MAX;
    if (!ok) {
        run_fini(r);
        *r = (struct run){0};
    }
    return ok;
}

/* --- the files -------------------------------------------------------------------------------- */

static void name_it(int64_t id, bool next, char out[NAME_BYTES]) {
    snprintf(out, NAME_BYTES, "%lld%s", (long long)id, next ? NEXT_END : RUN_END);
}

static bool put(const struct history *h, const struct run *r, bool next, struct err *e) {
    char name[NAME_BYTES], shown[NAME_BYTES + 24];
    struct buf bytes;
    int dir;
    if (!folder_sub(h, RUNS_FOLDER, true, &dir, e))
        return false;
    name_it(r->id, next, name);
    snprintf(shown, sizeof shown, STORE_FOLDER "/" RUNS_FOLDER "/%s", name);
    run_file_encode(r, &bytes);
    mode_t mode = folder_file_mode(dir);
    bool ok = next ? folder_replace(dir, name, bytes.data, bytes.len, mode, shown, e)
                   : folder_write_new(dir, name, bytes.data, bytes.len, mode, shown, e);
    buf_fini(&bytes);
    close(dir);
    return ok;
}

bool run_file_add(const struct history *h, const struct run *r, struct err *e) {
    return put(h, r, false, e);
}

bool run_file_put_next(const struct history *h, const struct run *r, struct err *e) {
    return put(h, r, true, e);
}

static void drop(const struct history *h, int64_t id, bool next) {
    char name[NAME_BYTES];
    int dir;
    if (!folder_sub(h, RUNS_FOLDER, false, &dir, NULL) || dir < 0)
        return;
    name_it(id, next, name);
    unlinkat(dir, name, 0);
    close(dir);
}

void run_file_remove(const struct history *h, int64_t id) { drop(h, id, false); }

void run_file_drop_next(const struct history *h, int64_t id) { drop(h, id, true); }

bool run_file_take_next(const struct history *h, int64_t id, struct err *e) {
    char from[NAME_BYTES], to[NAME_BYTES];
    int dir;
    if (!folder_sub(h, RUNS_FOLDER, true, &dir, e))
        return false;
    name_it(id, true, from);
    name_it(id, false, to);
    bool ok = renameat(dir, from, dir, to) == 0;
    if (ok)
        fsync(dir);
    else
        err_set(e, ERR_IO, "cannot write " STORE_FOLDER "/" RUNS_FOLDER "/%s: %s", to,
                strerror(errno));
    close(dir);
    return ok;
}

bool run_file_is_there(const struct history *h, int64_t id) {
    char name[NAME_BYTES];
    struct stat st;
    int dir;
    if (!folder_sub(h, RUNS_FOLDER, false, &dir, NULL) || dir < 0)
        return false;
    name_it(id, false, name);
    bool there = fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
    close(dir);
    return there;
}

static bool vouched(const struct run *r, uid_t owner) {
    return r->author_uid >= 0 && r->author_uid == (int64_t)owner;
}

bool run_file_get(const struct history *h, int64_t id, bool next, struct run *r) {
    char name[NAME_BYTES], *bytes;
    struct stat st;
    size_t len;
    int dir;
    *r = (struct run){0};
    if (!folder_sub(h, RUNS_FOLDER, false, &dir, NULL) || dir < 0)
        return false;
    name_it(id, next, name);
    bytes = folder_read(dir, name, RUN_FILE_MAX_BYTES, &len, &st, name, NULL);
    close(dir);
    bool ok = bytes && run_file_decode(bytes, len, false, r);
    free(bytes);
    if (ok && r->id != id) {
        run_fini(r);
        *r = (struct run){0};
        return false;
    }
    r->author_proven = ok && vouched(r, st.st_uid);
    return ok;
}

static ssize_t read_head(int dir, const char *name, char *bytes, size_t size, uid_t *owner) {
    struct stat st;
    int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return -1;
    bool is_file = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    ssize_t got = is_file ? read(fd, bytes, size) : -1;
    close(fd);
    *owner = got < 0 ? 0 : st.st_uid;
    return got;
}

bool run_file_head(int dir, int64_t id, struct run *r) {
    char name[NAME_BYTES], bytes[RUN_FILE_HEAD_BYTES];
    uid_t owner;
    name_it(id, false, name);
    ssize_t got = read_head(dir, name, bytes, sizeof bytes, &owner);
    if (got < 0 || !run_file_decode(bytes, (size_t)got, true, r) || r->id != id)
        return false;
    r->author_proven = vouched(r, owner);
    return true;
}

/* --- all of them ------------------------------------------------------------------------------ */

static bool parse_name(const char *name, struct run_file *out) {
    size_t digits = strspn(name, "0123456789");
    out->next = strcmp(name + digits, NEXT_END) == 0;
    return digits <= ID_DIGITS && fields_number(name, digits, &out->id) && out->id > 0 &&
           (out->next || strcmp(name + digits, RUN_END) == 0);
}

static int by_number(const void *a, const void *b) {
    const struct run_file *x = a, *y = b;
    return x->id != y->id ? (x->id > y->id) - (x->id < y->id) : x->next - y->next;
}

/* Without owners the kind is what the folder says, which not every file system knows. */
static bool look_at(int dir, const struct dirent *entry, bool owners, struct run_file *out) {
    struct stat st;
    out->uid = -1;
    if (!parse_name(entry->d_name, out))
        return false;
    if (!owners && entry->d_type != DT_UNKNOWN)
        return entry->d_type == DT_REG;
    if (fstatat(dir, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode))
        return false;
    out->uid = (int64_t)st.st_uid;
    return true;
}

void run_files_scan(const struct history *h, bool owners, struct run_files *l) {
    int fd;
    *l = (struct run_files){0};
    if (!folder_sub(h, RUNS_FOLDER, false, &fd, NULL) || fd < 0)
        return;
    DIR *dir = fdopendir(fd);
    if (!dir) {
        close(fd);
        return;
    }
    for (struct dirent *entry; l->n < FILES_MOST && (entry = readdir(dir));) {
        struct run_file file;
        if (!look_at(fd, entry, owners, &file))
            continue;
        l->item = mem_grow(l->item, l->n, &l->cap, sizeof *l->item);
        l->item[l->n++] = file;
    }
    closedir(dir);
    if (l->n)
        qsort(l->item, l->n, sizeof *l->item, by_number);
}

void run_files_fini(struct run_files *l) {
    free(l->item);
    *l = (struct run_files){0};
}

const struct run_file *run_files_find(const struct run_files *l, int64_t id) {
    struct run_file key = {.id = id};
    return l->n ? bsearch(&key, l->item, l->n, sizeof *l->item, by_number) : NULL;
}
