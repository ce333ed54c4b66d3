/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/app.h"

#include <stdlib.h>

#include "tui/ask.h"
#include "tui/chrome.h"
#include "tui/command.h"
#include "tui/filter.h"
#include "tui/hiding.h"
#include "tui/import_prompt.h"
#include "tui/late.h"
#include "tui/picker.h"
#include "tui/session.h"
#include "tui/trial.h"
#include "tui/undo.h"

#define KEEP_BYTES    ((size_t)64 << 20)
#define FRAME_BYTES   ((size_t)256 << 20)
#define VIEW_BYTES    ((size_t)4 << 30)
#define PREVIEW_BYTES ((size_t)1 << 30)
#define LEVEL_BYTES   ((size_t)256 << 20)
#define RESET_KEEP    ((size_t)1 << 20)
#define WHEEL_ROWS    3
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
		arena_close(&level->views[i].arena);
		arena_close(&level->views[i].preview_arena);
	}
	if (level->hiding)
		hiding_close(level->hiding);
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

void
app_zone_changed(struct app *app)
{
	for (int i = 0; i < app->n_levels; i++) {
		for (int k = 0; k < app->levels[i]->n_views; k++) {
			struct view *v = &app->levels[i]->views[k];

			v->preview_valid = false;
			v->loaded = v->loaded && v->list.n_columns; /* lists draw times anew */
		}
	}
	app_say(app, "times are " TEXT_FMT "; files and searches are UTC",
		TEXT_ARG(zone_label(&app->screen.zone, app->info.clock_ns, &app->frame)));
}

static bool
at_its_top(const struct view *v)
{
	return v->list.n_columns ? v->list.place == 0 : v->doc.n == 0;
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
	    was.unfinished == app->info.unfinished)
		return;
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
	if (v->loaded)
		return v->problem.kind == ERR_NONE;
	if (worker_owner(app->worker) == v)
		worker_stop(app->worker);
	arena_reset(&v->arena, RESET_KEEP);
	v->data = NULL;
	v->filter = filter_for(app, v, &v->arena);
	v->loaded = true;
	v->streamed = false;
	v->preview_valid = false;
	v->problem = (struct err){ 0 };
	v->list.table.n_rows = v->list.table.shown = 0;
	if (!load(app, v)) {
		if (v->problem.kind == ERR_NONE)
			err_set(&v->problem, ERR_IO, "cannot be read");
		app_complain(app, &v->problem);
		return false;
	}
	if (v->list.n_columns) {
		table_arrange(&v->list.table);
		list_settle(&v->list);
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
	if (v->kind->job_done)
		v->kind->job_done(app, v, good, &err);
	return worker_owner(app->worker) != NULL;
}

/* Leaves what is open on top of the view: a running search, a narrowing, found text. */
static bool
close_what_is_open(struct app *app, struct view *v)
{
	if (worker_owner(app->worker) == v) {
		worker_cancel(app->worker);
		return true;
	}
	if (v->list.table.n_narrow) {
		ask_narrow_to(app, v, TEXT_NONE);
		return true;
	}
	if (v->list.n_marks) {
		v->list.n_marks = 0;
		return true;
	}
	if (v->doc.n_find && !v->list.n_columns) {
		v->doc.n_find = 0;
		return true;
	}
	return false;
}

static void
step_tab(struct app *app, int step)
{
	struct level *level = app_level(app);

	level->current = (level->current + level->n_views + step) % level->n_views;
}

/* ] and [ inside of something: the next row of the list it was opened from. */
static void
step_item(struct app *app, int step)
{
	struct level *level = app_level(app);
	struct view  *below;
	size_t        was;
	int           tab = level->current;

	if (app->n_levels < 2)
		return;
	below = &app->levels[app->n_levels - 2]->views[app->levels[app->n_levels - 2]->current];
	if (!below->list.n_columns)
		return;
	was = below->list.place;
	app_back(app);
	if (!below->kind->act || !below->kind->act(app, below, step > 0 ? ACTION_DOWN : ACTION_UP))
		list_act(&below->list, step > 0 ? ACTION_DOWN : ACTION_UP);
	if (below->list.place == was)
		app_say(app, step > 0 ? "that was the last" : "that was the first");
	app_act(app, ACTION_OPEN);
	app_tab(app, tab);
}

