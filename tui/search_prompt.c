/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/search_prompt.h"

#include "rules/complete.h"
#include "tui/history.h"
#include "tui/trial.h"
#include "tui/values.h"

static void
search_done(struct app *app, struct text text)
{
	trial_end(app);
	text = text_trim(text);
	if (!text.n)
		return;
	open_search(app, text);
	if (!app->message_bad)
		history_add(app, text);
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

/* Where else to read about it is said to those at a shell; here ? and Tab are nearer. */
static struct text
without_shell(struct text what)
{
	return text_head(what, text_find(what, TEXT(" (see: auger ")));
}

/* A string that is still being typed. */
static bool
is_open_string(struct text text, size_t quote)
{
	return text.p[quote] == '"' && text_find_byte(text_from(text, quote + 1), '"') == TEXT_NOWHERE;
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
	if (column && column - 1 < word && column <= text.n && !is_open_string(text, column - 1))
		out->wrong_at = column - 1;
	else if (trial_waits(app))
		return;
	out->place = column && column - 1 <= text.n ? column - 1 : TEXT_NOWHERE;
	out->verdict = arena_copy(out->keep, without_shell(text_of(err.what)));
}

static void
search_suggest(struct app *app, struct text text, size_t at, struct popup *out)
{
	judge(app, text, at, out);
	if (!values_in_search(app, text, at, out))
		suggest_candidates(app, text, at, out);
}

#define FIELDS_MOST   20000

static void
draw_examples(struct app *app, struct area a)
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

	if (row < end)
		screen_put(s, row++, 2, a.columns - 2, TEXT("EXAMPLES"), ROLE_HEAD);
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]) && row < end; i++)
		screen_put(s, row++, 4, a.columns - 4, text_of(examples[i]), ROLE_TEXT);
	for (size_t i = 0; i < 2 && row + 1 < end; i++, row++)
		screen_put(s, row + 1, 2, a.columns - 2, text_of(to_know[i]), ROLE_DIM);
}

/* Rows of what is typed; until there are any, what was asked before. */
static bool
draw_beside(struct app *app, struct area a)
{
	const struct prompt *p = &app->prompt;
	struct text          text = { p->text, p->n };
	int                  used;

	if (!p->history && p->n && trial_draw(app, a))
		return true;
	if (!p->history && p->n && text_eq(text, (struct text){ p->begun, p->n_begun }))
		return false;
	used = history_draw(app, a, p->history ? prompt_needle(p, &app->frame) : TEXT(""), p->history);
	if (used && !p->history)
		used++;
	if (!p->history)
		draw_examples(app, (struct area){ a.row + used, a.column, a.rows - used, a.columns });
	return true;
}

static void
search_changed(struct app *app, struct text text)
{
	/* of earlier ones it is known what they gave */
	trial_changed(app, app->prompt.history ? TEXT("") : text);
}

static void
search_given_up(struct app *app, struct text text)
{
	(void)text;
	trial_end(app);
}

void
search_prompt_open(struct app *app, struct text start)
{
	prompt_open(&app->prompt, "search", "Enter runs", arena_copy(&app->frame, start));
	values_forget(app);
	app->n_fields = query_fields(app->cf, FIELDS_MOST, &app->field_arena, &app->fields);
	app->prompt.done = search_done;
	app->prompt.suggest = search_suggest;
	app->prompt.changed = search_changed;
	app->prompt.given_up = search_given_up;
	app->prompt.past = history_text;
	app->prompt.forget = history_forget;
	app->prompt.draw = draw_beside;
}
