/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/remarks.h"

#include "base/counted.h"
#include "base/when.h"
#include "tui/long_list.h"
#include "tui/undo.h"

enum table_remark
remarks_sign(bool bookmark, struct text note)
{
	if (bookmark)
		return note.n ? REMARK_BOTH : REMARK_BOOKMARK;
	return note.n ? REMARK_NOTE : REMARK_NONE;
}

enum table_remark
remarks_of_event(void *ctx, int64_t event)
{
	struct app       *app = ctx;
	struct arena      scratch = app->frame;
	struct work_state said;

	if (event <= 0 || !work_state(app->cf, 0, event, &scratch, &said))
		return REMARK_NONE;
	return remarks_sign(said.bookmark, said.note);
}

/* ---- the row under the cursor, or all that are marked ---- */

static bool
choose(const struct view *v, struct work_rows *out, struct arena *keep, struct err *err)
{
	const struct table_row *row = list_row(&v->list);
	size_t                  n = v->list.n_marks ? v->list.n_marks : 1;

	out->n = 0;
	while (out->n < n) {
		int64_t           id = v->list.n_marks ? v->list.marks[out->n] : row ? row->id : 0;
		struct work_about about = { 0 };

		if (v->kind->about && (row || !v->list.n_columns))
			about = v->kind->about(v, id);
		if (!about.number && !about.event)
			return err_set(err, ERR_USAGE, "this row is no finding and no event");
		arena_grow(keep, out->rows, out->n, &out->cap);
		out->rows[out->n++] = about;
	}
	return true;
}

/* What is said of it now; nothing, for most events. */
static struct work_state
state_of(struct app *app, const struct work_about *about)
{
	struct work_state said;

	work_state(app->cf, about->number, about->event, &app->frame, &said);
	if (!said.verdict.n)
		said.verdict = work_verdicts[0];
	return said;
}

static struct text
value_of(const struct work_state *said, enum work_kind kind)
{
	switch (kind) {
	case WORK_VERDICT:
		return said->verdict;
	case WORK_NOTE:
		return said->note.n ? said->note : TEXT("");
	case WORK_BOOKMARK:
		break;
	}
	return said->bookmark ? TEXT("yes") : TEXT("");
}

static bool
set(struct app *app, const struct work_done *w, struct text value, struct err *err)
{
	return w->event ? work_set_event(app->cf, w->event, w->kind, value, err)
			: work_set(app->cf, w->key, w->kind, value, err);
}

/* ---- what is shown ---- */

/* Cells of rows that are not read again. */
static void
rewrite_cells(struct app *app, struct view *v, const struct work_done *work, size_t n)
{
	struct table *t = &v->list.table;

	for (uint32_t c = 0; c < t->n_columns; c++) {
		bool marks = t->columns[c].name && !strcmp(t->columns[c].name, "bookmark");
		bool notes = t->columns[c].name && !strcmp(t->columns[c].name, "note");

		for (size_t i = 0; (marks || notes) && i < n; i++) {
			size_t            place = table_place(t, work[i].event);
			struct work_about about = { .event = work[i].event };
			struct work_state said;

			if (!about.event || place == TEXT_NOWHERE)
				continue;
			said = state_of(app, &about);
			table_text(t, table_shown(t, place), c,
				   value_of(&said, marks ? WORK_BOOKMARK : WORK_NOTE));
		}
	}
}

/* Does the filter ask for what has changed? */
static bool
filter_asks(const struct app *app)
{
	for (uint32_t i = 0; i < app->n_chips && !app->filter_off; i++)
		if (!app->chips[i].off && (app->chips[i].is.part == FILTER_BOOKMARK ||
					   app->chips[i].is.part == FILTER_VERDICT))
			return true;
	return false;
}

static bool
is_sorted_by_work(const struct table *t)
{
	static const char *const said[] = { "verdict", "note", "bookmark" };
	const char *by = t->sort_column < t->n_columns ? t->columns[t->sort_column].name : NULL;

	for (size_t i = 0; by && i < sizeof(said) / sizeof(*said); i++)
		if (!strcmp(by, said[i]))
			return true;
	return false;
}