static void
go_back(struct app *app)
{
	if (app->bar_open) {
		app->bar_open = false;
	} else if (app->n_levels > 1) {
		app_back(app);
	} else if (app->quit_asked) {
		app->quit = true;
	} else {
		app_say(app, importer_running(app->setup->importer)
				 ? "q again stops the import and quits"
				 : "q again quits; everything is saved");
		app->quit_asked = true;
	}
}

static void
escape(struct app *app, struct view *v)
{
	if (app->bar_open)
		app->bar_open = false;
	else if (!close_what_is_open(app, v))
		app_back(app);
}

static void
cancel(struct app *app)
{
	if (worker_owner(app->worker))
		worker_cancel(app->worker);
	else if (!import_stop(app))
		app_say(app, "nothing is running; q goes back, Q quits");
}

static void
act_always(struct app *app, struct view *v, enum action action)
{
	switch ((int)action) {
	case ACTION_BACK:
		go_back(app);
		return;
	case ACTION_ESCAPE:
		escape(app, v);
		return;
	case ACTION_CANCEL:
		cancel(app);
		return;
	case ACTION_QUIT:
		app->quit = true;
		return;
	case ACTION_TAB_NEXT:
		step_tab(app, 1);
		return;
	case ACTION_TAB_PREV:
		step_tab(app, -1);
		return;
	case ACTION_ITEM_NEXT:
		step_item(app, 1);
		return;
	case ACTION_ITEM_PREV:
		step_item(app, -1);
		return;
	case ACTION_PREVIEW:
		app->preview_off = !app->preview_off;
		return;
	case ACTION_HELP:
		open_help(app);
		return;
	case ACTION_REFRESH:
		app_reload(app);
		return;
	case ACTION_REDRAW:
		app->redraw = true;
		return;
	case ACTION_SUSPEND:
		app->suspend = true;
		return;
	case ACTION_ZONE:
		zone_next(&app->screen.zone);
		app_zone_changed(app);
		return;
	case ACTION_IMPORT_LOG:
		command_run(app, TEXT("evidence"));
		return;
	case ACTION_IMPORT:
		import_prompt_open(app);
		return;
	case ACTION_MOUSE:
		app->mouse = !app->mouse;
		app_say(app, app->mouse ? "mouse on; F2 gives selecting back to the terminal"
					: "mouse off");
		return;
	}
	if (action >= ACTION_TAB_1 && action <= ACTION_TAB_10)
		app_tab(app, (int)(action - ACTION_TAB_1));
	else if (!undo_act(app, action) && !filter_act(app, v, action))
		ask_act(app, v, action);
}

void
app_act(struct app *app, enum action action)
{
	struct view *v = app_view(app);

	view_load(app, v);
	if (action == ACTION_SORT_LEFT || action == ACTION_SORT_RIGHT || action == ACTION_REVERSE) {
		undo_sort(app, v, action);
		return;
	}
	if (v->kind->act && v->kind->act(app, v, action))
		return;
	if (v->list.n_columns && list_act(&v->list, action))
		return;
	if (!v->list.n_columns && doc_act(&v->doc, action))
		return;
	act_always(app, v, action);
}

