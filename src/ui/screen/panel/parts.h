/* panel/parts.h
 * Shared by the panels: the phases, and figures as words. */
#ifndef PERFSCALE_SCREEN_PARTS_H
#define PERFSCALE_SCREEN_PARTS_H

#include "ui/screen/panel/panel.h"
#include "ui/screen/panel/sheet.h"
#include "ui/screen/panel/sign.h"
#include "ui/screen/widget/table.h"

struct phase {
    const char *name;
    enum step first, last;
};
enum { PHASES = 3 };
extern const struct phase phases[PHASES];

extern const struct panel panel_overview, panel_prerequisites, panel_load, panel_host, panel_script,
    panel_run, panel_results, panel_review, panel_history;

/* The first item of the worst mark in the open panel. */
int panel_worst(const struct session *s, const struct view *v);

/* For panel_find(): the next row of the diff, from there on or from its other end, as a scroll
 * position. */
bool script_find(const struct session *s, const struct view *v, struct area a, const char *text,
                 int dir, int *at);

/* What a step says in a line of its own: its longer words, else the short ones. */
const char *step_words(const struct row *r);

/* "14:05", on another day than now "02 Nov 14:05"; local time. */
char *show_when(int64_t at_ms, int64_t now_ms, char *out, size_t size);

/* "Load, arrival rate, 1:40 up, 10:00 hold, 0:50 down" */
char *show_shape(const struct profile *p, char *out, size_t size);

/* "200 RPS", of a stress test "100 to 600 RPS". */
char *show_target(const struct profile *p, char *out, size_t size);

/* A rate, with a decimal where there is something to tell: "190", "199.6". */
char *show_rate(double rps, char *out, size_t size);

/* --- checks: results.c, details.c, overview.c ------------------------------------------------ */

/* "Errors" for error_rate; a name with its endpoint as it is. */
const char *check_title(const struct check *c);
/* How far the limit is away, in shares of it; below 0: beyond it. NAN: cannot be said. */
double check_headroom(const struct check *c);
double check_use(const struct check *c);
enum mark check_mark(const struct check *c);

/* --- a result that has been read and is not used yet: run.c, prerequisites.c ----------------- */

/* Does this screen show the intake now? */
bool intake_here(const struct session *s, const struct view *v);
void intake_build(struct sheet *sh);
/* The first lines of a paste in which nothing was understood; nothing when there is none. */
void intake_add_unknown(struct sheet *sh);

/* A way to go on: sign, name, what it is, how. Columns of these; the focus mark stands before the
 * sign. */
struct way_cols {
    int sign, what, how;
};
struct line *way_line(struct sheet *sh, const struct way_cols *c, enum mark mark, const char *name,
                      const char *what, const char *how);

/* A way for each result file in the workspace, as items of this kind. */
void result_files_build(struct sheet *sh, const struct way_cols *c, enum item_kind kind);

/* --- the commands of the new script: commands.c ---------------------------------------------- */

/* One command, or a block for each machine (a line each unless whole); how long the run takes. */
void commands_build(struct sheet *sh, int col, bool whole);
/* The blocks are rows that scroll, each an ITEM_COMMAND: there are several, or it is long. */
bool commands_scroll(const struct session *s);
/* The command in focus, else the first. */
bool commands_copy(const struct session *s, const struct view *v, struct buf *out);

/* --- the parts of Results: results.c, results_*.c --------------------------------------------- */

/* A pane this low has one chart and short reasons. */
bool results_low(const struct sheet *sh);
/* The look of a figure: muted where the run is invalid, so that nobody reads it as an answer. */
enum look results_look(const struct session *s, enum look look);
/* Sign, and sign with a word, in that look. */
void results_sign(const struct pen *p, int col, enum mark mark);
void results_verdict(const struct pen *p, const struct column *col, enum mark mark,
                     const char *word);

/* Rows of limits: results_checks.c. drift: also those that the trends of a soak test show. */
void checks_build(struct sheet *sh, bool drift);

/* Steps of a stress test: results_stress.c, results_stress_words.c. unit: "RPS" or "VUs", what the
 * load is counted in. state: what the title says at its end. */
const char *stress_unit(const struct stress_found *f);
void stress_state(const struct session *s, char *out, size_t size);
void stress_sentence_build(struct sheet *sh);
void stress_build(struct sheet *sh);
void stress_why_build(struct sheet *sh, int label_col, int col);
bool stress_copy(const struct session *s, int index, struct buf *out);
struct line *stress_details(struct sheet *sh, int index);

/* Trends of a soak test: results_soak.c. */
void soak_state(const struct session *s, enum mark mark, char *out, size_t size);
void soak_sentence_build(struct sheet *sh);
void soak_build(struct sheet *sh);
bool soak_copy(const struct session *s, int index, struct buf *out);
struct line *soak_details(struct sheet *sh, int index);

/* --- endpoints.c ----------------------------------------------------------------------------- */

void endpoints_build(struct sheet *sh);
bool endpoint_copy(const struct session *s, const struct endpoint *e, struct buf *out);

/* --- what is shown of it beside limits and endpoints: measured.c, over_time.c ----------------- */

void stretches_build(struct sheet *sh); /* the parts of a run that was judged as a whole */
void measured_build(struct sheet *sh);
void outcomes_build(struct sheet *sh);            /* response times of successes, of failures */
void errors_build(struct sheet *sh, size_t most); /* kinds of error, the most frequent */
void in_flight_build(struct sheet *sh);           /* Little's law */
/* Charts of response time and rate, in a soak test of memory; nothing without a series. */
void over_time_build(struct sheet *sh);
double results_time_step(const struct session *s, struct area a);
double results_time_end(const struct session *s);
/* The columns of Results, at this size. */
void results_columns(struct sheet *sh);
/* One time of the run: of the day where it is known and day asks for it, else from the start. */
char *show_at(const struct session *s, double at_s, bool day, char *out, size_t size);
/* The rate that was to be reached, without the steps of a stress test; NAN when there is none. */
double results_target(const struct session *s);

/* --- the focused row of Results over the whole pane: details.c ------------------------------- */

/* Returns the title, which stands for all items of the sheet. */
struct line *details_build(struct sheet *sh);
/* Title with its state, and a label with its text (nothing without one). */
struct line *details_head(struct sheet *sh, const char *name, enum mark mark, const char *words);
void details_add(struct sheet *sh, const char *label, const char *text);

/* --- who else is here: people.c ----------------------------------------------------------------
 */

/* Who is followed and still here; NULL: nobody. */
const struct person *person_followed(const struct session *s, const struct view *v);
/* "ana · bo", each name once, this user first. */
void people_names(const struct session *s, char *out, size_t size);
/* "on 6 Results", "writing a note", "follows you" */
void person_words(const struct session *s, const struct person *p, char *out, size_t size);
/* The block at the foot of the rail, as far as there is room; nothing for who is alone. */
void people_draw(const struct session *s, struct grid *g, struct area a);

/* --- a text being edited: typed.c ------------------------------------------------------------- */

/* In one row, at most so many columns, with the terminal's cursor in it. */
void typed_draw(const struct edit_line *e, struct grid *g, int row, int col, int most);
/* "66 of 2,000 characters" */
char *typed_count(const struct edit_line *e, char *out, size_t size);

/* --- around the pane: chrome.c, help.c, question.c ------------------------------------------- */

/* All rows between the rule and the message line. */
struct area chrome_help_area(int rows, int cols);
void help_draw(const struct view *v, const struct chrome *c, struct grid *g, struct area a);
/* The box, or the line on the message row when it does not fit. */
void question_draw(const struct question *q, struct grid *g, struct area pane);

#endif