/* Rows that are read when they are shown: those that the narrowing no longer lets pass go. */
static void
look_again(struct app *app, struct view *v, const struct work_done *work, size_t n)
{
	bool whole = true;

	table_forget(&v->list.table);
	for (size_t i = 0; i < n; i++)
		whole = (!work[i].number || table_said(&v->list.table, work[i].number)) && whole;
	if (whole)
		list_settle(&v->list);
	else
		long_list_again(app, v);
}

/* A search is not run again for a bookmark, unless the filter is about such. */
static void
show(struct app *app, const struct work_done *work, size_t n)
{
	bool all = filter_asks(app);

	for (int i = 0; i < app->n_levels; i++) {
		for (int k = 0; k < app->levels[i]->n_views; k++) {
			struct view *v = &app->levels[i]->views[k];

			v->preview_valid = false;
			if (v->streamed && !all)
				rewrite_cells(app, v, work, n);
			else if (v->loaded && v->list.table.reader && !all &&
				 !is_sorted_by_work(&v->list.table))
				look_again(app, v, work, n);
			else
				v->loaded = false;
		}
	}
}

/* ---- doing it ---- */

/* One step of u, all or nothing. */
static bool
do_all(struct app *app, const struct work_rows *rows, enum work_kind kind, struct text value)
{
	struct work_done *done = arena_new(&app->frame, struct work_done, rows->n);
	struct err        err = { 0 };
	bool              good;

	if (app->setup->read_only)
		err_set(&err, ERR_USAGE, "the case was opened read-only");
	good = !err.kind && work_begin(app->cf, &err);
	if (good) {
		for (size_t i = 0; good && i < rows->n; i++) {
			struct work_state said = state_of(app, &rows->rows[i]);

			done[i] = (struct work_done){ .key = said.key,
						      .event = said.event,
						      .number = rows->rows[i].number,
						      .kind = kind,
						      .was = value_of(&said, kind),
						      .is = value };
			good = set(app, &done[i], value, &err);
		}
		good = work_end(app->cf, good, &err);
	}
	if (!good) {
		app_complain(app, &err);
		return false;
	}
	undo_add_work(app, done, (uint32_t)rows->n);
	show(app, done, rows->n);
	return true;
}

bool
remarks_again(struct app *app, const struct change *change, bool back)
{
	struct err err = { 0 };
	bool       good = work_begin(app->cf, &err);

	if (good) {
		for (uint32_t i = 0; good && i < change->n_work; i++)
			good = set(app, &change->work[i],
				   back ? change->work[i].was : change->work[i].is, &err);
		good = work_end(app->cf, good, &err);
	}
	if (!good) {
		app_complain(app, &err);
		return false;
	}
	show(app, change->work, change->n_work);
	app_say(app, "%s of %s %s", work_kind_name(change->work[0].kind),
		counted(change->n_work, "row").words,
		back ? "as it was; Ctrl-R does it again" : "done again");
	return true;
}

/* ---- notes that were being written when a screen ended ---- */

#define DRAFTS "tui.note" /* "finding:9 what was typed", DRAFT_END behind each */
#define DRAFT_END '\x1e'

static struct text
name_of(const struct work_about *about, struct arena *keep)
{
	return arena_printf(keep, "%s:%lld", about->number ? "finding" : "event",
			    (long long)(about->number ? about->number : about->event));
}

static struct text
draft_of(struct app *app, const struct work_about *about)
{
	struct text all = casefile_get(app->cf, DRAFTS, &app->keep), wanted = name_of(about, &app->frame);

	while (!text_absent(all)) {
		struct text draft = text_cut(&all, DRAFT_END), name = text_cut(&draft, ' ');

		if (text_eq(name, wanted))
			return draft;
	}
	return TEXT_NONE;
}

/* TYPED becomes the draft about a row, behind one that another screen left there meanwhile; empty: there
 * is none any more. Two terminals may be lost in the same moment. */
