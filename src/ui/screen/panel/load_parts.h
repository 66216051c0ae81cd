/* panel/load_parts.h
 * Shared by the files of the Load screen: load.c has the fields, load_size.c what is made of them.
 */
#ifndef PERFSCALE_SCREEN_LOAD_PARTS_H
#define PERFSCALE_SCREEN_LOAD_PARTS_H

#include "ui/screen/panel/parts.h"

/* Of several scenarios what each of them does; nothing of a single one. */
void load_scenarios_build(struct sheet *sh);

/* How many VUs, from both directions, with what there is to say about it. Ends with the line to
 * confirm. */
void load_size_build(struct sheet *sh);

/* The planned rate over time. alone: it takes the whole pane. */
void load_chart_build(struct sheet *sh, bool alone);

#endif
