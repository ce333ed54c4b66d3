/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/filter.h"

#include "base/when.h"
#include "tui/lookback.h"
#include "tui/picker.h"
#include "tui/undo.h"

static bool
same_values(const struct condition *a, const struct condition *b)
{
	if (a->n_values != b->n_values || !text_ieq(a->name, b->name) || a->number != b->number ||
	    a->span.earliest_ns != b->span.earliest_ns || a->span.latest_ns != b->span.latest_ns)
		return false;
	for (uint32_t i = 0; i < a->n_values; i++)
		if (!text_ieq(a->values[i], b->values[i]))
			return false;
	return true;
}

static bool
same_kind(const struct condition *a, const struct condition *b)
{
	return a->part == b->part && text_ieq(a->name, b->name);
}

bool
app_filtered(const struct app *app)
{
	for (uint32_t i = 0; i < app->n_chips; i++)
		if (!app->filter_off && !app->chips[i].off)
			return true;
	return false;
}

static struct condition
copy_condition(const struct condition *c, struct arena *keep)
{
	struct condition copy = *c;
	struct text     *values = arena_new(keep, struct text, c->n_values + 1);

	for (uint32_t i = 0; i < c->n_values; i++)
		values[i] = arena_copy(keep, c->values[i]);
	copy.values = values;
	copy.name = c->name.n ? arena_copy(keep, c->name) : TEXT_NONE;
	return copy;
}

/* In a place about one host, chips that ask for hosts say nothing. */
static bool
says_nothing(const struct view *v, const struct condition *c)
{
	return c->part == FILTER_HOST && !c->excludes && !text_absent(v->level->host);
}

struct case_filter
filter_for(const struct app *app, const struct view *v, struct arena *keep)
{
	return filter_switched(app, v, app->n_chips, keep);
}

struct case_filter
filter_switched(const struct app *app, const struct view *v, uint32_t chip, struct arena *keep)
{
	struct case_filter f = CASE_FILTER_ALL;
	struct condition  *all;

	all = arena_new(keep, struct condition, app->n_chips + v->level->n_conditions + 1);
	for (uint32_t i = 0; i < v->level->n_conditions; i++)
		all[f.n_conditions++] = v->level->conditions[i];
	for (uint32_t i = 0; i < app->n_chips && !app->filter_off; i++)
		if (app->chips[i].off == (i == chip) && !says_nothing(v, &app->chips[i].is)) {
			struct condition c = app->chips[i].is;

			if (!lookback_is(&c) || lookback_resolve(app, &c))
				all[f.n_conditions++] = c;
		}
	f.conditions = all;
	f.host = v->level->host;
	return f;
}

/* ---- the chips ---- */

/* The number of the row under the cursor was one among other rows. */
static void
forget_places(struct app *app)
{
	for (int i = 0; i < app->n_levels; i++)
		for (int k = 0; k < app->levels[i]->n_views; k++)
			app->levels[i]->views[k].list.table.base_known = false;
}

void
filter_put(struct app *app, const struct filter_state *s)
{
	app->chips = s->chips;
	app->n_chips = s->n;
	app->filter_off = false;
	if (app->bar_at >= app->n_chips)
		app->bar_at = app->n_chips ? app->n_chips - 1 : 0;
	forget_places(app);
	app_reload(app);
}

static bool
set_chips(struct app *app, const struct chip *chips, uint32_t n, struct err *err)
{
	struct chip   *copy = arena_new(&app->keep, struct chip, n + 1);
	struct change  change;
	uint32_t       values = 0;

	for (uint32_t i = 0; i < n; i++)
		values += chips[i].is.n_values;
	if (n > CHIPS_MAX || values > FILTER_VALUES_MAX)
		return err_set(err, ERR_USAGE,
			       "the filter has %u chips and %u values, as many as it can hold: "
			       "f takes some off", (unsigned)app->n_chips, (unsigned)values);
	for (uint32_t i = 0; i < n; i++)
		copy[i] = (struct chip){ copy_condition(&chips[i].is, &app->keep), chips[i].off };
	change = (struct change){ .was = { .chips = app->chips, .n = app->n_chips },
				  .is = { .chips = copy, .n = n } };
	undo_add(app, &change);
	filter_put(app, &change.is);
	return true;
}

/* The chips, with room for one more. */
static struct chip *
draft(struct app *app)
{
	struct chip *chips = arena_new(&app->frame, struct chip, app->n_chips + 2);

	if (app->n_chips)
		memcpy(chips, app->chips, app->n_chips * sizeof(*chips));
	return chips;
}

