/* session/session.h
 * One workspace on its way through the workflow: what is done, what comes next, and the commands
 * that move it. It joins the steps (plan, load, sizing, script, results, check, history) and does
 * no arithmetic of its own. Both front ends stand on it; whatever one can do, the other can. */
#ifndef PERFSCALE_SESSION_SESSION_H
#define PERFSCALE_SESSION_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/finding.h"
#include "check/check.h"
#include "gather/job.h"
#include "history/history.h"
#include "host/host.h"
#include "load/facts.h"
#include "load/profile.h"
#include "results/summary.h"
#include "rules/rules.h"
#include "script/diff.h"
#include "session/form.h"
#include "session/mark.h"
#include "sizing/sizing.h"
#include "tools/tool.h"
#include "watch/watch.h"
#include "workspace/workspace.h"

/* The screens, numbered as their keys. */
enum step {
    STEP_OVERVIEW,
    STEP_PREREQUISITES,
    STEP_LOAD,
    STEP_HOST,
    STEP_SCRIPT,
    STEP_RUN,
    STEP_RESULTS,
    STEP_REVIEW,
    STEP_HISTORY,
    STEPS,
};

/* A line that says something of a step: sign, name, what, why. */
struct row {
    enum mark mark;
    char title[32];
    char what[NAME_MAX_BYTES];
    char why[320];
};

/* How the baseline's stability is known. */
enum baseline_source { BASELINE_UNKNOWN, BASELINE_MEASURED, BASELINE_STATED };

struct baseline {
    int chosen; /* index in workspace.baseline; -1: none, or several and none chosen */
    char *text; /* owned; the script's bytes, NULL when not read */
    size_t len;
    int64_t changed_s;
    struct facts facts;
    bool facts_known;
    struct err facts_error; /* why not */
    enum baseline_source source;
    struct summary result;     /* when measured */
    char file[NAME_MAX_BYTES]; /* where it came from; "paste" */
    int64_t result_changed_s;  /* -1: unknown */
    struct err result_error;   /* a file that was found and could not be read */
    enum stability stability;
    struct findings findings; /* owned */
    bool given;               /* the user gave or stated the result; else it was found */
};

/* The rewritten script. */
struct script {
    bool ready;       /* new text, diff and command are there */
    struct err error; /* why not */
    char *text;       /* owned */
    size_t len;
    struct edits edits; /* owned */
    struct diff diff;
    struct code_spans old_colour, new_colour;
    struct findings findings; /* owned */
    char stem[NAME_MAX_BYTES];
    char name[NAME_MAX_BYTES];     /* file name */
    struct command command;        /* on one machine */
    struct distribution machines;  /* of several; then command is empty */
    char manifest[NAME_MAX_BYTES]; /* second new file, for an engine that runs machines; "" none */
    struct err command_error;      /* why there is neither */
    bool written;
    bool seen; /* the diff was looked at */
};

/* A result that has been read and is not used yet. */
struct intake {
    bool there;
    struct summary run;
    char from[NAME_MAX_BYTES]; /* a file name, or "paste" */
    char *text;                /* owned; the bytes of a paste, to show, also when nothing in it was
                                  understood (there is false then); NULL for a file */
    size_t len;
    bool warned; /* it looks like the baseline's own result, and the user was told */
    struct gather_digests files; /* owned; what it was read from; of a paste none */
};

/* What results that are being read are for. */
enum reading_for { READING_RUN, READING_BASELINE };

/* Results that are being read in the background. */
struct reading_job {
    struct gather_job *job; /* NULL: none */
    enum reading_for what;
    char names[NAME_MAX_BYTES]; /* as the user gave them */
    int64_t changed_s;          /* of the first file; -1 unknown */
    bool found;                 /* nobody named it: it lay beside the baseline */
};

