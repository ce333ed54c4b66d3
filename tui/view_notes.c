/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What analysts made of findings and events: verdicts, notes, bookmarks, by whom and when. */
#include "config.h"

#include "base/when.h"
#include "store/work.h"
#include "tui/app.h"
#include "tui/remarks.h"

enum {
	FINDING, TIME, AUTHOR, VERDICT, NOTE, BOOKMARK, RULE, RULE_ID, HOST, USER, RISK,
	EVENT, EVENT_TIME, EVENT_CODE, SUMMARY, WHAT, SAID, N_COLUMNS
};

static const struct table_column columns[N_COLUMNS] = {
	[FINDING] = { "finding", TABLE_NUMBER },
	[TIME] = { "time", TABLE_TIME },
	[AUTHOR] = { "author", TABLE_TEXT },
	[VERDICT] = { "verdict", TABLE_TEXT },
	[NOTE] = { "note", TABLE_TEXT },
	[BOOKMARK] = { "bookmark", TABLE_TEXT },
	[RULE] = { "rule", TABLE_TEXT },
	[RULE_ID] = { "rule_id", TABLE_TEXT },
	[HOST] = { "host", TABLE_TEXT },
	[USER] = { "user", TABLE_TEXT },
	[RISK] = { "risk_score", TABLE_NUMBER },
	[EVENT] = { "event", TABLE_NUMBER },
	[EVENT_TIME] = { "event_time", TABLE_TIME },
	[EVENT_CODE] = { "event_id", TABLE_NUMBER },
	[SUMMARY] = { "summary", TABLE_TEXT },
	[WHAT] = { NULL, TABLE_TEXT }, /* the rule and what it found, or the event in a few words */
	[SAID] = { NULL, TABLE_TEXT }, /* verdict, note, bookmark: what there is of them */
};

static const struct list_column shown[] = {
	{ SAID, "SAID", 24, .flexible = true },
	{ WHAT, "WHAT", 24, .flexible = true },
	{ HOST, "COMPUTER", 12, .look = LOOK_HOST },
	{ AUTHOR, "BY", 14, .from = 100 },
	{ TIME, "WHEN", 19, .look = LOOK_SECOND, .from = 100 },
};

static const enum action hints[] = { ACTION_OPEN,     ACTION_VERDICT, ACTION_NOTE,
				     ACTION_BOOKMARK, ACTION_NARROW,  ACTION_EXPORT,
				     ACTION_NONE };

#define SUMMARY_MAX 300

struct notes_state {
	struct app   *app;
	struct arena *keep;
	struct table *table;
};

/* "true positive: asked the owner": what was said, in one column. */
static struct text
said_of(const struct work_state *said, struct arena *keep)
{
	bool        decided = said->verdict.n && !text_eq(said->verdict, work_verdicts[0]);
	struct text verdict = decided ? said->verdict : TEXT("");

	if (!said->note.n)
		return decided || !said->bookmark ? arena_copy(keep, verdict) : TEXT("bookmarked");
	return arena_printf(keep, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(verdict), decided ? ": " : "",
			    TEXT_ARG(said->note));
}

static struct table_row *
add_row(struct notes_state *s, const struct work_state *said)
{
	struct table     *t = s->table;
	struct table_row *row = table_add(t, said->number);

	if (said->time_ns)
		table_time(row, TIME, said->time_ns);
	table_text(t, row, AUTHOR, said->author);
	table_text(t, row, NOTE, said->note);
	row->values[SAID].text = said_of(said, s->keep);
	row->values[BOOKMARK].text = said->bookmark ? TEXT("yes") : TEXT("");
	row->remark = remarks_sign(said->bookmark, said->note);
	return row;
}

/* Absent when nobody says anything of it now. */
static struct table_row *
add_about(struct notes_state *s, int64_t finding, struct text rule, struct text rule_id,
	  struct text what, struct text host, struct text user)
{
	struct arena      scratch = s->app->frame;
	struct work_state said;
	struct table_row *row;

	if (!work_state(s->app->cf, finding, 0, &scratch, &said) || !work_says(&said))
		return NULL;
	row = add_row(s, &said);
	table_number(row, FINDING, (double)finding);
	table_text(s->table, row, VERDICT, said.verdict);
	table_text(s->table, row, RULE, rule);
	row->values[WHAT].text = row->values[RULE].text;
	if (what.n)
		row->values[WHAT].text = arena_printf(s->keep, TEXT_FMT ": " TEXT_FMT, TEXT_ARG(rule),
						      TEXT_ARG(text_head(what, SUMMARY_MAX)));
	table_text(s->table, row, RULE_ID, rule_id);
	table_text(s->table, row, HOST, host);
	table_text(s->table, row, USER, user);
	return row;
}

static bool
add_finding(void *ctx, const struct finding_row *f)
{
	struct notes_state *s = ctx;
	struct table_row   *row;

	if (!f->bookmark && !f->note.n && text_eq(f->verdict, work_verdicts[0]))
		return true;
	row = add_about(s, f->id, f->finding.rule, f->finding.rule_id, f->finding.what,
			f->finding.host, f->finding.user);
	if (row)
		table_number(row, RISK, f->finding.risk_score);
	return true;
}

static bool
add_hidden(void *ctx, const struct hidden_row *h)
{
	struct table_row *row = add_about(ctx, h->id, h->rule, h->rule_id, TEXT(""), h->host, h->user);

	if (row)
		row->dim = true;
	return true;
}

