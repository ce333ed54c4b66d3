/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/history.h"

#include <stdlib.h>
#include <time.h>

#include "tui/app.h"

#define SETTING "tui.searches"

/* A script leaves no times: what it draws is the same on every day. */
static int64_t
now_ns(const struct app *app)
{
	struct timespec t;

	if (app->setup->script || clock_gettime(CLOCK_REALTIME, &t) != 0)
		return WHEN_NONE;
	return (int64_t)t.tv_sec * WHEN_SECOND;
}

static void
take_out(struct history *h, size_t i)
{
	memmove(&h->of[i], &h->of[i + 1], (h->n - i - 1) * sizeof(h->of[0]));
	h->n--;
}

static void
history_save(struct app *app)
{
	const struct history *h = &app->history;
	struct err            err = { 0 };
	char                 *text = NULL;
	size_t                n = 0;
	FILE                 *out;

	if (app->setup->read_only || app->setup->script)
		return;
	out = open_memstream(&text, &n);
	if (!out)
		return;
	for (size_t i = 0; i < h->n; i++) {
		if (h->of[i].time_ns != WHEN_NONE)
			fprintf(out, "%lld", (long long)(h->of[i].time_ns / WHEN_SECOND));
		fputc('\t', out);
		if (h->of[i].counted)
			fprintf(out, "%llu%s", (unsigned long long)h->of[i].rows,
				h->of[i].more ? "+" : "");
		fprintf(out, "\t" TEXT_FMT "\n", TEXT_ARG(h->of[i].text));
	}
	/* What cannot be written is only convenience lost. */
	if (fclose(out) == 0)
		casefile_set(app->cf, SETTING, (struct text){ text, n }, &err);
	free(text);
}

void
history_add(struct app *app, struct text text)
{
	struct history    *h = &app->history;
	struct past_search one = { .time_ns = now_ns(app) };

	for (size_t i = h->n; i-- > 0;) {
		if (text_eq(h->of[i].text, text)) {
			one.text = h->of[i].text;
			take_out(h, i);
		}
	}
	if (!one.text.n)
		one.text = arena_copy(&app->keep, text);
	if (h->n == HISTORY_MAX)
		take_out(h, 0);
	h->of[h->n++] = one;
	history_save(app);
}

void
history_ran(struct app *app, struct text text, uint64_t rows, bool more)
{
	struct history *h = &app->history;

	for (size_t i = h->n; i-- > 0;) {
		if (!text_eq(h->of[i].text, text))
			continue;
		h->of[i].rows = rows;
		h->of[i].counted = true;
		h->of[i].more = more;
		history_save(app);
		return;
	}
}

struct text
history_text(struct app *app, size_t back)
{
	const struct history *h = &app->history;

	return back && back <= h->n ? h->of[h->n - back].text : TEXT_NONE;
}

void
history_forget(struct app *app, size_t back)
{
	struct history *h = &app->history;

	if (!back || back > h->n)
		return;
	take_out(h, h->n - back);
	history_save(app);
	app_say(app, "forgotten; the line still has it: Enter runs it, Up goes on");
}

/* "time TAB rows TAB text", one to a line; what is not known is empty, "+" behind the rows: more. */
static struct past_search
read_line(struct text line)
{
	struct past_search one = { .time_ns = WHEN_NONE };
	struct text        rest = line, when = text_cut(&rest, '\t'), rows;
	uint64_t           seconds;

	if (text_absent(rest)) { /* as they were kept before: only the text */
		one.text = line;
		return one;
	}
	rows = text_cut(&rest, '\t');
	if (text_to_u64(when, &seconds) && seconds < (uint64_t)(WHEN_MAX / WHEN_SECOND))
		one.time_ns = (int64_t)seconds * WHEN_SECOND;
	one.more = text_iends(rows, TEXT("+"));
	one.counted = text_to_u64(text_head(rows, rows.n - one.more), &one.rows);
	one.text = rest;
	return one;
}

void
history_restore(struct app *app)
{
	struct history *h = &app->history;
	struct text     lines = casefile_get(app->cf, SETTING, &app->keep);

	while (lines.n && h->n < HISTORY_MAX) {
		struct past_search one = read_line(text_cut(&lines, '\n'));

		if (one.text.n)
			h->of[h->n++] = one;
	}
}

static void
draw_one(struct app *app, int row, int column, int columns, const struct past_search *one, bool chosen)
{
	struct screen *s = &app->screen;
	enum role      role = chosen ? ROLE_HEAD : ROLE_TEXT;
	char           human[WHEN_TEXT_MAX] = "";
	struct text    rows = TEXT_NONE;
	int            at = column + 2;

	if (chosen)
		screen_put(s, row, column, 1, screen_sign(s, SIGN_CURSOR), ROLE_HEAD);
	if (columns >= 60) {
		if (one->time_ns != WHEN_NONE)
			zone_human(&s->zone, one->time_ns, human);
		screen_put(s, row, at, 11, text_head(text_of(human + (human[0] ? 5 : 0)), 11),
			   ROLE_DIM);
		if (one->counted)
			rows = arena_printf(&app->frame, TEXT_FMT "%s row%s",
					    TEXT_ARG(table_amount((double)one->rows, &app->frame)),
					    one->more ? "+" : "", one->rows == 1 ? " " : "s");
		screen_put_right(s, row, at + 12, 13, rows, ROLE_DIM);
		at += 28;
	}
	screen_put(s, row, at, column + columns - at, one->text, role);
}

int
history_draw(struct app *app, struct area a, struct text needle, size_t chosen)
{
	const struct history *h = &app->history;
	struct screen        *s = &app->screen;
	size_t                before = 0, skip = 0, room = a.rows > 1 ? (size_t)a.rows - 1 : 0;
	int                   row = a.row;

	if (!h->n || a.rows < 2)
		return 0;
	screen_put(s, row++, a.column + 2, a.columns - 2,
		   chosen ? TEXT("HISTORY   Up older, Down newer   Ctrl-X forgets it")
			  : TEXT("HISTORY   Up or Ctrl-R brings one back; with words typed, one that has them"),
		   ROLE_HEAD);
	for (size_t back = 1; chosen && back <= chosen; back++)
		before += text_ifind(h->of[h->n - back].text, needle) != TEXT_NOWHERE;
	if (before > room)
		skip = before - room;
	for (size_t back = 1; back <= h->n && row < a.row + a.rows; back++) {
		const struct past_search *one = &h->of[h->n - back];

		if (text_ifind(one->text, needle) == TEXT_NOWHERE)
			continue;
		if (skip) {
			skip--;
			continue;
		}
		draw_one(app, row++, a.column + 2, a.columns - 2, one, back == chosen);
	}
	return row - a.row;
}
