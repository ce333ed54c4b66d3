/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/app.h"

#include <stdlib.h>

#include "tui/chrome.h"
#include "tui/column_picker.h"
#include "tui/filter.h"
#include "tui/hiding.h"
#include "tui/late.h"
#include "tui/long_list.h"
#include "tui/marks.h"
#include "tui/picker.h"
#include "tui/session.h"
#include "tui/trial.h"
#include "tui/weighing.h"

#define KEEP_BYTES    ((size_t)64 << 20)
#define FRAME_BYTES   ((size_t)256 << 20)
#define VIEW_BYTES    ((size_t)4 << 30)
#define PREVIEW_BYTES ((size_t)1 << 30)
#define LEVEL_BYTES   ((size_t)256 << 20)
#define RESET_KEEP    ((size_t)1 << 20)
#define UI_CACHE      ((size_t)8 << 20)

static const struct view_kind *const root_views[] = {
	&view_hosts,    &view_findings, &view_events,   &view_timeline,
	&view_ledger,   &view_evidence, &view_users,    &view_attack,
	&view_incidents, &view_notes,
};
#define N_ROOT_VIEWS ((int)(sizeof(root_views) / sizeof(root_views[0])))

struct level *
app_level(const struct app *app)
{
	return app->levels[app->n_levels - 1];
}

struct view *
app_view(const struct app *app)
{
	struct level *level = app_level(app);

	return &level->views[level->current];
}

unsigned
app_keys(const struct app *app)
{
	const struct level *level = app_level(app);
	unsigned            keys = KEYS_ALWAYS | level->views[level->current].kind->keys;

	if (app->bar_open)
		return KEYS_ALWAYS | KEYS_CHIPS;
	if (level->n_views > 1)
		keys |= KEYS_TABS | KEYS_PANES;
	return keys;
}

struct text
app_keys_of(const struct app *app, const struct view *v, enum action action, struct arena *keep)
{
	return keymap_keys(&app->settings.keys, v->kind->name, keys_line(action), keep);
}

static void
level_close(struct app *app, struct level *level)
{
	for (int i = 0; i < level->n_views; i++) {
		if (worker_owner(app->worker) == &level->views[i])
			worker_stop(app->worker);
		table_close(&level->views[i].list.table);
		arena_close(&level->views[i].arena);
		arena_close(&level->views[i].preview_arena);
	}
	if (level->hiding)
		hiding_close(level->hiding);
	if (level->weighing)
		weighing_close(level->weighing);
	arena_close(&level->arena);
	free(level);
}

struct level *
app_enter(struct app *app, const struct view_kind *const *kinds, int n)
{
	struct level *level;

	if (app->n_levels == LEVELS_MAX) { /* the way back is long enough: forget its middle */
		struct level *oldest = app->levels[1];

		level_close(app, oldest);
		memmove(&app->levels[1], &app->levels[2],
			(LEVELS_MAX - 2) * sizeof(app->levels[0]));
		app->n_levels--;
	}
	level = calloc(1, sizeof(*level));
	if (!level)
		arena_exhausted(sizeof(*level));
	level->arena = arena_open(LEVEL_BYTES);
	level->serial = ++app->n_entered;
	level->n_views = n;
	level->span = (struct span){ WHEN_NONE, WHEN_MAX };
	for (int i = 0; i < n; i++) {
		level->views[i].kind = kinds[i];
		level->views[i].level = level;
		level->views[i].arena = arena_open(VIEW_BYTES);
		level->views[i].preview_arena = arena_open(PREVIEW_BYTES);
	}
	app->levels[app->n_levels++] = level;
	return level;
}

void
app_back(struct app *app)
{
	if (app->n_levels > 1)
		level_close(app, app->levels[--app->n_levels]);
}

void
app_tab(struct app *app, int tab)
{
	struct level *level = app_level(app);

	if (tab >= 0 && tab < level->n_views)
		level->current = tab;
}

static bool
first_view(struct app *app, const char *name, struct err *err)
{
	if (!name)
		return true;
	for (int i = 0; i < N_ROOT_VIEWS; i++) {
		if (strcmp(root_views[i]->name, name) == 0) {
			app_tab(app, i);
			return true;
		}
	}
	return err_set(
	    err, ERR_USAGE,
	    "no view is called %s (hosts findings events timeline rules evidence users attack incidents "
	    "notes)",
	    name);
}

static bool
spans_years(const struct case_info *info)
{
	return info->first_ns != WHEN_NONE &&
	       when_split(info->first_ns).year != when_split(info->last_ns).year;
}