/* A row is selected, a selected row opened, a tab shown. */
void
app_click(struct app *app, int row, int column)
{
	struct level *level = app_level(app);
	struct view  *v = app_view(app);
	struct list  *l = &v->list;

	if (app->prompt.open || app->picker)
		return;
	app->message[0] = '\0';
	if (row == app->tabs_row) {
		for (int i = 0; i < level->n_views; i++) {
			if (column < app->tab_end[i]) {
				app_tab(app, i);
				return;
			}
		}
	} else if (l->n_columns && row >= l->first_row && row < l->first_row + l->page) {
		size_t place = l->top + (size_t)(row - l->first_row);

		if (place == l->place)
			app_act(app, ACTION_OPEN);
		else if (place < l->table.shown)
			list_move_to(l, place);
	} else if (v->kind->click) {
		v->kind->click(app, v, row, column, false);
	}
}

void
app_release(struct app *app, int row, int column)
{
	struct view *v = app_view(app);

	if (!app->prompt.open && !app->picker && v->kind->click)
		v->kind->click(app, v, row, column, true);
}

/* Pasted text is text of a prompt, in one line; elsewhere it would be keys that nobody meant. Terminals
 * take Ctrl-C out of it: it is the way out when the end of the text got lost. */
static void
take_pasted(struct app *app, uint32_t press)
{
	if (press == PRESS_PASTE || press == PRESS_PASTE_END || press == PRESS_CTRL('C')) {
		app->pasting = press == PRESS_PASTE;
		if (!app->pasting && app->n_pasted)
			app_say(app, "pasted text is taken by prompts only: s searches, / filters");
		app->n_pasted = 0;
	} else if (!app->prompt.open) {
		app->n_pasted++;
	} else if (press == PRESS_ENTER || press == PRESS_TAB) {
		prompt_press(app, &app->prompt, ' ');
	} else if (press >= ' ' && press < PRESS_NONE) {
		prompt_press(app, &app->prompt, press);
	}
}

#define ELSEWHERE_MOST 2 /* meanings of a key that are said */

/* "this key does nothing here; in Findings: verdict, in Processes: tree" */
static void
say_where_key_works(struct app *app, uint32_t press)
{
	enum action said[ELSEWHERE_MOST];
	struct text where = TEXT("");
	size_t      n = 0;

	for (size_t i = 0; view_kinds[i] && n < ELSEWHERE_MOST; i++) {
		enum action a = keymap_find(&app->settings.keys, view_kinds[i]->name, press,
					    view_kinds[i]->keys);

		if (a == ACTION_NONE || (n && a == said[0]))
			continue;
		said[n++] = a;
		where = arena_printf(&app->frame, TEXT_FMT "%s %s: %s", TEXT_ARG(where),
				     n > 1 ? ", in" : "; in", view_kinds[i]->title,
				     keys_line(a)->word);
	}
	app_say(app, "this key does nothing here" TEXT_FMT "%s", TEXT_ARG(where),
		n ? "" : "; ? shows the keys that do");
}

void
app_press(struct app *app, uint32_t press)
{
	enum action action;
	bool        asked = app->quit_asked;

	if (app->pasting || press == PRESS_PASTE || press == PRESS_PASTE_END) {
		take_pasted(app, press);
		return;
	}
	app->message[0] = '\0';
	app->message_bad = false;
	if (app->prompt.open) {
		prompt_press(app, &app->prompt, press);
		return;
	}
	if (app->picker) {
		picker_press(app, press);
		return;
	}
	if (press == PRESS_RESIZE)
		return;
	if (press == PRESS_WHEEL_UP || press == PRESS_WHEEL_DOWN) {
		for (int i = 0; i < WHEEL_ROWS; i++)
			app_act(app, press == PRESS_WHEEL_UP ? ACTION_UP : ACTION_DOWN);
		return;
	}
	action = keymap_find(&app->settings.keys, app_view(app)->kind->name, press, app_keys(app));
	if (action != ACTION_NONE)
		app_act(app, action);
	else
		say_where_key_works(app, press);
	if (asked)
		app->quit_asked = false;
}

static void
look_for_damage(struct app *app)
{
	struct err err = { 0 };

	if (app->damage_said || casefile_whole(app->cf, &err))
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