/* A run that goes on, and is looked at. */
struct watching {
    struct watch *watch; /* NULL: none */
    char names[512];     /* what is watched, as the user gave it; "" what the command writes */
    bool replay;
    struct watch_view held; /* what the view showed when it was held; its parts are owned */
    int64_t held_ms;        /* 0: the view is not held */
    bool judging;           /* the run is over: its files are being read */
    bool judged;            /* that was begun once */
};

struct result {
    bool there;
    struct summary run;
    struct judgement judgement;
    char from[NAME_MAX_BYTES];
    int64_t run_id; /* in the store; 0: not stored */
    int64_t at_ms;
    bool has_profile; /* the load it was made with */
    struct profile profile;
    struct gather_digests files; /* owned; what it was read from */
    char pasted[DIGEST_BYTES];   /* of the pasted text; "" it was not pasted */
};

struct session {
    int64_t now_ms; /* the time of day, ms since 1970; the front end sets it before each command */
    char user[64];
    struct rules rules;
    struct err rules_error; /* kind ERR_NONE: the rules are good */
    struct workspace ws;
    struct baseline base;
    struct form form;
    struct profile profile;
    struct err profile_error; /* why there is none */
    struct findings profile_notes;
    bool confirmed;
    char confirmed_by[64];
    int64_t confirmed_ms;
    uint64_t confirmed_load; /* hash of the load that was confirmed; 0: none */
    struct host host;
    struct host_check host_check[HOST_CHECKS_MAX];
    int host_checks;
    struct err host_error;
    int generators_needed;          /* machines like this one that the load needs; 0: not known */
    struct findings generators_why; /* owned; why more than one, and what more do not help */
    bool host_seen;
    bool over_accepted; /* "go on anyway" with a host over its limit */
    bool looks_only; /* a recorded run is looked at: Run and Results need no load, and nothing of it
                        is kept in the store */
    struct script script;
    struct intake intake;
    struct reading_job reading;
    struct watching watching;
    struct result result;
    struct probe probe;
    char tool_version[32];     /* "" unknown */
    bool tool_missing;         /* not in PATH */
    struct together *together; /* owned; runs, reviews and people of the store: together.h */
    struct history *history;   /* NULL: no store yet */
    char store_notice[512];    /* why the store is not as it should be; "" */
    bool dirty;                /* something is not saved yet */
    char place[512];           /* where the user is, the front end's own words */
    char *saved;               /* owned; a saved state that was not taken up yet */
    int64_t saved_ms;
    char saved_by[64]; /* whose state it is; "" this user's own */
};

/* Scans dir, reads rules, plan, baseline and its result, opens the store when there is one. Never
 * writes. ERR_IO when dir cannot be listed. *s is initialised by it, to be closed also after an
 * error. */
bool session_open(struct session *s, const char *dir, int64_t now_ms, struct err *e);
void session_close(struct session *s);

/* Reads the workspace again; what the user entered stays. */
bool session_rescan(struct session *s, struct err *e);

/* --- phase 0 --- */

bool session_choose_baseline(struct session *s, int index, struct err *e);
/* The user says that the baseline runs without errors: marked as stated, never as measured. */
void session_state_baseline(struct session *s);
/* A result of the baseline, from a file or from the intake. */
bool session_baseline_file(struct session *s, const char *path, const char *format, struct err *e);
void session_baseline_use_intake(struct session *s);

/* A plan and a baseline are there, and its result is not known to have errors. */
bool session_prepared(const struct session *s);
/* session_prepared, and the result is measured or stated: the dashboard's way to phase 1. */
bool session_ready(const struct session *s);
/* Neither plan nor baseline nor .perfscale: nothing for a dashboard to open on. */
bool session_nothing_here(const struct session *s);
extern const char session_no_plan[]; /* the sentence for that */

/* Words of status --json: "plan", "baseline", "baseline_result", "stable"; NULL at the end. */
int session_missing(const struct session *s, const char *out[5]);
/* All remarks of phase 0. */
void session_prerequisite_findings(const struct session *s, struct findings *out);
/* The lines of screen 1; returns how many. */
enum { PREREQUISITE_ROWS = 8 };
int session_prerequisite_rows(const struct session *s, struct row out[PREREQUISITE_ROWS]);

