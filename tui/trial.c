/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/trial.h"

#include <stdlib.h>
#include <time.h>

#include "base/counted.h"
#include "tui/app.h"
#include "tui/filter.h"
#include "tui/found_rows.h"
#include "tui/question.h"

#define PAUSE_MS    200 /* without a key, until it is tried */
#define WHOLE_ROWS  200
#define COUNT_BESIDE 40 /* columns that title and count need */
#define TRIED_BYTES ((size_t)256 << 20)

/* One text that was tried. */
struct tried {
	struct arena      arena;
	struct text       text; /* as far as it is a search */
	bool              part; /* of what was typed */
	struct question   question;
	struct list       list;
	struct found_rows rows;
	uint64_t          counted;
	bool              done, good;
	struct err        err;
};

struct trial {
	struct worker *worker;
	char           text[2048];
	size_t         n;
	bool           waits;   /* the text has not been tried yet */
	int64_t        due_ms;
	struct tried   of[2];
	int            running; /* -1: none */
	int            shown;   /* -1: none */
};

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static struct trial *
trial_new(const struct app *app)
{
	struct trial *t = calloc(1, sizeof(*t));

	if (!t)
		arena_exhausted(sizeof(*t));
	t->worker = worker_new(app->setup->case_path);
	t->running = t->shown = -1;
	for (int i = 0; i < 2; i++)
		t->of[i].arena = arena_open(TRIED_BYTES);
	return t;
}

void
trial_free(struct app *app)
{
	struct trial *t = app->trial;

	if (!t)
		return;
	worker_free(t->worker);
	for (int i = 0; i < 2; i++)
		arena_close(&t->of[i].arena);
	free(t);
	app->trial = NULL;
}

void
trial_changed(struct app *app, struct text text)
{
	struct trial *t = app->trial;

	if (!t)
		t = app->trial = trial_new(app);
	text = text_trim(text_head(text, sizeof(t->text)));
	if (text_eq(text, (struct text){ t->text, t->n }))
		return;
	memcpy(t->text, text.p, text.n);
	t->n = text.n;
	t->waits = text.n > 0;
	t->due_ms = now_ms() + PAUSE_MS;
	if (t->running >= 0)
		worker_cancel(t->worker);
	if (!text.n)
		t->shown = -1;
}

void
trial_end(struct app *app)
{
	struct trial *t = app->trial;

	if (!t)
		return;
	t->waits = false;
	t->n = 0;
	t->shown = -1;
	if (t->running >= 0)
		worker_cancel(t->worker);
}

bool
trial_waits(const struct app *app)
{
	return app->trial && app->trial->waits;
}

int
trial_due_ms(const struct app *app)
{
	const struct trial *t = app->trial;
	int64_t             left;

	if (!t || !t->waits || t->running >= 0 || app->late)
		return -1;
	left = t->due_ms - now_ms();
	return left > 0 ? (int)left : 0;
}

/* Before the last pipe or word. */
static struct text
shorter(struct text t)
{
	size_t n = t.n;

	while (n > 0 && t.p[n - 1] != '|' && t.p[n - 1] != ' ')
		n--;
	return text_trim(text_head(t, n ? n - 1 : 0));
}

/* The text, or its longest beginning that is a search: what is being typed is often none yet. */
static const struct search *
compile(struct app *app, struct tried *a, struct text text)
{
	struct search *search;
	size_t         column;

	for (struct text rest = text; rest.n; rest = shorter(rest)) {
		struct err err = { 0 };

		if (text_iends(rest, TEXT(" IN"))) /* its values are being typed */
			continue;
		a->text = arena_copy(&a->arena, rest);
		a->part = rest.n < text.n;
		if (open_compile(app, &search, &a->arena, a->text, &column, &err))
			return search;
	}
	return NULL;
}

/* The filter in force where a search is opened. */
static struct case_filter
filter_of_searches(struct app *app, struct arena *keep)
{
	struct level nowhere = { .n_views = 1 };
	struct view  view = { .kind = &view_search, .level = &nowhere };

	return filter_for(app, &view, keep);
}

