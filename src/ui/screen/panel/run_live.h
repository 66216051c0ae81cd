/* panel/run_live.h
 * A run that goes on: the parts of its screen. All of it is drawn from struct watch_view; figures
 * stand in fixed columns, so that a second of the run changes few cells. */
#ifndef PERFSCALE_SCREEN_RUN_LIVE_H
#define PERFSCALE_SCREEN_RUN_LIVE_H

#include "load/profile.h"
#include "ui/screen/panel/parts.h"
#include "ui/screen/panel/plot.h"
#include "watch/watch.h"

/* What is watched, once something came of it; NULL: nothing is watched, or it is waited for. */
const struct watch_view *run_live(const struct session *s);

void run_live_build(struct sheet *sh);

/* Two columns where the pane is wide: figures left, charts right. */
void run_columns(struct sheet *sh);
bool run_live_copy(const struct session *s, const struct view *v, struct buf *out);

/* Rows of the sources, each an ITEM_SOURCE. */
void run_sources_build(struct sheet *sh, const struct watch_view *w, int col);

/* --- words: run_words.c --- */

enum mark run_mark(const struct watch_view *w);
const char *run_word(const struct watch_view *w); /* "live", "stalled", "replay" */

/* "06:12", of a run of an hour or more "0:06:12": as wide at any time. */
char *run_clock(const struct watch_view *w, double seconds, char *out, size_t size);

/* The load that was planned for the run; NULL: not known. */
const struct profile *run_profile(const struct session *s, const struct watch_view *w);

/* The parts of it that the verdict will use; returns how many. */
size_t run_stretches(const struct session *s, const struct watch_view *w,
                     struct stretch_wanted out[STRETCHES_MAX]);

/* "steady window, 04:02 of 09:30", "step 4 of 8 (400 RPS), 01:20 of 02:00"; "" nothing to say. */
char *run_stage(const struct session *s, const struct watch_view *w, char *out, size_t size);

/* "06:12 of 12:30, ends 14:23" */
char *run_progress(const struct watch_view *w, char *out, size_t size);

/* --- the figures: run_table.c --- */

/* A figure is shown as long as the run goes on once it is known. */
bool run_has_metric(const struct watch_view *w, enum watch_metric m);
const char *run_metric_title(enum watch_metric m);
char *run_show(enum watch_metric m, double value, char *out, size_t size); /* "–" unknown */
char *run_show_limit(const struct watch_view *w, enum watch_metric m, char *out, size_t size);
enum mark run_metric_mark(const struct watch_view *w, enum watch_metric m);
void run_table_build(struct sheet *sh);
bool run_metric_copy(const struct watch_view *w, enum watch_metric m, struct buf *out);

/* --- over time: run_chart.c --- */

void run_charts_build(struct sheet *sh);
/* The figures of the moment under the cursor; nothing without one. */
void run_cursor_build(struct sheet *sh, int label_col, int col);
/* "p95 243 ms, 199.6/s, 0 errors, 98 VUs" of the moment at_s of a series. */
void run_moment(const struct series *r, double at_s, char *out, size_t size);
/* p95 or rate over the whole run, in one row. */
void run_sparkline(const struct pen *p, const struct watch_view *w, enum watch_metric m, int col);

#endif