/* The tool's version, asked beside everything else: start, then read when fd is readable. */
void session_probe_start(struct session *s);
int session_probe_fd(const struct session *s); /* -1: nothing to wait for */
void session_probe_ready(struct session *s);
void session_probe_wait(struct session *s, int timeout_ms);

/* --- phase 1 --- */

/* The test type of the form; load when none is set. */
enum model session_model(const struct session *s);
/* How iterations start, as the form has it. */
enum arrivals session_method(const struct session *s);

/* Scenarios of the baseline that carry the target, none while it is not understood. */
size_t session_carriers(const struct session *s, const struct scenario *out[SCENARIOS_MAX]);
/* Is the field one of this test type and of this script? */
bool session_has_field(const struct session *s, enum field f);
/* May this word of a choice be taken with the tool of the baseline? */
bool session_choice(const struct session *s, enum field f, int index);

/* Recomputes profile and host checks from the form. Called by every function that changes it. */
void session_update(struct session *s);
/* A field's new text; "" goes back to its default. Reopens the later steps when the value changes.
 */
void session_set_field(struct session *s, enum field f, const char *text);
bool session_undo(struct session *s); /* false: nothing to undo */
/* "Calculated 80 VUs for 200 RPS. Proceed?" and its second line. */
void session_question(const struct session *s, char *line, size_t size, char *more,
                      size_t more_size);
bool session_confirm_load(struct session *s, struct err *e);
/* Where the requests go, from the script, else from the plan; "" unknown. */
const char *session_base_url(const struct session *s);
/* Warnings that belong to the load: from the profile, the rules and the history. */
void session_load_findings(const struct session *s, struct findings *out);

void session_check_host(struct session *s); /* reads this machine again */
/* The load needs more machines than are planned for, and its tool can be split. */
bool session_can_split(const struct session *s);
/* The first required check over its limit; NULL when there is none. */
const struct host_check *session_host_over(const struct session *s);

/* New text, diff and command in s->script; on error s->script.error. out NULL: a free name. */
bool session_prepare_script(struct session *s, const char *out, struct err *e);
bool session_write_script(struct session *s, struct err *e);

/* --- reading results, in the background --- */

/* Starts reading the results of one run that names lists: files or directories, blanks between
 * them, quotes around a name with blanks. One reading at a time: an earlier one is given up. */
bool session_read_start(struct session *s, enum reading_for what, const char *names,
                        const char *format, struct err *e);
int session_read_fd(const struct session *s); /* readable when it has ended; -1: none goes on */
/* How far it is; false: none goes on. */
bool session_read_progress(const struct session *s, struct gather_progress *out);
/* Waits for its end and takes it: into the intake, or as the baseline's result. */
bool session_read_end(struct session *s, struct err *e);
void session_read_cancel(struct session *s); /* returns at once; nothing was changed */

/* --- watching a run that the user started --- */

/* Follows names (files and addresses, as in session_read_start()); NULL: the files that the command
 * writes. What was watched before is given up. */
bool session_watch_start(struct session *s, const char *names, struct err *e);
/* Only a recorded run is looked at: nothing is kept in the store, and its load counts when the
 * workspace remembers one for this file. */
void session_look_only(struct session *s, const char *file);
/* Plays a recorded run as if it went on now. */
bool session_replay_start(struct session *s, const char *file, double speed, struct err *e);
/* The files of the command, when they may be watched now: the script is written, and there is no
 * result that is newer than they are. false: nothing was started. */