static void
complain_of_settings(void *ctx, const struct err *err)
{
	struct app *app = ctx;

	if (app->message[0]) { /* the status line has room for one: the first */
		struct message first = app->messages[0];

		app_complain(app, err);
		snprintf(app->message, sizeof(app->message), "%zu problems, :messages has all; %.400s",
			 app->n_messages, first.text);
		return;
	}
	app_complain(app, err);
}

bool
app_open(struct app *app, const struct tui_setup *setup, struct err *err)
{
	*app = (struct app){ .setup = setup, .rules = setup->rules };
	app->keep = arena_open(KEEP_BYTES);
	app->frame = arena_open(FRAME_BYTES);
	app->field_arena = arena_open(KEEP_BYTES);
	if (!casefile_open(&app->cf, setup->case_path,
			   setup->read_only ? CASEFILE_UNTOUCHED : CASEFILE_WORK, UI_CACHE, err) ||
	    !casefile_info(app->cf, &app->keep, &app->info, err)) {
		app_close(app);
		return false;
	}
	settings_begin(&app->settings);
	if (setup->settings)
		settings_read(&app->settings, setup->settings, complain_of_settings, app);
	app->screen.years = spans_years(&app->info);
	app->worker = worker_new(setup->case_path);
	app->screen.ascii = setup->ascii;
	app->restyle = true;
	app_enter(app, root_views, N_ROOT_VIEWS);
	filter_begin(app, setup->filter);
	if (!first_view(app, setup->view, err) ||
	    (setup->zone && !zone_set(&app->screen.zone, text_of(setup->zone), err))) {
		app_close(app);
		return false;
	}
	session_restore(app);
	return true;
}

void
app_close(struct app *app)
{
	column_picker_close(app);
	if (app->cf && app->n_levels)
		session_save(app);
	app_take_rules(app);
	picker_close(app);
	while (app->n_levels > 0)
		level_close(app, app->levels[--app->n_levels]);
	worker_free(app->worker);
	trial_free(app);
	if (app->cf)
		casefile_close(app->cf);
	screen_free(&app->screen);
	arena_close(&app->keep);
	arena_close(&app->frame);
	arena_close(&app->field_arena);
	app->worker = NULL;
	app->cf = NULL;
}

void
app_reload(struct app *app)
{
	struct err err = { 0 };

	worker_stop(app->worker);
	hiding_follow(app);
	app->grown = false;
	if (!casefile_info(app->cf, &app->keep, &app->info, &err))
		app_complain(app, &err);
	for (int i = 0; i < app->n_levels; i++)
		for (int v = 0; v < app->levels[i]->n_views; v++)
			app->levels[i]->views[v].loaded = false;
}

void
app_take_rules(struct app *app)
{
	struct late *late = app->late;
	struct err   gone;

	app->late = NULL;
	if (!late)
		return;
	if (!late_take(late, &app->rules, &gone, &app->no_rules)) {
		app->quit = true;
		return;
	}
	app_reload(app);
	if (gone.kind)
		app_complain(app, &gone);
}

/* Lists write their cells when they are drawn, texts when they are read. */
static void
write_anew(struct app *app)
{
	for (int i = 0; i < app->n_levels; i++) {
		for (int k = 0; k < app->levels[i]->n_views; k++) {
			struct view *v = &app->levels[i]->views[k];

			v->preview_valid = false;
			v->loaded = v->loaded && v->list.n_columns;
		}
	}
}

void
app_resize(struct app *app, int rows, int columns)
{
	int before = app->screen.columns;

	screen_resize(&app->screen, rows, columns);
	if (before && before != app->screen.columns)
		write_anew(app);
}

void
app_zone_changed(struct app *app)
{
	write_anew(app);
	app_say(app, "times are " TEXT_FMT "; files and searches are UTC",
		TEXT_ARG(zone_label(&app->screen.zone, app->info.clock_ns, &app->frame)));
}

static bool
at_its_top(const struct view *v)
{
	return v->list.n_columns ? v->list.place == 0 : v->doc.n == 0;
}

/* Verdicts, notes and bookmarks of somebody else: the same rows, which say something new. Rows of a
 * search are as they were found. */
static void
read_work_again(struct app *app)
{
	for (int i = 0; i < app->n_levels; i++) {
		for (int k = 0; k < app->levels[i]->n_views; k++) {
			struct view *v = &app->levels[i]->views[k];

			v->preview_valid = false;
			v->loaded = v->loaded && v->streamed;
		}
	}
}