void
filter_begin(struct app *app, const struct case_filter *start)
{
	const struct case_filter f = start ? *start : CASE_FILTER_ALL;
	const struct {
		enum filter_part   part;
		const struct text *value;
	} texts[] = {
		{ FILTER_HOST, &f.host },       { FILTER_USER, &f.user },
		{ FILTER_RULE, &f.rule },       { FILTER_TECHNIQUE, &f.technique },
		{ FILTER_VERDICT, &f.verdict }, { FILTER_CHANNEL, &f.channel },
	};
	struct chip *chips = arena_new(&app->keep, struct chip, CHIPS_MAX);

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].value->n)
			chips[app->n_chips++].is = copy_condition(
			    &(struct condition){ .part = texts[i].part,
						 .values = texts[i].value,
						 .n_values = 1 },
			    &app->keep);
	if (f.min_risk > 0)
		chips[app->n_chips++].is =
		    (struct condition){ .part = FILTER_RISK, .number = f.min_risk };
	if (f.since_import)
		chips[app->n_chips++].is =
		    (struct condition){ .part = FILTER_SINCE, .number = (double)f.since_import };
	if (f.span.earliest_ns != WHEN_NONE || f.span.latest_ns != WHEN_MAX)
		chips[app->n_chips++].is = (struct condition){ .part = FILTER_TIME, .span = f.span };
	app->chips = chips;
}

void
filter_restore(struct app *app, const struct chip *c)
{
	struct chip *chips = arena_new(&app->keep, struct chip, app->n_chips + 1);

	if (app->n_chips == CHIPS_MAX)
		return;
	if (app->n_chips)
		memcpy(chips, app->chips, app->n_chips * sizeof(*chips));
	chips[app->n_chips++] = (struct chip){ copy_condition(&c->is, &app->keep), c->off };
	app->chips = chips;
}

bool
filter_replace(struct app *app, uint32_t at, const struct chip *c, struct err *err)
{
	struct chip *chips = draft(app);
	uint32_t     n = app->n_chips;

	if (at >= n)
		return true;
	if (c) {
		chips[at] = *c;
	} else {
		memmove(&chips[at], &chips[at + 1], (n - at - 1) * sizeof(*chips));
		n--;
	}
	return set_chips(app, chips, n, err);
}

/* The values of both chips, each once. */
static void
join_values(struct condition *c, const struct condition *more, struct arena *keep)
{
	struct text *values = arena_new(keep, struct text, c->n_values + more->n_values);
	uint32_t     n = c->n_values;

	for (uint32_t i = 0; i < n; i++)
		values[i] = c->values[i];
	for (uint32_t i = 0; i < more->n_values; i++) {
		uint32_t k = 0;

		while (k < n && !text_ieq(values[k], more->values[i]))
			k++;
		if (k == n)
			values[n++] = more->values[i];
	}
	c->values = values;
	c->n_values = n;
}

bool
filter_add(struct app *app, const struct condition *c, struct err *err)
{
	struct chip *chips = draft(app);
	uint32_t     n = 0, joined = UINT32_MAX;

	for (uint32_t i = 0; i < app->n_chips; i++) {
		bool same = same_kind(&app->chips[i].is, c);

		if (same && same_values(&app->chips[i].is, c))
			continue; /* the same, or the opposite */
		if (same && c->excludes && app->chips[i].is.excludes && !app->chips[i].off &&
		    c->n_values)
			joined = n;
		chips[n++] = app->chips[i];
	}
	if (joined != UINT32_MAX)
		join_values(&chips[joined].is, c, &app->frame);
	else
		chips[n++] = (struct chip){ .is = *c };
	return set_chips(app, chips, n, err);
}

bool
filter_set_hosts(struct app *app, const struct text *hosts, uint32_t n_hosts, bool excludes,
		 struct err *err)
{
	struct chip *chips = draft(app);
	uint32_t     n = 0;

	for (uint32_t i = 0; i < app->n_chips; i++)
		if (app->chips[i].is.part != FILTER_HOST)
			chips[n++] = app->chips[i];
	if (n_hosts)
		chips[n++].is = (struct condition){ .part = FILTER_HOST,
						    .excludes = excludes,
						    .values = hosts,
						    .n_values = n_hosts };
	return set_chips(app, chips, n, err);
}

/* One says from when, the other up to when. */
static bool
other_end(const struct condition *a, const struct condition *b)
{
	return a->part == FILTER_TIME && !lookback_is(a) && !lookback_is(b) &&
	       ((a->span.earliest_ns == WHEN_NONE && b->span.latest_ns == WHEN_MAX) ||
		(a->span.latest_ns == WHEN_MAX && b->span.earliest_ns == WHEN_NONE));
}

