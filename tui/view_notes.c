/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What analysts made of findings: verdicts, notes, bookmarks, by whom and when. */
#include "config.h"

#include "base/when.h"
#include "store/work.h"
#include "tui/app.h"

enum {
	FINDING, TIME, AUTHOR, VERDICT, NOTE, BOOKMARK, RULE, RULE_ID, HOST, USER, RISK, N_COLUMNS
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
};

static const struct list_column shown[] = {
	{ BOOKMARK, "MARK", 4, .look = LOOK_PLAIN },
	{ VERDICT, "VERDICT", 14, .look = LOOK_PLAIN },
	{ NOTE, "NOTE", 16, .flexible = true },
	{ RULE, "RULE", 18, .flexible = true, .look = LOOK_TAIL },
	{ HOST, "COMPUTER", 12, .look = LOOK_HOST },
	{ AUTHOR, "BY", 14, .from = 100 },
	{ TIME, "WHEN", 19, .look = LOOK_SECOND, .from = 100 },
};

static const enum action hints[] = { ACTION_OPEN,   ACTION_VERDICT, ACTION_NOTE,
				     ACTION_NARROW, ACTION_EXPORT,  ACTION_NONE };

/* What is known of one finding, as its entries are met. */
struct remark {
	int64_t     finding, time_ns;
	struct text verdict, note, author;
	bool        bookmark, seen;
};

struct notes_state {
	struct arena  *keep;
	struct remark *remarks; /* by finding */
	size_t         n, cap;
	struct table  *table;
};

static struct remark *
remark_of(struct notes_state *s, int64_t finding)
{
	for (size_t i = s->n; i-- > 0;)
		if (s->remarks[i].finding == finding)
			return &s->remarks[i];
	return NULL;
}

static bool
add_entry(void *ctx, const struct work_entry *e)
{
	struct notes_state *s = ctx;
	struct remark      *r;

	if (!e->current)
		return true;
	r = remark_of(s, e->number);
	if (!r) {
		arena_grow(s->keep, s->remarks, s->n, &s->cap);
		r = &s->remarks[s->n++];
		*r = (struct remark){ .finding = e->number, .time_ns = WHEN_NONE };
	}
	switch (e->kind) {
	case WORK_VERDICT:
		r->verdict = arena_copy(s->keep, e->value);
		break;
	case WORK_NOTE:
		r->note = arena_copy(s->keep, e->value);
		break;
	case WORK_BOOKMARK:
		r->bookmark = e->value.n > 0;
		break;
	}
	if (e->time_ns && e->time_ns > r->time_ns) {
		r->time_ns = e->time_ns;
		r->author = arena_copy(s->keep, e->author);
	}
	return true;
}

/* Taken back in all its parts, it is no remark any more. */
static bool
says_something(const struct remark *r)
{
	return (r->verdict.n && !text_eq(r->verdict, TEXT("open"))) || r->note.n || r->bookmark;
}

static struct table_row *
add_row(struct table *t, const struct remark *r)
{
	struct table_row *row = table_add(t, r->finding);

	table_number(row, FINDING, (double)r->finding);
	table_time(row, TIME, r->time_ns);
	row->values[AUTHOR].text = r->author;
	row->values[VERDICT].text = r->verdict.n ? r->verdict : TEXT("open");
	row->values[NOTE].text = r->note;
	row->values[BOOKMARK].text = r->bookmark ? TEXT("yes") : TEXT("");
	return row;
}

static bool
add_finding(void *ctx, const struct finding_row *f)
{
	struct notes_state *s = ctx;
	struct remark      *r = remark_of(s, f->id);
	struct table_row   *row;

	if (!r || !says_something(r))
		return true;
	r->seen = true;
	if (f->note.n) /* names every author where they differ */
		r->note = arena_copy(s->keep, f->note);
	if (f->verdict.n)
		r->verdict = arena_copy(s->keep, f->verdict);
	row = add_row(s->table, r);
	table_text(s->table, row, RULE, f->finding.rule);
	table_text(s->table, row, RULE_ID, f->finding.rule_id);
	table_text(s->table, row, HOST, f->finding.host);
	table_text(s->table, row, USER, f->finding.user);
	table_number(row, RISK, f->finding.risk_score);
	return true;
}