void
app_watch(struct app *app)
{
	struct view     *here = app_view(app);
	struct case_info was = app->info;
	int64_t          version;
	struct err       err = { 0 };

	if (worker_owner(app->worker) || app->prompt.open)
		return;
	version = casefile_version(app->cf);
	if (version == app->version || !casefile_info(app->cf, &app->keep, &app->info, &err))
		return;
	app->version = version;
	if (was.events == app->info.events && was.findings == app->info.findings &&
	    was.unfinished == app->info.unfinished) {
		read_work_again(app);
		return;
	}
	app->screen.years = spans_years(&app->info);
	for (int i = 0; i < app->n_levels; i++)
		for (int v = 0; v < app->levels[i]->n_views; v++)
			if (&app->levels[i]->views[v] != here)
				app->levels[i]->views[v].loaded = false;
	if (at_its_top(here)) {
		here->loaded = false;
		return;
	}
	app->grown = true;
	app->moved = here->kind->moved ? here->kind->moved(app, here) : 0;
}

struct case_filter
view_filter(const struct app *app, const struct view *v)
{
	(void)app;
	return v->filter;
}

static bool
load(struct app *app, struct view *v)
{
	bool good;

	if (!v->kind->load)
		return true;
	casefile_read_begin(app->cf);
	good = v->kind->load(app, v, &v->problem);
	casefile_read_end(app->cf);
	return good;
}

bool
view_load(struct app *app, struct view *v)
{
	if (v->loaded) {
		long_list_go_on(app, v);
		return v->problem.kind == ERR_NONE;
	}
	if (worker_owner(app->worker) == v)
		worker_stop(app->worker);
	if (v->built)
		v->list.columns = v->built;
	v->built = NULL;
	arena_reset(&v->arena, RESET_KEEP);
	v->data = NULL;
	v->filter = filter_for(app, v, &v->arena);
	v->loaded = true;
	v->streamed = false;
	v->job = NULL;
	v->without = NULL;
	v->preview_valid = false;
	v->problem = v->cut = (struct err){ 0 };
	v->list.table.n_rows = v->list.table.shown = 0;
	if (!load(app, v)) {
		if (v->problem.kind == ERR_NONE)
			err_set(&v->problem, ERR_IO, "cannot be read");
		app_complain(app, &v->problem);
		return false;
	}
	if (v->list.n_columns) {
		columns_loaded(app, v);
		table_arrange(&v->list.table);
		long_list_go_on(app, v);
		list_settle(&v->list);
		marks_load(app, v);
	}
	return true;
}

struct text
view_host(struct app *app, struct view *v)
{
	struct text host = v->kind->host ? v->kind->host(app, v) : list_host(&v->list);

	return host.n ? host : v->level->host;
}

static struct view *
job_owner(const struct app *app)
{
	for (int i = 0; i < app->n_levels; i++)
		for (int k = 0; k < app->levels[i]->n_views; k++)
			if (worker_owner(app->worker) == &app->levels[i]->views[k])
				return &app->levels[i]->views[k];
	return NULL;
}

static void
forward_found(void *ctx, const struct found *f)
{
	struct app  *app = ctx;
	struct view *v = job_owner(app);

	if (v && v->kind->found)
		v->kind->found(app, v, f);
}

bool
app_results(struct app *app)
{
	struct view *v = job_owner(app);
	struct err   err;
	bool         done, good;

	if (!v)
		return false;
	worker_take(app->worker, forward_found, app, &done, &good, &err);
	if (v->list.n_columns) {
		table_arrange(&v->list.table);
		list_settle(&v->list);
	}
	if (!done)
		return true;
	worker_stop(app->worker);
	if (v->list.n_columns)
		marks_load(app, v);
	if (!good)
		v->cut = err;
	if (v->kind->job_done)
		v->kind->job_done(app, v, good, &err);
	return worker_owner(app->worker) != NULL;
}

static void
look_for_damage(struct app *app)
{
	struct err err = { 0 };

	if (app->damage_said || (casefile_whole(app->cf, &err) && casefile_in_place(app->cf, &err)))
		return;
	app->damage_said = true;
	app_complain(app, &err);
}

void
app_draw(struct app *app)
{
	arena_reset(&app->frame, RESET_KEEP);
	casefile_read_begin(app->cf);
	view_load(app, app_view(app));
	look_for_damage(app);
	chrome_draw(app);
	casefile_read_end(app->cf);
}
