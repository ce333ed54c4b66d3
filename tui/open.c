/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ways into something: each makes a place and says what it is about. */
#include "config.h"

#include "base/counted.h"
#include "tui/app.h"

#include "base/when.h"

#define AROUND_NS (5 * 60 * WHEN_SECOND)

static const struct view_kind *const host_views[] = { &view_findings, &view_risk, &view_events,
						      &view_timeline, &view_processes };

void
open_host(struct app *app, struct text host)
{
	struct level *level;

	if (!host.n)
		return;
	level = app_enter(app, host_views, sizeof(host_views) / sizeof(host_views[0]));
	level->crumb = arena_copy(&level->arena, host);
	level->host = level->crumb;
}

static struct level *
enter_one(struct app *app, const struct view_kind *kind, struct text crumb)
{
	struct level *level = app_enter(app, &kind, 1);

	level->crumb = arena_copy(&level->arena, crumb);
	return level;
}

/* "Finding 3 of 20" when it is opened from a list, else by its number. */
static struct text
crumb_of(struct app *app, const char *what, int64_t id)
{
	const struct list      *l = &app_view(app)->list;
	const struct table_row *row = l->n_columns && !l->table.paged ? list_row(l) : NULL;

	if (!row || row->id != id)
		return arena_printf(&app->frame, "%s %lld", what, (long long)id);
	return arena_printf(&app->frame, "%s %s of %s", what, counted_number(l->place + 1).words,
			    counted_number(l->table.shown).words);
}

void
open_finding(struct app *app, int64_t id)
{
	struct level *level = enter_one(app, &view_finding, crumb_of(app, "Finding", id));

	level->views[0].id = id;
}

void
open_event(struct app *app, int64_t id)
{
	struct level *level =
	    enter_one(app, &view_event, arena_printf(&app->frame, "Event %lld", (long long)id));

	level->views[0].id = id;
}

void
open_events_of(struct app *app, struct text heading, const int64_t *ids, uint32_t n)
{
	struct level *level = enter_one(app, &view_events, TEXT("Events"));
	int64_t      *copy = arena_new(&level->arena, int64_t, n);

	if (n)
		memcpy(copy, ids, n * sizeof(*ids));
	level->events = copy;
	level->n_events = n;
	level->heading = arena_copy(&level->arena, heading);
}

/* What the place shows, anew after its span was changed. */
void
open_around_span(struct app *app, struct level *level, int64_t half_ns)
{
	char        human[WHEN_TEXT_MAX] = "";
	const char *unit = half_ns % WHEN_HOUR == 0             ? "hour"
			   : half_ns % (60 * WHEN_SECOND) == 0 ? "minute"
								: "second";
	int64_t     length = half_ns % WHEN_HOUR == 0             ? WHEN_HOUR
			     : half_ns % (60 * WHEN_SECOND) == 0 ? 60 * WHEN_SECOND
								  : WHEN_SECOND;
	long long   n = half_ns / length;

	zone_human(&app->screen.zone, level->around_ns, human);
	level->span = (struct span){ level->around_ns - half_ns, level->around_ns + half_ns + 1 };
	app->around_half_ns = half_ns;
	level->heading = arena_printf(&level->arena,
				      "events of " TEXT_FMT " within %s of %s   T: more or less",
				      TEXT_ARG(level->host.n ? level->host : TEXT("all computers")),
				      counted((uint64_t)n, unit).words, human);
	for (int i = 0; i < level->n_views; i++)
		level->views[i].loaded = false;
}

void
open_around(struct app *app, struct text host, int64_t time_ns)
{
	struct level *level;
	struct list  *list;

	if (time_ns == WHEN_NONE) {
		app_say(app, "it has no time, so nothing is around it");
		return;
	}
	level = enter_one(app, &view_events, TEXT("Around"));
	level->host = host.n ? arena_copy(&level->arena, host) : TEXT_NONE;
	level->around_ns = time_ns;
	/* the cursor begins in the middle, at the first event of that time */
	list = &level->views[0].list;
	level->views[0].anchor_ns = time_ns;
	list->has_id = true;
	list->place = (size_t)(app->screen.rows > 8 ? app->screen.rows / 2 - 4 : 0);
	open_around_span(app, level, app->around_half_ns ? app->around_half_ns : AROUND_NS);
}

static const struct view_kind *const found_views[] = { &view_findings, &view_risk, &view_events,
						       &view_hosts };
static const struct view_kind *const file_views[] = { &view_events, &view_findings, &view_risk };

/* A place with these views, about what the place before is about and the N conditions C. */
static struct level *
enter_with(struct app *app, const struct view_kind *const *views, int n_views, struct text crumb,
	   const struct condition *c, uint32_t n)
{
	const struct level *from = app_level(app);
	struct level       *level = app_enter(app, views, n_views);
	struct condition   *all = arena_new(&level->arena, struct condition, from->n_conditions + n);

	for (uint32_t i = 0; i < from->n_conditions; i++)
		all[i] = from->conditions[i];
	for (uint32_t i = 0; i < n; i++) {
		struct text *values = arena_new(&level->arena, struct text, c[i].n_values + 1);

		for (uint32_t k = 0; k < c[i].n_values; k++)
			values[k] = arena_copy(&level->arena, c[i].values[k]);
		all[from->n_conditions + i] = c[i];
		all[from->n_conditions + i].values = values;
	}
	level->conditions = all;
	level->n_conditions = from->n_conditions + n;
	level->host = from->host.n ? arena_copy(&level->arena, from->host) : TEXT_NONE;
	level->crumb = arena_copy(&level->arena, crumb);
	return level;
}

