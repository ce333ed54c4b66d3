/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/empty.h"

#include "base/counted.h"
#include "tui/filter.h"
#include "tui/tally.h"

#define LOGS_NAMED 6

/* Which logs of the computer there are: what a rule reads may not be among them. */
static void
say_logs_of_host(struct app *app, struct text host, struct doc *d)
{
	struct kind_count *kinds;
	size_t             n = query_kinds(app->cf, host, d->keep, &kinds), named = 0;
	struct text        seen[LOGS_NAMED];

	doc_plain(d, arena_printf(d->keep, "No rule found anything on " TEXT_FMT ".", TEXT_ARG(host)));
	if (!n) {
		doc_plain(d, TEXT("The case has no events of it: findings only name it."));
		return;
	}
	doc_plain(d, TEXT("The case has these logs of it:"));
	for (size_t i = 0; i < n && named < LOGS_NAMED; i++) {
		struct text channel = kinds[i].channel.n ? kinds[i].channel : TEXT("(no channel)");
		uint64_t    events = 0;
		bool        again = false;

		for (size_t k = 0; k < named; k++)
			again |= text_eq(seen[k], channel);
		if (again)
			continue;
		seen[named++] = channel;
		for (size_t k = i; k < n; k++)
			if (text_eq(kinds[k].channel, kinds[i].channel))
				events += kinds[k].events;
		doc_plain(d, arena_printf(d->keep, "  " TEXT_FMT "  %s", TEXT_ARG(channel),
					  counted(events, "event").words));
	}
	doc_blank(d);
}

void
empty_from_ledger(struct app *app, struct view *v, struct doc *d)
{
	struct tally c;
	struct err   err = { 0 };
	bool         of_host = !text_absent(v->level->host);

	if (!tally_rules(app->cf, d->keep, &c, &err))
		return;
	if (tally_all(&c) == 0) {
		doc_plain(
		    d, TEXT("No rules have run over this case yet: auger retag CASE runs them."));
		return;
	}
	if (of_host)
		say_logs_of_host(app, v->level->host, d);
	if (of_host || c.found)
		doc_plain(d, arena_printf(d->keep,
					  "In the whole case %s found something, %u ran and found "
					  "nothing.", counted(c.found, "rule").words, c.nothing));
	else
		doc_plain(d, arena_printf(d->keep, "%s ran and found nothing.",
					  counted(c.nothing, "rule").words));
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
	doc_plain(d, of_host ? TEXT("q goes back; the tab Rules there says what became of each rule.")
			     : TEXT("The tab Rules says for each rule what became of it."));
}

struct text
empty_in_brief(struct app *app, struct arena *keep)
{
	struct tally c;
	struct err   err = { 0 };
	struct text  gaps = TEXT("");
	uint32_t     silent, all;

	if (app->info.findings || !app->info.events || !tally_rules(app->cf, keep, &c, &err))
		return TEXT_NONE;
	silent = tally_silent(&c);
	all = tally_all(&c);
	if (app->info.gaps)
		gaps = arena_printf(keep, "; %s", counted(app->info.gaps, "gap").words);
	if (!all)
		return arena_join(keep, TEXT("0 findings; no rules have run"), gaps);
	if (silent)
		return arena_printf(keep, "0 findings; %u of %s did not run" TEXT_FMT, silent,
				    counted(all, "rule").words, TEXT_ARG(gaps));
	return arena_printf(keep, "0 findings; %s ran" TEXT_FMT, counted(all, "rule").words,
			    TEXT_ARG(gaps));
}

static void
say_no_events(struct app *app, struct doc *d)
{
	bool here = app->setup->importer && !app->setup->read_only;

	doc_plain(d, app->info.gaps
			 ? TEXT("This case has no events: its evidence could not be read.")
			 : TEXT("This case has no events yet."));
	doc_blank(d);
	if (app->info.gaps)
		doc_plain(d, TEXT("The tab Evidence shows what could not be read, and why."));
	if (here)
		doc_plain(d, arena_printf(d->keep,
					  TEXT_FMT " imports event logs: a file, a folder, an archive. "
					  "They are only read, never changed.",
					  TEXT_ARG(app_keys_of(app, app_view(app), ACTION_IMPORT,
							       d->keep))));
	doc_plain(d,
		  arena_printf(d->keep, "auger import %s EVIDENCE...   in a shell %s",
			       app->setup->case_path,
			       here ? "does the same." : "adds event logs:"));
	if (!here)
		doc_plain(d, TEXT("files, folders, archives. Evidence is only read, never changed."));
	doc_plain(d, TEXT("F5 reads the case again.   ? shows all keys."));
}

/* How many there are in the whole case of what the view lists; 0: not known. */
static uint64_t
all_of_them(const struct app *app, const struct view *v)
{
	const char *name = v->kind->name;

	if (strcmp(name, "hosts") == 0)
		return app->info.hosts;
	if (strcmp(name, "findings") == 0)
		return app->info.findings;
	return strcmp(name, "events") == 0 ? app->info.events : 0;
}

static bool
one_host(void *ctx, const struct host_row *row)
{
	(void)row;
	++*(uint64_t *)ctx;
	return true;
}

