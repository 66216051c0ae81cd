/* ui/screen/actions.h
 * What the commands do, and when they can; arg is the binding's. One name per row of command.c. */
#ifndef PERFSCALE_SCREEN_ACTIONS_H
#define PERFSCALE_SCREEN_ACTIONS_H

#include "ui/screen/app.h"

enum { FIRST = -1, LAST = 1 };
enum { ACCEPT_STAY = 0, ACCEPT_PART = 2 }; /* else -1, 1: and to the field above, below */
enum { ERASE_BEFORE, ERASE_UNDER };
enum { CURSOR_LEFT, CURSOR_RIGHT, CURSOR_HOME, CURSOR_END };

/* actions_move.c */
void act_open(struct app *a, int step);
void act_open_item(struct app *a, int arg);
void act_part(struct app *a, int dir);
void act_move(struct app *a, int dir);
void act_page(struct app *a, int dir);
void act_ends(struct app *a, int which);
void act_change(struct app *a, int dir);
void act_back(struct app *a, int arg);
void act_find(struct app *a, int arg);
void act_find_do(struct app *a, int arg);
void act_find_next(struct app *a, int dir);
void move_focus(struct app *a, int by);
void wheel(struct app *a, int dir);
bool can_find_next(const struct app *a);
bool can_change(const struct app *a);

/* actions_load.c */
void act_type(struct app *a, int key);
void act_choice(struct app *a, int dir);
void act_accept(struct app *a, int where);
void act_restore(struct app *a, int arg);
void act_undo(struct app *a, int arg);
void act_confirm(struct app *a, int arg);
void load_edited(struct app *a);      /* the text of the field changed */
void load_leave_field(struct app *a); /* what was typed counts */
void load_confirmed(struct app *a);
void act_split(struct app *a, int arg);
bool can_split(const struct app *a);
bool on_choice(const struct app *a);
bool on_value(const struct app *a);
bool can_confirm(const struct app *a);
bool can_undo(const struct app *a);

/* actions_text.c: the line being edited, whatever it is for */
void act_cursor(struct app *a, int where);
void act_erase(struct app *a, int what);
void act_empty(struct app *a, int arg);
void act_word(struct app *a, int arg);
void text_insert(struct app *a, uint32_t cp);
void text_paste(struct app *a, const char *text, size_t len);
bool text_mode(const struct app *a);

/* actions_run.c */
void act_choose_baseline(struct app *a, int arg);
void act_take_baseline(struct app *a, int arg);
void act_state_baseline(struct app *a, int arg);
void act_name_file(struct app *a, int arg);
void act_file_do(struct app *a, int arg);
void act_await_paste(struct app *a, int arg);
void act_paste(struct app *a, int arg);
void act_read_result(struct app *a, int arg);
void act_use(struct app *a, int arg);
void act_discard(struct app *a, int arg);
void take_paste(struct app *a, const struct event *ev);
bool has_intake(const struct app *a);

/* actions_script.c */
void act_go_on(struct app *a, int arg);
void act_write(struct app *a, int arg);
void act_side_by_side(struct app *a, int arg);
void act_aside(struct app *a, int arg);
void act_copy(struct app *a, int arg);
void act_print(struct app *a, int arg);
void act_again(struct app *a, int arg);
char *copied_text(const struct app *a); /* of the focus; NULL: none; the caller frees */
void script_opened(struct app *a);
bool can_go_on(const struct app *a);
bool can_write(const struct app *a);
bool can_copy(const struct app *a);
bool can_side_by_side(const struct app *a);
bool can_aside(const struct app *a);

/* actions_watch.c: the run that is watched */
void act_judge(struct app *a, int arg);
void act_play(struct app *a, int arg);
void act_hold(struct app *a, int arg);
void act_pause(struct app *a, int arg);
void act_speed(struct app *a, int dir);
void act_time(struct app *a, int dir);
void act_time_zoom(struct app *a, int dir);
void act_name_source(struct app *a, int arg);
void act_source_do(struct app *a, int arg);
bool time_leave(struct app *a); /* the cursor goes, then the zoom; false: there was neither */
bool can_judge(const struct app *a);
bool can_hold(const struct app *a);
bool is_replay(const struct app *a);
bool is_live(const struct app *a);
bool can_time(const struct app *a);

