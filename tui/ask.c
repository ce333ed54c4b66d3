/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/ask.h"

#include "base/counted.h"
#include "base/when.h"
#include "tui/command.h"
#include "tui/export.h"
#include "tui/filter.h"
#include "tui/hiding.h"
#include "tui/remarks.h"
#include "tui/services.h"
#include "tui/search_prompt.h"
#include "tui/weighing.h"

void
ask_narrow_to(struct app *app, struct view *v, struct text what)
{
	if (v->kind->narrow)
		v->kind->narrow(app, v, what);
	else
		table_narrow(&v->list.table, what);
	list_settle(&v->list);
}

static void
narrow_changed(struct app *app, struct text text)
{
	ask_narrow_to(app, app_view(app), text);
}

static void
narrow_done(struct app *app, struct text text)
{
	struct view *v = app_view(app);

	(void)text; /* has been applied as it was typed */
	if (v->list.table.shown)
		list_move_to(&v->list, v->list.place);
}

static void
ask_narrow(struct app *app, struct view *v)
{
	struct text start = { v->list.table.narrow, v->list.table.n_narrow };

	prompt_open(&app->prompt, "filter", "Enter keeps it", start);
	app->prompt.changed = narrow_changed;
	app->prompt.done = narrow_done;
	app->prompt.given_up = narrow_changed;
}

static void
find_changed(struct app *app, struct text text)
{
	struct doc *d = &app_view(app)->doc;

	doc_seek(d, text);
	if (text.n && !doc_next_match(d, 1) && !doc_next_match(d, -1))
		app_say(app, "not in this text: " TEXT_FMT, TEXT_ARG(text));
}

static void
find_done(struct app *app, struct text text)
{
	(void)app;
	(void)text;
}

static void
ask_find(struct app *app, struct view *v)
{
	(void)v;
	prompt_open(&app->prompt, "find", "Enter keeps it", TEXT(""));
	app->prompt.changed = find_changed;
	app->prompt.done = find_done;
	app->prompt.given_up = find_changed;
}

#define NAME_PART 40 /* bytes of a case or a host in the name of a file */

/* "hunt-" of what may stand in the name of a file; nothing of nothing. */
static struct text
name_part(struct text from, struct arena *keep)
{
	char   safe[NAME_PART];
	size_t n = 0, i;

	for (i = 0; i < from.n && n < sizeof(safe); i++)
		if (memchr("/\\:*?\"<>|", from.p[i], 9) == NULL && (unsigned char)from.p[i] > ' ')
			safe[n++] = from.p[i];
	while (i < from.n && n && ((unsigned char)safe[n - 1] & 0x80)) /* whole characters */
		n--;
	if (n && (safe[0] == '.' || safe[0] == '~'))
		safe[0] = '_';
	return n ? arena_printf(keep, "%.*s-", (int)n, safe) : TEXT("");
}

/* "hunt.auger" is "hunt". */
static struct text
case_name(const struct app *app)
{
	struct text name = text_of(app->setup->case_path);
	size_t      slash = text_rfind_byte(name, '/');

	if (slash != TEXT_NOWHERE)
		name = text_from(name, slash + 1);
	return text_iends(name, TEXT(".auger")) ? text_head(name, name.n - 6) : name;
}

/* "hunt-WIN-DC01-findings.csv": case, host, view. */
static struct text
export_name(struct app *app, struct view *v, struct arena *keep)
{
	struct case_filter f = view_filter(app, v);
	struct text        of_case = name_part(case_name(app), keep);
	struct text        of_host = name_part(f.host, keep);

	return arena_printf(keep, TEXT_FMT TEXT_FMT "%s.csv", TEXT_ARG(of_case), TEXT_ARG(of_host),
			    v->kind->name);
}

/* The form of report that a name asks for; -1: none, the rows shown. The endings of reports are
 * their own, but CSV is one only under its own name. */
static int
form_of(const struct app *app, struct text path)
{
	const struct services *services = app->setup->services;

	for (int i = 0; services && services->forms[i].ending; i++) {
		const struct service_form *form = &services->forms[i];

		if (text_iends(path, text_of(form->name)) ||
		    (text_iends(path, text_of(form->ending)) &&
		     !text_eq(text_of(form->ending), TEXT(".csv"))))
			return i;
	}
	return -1;
}

static void ask_export(struct app *app, struct text start);

