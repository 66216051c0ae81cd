/* base/locale.h
 * Which characters this process may show. */
#ifndef PERFSCALE_BASE_LOCALE_H
#define PERFSCALE_BASE_LOCALE_H

#include <stdbool.h>

/* Sets LC_CTYPE from the environment, or to C.UTF-8 where that is no UTF-8 locale, so that widths
 * of characters are known. True when UTF-8 may be shown: only a locale that is installed and says
 * otherwise is believed, because bare systems, cron and some SSH set nothing, or one that is not
 * there, on terminals that all speak UTF-8. */
bool locale_utf8(void);

#endif
