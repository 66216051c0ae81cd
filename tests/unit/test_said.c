/* What people said: files of their own, read as if everybody were hostile. */
#include "people_fixture.h"

#include <errno.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <time.h>

#include "base/clock.h"
#include "history/fields.h"
#include "history/said.h"
#include "history/said_parts.h"

#define SAID STORE_FOLDER "/said/"

static struct said saying(enum said_kind kind, const char *text) {
    struct said s = {.run = 14, .kind = kind, .at_ms = 1750000000000};
    text_copy(s.text, sizeof s.text, text);
    text_copy(s.on, sizeof s.on, "p95");
    memset(s.seal.verdict, 'a', DIGEST_BYTES - 1);
    return s;
}

static int must_say(struct history *h, struct said s) {
    struct err e = {0};
    if (!said_add(h, &s, &e))
        fail_msg("%s: %s", e.file, e.text);
    return s.id;
}

static struct said_list must_list(const struct history *h, int64_t run) {
    struct said_list l;
    struct err e = {0};
    if (!said_list(h, run, &l, &e))
        fail_msg("%s: %s", e.file, e.text);
    return l;
}

/* --- words and names -------------------------------------------------------------------------- */

static void words_are_read_back(void **state) {
    (void)state;
    for (int i = 0; i < SAID_KINDS; i++) {
        enum said_kind k = SAID_KINDS;
        assert_true(said_kind_parse(said_kind_name((enum said_kind)i), &k));
        assert_int_equal(k, i);
    }
    for (int i = 0; i < NOTE_STATES; i++) {
        enum note_state s = NOTE_STATES;
        assert_true(note_state_parse(note_state_name((enum note_state)i), &s));
        assert_int_equal(s, i);
    }
    enum said_kind k;
    assert_false(said_kind_parse("approved", &k));
    assert_false(said_kind_parse("", &k));
}

