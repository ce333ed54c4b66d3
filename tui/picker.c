/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/picker.h"

#include <stdlib.h>

#include "base/counted.h"
#include "base/visible.h"
#include "tui/filter.h"

#define PICKER_BYTES ((size_t)256 << 20)
#define WIDTH        66

struct choice {
	struct text name;
	double      risk;
	uint64_t    events, findings;
	bool        ticked;
};

struct picker {
	struct arena   arena;
	struct choice *choices;
	size_t         n, cap;
	size_t        *left; /* those that the narrowing leaves */
	size_t         n_left;
	size_t         at, top; /* among these */
	int            page;
	char           narrow[128];
	size_t         n_narrow;
	bool           excludes; /* all but the ticked */
};

static bool
add_host(void *ctx, const struct host_row *h)
{
	struct picker *p = ctx;

	arena_grow(&p->arena, p->choices, p->n, &p->cap);
	p->choices[p->n++] = (struct choice){ .name = arena_copy(&p->arena, h->host),
					      .risk = h->risk_score,
					      .events = h->events,
					      .findings = h->findings };
	return true;
}

/* Hosts that a chip names are ticked; by any of their names. */
static void
tick_chosen(struct app *app, struct picker *p)
{
	for (uint32_t i = 0; i < app->n_chips; i++) {
		const struct condition *c = &app->chips[i].is;

		if (c->part != FILTER_HOST)
			continue;
		p->excludes = c->excludes;
		for (size_t k = 0; k < p->n; k++)
			for (uint32_t v = 0; v < c->n_values; v++)
				p->choices[k].ticked |= text_ieq(p->choices[k].name, c->values[v]);
	}
}

static bool
is_left(const struct picker *p, const struct choice *c)
{
	return text_ifind(c->name, (struct text){ p->narrow, p->n_narrow }) != TEXT_NOWHERE;
}

static void
narrow(struct picker *p)
{
	p->n_left = p->at = p->top = 0;
	for (size_t i = 0; i < p->n; i++)
		if (!p->n_narrow || is_left(p, &p->choices[i]))
			p->left[p->n_left++] = i;
}

void
picker_open(struct app *app)
{
	struct picker     *p = calloc(1, sizeof(*p));
	struct case_filter all = CASE_FILTER_ALL;
	struct err         err = { 0 };

	if (!p)
		arena_exhausted(sizeof(*p));
	picker_close(app);
	p->arena = arena_open(PICKER_BYTES);
	app->picker = p;
	if (!query_hosts(app->cf, &all, add_host, p, &err)) {
		app_complain(app, &err);
		picker_close(app);
	} else if (!p->n) {
		app_say(app, "this case has no computers yet");
		picker_close(app);
	} else {
		p->left = arena_new(&p->arena, size_t, p->n);
		tick_chosen(app, p);
		narrow(p);
	}
}

void
picker_close(struct app *app)
{
	if (!app->picker)
		return;
	arena_close(&app->picker->arena);
	free(app->picker);
	app->picker = NULL;
}

static struct choice *
choice_at(const struct picker *p, size_t place)
{
	return place < p->n_left ? &p->choices[p->left[place]] : NULL;
}

static void
move(struct picker *p, long step)
{
	long to = (long)p->at + step;

	p->at = to < 0 ? 0 : (size_t)to < p->n_left ? (size_t)to : p->n_left ? p->n_left - 1 : 0;
}

static void
apply(struct app *app)
{
	struct picker *p = app->picker;
	struct text   *names = arena_new(&p->arena, struct text, p->n);
	uint32_t       n = 0;
	struct choice *here = choice_at(p, p->at);
	struct err     err = { 0 };

	for (size_t i = 0; i < p->n; i++)
		if (p->choices[i].ticked)
			names[n++] = p->choices[i].name;
	if (!n && p->n_narrow && here)
		names[n++] = here->name; /* typed and entered without a tick: this one */
	if (!filter_set_hosts(app, names, n, p->excludes, &err))
		app_complain(app, &err);
	else if (n)
		app_say(app, "%s %s in every view; u undoes", p->excludes ? "all but" : "only",
			counted(n, "computer").words);
	else
		app_say(app, "all computers");
	picker_close(app);
	if (app->bar_open)
		filter_bar_look(app, app_view(app));
}

static void
type(struct picker *p, uint32_t code)
{
	char        utf8[4];
	struct text one = { utf8, utf8_encode(code, utf8) };

	if (p->n_narrow + one.n > sizeof(p->narrow))
		return;
	text_fold(p->narrow + p->n_narrow, one);
	p->n_narrow += one.n;
	narrow(p);
}

static void
rub_out(struct picker *p)
{
	while (p->n_narrow > 0 && ((unsigned char)p->narrow[--p->n_narrow] & 0xc0) == 0x80)
		;
	narrow(p);
}

