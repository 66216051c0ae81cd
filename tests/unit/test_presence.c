/* Who is here: among real processes, killed ones and forgers too. */
#include "people_fixture.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <time.h>

#include "base/clock.h"
#include "history/fields.h"
#include "history/presence.h"
#include "history/presence_parts.h"
#include "history/said.h"

#define LIVE STORE_FOLDER "/live"

enum { SOON_MS = 100, LATE_MS = 3000, TRIES = 5 };

/* --- another program, on strings -------------------------------------------------------------- */

struct puppet {
    pid_t pid;
    int line;
};

struct stage {
    const char *dir;
    struct history *h;
    struct presence *p;
    int moves;
};

static struct place_at at_run(int64_t run) {
    struct place_at at = {.screen = 6, .run = run, .time_s = 12.5, .typing = true};
    text_copy(at.focus, sizeof at.focus, "endpoint:POST /orders\n\x1b[2J");
    return at;
}

static bool does(struct stage *s, char what) {
    struct err e = {0};
    struct said note = {.run = 14, .kind = SAID_NOTE, .at_ms = 1, .text = "x"};
    struct place_at at = at_run(++s->moves);
    struct run run = sample("load", 100, "pass");
    switch (what) {
    case 'j':
        return history_open(&s->h, s->dir, true, &e) && (s->p = presence_new(s->h, 1000, &e));
    case 'm':
        presence_set(s->p, &at, &(struct person){.uid = 77, .pid = 78});
        return true;
    case 'n':
        return said_add(s->h, &note, &e);
    case 'r':
        return history_add(s->h, &run, &e);
    case 's':
        return history_save_state(s->h, "{}", 1, &e);
    default:
        presence_free(s->p);
        history_close(s->h);
        return true;
    }
}

/* Does what it is told, a letter each, and answers with the time when it was done. */
static int dance(const char *dir, int line) {
    struct stage s = {.dir = dir};
    struct presence_news news;
    char what;
    for (;;) {
        struct pollfd fds[] = {{line, POLLIN, 0}, {s.p ? presence_fd(s.p) : -1, POLLIN, 0}};
        CHECK(poll(fds, 2, -1) > 0);
        if (fds[1].revents)
            presence_turn(s.p, &news);
        if (!fds[0].revents)
            continue;
        CHECK(read(line, &what, 1) == 1);
        CHECK(does(&s, what));
        int64_t now = clock_steady_ms();
        CHECK(write(line, &now, sizeof now) == sizeof now);
        if (what == 'l')
            return 0;
    }
}

static struct puppet puppet_new(uid_t uid, const char *dir) {
    int line[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line), 0);
    struct puppet p = {start_person(uid, dance, dir, line[0]), line[1]};
    close(line[0]);
    return p;
}

static int64_t puppet_does(const struct puppet *p, char what) {
    int64_t done = 0;
    assert_int_equal(write(p->line, &what, 1), 1);
    if (read(p->line, &done, sizeof done) != sizeof done)
        fail_msg("the other program could not do %c", what);
    return done;
}

static void puppet_kill(const struct puppet *p) {
    kill(p->pid, SIGKILL);
    close(p->line);
    wait_for(p->pid);
}

static void puppet_leaves(const struct puppet *p) {
    puppet_does(p, 'l');
    close(p->line);
    assert_int_equal(wait_for(p->pid), 0);
}

/* --- this program ----------------------------------------------------------------------------- */

static struct presence *must_join(struct history *h) {
    struct err e = {0};
    struct presence *p = presence_new(h, 2000, &e);
    if (!p)
        fail_msg("%s", e.text);
    return p;
}

/* Turns until something of what is wanted is new. Returns the time, 0 when it does not come. */
static int64_t hear(struct presence *p, struct presence_news want, int most_ms,
                    struct presence_news *all) {
    struct presence_news news;
    int64_t start = clock_steady_ms(), now = start;
    *all = (struct presence_news){0};
    for (; now - start <= most_ms; now = clock_steady_ms()) {
        struct pollfd fd = {presence_fd(p), POLLIN, 0};
        if (poll(&fd, 1, (int)(start + most_ms - now)) != 1)
            continue;
        presence_turn(p, &news);
        all->people |= news.people;
        all->said |= news.said;
        all->runs |= news.runs;
        if ((want.people && news.people) || (want.said && news.said) || (want.runs && news.runs))
            return clock_steady_ms();
    }
    return 0;
}