/* actions_history.c: the list of runs, and two of them compared */
void act_open_run(struct app *a, int arg);
void act_mark(struct app *a, int arg);
void act_compare(struct app *a, int arg);
void act_compare_leave(struct app *a, int arg);
void act_compare_open(struct app *a, int arg); /* the open run, from Results */
void act_scripts(struct app *a, int arg);
void act_swap(struct app *a, int arg);
void act_values(struct app *a, int arg);
void act_reference(struct app *a, int arg);
void act_filter(struct app *a, int arg);
void act_filter_do(struct app *a, int arg);
void act_filter_clear(struct app *a, int arg);
void act_sort(struct app *a, int arg);
void act_sort_reverse(struct app *a, int arg);
void act_export_run(struct app *a, int arg);
void read_runs(struct app *a);
void filter_edited(struct app *a);
void history_looked(struct app *a); /* keeps the focus on its run, and the list where it was */
bool history_leave(struct app *a);  /* one thing less; false: there is nothing to leave */
bool lists_runs(const struct app *a);
bool compares_runs(const struct app *a);
bool can_scripts(const struct app *a);

/* actions_view.c */
void act_details(struct app *a, int arg);
void act_zoom(struct app *a, int arg);
bool can_zoom(const struct app *a);
void act_help(struct app *a, int arg);
void act_help_scroll(struct app *a, int lines);
void act_close(struct app *a, int arg);
void act_mouse(struct app *a, int arg);
void act_theme(struct app *a, int arg);
void act_redraw(struct app *a, int arg);
void act_suspend(struct app *a, int arg);
void act_quit(struct app *a, int arg);

/* actions_note.c: what is typed to be said of a run */
void act_note(struct app *a, int arg);
void act_reply(struct app *a, int arg);
void act_request(struct app *a, int arg);
void act_waive(struct app *a, int arg);
void act_settle(struct app *a, int arg);
void act_settle_as(struct app *a, int state);
void act_send(struct app *a, int arg);
void act_keep_draft(struct app *a, int arg);
void act_line_break(struct app *a, int arg);
void note_reopen(struct app *a); /* back to the text, after a question about it */
void note_said(struct app *a);   /* what was typed is said now */
void note_rescue(struct app *a); /* the program ends: what is typed becomes the draft */
void note_remind(struct app *a); /* says that there is a draft */
bool silent_here(struct app *a); /* says why nothing can be said of a run here; false: it can */
bool can_note(const struct app *a);
bool on_note(const struct app *a);
bool can_waive(const struct app *a);

/* actions_review.c */
void act_approve(struct app *a, int arg);
void act_withdraw(struct app *a, int arg);
void act_go_place(struct app *a, int arg);
void act_judge_again(struct app *a, int arg);
void act_export(struct app *a, int arg);
void approve(struct app *a);
bool can_judge_again(const struct app *a);
bool has_record(const struct app *a);

/* people.c */
struct spot { /* where the user is, to tell whether he moved */
    struct place_at at;
    int scroll, follow_pid;
};
struct spot people_spot(const struct app *a);
void people_event(struct app *a, const struct event *ev, const struct spot *before);
void people_tell(struct app *a); /* where this user is now */
bool follow_stop(struct app *a); /* false: nobody is followed */
void act_follow(struct app *a, int arg);
void act_follow_next(struct app *a, int arg);
void act_news(struct app *a, int arg);
bool can_follow(const struct app *a);
bool has_news(const struct app *a);
/* Says whose sign-off is void now that it was not before. */
void say_outdated(struct app *a, enum review_state before);

/* ask.c */
void act_answer(struct app *a, int arg);
void act_yes(struct app *a, int arg);
void act_no(struct app *a, int arg);
void act_turn(struct app *a, int arg);
void ask_resume(struct app *a, const char *what);
void ask_load(struct app *a);
void ask_host(struct app *a);
void ask_wrong_run(struct app *a, const char *sentence);
void ask_quit(struct app *a);
void ask_over(struct app *a);
void ask_approve(struct app *a);
void ask_changes(struct app *a);
void ask_waive(struct app *a);

/* mouse.c */
void mouse_event(struct app *a, const struct event *ev);

/* watching.c: the result of the run that was watched is in the intake. */
void watched_run_came(struct app *a);
/* Reads the results of the run that is watched: it is over. */
void judge_watched(struct app *a);
/* Tells the session whether the open run may be replaced by one that somebody else has judged. */
void hold_open_run(struct app *a);
/* The same, when it is over and this user's to judge. */
void judge_when_over(struct app *a);
/* Somebody else has judged it, and that is open now. */
void watched_run_taken_over(struct app *a);

#endif
