/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/command.h"

#include "tui/filter.h"

/* Commands that take words behind them. */
static const char *const with_words[] = { "filter", "host", "search" };

/* "sort-left" of SORT_LEFT. */
static struct text
command_name(const struct key_line *line, struct arena *keep)
{
	struct text name = arena_copy(keep, text_of(line->name));
	char       *p = arena_new(keep, char, name.n + 1);

	text_fold(p, name);
	for (size_t i = 0; i < name.n; i++)
		if (p[i] == '_')
			p[i] = '-';
	return (struct text){ p, name.n };
}

static size_t
all_names(struct app *app, struct text *out, size_t cap)
{
	const struct level *root = app->levels[0];
	size_t              n = 0;

	for (size_t i = 0; i < sizeof(with_words) / sizeof(with_words[0]) && n < cap; i++)
		out[n++] = text_of(with_words[i]);
	for (int i = 0; i < root->n_views && n < cap; i++)
		out[n++] = text_of(root->views[i].kind->name);
	for (const struct key_line *l = keys_table(); l->action != ACTION_NONE && n < cap; l++)
		if ((l->where & app_keys(app)) && l->action != ACTION_SEARCH)
			out[n++] = command_name(l, &app->frame);
	return n;
}

#define NAMES_MAX 128

/* The one name that WORD is or begins; absent: none or several, which ERR tells. */
static struct text
resolve(struct app *app, struct text word, struct err *err)
{
	struct text names[NAMES_MAX], found = TEXT_NONE;
	size_t      n = all_names(app, names, NAMES_MAX);

	for (size_t i = 0; i < n; i++)
		if (text_ieq(names[i], word))
			return names[i];
	for (size_t i = 0; i < n; i++) {
		if (!text_istarts(names[i], word))
			continue;
		if (!text_absent(found)) {
			err_set(err, ERR_USAGE, "\"" TEXT_FMT "\" may be " TEXT_FMT " or " TEXT_FMT,
				TEXT_ARG(word), TEXT_ARG(found), TEXT_ARG(names[i]));
			return TEXT_NONE;
		}
		found = names[i];
	}
	if (text_absent(found))
		err_set(err, ERR_USAGE, "no command is called " TEXT_FMT " (Tab lists, ? helps)",
			TEXT_ARG(word));
	return found;
}

static void
run_words(struct app *app, struct text name, struct text words, struct err *err)
{
	if (text_eq(name, TEXT("filter")))
		filter_set_word(app, words, err);
	else if (text_eq(name, TEXT("host")))
		open_host(app, words);
	else
		open_search(app, words);
}

static void
run_name(struct app *app, struct text name)
{
	struct level *root = app->levels[0];

	for (int i = 0; i < root->n_views; i++) {
		if (text_eq(name, text_of(root->views[i].kind->name))) {
			while (app->n_levels > 1)
				app_back(app);
			app_tab(app, i);
			return;
		}
	}
	for (const struct key_line *l = keys_table(); l->action != ACTION_NONE; l++) {
		if (text_eq(command_name(l, &app->frame), name) && (l->where & app_keys(app))) {
			app_act(app, l->action);
			return;
		}
	}
}

void
command_run(struct app *app, struct text line)
{
	struct text words = text_trim(line), word, name;
	struct err  err = { 0 };
	uint64_t    row;

	if (!words.n)
		return;
	word = text_cut(&words, ' ');
	words = text_trim(words);
	if (text_to_u64(word, &row) && app_view(app)->list.n_columns) {
		list_move_to(&app_view(app)->list, row ? (size_t)row - 1 : 0);
		return;
	}
	name = resolve(app, word, &err);
	if (!text_absent(name)) {
		bool takes = false;

		for (size_t i = 0; i < sizeof(with_words) / sizeof(with_words[0]); i++)
			takes |= text_eq(name, text_of(with_words[i]));
		if (!takes)
			run_name(app, name);
		else if (words.n)
			run_words(app, name, words, &err);
		else
			err_set(&err, ERR_USAGE, TEXT_FMT " needs a word behind it",
				TEXT_ARG(name));
	}
	if (err.kind)
		app_complain(app, &err);
}

void
command_complete(struct app *app, struct text line)
{
	struct err  err = { 0 };
	struct text name;

	if (!line.n || text_find_byte(line, ' ') != TEXT_NOWHERE)
		return;
	name = resolve(app, line, &err);
	if (text_absent(name))
		app_complain(app, &err);
	else
		prompt_set(&app->prompt, name);
}
