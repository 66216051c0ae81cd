/* tools/locust/web.h
 * The web interface of a running Locust, 1.0 to 2.46. */
#ifndef PERFSCALE_LOCUST_WEB_H
#define PERFSCALE_LOCUST_WEB_H

#include "tools/live.h"

extern const struct live locust_web_live;

#endif
