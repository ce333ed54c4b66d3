/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/tui.h"

#include "tui/app.h"
#include "tui/terminal.h"

/* While results stream in, the screen is drawn this often at most. */
#define STREAM_MS 50
/* While an import goes on, the case is looked at this often; otherwise nothing ticks. */
#define WATCH_MS 1000

static bool
run_script(struct app *app, const struct tui_setup *setup, struct err *err)
{
	struct text script = text_of(setup->script);
	uint32_t    press;

	screen_resize(&app->screen, setup->rows ? setup->rows : 24,
		      setup->columns ? setup->columns : 80);
	app_draw(app);
	for (;;) {
		while (app_results(app))
			worker_wait(app->worker);
		app_draw(app);
		if (!script.n || app->quit)
			break;
		if (!keys_next(&script, &press, err))
			return false;
		app_press(app, press);
		app_draw(app);
	}
	if (setup->dump)
		screen_dump(&app->screen, setup->dump);
	return true;
}

static void
click(struct app *app, const struct terminal *term)
{
	int row, column;

	terminal_click(term, &row, &column);
	app_click(app, row, column);
}

static void
take_keys(struct app *app, struct terminal *term, bool *resized)
{
	uint32_t press;

	/* All that waits, then one drawing: held keys never run behind. */
	while (!app->quit && (press = terminal_key(term)) != PRESS_NONE) {
		if (press == PRESS_RESIZE)
			*resized = true;
		else if (press == PRESS_CLICK)
			click(app, term);
		else
			app_press(app, press);
		view_load(app, app_view(app));
	}
}

static void
show(struct app *app, struct terminal *term)
{
	app_draw(app);
	if (app->restyle)
		terminal_wear(term, &app->settings.theme);
	app->restyle = false;
	if (app->redraw)
		terminal_redraw(term);
	app->redraw = false;
	terminal_mouse(term, app->mouse);
	terminal_show(term, &app->screen);
	if (app->clipboard.n)
		terminal_copy(term, app->clipboard);
	app->clipboard = TEXT_NONE;
}

static bool
run_terminal(struct app *app, const struct tui_setup *setup, struct err *err)
{
	struct terminal *term = terminal_open(setup->no_colour, err);
	bool             resized = true, alive = true, busy = false;
	int              rows, columns;

	if (!term)
		return false;
	app->screen.ascii = setup->ascii || terminal_is_ascii(term);
	while (alive && !app->quit) {
		if (resized) {
			terminal_size(term, &rows, &columns);
			screen_resize(&app->screen, setup->rows ? setup->rows : rows,
				      setup->columns ? setup->columns : columns);
			resized = false;
		}
		show(app, term);
		/* Results may wait a moment for each other, a key never waits. */
		if (busy)
			alive = terminal_wait(-1, STREAM_MS);
		alive = alive && terminal_wait(worker_descriptor(app->worker),
					       app->info.unfinished ? WATCH_MS : -1);
		take_keys(app, term, &resized);
		busy = app_results(app);
		if (app->info.unfinished)
			app_watch(app);
	}
	terminal_close(term);
	return true;
}

bool
tui_run(const struct tui_setup *setup, struct err *err)
{
	struct app app;
	bool       good;

	if (!app_open(&app, setup, err))
		return false;
	good = setup->script ? run_script(&app, setup, err) : run_terminal(&app, setup, err);
	app_close(&app);
	return good;
}