bool session_watch_own(struct session *s);
/* Those files into a watch of somebody else's. */
bool session_watch_add_own(const struct session *s, struct watch *w, struct err *e);
int session_watch_fd(const struct session *s); /* -1: nothing is watched */
/* When watch_fd is readable. true: there is something new to see. */
bool session_watch_turn(struct session *s, int64_t steady_ms);
/* What there is to see; NULL: nothing is watched. Valid until the next turn. */
const struct watch_view *session_watch(const struct session *s);
/* The view stays as it is while the data goes on; the second call lets it go. */
void session_watch_hold(struct session *s);
void session_watch_speed(struct session *s, double speed); /* of a replay */
void session_watch_pause(struct session *s, bool paused);
/* The run is over (it said so, or the user does): its files are read in the background, as by
 * session_read_start(); session_read_end() takes them into the intake with what was seen beside
 * them. What only an address told is in the intake at once. The view stays until the intake is used
 * or dropped. */
bool session_watch_judge(struct session *s, struct err *e);
/* The run is over and was not judged yet; also while the view is held. */
bool session_watch_is_over(const struct session *s);
void session_watch_stop(struct session *s);
/* What a run that goes on is held against: the limits that its verdict will use. */
void session_watch_limits(const struct check_input *in, struct watch_limits *out);

/* --- phase 2 --- */

/* Reads results into the intake and waits for it. format NULL: told from the bytes. */
bool session_take_file(struct session *s, const char *path, const char *format, struct err *e);
bool session_take_paste(struct session *s, const char *bytes, size_t len, struct err *e);
void session_drop_intake(struct session *s);
/* The intake becomes the run's result: judged, and kept in the store. */
bool session_use_intake(struct session *s, struct err *e);
/* A finding to run when its result, changed at changed_s, is older than the script that was written
 * for it. */
void session_say_older(const struct session *s, int64_t changed_s, struct summary *run);
/* check_input of this session for a run. */
void session_check_input(const struct session *s, const struct summary *run,
                         struct check_input *in);
/* How results are read: the steady part of p's stages gets figures of its own (NULL: none). stretch
 * holds them for as long as the options are used. */
struct gather_options session_read_options(const char *format, const struct profile *p,
                                           enum model model, const struct rules *rules,
                                           struct stretch_wanted stretch[STRETCHES_MAX]);
/* Reads the result in bytes, which have a name. *run is initialised by the call. */
bool session_read_bytes(const char *name, const char *bytes, size_t len, const char *format,
                        struct summary *run, struct err *e);

/* --- steps --- */

/* May the step be opened? */
bool session_step_open(const struct session *s, enum step step);
/* Sign and one line of a step for rail, strip and overview. */
struct row session_step(const struct session *s, enum step step);
/* "What the user does now, in one sentence." */
void session_next(const struct session *s, enum step step, char *out, size_t size);

/* --- state --- */

/* A saved state that can be taken up; its one-line description. */
bool session_has_saved(const struct session *s, char *what, size_t size);
bool session_restore(struct session *s, struct err *e);
void session_forget(struct session *s);
/* Saves when something changed. Makes the store when there is none and something was entered. A
 * store that cannot be written is said once in store_notice, and the session goes on. */
void session_save(struct session *s);
/* Saves place too, also when nothing else changed and a store is there. */
void session_save_place(struct session *s, const char *place);

/* Plan of this session as `plan --json`. written: names, NULL at the end. The caller frees. */
char *session_plan_json(const struct session *s, const char *const *written);

/* The commands of the new script in the order of starting: one, or each with its place. */
size_t session_commands(const struct session *s);
const struct command *session_command(const struct session *s, size_t index);
/* What there is to say about the rewrite and all commands, each remark once. */
void script_findings(const struct script *sc, struct findings *out);
/* All remarks of phase 0, the load, the machines and the rewrite. What the rewrite does about a
 * mistake of the script stands in place of the mistake's own remark. */
void session_plan_findings(const struct session *s, struct findings *out);
/* Time of day at which a run that is started now ends: "14:17:30". */
char *session_ends(const struct session *s, char *out, size_t size);
/* Bytes that all of them will write. */
double session_result_bytes(const struct session *s);

#endif