static bool
one_user(void *ctx, const struct user_row *row)
{
	(void)row;
	++*(uint64_t *)ctx;
	return true;
}

/* How many rows the view would have under F; false: that takes a scan to know. */
static bool
count_under(struct app *app, const struct view *v, const struct case_filter *f, uint64_t *n)
{
	const char *name = v->kind->name;
	bool        exact = true;

	*n = 0;
	if (strcmp(name, "hosts") == 0)
		return query_hosts(app->cf, f, one_host, n, NULL);
	if (strcmp(name, "users") == 0)
		return query_users(app->cf, f, one_user, n, NULL);
	if (strcmp(name, "findings") == 0)
		return query_count_findings(app->cf, f, n, NULL);
	return strcmp(name, "events") == 0 && query_count_events(app->cf, f, n, &exact, NULL) && exact;
}

/* "   without it 3 hosts" of each chip that is in force; asked once for an empty list. */
static const struct text *
weigh_chips(struct app *app, struct view *v)
{
	struct text *said = arena_new(&v->arena, struct text, app->n_chips + 1);

	for (uint32_t i = 0; i < app->n_chips; i++) {
		struct case_filter f;
		uint64_t           n;

		if (app->chips[i].off)
			continue;
		f = filter_switched(app, v, i, &app->frame);
		if (count_under(app, v, &f, &n))
			said[i] = arena_printf(&v->arena, "   without it %s", counted(n, v->kind->unit).words);
	}
	return said;
}

static void
say_chips(struct app *app, struct view *v, struct doc *d)
{
	if (!v->without)
		v->without = weigh_chips(app, v);
	for (uint32_t i = 0; i < app->n_chips; i++)
		if (!app->chips[i].off)
			doc_plain(d, arena_printf(d->keep, "  [" TEXT_FMT "]" TEXT_FMT,
						  TEXT_ARG(filter_label(&app->chips[i].is,
									&app->screen.zone,
									d->keep)),
						  TEXT_ARG(v->without[i])));
	doc_plain(d, TEXT("X clears it, u undoes its last change, f edits it, Ctrl-F switches it off "
			  "and on."));
}

static void
say_filtered(struct app *app, struct view *v, struct doc *d)
{
	uint64_t n = all_of_them(app, v);

	if (n)
		doc_plain(d, arena_printf(d->keep, "Nothing is left by the filter; %s %s are in the case.",
					  counted_number(n).words, v->kind->name));
	else
		doc_plain(d, TEXT("Nothing is left by the filter."));
	say_chips(app, v, d);
}

/* What was typed to narrow the list leaves nothing; there may be more behind the filter. */
static void
say_narrowed(struct app *app, struct view *v, struct doc *d)
{
	const struct table *t = &v->list.table;

	doc_plain(d, arena_printf(d->keep, "Nothing contains \"%.*s\".", (int)t->n_narrow, t->narrow));
	if (t->n_rows)
		doc_plain(d, arena_printf(d->keep, t->n_rows == 1 ? "%s is hidden by it: Esc shows it again."
							 : "%s are hidden by it: Esc shows them again.",
					  counted(t->n_rows, v->kind->unit).words));
	else
		doc_plain(d, TEXT("Esc shows all again."));
	if (!app_filtered(app))
		return;
	doc_blank(d);
	doc_plain(d, TEXT("It looks only into what the filter leaves:"));
	say_chips(app, v, d);
}

/* What was followed into the place leaves nothing. */
static void
say_place(struct app *app, struct view *v, struct doc *d)
{
	doc_plain(d, arena_printf(d->keep, "There are no %s of",
				  counted_noun(0, v->kind->unit).words));
	if (!text_absent(v->level->host))
		doc_plain(d, arena_printf(d->keep, "  [host=" TEXT_FMT "]",
					  TEXT_ARG(v->level->host)));
	for (uint32_t i = 0; i < v->level->n_conditions; i++)
		doc_plain(d, arena_printf(d->keep, "  [" TEXT_FMT "]",
					  TEXT_ARG(filter_label(&v->level->conditions[i],
								&app->screen.zone, d->keep))));
	doc_plain(d, TEXT("q goes back."));
}

static void
say_why(struct app *app, struct view *v, struct doc *d)
{
	const struct table *t = &v->list.table;

	if (v->problem.kind) {
		doc_plain(d, arena_printf(d->keep, "This could not be read: %s", v->problem.what));
	} else if (v->cut.kind == ERR_CANCEL) {
		doc_plain(d, TEXT("Stopped before anything was found.   F5 searches again."));
	} else if (v->cut.kind) {
		doc_plain(d, arena_printf(d->keep, "Not all could be read: %s", v->cut.what));
		doc_plain(d, TEXT("In what was read nothing was found.   F5 tries again."));
	} else if (worker_owner(app->worker) == v) {
		doc_plain(d, TEXT("Searching ... nothing found so far.   Ctrl-C stops."));
	} else if (t->n_narrow) {
		say_narrowed(app, v, d);
	} else if (!app->info.events && !t->n_rows) {
		say_no_events(app, d);
	} else if (app_filtered(app) && !app->filter_off) {
		say_filtered(app, v, d);
	} else if (v->level->n_conditions) {
		say_place(app, v, d);
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