static const struct presence_news people = {.people = true}, said = {.said = true},
                                  runs = {.runs = true}, anything = {true, true, true, true};

static void settle(struct presence *p) {
    struct presence_news all;
    while (hear(p, anything, 50, &all))
        ;
}

/* The other does it; the best of some tries is soon enough: the host may have more to do. */
static void heard_soon(struct presence *p, const struct puppet *other, char what,
                       struct presence_news want) {
    int64_t best = LATE_MS;
    for (int i = 0; i < TRIES && best > SOON_MS; i++) {
        struct presence_news all;
        settle(p);
        usleep(550000); /* a move may be written at once again */
        int64_t done = puppet_does(other, what), heard = hear(p, want, LATE_MS, &all);
        if (!heard)
            fail_msg("%c was not heard", what);
        best = heard - done < best ? heard - done : best;
    }
    printf("%c is heard after %d ms\n", what, (int)best);
    assert_true(best <= SOON_MS);
}

static size_t count_files(const char *dir) {
    DIR *d = opendir(in(dir, LIVE));
    const struct dirent *entry;
    size_t n = 0;
    assert_non_null(d);
    while ((entry = readdir(d)))
        n += entry->d_name[0] != '.';
    closedir(d);
    return n;
}

/* --- names and files -------------------------------------------------------------------------- */

