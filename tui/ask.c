/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/ask.h"

#include "base/when.h"
#include "store/work.h"
#include "tui/command.h"
#include "tui/export.h"
#include "tui/search_prompt.h"

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

struct text
ask_export_name(struct app *app, struct view *v, struct arena *keep)
{
	struct case_filter f = view_filter(app, v);
	char               day[WHEN_TEXT_MAX] = "";
	struct text        host = f.host;
	char               safe[80];
	size_t             n = 0;

	if (app->info.last_ns != WHEN_NONE)
		when_to_human(app->info.last_ns, 0, day);
	for (size_t i = 0; i < host.n && n < sizeof(safe); i++)
		if (memchr("/\\:*?\"<>|", host.p[i], 9) == NULL && (unsigned char)host.p[i] > ' ')
			safe[n++] = host.p[i];
	if (n && safe[0] == '.')
		safe[0] = '_';
	return arena_printf(keep, "%.*s%s%s%s%.4s%.2s%.2s.csv", (int)n, safe, n ? "-" : "",
			    v->kind->name, day[0] ? "-" : "", day, day[0] ? day + 5 : "",
			    day[0] ? day + 8 : "");
}

static void ask_export(struct app *app, struct text start);

static void
export_done(struct app *app, struct text text)
{
	struct err  err = { 0 };
	const char *path = arena_cstr(&app->frame, text);
	uint64_t    rows;

	if (!text.n)
		return;
	if (export_view(app, app_view(app), path, &rows, &err)) {
		if (rows != EXPORT_RUNNING)
			app_say(app, "%llu rows written to %s", (unsigned long long)rows, path);
		return;
	}
	app_complain(app, &err);
	if (err.kind == ERR_USAGE)
		ask_export(app, text);
}

static void
ask_export(struct app *app, struct text start)
{
	prompt_open(&app->prompt, "export to", "Enter writes the rows shown as CSV", start);
	app->prompt.done = export_done;
}

static void
note_done(struct app *app, struct text text)
{
	struct view             *v = app_view(app);
	const struct table_row  *row = list_row(&v->list);
	struct finding_row       f;
	struct err               err = { 0 };
	int64_t                  id = v->list.n_columns ? (row ? row->id : 0) : v->id;

	if (!query_finding(app->cf, id, &app->frame, &f, &err) ||
	    !work_set(app->cf, f.finding.key, WORK_NOTE, text_trim(text), &err)) {
		app_complain(app, &err);
		return;
	}
	app_reload(app);
	app_say(app, "%s", text.n ? "note kept" : "note taken off");
}

static void
ask_note(struct app *app, struct view *v)
{
	const struct table_row *row = list_row(&v->list);
	struct finding_row      f;
	struct err              err = { 0 };

	if (app->setup->read_only) {
		err_set(&err, ERR_USAGE, "the case was opened read-only");
		app_complain(app, &err);
		return;
	}
	if (!query_finding(app->cf, v->list.n_columns ? (row ? row->id : 0) : v->id, &app->frame,
			   &f, &err)) {
		app_complain(app, &err);
		return;
	}
	prompt_open(&app->prompt, "note", "Enter keeps it, an empty one takes it off",
		    f.note.n ? f.note : TEXT(""));
	app->prompt.done = note_done;
}

static bool
set_verdict(struct app *app, int64_t id, struct text verdict, struct err *err)
{
	struct arena       scratch = app->frame;
	struct finding_row f;

	return query_finding(app->cf, id, &scratch, &f, err) &&
	       work_set(app->cf, f.finding.key, WORK_VERDICT, verdict, err);
}

/* The next verdict for the finding under the cursor, or for all that are marked. */
static void
step_verdict(struct app *app, struct view *v)
{
	static const struct text verdicts[] = { TEXT_INIT("open"), TEXT_INIT("true positive"),
						TEXT_INIT("benign"), TEXT_INIT("false positive") };
	const struct table_row  *row = list_row(&v->list);
	int64_t                  id = v->list.n_columns ? (row ? row->id : 0) : v->id;
	struct finding_row       f;
	struct err               err = { 0 };
	size_t                   next = 1, n = v->list.n_marks;
	bool                     good;

	if (n)
		id = v->list.marks[0];
	good = query_finding(app->cf, id, &app->frame, &f, &err);
	for (size_t i = 0; good && i < 4; i++)
		if (text_eq(f.verdict, verdicts[i]))
			next = (i + 1) % 4;
	if (good && app->setup->read_only)
		good = err_set(&err, ERR_USAGE, "the case was opened read-only");
	for (size_t i = 0; good && i < n; i++)
		good = set_verdict(app, v->list.marks[i], verdicts[next], &err);
	if (good && n == 0)
		good = set_verdict(app, id, verdicts[next], &err);
	if (!good) {
		app_complain(app, &err);
		return;
	}
	app_reload(app);
	app_say(app, "verdict of %zu: " TEXT_FMT "; t for the next one", n ? n : 1,
		TEXT_ARG(verdicts[next]));
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
	app_say(app, "%zu bytes sent to the clipboard of the terminal%s", app->clipboard.n,
		text.n >= COPY_MAX ? "; the rest was cut" : "");
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
		ask_export(app, ask_export_name(app, v, &app->frame));
		return true;
	case ACTION_NOTE:
		ask_note(app, v);
		return true;
	case ACTION_VERDICT:
		step_verdict(app, v);
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
	return false;
}