static bool
write_export(struct app *app, const char *path, struct err *err)
{
	int      form = form_of(app, text_of(path));
	uint64_t rows;

	if (form >= 0) {
		open_report(app, (size_t)form, path);
		return true;
	}
	if (!export_view(app, app_view(app), path, &rows, err))
		return false;
	if (rows != EXPORT_RUNNING)
		app_say(app, "%s written to " TEXT_FMT, counted(rows, "row").words,
			TEXT_ARG(export_where(path, &app->frame)));
	return true;
}

static void
try_export(struct app *app, struct text text)
{
	struct err err = { 0 };

	if (write_export(app, arena_cstr(&app->frame, text), &err))
		return;
	app_complain(app, &err);
	if (err.kind == ERR_USAGE)
		ask_export(app, text);
}

static void
replace_done(struct app *app, struct text text)
{
	struct text path = arena_copy(&app->frame, text_of(app->export_path));
	struct err  err = { 0 };

	if (!text_ieq(text_trim(text), TEXT("yes")) && !text_ieq(text_trim(text), TEXT("y"))) {
		app_say(app, "nothing was written");
		return;
	}
	/* a report keeps the old one itself, when the new one is whole */
	if (form_of(app, path) < 0 && !export_put_aside(app, path.p, &err)) {
		app_complain(app, &err);
		ask_export(app, path);
		return;
	}
	try_export(app, path);
}

static void
export_done(struct app *app, struct text text)
{
	if (!text.n || text.n >= sizeof(app->export_path))
		return;
	memcpy(app->export_path, text.p, text.n);
	app->export_path[text.n] = '\0';
	if (!export_is_there(app->export_path)) {
		try_export(app, text);
		return;
	}
	prompt_open(&app->prompt, "it is there already; replace it?",
		    "yes and Enter: the old one gets a ~ at its end; Esc leaves it", TEXT(""));
	app->prompt.done = replace_done;
}

static bool
is_by_verdict(const struct app *app)
{
	for (uint32_t i = 0; i < app->n_chips && !app->filter_off; i++)
		if (!app->chips[i].off && app->chips[i].is.part == FILTER_VERDICT)
			return true;
	return false;
}

/* "hunt-hosts-marked.csv", of "hunt-hosts.csv" */
static struct text
name_of_some(struct text rows, const char *which, const char *ending, struct arena *keep)
{
	return arena_printf(keep, TEXT_FMT "-%s%s", TEXT_ARG(text_head(rows, rows.n - 4)), which,
			    ending);
}

/* What Enter writes when nothing is typed: who marks rows means them. */
static struct text
export_proposed(struct app *app, struct view *v, struct arena *keep)
{
	struct text rows = export_name(app, v, keep);

	return v->list.n_columns && v->list.n_marks ? name_of_some(rows, "marked", ".csv", keep) : rows;
}

static void
suggest_some(struct popup *out, struct text rows, const char *which, uint64_t n, const char *noun)
{
	popup_add(out, name_of_some(rows, which, ".csv", out->keep),
		  arena_printf(out->keep, "%s only, as CSV", counted(n, noun).words));
	popup_add(out, name_of_some(rows, which, ".jsonl", out->keep),
		  arena_printf(out->keep, "%s only, as JSON lines", counted(n, noun).words));
}

/* The other forms, under the names they have by habit. */
static void
export_suggest(struct app *app, struct text text, size_t at, struct popup *out)
{
	const struct services *services = app->setup->services;
	struct view           *v = app_view(app);
	struct text            rows = export_name(app, v, out->keep);
	uint64_t               confirmed;

	(void)at;
	popup_begin(out, out->keep, 0, text.n);
	out->title = TEXT("export as");
	if (v->list.n_columns && v->list.n_marks)
		suggest_some(out, rows, "marked", v->list.n_marks, "marked row");
	popup_add(out, rows, TEXT("the rows shown, as CSV"));
	if (v->list.n_columns)
		popup_add(out,
			  arena_printf(out->keep, TEXT_FMT ".jsonl",
				       TEXT_ARG(text_head(rows, rows.n - 4))),
			  TEXT("the rows shown, as JSON lines"));
	if (v->kind == &view_findings && !is_by_verdict(app)) {
		confirmed = export_count(v, EXPORT_CONFIRMED);
		if (confirmed)
			suggest_some(out, rows, "confirmed", confirmed, "true positive");
		else
			popup_advise(out, TEXT("none is confirmed yet: Esc, then t on a finding "
					       "that is a true positive"));
	}
	for (size_t i = 0; services && services->forms[i].ending; i++)
		popup_add(out,
			  arena_join(out->keep, name_part(case_name(app), out->keep),
				     text_of(services->forms[i].name)),
			  text_of(services->forms[i].what));
}