static bool
put_draft(struct app *app, const struct work_about *about, struct text typed, struct err *err)
{
	struct text about_it = name_of(about, &app->frame), kept = TEXT(""), all, before;

	if (!work_begin(app->cf, err))
		return false;
	before = draft_of(app, about);
	if (typed.n && before.n && text_find(typed, before) == TEXT_NOWHERE)
		typed = arena_printf(&app->frame, TEXT_FMT " / " TEXT_FMT, TEXT_ARG(before), TEXT_ARG(typed));
	all = casefile_get(app->cf, DRAFTS, &app->frame);
	while (!text_absent(all)) {
		struct text draft = text_cut(&all, DRAFT_END), rest = draft;

		if (draft.n && !text_eq(text_cut(&rest, ' '), about_it))
			kept = arena_printf(&app->frame, TEXT_FMT TEXT_FMT "%c", TEXT_ARG(kept),
					    TEXT_ARG(draft), DRAFT_END);
	}
	if (typed.n)
		kept = arena_printf(&app->frame, TEXT_FMT TEXT_FMT " " TEXT_FMT "%c", TEXT_ARG(kept),
				    TEXT_ARG(about_it), TEXT_ARG(typed), DRAFT_END);
	return work_end(app->cf, casefile_set(app->cf, DRAFTS, kept, err), err);
}

/* A prompt_fn. */
static void
drop_draft(struct app *app, struct text text)
{
	struct err err = { 0 };

	(void)text;
	if (draft_of(app, &app->noting.rows[0]).n &&
	    !put_draft(app, &app->noting.rows[0], TEXT(""), &err))
		app_complain(app, &err);
}

void
remarks_tell_draft(struct app *app)
{
	struct text all = casefile_get(app->cf, DRAFTS, &app->frame), name = TEXT_NONE;
	size_t      n = 0;

	while (!text_absent(all)) {
		struct text draft = text_cut(&all, DRAFT_END);

		if (draft.n) {
			name = text_cut(&draft, ' ');
			n++;
		}
	}
	if (n == 1)
		app_say(app, "a note on " TEXT_FMT " was not kept when the screen ended; a there has it",
			TEXT_ARG(name));
	else if (n > 1)
		app_say(app, "%zu notes were not kept when a screen ended, the last on " TEXT_FMT
			"; a there has it", n, TEXT_ARG(name));
}

/* ---- keys ---- */

static void note_done(struct app *app, struct text text);

static void
note_prompt(struct app *app, struct text start)
{
	const char *label = "note";

	if (app->noting.n > 1)
		label = arena_printf(&app->keep, "note on %s",
				     counted(app->noting.n, "row").words).p;
	prompt_open(&app->prompt, label, "Enter keeps it, an empty one takes it off", start);
	app->prompt.done = note_done;
	app->prompt.given_up = drop_draft;
}

static void
note_done(struct app *app, struct text text)
{
	text = text_trim(text);
	if (do_all(app, &app->noting, WORK_NOTE, text.n ? text : TEXT(""))) {
		drop_draft(app, text);
		app_say(app, "%s; u takes it back", text.n ? "note kept" : "note taken off");
	} else {
		note_prompt(app, text);
	}
}

/* The note is about the rows of now, whatever the list has become when it is written. */
static void
ask_note(struct app *app, const struct view *v)
{
	struct work_state said;
	struct text       draft;
	struct err        err = { 0 };

	if (app->setup->read_only)
		err_set(&err, ERR_USAGE, "the case was opened read-only");
	if (err.kind || !choose(v, &app->noting, &app->keep, &err)) {
		app_complain(app, &err);
		return;
	}
	said = state_of(app, &app->noting.rows[0]);
	draft = draft_of(app, &app->noting.rows[0]);
	if (draft.n)
		app_say(app, "as far as it was written when the screen ended");
	note_prompt(app, draft.n ? draft : value_of(&said, WORK_NOTE));
}