static void names_are_strict(void **state) {
    (void)state;
    static const struct {
        const char *name;
        bool good;
    } cases[] = {
        {"14.3.1001.approve.8f3c21d09a44", true},
        {"14.3.1001.note", true},
        {"14.5.1001.settle.3-agreed", true},
        {"1.2000.4294967294.pin", true},
        {"14.3.1001.approve", false},                /* no seal */
        {"14.3.1001.approve.8f3c21d09a4", false},    /* a digit is missing */
        {"14.3.1001.approve.8F3C21D09A44", false},   /* upper case */
        {"14.3.1001.approve.8f3c21d09a44.x", false}, /* more behind it */
        {"14.3.1001.note.", false},                  /* an empty end */
        {"14.3.1001.note.8f3c21d09a44", false},      /* a note has no seal */
        {"14.3.1001.settle", false},                 /* which note? */
        {"14.3.1001.settle.3-solved", false},        /* no state */
        {"14.3.1001.settle.0-agreed", false},        /* no note */
        {"14.3.1001.settle.2001-agreed", false},     /* beyond the last number */
        {"014.3.1001.note", false},                  /* two names for one thing */
        {"14.0.1001.note", false},                   /* from 1 */
        {"14.2001.1001.note", false},                /* beyond the last number */
        {"14.-3.1001.note", false},                  /* below */
        {"14.3.4294967295.note", false},             /* (uid_t)-1 is nobody */
        {"14.3.99999999999999999999.note", false},   /* more than any number */
        {"14.3.1001.praise", false},                 /* no kind */
        {"14..1001.note", false},                    /* an empty part */
        {"14.3.1001", false},
        {"14", false},
        {"", false},
        {".new-0123", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct said_name n;
        if (said_name_parse(cases[i].name, &n) != cases[i].good)
            fail_msg("%s", cases[i].name);
    }
}

static void a_seal_stands_for_all_hashes(void **state) {
    (void)state;
    struct hashes h = {0};
    char none[DIGEST_BYTES], seal[DIGEST_BYTES];
    char *const each[] = {h.results, h.script, h.rules, h.limits, h.verdict};
    hashes_seal(&h, none);
    assert_int_equal(strlen(none), 64);
    for (size_t i = 0; i < sizeof each / sizeof *each; i++) {
        char before[DIGEST_BYTES];
        hashes_seal(&h, before);
        memset(each[i], 'b', DIGEST_BYTES - 1);
        hashes_seal(&h, seal);
        assert_string_not_equal(seal, before);
    }
    /* The same digits at another place are not the same. */
    struct hashes a = {0}, b = {0};
    char of_b[DIGEST_BYTES];
    memset(a.script, 'c', DIGEST_BYTES - 1);
    memset(b.rules, 'c', DIGEST_BYTES - 1);
    hashes_seal(&a, seal);
    hashes_seal(&b, of_b);
    assert_string_not_equal(seal, of_b);
}

/* --- one file --------------------------------------------------------------------------------- */

static void everything_is_kept_as_typed(void **state) {
    (void)state;
    struct said s = saying(SAID_WAIVE, ""), again;
    char name[SAID_NAME_BYTES];
    size_t len;
    for (int i = 1; i < SAID_TEXT_BYTES; i++)
        s.text[i - 1] = (char)(i % 255 + 1); /* all bytes but NUL, as long as a text can be */
    text_copy(s.on, sizeof s.on, "endpoint:a\nkind 7 approve\n\x1b]0;x\a<b>\xe2\x80\xae");
    memset(s.by, 'n', sizeof s.by - 1);
    memset(s.on + strlen(s.on), 'o', sizeof s.on - 1 - strlen(s.on));
    for (int i = 0; i < 5; i++)
        memset((char *)&s.seal + i * DIGEST_BYTES, '0' + i, DIGEST_BYTES - 1);
    s.run = SAID_RUN_MOST;
    s.id = SAID_MOST;
    s.uid = SAID_UID_MOST;
    said_name_write(&s, name);
    char *bytes = said_file_write(&s, &len);
    assert_non_null(bytes);
    assert_true(said_file_parse(name, bytes, len, s.uid, &again));
    assert_string_equal(again.text, s.text);
    assert_string_equal(again.on, s.on);
    assert_string_equal(again.by, s.by);
    assert_memory_equal(&again.seal, &s.seal, sizeof s.seal);
    assert_true(again.run == s.run && again.id == s.id && again.uid == s.uid);
    assert_true(again.proven);
    assert_true(said_file_parse(name, bytes, len, 1, &again));
    assert_false(again.proven); /* of another owner */
    free(bytes);
}

static void a_file_cut_anywhere_is_strange(void **state) {
    (void)state;
    struct said s = saying(SAID_NOTE, "two\nlines"), again;
    char name[SAID_NAME_BYTES];
    size_t len;
    s.id = 3;
    said_name_write(&s, name);
    char *bytes = said_file_write(&s, &len);
    for (size_t cut = 0; cut < len; cut++) {
        char *part = mem_strndup(bytes, cut);
        if (said_file_parse(name, part, cut, 0, &again) && again.text[0])
            fail_msg("cut at %zu", cut);
        free(part);
    }
    free(bytes);
}

#define HEAD "perfscale said 1\nrun 2 14\nnumber 1 3\n"
#define REST "at_ms 1 5\nuid 1 7\nby 1 b\n"

static void strange_content_is_refused(void **state) {
    (void)state;
    static const struct {
        const char *name, *bytes;
        bool good;
    } cases[] = {
        {"14.3.7.note", HEAD "kind 4 note\n" REST, true},
        {"14.3.7.note", "perfscale said 2\nrun 2 14\nnumber 1 3\nkind 4 note\n" REST "mood 2 :)\n",
         true},                                                          /* of a newer version */
        {"14.3.7.note", HEAD "kind 4 note\n" REST "mood 2 :)\n", false}, /* what is that in ours? */
        {"14.3.7.note", "perfscale said 0\nrun 2 14\nnumber 1 3\nkind 4 note\n" REST, false},
        {"14.3.7.note", "perfscale here 1\nrun 2 14\nnumber 1 3\nkind 4 note\n" REST, false},
        {"14.4.7.note", HEAD "kind 4 note\n" REST, false}, /* another number than its name */
        {"14.3.8.note", HEAD "kind 4 note\n" REST, false}, /* another user */
        {"15.3.7.note", HEAD "kind 4 note\n" REST, false}, /* another run */
        {"14.3.7.pin", HEAD "kind 4 note\n" REST, false},  /* another kind */
        {"14.3.7.approve.000000000000", HEAD "kind 7 approve\n" REST, false}, /* another seal */
        {"14.3.7.note", HEAD "kind 4 note\nkind 4 note\n" REST, false},       /* twice */
        {"14.3.7.note", HEAD "kind 4 note\n" REST " ", false},                /* a rest */
        {"14.3.7.note", HEAD "kind 4 note\n" REST "text 3 abc", false},       /* no line end */
        {"14.3.7.note", HEAD "kind 4 note\n" REST "text 4 abc\n", false},     /* too short */
        {"14.3.7.note", HEAD "kind 4 note\n" REST "text 2 abc\n", false},     /* too long */
        {"14.3.7.note", HEAD "kind 4 note\n" REST "text 03 abc\n", false},
        {"14.3.7.note", HEAD "kind 4 note\n" REST "text -3 abc\n", false},
        {"14.3.7.note", HEAD "kind 4 note\n" REST "text 99999999999999999999 abc\n", false},
        {"14.3.7.note", HEAD "kind 4 note\nat_ms 2 -5\nuid 1 7\nby 1 b\n", false},
        {"14.3.7.note", HEAD "kind 4 note\nat_ms 3 1e9\nuid 1 7\nby 1 b\n", false},
        {"14.3.7.note", HEAD "kind 4 note\nuid 1 7\nby 1 b\n", false},         /* no time */
        {"14.3.7.note", HEAD "kind 4 note\n" REST "state 6 agreed\n", false},  /* of a note? */
        {"14.3.7.note", HEAD "kind 4 note\n" REST "reply_to 4 2001\n", false}, /* beyond all */
        {"14.3.7.pin", HEAD "kind 3 pin\n" REST "reply_to 1 1\n", false},
        {"14.3.7.note", HEAD "kind 4 note\n" REST "verdict 3 abc\n", false}, /* no hash */
        {"14.3.7.settle.2-agreed", HEAD "kind 6 settle\n" REST "reply_to 1 2\nstate 6 agreed\n",
         true},
        {"14.3.7.settle.2-agreed", HEAD "kind 6 settle\n" REST "reply_to 1 2\n", false},
        {"14.3.7.note", "", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct said s;
        size_t len = strlen(cases[i].bytes);
        if (said_file_parse(cases[i].name, cases[i].bytes, len, 7, &s) != cases[i].good)
            fail_msg("case %zu: %s", i, cases[i].bytes);
    }
    static const char nul[] = HEAD "kind 4 note\n" REST "text 3 a\0b\n";
    struct said s;
    assert_false(said_file_parse("14.3.7.note", nul, sizeof nul - 1, 7, &s));
}

/* --- a store ---------------------------------------------------------------------------------- */

static void what_is_said_is_listed(void **state) {
    struct history *h = must_open(*state);
    struct said note = saying(SAID_NOTE, "What is this spike?");
    assert_int_equal(must_say(h, note), 1);
    struct said settle = saying(SAID_SETTLE, "");
    settle.reply_to = 1;
    settle.state = NOTE_AGREED;
    assert_int_equal(must_say(h, settle), 2);
    struct said vote = saying(SAID_APPROVE, "");
    assert_int_equal(must_say(h, vote), 3);
    vote.run = 141; /* starts with the same digits */
    assert_int_equal(must_say(h, vote), 1);
    struct said_list l = must_list(h, 14);
    assert_int_equal(l.n, 3);
    assert_int_equal(l.missing + l.strange, 0);
    assert_string_equal(l.item[0].text, "What is this spike?");
    assert_string_equal(l.item[0].on, "p95");
    assert_int_equal(l.item[1].kind, SAID_SETTLE);
    assert_int_equal(l.item[1].reply_to, 1);
    assert_int_equal(l.item[1].state, NOTE_AGREED);
    assert_string_equal(l.item[2].seal.verdict, vote.seal.verdict);
    char me[80];
    for (size_t i = 0; i < l.n; i++) {
        assert_int_equal(l.item[i].uid, said_who(me, sizeof me));
        assert_string_equal(l.item[i].by, me);
        assert_true(l.item[i].proven);
    }
    said_list_fini(&l);
    l = must_list(h, 1);
    assert_int_equal(l.n + (size_t)l.missing, 0);
    said_list_fini(&l);
    history_close(h);
}

static void files_are_private_and_named_by_what_they_hold(void **state) {
    struct history *h = must_open(*state);
    char name[128], seal[DIGEST_BYTES];
    struct said s = saying(SAID_REQUEST_CHANGES, "explain the spike");
    struct stat st;
    must_say(h, s);
    hashes_seal(&s.seal, seal);
    snprintf(name, sizeof name, SAID "14.1.%d.request_changes.%.12s", (int)geteuid(), seal);
    assert_int_equal(lstat(in(*state, name), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(stat(in(*state, SAID), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
    history_close(h);
}

static void without_a_folder_nothing_was_said(void **state) {
    struct history *h = must_open(*state);
    int64_t author = 7;
    struct said_count c = {.run = 14, .notes = 9};
    struct said_list l = must_list(h, 14);
    assert_int_equal(l.n, 0);
    said_list_fini(&l);
    assert_true(said_count_all(h, &c, &author, 1, NULL));
    assert_int_equal(c.notes, 0);
    assert_int_equal(said_newest_ms(h), 0);
    history_close(h);
}

static void name_of(char out[128], int number, const char *rest) {
    snprintf(out, 128, SAID "14.%d.%d.%s", number, (int)geteuid(), rest);
}

static void a_removed_number_is_missed(void **state) {
    struct history *h = must_open(*state);
    char name[128];
    for (int i = 1; i <= 4; i++)
        must_say(h, saying(SAID_NOTE, "x"));
    name_of(name, 2, "note");
    assert_int_equal(unlink(in(*state, name)), 0);
    struct said_list l = must_list(h, 14);
    assert_int_equal(l.n, 3);
    assert_int_equal(l.missing, 1);
    said_list_fini(&l);
    assert_int_equal(must_say(h, saying(SAID_NOTE, "x")), 5); /* a number is not used again */
    history_close(h);
}

static void put_said(const char *dir, int number, const char *rest, const char *bytes) {
    char name[128];
    name_of(name, number, rest);
    put(dir, name, bytes, strlen(bytes));
}

static void strange_files_are_left_out(void **state) {
    struct history *h = must_open(*state);
    char name[128], other[128];
    must_say(h, saying(SAID_NOTE, "good"));
    put_said(*state, 2, "note", "");
    put_said(*state, 3, "note", "\x1b]52;c;x\a");
    name_of(name, 4, "note");
    assert_int_equal(mkfifo(in(*state, name), 0600), 0); /* does not hang */
    name_of(name, 5, "note");
    name_of(other, 1, "note");
    assert_int_equal(symlink(in(*state, other), in(*state, name)), 0);
    name_of(name, 6, "note");
    assert_int_equal(mkdir(in(*state, name), 0700), 0);
    name_of(name, 7, "note");
    char large[SAID_FILE_BYTES + 2];
    memset(large, 'x', sizeof large);
    put(*state, name, large, sizeof large);
    name_of(name, 8, "note");
    assert_int_equal(link(in(*state, other), in(*state, name)), 0); /* says it is number 1 */
    put_said(*state, 9, "praise", "");
    put_said(*state, 5000, "note", "");
    put(*state, SAID ".new-12", "half", 4);
    put(*state, SAID "\x1b[2J", "", 0);
    struct said_list l = must_list(h, 14);
    assert_int_equal(l.n, 1);
    assert_int_equal(l.strange, 9);
    assert_int_equal(l.missing, 0);
    assert_string_equal(l.item[0].text, "good");
    said_list_fini(&l);
    assert_int_equal(must_say(h, saying(SAID_NOTE, "x")), 9); /* 8 is the highest that is one */
    history_close(h);
}

static void a_link_for_a_folder_is_refused(void **state) {
    struct history *h = must_open(*state);
    struct said s = saying(SAID_NOTE, "x");
    struct said_list l;
    struct err e = {0};
    rmdir(in(*state, SAID));
    assert_int_equal(mkdir(in(*state, "elsewhere"), 0700), 0);
    assert_int_equal(symlink("../elsewhere", in(*state, STORE_FOLDER "/said")), 0);
    assert_false(said_add(h, &s, &e));
    assert_int_equal(e.kind, ERR_REFUSED);
    assert_false(said_list(h, 14, &l, &e));
    assert_null(l.item);
    assert_int_equal(rmdir(in(*state, "elsewhere")), 0); /* still empty */
    history_close(h);
}

static void a_taken_name_is_not_touched(void **state) {
    struct history *h = must_open(*state);
    size_t len;
    must_say(h, saying(SAID_NOTE, "x"));
    put_said(*state, 7, "note", "somebody's");
    assert_int_equal(must_say(h, saying(SAID_NOTE, "y")), 8);
    char name[128];
    name_of(name, 7, "note");
    char *bytes = bytes_of(*state, name, &len);
    assert_string_equal(bytes, "somebody's");
    free(bytes);
    history_close(h);
}

static void limits_are_said(void **state) {
    struct history *h = must_open(*state);
    struct err e = {0};
    struct said s = saying(SAID_NOTE, "");
    memset(s.text, 'x', sizeof s.text); /* one byte more than it may have */
    assert_false(said_add(h, &s, &e));
    assert_int_equal(e.kind, ERR_LIMIT);
    s.text[SAID_TEXT_BYTES - 1] = '\0';
    assert_int_equal(must_say(h, s), 1);
    put_said(*state, SAID_MOST, "note", "");
    assert_false(said_add(h, &s, &e));
    assert_int_equal(e.kind, ERR_LIMIT);
    assert_string_equal(e.text, "run 14 has the 2000 statements that a run takes");
    for (int i = 2; i <= SAID_MOST + 1; i++) {
        char name[128];
        snprintf(name, sizeof name, SAID "14.%d.%d.pin", i % SAID_MOST + 1, i);
        put(*state, name, "", 0);
    }
    struct said_list l;
    assert_false(said_list(h, 14, &l, &e));
    assert_int_equal(e.kind, ERR_LIMIT);
    assert_string_equal(e.text, "run 14 has more than the 2000 statements that a run takes");
    history_close(h);
}

/* --- several at once -------------------------------------------------------------------------- */

static int say_fifty(const char *dir, int go) {
    (void)go;
    struct history *h = NULL;
    CHECK(history_open(&h, dir, true, NULL));
    for (int i = 0; i < 50; i++) {
        struct said s = saying(SAID_NOTE, "x");
        CHECK(said_add(h, &s, NULL));
    }
    history_close(h);
    return 0;
}

static void numbers_are_given_once(void **state) {
    pid_t pid[4];
    history_close(must_open(*state));
    for (int i = 0; i < 4; i++)
        pid[i] = start_person(0, say_fifty, *state, -1);
    for (int i = 0; i < 4; i++)
        assert_int_equal(wait_for(pid[i]), 0);
    struct history *h = must_open(*state);
    struct said_list l = must_list(h, 14);
    assert_int_equal(l.n, 200);
    assert_int_equal(l.missing + l.strange, 0);
    for (size_t i = 0; i < l.n; i++)
        assert_int_equal(l.item[i].id, i + 1);
    said_list_fini(&l);
    history_close(h);
}

static int say_for_ever(const char *dir, int go) {
    (void)go;
    struct history *h = NULL;
    CHECK(history_open(&h, dir, true, NULL));
    for (;;) {
        struct said s = saying(SAID_NOTE, "whole");
        CHECK(said_add(h, &s, NULL));
    }
}

static void a_kill_leaves_nothing_half(void **state) {
    struct history *h = must_open(*state);
    srand(1);
    for (int round = 0; round < 100; round++) {
        pid_t pid = start_person(0, say_for_ever, *state, -1);
        usleep((useconds_t)(rand() % 8000));
        kill(pid, SIGKILL);
        assert_int_equal(wait_for(pid), 128 + SIGKILL);
    }
    struct said_list l = must_list(h, 14);
    assert_true(l.n > 0);
    assert_int_equal(l.missing + l.strange, 0);
    for (size_t i = 0; i < l.n; i++)
        assert_string_equal(l.item[i].text, "whole");
    said_list_fini(&l);
    history_close(h);
}

static int hold_lock(const char *dir, int go) {
    char path[NAME_BYTES], byte;
    CHECK(file_join(path, sizeof path, dir, SAID));
    int fd = open(path, O_RDONLY | O_DIRECTORY);
    CHECK(fd >= 0 && flock(fd, LOCK_EX) == 0);
    CHECK(read(go, &byte, 1) == 0);
    return 0;
}

static void a_busy_store_names_who_writes(void **state) {
    struct history *h = must_open(*state);
    struct err e = {0};
    struct said s = saying(SAID_NOTE, "x");
    char me[80], expected[160];
    int ends[2];
    must_say(h, s);
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    pid_t pid = start_person(0, hold_lock, *state, ends[0]);
    close(ends[0]);
    usleep(100000);
    assert_false(said_add(h, &s, &e));
    assert_int_equal(e.kind, ERR_IO);
    unsetenv("SUDO_UID");
    said_who(me, sizeof me);
    snprintf(expected, sizeof expected, "the store is busy (%s is writing)", me);
    assert_string_equal(e.text, expected);
    kill(pid, SIGKILL);
    wait_for(pid);
    close(ends[1]);
    assert_int_equal(must_say(h, s), 2);
    history_close(h);
}

/* --- no room, no right ------------------------------------------------------------------------ */

/* Both need a process of their own: limits and mounts do not go away again. */
static int fill_disk(const char *dir, int go) {
    (void)go;
    struct history *h = NULL;
    struct err e = {0};
    struct said s = saying(SAID_NOTE, "");
    struct said_list l;
    int said = 0;
    if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("none", dir, "tmpfs", 0, "size=400k,mode=700") != 0)
        return 77;
    memset(s.text, 'x', sizeof s.text - 1);
    CHECK(history_open(&h, dir, true, &e));
    while (said_add(h, &s, &e))
        said++;
    CHECK(said > 0 && s.id == said + 1);
    CHECK(e.kind == ERR_IO && text_starts(e.text, "no space left on "));
    CHECK(said_list(h, 14, &l, &e));
    CHECK(l.n == (size_t)said && l.strange == 0 && l.missing == 0);
    said_list_fini(&l);
    history_close(h);
    return 0;
}

static void a_full_disk_says_so(void **state) {
    NEEDS_ROOT();
    int rc = wait_for(start_person(0, fill_disk, *state, -1));
    if (rc == 77)
        skip();
    assert_int_equal(rc, 0);
}

static void a_read_only_store_takes_nothing(void **state) {
    struct history *h = must_open(*state);
    struct err e = {0};
    struct said s = saying(SAID_NOTE, "x");
    must_say(h, s);
    h->read_only = true;
    assert_false(said_add(h, &s, &e));
    assert_int_equal(e.kind, ERR_REFUSED);
    struct said_list l = must_list(h, 14);
    assert_int_equal(l.n, 1);
    said_list_fini(&l);
    history_close(h);
}

static int say_once(const char *dir, int go) {
    (void)go;
    struct history *h = NULL;
    struct err e = {0};
    struct said s = saying(SAID_APPROVE, "fine");
    CHECK(history_open(&h, dir, true, &e));
    CHECK(said_add(h, &s, &e));
    CHECK(s.proven);
    history_close(h);
    return 0;
}

static int cannot_say(const char *dir, int go) {
    (void)go;
    struct history *h = NULL;
    struct err e = {0};
    struct said s = saying(SAID_NOTE, "x");
    CHECK(history_open(&h, dir, false, &e) && h);
    CHECK(!said_add(h, &s, &e));
    CHECK(e.kind == ERR_IO && strcmp(e.text, "cannot write: Permission denied") == 0);
    CHECK(strcmp(e.file, STORE_FOLDER "/said") == 0);
    history_close(h);
    return 0;
}

static void a_folder_without_rights_says_so(void **state) {
    NEEDS_ROOT();
    share_store(*state);
    person_does(BO, say_once, *state);
    assert_int_equal(chown(in(*state, SAID), 0, GROUP), 0);
    assert_int_equal(chmod(in(*state, SAID), 0750), 0);
    person_does(BO, cannot_say, *state);
}

/* --- two people ------------------------------------------------------------------------------- */

static const char *anas_vote(void) {
    static char name[128];
    char seal[DIGEST_BYTES];
    struct said s = saying(SAID_APPROVE, "");
    hashes_seal(&s.seal, seal);
    snprintf(name, sizeof name, "14.1.%d.approve.%.12s", ANA, seal);
    return name;
}

static int open_said(const char *dir) {
    char path[NAME_BYTES];
    file_join(path, sizeof path, dir, SAID);
    return open(path, O_RDONLY | O_DIRECTORY);
}

static int tries_to_remove(const char *dir, int go) {
    (void)go;
    int at = open_said(dir);
    const char *name = anas_vote();
    CHECK(at >= 0);
    CHECK(unlinkat(at, name, 0) != 0 && (errno == EPERM || errno == EACCES));
    CHECK(renameat(at, name, at, "gone") != 0);
    int fd = openat(at, "mine", O_WRONLY | O_CREAT, 0640);
    CHECK(fd >= 0 && close(fd) == 0);
    CHECK(renameat(at, "mine", at, name) != 0);
    CHECK(openat(at, name, O_WRONLY) < 0);
    fd = openat(at, name, O_RDONLY);
    CHECK(fd >= 0); /* but he may read it */
    return 0;
}

static void nobody_removes_what_another_said(void **state) {
    NEEDS_ROOT();
    struct stat st;
    share_store(*state);
    person_does(ANA, say_once, *state);
    char path[NAME_BYTES];
    snprintf(path, sizeof path, "%s/" SAID "%s", (char *)*state, anas_vote());
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_uid, ANA);
    assert_int_equal(st.st_gid, GROUP);
    assert_int_equal(st.st_mode & 07777, 0640);
    person_does(BO, tries_to_remove, *state);
    person_does(BO, say_once, *state);
    struct history *h = must_open(*state);
    struct said_list l = must_list(h, 14);
    assert_int_equal(l.n, 2);
    assert_true(l.item[0].proven && l.item[1].proven);
    assert_int_equal(l.item[0].uid, ANA);
    assert_int_equal(l.item[1].uid, BO);
    assert_string_equal(l.item[1].by, "uid 54322");
    said_list_fini(&l);
    history_close(h);
}

/* Bo writes ana's approval, and one of his own in her name. */
static int forges(const char *dir, int go) {
    (void)go;
    struct said s = saying(SAID_APPROVE, "looks good to me");
    char name[SAID_NAME_BYTES];
    size_t len;
    int at = open_said(dir);
    CHECK(at >= 0);
    for (s.id = 1; s.id <= 2; s.id++) {
        s.uid = s.id == 1 ? ANA : BO;
        text_copy(s.by, sizeof s.by, "ana");
        said_name_write(&s, name);
        char *bytes = said_file_write(&s, &len);
        int fd = openat(at, name, O_WRONLY | O_CREAT | O_EXCL, 0640);
        CHECK(fd >= 0 && write(fd, bytes, len) == (ssize_t)len && close(fd) == 0);
        free(bytes);
    }
    return 0;
}

static void a_forged_file_is_not_believed(void **state) {
    NEEDS_ROOT();
    share_store(*state);
    person_does(BO, say_once, *state); /* makes the folder, and is number 1 too */
    person_does(BO, forges, *state);
    struct history *h = must_open(*state);
    struct said_list l = must_list(h, 14);
    assert_int_equal(l.n, 3);
    for (size_t i = 0; i < l.n; i++) {
        assert_true(l.item[i].proven == (l.item[i].uid == BO));
        if (l.item[i].proven)
            assert_string_equal(l.item[i].by, "uid 54322"); /* and not "ana" */
    }
    said_list_fini(&l);
    int64_t author = BO;
    struct said_count c = {.run = 14};
    assert_true(said_count_all(h, &c, &author, 1, NULL));
    assert_int_equal(c.vote, SAID_NOTE); /* bo's own ones are the author's, ana's is no vote */
    history_close(h);
}

static int is_told_who(const char *dir, int go) {
    (void)dir, (void)go;
    char name[80];
    setenv("SUDO_UID", "1", 1); /* anybody can do that */
    CHECK(said_who(name, sizeof name) == ANA);
    CHECK(strcmp(name, "uid 54321") == 0);
    return 0;
}

static int says_as_root(const char *dir, int go) {
    (void)go;
    struct history *h = NULL;
    struct said s = saying(SAID_NOTE, "x");
    char name[80];
    setenv("SUDO_UID", "54321", 1);
    CHECK(said_who(name, sizeof name) == 0 && strcmp(name, "uid 54321 (sudo)") == 0);
    CHECK(history_open(&h, dir, true, NULL) && said_add(h, &s, NULL));
    history_close(h);
    setenv("SUDO_UID", "0", 1);
    CHECK(said_who(name, sizeof name) == 0 && strcmp(name, "root") == 0);
    setenv("SUDO_UID", "1x", 1);
    CHECK(said_who(name, sizeof name) == 0 && strcmp(name, "root") == 0);
    return 0;
}

static void only_root_is_somebody_by_sudo(void **state) {
    NEEDS_ROOT();
    person_does(ANA, is_told_who, *state);
    person_does(0, says_as_root, *state);
    struct history *h = must_open(*state);
    struct said_list l = must_list(h, 14);
    assert_int_equal(l.n, 1);
    assert_string_equal(l.item[0].by, "uid 54321 (sudo)");
    assert_int_equal(l.item[0].uid, 0);
    assert_true(l.item[0].proven);
    said_list_fini(&l);
    history_close(h);
}

/* --- counting --------------------------------------------------------------------------------- */

static const char seal_a[] = "aaaaaaaaaaaa", seal_b[] = "bbbbbbbbbbbb";

static void files(const char *dir, const char *names) {
    char one[128], path[NAME_BYTES];
    for (int n; sscanf(names, "%127s%n", one, &n) == 1; names += n) {
        snprintf(path, sizeof path, SAID "%s", one);
        put(dir, path, "", 0);
        unsigned long uid;
        if (sscanf(one, "%*d.%*d.%lu", &uid) == 1 && geteuid() == 0 && !strstr(one, "waive"))
            assert_int_equal(chown(in(dir, path), (uid_t)uid, (gid_t)-1), 0);
    }
}

/* The author is 1; a waiver of somebody else than root is not proven here. */
static void votes_are_counted(void **state) {
    NEEDS_ROOT();
    static const struct {
        const char *names;
        enum said_kind vote;
        const char *seal;
        int notes, open;
        bool waived, pinned;
    } cases[] = {
        {"", SAID_NOTE, "", 0, 0, false, false},
        {"7.1.2.approve.aaaaaaaaaaaa", SAID_APPROVE, seal_a, 0, 0, false, false},
        {"7.1.1.approve.aaaaaaaaaaaa", SAID_NOTE, "", 0, 0, false, false}, /* the author */
        {"7.1.1.request_changes.aaaaaaaaaaaa", SAID_REQUEST_CHANGES, seal_a, 0, 0, false, false},
        {"7.1.2.approve.aaaaaaaaaaaa 7.2.2.withdraw.aaaaaaaaaaaa", SAID_NOTE, "", 0, 0, false,
         false},
        {"7.1.2.approve.aaaaaaaaaaaa 7.2.3.withdraw.aaaaaaaaaaaa", SAID_APPROVE, seal_a, 0, 0,
         false, false}, /* of another's vote: no */
        {"7.1.2.approve.aaaaaaaaaaaa 7.2.3.approve.bbbbbbbbbbbb", SAID_APPROVE, seal_b, 0, 0, false,
         false}, /* the newest */
        {"7.1.2.request_changes.aaaaaaaaaaaa 7.2.3.approve.bbbbbbbbbbbb", SAID_REQUEST_CHANGES,
         seal_a, 0, 0, false, false},
        {"7.1.2.request_changes.aaaaaaaaaaaa 7.2.2.approve.bbbbbbbbbbbb", SAID_APPROVE, seal_b, 0,
         0, false, false}, /* the last of each */
        {"7.9.2.approve.aaaaaaaaaaaa 7.10.2.request_changes.bbbbbbbbbbbb", SAID_REQUEST_CHANGES,
         seal_b, 0, 0, false, false},                                      /* 10 is above 9 */
        {"8.1.2.approve.aaaaaaaaaaaa", SAID_NOTE, "", 0, 0, false, false}, /* of another run */
        {"7.1.2.note 7.2.1.note 7.3.1.settle.1-agreed", SAID_NOTE, "", 2, 1, false, false},
        {"7.1.2.note 7.2.1.note.1 7.3.2.note.2", SAID_NOTE, "", 3, 1, false,
         false}, /* one thread */
        {"7.1.2.note 7.2.1.note.1 7.3.1.settle.2-agreed", SAID_NOTE, "", 2, 0, false, false},
        {"7.1.2.note 7.2.1.note.9", SAID_NOTE, "", 2, 2, false, false}, /* to what is not there */
        {"7.1.2.note 7.2.1.settle.1-agreed 7.3.2.settle.1-open", SAID_NOTE, "", 1, 1, false,
         false}, /* the last word */
        {"7.1.2.note 7.2.1.settle.1-agreed 7.3.2.settle.1-waived", SAID_NOTE, "", 1, 0, false,
         false},
        {"7.1.2.note 7.3.2.settle.9-agreed", SAID_NOTE, "", 1, 1, false, false}, /* no note 9 */
        {"7.1.2.pin 7.2.0.waive.aaaaaaaaaaaa", SAID_NOTE, "", 0, 0, true, true},
        {"7.1.2.waive.aaaaaaaaaaaa", SAID_NOTE, "", 0, 0, false, false}, /* not his */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *dir = mem_strdup(in(*state, seal_a));
        assert_int_equal(mkdir(dir, 0700), 0);
        struct history *h = must_open(dir);
        mkdir(in(dir, SAID), 0700);
        files(dir, cases[i].names);
        int64_t author[] = {99, 1, 99};
        struct said_count c[] = {{.run = 3}, {.run = 7}, {.run = 9}};
        assert_true(said_count_all(h, c, author, 3, NULL));
        if (c[1].vote != cases[i].vote || strcmp(c[1].seal, cases[i].seal) != 0 ||
            c[1].notes != cases[i].notes || c[1].open_notes != cases[i].open ||
            c[1].waived != cases[i].waived || c[1].pinned != cases[i].pinned)
            fail_msg("%s: %s %s, %d notes, %d open, %d %d", cases[i].names,
                     said_kind_name(c[1].vote), c[1].seal, c[1].notes, c[1].open_notes, c[1].waived,
                     c[1].pinned);
        assert_true(c[1].pinned == (c[1].newest_pin_ms > 0));
        assert_int_equal(c[0].notes + c[2].notes + (int)c[2].newest_ms, 0);
        history_close(h);
        assert_int_equal(nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
        free(dir);
    }
}

static void names_and_content_count_the_same(void **state) {
    struct history *h = must_open(*state);
    struct said settle = saying(SAID_SETTLE, "");
    struct said_count c = {.run = 14};
    int64_t author = -1, before = clock_day_ms() - 1000;
    must_say(h, saying(SAID_NOTE, "a"));
    must_say(h, saying(SAID_NOTE, "b"));
    settle.reply_to = 2;
    settle.state = NOTE_DISPUTED;
    must_say(h, settle);
    must_say(h, saying(SAID_PIN, ""));
    must_say(h, saying(SAID_APPROVE, ""));
    must_say(h, saying(SAID_WAIVE, "known"));
    assert_true(said_count_all(h, &c, &author, 1, NULL));
    assert_int_equal(c.notes, 2);
    assert_int_equal(c.open_notes, 1);
    assert_int_equal(c.vote, SAID_APPROVE);
    assert_true(c.waived && c.pinned);
    assert_true(c.newest_ms > before && c.newest_ms <= clock_day_ms() + 1000);
    assert_int_equal(said_newest_ms(h), c.newest_ms);
    history_close(h);
}

static void a_thousand_runs_are_counted_fast(void **state) {
    enum { RUNS = 1000 };
    static struct said_count c[RUNS];
    static int64_t author[RUNS];
    struct history *h = must_open(*state);
    char name[128];
    mkdir(in(*state, SAID), 0700);
    for (int i = 0; i < RUNS; i++) {
        c[i].run = i + 1;
        for (int k = 1; k <= 3; k++) {
            snprintf(name, sizeof name, SAID "%d.%d.%d.%s", i + 1, k, (int)geteuid(),
                     k == 3 ? "approve.aaaaaaaaaaaa" : "note");
            put(*state, name, "", 0);
        }
    }
    clock_t best = CLOCKS_PER_SEC;
    for (int i = 0; i < 5; i++) {
        clock_t start = clock();
        assert_true(said_count_all(h, c, author, RUNS, NULL));
        clock_t took = clock() - start;
        best = took < best ? took : best;
    }
    double ms = 1e3 * (double)best / CLOCKS_PER_SEC;
    printf("1,000 runs with 3 statements each: %.1f ms of processor time\n", ms);
    assert_true(ms < 100); /* far above the 15 it should take: for slow and instrumented builds */
    assert_int_equal(c[999].notes, 2);
    history_close(h);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_read_back),
        cmocka_unit_test(names_are_strict),
        cmocka_unit_test(a_seal_stands_for_all_hashes),
        cmocka_unit_test(everything_is_kept_as_typed),
        cmocka_unit_test(a_file_cut_anywhere_is_strange),
        cmocka_unit_test(strange_content_is_refused),
        STORE_TEST(what_is_said_is_listed),
        STORE_TEST(files_are_private_and_named_by_what_they_hold),
        STORE_TEST(without_a_folder_nothing_was_said),
        STORE_TEST(a_removed_number_is_missed),
        STORE_TEST(strange_files_are_left_out),
        STORE_TEST(a_link_for_a_folder_is_refused),
        STORE_TEST(a_taken_name_is_not_touched),
        STORE_TEST(limits_are_said),
        STORE_TEST(numbers_are_given_once),
        STORE_TEST(a_kill_leaves_nothing_half),
        STORE_TEST(a_busy_store_names_who_writes),
        STORE_TEST(a_full_disk_says_so),
        STORE_TEST(a_read_only_store_takes_nothing),
        STORE_TEST(a_folder_without_rights_says_so),
        STORE_TEST(nobody_removes_what_another_said),
        STORE_TEST(a_forged_file_is_not_believed),
        STORE_TEST(only_root_is_somebody_by_sudo),
        STORE_TEST(votes_are_counted),
        STORE_TEST(names_and_content_count_the_same),
        STORE_TEST(a_thousand_runs_are_counted_fast),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
