/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a terminal is sent: a model of one obeys it, and must then show the grid, whatever it showed
 * before, in the looks of each cell.
 */
#include "config.h"

#include "tui/paint.h"

#include <locale.h>
#include <stdlib.h>

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <term.h>
#undef columns /* which term.h makes macros */
#undef lines

#include "base/visible.h"
#include "tests/tap.h"

#define ROWS    6
#define COLUMNS 30
#define SCREENS 400

struct place {
	uint32_t code, mark;
	bool     right_half;
	char     looks[64]; /* the parameters that are in force */
};

struct model {
	struct place at[ROWS][COLUMNS];
	int          row, column;
	char         looks[64];
	unsigned     strange; /* what it does not understand, or what would scroll */
};

static struct text
sequence(struct model *m, struct text t)
{
	char   params[32];
	size_t n = 0;
	int    a = 0, b = 0;
	char   last;

	if (t.p[0] == '(') /* sets of characters */
		return text_from(t, 2);
	for (t = text_from(t, 1); t.n && n + 1 < sizeof(params) && (t.p[0] < '@'); t = text_from(t, 1))
		params[n++] = t.p[0];
	params[n] = '\0';
	last = t.n ? t.p[0] : '\0';
	sscanf(params, "%d;%d", &a, &b);
	if (last == 'H') {
		m->row = a ? a - 1 : 0;
		m->column = b ? b - 1 : 0;
	} else if (last == 'C') {
		m->column += a ? a : 1;
	} else if (last == 'J') {
		for (int i = 0; i < ROWS * COLUMNS; i++)
			m->at[i / COLUMNS][i % COLUMNS] = (struct place){ .code = ' ' };
	} else if (last == 'K') {
		for (int i = m->column; i < COLUMNS; i++)
			m->at[m->row][i] = (struct place){ .code = ' ' };
	} else if (last == 'm') {
		if (!n || params[0] == '0')
			m->looks[0] = '\0';
		if (n && strcmp(params, "0") != 0)
			snprintf(m->looks + strlen(m->looks), sizeof(m->looks) - strlen(m->looks),
				 "[%s]", params);
	} else {
		m->strange++;
	}
	return text_from(t, 1);
}

static void
character(struct model *m, uint32_t code)
{
	int width = code_width(code);

	if (m->column + width > COLUMNS || m->row >= ROWS) {
		m->strange++;
		return;
	}
	if (width == 0) { /* belongs to what was written last */
		int before = m->column - 1;

		before -= m->at[m->row][before].right_half;
		m->at[m->row][before].mark = code;
		return;
	}
	for (int i = 0; i < width; i++) {
		struct place *p = &m->at[m->row][m->column++];

		*p = (struct place){ .code = i ? 0 : code, .right_half = i > 0 };
		snprintf(p->looks, sizeof(p->looks), "%s", m->looks);
	}
}

static void
obey(struct model *m, struct text t)
{
	while (t.n) {
		uint32_t code;
		size_t   n = utf8_decode(t.p, t.p + t.n, &code);

		t = text_from(t, n);
		if (code == 033 && t.n)
			t = sequence(m, t);
		else
			character(m, code);
	}
}

/* Cells of one look that are worn alike in the model; blanks look alike in all that only tint. */
static bool
shows(const struct model *m, const struct screen *s, struct place worn[ROLE_COUNT][2])
{
	for (int i = 0; i < ROWS * COLUMNS; i++) {
		const struct grid_cell *cell = &s->cells[i];
		const struct place     *p = &m->at[i / COLUMNS][i % COLUMNS];
		struct place           *as = &worn[cell->role][cell->cursor];

		if (cell->width == 0)
			continue;
		if (p->code != cell->code || p->mark != cell->marks[0] || p->right_half)
			return false;
		if (cell->code == ' ' && !cell->cursor)
			continue;
		if (!as->code)
			*as = *p;
		as->code = 1;
		if (strcmp(as->looks, p->looks) != 0)
			return false;
	}
	return true;
}

static unsigned
some(unsigned *seed, unsigned n)
{
	*seed = *seed * 1103515245u + 12345u;
	return (*seed >> 16) % n;
}

/* Some words changed, some rows emptied, another row selected. */
static void
change(struct screen *s, unsigned *seed)
{
	static const char *const words[] = {
		"host", "WS-07", "a", "", "管理者", "e\314\201te\314\201", "Administrator of it all",
		"·", "x 1 y 22 z", "                    ",
	};

	for (unsigned i = some(seed, 4); i < 6; i++)
		screen_put(s, (int)some(seed, ROWS), (int)some(seed, COLUMNS), 20,
			   text_of(words[some(seed, 10)]), (enum role)some(seed, ROLE_COUNT));
	if (some(seed, 3) == 0)
		screen_fill(s, (struct area){ (int)some(seed, ROWS), (int)some(seed, COLUMNS), 2, COLUMNS },
			    ROLE_TEXT);
	if (some(seed, 5) == 0)
		screen_clear(s);
	screen_select(s, (int)some(seed, ROWS), 0, COLUMNS);
}

static void
every_screen_is_shown(const char *theme)
{
	struct paint *p = paint_new(false, true);
	struct screen s = { 0 };
	struct model  m = { 0 };
	struct place  worn[ROLE_COUNT][2] = { 0 };
	unsigned      seed = 4711, wrong = 0, misplaced = 0;

	paint_wear(p, theme_find(text_of(theme)));
	screen_resize(&s, ROWS, COLUMNS);
	for (int i = 0; i < SCREENS; i++) {
		change(&s, &seed);
		if (some(&seed, 20) == 0)
			paint_forget(p);
		obey(&m, paint_screen(p, &s));
		wrong += !shows(&m, &s, worn);
		misplaced += m.row != s.cursor_row || m.column != s.cursor_column;
		for (int cell = 0; cell < ROWS * COLUMNS; cell++)
			s.cells[cell].cursor = false;
	}
	ok(wrong == 0, "%s: %d screens are shown as they are drawn", theme, SCREENS);
	ok(misplaced == 0, "%s: with the cursor where it belongs", theme);
	ok(m.strange == 0, "%s: and nothing that a terminal would not understand", theme);
	screen_free(&s);
	paint_free(p);
}

static void
what_stays_is_not_sent_again(void)
{
	struct paint *p = paint_new(false, true);
	struct screen s = { 0 };
	size_t        whole;

	paint_wear(p, theme_find(TEXT("dark")));
	screen_resize(&s, ROWS, COLUMNS);
	for (int row = 0; row < ROWS; row++)
		screen_put(&s, row, 0, COLUMNS, TEXT("some words of a full row of it"), ROLE_TEXT);
	whole = paint_screen(p, &s).n;
	screen_put(&s, 2, 5, 5, TEXT("verbs"), ROLE_TEXT);
	ok(paint_screen(p, &s).n < whole / 4, "a word that changed is a few bytes");
	ok(paint_screen(p, &s).n == 0, "nothing that changed is no byte");
	screen_free(&s);
	paint_free(p);
}

int
main(void)
{
	int problem = 0;

	setlocale(LC_CTYPE, "C.UTF-8");
	if (setupterm("xterm-256color", 1, &problem) != OK) {
		printf("1..0 # SKIP the terminal xterm-256color is not known here\n");
		return 0;
	}
	every_screen_is_shown("dark");
	every_screen_is_shown("mono");
	what_stays_is_not_sent_again();
	return done_testing();
}
