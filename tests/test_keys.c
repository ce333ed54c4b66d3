/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of keys: one meaning on a screen, hints that fit. */
#include "config.h"

#include "tests/tap.h"
#include "tui/app.h"
#include "tui/chrome.h"
#include "tui/keys.h"

static void
a_key_has_one_meaning_on_a_screen(void)
{
	for (size_t i = 0; view_kinds[i]; i++) {
		unsigned    keys = view_kinds[i]->keys | KEYS_ALWAYS | KEYS_TABS | KEYS_PANES;
		enum action owner[PRESS_RESIZE + 1 - PRESS_NONE + 256] = { ACTION_NONE };
		int         clashes = 0;

		for (const struct key_line *l = keys_table(); l->action != ACTION_NONE; l++) {
			struct text names = text_of(l->keys);

			while ((l->where & keys) && !text_absent(names)) {
				struct text name = text_cut(&names, ' ');
				uint32_t    press = 0;
				bool        known = keys_parse(name, &press);
				size_t      at = press < 256 ? press : press - PRESS_NONE + 256;

				if (!known || owner[at] != ACTION_NONE) {
					printf("# %s: " TEXT_FMT "\n", l->name, TEXT_ARG(name));
					clashes++;
				}
				owner[at] = l->action;
			}
		}
		ok(clashes == 0, "%s: no key means two things", view_kinds[i]->name);
	}
}

static void
every_key_is_explained(void)
{
	int silent = 0;

	for (const struct key_line *l = keys_table(); l->action != ACTION_NONE; l++)
		silent += !l->help[0] || !l->word[0] || !l->keys[0];
	ok(silent == 0, "every key has a word and a line of help");
}

static void
hints_fit_and_name_help(void)
{
	struct tui_setup setup = { .case_path = "x.auger" };
	struct app       app = { .setup = &setup, .n_levels = 1 };
	struct arena     keep = arena_open(1 << 20);

	for (size_t i = 0; view_kinds[i]; i++) {
		struct view v = { .kind = view_kinds[i] };
		struct text narrow = chrome_hints(&app, &v, 78, &keep);
		struct text tiny = chrome_hints(&app, &v, 12, &keep);
		int         strange = 0;

		ok(narrow.n <= 78, "%s: the hint line fits 80 columns", view_kinds[i]->name);
		ok(text_find(narrow, TEXT("? help")) != TEXT_NOWHERE &&
		       text_find(tiny, TEXT("? help")) != TEXT_NOWHERE,
		   "%s: ? help is always there", view_kinds[i]->name);
		for (const enum action *a = view_kinds[i]->hints; *a != ACTION_NONE; a++)
			strange += !(keys_line(*a)->where & (view_kinds[i]->keys | KEYS_ALWAYS));
		ok(strange == 0, "%s: hints name keys that work there", view_kinds[i]->name);
	}
	arena_close(&keep);
}

static void
scripts_are_read_key_by_key(void)
{
	struct text script = TEXT("j<Enter><lt><Ctrl-D>\xc3\xa9");
	uint32_t    want[] = { 'j', PRESS_ENTER, '<', 4, 0xe9 }, press;
	struct err  err = { 0 };

	for (size_t i = 0; i < 5; i++)
		ok(keys_next(&script, &press, &err) && press == want[i], "key %zu of a script",
		   i + 1);
	script = TEXT("<Nonsense>");
	ok(!keys_next(&script, &press, &err) && err.kind == ERR_USAGE,
	   "an unknown key name is said");
}

int
main(void)
{
	a_key_has_one_meaning_on_a_screen();
	every_key_is_explained();
	hints_fit_and_name_help();
	scripts_are_read_key_by_key();
	return done_testing();
}
