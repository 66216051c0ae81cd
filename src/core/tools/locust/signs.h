/* tools/locust/signs.h
 * What a whole file says about itself: Python 2, an old Locust, a test that it starts itself. */
#ifndef PERFSCALE_TOOLS_LOCUST_SIGNS_H
#define PERFSCALE_TOOLS_LOCUST_SIGNS_H

#include "tools/locust/classes.h"

/* ERR_REFUSED for bytes that Python itself refuses: a NUL, or no UTF-8 and no coding line. */
bool locust_signs_encoding(const char *text, size_t len, const char *file, struct err *e);

/* ERR_REFUSED for Python 2. The parser takes it for valid. */
bool locust_signs_python2(const struct module *m, struct err *e);

/* ERR_REFUSED for names and events of Locust before 1.0. */
bool locust_signs_old_locust(struct names *n, struct err *e);

/* ERR_REFUSED for a script that runs its own test when it is loaded. */
bool locust_signs_own_test(struct names *n, struct err *e);

#endif
