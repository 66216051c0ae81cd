#include "term_parts.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>

/* One row per look. 256 colours: only 16 to 255, because users redefine the others; picked so that
 * "auto" can be read on black and on white. 8 and 16 colours: only 1 to 6, since 8 is the
 * background of some themes. Colour 0 stands for the terminal's own. Where there is no colour to
 * tell two looks apart, sign and word do. */
static const struct {
    short fixed[3]; /* of 256 colours: auto, dark, light */
    attr_t attr;
    short basic; /* of 8 colours */
    attr_t basic_attr;
    attr_t mono_attr;
} looks[LOOKS] = {
    [LOOK_TEXT] = {{0, 0, 0}, 0, 0, 0, 0},
    [LOOK_TITLE] = {{0, 0, 0}, A_BOLD, 0, A_BOLD, A_BOLD},
    [LOOK_MUTED] = {{243, 245, 241}, 0, 0, A_DIM, 0},
    [LOOK_ACCENT] = {{31, 74, 24}, 0, 6, 0, A_BOLD},
    [LOOK_OK] = {{28, 114, 22}, 0, 2, 0, 0},
    [LOOK_WARN] = {{130, 179, 94}, 0, 3, 0, A_BOLD},
    [LOOK_FAIL] = {{160, 203, 124}, 0, 1, A_BOLD, A_BOLD},
    [LOOK_NODATA] = {{98, 141, 55}, 0, 5, 0, A_UNDERLINE},
    [LOOK_INVALID] = {{98, 141, 55}, A_BOLD, 5, A_BOLD, A_BOLD | A_UNDERLINE},
    [LOOK_LIVE] = {{0, 0, 0}, A_BOLD, 0, A_BOLD, A_BOLD},
    [LOOK_CHART] = {{31, 74, 24}, 0, 6, 0, 0},
    [LOOK_CHART2] = {{243, 245, 241}, 0, 0, 0, 0},
    [LOOK_ADD] = {{28, 114, 22}, 0, 2, 0, 0},
    [LOOK_DEL] = {{160, 203, 124}, 0, 1, 0, 0},
    [LOOK_CODE1] = {{63, 111, 25}, 0, 0, A_BOLD, 0},
    [LOOK_CODE2] = {{130, 179, 94}, 0, 0, 0, 0},
    [LOOK_CODE3] = {{243, 245, 241}, 0, 0, A_DIM, 0},
    [LOOK_FIELD] = {{0, 0, 0}, A_UNDERLINE, 0, A_UNDERLINE, A_UNDERLINE},
};

static const char *const names[THEMES] = {
    [THEME_AUTO] = "auto",         [THEME_DARK] = "dark", [THEME_LIGHT] = "light",
    [THEME_TERMINAL] = "terminal", [THEME_MONO] = "mono",
};

const char *theme_name(enum theme t) { return names[t]; }

bool theme_parse(const char *name, enum theme *t) {
    for (int i = 0; i < THEMES; i++)
        if (strcmp(name, names[i]) == 0) {
            *t = (enum theme)i;
            return true;
        }
    return false;
}

/* COLORS is 0 before start_color(), and start_color() paints: so ask the description. */
static int colours_of_terminal(void) {
    int n = tigetnum("colors");
    return n >= 256 ? 256 : n >= 16 ? 16 : n >= 8 ? 8 : 0;
}

static bool shows_colour(const struct colours *c, enum theme theme) {
    return c->count > 0 && theme != THEME_MONO;
}

/* Without use_default_colors() every cell would be painted white on black. */
static void start(struct colours *c) {
    if (c->started)
        return;
    start_color();
    use_default_colors();
    c->started = true;
}

/* Pair n is colour n on the terminal's own background, for all n that a theme uses. */
static short pair_of(short colour) {
    if (colour > 0)
        init_pair(colour, colour, -1);
    return colour;
}

static struct style style_of(const struct colours *c, enum look look, enum theme theme) {
    if (!shows_colour(c, theme))
        return (struct style){.attr = looks[look].mono_attr};
    if (c->count < 256 || theme == THEME_TERMINAL)
        return (struct style){looks[look].basic_attr, pair_of(looks[look].basic)};
    return (struct style){looks[look].attr, pair_of(looks[look].fixed[theme])};
}

void colours_set(struct colours *c, enum theme theme) {
    c->theme = theme;
    if (shows_colour(c, theme))
        start(c);
    for (int look = 0; look < LOOKS; look++)
        c->style[look] = style_of(c, (enum look)look, theme);
}

/* NO_COLOR: https://no-color.org, "when present and not an empty string". */
static bool no_color(void) {
    const char *set = getenv("NO_COLOR");
    return set && set[0];
}

void colours_init(struct colours *c, const struct term_options *o) {
    *c = (struct colours){.count = colours_of_terminal()};
    colours_set(c, no_color() && !o->theme_given ? THEME_MONO : o->theme);
}
