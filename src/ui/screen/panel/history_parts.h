/* panel/history_parts.h
 * Shared by the files of screen 8: history*.c, the list of runs, and compare*.c, two of them side
 * by side in its place. */
#ifndef PERFSCALE_SCREEN_HISTORY_PARTS_H
#define PERFSCALE_SCREEN_HISTORY_PARTS_H

#include "ui/screen/panel/parts.h"

enum { HISTORY_SIGN = 2, HISTORY_TEXT = 4, HISTORY_LABEL_TEXT = 12 };

/* --- a run in words: history_words.c --- */

enum mark run_review_mark(const struct run_row *r);
/* "approved, 3 notes, 1 open", "changes requested", "2 notes", "no review". */
char *show_run_review(const struct run_row *r, char *out, size_t size);
const char *show_run_type(const struct run *r); /* "Load" */
/* "02 Nov 14:11", in another year "02 Nov 2024". */
char *show_run_day(int64_t at_ms, int64_t now_ms, char *out, size_t size);
/* "run 14, 02 Nov 14:11" */
char *show_run_name(const struct session *s, const struct run *r, char *out, size_t size);
/* "77e0b4": what people compare. "" unknown. */
char *show_hash(const char *hash, char out[8]);
/* Same test type and target: what can be compared. */
bool run_same_type(const struct run *a, const struct run *b);

/* --- the list: history_list.c --- */

/* Title, column heads and rows; returns how many there are. */
size_t history_list_build(struct sheet *sh);

/* --- the focused run: history_details.c --- */

/* index: in session_runs(). */
void history_details_build(struct sheet *sh, size_t index);
void history_trend_build(struct sheet *sh, size_t index);
void history_marks_build(struct sheet *sh);

/* --- two runs: compare.c, compare_table.c, compare_chart.c, compare_scripts.c --- */

void compare_build(struct sheet *sh);
bool compare_copy(const struct session *s, const struct item *it, struct buf *out);

/* Rows of figures and of endpoints. */
void compare_figures_build(struct sheet *sh);
void compare_endpoints_build(struct sheet *sh);
enum mark compared_mark(const struct comparison *c, const struct compared *f);
/* "better, now within limit"; "" where nothing is read. */
char *show_reading(const struct comparison *c, const struct compared *f, char *out, size_t size);
char *show_compared_name(const struct compared *f, char *out, size_t size);
/* side: 0 a, 1 b. */
char *show_compared(const struct compared *f, int side, char *out, size_t size);
/* values: in the figure's unit, else in percent and a share in points. */
char *show_change(const struct compared *f, bool values, char *out, size_t size);

void compare_chart_build(struct sheet *sh);
void compare_scripts_build(struct sheet *sh);

#endif
