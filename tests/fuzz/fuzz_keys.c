/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keys at the screen of a small case, each byte one: ASCII as typed, from 0x80 the special keys,
 * from 0xc0 sizes of the screen. As with fast typing not every key is drawn before the next comes:
 * the last is, and every third before it. No cell may hold what drives a terminal.
 */
#include "config.h"

#include <dirent.h>
#include <fcntl.h>

#include "base/visible.h"
#include "tests/fuzz/fuzz_case.h"
#include "tui/app.h"

#define KEYS_MAX       60
#define KEYS_A_DRAWING 3

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void
look_at_screen(struct app *app)
{
	const struct screen *s = &app->screen;

	app_draw(app);
	for (int i = 0; i < s->rows * s->columns; i++)
		if (s->cells[i].width && code_hostile(s->cells[i].code))
			abort();
}

static void
press(struct app *app, uint8_t key)
{
	if (key >= 0xc0)
		screen_resize(&app->screen, 1 + (key & 7) * 8, 1 + (key >> 3 & 7) * 30);
	else if (key >= 0x80)
		app_press(app, PRESS_NONE + 1 + (key & 0x3f) % (PRESS_RESIZE - PRESS_NONE - 1));
	else if (key == 27)
		app_press(app, PRESS_ESCAPE);
	else
		app_press(app, key);
	app->quit = false;
}

/* What was exported. */
static void
sweep(void)
{
	DIR *d = opendir(".");

	for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d))
		if (e->d_name[0] != '.')
			unlink(e->d_name);
	if (d)
		closedir(d);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const struct fuzz_case *base = &fuzz_base;
	struct tui_setup        setup = { .script = "" };
	struct app              app;
	struct err              err = { 0 };
	int                     home = open(".", O_RDONLY | O_DIRECTORY);

	fuzz_case_make();
	if (home < 0 || chdir(base->made.file.folder) != 0)
		abort();
	sweep();
	fuzz_case_put(base->bytes, base->n);
	setup.case_path = strrchr(base->made.file.path, '/') + 1;
	setup.rules = base->made.rules;
	if (!app_open(&app, &setup, &err))
		abort();
	screen_resize(&app.screen, 24, 80);
	if (n > KEYS_MAX)
		n = KEYS_MAX;
	for (size_t i = 0; i < n; i++) {
		press(&app, p[i]);
		while (app_results(&app))
			worker_wait(app.worker);
		if ((n - 1 - i) % KEYS_A_DRAWING == 0)
			look_at_screen(&app);
	}
	app_close(&app);
	if (fchdir(home) != 0)
		abort();
	close(home);
	return 0;
}