static void names_are_strict(void **state) {
    (void)state;
    static const struct {
        const char *name;
        bool good;
    } cases[] = {
        {"1001.812.77123", true},
        {"0.1.0", true},
        {"1001.812", false},
        {"1001.812.77123.1", false},
        {"1001.0.77123", false}, /* no process */
        {"1001.-1.77123", false},
        {"1001.2147483648.77123", false}, /* more than a pid can be */
        {"4294967295.812.77123", false},  /* (uid_t)-1 */
        {"01001.812.77123", false},
        {" 1001.812.77123", false},
        {".1001.812.77123", false}, /* is being written */
        {"1001..77123", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct here h;
        if (here_parse(cases[i].name, &h) != cases[i].good)
            fail_msg("%s", cases[i].name);
    }
}

static void a_file_holds_the_longest_and_reads_back(void **state) {
    (void)state;
    struct here_file f = {.space = INT64_C(999999999999999999)}, again;
    struct here of = {.uid = 7, .pid = 8, .start = 9};
    char bytes[HERE_FILE_BYTES];
    memset(f.is.name, 'n', sizeof f.is.name - 1);
    memset(f.is.at.focus, '\n', sizeof f.is.at.focus - 1);
    f.is.since_ms = INT64_C(253402300799999);
    f.is.at.screen = 99;
    f.is.at.run = f.is.at.other = INT64_C(999999999999999);
    f.is.at.time_s = 253402300799.999;
    f.is.at.typing = true;
    f.is.follows_uid = INT64_C(4294967294);
    f.is.follows_pid = INT32_MAX;
    size_t len = here_write(&f, bytes);
    assert_true(len > 0);
    assert_true(here_read(&of, bytes, len, &again));
    assert_string_equal(again.is.name, f.is.name);
    assert_string_equal(again.is.at.focus, f.is.at.focus);
    assert_true(again.is.at.run == f.is.at.run && again.is.at.other == f.is.at.other);
    assert_true(again.is.at.typing && again.is.at.screen == 99);
    assert_true(again.is.follows_uid == f.is.follows_uid && again.is.follows_pid == INT32_MAX);
    assert_true(fabs(again.is.at.time_s - f.is.at.time_s) < 0.01);
    assert_true(again.is.uid == 7 && again.is.pid == 8);
    for (size_t cut = 0; cut < len; cut++) {
        char *part = mem_strndup(bytes, cut);
        here_read(&of, part, cut, &again); /* reads nothing behind it */
        free(part);
    }
    f = (struct here_file){.is = {.at.time_s = NAN, .follows_uid = -1}};
    len = here_write(&f, bytes);
    assert_true(here_read(&of, bytes, len, &again));
    assert_true(isnan(again.is.at.time_s));
    assert_int_equal(again.is.follows_uid, -1);
}

/* --- alone ------------------------------------------------------------------------------------ */

static void the_own_file_comes_and_goes(void **state) {
    struct history *h = must_open(*state);
    struct presence *p = must_join(h);
    const struct person *others;
    struct here self = here_self();
    char name[HERE_NAME_BYTES], path[128];
    struct stat st;
    here_name(&self, name);
    assert_int_equal(self.pid, getpid());
    assert_true(self.start > 0);
    snprintf(path, sizeof path, LIVE "/%s", name);
    assert_int_equal(lstat(in(*state, path), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(presence_others(p, &others), 0);
    presence_free(p);
    assert_int_equal(count_files(*state), 0);
    presence_free(NULL);
    history_close(h);
}

static int count_moves(int inotify) {
    char events[65536];
    int n = 0;
    for (ssize_t got; (got = read(inotify, events, sizeof events)) > 0;)
        for (ssize_t i = 0; i < got;) {
            struct inotify_event event;
            memcpy(&event, events + i, sizeof event);
            n += (event.mask & IN_MOVED_TO) != 0;
            i += (ssize_t)(sizeof event + event.len);
        }
    return n;
}

static void it_is_written_at_most_twice_a_second(void **state) {
    struct history *h = must_open(*state);
    struct presence *p = must_join(h);
    struct presence_news news;
    struct place_at at = at_run(1);
    int inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    assert_true(inotify_add_watch(inotify, in(*state, LIVE), IN_MOVED_TO) >= 0);
    presence_set(p, &at, NULL);
    assert_int_equal(count_moves(inotify), 1); /* at once */
    presence_set(p, &at, NULL);
    int64_t start = clock_steady_ms(), now = start;
    int moves = 0;
    for (; now - start < 1900; now = clock_steady_ms()) {
        at.run++;
        presence_set(p, &at, NULL);
        struct pollfd fd = {presence_fd(p), POLLIN, 0};
        if (poll(&fd, 1, 5) > 0)
            presence_turn(p, &news);
        moves += count_moves(inotify); /* the kernel joins those that nobody has read */
    }
    assert_in_range(moves, 2, 4);
    while (clock_steady_ms() - now < 600) { /* the last one is written too */
        struct pollfd fd = {presence_fd(p), POLLIN, 0};
        if (poll(&fd, 1, 100) > 0)
            presence_turn(p, &news);
    }
    assert_int_equal(count_moves(inotify), 1);
    struct here self = here_self();
    struct here_file f;
    char name[HERE_NAME_BYTES], path[128];
    size_t len;
    here_name(&self, name);
    snprintf(path, sizeof path, LIVE "/%s", name);
    char *bytes = bytes_of(*state, path, &len);
    assert_true(here_read(&self, bytes, len, &f));
    assert_int_equal(f.is.at.run, at.run);
    free(bytes);
    close(inotify);
    presence_free(p);
    history_close(h);
}

static void own_work_is_no_news(void **state) {
    struct history *h = must_open(*state);
    struct presence *p = must_join(h);
    struct presence_news all;
    struct place_at at = at_run(1);
    must_add(h, sample("load", 100, "pass"));
    settle(p);
    presence_set(p, &at, NULL);
    assert_true(history_save_state(h, "{}", 1, NULL));
    assert_int_equal(hear(p, anything, 1200, &all), 0);
    assert_false(all.people || all.said || all.runs);
    history_close(h);
    presence_free(p);
}

/* --- two programs ----------------------------------------------------------------------------- */

static void another_is_seen_where_he_is(void **state) {
    struct history *h = must_open(*state);
    struct presence *p = must_join(h);
    const struct person *who;
    struct presence_news all;
    struct puppet other = puppet_new(0, *state);
    char me[80];
    puppet_does(&other, 'j');
    assert_true(hear(p, people, LATE_MS, &all) > 0);
    assert_int_equal(presence_others(p, &who), 1);
    assert_int_equal(who->pid, other.pid);
    assert_int_equal(who->uid, said_who(me, sizeof me));
    assert_string_equal(who->name, me);
    assert_int_equal(who->since_ms, 1000);
    assert_int_equal(who->follows_uid, -1);
    puppet_does(&other, 'm');
    assert_true(hear(p, people, LATE_MS, &all) > 0);
    assert_int_equal(presence_others(p, &who), 1);
    struct place_at at = at_run(who->at.run);
    assert_int_equal(who->at.screen, at.screen);
    assert_string_equal(who->at.focus, at.focus);
    assert_true(who->at.typing && fabs(who->at.time_s - at.time_s) < 1e-9);
    assert_int_equal(who->follows_uid, 77);
    assert_int_equal(who->follows_pid, 78);
    puppet_leaves(&other);
    assert_true(hear(p, people, LATE_MS, &all) > 0);
    assert_int_equal(presence_others(p, &who), 0);
    presence_free(p);
    history_close(h);
}

static void what_another_does_is_heard_soon(void **state) {
    struct history *h = must_open(*state);
    struct presence *p = must_join(h);
    struct puppet other = puppet_new(0, *state);
    puppet_does(&other, 'j');
    heard_soon(p, &other, 'm', people);
    heard_soon(p, &other, 'n', said);
    heard_soon(p, &other, 'r', runs);
    heard_soon(p, &other, 's', runs);
    puppet_leaves(&other);
    presence_free(p);
    history_close(h);
}

static void a_kill_is_noticed_soon(void **state) {
    struct history *h = must_open(*state);
    struct presence *p = must_join(h);
    const struct person *who;
    struct presence_news all;
    int64_t best = LATE_MS;
    for (int i = 0; i < TRIES && best > SOON_MS; i++) {
        struct puppet other = puppet_new(0, *state);
        puppet_does(&other, 'j');
        settle(p);
        assert_int_equal(presence_others(p, &who), 1);
        int64_t start = clock_steady_ms();
        kill(other.pid, SIGKILL); /* not waited for yet: a zombie is dead too */
        int64_t heard = hear(p, people, LATE_MS, &all);
        assert_true(heard > 0);
        assert_int_equal(presence_others(p, &who), 0);
        assert_int_equal(count_files(*state), 1); /* what he left is put away */
        best = heard - start < best ? heard - start : best;
        puppet_kill(&other);
    }
    printf("a kill is noticed after %d ms\n", (int)best);
    assert_true(best <= SOON_MS);
    presence_free(p);
    history_close(h);
}

static void nothing_wakes_when_nothing_happens(void **state) {
    struct history *h = must_open(*state);
    struct presence *p = must_join(h);
    struct puppet other = puppet_new(0, *state);
    struct place_at at = at_run(1);
    struct pollfd fd = {presence_fd(p), POLLIN, 0};
    puppet_does(&other, 'j');
    puppet_does(&other, 'n');
    puppet_does(&other, 'r');
    presence_set(p, &at, NULL);
    settle(p);
    usleep(600000);
    settle(p);
    presence_set(p, &at, NULL); /* the same again */
    assert_int_equal(poll(&fd, 1, 1500), 0);
    puppet_leaves(&other);
    presence_free(p);
    history_close(h);
}

static void folders_that_come_later_are_heard(void **state) {
    struct history *h = must_open(*state);
    struct presence_news all;
    struct presence *p = must_join(h);
    struct puppet other = puppet_new(0, *state);
    assert_false(file_exists(in(*state, STORE_FOLDER "/said")));
    puppet_does(&other, 'j');
    settle(p);
    puppet_does(&other, 'n');
    assert_true(hear(p, said, LATE_MS, &all) > 0);
    settle(p);
    assert_int_equal(nftw(in(*state, STORE_FOLDER "/said"), remove_one, 8, FTW_DEPTH | FTW_PHYS),
                     0);
    assert_true(hear(p, said, LATE_MS, &all) > 0);
    settle(p);
    puppet_does(&other, 'n'); /* made anew */
    assert_true(hear(p, said, LATE_MS, &all) > 0);
    settle(p);
    puppet_does(&other, 'n');
    assert_true(hear(p, said, LATE_MS, &all) > 0);
    puppet_leaves(&other);
    presence_free(p);
    history_close(h);
}

static void a_reader_sees_and_is_not_seen(void **state) {
    struct history *h = must_open(*state);
    struct presence_news all;
    const struct person *who;
    struct puppet other = puppet_new(0, *state);
    puppet_does(&other, 'j');
    h->read_only = true;
    struct presence *p = must_join(h);
    struct place_at at = at_run(1);
    presence_set(p, &at, NULL);
    assert_int_equal(presence_others(p, &who), 1);
    assert_int_equal(count_files(*state), 1);
    puppet_does(&other, 'm');
    assert_true(hear(p, people, LATE_MS, &all) > 0);
    puppet_kill(&other);
    assert_true(hear(p, people, LATE_MS, &all) > 0);
    assert_int_equal(presence_others(p, &who), 0);
    assert_int_equal(count_files(*state), 1); /* it puts nothing away */
    presence_free(p);
    history_close(h);
}

/* --- strange and forged files ----------------------------------------------------------------- */

static void put_here(const char *dir, const struct here *who, const char *bytes, size_t len) {
    char name[HERE_NAME_BYTES], path[128];
    here_name(who, name);
    snprintf(path, sizeof path, LIVE "/%s", name);
    put(dir, path, bytes, len);
    if (geteuid() == 0)
        assert_int_equal(chown(in(dir, path), (uid_t)who->uid, (gid_t)-1), 0);
}

static size_t good_bytes(char bytes[HERE_FILE_BYTES]) {
    struct here_file f = {.is = {.at.time_s = NAN, .follows_uid = -1}, .space = here_space()};
    text_copy(f.is.name, sizeof f.is.name, "ana");
    return here_write(&f, bytes);
}

static int waits(const char *dir, int line) {
    (void)dir;
    char what;
    return read(line, &what, 1) != 0; /* until the test ends */
}

/* A program that runs, as a file in live/ would name it. */
static struct here sleeper(int ends[2]) {
    struct here who = {.uid = geteuid()};
    who.pid = start_person(0, waits, "", ends[0]);
    char path[32];
    char line[1024] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", who.pid);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    assert_non_null(fgets(line, sizeof line, f));
    fclose(f);
    const char *at = strrchr(line, ')') + 1;
    for (int field = 3; field < 22; field++)
        at = strchr(at + 1, ' ');
    who.start = strtoll(at, NULL, 10);
    return who;
}

static void strange_files_are_not_people(void **state) {
    struct history *h = must_open(*state);
    char good[HERE_FILE_BYTES], large[HERE_FILE_BYTES + 1], path[128], name[HERE_NAME_BYTES];
    const struct person *who;
    size_t len = good_bytes(good);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(mkdir(in(*state, LIVE), 0700), 0);
    struct here real[6];
    for (int i = 0; i < 6; i++)
        real[i] = sleeper(ends);
    memset(large, 'x', sizeof large);
    put_here(*state, &real[0], good, len);
    put_here(*state, &real[1], good, len - 1);
    put_here(*state, &real[2], large, sizeof large);
    put_here(*state, &real[3], "", 0);
    here_name(&real[0], name);
    char other[HERE_NAME_BYTES];
    here_name(&real[4], other);
    snprintf(path, sizeof path, LIVE "/%s", other);
    assert_int_equal(symlink(name, in(*state, path)), 0);
    here_name(&real[5], other);
    snprintf(path, sizeof path, LIVE "/%s", other);
    assert_int_equal(mkfifo(in(*state, path), 0600), 0);
    struct here reused = real[0];
    reused.start--; /* this number belonged to another program then */
    put_here(*state, &reused, good, len);
    struct here gone = {.uid = geteuid(), .pid = 4190000, .start = 1};
    put_here(*state, &gone, good, len);
    put(*state, LIVE "/\x1b[2J", "", 0);
    struct presence *p = must_join(h);
    assert_int_equal(presence_others(p, &who), 1);
    assert_int_equal(who->pid, real[0].pid);
    here_name(&gone, name);
    snprintf(path, sizeof path, LIVE "/%s", name);
    assert_false(file_exists(in(*state, path))); /* put away: it is this user's */
    here_name(&reused, name);
    snprintf(path, sizeof path, LIVE "/%s", name);
    assert_false(file_exists(in(*state, path)));
    presence_free(p);
    close(ends[1]);
    for (int i = 0; i < 6; i++) {
        kill(real[i].pid, SIGKILL);
        wait_for(real[i].pid);
    }
    close(ends[0]);
    history_close(h);
}

static void another_pid_namespace_is_left_alone(void **state) {
    struct history *h = must_open(*state);
    struct here_file f = {.is = {.at.time_s = NAN, .follows_uid = -1}, .space = here_space() + 1};
    struct here gone = {.uid = geteuid(), .pid = 4190000, .start = 1};
    const struct person *who;
    char bytes[HERE_FILE_BYTES];
    assert_int_equal(mkdir(in(*state, LIVE), 0700), 0);
    put_here(*state, &gone, bytes, here_write(&f, bytes));
    struct presence *p = must_join(h);
    assert_int_equal(presence_others(p, &who), 0);
    assert_int_equal(count_files(*state), 2);
    presence_free(p);
    history_close(h);
}

static void nobody_fills_the_list_alone(void **state) {
    NEEDS_ROOT();
    enum { FILES = 24 };
    struct history *h = must_open(*state);
    char good[HERE_FILE_BYTES];
    const struct person *who;
    size_t len = good_bytes(good), n, same = 0;
    struct here real[FILES];
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(mkdir(in(*state, LIVE), 0700), 0);
    for (int i = 0; i < FILES; i++) {
        real[i] = sleeper(ends);
        real[i].uid = i < 12 ? BO : ANA + 100 + i;
        put_here(*state, &real[i], good, len);
    }
    struct presence *p = must_join(h);
    n = presence_others(p, &who);
    assert_int_equal(n, PEOPLE_MAX);
    for (size_t i = 0; i < n; i++)
        same += who[i].uid == BO;
    assert_in_range(same, 1, HERE_SAME_UID_MOST);
    assert_int_equal(count_files(*state), FILES + 1);
    presence_free(p);
    for (int i = 0; i < FILES; i++) {
        kill(real[i].pid, SIGKILL);
        wait_for(real[i].pid);
    }
    close(ends[0]);
    close(ends[1]);
    history_close(h);
}

/* Bo claims to be ana, with a program of hers that runs; and has a file of his own with her name.
 */
static int forges(const char *dir, int line) {
    struct here_file f = {.is = {.at.time_s = NAN, .follows_uid = -1}, .space = here_space()};
    struct here who = here_self();
    char name[HERE_NAME_BYTES], bytes[HERE_FILE_BYTES], path[NAME_BYTES], what;
    file_join(path, sizeof path, dir, LIVE);
    int at = open(path, O_RDONLY | O_DIRECTORY);
    CHECK(at >= 0);
    text_copy(f.is.name, sizeof f.is.name, "ana (sudo)");
    size_t len = here_write(&f, bytes);
    for (int i = 0; i < 2; i++) {
        who.uid = i == 0 ? ANA : BO;
        here_name(&who, name);
        CHECK(here_put(at, name, bytes, len));
    }
    return read(line, &what, 1) != 0;
}

static void a_forged_presence_is_not_believed(void **state) {
    NEEDS_ROOT();
    struct presence_news all;
    const struct person *who;
    int ends[2];
    share_store(*state);
    struct history *h = must_open(*state);
    struct puppet ana = puppet_new(ANA, *state);
    puppet_does(&ana, 'j');
    struct presence *p = must_join(h);
    assert_int_equal(presence_others(p, &who), 1);
    assert_int_equal(who->uid, ANA);
    assert_string_equal(who->name, "uid 54321");
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    pid_t bo = start_person(BO, forges, *state, ends[0]);
    assert_true(hear(p, people, LATE_MS, &all) > 0);
    settle(p);
    assert_int_equal(presence_others(p, &who), 2);
    assert_int_equal(who[0].uid == ANA ? who[1].uid : who[0].uid, BO);
    assert_string_equal(who[0].uid == BO ? who[0].name : who[1].name, "uid 54322");
    kill(bo, SIGKILL);
    assert_true(hear(p, people, LATE_MS, &all) > 0);
    assert_int_equal(presence_others(p, &who), 1);
    assert_int_equal(count_files(*state), 4); /* root's, ana's and both of bo's: not ours */
    wait_for(bo);
    close(ends[0]);
    close(ends[1]);
    puppet_leaves(&ana);
    presence_free(p);
    history_close(h);
}

static void two_users_hear_each_other(void **state) {
    NEEDS_ROOT();
    const struct person *who;
    struct presence_news all;
    share_store(*state);
    struct puppet ana = puppet_new(ANA, *state), bo = puppet_new(BO, *state);
    struct history *h = must_open(*state);
    puppet_does(&ana, 'j');
    struct presence *p = must_join(h);
    puppet_does(&bo, 'j');
    assert_true(hear(p, people, LATE_MS, &all) > 0);
    assert_int_equal(presence_others(p, &who), 2);
    heard_soon(p, &bo, 'n', said);
    heard_soon(p, &ana, 'n', said);
    heard_soon(p, &bo, 'm', people);
    puppet_kill(&bo);
    assert_true(hear(p, people, LATE_MS, &all) > 0);
    assert_int_equal(presence_others(p, &who), 1);
    puppet_leaves(&ana);
    presence_free(p);
    history_close(h);
}

/* --- under attack ----------------------------------------------------------------------------- */

static int writes_without_end(const char *dir, int line) {
    (void)line;
    struct here who = here_self();
    char name[HERE_NAME_BYTES], bytes[HERE_FILE_BYTES], path[NAME_BYTES];
    file_join(path, sizeof path, dir, LIVE);
    int at = open(path, O_RDONLY | O_DIRECTORY);
    here_name(&who, name);
    for (int64_t i = 1;; i++) {
        struct here_file f = {.is = {.at = {.time_s = NAN, .run = i % 1000 + 1}, .follows_uid = -1},
                              .space = here_space()};
        CHECK(here_put(at, name, bytes, here_write(&f, bytes)));
    }
}

static void a_flood_does_not_keep_us_busy(void **state) {
    struct history *h = must_open(*state);
    struct presence *p = must_join(h);
    struct presence_news news;
    const struct person *who;
    int turns = 0;
    pid_t pid = start_person(0, writes_without_end, *state, -1);
    for (int64_t start = clock_steady_ms(); clock_steady_ms() - start < 2000;) {
        struct pollfd fd = {presence_fd(p), POLLIN, 0};
        if (poll(&fd, 1, 100) <= 0)
            continue;
        presence_turn(p, &news);
        turns++;
        assert_true(presence_others(p, &who) <= 1);
    }
    assert_in_range(turns, 10, 130);
    kill(pid, SIGKILL);
    wait_for(pid);
    settle(p);
    assert_int_equal(presence_others(p, &who), 0);
    usleep(100000); /* and it listens again */
    struct puppet other = puppet_new(0, *state);
    puppet_does(&other, 'j');
    settle(p);
    assert_int_equal(presence_others(p, &who), 1);
    puppet_leaves(&other);
    presence_free(p);
    history_close(h);
}

static void a_kill_while_writing_leaves_nobody(void **state) {
    struct history *h = must_open(*state);
    struct presence *p = must_join(h);
    const struct person *who;
    srand(1);
    for (int round = 0; round < 100; round++) {
        pid_t pid = start_person(0, writes_without_end, *state, -1);
        usleep((useconds_t)(rand() % 4000));
        kill(pid, SIGKILL);
        wait_for(pid);
        settle(p);
        assert_int_equal(presence_others(p, &who), 0);
        assert_int_equal(count_files(*state), 1);
    }
    presence_free(p);
    history_close(h);
}

/* --- a network disk --------------------------------------------------------------------------- */

static void on_a_network_disk_age_decides(void **state) {
    struct history *h = must_open(*state);
    struct presence_news all;
    const struct person *who;
    char good[HERE_FILE_BYTES], path[128], name[HERE_NAME_BYTES];
    size_t len = good_bytes(good);
    struct here far = {.uid = geteuid(), .pid = 4190000, .start = 1}; /* runs on another host */
    struct timespec old[2] = {{.tv_sec = time(NULL) - 12}, {.tv_sec = time(NULL) - 12}};
    h->disk.network = "NFS";
    struct presence *p = must_join(h);
    assert_int_equal(presence_others(p, &who), 0);
    put_here(*state, &far, good, len);
    assert_true(hear(p, people, LATE_MS, &all) > 0);
    assert_int_equal(presence_others(p, &who), 1);
    here_name(&far, name);
    snprintf(path, sizeof path, LIVE "/%s", name);
    assert_int_equal(utimensat(AT_FDCWD, in(*state, path), old, 0), 0);
    assert_true(hear(p, people, LATE_MS, &all) > 0);
    assert_int_equal(presence_others(p, &who), 0);
    old[0].tv_sec = old[1].tv_sec += 1000; /* a time that is still to come keeps nobody alive */
    put_here(*state, &far, good, len);
    assert_int_equal(utimensat(AT_FDCWD, in(*state, path), old, 0), 0);
    assert_int_equal(hear(p, people, 1500, &all), 0);
    assert_int_equal(presence_others(p, &who), 0);
    presence_free(p);
    history_close(h);
}

static void on_a_network_disk_news_come_too(void **state) {
    struct history *h = must_open(*state);
    struct presence_news all;
    struct puppet other = puppet_new(0, *state);
    h->disk.network = "NFS";
    struct presence *p = must_join(h);
    puppet_does(&other, 'j');
    puppet_does(&other, 'n');
    assert_true(hear(p, said, LATE_MS, &all) > 0);
    puppet_does(&other, 'r');
    assert_true(hear(p, runs, LATE_MS, &all) > 0);
    puppet_does(&other, 's');
    settle(p);
    struct here self = here_self();
    char name[HERE_NAME_BYTES], path[128];
    here_name(&self, name);
    snprintf(path, sizeof path, LIVE "/%s", name);
    struct stat before, after;
    assert_int_equal(stat(in(*state, path), &before), 0);
    hear(p, (struct presence_news){0}, 5000, &all);
    assert_int_equal(stat(in(*state, path), &after), 0);
    assert_int_equal(before.st_ino, after.st_ino); /* touched, not written anew */
    assert_true(after.st_mtim.tv_sec > before.st_mtim.tv_sec);
    puppet_leaves(&other);
    presence_free(p);
    history_close(h);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_strict),
        cmocka_unit_test(a_file_holds_the_longest_and_reads_back),
        STORE_TEST(the_own_file_comes_and_goes),
        STORE_TEST(it_is_written_at_most_twice_a_second),
        STORE_TEST(own_work_is_no_news),
        STORE_TEST(another_is_seen_where_he_is),
        STORE_TEST(what_another_does_is_heard_soon),
        STORE_TEST(a_kill_is_noticed_soon),
        STORE_TEST(nothing_wakes_when_nothing_happens),
        STORE_TEST(folders_that_come_later_are_heard),
        STORE_TEST(a_reader_sees_and_is_not_seen),
        STORE_TEST(strange_files_are_not_people),
        STORE_TEST(another_pid_namespace_is_left_alone),
        STORE_TEST(nobody_fills_the_list_alone),
        STORE_TEST(a_forged_presence_is_not_believed),
        STORE_TEST(two_users_hear_each_other),
        STORE_TEST(a_flood_does_not_keep_us_busy),
        STORE_TEST(a_kill_while_writing_leaves_nobody),
        STORE_TEST(on_a_network_disk_age_decides),
        STORE_TEST(on_a_network_disk_news_come_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
