/* ui/plain/show_print.h
 * A stored run as text for people. */
#ifndef PERFSCALE_PLAIN_SHOW_PRINT_H
#define PERFSCALE_PLAIN_SHOW_PRINT_H

#include "report/report.h"

void show_print(const struct report_doc *d);

#endif
