/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/filter.h"

#include "base/when.h"

/* The parts of a filter that are text: one line each. */
static const struct {
	const char *name;
	size_t      offset;
} parts[] = {
	{ "host", offsetof(struct case_filter, host) },
	{ "user", offsetof(struct case_filter, user) },
	{ "rule", offsetof(struct case_filter, rule) },
	{ "technique", offsetof(struct case_filter, technique) },
	{ "verdict", offsetof(struct case_filter, verdict) },
	{ "channel", offsetof(struct case_filter, channel) },
};
#define N_PARTS (sizeof(parts) / sizeof(parts[0]))

static struct text *
part(struct case_filter *f, size_t i)
{
	return (struct text *)((char *)f + parts[i].offset);
}

static struct text
part_of(const struct case_filter *f, size_t i)
{
	return *(const struct text *)((const char *)f + parts[i].offset);
}

static bool
same(const struct case_filter *a, const struct case_filter *b)
{
	for (size_t i = 0; i < N_PARTS; i++)
		if (!text_eq(part_of(a, i), part_of(b, i)))
			return false;
	return a->min_risk == b->min_risk && a->event_id == b->event_id &&
	       a->span.earliest_ns == b->span.earliest_ns && a->span.latest_ns == b->span.latest_ns;
}

bool
app_filtered(const struct app *app)
{
	return !same(&app->filter, &CASE_FILTER_ALL);
}

static void
apply(struct app *app, const struct case_filter *f)
{
	app->filter = *f;
	app->filter_off = false;
	app_reload(app);
}

void
app_set_filter(struct app *app, const struct case_filter *f)
{
	struct case_filter copy = *f;

	if (same(&app->filter, f))
		return;
	for (size_t i = 0; i < N_PARTS; i++)
		if (part(&copy, i)->n)
			*part(&copy, i) = arena_copy(&app->keep, *part(&copy, i));
	if (app->at_undo == UNDO_MAX - 1) {
		memmove(&app->undo[0], &app->undo[1], (UNDO_MAX - 1) * sizeof(app->undo[0]));
		app->at_undo--;
	}
	app->undo[++app->at_undo] = copy;
	app->n_undo = app->at_undo + 1;
	apply(app, &copy);
}

void
filter_begin(struct app *app, const struct case_filter *start)
{
	app->filter = start ? *start : CASE_FILTER_ALL;
	app->undo[0] = app->filter;
	app->n_undo = 1;
	app->at_undo = 0;
}

static struct text
minute(const struct app *app, int64_t time_ns, struct arena *keep)
{
	char human[WHEN_TEXT_MAX];

	if (time_ns == WHEN_NONE || time_ns == WHEN_MAX)
		return TEXT("..");
	return arena_copy(keep, text_head((struct text){ human, zone_human(&app->screen.zone, time_ns,
									   human) },
					  16));
}

struct text
filter_chips(const struct app *app, const struct view *v, struct arena *keep)
{
	const char *open = app->filter_off ? "(" : "[", *close = app->filter_off ? ") " : "] ";
	const struct case_filter *f = &app->filter;
	struct text               all = TEXT("");

	if (!text_absent(v->level->host) && !text_ieq(v->level->host, f->host))
		all = arena_printf(keep, "[host=" TEXT_FMT "] ", TEXT_ARG(v->level->host));
	for (size_t i = 0; i < N_PARTS; i++)
		if (part_of(f, i).n)
			all = arena_printf(keep, TEXT_FMT "%s%s=" TEXT_FMT "%s", TEXT_ARG(all),
					   open, parts[i].name, TEXT_ARG(part_of(f, i)), close);
	if (f->event_id)
		all = arena_printf(keep, TEXT_FMT "%sEventCode=%u%s", TEXT_ARG(all), open,
				   (unsigned)f->event_id, close);
	if (f->min_risk > 0)
		all = arena_printf(keep, TEXT_FMT "%srisk>=%g%s", TEXT_ARG(all), open, f->min_risk,
				   close);
	if (f->span.earliest_ns != WHEN_NONE || f->span.latest_ns != WHEN_MAX)
		all = arena_printf(keep, TEXT_FMT "%s" TEXT_FMT " to " TEXT_FMT "%s", TEXT_ARG(all),
				   open, TEXT_ARG(minute(app, f->span.earliest_ns, keep)),
				   TEXT_ARG(minute(app, f->span.latest_ns, keep)), close);
	return text_trim(all);
}