static void
begin(struct app *app, struct trial *t)
{
	int                  slot = t->shown == 0;
	struct tried        *a = &t->of[slot];
	struct arena         arena = a->arena;
	const struct search *search;
	struct case_filter   f;

	arena_reset(&arena, 0);
	*a = (struct tried){ .arena = arena };
	search = compile(app, a, (struct text){ t->text, t->n });
	if (!search) { /* the status line says why */
		t->shown = -1;
		return;
	}
	f = filter_of_searches(app, &a->arena);
	found_rows_begin(&a->rows, &a->list, &a->arena, search);
	a->list.inert = true;
	a->question = (struct question){ .search = search,
					 .span = { WHEN_NONE, WHEN_MAX },
					 .limit = SEARCH_ROWS_MAX,
					 .whole = WHOLE_ROWS };
	question_obey(&a->question, &f, &a->arena);
	t->running = slot;
	worker_start(t->worker, question_run, &a->question, t);
}

void
trial_step(struct app *app, bool now)
{
	struct trial *t = app->trial;
	int           left = trial_due_ms(app);

	if (left < 0 || (left > 0 && !now))
		return;
	t->waits = false;
	begin(app, t);
}

static void
found(void *ctx, const struct found *f)
{
	struct tried *a = ctx;

	if (a->list.table.n_rows >= WHOLE_ROWS) {
		a->counted = (uint64_t)f->event;
		return;
	}
	found_rows_add(&a->rows, f);
	a->counted = a->list.table.n_rows;
}

bool
trial_results(struct app *app)
{
	struct trial *t = app->trial;
	struct tried *a;
	bool          done;

	if (!t || t->running < 0)
		return false;
	a = &t->of[t->running];
	worker_take(t->worker, found, a, &done, &a->good, &a->err);
	table_arrange(&a->list.table);
	if (done) {
		worker_stop(t->worker); /* has ended: its results are taken */
		a->done = true;
		a->counted = a->question.rows;
	}
	/* what was given up is no answer to what stands there now */
	if (!t->waits && t->n && (done ? a->err.kind != ERR_CANCEL : a->counted > 0))
		t->shown = t->running;
	if (done)
		t->running = -1;
	return !done;
}

int
trial_descriptor(const struct app *app)
{
	return app->trial && app->trial->running >= 0 ? worker_descriptor(app->trial->worker) : -1;
}

void
trial_wait(struct app *app)
{
	if (app->trial && app->trial->running >= 0)
		worker_wait(app->trial->worker);
}

static struct text
how_many(const struct tried *a, struct arena *keep)
{
	struct text n = table_amount((double)a->counted, keep);

	if (!a->done)
		return arena_printf(keep, TEXT_FMT " so far, counting", TEXT_ARG(n));
	if (a->question.limited)
		return arena_printf(keep, "more than " TEXT_FMT " rows", TEXT_ARG(n));
	return arena_printf(keep, TEXT_FMT " %s", TEXT_ARG(n), counted_noun(a->counted, "row").words);
}

static void
draw_nothing(struct app *app, const struct tried *a, struct area area)
{
	struct screen *s = &app->screen;
	int            row = area.row + 1;

	if (!a->good && a->done) {
		screen_put(s, row, 2, area.columns - 2, text_of(a->err.what), ROLE_FLAG);
		return;
	}
	screen_put(s, row++, 2, area.columns - 2, TEXT("No rows, as it stands."), ROLE_TEXT);
	if (a->question.emptied_by[0])
		screen_put(s, row++, 2, area.columns - 2,
			   arena_printf(&app->frame, "The last rows were lost at: %s", a->question.emptied_by),
			   ROLE_DIM);
	if (a->question.lacks[0])
		screen_put(s, row++, 2, area.columns - 2, text_of(a->question.lacks), ROLE_FLAG);
	if (app_filtered(app))
		screen_put(s, row, 2, area.columns - 2,
			   TEXT("The filter above is in force, too: Esc, then X clears it."), ROLE_DIM);
}

bool
trial_draw(struct app *app, struct area a)
{
	struct trial  *t = app->trial;
	struct screen *s = &app->screen;
	struct tried  *shown;
	struct text    title = a.columns < COUNT_BESIDE ? TEXT_NONE : TEXT("first rows"), count;

	if (!t || t->shown < 0)
		return false;
	shown = &t->of[t->shown];
	count = how_many(shown, &app->frame);
	if (shown->part && title.n)
		title = arena_printf(&app->frame, "first rows of " TEXT_FMT, TEXT_ARG(shown->text));
	screen_rule(s, a.row, a.column, a.columns, title.n ? title : count,
		    title.n ? count : TEXT_NONE);
	a.row++;
	a.rows--;
	if (shown->list.table.shown)
		list_draw(&shown->list, s, a, app->frame);
	else
		draw_nothing(app, shown, a);
	return true;
}