void
open_with(struct app *app, struct text crumb, const struct condition *c, uint32_t n,
	  const char *first)
{
	const int     n_views = (int)(sizeof(found_views) / sizeof(found_views[0]));
	struct level *level = enter_with(app, found_views, n_views, crumb, c, n);

	for (int i = 0; i < n_views; i++)
		if (strcmp(found_views[i]->name, first) == 0)
			level->current = i;
}

void
open_evidence(struct app *app, struct text path)
{
	struct condition c = { .part = FILTER_EVIDENCE, .values = &path, .n_values = 1 };
	size_t           slash = text_rfind_byte(path, '/');

	enter_with(app, file_views, (int)(sizeof(file_views) / sizeof(file_views[0])),
		   slash == TEXT_NOWHERE ? path : text_from(path, slash + 1), &c, 1);
}

void
open_findings_with(struct app *app, enum filter_part part, struct text value, struct text crumb)
{
	struct condition c = { .part = part, .values = &value, .n_values = 1 };

	open_with(app, crumb, &c, 1, "findings");
}

void
open_rule(struct app *app, struct text rule_id)
{
	struct level *level;

	if (!rule_id.n) {
		app_say(app, "there is no rule behind this row");
		return;
	}
	level = enter_one(app, &view_rule, TEXT("Rule"));
	level->detail = arena_copy(&level->arena, rule_id);
}

void
open_help(struct app *app)
{
	struct level           *level;
	const struct view_kind *about = app_view(app)->kind;
	unsigned                keys = app_keys(app);

	if (about == &view_help)
		return;
	level = enter_one(app, &view_help, TEXT("Help"));
	level->views[0].data = NULL;
	level->views[0].mode = (int)keys;
	level->heading = arena_printf(&level->arena, "the keys of this screen: %s", about->title);
}

void
open_hidden(struct app *app)
{
	enter_one(app, &view_hidden, TEXT("Hidden"));
}

void
open_report(struct app *app, size_t form, const char *path)
{
	const struct level *from = app_level(app);
	struct level       *level = enter_one(app, &view_report, TEXT("Report"));

	level->host = from->host; /* as long as that place */
	level->conditions = from->conditions;
	level->n_conditions = from->n_conditions;
	level->query = arena_copy(&level->arena, text_of(path));
	level->views[0].mode = (int)form;
}

void
open_messages(struct app *app)
{
	enter_one(app, &view_messages, TEXT("Messages"))->heading =
	    TEXT("what was said, the latest first");
}

struct search_env
open_search_env(const struct app *app)
{
	struct search_env env = { 0 };

	if (app->rules) {
		env.macros = ruleset_macros(app->rules);
		env.lookups = ruleset_lookups(app->rules);
	}
	return env;
}

bool
open_compile(struct app *app, struct search **out, struct arena *keep, struct text query,
	     size_t *column, struct err *err)
{
	struct search_env env = open_search_env(app);
	struct text       where;
	uint64_t          number;

	*column = 0;
	if (search_compile(out, keep, query, (struct place){ TEXT("search"), 1, 1 }, &env, err))
		return true;
	/* "search:1:18" is column 18 of what was typed */
	where = text_of(err->where);
	if (text_starts(where, TEXT("search:1:")) &&
	    text_to_u64(text_from(where, text_rfind_byte(where, ':') + 1), &number)) {
		*column = (size_t)number;
		snprintf(err->where, sizeof(err->where), "column %zu", *column);
	}
	return false;
}

/* Compiles in the place's arena; a text that does not compile leaves no place behind. */
static struct level *
enter_search(struct app *app, struct text query, struct text heading, struct span span)
{
	struct search *search;
	struct err     err = { 0 };
	struct level  *level;

	app_take_rules(app); /* with their macros */
	level = enter_one(app, &view_search, TEXT("Search"));
	level->query = arena_copy(&level->arena, query);
	level->heading = heading.n ? arena_copy(&level->arena, heading) : TEXT_NONE;
	level->span = span;
	if (!open_compile(app, &search, &level->arena, level->query, &app->wrong_column, &err)) {
		app_back(app);
		app_complain(app, &err);
		return NULL;
	}
	level->search = search;
	return level;
}

void
open_search(struct app *app, struct text query)
{
	enter_search(app, query, TEXT_NONE, (struct span){ WHEN_NONE, WHEN_MAX });
}

void
open_drilldowns(struct app *app, int64_t finding_id)
{
	struct level *level;

	app_take_rules(app);
	level = enter_one(app, &view_drilldowns, TEXT("Drilldowns"));
	level->views[0].id = finding_id;
	level->heading = TEXT("where this finding leads");
}

void
open_leads(struct app *app, int64_t event_id)
{
	struct level *level = enter_one(app, &view_drilldowns, TEXT("Drilldowns"));
	int64_t      *id = arena_new(&level->arena, int64_t, 1);

	*id = event_id;
	level->events = id;
	level->n_events = 1;
	level->heading =
	    arena_printf(&level->arena, "where event %lld leads", (long long)event_id);
}

void
open_user_leads(struct app *app, struct text user)
{
	struct level *level = enter_one(app, &view_drilldowns, TEXT("Drilldowns"));

	level->detail = arena_copy(&level->arena, user);
	level->heading = arena_printf(&level->arena, "where " TEXT_FMT " leads", TEXT_ARG(user));
}

void
open_drilldown(struct app *app, const struct drilldown_search *drill)
{
	struct text   heading = arena_printf(&app->frame, TEXT_FMT "   " TEXT_FMT,
					     TEXT_ARG(drill->name), TEXT_ARG(drill->search));
	struct level *level = enter_search(app, drill->search, heading, drill->span);

	if (level)
		level->crumb = TEXT("Drilldown");
}
