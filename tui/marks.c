/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/marks.h"

#include <stdlib.h>

#include "base/counted.h"
#include "tui/filter_pred.h"
#include "tui/undo.h"

static bool
are_kept(const struct app *app, const struct view_kind *kind)
{
	return kind->marks != MARK_NONE && !app->setup->read_only && !app->setup->script;
}

static int
by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

struct taking {
	struct list   *list;
	const int64_t *rows; /* of the list, sorted; NULL: all there are */
	size_t         n_rows;
};

static bool
take_mark(void *ctx, int64_t id)
{
	struct taking *t = ctx;

	if (!t->rows || bsearch(&id, t->rows, t->n_rows, sizeof(id), by_number))
		t->list->marks[t->list->n_marks++] = id;
	return t->list->n_marks < LIST_MARKS_MAX;
}

/* Only marks of rows that the list has. */
static void
only_of(struct taking *t, const struct table *rows, struct arena *keep)
{
	int64_t *sorted = arena_new(keep, int64_t, rows->n_rows + 1);

	for (size_t i = 0; i < rows->n_rows; i++)
		sorted[i] = rows->reader ? rows->ids[i] : rows->rows[i].id;
	qsort(sorted, rows->n_rows, sizeof(*sorted), by_number);
	t->rows = sorted;
	t->n_rows = rows->n_rows;
}

/* Of events only some rows are in the list at a time, unless it is answered by a scan or is of events
 * that were named. */
static bool
take_events(struct app *app, struct view *v, struct taking *t, struct arena scratch, struct err *err)
{
	struct case_filter  f = v->filter;
	const struct level *level = v->level;

	if (level->n_events || filter_asks_fields(&f)) {
		only_of(t, &v->list.table, &scratch);
		return marks_list(app->cf, MARK_EVENT, take_mark, t, err);
	}
	if (level->span.earliest_ns > f.span.earliest_ns)
		f.span.earliest_ns = level->span.earliest_ns;
	if (level->span.latest_ns < f.span.latest_ns)
		f.span.latest_ns = level->span.latest_ns;
	return marks_list_events(app->cf, &f, take_mark, t, err);
}

void
marks_load(struct app *app, struct view *v)
{
	struct arena  scratch = app->frame;
	struct taking t = { .list = &v->list };
	struct err    err = { 0 };
	bool          good;

	if (!are_kept(app, v->kind))
		return;
	v->list.n_marks = 0;
	if (v->kind->marks == MARK_EVENT) {
		good = take_events(app, v, &t, scratch, &err);
	} else {
		only_of(&t, &v->list.table, &scratch);
		good = marks_list(app->cf, MARK_FINDING, take_mark, &t, &err);
	}
	if (!good)
		app_complain(app, &err);
}

/* What was marked in one list is so in the others. */
static void
load_again(struct app *app, enum mark_kind kind)
{
	for (int i = 0; i < app->n_levels; i++)
		for (int k = 0; k < app->levels[i]->n_views; k++)
			if (app->levels[i]->views[k].loaded && app->levels[i]->views[k].kind->marks == kind)
				marks_load(app, &app->levels[i]->views[k]);
}

static void
keep(struct app *app, const struct view *v, const int64_t *ids, size_t n, bool on)
{
	struct err err = { 0 };

	if (!n || !are_kept(app, v->kind))
		return;
	if (!marks_put(app->cf, v->kind->marks, ids, n, on, &err))
		app_complain(app, &err);
	load_again(app, v->kind->marks);
}

bool
marks_act(struct app *app, struct view *v, enum action action)
{
	const struct table_row *row = list_row(&v->list);
	size_t                  before = v->list.n_marks;
	struct err              err = { 0 };
	int64_t                 id = row ? row->id : 0;

	if (action != ACTION_MARK && action != ACTION_MARK_RANGE)
		return false;
	if (action == ACTION_MARK && row && !list_mark(&v->list, &err)) {
		app_complain(app, &err);
	} else if (action == ACTION_MARK && row) {
		keep(app, v, &id, 1, list_is_marked(&v->list, id));
	} else if (action == ACTION_MARK_RANGE) {
		if (!list_mark_range(&v->list, &err))
			app_complain(app, &err);
		keep(app, v, &v->list.marks[before], v->list.n_marks - before, true);
	}
	return true;
}

bool
marks_let_go(struct app *app, struct view *v)
{
	size_t   n = v->list.n_marks;
	int64_t *ids;

	if (!n)
		return false;
	ids = arena_new(&app->keep, int64_t, n);
	memcpy(ids, v->list.marks, n * sizeof(*ids));
	v->list.n_marks = 0;
	keep(app, v, ids, n, false);
	undo_add(app, &(struct change){ .marked = v->kind, .place = v->level->serial, .marks = ids,
				       .n_marks = n });
	app_say(app, "%s no longer marked; u marks them again", counted(n, "row").words);
	return true;
}

bool
marks_again(struct app *app, const struct change *change, bool back)
{
	for (int i = app->n_levels - 1; i >= 0; i--) {
		for (int k = 0; k < app->levels[i]->n_views; k++) {
			struct view *v = &app->levels[i]->views[k];

			if (app->levels[i]->serial != change->place || v->kind != change->marked)
				continue;
			v->list.n_marks = back ? change->n_marks : 0;
			if (back)
				memcpy(v->list.marks, change->marks, change->n_marks * sizeof(*change->marks));
			keep(app, v, change->marks, change->n_marks, back);
			app_say(app, back ? "%s marked again; Ctrl-R lets go of them"
					  : "%s no longer marked; u marks them again",
				counted(change->n_marks, "row").words);
			return true;
		}
	}
	return false;
}