bool
filter_set_word(struct app *app, struct text word, struct err *err)
{
	struct chip *chips = draft(app), one;
	uint32_t     n = 0;

	if (!filter_read_word(word, app->info.clock_ns, &one, &app->frame, err))
		return false;
	for (uint32_t i = 0; i < app->n_chips; i++)
		if (!same_kind(&app->chips[i].is, &one.is) ||
		    app->chips[i].is.excludes != one.is.excludes ||
		    other_end(&app->chips[i].is, &one.is))
			chips[n++] = app->chips[i];
	chips[n++] = one;
	return set_chips(app, chips, n, err);
}

/* ---- from what is under the cursor ---- */

static const struct condition *
pinned_host(const struct app *app)
{
	for (uint32_t i = 0; i < app->n_chips; i++)
		if (app->chips[i].is.part == FILTER_HOST && !app->chips[i].is.excludes)
			return &app->chips[i].is;
	return NULL;
}

static void
pin(struct app *app, struct view *v)
{
	const struct condition *now = pinned_host(app);
	struct text             host = view_host(app, v);
	struct err              err = { 0 };

	if (!host.n && !now) {
		app_say(app, "no computer under the cursor; C chooses from all");
		return;
	}
	host = host.n ? arena_copy(&app->frame, host) : host;
	if (now && (!host.n || (now->n_values == 1 && text_ieq(host, now->values[0])))) {
		filter_set_hosts(app, NULL, 0, false, &err);
		app_say(app, "all computers again");
	} else if (filter_set_hosts(app, &host, 1, false, &err)) {
		app_say(app, "only " TEXT_FMT " in every view; c lets it go", TEXT_ARG(host));
	}
	if (err.kind)
		app_complain(app, &err);
}

/* The column under the cursor; while none was chosen, the first of names: hosts, rules. Of columns that
 * the user has laid out it is one that is to be seen. */
static const struct list_column *
cell_column(const struct view *v)
{
	for (unsigned i = 0; i < v->list.n_columns && !v->list.aside_used; i++)
		if ((v->list.widths[i] || v->list.columns != v->chosen) &&
		    v->list.table.columns[v->list.columns[i].column].kind == TABLE_TEXT)
			return &v->list.columns[i];
	return list_aside(&v->list);
}

static bool
list_cell(struct app *app, struct view *v, struct condition *out)
{
	const struct list_column *column = cell_column(v);
	const struct table_row   *row = list_row(&v->list);
	const struct table_value *value;
	const char               *name;

	if (!column || !row)
		return false;
	name = v->list.table.columns[column->column].name;
	value = &row->values[column->column];
	if (v->list.table.columns[column->column].kind == TABLE_TIME) {
		filter_from_time(value->time_ns, out);
		return value->time_ns != WHEN_NONE;
	}
	return name && filter_from_name(text_of(name),
					table_cell(&v->list.table, row, column->column,
						   &app->frame),
					out, &app->frame);
}

static void
take_cell(struct app *app, struct view *v, bool excludes)
{
	const struct list_column *column = cell_column(v);
	struct condition          c = { 0 };
	struct err                err = { 0 };

	if (!(v->kind->cell ? v->kind->cell(app, v, &c) : list_cell(app, v, &c))) {
		if (v->list.n_columns && column)
			app_say(app, "%s is empty or no filter; h l choose another column",
				column->head);
		else
			app_say(app, "no value under the cursor; j k move to one");
		return;
	}
	c = copy_condition(&c, &app->frame);
	c.excludes = excludes;
	if (filter_add(app, &c, &err))
		app_say(app, TEXT_FMT "   u undoes, f edits",
			TEXT_ARG(filter_label(&c, &app->screen.zone, &app->frame)));
	else
		app_complain(app, &err);
}

bool
filter_act(struct app *app, struct view *v, enum action action)
{
	struct err err = { 0 };

	switch ((int)action) {
	case ACTION_PIN:
		pin(app, v);
		return true;
	case ACTION_CHOOSE:
		picker_open(app);
		return true;
	case ACTION_INCLUDE:
		take_cell(app, v, false);
		return true;
	case ACTION_EXCLUDE:
		take_cell(app, v, true);
		return true;
	case ACTION_CLEAR:
		if (app->n_chips)
			set_chips(app, NULL, 0, &err);
		return true;
	case ACTION_WINDOW:
		lookback_next(app);
		return true;
	case ACTION_TOGGLE:
		app->filter_off = !app->filter_off;
		forget_places(app);
		app_reload(app);
		return true;
	}
	return filter_bar_act(app, v, action);
}