static bool
add_hidden(void *ctx, const struct hidden_row *h)
{
	struct notes_state *s = ctx;
	struct remark      *r = remark_of(s, h->id);
	struct table_row   *row;

	if (!r || r->seen || !says_something(r))
		return true;
	r->seen = true;
	row = add_row(s->table, r);
	table_text(s->table, row, RULE, h->rule);
	table_text(s->table, row, RULE_ID, h->rule_id);
	table_text(s->table, row, HOST, h->host);
	table_text(s->table, row, USER, h->user);
	row->dim = true;
	return true;
}

static bool
load(struct app *app, struct view *v, struct err *err)
{
	struct case_filter f = view_filter(app, v);
	struct notes_state s = { .keep = &v->arena, .table = &v->list.table };

	table_reset(&v->list.table, &v->arena, columns, N_COLUMNS);
	v->list.columns = shown;
	v->list.n_columns = sizeof(shown) / sizeof(shown[0]);
	list_came_sorted(&v->list, TIME, true);
	if (!work_log(app->cf, 0, add_entry, &s, err) ||
	    !query_findings(app->cf, &f, add_finding, &s, err))
		return false;
	if (f.n_conditions || f.host.n)
		return true; /* what is no finding now has nothing to be filtered by */
	if (!query_hidden(app->cf, TEXT_NONE, add_hidden, &s, err))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		struct table_row *row;

		if (s.remarks[i].seen || !says_something(&s.remarks[i]))
			continue;
		row = add_row(&v->list.table, &s.remarks[i]);
		row->values[RULE].text = TEXT("(not found any more)");
		row->dim = true;
	}
	return true;
}

static void
preview(struct app *app, struct view *v, struct doc *d)
{
	const struct table_row *row = list_row(&v->list);
	char                    when[WHEN_TEXT_MAX] = "";

	zone_human(&app->screen.zone, row->values[TIME].time_ns, when);
	doc_rule(d, TEXT("selected"), TEXT_NONE);
	doc_field(d, "Rule", row->values[RULE].text);
	doc_fact(d, "Computer", row->values[HOST].text);
	doc_field(d, "Verdict", row->values[VERDICT].text);
	doc_fact(d, "Note", row->values[NOTE].text);
	doc_fact(d, "By", arena_printf(d->keep, TEXT_FMT "   %s",
				       TEXT_ARG(row->values[AUTHOR].text), when));
}

static bool
act(struct app *app, struct view *v, enum action action)
{
	const struct table_row *row = list_row(&v->list);

	if (!row)
		return false;
	switch ((int)action) {
	case ACTION_OPEN:
		if (row->dim)
			app_say(app, "a filter hides this finding, or it is not found any more");
		else
			open_finding(app, row->id);
		return true;
	case ACTION_DRILLDOWN:
		open_drilldowns(app, row->id);
		return true;
	case ACTION_RULE:
		open_rule(app, row->values[RULE_ID].text);
		return true;
	}
	return false;
}

static void
why_empty(struct app *app, struct view *v, struct doc *d)
{
	(void)v;
	doc_plain(d, TEXT("Nobody has said anything about a finding yet."));
	if (app->info.findings)
		doc_plain(d, TEXT("2 lists the findings: t sets a verdict, a writes a note."));
	doc_plain(d, arena_printf(d->keep, "auger notes import %s FILE   in a shell takes those of others.",
				  app->setup->case_path));
}

const struct view_kind view_notes = {
	.name = "notes",
	.title = "Notes",
	.unit = "findings with a verdict, note or bookmark",
	.keys = KEYS_MOVES | KEYS_LIST | KEYS_ASIDE | KEYS_OPENS | KEYS_CELLS | KEYS_RULED |
		KEYS_FINDINGS | KEYS_INSIDE | KEYS_DRILLS,
	.hints = hints,
	.load = load,
	.act = act,
	.preview = preview,
	.preview_rows = 7,
	.why_empty = why_empty,
};