static bool
add_event(void *ctx, const struct event_row *ev)
{
	struct notes_state *s = ctx;
	struct table       *t = s->table;
	struct arena        scratch = s->app->frame;
	struct work_state   said;
	struct event        whole;
	struct table_row   *row;

	if (!work_state(s->app->cf, 0, ev->id, &scratch, &said))
		return true;
	row = add_row(s, &said);
	table_text(t, row, HOST, ev->host);
	table_text(t, row, USER, ev->user);
	if (ev->risk_score > 0)
		table_number(row, RISK, ev->risk_score);
	table_number(row, EVENT, (double)ev->id);
	table_time(row, EVENT_TIME, ev->time_ns);
	table_number(row, EVENT_CODE, ev->event_id);
	if (query_event(s->app->cf, ev->id, true, &scratch, &whole, NULL))
		table_text(t, row, SUMMARY,
			   text_head(event_summary(&whole, &scratch), SUMMARY_MAX));
	row->values[WHAT].text = arena_printf(s->keep, "%u " TEXT_FMT, (unsigned)ev->event_id,
					      TEXT_ARG(row->values[SUMMARY].text));
	return true;
}

static bool
add_gone(void *ctx, const struct work_state *said)
{
	struct notes_state *s = ctx;
	struct table_row   *row = add_row(s, said);
	bool                of_event = work_is_event(said->key);

	if (!of_event) {
		table_number(row, FINDING, (double)said->number);
		table_text(s->table, row, VERDICT, said->verdict);
	}
	row->values[WHAT].text = of_event ? arena_printf(s->keep, "(not in this case) " TEXT_FMT,
							 TEXT_ARG(said->key))
					  : TEXT("(not found any more)");
	row->dim = true;
	return true;
}

static bool
load(struct app *app, struct view *v, struct err *err)
{
	struct case_filter f = view_filter(app, v);
	struct notes_state s = { app, &v->arena, &v->list.table };

	table_reset(&v->list.table, &v->arena, columns, N_COLUMNS);
	v->list.columns = shown;
	v->list.n_columns = sizeof(shown) / sizeof(shown[0]);
	v->list.remarks = true;
	list_came_sorted(&v->list, TIME, true);
	if (!query_noted_findings(app->cf, &f, add_finding, &s, err) ||
	    !query_noted_events(app->cf, &f, add_event, &s, err))
		return false;
	/* what is not shown elsewhere has nothing to be filtered by */
	return f.n_conditions || f.host.n ||
	       (query_hidden(app->cf, TEXT_NONE, add_hidden, &s, err) &&
		work_without_place(app->cf, add_gone, &s, err));
}

static void
preview(struct app *app, struct view *v, struct doc *d)
{
	const struct table_row *row = list_row(&v->list);
	char                    when[WHEN_TEXT_MAX] = "";

	when[zone_human(&app->screen.zone, row->values[TIME].time_ns, when)] = '\0';
	doc_rule(d, TEXT("selected"), TEXT_NONE);
	doc_fact(d, "Rule", row->values[RULE].text);
	if (!row->values[RULE].text.n)
		doc_field(d, "Event", row->values[WHAT].text);
	doc_fact(d, "Computer", row->values[HOST].text);
	doc_fact(d, "Verdict", row->values[VERDICT].text);
	doc_fact(d, "Bookmark", row->values[BOOKMARK].text);
	doc_fact(d, "Note", row->values[NOTE].text);
	doc_fact(d, "By", arena_printf(d->keep, TEXT_FMT "   %.19s",
				       TEXT_ARG(row->values[AUTHOR].text), when));
}

static int64_t
event_of(const struct table_row *row)
{
	double number = row->values[EVENT].number;

	return number > 0 ? (int64_t)number : 0;
}

static void
open_row(struct app *app, const struct table_row *row)
{
	if (event_of(row))
		open_event(app, event_of(row));
	else if (row->dim)
		app_say(app, row->values[FINDING].number > 0
				 ? "a filter hides this finding, or it is not found any more"
				 : "this case does not have that event; the note waits for it");
	else
		open_finding(app, row->id);
}

static bool
act(struct app *app, struct view *v, enum action action)
{
	const struct table_row *row = list_row(&v->list);

	if (!row)
		return false;
	switch ((int)action) {
	case ACTION_OPEN:
		open_row(app, row);
		return true;
	case ACTION_DRILLDOWN:
		if (event_of(row))
			open_leads(app, event_of(row));
		else
			open_drilldowns(app, row->id);
		return true;
	case ACTION_RULE:
		if (row->values[RULE_ID].text.n)
			open_rule(app, row->values[RULE_ID].text);
		else
			app_say(app, "no rule is behind this row");
		return true;
	}
	return false;
}

static void
why_empty(struct app *app, struct view *v, struct doc *d)
{
	(void)v;
	doc_plain(d, TEXT("Nobody has said anything about a finding or an event yet."));
	if (app->info.findings)
		doc_plain(d, TEXT("2 lists the findings: t sets a verdict, a writes a note, * bookmarks."));
	if (app->info.events)
		doc_plain(d, TEXT("3 lists the events: a writes a note, * bookmarks."));
	doc_plain(d, arena_printf(d->keep, "auger notes import %s FILE   in a shell takes those of others.",
				  app->setup->case_path));
}

static struct work_about
about(const struct view *v, int64_t row)
{
	(void)v;
	return (struct work_about){ .number = row };
}

const struct view_kind view_notes = {
	.name = "notes",
	.title = "Notes",
	.unit = "noted row",
	.keys = KEYS_MOVES | KEYS_LIST | KEYS_ASIDE | KEYS_OPENS | KEYS_CELLS | KEYS_RULED |
		KEYS_FINDINGS | KEYS_NOTED | KEYS_MARKS | KEYS_INSIDE | KEYS_DRILLS,
	.hints = hints,
	.load = load,
	.act = act,
	.about = about,
	.preview = preview,
	.preview_rows = 7,
	.why_empty = why_empty,
};