/* The next verdict of the first of them, for all of them. */
static void
step_verdict(struct app *app, const struct view *v)
{
	struct work_rows  rows = { 0 };
	struct work_state said;
	struct err        err = { 0 };
	size_t            next = 1;

	if (!choose(v, &rows, &app->frame, &err)) {
		app_complain(app, &err);
		return;
	}
	said = state_of(app, &rows.rows[0]);
	for (size_t i = 0; i < WORK_VERDICTS; i++)
		if (text_eq(said.verdict, work_verdicts[i]))
			next = (i + 1) % WORK_VERDICTS;
	if (do_all(app, &rows, WORK_VERDICT, work_verdicts[next]))
		app_say(app, "verdict of %s: " TEXT_FMT "; t again: " TEXT_FMT ", u takes it back",
			counted(rows.n, "row").words, TEXT_ARG(work_verdicts[next]),
			TEXT_ARG(work_verdicts[(next + 1) % WORK_VERDICTS]));
}

/* On, unless all of them have one. */
static void
bookmark(struct app *app, const struct view *v)
{
	struct work_rows rows = { 0 };
	struct err       err = { 0 };
	bool             all = true;

	if (!choose(v, &rows, &app->frame, &err)) {
		app_complain(app, &err);
		return;
	}
	for (size_t i = 0; all && i < rows.n; i++)
		all = state_of(app, &rows.rows[i]).bookmark;
	if (do_all(app, &rows, WORK_BOOKMARK, all ? TEXT("") : TEXT("yes")))
		app_say(app, all ? "bookmark of %s taken off; u puts it back"
				 : "bookmarked: %s; u takes it back",
			counted_number(rows.n).words);
}

void
remarks_keep_draft(struct app *app)
{
	const struct prompt *p = &app->prompt;
	struct text          typed = text_trim((struct text){ p->text, p->n });
	struct work_state    said;
	struct err           err = { 0 };

	if (!p->open || p->done != note_done || !typed.n)
		return;
	said = state_of(app, &app->noting.rows[0]);
	if (!text_eq(typed, said.note))
		put_draft(app, &app->noting.rows[0], typed, &err);
}

bool
remarks_act(struct app *app, struct view *v, enum action action)
{
	switch ((int)action) {
	case ACTION_NOTE:
		ask_note(app, v);
		return true;
	case ACTION_VERDICT:
		step_verdict(app, v);
		return true;
	case ACTION_BOOKMARK:
		bookmark(app, v);
		return true;
	}
	return false;
}

/* ---- in a document ---- */

struct telling {
	struct app *app;
	struct doc *d;
	size_t      notes; /* of several, the text names every author */
};

static bool
count_note(void *ctx, const struct work_entry *e)
{
	struct telling *t = ctx;

	t->notes += e->current && e->value.n && e->kind == WORK_NOTE;
	return true;
}

static bool
tell_entry(void *ctx, const struct work_entry *e)
{
	struct telling *t = ctx;
	char            when[WHEN_TEXT_MAX] = "";

	if (!e->current || !e->value.n || (e->kind == WORK_NOTE && t->notes > 1))
		return true;
	if (e->time_ns)
		when[zone_human(&t->app->screen.zone, e->time_ns, when)] = '\0';
	doc_field(t->d, "",
		  arena_printf(t->d->keep, "%s by " TEXT_FMT "%s%.19s", work_kind_name(e->kind),
			       TEXT_ARG(e->author.n ? e->author : TEXT("someone not known")),
			       when[0] ? ", " : "", when))
	    ->role = ROLE_DIM;
	return true;
}

void
remarks_tell(struct app *app, struct doc *d, int64_t event)
{
	struct telling    t = { .app = app, .d = d };
	struct work_state said;
	struct err        err = { 0 };

	if (!work_state(app->cf, 0, event, d->keep, &said) || !work_says(&said))
		return;
	if (said.bookmark)
		doc_field(d, "Bookmark", TEXT("yes"))->role = ROLE_MARK;
	if (said.note.n)
		doc_field(d, "Note", said.note)->role = ROLE_MARK;
	if (!work_log(app->cf, said.number, count_note, &t, &err) ||
	    !work_log(app->cf, said.number, tell_entry, &t, &err))
		app_complain(app, &err);
}