static void
pin(struct app *app, struct view *v)
{
	struct case_filter f = app->filter;
	struct text        host = view_host(app, v);

	if (f.host.n && (!host.n || text_ieq(host, f.host))) {
		app_say(app, "all computers again");
		f.host = TEXT_NONE;
	} else if (host.n) {
		app_say(app, "only " TEXT_FMT " in every view; c lets it go", TEXT_ARG(host));
		f.host = host;
	} else {
		app_say(app, "no computer under the cursor");
		return;
	}
	app_set_filter(app, &f);
}

/* Columns whose values are parts of a filter. */
static bool
set_from_cell(struct case_filter *f, const char *column, struct text value)
{
	uint64_t number;

	if (strcmp(column, "event_id") == 0) {
		if (!text_to_u64(value, &number) || number > UINT32_MAX)
			return false;
		f->event_id = (uint32_t)number;
		return true;
	}
	if (strcmp(column, "techniques") == 0 || strcmp(column, "technique") == 0) {
		struct text rest = value, first = text_cut(&rest, ' ');

		f->technique = text_cut(&first, ':'); /* of "T1047:3 T1021:1" */
		return true;
	}
	for (size_t i = 0; i < N_PARTS; i++) {
		if (strcmp(column, parts[i].name) == 0) {
			*part(f, i) = value;
			return true;
		}
	}
	return false;
}

static void
include(struct app *app, struct view *v)
{
	const struct list_column *column = list_aside(&v->list);
	const struct table_row   *row = list_row(&v->list);
	struct case_filter        f = app->filter;
	const char               *name;
	struct text               value;

	if (!column || !row)
		return;
	name = v->list.table.columns[column->column].name;
	value = table_cell(&v->list.table, row, column->column, &app->frame);
	if (!name || !value.n || !set_from_cell(&f, name, value)) {
		app_say(app, "%s cannot be a filter; h l choose another column", column->head);
		return;
	}
	app_set_filter(app, &f);
}

static void
step_undo(struct app *app, int step)
{
	if (app->at_undo + step < 0 || app->at_undo + step >= app->n_undo) {
		app_say(app, step < 0 ? "nothing to undo" : "nothing to redo");
		return;
	}
	app->at_undo += step;
	apply(app, &app->undo[app->at_undo]);
}

bool
filter_act(struct app *app, struct view *v, enum action action)
{
	switch ((int)action) {
	case ACTION_PIN:
		pin(app, v);
		return true;
	case ACTION_INCLUDE:
		include(app, v);
		return true;
	case ACTION_CLEAR:
		if (v->list.table.n_narrow && v->kind->narrow)
			v->kind->narrow(app, v, TEXT_NONE);
		table_narrow(&v->list.table, TEXT_NONE);
		list_settle(&v->list);
		app_set_filter(app, &CASE_FILTER_ALL);
		return true;
	case ACTION_TOGGLE:
		app->filter_off = !app->filter_off;
		app_reload(app);
		return true;
	case ACTION_UNDO:
		step_undo(app, -1);
		return true;
	case ACTION_REDO:
		step_undo(app, 1);
		return true;
	}
	return false;
}

/* ISO 8601, or a date alone. */
static bool
read_time(struct text value, int64_t *ns)
{
	char day[32];
	bool has_zone;
	int  n;

	if (value.n != 10)
		return when_from_iso(value, ns, &has_zone);
	n = snprintf(day, sizeof(day), TEXT_FMT "T00:00:00Z", TEXT_ARG(value));
	return when_from_iso((struct text){ day, (size_t)n }, ns, &has_zone);
}

