/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The file of keys and colours: what holds, what is refused and where, and that no key ever means
 * two things on a screen.
 */
#include "config.h"

#include <stdlib.h>
#include <unistd.h>

#include "tests/tap.h"
#include "tui/app.h"

struct read_file {
	struct settings settings;
	struct err      errors[16];
	size_t          n;
};

static void
keep_error(void *ctx, const struct err *err)
{
	struct read_file *r = ctx;

	if (r->n < 16)
		r->errors[r->n] = *err;
	r->n++;
}

static void
read_text(struct read_file *r, const char *text)
{
	char  path[] = "/tmp/auger-settings-XXXXXX";
	int   fd = mkstemp(path);
	FILE *out = fdopen(fd, "w");

	fputs(text, out);
	fclose(out);
	*r = (struct read_file){ 0 };
	settings_begin(&r->settings);
	settings_read(&r->settings, path, keep_error, r);
	unlink(path);
}

static bool
refused_at(const struct read_file *r, size_t i, const char *line, const char *word)
{
	bool right = i < r->n && text_iends(text_of(r->errors[i].where), text_of(line)) &&
		     text_find(text_of(r->errors[i].what), text_of(word)) != TEXT_NOWHERE;

	if (!right && i < r->n)
		printf("# %s: %s\n", r->errors[i].where, r->errors[i].what);
	return right;
}

static enum action
meaning(const struct read_file *r, const struct view_kind *kind, const char *key)
{
	uint32_t press;

	if (!keys_parse(text_of(key), &press))
		return ACTION_COUNT;
	return keymap_find(&r->settings.keys, kind->name, press,
			   kind->keys | KEYS_ALWAYS | KEYS_TABS | KEYS_PANES);
}

static void
keys_of_the_user_hold(void)
{
	struct read_file r;
	struct arena     keep = arena_open(1 << 20);

	read_text(&r, "# mine\n\nhosts x export\nall  Ctrl-E export # everywhere\nevents e none\n");
	ok(r.n == 0, "a right file has no errors");
	ok(meaning(&r, &view_hosts, "x") == ACTION_EXPORT, "a key for one screen");
	ok(meaning(&r, &view_findings, "x") != ACTION_EXPORT, "means nothing on another");
	ok(meaning(&r, &view_event, "Ctrl-E") == ACTION_EXPORT, "a key for all screens");
	ok(meaning(&r, &view_events, "e") == ACTION_NONE && meaning(&r, &view_hosts, "e") == ACTION_EXPORT,
	   "none takes a key off on its screen only");
	ok(meaning(&r, &view_hosts, "j") == ACTION_DOWN, "other keys are as ever");
	ok(text_eq(keymap_keys(&r.settings.keys, "hosts", keys_line(ACTION_EXPORT), &keep),
		   TEXT("x Ctrl-E e")),
	   "help names the user's keys first");
	ok(text_eq(keymap_keys(&r.settings.keys, "events", keys_line(ACTION_EXPORT), &keep),
		   TEXT("Ctrl-E")),
	   "and not those that were taken off");
	arena_close(&keep);
}

static void
two_meanings_are_refused(void)
{
	struct read_file r;

	read_text(&r, "hosts x export\nhosts x search\n");
	ok(r.n == 1 && refused_at(&r, 0, ":2", "of line 1"), "twice on a screen: refused, with both lines");
	ok(meaning(&r, &view_hosts, "x") == ACTION_EXPORT, "the first one holds");
	read_text(&r, "all x narrow\nall x find\n");
	ok(r.n == 0 && meaning(&r, &view_hosts, "x") == ACTION_NARROW &&
	       meaning(&r, &view_event, "x") == ACTION_FIND,
	   "two commands that never meet may share a key");
	read_text(&r, "all x export\nall x narrow\n");
	ok(r.n == 1 && refused_at(&r, 0, ":2", "of line 1"), "two that meet may not");
	read_text(&r, "all x export\nhosts x search\n");
	ok(r.n == 0 && meaning(&r, &view_hosts, "x") == ACTION_SEARCH &&
	       meaning(&r, &view_users, "x") == ACTION_EXPORT,
	   "one screen may differ from all");
}