/* "Enter writes 229 rows, as filtered": what is left out by what is typed or filtered is said. */
static void
say_what_enter_writes(struct app *app, struct text path)
{
	static const char *const nouns[] = { "row", "marked row", "true positive" };
	const struct view       *v = app_view(app);
	enum export_rows         which = export_rows_of(v, path);
	bool                     part = v->list.table.n_narrow || app_filtered(app);

	if (form_of(app, path) >= 0 || !v->list.n_columns ||
	    (v->list.table.paged && which == EXPORT_SHOWN))
		snprintf(app->export_help, sizeof(app->export_help),
			 "Enter writes, Tab takes another form");
	else
		snprintf(app->export_help, sizeof(app->export_help),
			 "Enter writes %s%s; Tab takes another form",
			 counted(export_count(v, which), nouns[which]).words,
			 part ? ", as filtered" : "");
}

static void
ask_export(struct app *app, struct text start)
{
	say_what_enter_writes(app, start);
	prompt_open(&app->prompt, "export to", app->export_help, start);
	app->prompt.changed = say_what_enter_writes;
	app->prompt.done = export_done;
	app->prompt.suggest = export_suggest;
}

static void
ask_command(struct app *app)
{
	prompt_open(&app->prompt, "", "Enter runs", TEXT(""));
	app->prompt.done = command_run;
	app->prompt.suggest = command_suggest;
}

#define COPY_MAX ((size_t)100000) /* terminals drop longer sequences */

static struct text
copied_row(struct app *app, const struct list *l, bool whole)
{
	const struct table_row   *row = list_row(l);
	const struct list_column *aside = list_aside(l);
	struct text               text = TEXT("");

	if (!row)
		return text;
	if (!whole && aside)
		return table_cell(&l->table, row, aside->column, &app->frame);
	for (uint32_t i = 0; i < l->table.n_columns && text.n < COPY_MAX; i++)
		if (l->table.columns[i].name)
			text = arena_printf(&app->frame, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(text),
					    i ? "\t" : "",
					    TEXT_ARG(table_cell(&l->table, row, i, &app->frame)));
	return text;
}

static struct text
copied_doc(struct app *app, const struct doc *d)
{
	char  *out = arena_new(&app->frame, char, COPY_MAX + 1);
	size_t n = 0;

	for (size_t i = 0; i < d->n && n < COPY_MAX; i++) {
		const struct doc_item *item = &d->items[i];
		int written = snprintf(out + n, COPY_MAX + 1 - n, TEXT_FMT "%s" TEXT_FMT "\n",
				       TEXT_ARG(item->label), item->label.n ? ": " : "",
				       TEXT_ARG(text_head(item->text, COPY_MAX)));

		n += written > 0 ? (size_t)written : 0;
	}
	return (struct text){ out, n < COPY_MAX ? n : COPY_MAX };
}

static void
copy(struct app *app, struct view *v, bool whole)
{
	const struct doc_item *item = v->list.n_columns ? NULL : doc_current(&v->doc);
	struct text            text = TEXT_NONE;

	if (v->list.n_columns)
		text = copied_row(app, &v->list, whole);
	else if (whole)
		text = copied_doc(app, &v->doc);
	else if (item)
		text = item->text;
	app->clipboard = text_head(text, COPY_MAX);
	app_say(app, "%s sent to the clipboard of the terminal%s",
		counted(app->clipboard.n, "byte").words, text.n >= COPY_MAX ? "; the rest was cut" : "");
}

bool
ask_act(struct app *app, struct view *v, enum action action)
{
	switch ((int)action) {
	case ACTION_NARROW:
		ask_narrow(app, v);
		return true;
	case ACTION_FIND:
		ask_find(app, v);
		return true;
	case ACTION_SEARCH:
		search_prompt_open(app,
				   app_level(app)->search ? app_level(app)->query : TEXT(""));
		return true;
	case ACTION_EXPORT:
		ask_export(app, export_proposed(app, v, &app->frame));
		app->prompt.proposed = true;
		return true;
	case ACTION_HIDE:
		hiding_begin(app, v);
		return true;
	case ACTION_HIDDEN:
		open_hidden(app);
		return true;
	case ACTION_COPY:
		copy(app, v, false);
		return true;
	case ACTION_COPY_ROW:
		copy(app, v, true);
		return true;
	case ACTION_COMMAND:
		ask_command(app);
		return true;
	}
	return weighing_act(app, v, action) || remarks_act(app, v, action);
}
