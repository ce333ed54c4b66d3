/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A monkey at the keyboard: keys and sizes at random, the same ones on every run. AUGER_MONKEY
 * says how many keys (default 3000). Nothing may crash, and no key may take evidence away.
 */
#include "config.h"

#include <dirent.h>

#include "base/visible.h"
#include "tests/screen_cases.h"
#include "tui/app.h"
#include "tui/trial.h"

static uint32_t
roll(uint32_t *state, uint32_t n)
{
	*state = *state * 1664525 + 1013904223;
	return (*state >> 8) % n;
}

static uint32_t
any_key(uint32_t *state)
{
	static const char often[] = "jjjkkk\n\n\n\n1234567][qq/nNcX+us?<>rpRdoxTzZ}{Gg bhlte\t"
				    ":fCUIi-vamM\t\t|=";
	uint32_t          which = roll(state, 100);

	if (which < 75)
		return (unsigned char)often[roll(state, sizeof(often) - 1)];
	if (which < 85)
		return PRESS_ESCAPE;
	if (which < 90)
		return PRESS_NONE + 1 + roll(state, PRESS_RESIZE - PRESS_NONE - 1);
	if (which < 95)
		return roll(state, 128);
	return roll(state, 0x11000) + 0xa0;
}

static void
resize(struct app *app, uint32_t *state)
{
	static const int sizes[][2] = { { 24, 80 }, { 40, 120 }, { 5, 20 },    { 10, 40 },
					{ 1, 1 },   { 2, 3 },    { 100, 300 }, { 15, 60 } };
	const int       *size = sizes[roll(state, 8)];

	if (roll(state, 2))
		screen_resize(&app->screen, size[0], size[1]);
	else
		screen_resize(&app->screen, 1 + (int)roll(state, 100), 1 + (int)roll(state, 300));
}

static bool
screen_is_clean(const struct screen *s)
{
	for (int i = 0; i < s->rows * s->columns; i++) {
		if (s->cells[i].width && code_hostile(s->cells[i].code)) {
			printf("# cell %d holds U+%04X\n", i, (unsigned)s->cells[i].code);
			return false;
		}
	}
	if (s->cursor_row >= 0 && s->cursor_row < s->rows && s->cursor_column >= 0 &&
	    s->cursor_column < s->columns)
		return true;
	printf("# cursor at %d,%d of %dx%d\n", s->cursor_row, s->cursor_column, s->rows,
	       s->columns);
	return false;
}

static void
play(const struct screen_case *c, uint32_t seed, long keys)
{
	struct tui_setup setup = { .case_path = strrchr(c->file.path, '/') + 1,
				   .rules = c->rules,
				   .script = "" };
	struct app       app;
	struct err       err = { 0 };
	uint32_t         state = seed;
	bool             clean = true;

	if (!ok(app_open(&app, &setup, &err), "the case opens"))
		return;
	screen_resize(&app.screen, 24, 80);
	app.screen.ascii = seed % 2;
	for (long i = 0; i < keys && clean; i++) {
		if (roll(&state, 40) == 0)
			resize(&app, &state);
		app_press(&app, any_key(&state));
		app.quit = false;
		if (roll(&state, 3) == 0)
			app_results(&app);
		if (roll(&state, 3) == 0)
			trial_results(&app);
		trial_step(&app, roll(&state, 3) == 0);
		if (roll(&state, 4) == 0) {
			app_draw(&app);
			clean = screen_is_clean(&app.screen);
		}
	}
	ok(clean, "%ld keys from seed %u: the screen is sound", keys, (unsigned)seed);
	app_close(&app);
}

static void
count_events(const struct screen_case *c, uint64_t want)
{
	struct casefile *cf;
	struct case_info info = { 0 };
	struct err       err = { 0 };
	struct arena     keep = arena_open(1 << 20);

	casefile_open(&cf, c->file.path, CASEFILE_READ, 0, &err);
	casefile_info(cf, &keep, &info, &err);
	ok(info.events == want && info.findings > 0, "events and findings are all still there");
	casefile_close(cf);
	arena_close(&keep);
}

static void
sweep(const char *folder)
{
	DIR *d = opendir(folder);

	for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d))
		if (!text_iends(text_of(e->d_name), TEXT(".auger")) && e->d_name[0] != '.')
			unlink(e->d_name);
	if (d)
		closedir(d);
}

int
main(void)
{
	const char        *wish = getenv("AUGER_MONKEY");
	long               keys = wish ? strtol(wish, NULL, 10) : 3000;
	struct screen_case cases[2];

	for (int i = 0; i < 2; i++) {
		screen_case_begin(&cases[i], i ? "hostile" : "small");
		(i ? make_hostile : make_small)(&cases[i]);
		screen_case_end(&cases[i]);
	}
	for (int i = 0; i < 2; i++) {
		if (chdir(cases[i].file.folder) != 0)
			return 1;
		for (uint32_t seed = 1; seed <= 4; seed++)
			play(&cases[i], seed, keys / 4);
		sweep(".");
		count_events(&cases[i], i ? 2 : 120);
	}
	for (int i = 0; i < 2; i++)
		screen_case_done(&cases[i]);
	return done_testing();
}