void
picker_press(struct app *app, uint32_t press)
{
	struct picker *p = app->picker;
	struct choice *here = choice_at(p, p->at);

	switch (press) {
	case PRESS_ESCAPE:
	case PRESS_CTRL('C'):
		picker_close(app);
		return;
	case PRESS_ENTER:
		apply(app);
		return;
	case PRESS_UP:
	case PRESS_WHEEL_UP:
		move(p, -1);
		return;
	case PRESS_DOWN:
	case PRESS_WHEEL_DOWN:
		move(p, 1);
		return;
	case PRESS_PAGE_UP:
		move(p, -(long)p->page);
		return;
	case PRESS_PAGE_DOWN:
		move(p, p->page);
		return;
	case PRESS_HOME:
		move(p, -(long)p->n);
		return;
	case PRESS_END:
		move(p, (long)p->n);
		return;
	case PRESS_BACKSPACE:
		rub_out(p);
		return;
	case PRESS_CTRL('U'):
		p->n_narrow = 0;
		narrow(p);
		return;
	case ' ':
		if (here) {
			here->ticked = !here->ticked;
			move(p, 1);
		}
		return;
	case '!':
		p->excludes = !p->excludes;
		return;
	}
	if (press > ' ' && press < PRESS_NONE)
		type(p, press);
}

struct text
picker_hints(void)
{
	return TEXT("Space tick  Enter apply  ! not these  Down Up move  Esc cancel");
}

/* ---- drawing ---- */

static void
draw_choice(struct app *app, const struct choice *c, bool here, struct area a)
{
	struct screen *s = &app->screen;
	struct arena  *keep = &app->frame;
	int            at = a.column + 2, numbers = a.columns >= 50 ? 29 : 0;

	at += screen_put(s, a.row, at, 4, c->ticked ? TEXT("[x] ") : TEXT("[ ] "),
			 c->ticked ? ROLE_MARK : ROLE_TEXT);
	screen_put(s, a.row, at, a.column + a.columns - at - numbers - 1, c->name, ROLE_TEXT);
	if (numbers) {
		at = a.column + a.columns - numbers;
		screen_put_right(s, a.row, at, 7, table_amount(c->risk, keep), risk_role(c->risk));
		screen_put_right(s, a.row, at + 8, 11, table_amount((double)c->events, keep),
				 ROLE_TEXT);
		screen_put_right(s, a.row, at + 20, 6, table_amount((double)c->findings, keep),
				 ROLE_TEXT);
	}
	if (here)
		screen_select(s, a.row, a.column + 1, a.columns - 2);
}

static struct text
result(struct picker *p, struct arena *keep)
{
	uint64_t events = 0, findings = 0;
	size_t   ticked = 0, out = 0;

	for (size_t i = 0; i < p->n; i++) {
		const struct choice *c = &p->choices[i];

		ticked += c->ticked;
		out += c->ticked && p->n_narrow && !is_left(p, c);
		if (c->ticked != p->excludes) {
			events += c->events;
			findings += c->findings;
		}
	}
	if (!ticked)
		return TEXT("nothing ticked: all computers");
	return arena_printf(keep, "%s %s: " TEXT_FMT " events, " TEXT_FMT " findings%s",
			    p->excludes ? "all but" : "only", counted_number(ticked).words,
			    TEXT_ARG(table_amount((double)events, keep)),
			    TEXT_ARG(table_amount((double)findings, keep)),
			    out ? "; some ticked are out of view" : "");
}

void
picker_draw(struct app *app, struct area a)
{
	struct picker *p = app->picker;
	struct screen *s = &app->screen;
	struct text    typed = { p->narrow, p->n_narrow };
	int            width = a.columns < WIDTH + 4 ? a.columns : WIDTH;
	struct area    box = { a.row, a.column + (a.columns - width) / 2, a.rows, width };

	if (p->n + 4 < (size_t)box.rows)
		box.rows = (int)p->n + 4;
	p->page = box.rows > 3 ? box.rows - 3 : 1;
	if (p->at < p->top)
		p->top = p->at;
	if (p->at >= p->top + (size_t)p->page)
		p->top = p->at - (size_t)p->page + 1;
	screen_box(s, box,
		   arena_printf(&app->frame, "computers: %s of %s", counted_number(p->n_left).words,
				counted_number(p->n).words),
		   result(p, &app->frame));
	screen_put(s, box.row + 1, box.column + 2, box.columns - 2,
		   arena_printf(&app->frame, "type to narrow: " TEXT_FMT "_", TEXT_ARG(typed)),
		   ROLE_HEAD);
	if (box.columns >= 50)
		screen_put(s, box.row + 1, box.column + box.columns - 27, 25,
			   TEXT(" RISK      EVENTS   FIND"), ROLE_DIM);
	for (int i = 0; i < p->page; i++) {
		size_t         place = p->top + (size_t)i;
		struct choice *c = choice_at(p, place);

		if (c)
			draw_choice(app, c, place == p->at,
				    (struct area){ box.row + 2 + i, box.column, 1, box.columns });
	}
	if (!p->n_left)
		screen_put(s, box.row + 2, box.column + 2, box.columns - 2,
			   TEXT("no computer has that in its name; Backspace"), ROLE_DIM);
	s->cursor_row = box.row + 2 + (int)(p->at - p->top);
	s->cursor_column = box.column + 2;
}
