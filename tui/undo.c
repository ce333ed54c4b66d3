/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/undo.h"

#include "tui/filter.h"
#include "tui/hiding.h"
#include "tui/marks.h"
#include "tui/remarks.h"

void
undo_add(struct app *app, const struct change *change)
{
	if (app->at_undo == UNDO_MAX) {
		memmove(&app->undo[0], &app->undo[1], (UNDO_MAX - 1) * sizeof(app->undo[0]));
		app->at_undo--;
	}
	app->undo[app->at_undo++] = *change;
	app->n_undo = app->at_undo;
}

static struct filter_state
order_of(const struct view *v)
{
	const struct table *t = &v->list.table;

	return (struct filter_state){ .column = t->sort_column,
				      .descending = t->paged ? v->mode != 0 : t->descending };
}

void
undo_sort(struct app *app, struct view *v, enum action action)
{
	struct filter_state was = order_of(v), is;

	if ((!v->kind->act || !v->kind->act(app, v, action)) && v->list.n_columns)
		list_act(&v->list, action);
	is = order_of(v);
	if (is.column == was.column && is.descending == was.descending)
		return;
	undo_add(app, &(struct change){ .sorted = v->kind,
				       .place = v->level->serial,
				       .was = was,
				       .is = is });
}

static bool
order_again(struct app *app, const struct change *change, const struct filter_state *s)
{
	for (int i = app->n_levels - 1; i >= 0; i--) {
		for (int k = 0; k < app->levels[i]->n_views; k++) {
			struct view *v = &app->levels[i]->views[k];

			if (app->levels[i]->serial != change->place || v->kind != change->sorted ||
			    !v->list.n_columns)
				continue;
			if (v->list.table.paged && order_of(v).descending != s->descending)
				v->kind->act(app, v, ACTION_REVERSE);
			else if (!v->list.table.paged)
				table_sort(&v->list.table, s->column, s->descending);
			list_settle(&v->list);
			return true;
		}
	}
	return false;
}

void
undo_add_work(struct app *app, const struct work_done *work, uint32_t n)
{
	struct work_done *copy = arena_new(&app->keep, struct work_done, n);

	for (uint32_t i = 0; i < n; i++)
		copy[i] = (struct work_done){ arena_copy(&app->keep, work[i].key), work[i].event, work[i].number,
					      work[i].kind,
					      arena_copy(&app->keep, work[i].was),
					      arena_copy(&app->keep, work[i].is) };
	undo_add(app, &(struct change){ .work = copy, .n_work = n });
}

void
undo_add_hiding(struct app *app, const struct filter_change *change,
		const struct filter_outcome *outcome)
{
	struct filter_change *both = arena_new(&app->keep, struct filter_change, 2);
	struct text           rule = arena_copy(&app->keep, outcome->rule_id);

	both[0] = (struct filter_change){ .rule = rule,
					  .definition = arena_copy(&app->keep, outcome->before),
					  .off = outcome->before_off };
	both[1] = (struct filter_change){ .rule = rule,
					  .definition = arena_copy(&app->keep, change->definition),
					  .off = change->off };
	undo_add(app, &(struct change){ .hid = both });
}

void
undo_add_columns(struct app *app, const struct column_choice *was, const struct column_choice *is)
{
	struct column_choice *both = arena_new(&app->keep, struct column_choice, 2);

	both[0] = *was;
	both[1] = *is;
	undo_add(app, &(struct change){ .columns = both });
}

/* What must be kept for another try, because it could not be done now, is false. */
static bool
take_step(struct app *app, const struct change *change, bool back)
{
	if (change->work)
		return remarks_again(app, change, back);
	if (change->hid) {
		hiding_open(app, &change->hid[back ? 0 : 1], true);
	} else if (change->columns) {
		columns_set(app, &change->columns[back ? 0 : 1]);
		app_say(app, "columns of %s as they were%s", change->columns->kind->title,
			back ? "; Ctrl-R brings them again" : " before u");
	} else if (change->sorted) {
		app_say(app, "order of %s as it was%s", change->sorted->title,
			back ? "; Ctrl-R does it again" : " before u");
	} else {
		filter_put(app, back ? &change->was : &change->is);
		app_say(app, back ? "filter as it was; Ctrl-R does it again" : "done again");
	}
	return true;
}

static void
step_undo(struct app *app, bool back)
{
	int step = back ? -1 : 1;

	for (; back ? app->at_undo > 0 : app->at_undo < app->n_undo; app->at_undo += step) {
		const struct change *change = &app->undo[app->at_undo - back];

		/* the order and the marks of a list that is closed are nobody's any more */
		if (change->sorted && !order_again(app, change, back ? &change->was : &change->is))
			continue;
		if (change->marked && !marks_again(app, change, back))
			continue;
		if (change->marked || take_step(app, change, back))
			app->at_undo += step;
		return;
	}
	app_say(app, back ? "nothing to undo" : "nothing to redo");
}

bool
undo_act(struct app *app, enum action action)
{
	if (action != ACTION_UNDO && action != ACTION_REDO)
		return false;
	step_undo(app, action == ACTION_UNDO);
	return true;
}
