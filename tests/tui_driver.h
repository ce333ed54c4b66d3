/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tui_driver.h - the screens of a case under a test's fingers: keys typed, what stands there read.
 */
#ifndef AUGER_TESTS_TUI_DRIVER_H
#define AUGER_TESTS_TUI_DRIVER_H

#include "tests/screen_cases.h"
#include "tui/app.h"
#include "tui/filter.h"
#include "tui/trial.h"

__attribute__((unused)) static struct app
open_case(const struct screen_case *c, const struct tui_setup *setup)
{
	struct app app;
	struct err err = { 0 };

	(void)c;
	if (!app_open(&app, setup, &err)) {
		printf("# %s\n", err.what);
		abort();
	}
	app_resize(&app, 24, 80);
	app_draw(&app);
	return app;
}

__attribute__((unused)) static void
type(struct app *app, const char *keys)
{
	struct text script = text_of(keys);
	uint32_t    press;
	struct err  err = { 0 };

	while (script.n && keys_next(&script, &press, &err)) {
		app_press(app, press);
		app_draw(app); /* reads what has not been read yet */
		while (app_results(app))
			worker_wait(app->worker);
		for (trial_step(app, true); trial_results(app); trial_step(app, true))
			trial_wait(app);
		app_draw(app);
	}
}

__attribute__((unused)) static const char *
here(const struct app *app)
{
	return app_view(app)->kind->name;
}

/* The chips as words: "host=WS-07\n". */
__attribute__((unused)) static struct text
chips(struct app *app)
{
	return filter_words(app, &app->keep);
}

__attribute__((unused)) static bool
has_chip(struct app *app, const char *head)
{
	return text_starts(chips(app), text_of(head));
}

__attribute__((unused)) static size_t
rows_shown(struct app *app)
{
	return app_view(app)->list.table.shown;
}

__attribute__((unused)) static bool
shows(struct app *app, const char *what)
{
	char  *text = NULL;
	size_t n = 0;
	FILE  *out = open_memstream(&text, &n);
	bool   found;

	app_draw(app);
	screen_dump(&app->screen, out);
	fclose(out);
	found = text_find((struct text){ text, n }, text_of(what)) != TEXT_NOWHERE;
	free(text);
	return found;
}

/* The small case, in the folder that the test then works in. */
__attribute__((unused)) static struct tui_setup
small_case(struct screen_case *c)
{
	screen_case_begin(c, "small");
	make_small(c);
	screen_case_end(c);
	if (chdir(c->file.folder) != 0)
		abort();
	return (struct tui_setup){ .case_path = "small.auger", .rules = c->rules, .script = "" };
}

#endif
