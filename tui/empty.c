/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/empty.h"

struct ledger_counts {
	uint32_t     found, nothing, no_data, unsupported, failed;
	struct arena *keep;
	struct text  reason; /* the first of those that could not run */
};

static bool
count_entry(void *ctx, const struct ledger_entry *entry)
{
	struct ledger_counts *c = ctx;

	switch (entry->status) {
	case LEDGER_FOUND:
		c->found++;
		break;
	case LEDGER_NOTHING:
		c->nothing++;
		break;
	case LEDGER_NO_DATA:
		c->no_data++;
		break;
	case LEDGER_UNSUPPORTED:
		c->unsupported++;
		break;
	case LEDGER_FAILED:
		c->failed++;
		break;
	}
	if (entry->status != LEDGER_FOUND && entry->status != LEDGER_NOTHING && !c->reason.n &&
	    entry->reason.n)
		c->reason = arena_printf(c->keep, TEXT_FMT ": " TEXT_FMT, TEXT_ARG(entry->rule),
					 TEXT_ARG(entry->reason));
	return true;
}

void
empty_from_ledger(struct app *app, struct view *v, struct doc *d)
{
	struct ledger_counts c = { .keep = d->keep };
	struct err           err = { 0 };

	(void)v;
	if (!query_ledger(app->cf, count_entry, &c, &err))
		return;
	if (c.found + c.nothing + c.no_data + c.unsupported + c.failed == 0) {
		doc_plain(
		    d, TEXT("No rules have run over this case yet: auger retag CASE runs them."));
		return;
	}
	doc_plain(d, arena_printf(d->keep, "%u rules ran and found nothing.", c.nothing));
	if (c.no_data)
		doc_plain(d, arena_printf(
				 d->keep,
				 "%u could not run: the log or field they read is not in the case.",
				 c.no_data));
	if (c.unsupported)
		doc_plain(d, arena_printf(d->keep, "%u use something that is not supported.",
					  c.unsupported));
	if (c.failed)
		doc_plain(d, arena_printf(d->keep, "%u stopped while running.", c.failed));
	if (c.reason.n)
		doc_plain(d, arena_printf(d->keep, "For example " TEXT_FMT, TEXT_ARG(c.reason)));
	doc_plain(d, TEXT("The tab Rules says for each rule what became of it."));
}

static void
say_no_events(struct app *app, struct doc *d)
{
	doc_plain(d, app->info.gaps
			 ? TEXT("This case has no events: its evidence could not be read.")
			 : TEXT("This case has no events yet."));
	doc_blank(d);
	if (app->info.gaps)
		doc_plain(d, TEXT("The tab Evidence shows what could not be read, and why."));
	doc_plain(d,
		  arena_printf(d->keep, "auger import %s EVIDENCE...   in a shell adds event logs:",
			       app->setup->case_path));
	doc_plain(d, TEXT("files, folders, archives. Evidence is only read, never changed."));
	doc_plain(d, TEXT("F5 reads the case again.   ? shows all keys."));
}

static void
say_why(struct app *app, struct view *v, struct doc *d)
{
	const struct table *t = &v->list.table;

	if (v->problem.kind) {
		doc_plain(d, arena_printf(d->keep, "This could not be read: %s", v->problem.what));
	} else if (worker_owner(app->worker) == v) {
		doc_plain(d, TEXT("Searching ... nothing found so far.   Ctrl-C stops."));
	} else if (t->n_narrow) {
		doc_plain(d, arena_printf(d->keep, "Nothing contains \"%.*s\".", (int)t->n_narrow,
					  t->narrow));
		if (t->n_rows)
			doc_plain(d, arena_printf(d->keep,
						  "%zu %s are hidden by it: Esc shows them again.",
						  t->n_rows, v->kind->name));
		else
			doc_plain(d, TEXT("Esc shows all again."));
	} else if (!app->info.events && !t->n_rows) {
		say_no_events(app, d);
	} else if (app_filtered(app) && !app->filter_off) {
		doc_plain(d, TEXT("Nothing is left by the filter."));
		doc_plain(
		    d,
		    TEXT("X clears it, u undoes its last change, Ctrl-F switches it off and on."));
	} else if (v->kind->why_empty) {
		v->kind->why_empty(app, v, d);
	} else {
		doc_plain(d, TEXT("There is nothing here."));
	}
}

void
empty_draw(struct app *app, struct view *v, struct area a)
{
	struct doc d = { 0 };
	int        top = a.rows > 12 ? 4 : a.rows > 6 ? 1 : 0;
	int        left = a.columns > 60 ? 8 : 0;

	doc_reset(&d, &app->frame);
	say_why(app, v, &d);
	doc_draw_plain(
	    &d, &app->screen,
	    (struct area){ a.row + top, a.column + left, a.rows - top, a.columns - left });
}
