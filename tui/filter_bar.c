/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filter bar: always in its row, every chip with its name; f goes into it. */
#include "config.h"

#include "base/counted.h"
#include "tui/filter.h"
#include "tui/picker.h"
#include "tui/values.h"

/* What is drawn of one chip. */
struct piece {
	struct text text;
	enum role   role;
	int         width;
};

static bool
in_place_of_host(const struct view *v, const struct condition *c)
{
	return c->part == FILTER_HOST && !c->excludes && !text_absent(v->level->host);
}

/* Chips that change nothing on this screen are dim, and counted at the end of the bar. */
static bool
is_deaf(const struct view *v, const struct condition *c)
{
	return (v->kind->deaf & (1u << c->part)) || in_place_of_host(v, c);
}

static struct piece
piece_of(struct app *app, const struct view *v, uint32_t at, struct arena *keep)
{
	const struct chip *c = &app->chips[at];
	bool               off = c->off || app->filter_off, here = app->bar_open && app->bar_at == at;
	struct text        label = filter_label(&c->is, &app->screen.zone, keep);
	struct piece       p;

	p.text = arena_printf(keep, "%s%s" TEXT_FMT "%s%s ", here ? ">" : "", off ? "(" : "[",
			      TEXT_ARG(label), off ? ")" : "]", here ? "<" : "");
	p.role = here ? ROLE_HEAD : off || is_deaf(v, &c->is) ? ROLE_DIM : ROLE_MARK;
	p.width = screen_width(&app->screen, p.text);
	return p;
}

static struct text
after_chips(struct app *app, const struct view *v)
{
	uint32_t deaf = 0;

	if (app->filter_off)
		return TEXT("   switched off: Ctrl-F on   X clears");
	for (uint32_t i = 0; i < app->n_chips; i++)
		deaf += !app->chips[i].off && is_deaf(v, &app->chips[i].is);
	if (deaf)
		return arena_printf(&app->frame, "   %u of them not for this view", (unsigned)deaf);
	return TEXT("   X clears   u undoes   f edits");
}

/* The pieces from the one on that lets the chosen chip fit. */
static uint32_t
first_shown(const struct app *app, const struct piece *p, uint32_t n, int room)
{
	uint32_t first = 0;
	int      width = 0;

	for (uint32_t i = 0; app->bar_open && i <= app->bar_at && i < n; i++) {
		width += p[i].width;
		while (width > room && first < i)
			width -= p[first++].width;
	}
	return first;
}

static int
draw_place(struct app *app, const struct view *v, int row, int at)
{
	struct screen *s = &app->screen;

	if (!text_absent(v->level->host))
		at += screen_put(s, row, at, s->columns - at,
				 arena_printf(&app->frame, "[host=" TEXT_FMT "] ",
					      TEXT_ARG(v->level->host)),
				 ROLE_MARK);
	for (uint32_t i = 0; i < v->level->n_conditions; i++)
		at += screen_put(s, row, at, s->columns - at,
				 arena_printf(&app->frame, "[" TEXT_FMT "] ",
					      TEXT_ARG(filter_label(&v->level->conditions[i],
								    &app->screen.zone,
								    &app->frame))),
				 ROLE_MARK);
	return at;
}

static int
draw_chips(struct app *app, const struct view *v, int row, int at)
{
	struct screen *s = &app->screen;
	struct piece  *p = arena_new(&app->frame, struct piece, app->n_chips + 1);
	uint32_t       first, i;

	for (i = 0; i < app->n_chips; i++)
		p[i] = piece_of(app, v, i, &app->frame);
	first = first_shown(app, p, app->n_chips, s->columns - at - 5);
	if (first)
		at += screen_put(s, row, at, s->columns - at, TEXT("~ "), ROLE_DIM);
	for (i = first; i < app->n_chips; i++) {
		bool last = i + 1 == app->n_chips;

		if (i > first && at + p[i].width + (last ? 0 : 4) > s->columns) {
			screen_put(s, row, at, s->columns - at,
				   arena_printf(&app->frame, "+%u", (unsigned)(app->n_chips - i)),
				   ROLE_MARK);
			return s->columns;
		}
		at += screen_put(s, row, at, s->columns - at, p[i].text, p[i].role);
	}
	return at;
}

void
filter_draw(struct app *app, const struct view *v, int row)
{
	struct screen *s = &app->screen;
	struct text    narrow = { v->list.table.narrow, v->list.table.n_narrow };
	int            at = 1, begin;

	at += screen_put(s, row, at, s->columns - at, TEXT("filter  "), ROLE_DIM);
	begin = at;
	at = draw_place(app, v, row, at);
	at = draw_chips(app, v, row, at);
	if (narrow.n) {
		at += screen_put(s, row, at, s->columns - at, at > begin ? TEXT(" /") : TEXT("/"),
				 ROLE_MARK);
		at += screen_put(s, row, at, s->columns - at, narrow, ROLE_MARK);
	}
	if (app->n_chips && s->columns - at > 36)
		screen_put(s, row, at - (narrow.n == 0), s->columns - at, after_chips(app, v), ROLE_DIM);
	if (at == begin)
		screen_put(s, row, at, s->columns - at,
			   v->list.n_columns ? TEXT("none   c pins this computer   + - only, without "
						    "the value   / narrows")
					     : TEXT("none   c pins this computer"),
			   ROLE_DIM);
}

