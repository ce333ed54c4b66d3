/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tests/tap.h"
#include "tui/app.h"
#include "tui/chrome.h"
#include "tui/keys.h"

static const struct view_kind *const kinds[] = {
	&view_hosts,  &view_users,    &view_findings, &view_risk,   &view_events, &view_timeline,
	&view_ledger, &view_evidence, &view_finding,  &view_event,  &view_search, &view_rule,
	&view_help,   &view_drilldowns, &view_processes, &view_attack, &view_messages,
};
#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

static void
a_key_has_one_meaning_on_a_screen(void)
{
	for (size_t i = 0; i < N_KINDS; i++) {
		unsigned    keys = kinds[i]->keys | KEYS_ALWAYS | KEYS_TABS | KEYS_PANES;
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
		ok(clashes == 0, "%s: no key means two things", kinds[i]->name);
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
	struct app   app = { .n_levels = 1 };
	struct arena keep = arena_open(1 << 20);

	for (size_t i = 0; i < N_KINDS; i++) {
		struct view v = { .kind = kinds[i] };
		struct text narrow = chrome_hints(&app, &v, 78, &keep);
		struct text tiny = chrome_hints(&app, &v, 12, &keep);
		int         strange = 0;

		ok(narrow.n <= 78, "%s: the hint line fits 80 columns", kinds[i]->name);
		ok(text_find(narrow, TEXT("? help")) != TEXT_NOWHERE &&
		       text_find(tiny, TEXT("? help")) != TEXT_NOWHERE,
		   "%s: ? help is always there", kinds[i]->name);
		for (const enum action *a = kinds[i]->hints; *a != ACTION_NONE; a++)
			strange += !(keys_line(*a)->where & (kinds[i]->keys | KEYS_ALWAYS));
		ok(strange == 0, "%s: hints name keys that work there", kinds[i]->name);
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
