/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What keys, clicks and pasted text do in every view, before or after the view itself. */
#include "config.h"

#include "tui/app.h"

#include "tui/ask.h"
#include "tui/chrome.h"
#include "tui/column_picker.h"
#include "tui/command.h"
#include "tui/filter.h"
#include "tui/import_prompt.h"
#include "tui/marks.h"
#include "tui/picker.h"
#include "tui/undo.h"

#define WHEEL_ROWS 3

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
	if (marks_let_go(app, v))
		return true;
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
		if (v->kind->draw || chrome_has_preview(app, v))
			app->preview_off = !app->preview_off;
		else if (v->kind->preview)
			app_say(app, "no room for a preview of %s on this screen; Enter opens the row",
				v->kind->title);
		else
			app_say(app, "%s has no preview", v->kind->title);
		return;
	case ACTION_COLUMNS:
		column_picker_open(app, v);
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
	if (v->list.n_columns && marks_act(app, v, action))
		return;
	if (v->kind->act && v->kind->act(app, v, action))
		return;
	if (v->list.n_columns && list_act(&v->list, action))
		return;
	if (!v->list.n_columns && doc_act(&v->doc, action))
		return;
	if (action == ACTION_MATCH_NEXT || action == ACTION_MATCH_PREV)
		app_say(app, "no match further %s", action == ACTION_MATCH_NEXT ? "down" : "up");
	else
		act_always(app, v, action);
}

/* A row is selected, a selected row opened, a tab shown. */
void
app_click(struct app *app, int row, int column)
{
	struct level *level = app_level(app);
	struct view  *v = app_view(app);
	struct list  *l = &v->list;

	if (app->prompt.open || app->picker || app->choosing)
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

	if (!app->prompt.open && !app->picker && !app->choosing && v->kind->click)
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
	if (app->choosing) {
		column_picker_press(app, press);
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
