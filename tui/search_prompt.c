/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/search_prompt.h"

#include "rules/complete.h"
#include "tui/values.h"

static const struct text *
past_searches(struct app *app, size_t *n)
{
	*n = app->n_past;
	return app->past;
}

static void
remember(struct app *app, struct text text)
{
	size_t cap = sizeof(app->past) / sizeof(app->past[0]);

	if (app->n_past && text_eq(app->past[app->n_past - 1], text))
		return;
	if (app->n_past == cap) {
		memmove(&app->past[0], &app->past[1], (cap - 1) * sizeof(app->past[0]));
		app->n_past--;
	}
	app->past[app->n_past++] = arena_copy(&app->keep, text);
}

static void
search_done(struct app *app, struct text text)
{
	text = text_trim(text);
	if (!text.n)
		return;
	remember(app, text);
	open_search(app, text);
	if (app->message_bad) /* the text stays, to be put right */
		search_prompt_open(app, text);
	if (app->prompt.open && app->wrong_column && app->wrong_column <= app->prompt.n)
		app->prompt.at = app->wrong_column - 1;
}

/* Candidates of one kind are headed by it, others say it each. */
static void
suggest_candidates(struct app *app, struct text text, size_t at, struct popup *out)
{
	struct complete_env env = { .search = open_search_env(app),
				    .fields = app->fields,
				    .n_fields = app->n_fields };
	struct completion   c;
	bool                same = true;

	complete(&c, out->keep, text, at, &env);
	out->from = c.from;
	out->to = c.to;
	for (size_t i = 1; i < c.n; i++)
		same &= c.items[i].kind == c.items[0].kind;
	for (size_t i = 0; i < c.n; i++) {
		struct text help = c.items[i].help;

		popup_add(out, c.items[i].insert,
			  help.n  ? help
			  : !same ? text_of(completes_name(c.items[i].kind))
				  : TEXT_NONE);
	}
	if (c.n)
		out->title = same ? arena_printf(out->keep, "%ss", completes_name(c.items[0].kind))
				  : TEXT("fields and more");
	else if (out->wrong_at != TEXT_NOWHERE)
		out->title = TEXT("wrong");
	popup_advise(out, c.synopsis);
}

/* What the compiler says of the text. Where the word at the cursor is the one that is wrong, it is
 * only not finished. */
static void
judge(struct app *app, struct text text, size_t at, struct popup *out)
{
	struct search *search;
	struct err     err = { 0 };
	size_t         column = 0, word = at;

	if (!text_trim(text).n)
		return;
	if (app->late) {
		out->verdict = TEXT("rules and their macros are being loaded");
		return;
	}
	if (open_compile(app, &search, out->keep, text, &column, &err)) {
		struct text reservation = search_reservation(search);

		out->verdict = reservation.n
				   ? arena_printf(out->keep, "valid; unlike Splunk: " TEXT_FMT,
						  TEXT_ARG(reservation))
				   : TEXT("valid");
		return;
	}
	while (word > 0 && text.p[word - 1] != ' ')
		word--;
	if (column && column - 1 < word && column <= text.n) {
		out->wrong_at = column - 1;
		popup_advise(out, arena_copy(out->keep, text_of(err.what)));
	}
	out->verdict = column ? arena_printf(out->keep, "column %zu: %s", column, err.what)
			      : arena_copy(out->keep, text_of(err.what));
}

static void
search_suggest(struct app *app, struct text text, size_t at, struct popup *out)
{
	judge(app, text, at, out);
	if (!values_in_search(app, text, at, out))
		suggest_candidates(app, text, at, out);
}

#define HISTORY_SHOWN 10
#define FIELDS_MOST   20000

static void
draw_blank(struct app *app, struct area a)
{
	static const char *const examples[] = {
		"EventCode=4104 ScriptBlockText=\"*Invoke-WmiMethod*\"",
		"EventCode=4688 New_Process_Name=\"*\\\\powershell.exe\" earliest=-24h",
		"EventCode IN (4624, 4625) | stats count by Computer user",
		"EventCode=4104 | stats count min(_time) max(_time) by Computer",
		"Invoke-WmiMethod OR wevtutil | table _time Computer EventCode",
	};
	static const char *const to_know[] = {
		"Times in a search are UTC; relative ones count from the end of the case.",
		"The search obeys the filter.",
	};
	struct screen *s = &app->screen;
	int            row = a.row, end = a.row + a.rows;

	if (app->n_past && row < end)
		screen_put(s, row++, 2, a.columns - 2, TEXT("HISTORY   Up brings one back"),
			   ROLE_HEAD);
	for (size_t i = 0; i < app->n_past && i < HISTORY_SHOWN && row < end; i++)
		screen_put(s, row++, 4, a.columns - 4, app->past[app->n_past - 1 - i], ROLE_TEXT);
	row += app->n_past > 0;
	if (row < end)
		screen_put(s, row++, 2, a.columns - 2, TEXT("EXAMPLES"), ROLE_HEAD);
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]) && row < end; i++)
		screen_put(s, row++, 4, a.columns - 4, text_of(examples[i]), ROLE_TEXT);
	for (size_t i = 0; i < 2 && row + 1 < end; i++, row++)
		screen_put(s, row + 1, 2, a.columns - 2, text_of(to_know[i]), ROLE_DIM);
}

void
search_prompt_open(struct app *app, struct text start)
{
	prompt_open(&app->prompt, "search", "Enter runs", arena_copy(&app->frame, start));
	values_forget(app);
	app->n_fields = query_fields(app->cf, FIELDS_MOST, &app->field_arena, &app->fields);
	app->prompt.done = search_done;
	app->prompt.suggest = search_suggest;
	app->prompt.past = past_searches;
	app->prompt.blank = draw_blank;
}
