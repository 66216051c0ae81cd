/* Two people in one store: child processes as users of their own, when the test runs as root. A
 * child says on standard error which check failed, and ends with 1. */
#ifndef TESTS_PEOPLE_FIXTURE_H
#define TESTS_PEOPLE_FIXTURE_H

#include "store_fixture.h"

#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

/* No accounts have these numbers. */
enum { ANA = 54321, BO = 54322, GROUP = 54300 };

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                        \
            return 1;                                                                              \
        }                                                                                          \
    } while (0)

typedef int person_job(const char *dir, int go); /* go: readable when it may go on */

static inline bool become(uid_t uid) {
    gid_t group = GROUP;
    return setgroups(1, &group) == 0 && setresgid(group, group, group) == 0 &&
           setresuid(uid, uid, uid) == 0;
}

/* uid 0: as who runs the test. */
static inline pid_t start_person(uid_t uid, person_job *job, const char *dir, int go) {
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        umask(0022);
        bool ready = uid == 0 || become(uid);
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* also when a check of the test fails */
        _exit(ready ? job(dir, go) : 2);
    }
    return pid;
}

static inline int wait_for(pid_t pid) {
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static inline void person_does(uid_t uid, person_job *job, const char *dir) {
    assert_int_equal(wait_for(start_person(uid, job, dir, -1)), 0);
}

/* Is the test run by root, so that it can play two users? */
#define NEEDS_ROOT()                                                                               \
    do {                                                                                           \
        if (geteuid() != 0)                                                                        \
            skip();                                                                                \
    } while (0)

static inline int share_it(const char *dir, int go) {
    (void)go;
    struct history *h = NULL;
    struct err e = {0};
    char group[16];
    snprintf(group, sizeof group, "%d", GROUP);
    if (!history_share(dir, group, &e) || !history_open(&h, dir, true, &e)) {
        fprintf(stderr, "%s: %s\n", e.file, e.text);
        return 1;
    }
    history_close(h);
    return 0;
}

/* A store of ana's that is shared with bo. */
static inline void share_store(const char *dir) {
    assert_int_equal(chown(dir, ANA, GROUP), 0);
    assert_int_equal(chmod(dir, 0770), 0);
    person_does(ANA, share_it, dir);
}

#endif