struct text
filter_words(const struct case_filter *f, struct arena *keep)
{
	struct text words = TEXT("");
	char        iso[WHEN_TEXT_MAX];

	for (size_t i = 0; i < N_PARTS; i++)
		if (part_of(f, i).n)
			words = arena_printf(keep, TEXT_FMT "%s=" TEXT_FMT "\n", TEXT_ARG(words),
					     parts[i].name, TEXT_ARG(part_of(f, i)));
	if (f->event_id)
		words = arena_printf(keep, TEXT_FMT "EventCode=%u\n", TEXT_ARG(words),
				     (unsigned)f->event_id);
	if (f->min_risk > 0)
		words = arena_printf(keep, TEXT_FMT "risk=%g\n", TEXT_ARG(words), f->min_risk);
	if (f->span.earliest_ns != WHEN_NONE)
		words = arena_printf(keep, TEXT_FMT "earliest=%.*s\n", TEXT_ARG(words),
				     (int)when_to_iso(f->span.earliest_ns, iso), iso);
	if (f->span.latest_ns != WHEN_MAX)
		words = arena_printf(keep, TEXT_FMT "latest=%.*s\n", TEXT_ARG(words),
				     (int)when_to_iso(f->span.latest_ns, iso), iso);
	return words;
}

bool
filter_set_word(struct app *app, struct text word, struct err *err)
{
	struct case_filter f = app->filter;
	struct text        value = word, name = text_cut(&value, '=');
	uint64_t           number;

	if (text_absent(value))
		return err_set(err, ERR_USAGE, "write a filter as name=value, not " TEXT_FMT,
			       TEXT_ARG(word));
	if (text_ieq(name, TEXT("EventCode")) || text_ieq(name, TEXT("event_id"))) {
		if (!text_to_u64(value, &number) || number > UINT32_MAX)
			return err_set(err, ERR_USAGE, TEXT_FMT " is no event id", TEXT_ARG(value));
		f.event_id = (uint32_t)number;
	} else if (text_ieq(name, TEXT("earliest")) || text_ieq(name, TEXT("latest"))) {
		if (!read_time(value, text_ieq(name, TEXT("latest")) ? &f.span.latest_ns
								      : &f.span.earliest_ns))
			return err_set(err, ERR_USAGE,
				       TEXT_FMT " is no time such as 2020-09-21T00:14:37Z",
				       TEXT_ARG(value));
	} else if (text_ieq(name, TEXT("risk"))) {
		if (!text_to_double(value, &f.min_risk))
			return err_set(err, ERR_USAGE, TEXT_FMT " is no number", TEXT_ARG(value));
	} else {
		size_t i = 0;

		while (i < N_PARTS && !text_ieq(name, text_of(parts[i].name)))
			i++;
		if (i == N_PARTS)
			return err_set(err, ERR_USAGE,
				       "no filter is called " TEXT_FMT
				       " (host user rule technique verdict channel EventCode risk "
				       "earliest latest)",
				       TEXT_ARG(name));
		*part(&f, i) = value;
	}
	app_set_filter(app, &f);
	return true;
}

static const struct pred *
equals(struct arena *keep, struct text name, struct text value, bool exact)
{
	struct pred *p = arena_new(keep, struct pred, 1);

	p->kind = PRED_EQ;
	p->name = name_ref(name);
	p->pattern = pattern_make(keep, value, exact, false);
	return p;
}

/* The host as logged, or any name of which it is the first label. */
static const struct pred *
host_is(struct arena *keep, struct text host)
{
	struct pred *either = arena_new(keep, struct pred, 1);

	either->kind = PRED_OR;
	either->n_kids = 2;
	either->kids = arena_new(keep, const struct pred *, 2);
	either->kids[0] = equals(keep, TEXT("Computer"), host, true);
	either->kids[1] = equals(keep, TEXT("Computer"), arena_join(keep, host, TEXT(".*")), false);
	return either;
}

const struct pred *
filter_pred(const struct case_filter *f, struct arena *keep)
{
	const struct pred *p = NULL;

	if (f->host.n)
		p = pred_and(keep, p, host_is(keep, f->host));
	if (f->user.n)
		p = pred_and(keep, p, equals(keep, TEXT("user"), f->user, true));
	if (f->channel.n)
		p = pred_and(keep, p, equals(keep, TEXT("Channel"), f->channel, true));
	if (f->event_id)
		p = pred_and(keep, p,
			     equals(keep, TEXT("EventCode"),
				    arena_printf(keep, "%u", (unsigned)f->event_id), true));
	return p;
}
