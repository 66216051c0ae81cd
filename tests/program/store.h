/* A store with judged runs, for the tests of the verbs that work on it. Made by the program itself,
 * as another user than the one of the test when that is root: so there are two people. */
#ifndef PERFSCALE_TESTS_STORE_H
#define PERFSCALE_TESTS_STORE_H

#include "program.h"

/* Makes a workspace with two runs of 170 RPS: run 1 passes, run 2 is over its p95 limit; and run 3
 * of another target. */
void make_store(char dir[PATH_BYTES]);

/* As the author of the runs. */
const struct said *as_author(const char *dir, const char *const *words);
/* As the user of the test, who is somebody else when two_people(). */
const struct said *as_me(const char *dir, const char *const *words);
bool two_people(void);

#endif
