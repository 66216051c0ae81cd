/* report/document.h
 * Inside of report_document(). What a report tells (tell_*.c) is said once, to a form that writes
 * it: Markdown or HTML. Texts given to a form are raw: it cleans and escapes them. */
#ifndef PERFSCALE_REPORT_DOCUMENT_H
#define PERFSCALE_REPORT_DOCUMENT_H

#include "base/buf.h"
#include "report/chart.h"
#include "report/report_words.h"

struct doc_column {
    const char *title;
    bool number; /* to the right */
};

/* A figure is marked with its place in the JSON of the run, so that both can be compared. */
struct doc_cell {
    enum doc_sign sign; /* before the text */
    const char *text;
    const char *at; /* "checks[0].value"; NULL: no figure */
    double value;   /* of the figure, unrounded */
    bool pair;      /* an interval: value to high */
    double high;
};

/* One thing that somebody said. */
struct doc_said {
    const char *by, *when, *on, *state, *text;
    enum doc_sign sign; /* of the state */
    int depth;          /* 1: a reply */
};

struct writing;

enum doc_facts { FACTS_END, FACTS_FIGURES, FACTS_PROSE /* sentences */ };

struct doc_form {
    void (*begin)(struct writing *d, const char *title, const char *sub);
    void (*end)(struct writing *d);
    void (*verdict)(struct writing *d, enum doc_sign sign, const char *word, const char *sentence);
    /* folded: where a form can fold, it does */
    void (*section)(struct writing *d, const char *title, bool folded);
    void (*section_end)(struct writing *d);
    void (*heading)(struct writing *d, const char *title);
    void (*para)(struct writing *d, enum doc_sign sign, const char *text);
    /* A list of remarks, each with its sign and "" or a label in front. */
    void (*list)(struct writing *d, bool begin);
    void (*item)(struct writing *d, enum doc_sign sign, const char *label, const char *text);
    /* Names, each with a figure or a sentence. */
    void (*facts)(struct writing *d, enum doc_facts kind);
    void (*fact)(struct writing *d, const char *name, const struct doc_cell *c);
    void (*table)(struct writing *d, bool begin); /* columns are in d */
    void (*row)(struct writing *d, bool begin);
    void (*cell)(struct writing *d, const struct doc_cell *c);
    void (*said)(struct writing *d, const struct doc_said *s);
    void (*charts)(struct writing *d, struct chart *chart, size_t n);
};
extern const struct doc_form doc_markdown, doc_html;

/* A document that is being written. */
struct writing {
    const struct report_doc *of;
    const struct judgement *judged;
    const struct doc_form *form;
    struct buf out;
    const struct doc_column *column; /* of the open table */
    size_t columns, at;              /* at: the next cell */
    bool folded;                     /* the open section */
    size_t depth;                    /* of the open notes */
};

/* --- what tell_*.c say with (document.c) --- */

void doc_table(struct writing *d, const struct doc_column *column, size_t columns);
void doc_table_end(struct writing *d);
void doc_row(struct writing *d);
void doc_row_end(struct writing *d);
void doc_text(struct writing *d, const char *text);
void doc_state(struct writing *d, enum doc_sign sign, const char *text);
/* at: printf-like, the place in the JSON. */
void doc_figure(struct writing *d, const char *text, double value, const char *at, ...)
    __attribute__((format(printf, 4, 5)));
/* "239 to 247 ms" */
void doc_interval(struct writing *d, const char *text, double low, double high, const char *at, ...)
    __attribute__((format(printf, 5, 6)));
void doc_fact(struct writing *d, const char *name, const char *text); /* nothing for "" */
void doc_fact_figure(struct writing *d, const char *name, const char *text, double value,
                     const char *at, ...) __attribute__((format(printf, 5, 6)));

/* --- the parts of a report, in their order --- */

void tell_verdict(struct writing *d); /* title, verdict, checks */
void tell_causes(struct writing *d);  /* causes, next steps, findings */
void tell_run(struct writing *d);     /* figures, charts */
void tell_steps(struct writing *d);   /* of a stress test */
void tell_trends(struct writing *d);  /* of a soak test */
void tell_endpoints(struct writing *d);
void tell_load(struct writing *d);
void tell_review(struct writing *d);  /* notes, votes, waivers, ledger */
void tell_sources(struct writing *d); /* hashes, files, how it was measured */

/* JUnit has a content of its own (junit.c). */
char *report_junit(const struct report_doc *d);

/* Text as the five entities of HTML and XML, cleaned. lines: newlines stay, else they become "?".
 */
void doc_escape(struct buf *out, const char *text, bool lines);

/* The SVG of a chart (html_chart.c). id: different for each chart of the document. */
void html_chart(struct buf *out, const struct chart *c, size_t id);

#endif