static void
wrong_lines_are_named_and_left_out(void)
{
	struct read_file r;

	read_text(&r, "hotss e export\nhosts Hyper-E export\nhosts e exprot\nhosts x raw\n"
		      "hosts e\ntheme pink\ncolour crit blod\ncolour sky blue\nall F5 search\n");
	ok(r.n == 8, "every wrong line is an error");
	ok(refused_at(&r, 0, ":1", "hotss") && refused_at(&r, 1, ":2", "Hyper-E") &&
	       refused_at(&r, 2, ":3", "exprot") && refused_at(&r, 3, ":4", "no command raw") &&
	       refused_at(&r, 4, ":5", "SCREEN KEY COMMAND") && refused_at(&r, 5, ":6", "pink") &&
	       refused_at(&r, 6, ":7", "blod") && refused_at(&r, 7, ":8", "sky"),
	   "with its number and the word that is wrong");
	ok(meaning(&r, &view_hosts, "F5") == ACTION_SEARCH, "the right ones hold");
}

static void
colours_are_the_users_over_the_theme(void)
{
	struct read_file r;
	struct err       err = { 0 };
	struct look      crit, high;

	read_text(&r, "colour crit bold white on #aa0000\ntheme light\ncolour high 208\n");
	crit = r.settings.theme.looks[ROLE_CRIT];
	high = r.settings.theme.looks[ROLE_HIGH];
	ok(r.n == 0 && crit.fg == 7 && crit.bg == (COLOUR_RGB | 0xaa0000) && crit.attributes == LOOK_BOLD,
	   "attributes, colour and ground");
	ok(strcmp(r.settings.theme.name, "light") == 0 && high.fg == 208,
	   "whatever the order of theme and colours");
	ok(settings_theme(&r.settings, TEXT("dark"), &err) &&
	       r.settings.theme.looks[ROLE_CRIT].bg == (COLOUR_RGB | 0xaa0000),
	   "another theme leaves them");
	ok(colour_for(crit.bg, crit.bg8, 8) == 1, "in 8 colours the nearest");
	ok(colour_for(crit.bg, crit.bg8, 256) == 124, "in 256 the nearest");
	ok(colour_for(crit.bg, crit.bg8, 1 << 24) == 0xaa0000, "in 24 bits itself");
	ok(colour_for(208, 3, 16) == 3 && colour_for(-1, -1, 256) == COLOUR_DEFAULT,
	   "a palette colour needs the palette; the default stays the default");
}

static void
no_theme_says_anything_by_colour_alone(void)
{
	const struct theme *mono = theme_find(TEXT("mono"));
	int                 coloured = 0;

	for (int i = 0; i < ROLE_COUNT; i++)
		coloured += mono->looks[i].fg >= 0 || mono->looks[i].bg >= 0;
	ok(coloured == 0, "mono has no colours");
	ok(mono->looks[ROLE_MATCH].attributes && mono->looks[ROLE_HEAD].attributes,
	   "but tells matches and headings apart");
}

static void
the_template_is_a_right_file(void)
{
	struct read_file r;
	char            *text = NULL;
	size_t           n = 0;
	FILE            *out = open_memstream(&text, &n);
	char             uncommented[1 << 16];
	size_t           at = 0;

	settings_print(out);
	fclose(out);
	read_text(&r, text);
	ok(r.n == 0 && r.settings.keys.n == 0, "as it is it changes nothing");
	/* every remark that is a line of keys becomes one */
	for (struct text rest = { text, n }; rest.n;) {
		struct text line = text_cut(&rest, '\n');

		if (text_starts(line, TEXT("#all ")))
			at += (size_t)snprintf(uncommented + at, sizeof(uncommented) - at,
					       TEXT_FMT "\n", TEXT_ARG(text_from(line, 1)));
	}
	read_text(&r, uncommented);
	for (size_t i = 0; i < r.n && i < 16; i++)
		printf("# %s: %s\n", r.errors[i].where, r.errors[i].what);
	ok(r.n == 0 && r.settings.keys.n > 60, "with all its lines in force nothing clashes");
	free(text);
}

int
main(void)
{
	keys_of_the_user_hold();
	two_meanings_are_refused();
	wrong_lines_are_named_and_left_out();
	colours_are_the_users_over_the_theme();
	no_theme_says_anything_by_colour_alone();
	the_template_is_a_right_file();
	return done_testing();
}
