/* Who else has this workspace open, and where each one is. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "ui/screen/panel/parts.h"

const struct person *person_followed(const struct session *s, const struct view *v) {
    const struct person *p;
    size_t n = session_people(s, &p);
    for (size_t i = 0; v->follow_pid > 0 && i < n; i++)
        if (p[i].uid == v->follow_uid && p[i].pid == v->follow_pid)
            return &p[i];
    return NULL;
}

/* Somebody with two terminals is one person. */
static bool is_named(const struct session *s, const struct person *p, size_t index) {
    int64_t me;
    session_me(s, &me);
    bool named = p[index].uid == me;
    for (size_t i = 0; i < index; i++)
        named = named || p[i].uid == p[index].uid;
    return named;
}

void people_names(const struct session *s, char *out, size_t size) {
    const struct person *p;
    size_t n = session_people(s, &p);
    struct text_out o = {out, size, 0};
    text_put(&o, s->user, strlen(s->user));
    for (size_t i = 0; i < n; i++)
        if (!is_named(s, p, i)) {
            text_put(&o, " · ", strlen(" · "));
            text_put(&o, p[i].name, strlen(p[i].name));
        }
}

void person_words(const struct session *s, const struct person *p, char *out, size_t size) {
    int64_t me;
    session_me(s, &me);
    if (p->at.typing)
        snprintf(out, size, "writing a note");
    else if (p->follows_uid == me && p->follows_pid == (int)getpid())
        snprintf(out, size, "follows you");
    else if (p->at.screen >= 0 && p->at.screen < STEPS)
        snprintf(out, size, "on %d %s", p->at.screen, panels[p->at.screen]->name);
    else
        snprintf(out, size, "here");
}

static void draw_person(struct grid *g, struct area a, int words, const char *name,
                        const char *text) {
    enum { SIGN_COL = 3, NAME_COL = 5 };
    const struct sign live = sign_of(MARK_LIVE);
    grid_put(g, a.row, SIGN_COL, 1, live.look, live.sign);
    grid_put(g, a.row, NAME_COL, words - NAME_COL - 1, LOOK_TEXT, name);
    grid_put(g, a.row, words, a.cols - words, LOOK_MUTED, text);
}

void people_draw(const struct session *s, struct grid *g, struct area a) {
    enum { TITLE_COL = 3, NAME_COL = 5, NAME_LEAST = 4, NAME_MOST = 8 };
    const struct person *p;
    int n = (int)session_people(s, &p), name = grid_width(g, s->user);
    int rows = a.rows - 3; /* blank, title; blank below */
    n = n < rows ? n : rows - 1;
    if (session_people_fd(s) < 0 || n < 0 || rows < 1)
        return;
    for (int i = 0; i < n; i++)
        name = grid_width(g, p[i].name) > name ? grid_width(g, p[i].name) : name;
    name = name < NAME_LEAST ? NAME_LEAST : name > NAME_MOST ? NAME_MOST : name;
    a.row += a.rows - n - 3;
    grid_put(g, a.row++, TITLE_COL, a.cols, LOOK_MUTED, "People");
    draw_person(g, a, NAME_COL + name + 1, s->user, "you");
    for (int i = 0; i < n; i++) {
        char text[64];
        a.row++;
        person_words(s, &p[i], text, sizeof text);
        draw_person(g, a, NAME_COL + name + 1, p[i].name, text);
    }
}