/* ---- editing ---- */

static bool
count(struct app *app, struct view *v, const struct case_filter *f, uint64_t *n, bool *exact)
{
	*exact = true;
	if (v->kind->keys & KEYS_EVENTS)
		return query_count_events(app->cf, f, n, exact, NULL);
	return query_count_findings(app->cf, f, n, NULL);
}

void
filter_bar_look(struct app *app, struct view *v)
{
	struct case_filter now = filter_for(app, v, &app->frame), then;
	uint64_t           n = 0, m = 0;
	bool               exact, as_exact, off;
	const char        *unit = v->kind->keys & KEYS_EVENTS ? "events" : "findings";

	app->bar_note = TEXT_NONE;
	if (app->bar_at >= app->n_chips || app->filter_off)
		return;
	off = app->chips[app->bar_at].off;
	then = filter_switched(app, v, app->bar_at, &app->frame);
	if (!count(app, v, &now, &n, &exact) || !count(app, v, &then, &m, &as_exact))
		return;
	if (!exact || !as_exact)
		app->bar_note = TEXT_NONE; /* bounds cannot be taken off each other */
	else if (off)
		app->bar_note = arena_printf(&app->keep, "off; on it would hide %s of %s %s",
					     counted_number(n > m ? n - m : 0).words, counted_number(n).words, unit);
	else
		app->bar_note = arena_printf(&app->keep, "hides %s %s; without it %s",
					     counted_number(m > n ? m - n : 0).words, unit, counted_number(m).words);
}

static void
change(struct app *app, struct view *v, const struct chip *c)
{
	struct err err = { 0 };

	if (!filter_replace(app, app->bar_at, c, &err))
		app_complain(app, &err);
	app->bar_open = app->n_chips > 0;
	filter_bar_look(app, v);
}

static void ask_chip(struct app *app, bool adds, struct text start);

static void
take_chip(struct app *app, struct text text, bool adds)
{
	bool        first = app->n_chips == 0;
	struct chip c;
	struct err  err = { 0 };

	if (!text_trim(text).n)
		return;
	if (!filter_read_word(text, app->info.clock_ns, &c, &app->frame, &err) ||
	    !(adds ? filter_add(app, &c.is, &err) : filter_replace(app, app->bar_at, &c, &err))) {
		app_complain(app, &err);
		ask_chip(app, adds, arena_copy(&app->frame, text));
		return;
	}
	if (adds)
		app->bar_at = app->n_chips - 1;
	if (first) { /* there was no bar to be in: back to the list */
		app_say(app, "kept; f edits it, X clears it");
		return;
	}
	app->bar_open = true;
	filter_bar_look(app, app_view(app));
}

static void
chip_edited(struct app *app, struct text text)
{
	take_chip(app, text, false);
}

static void
chip_added(struct app *app, struct text text)
{
	take_chip(app, text, true);
}

static void
chip_suggest(struct app *app, struct text text, size_t at, struct popup *out)
{
	out->to = text.n;
	values_in_chip(app, text_head(text, at), 0, out);
}

static void
ask_chip(struct app *app, bool adds, struct text start)
{
	values_forget(app);
	prompt_open(&app->prompt, adds ? "add" : "chip",
		    "Enter keeps it", start);
	app->prompt.done = adds ? chip_added : chip_edited;
	app->prompt.suggest = chip_suggest;
}

static void
edit(struct app *app, const struct chip *c)
{
	if (c->is.part == FILTER_HOST)
		picker_open(app);
	else
		ask_chip(app, false, filter_word(c, &app->frame));
}

bool
filter_bar_act(struct app *app, struct view *v, enum action action)
{
	struct chip c = { 0 };

	if (app->bar_open && app->bar_at < app->n_chips)
		c = app->chips[app->bar_at];
	switch ((int)action) {
	case ACTION_FILTERS:
		app->bar_open = !app->bar_open && app->n_chips > 0;
		if (!app->n_chips)
			ask_chip(app, true, TEXT(""));
		break;
	case ACTION_CHIP_LEFT:
		app->bar_at -= app->bar_at > 0;
		break;
	case ACTION_CHIP_RIGHT:
		app->bar_at += app->bar_at + 1 < app->n_chips;
		break;
	case ACTION_CHIP_TOGGLE:
		c.off = !c.off;
		change(app, v, &c);
		return true;
	case ACTION_CHIP_NOT:
		c.is.excludes = !c.is.excludes;
		change(app, v, &c);
		return true;
	case ACTION_CHIP_DELETE:
		change(app, v, NULL);
		return true;
	case ACTION_CHIP_EDIT:
		edit(app, &c);
		return true;
	case ACTION_CHIP_ADD:
		ask_chip(app, true, TEXT(""));
		return true;
	default:
		return false;
	}
	filter_bar_look(app, v);
	return true;
}
