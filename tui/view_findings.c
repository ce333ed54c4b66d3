/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Findings: of the case, or of one host ("View the detection results for ..."). */
#include "config.h"

#include "base/counted.h"
#include "tui/app.h"
#include "tui/computers.h"
#include "tui/empty.h"
#include "tui/long_list.h"
#include "tui/remarks.h"

enum {
	ID,
	FIRST,
	LAST,
	HOST,
	USER,
	RULE,
	RULE_ID,
	TYPE,
	TECHNIQUE,
	TACTIC,
	RISK,
	OBJECT,
	OBJECT_TYPE,
	MESSAGE,
	COUNT,
	VERDICT,
	NOTE,
	BOOKMARK,
	WHAT,
	IMPORT,
	LAST_IMPORT,
	NEW,
	N_COLUMNS
};

static const struct table_column columns[N_COLUMNS] = {
	[ID] = { "finding_id", TABLE_NUMBER },
	[FIRST] = { "first_time", TABLE_TIME },
	[LAST] = { "last_time", TABLE_TIME },
	[HOST] = { "host", TABLE_TEXT },
	[USER] = { "user", TABLE_TEXT },
	[RULE] = { "rule", TABLE_TEXT },
	[RULE_ID] = { "rule_id", TABLE_TEXT },
	[TYPE] = { "type", TABLE_TEXT },
	[TECHNIQUE] = { "technique", TABLE_TEXT },
	[TACTIC] = { "tactic", TABLE_TEXT },
	[RISK] = { "risk_score", TABLE_NUMBER },
	[OBJECT] = { "risk_object", TABLE_TEXT },
	[OBJECT_TYPE] = { "risk_object_type", TABLE_TEXT },
	[MESSAGE] = { "message", TABLE_TEXT },
	[COUNT] = { "count", TABLE_NUMBER },
	[VERDICT] = { "verdict", TABLE_TEXT },
	[NOTE] = { "note", TABLE_TEXT },
	[BOOKMARK] = { "bookmark", TABLE_TEXT },
	[WHAT] = { "what", TABLE_TEXT },
	[IMPORT] = { NULL, TABLE_NUMBER },
	[LAST_IMPORT] = { NULL, TABLE_NUMBER },
	[NEW] = { "since_import", TABLE_TEXT },
};

static const enum finding_order orders[N_COLUMNS] = {
	[ID] = FINDING_BY_ID,
	[FIRST] = FINDING_BY_FIRST,
	[LAST] = FINDING_BY_LAST,
	[HOST] = FINDING_BY_HOST,
	[USER] = FINDING_BY_USER,
	[RULE] = FINDING_BY_RULE,
	[RULE_ID] = FINDING_BY_RULE_ID,
	[TYPE] = FINDING_BY_TYPE,
	[TECHNIQUE] = FINDING_BY_TECHNIQUES,
	[TACTIC] = FINDING_BY_TACTICS,
	[RISK] = FINDING_BY_RISK,
	[OBJECT] = FINDING_BY_OBJECT,
	[OBJECT_TYPE] = FINDING_BY_OBJECT_TYPE,
	[MESSAGE] = FINDING_BY_MESSAGE,
	[COUNT] = FINDING_BY_COUNT,
	[VERDICT] = FINDING_BY_VERDICT,
	[NOTE] = FINDING_BY_NOTE,
	[BOOKMARK] = FINDING_BY_BOOKMARK,
	[WHAT] = FINDING_BY_WHAT,
	[IMPORT] = FINDING_BY_ID,
	[LAST_IMPORT] = FINDING_BY_ID,
	[NEW] = FINDING_BY_ID,
};

#define SHOWN_HEAD { RISK, "RISK", 5, .right = true, .look = LOOK_RISK }
#define SHOWN_TAIL                                                                                 \
	{ TECHNIQUE, "ATT&CK", 9, .from = 100 },                                                   \
	    { COUNT, "SEEN", 4, .right = true, .look = LOOK_AMOUNT, .from = 90 },              \
	    { LAST, "LAST", 11, .look = LOOK_WHEN }, { VERDICT, "VERDICT", 14, .from = 150 },  \
	{                                                                                          \
		NOTE, "NOTE", 12, .from = 150                                                      \
	}

static const struct list_column shown_of_case[] = {
	SHOWN_HEAD,
	{ RULE, "RULE", 26, .flexible = true, .look = LOOK_TAIL },
	{ HOST, "COMPUTER", 12, .look = LOOK_HOST, .from = 60 },
	{ WHAT, "WHAT", 18, .flexible = true, .look = LOOK_COMMAND, .from = 110 },
	SHOWN_TAIL,
};

/* Where all are of one rule. */
static const struct list_column shown_of_rule[] = {
	SHOWN_HEAD,
	{ HOST, "COMPUTER", 12, .flexible = true, .look = LOOK_HOST },
	{ WHAT, "WHAT", 20, .flexible = true, .look = LOOK_COMMAND },
	{ USER, "USER", 18, .look = LOOK_MIDDLE, .from = 110 },
	SHOWN_TAIL,
};

static const struct list_column shown_of_host[] = {
	SHOWN_HEAD,
	{ RULE, "RULE", 26, .flexible = true, .look = LOOK_TAIL },
	{ WHAT, "WHAT", 16, .flexible = true, .look = LOOK_COMMAND, .from = 76 },
	{ USER, "USER", 18, .look = LOOK_MIDDLE, .from = 140 },
	SHOWN_TAIL,
};

static const enum action hints[] = { ACTION_OPEN, ACTION_DRILLDOWN, ACTION_NARROW, ACTION_VERDICT,
				     ACTION_EXPORT, ACTION_RULE, ACTION_NOTE, ACTION_NONE };

/* The verdict in one letter, so that it is seen where the column has no room. */
static char
sign_of(const struct finding_row *f)
{
	if (text_eq(f->verdict, TEXT("true positive")))
		return 'T';
	if (text_eq(f->verdict, TEXT("false positive")))
		return 'F';
	if (text_eq(f->verdict, TEXT("benign")))
		return 'B';
	return 0;
}

struct adding {
	struct table *table;
	int64_t       since; /* an import; 0: nobody asks what is new */
};

static bool
add_finding(void *ctx, const struct finding_row *f)
{
	const struct adding *adding = ctx;
	struct table     *t = adding->table;
	struct table_row *row = table_add(t, f->id);

	table_number(row, ID, (double)f->id);
	table_time(row, FIRST, f->finding.first_ns);
	table_time(row, LAST, f->finding.last_ns);
	table_text(t, row, HOST, f->finding.host);
	table_text(t, row, USER, f->finding.user);
	table_text(t, row, RULE, f->finding.rule);
	table_text(t, row, RULE_ID, f->finding.rule_id);
	table_text(t, row, TYPE, f->finding.type);
	table_text(t, row, TECHNIQUE, f->finding.techniques);
	table_text(t, row, TACTIC, f->finding.tactics);
	table_number(row, RISK, f->finding.risk_score);
	table_text(t, row, OBJECT, f->risk_object);
	if (f->risk_object.n)
		row->values[OBJECT_TYPE].text = text_of(risk_object_type_name(f->risk_object_type));
	table_text(t, row, MESSAGE, f->finding.message);
	table_number(row, COUNT, (double)f->finding.count);
	table_text(t, row, VERDICT, f->verdict);
	table_text(t, row, NOTE, f->note);
	row->values[BOOKMARK].text = f->bookmark ? TEXT("yes") : TEXT_NONE;
	table_text(t, row, WHAT, f->finding.what);
	table_number(row, IMPORT, (double)f->import);
	table_number(row, LAST_IMPORT, (double)f->last_import);
	if (adding->since)
		row->values[NEW].text = finding_news(f, adding->since);
	row->sign = sign_of(f);
	row->remark = remarks_sign(f->bookmark, f->note);
	row->dim =
	    text_eq(f->verdict, TEXT("benign")) || text_eq(f->verdict, TEXT("false positive"));
	return true;
}

/* The import that the filter asks what is new since; 0: none. */
static double
since_import(const struct case_filter *f)
{
	double since = (double)f->since_import;

	for (uint32_t i = 0; i < f->n_conditions; i++)
		if (f->conditions[i].part == FILTER_SINCE && !f->conditions[i].excludes)
			since = f->conditions[i].number;
	return since;
}

static void
read_finding(const struct table_reader *r, struct table *page, int64_t id)
{
	query_finding_row(r->cf, id, add_finding,
			  &(struct adding){ page, (int64_t)since_import(r->ctx) }, NULL);
}

static bool
order_findings(const struct table_reader *r, const struct table *t, table_id_fn *fn, void *fn_ctx,
	       struct err *err)
{
	return query_finding_ids(r->cf, r->ctx, orders[t->sort_column], t->descending, fn, fn_ctx,
				 err);
}

static const struct table_reader *
reader_of(struct app *app, struct view *v)
{
	struct table_reader *r = arena_new(&v->arena, struct table_reader, 1);
	struct case_filter  *f = arena_new(&v->arena, struct case_filter, 1);

	*f = view_filter(app, v);
	*r = (struct table_reader){ order_findings, read_finding, app->cf, f };
	return r;
}

static bool
is_of_rule(const struct level *level)
{
	for (uint32_t i = 0; i < level->n_conditions; i++)
		if (level->conditions[i].part == FILTER_RULE && level->conditions[i].n_values == 1 &&
		    !level->conditions[i].excludes)
			return true;
	return false;
}

#define RULE_BESIDE_NEWS 22

/* Behind the risk: which are new, and which only got more events. */
static void
show_news(struct view *v)
{
	unsigned            n = v->list.n_columns;
	struct list_column *own = arena_new(&v->arena, struct list_column, n + 1);

	own[0] = v->list.columns[0];
	own[1] = (struct list_column){ NEW, "NEW", 4, .look = LOOK_PLAIN };
	memcpy(own + 2, v->list.columns + 1, (n - 1) * sizeof(*own));
	if (own[2].width > RULE_BESIDE_NEWS)
		own[2].narrow = RULE_BESIDE_NEWS; /* 40 columns have room for all three */
	v->list.columns = own;
	v->list.n_columns = n + 1;
}

#define SHOW(l, of) ((l)->columns = (of), (l)->n_columns = sizeof(of) / sizeof((of)[0]))

static bool
load(struct app *app, struct view *v, struct err *err)
{
	const struct table_reader *reader;

	table_reset(&v->list.table, &v->arena, columns, N_COLUMNS);
	if (!text_absent(v->level->host))
		SHOW(&v->list, shown_of_host);
	else if (is_of_rule(v->level))
		SHOW(&v->list, shown_of_rule);
	else
		SHOW(&v->list, shown_of_case);
	reader = reader_of(app, v);
	if (since_import(reader->ctx) > 0)
		show_news(v);
	v->list.remarks = true;
	list_came_sorted(&v->list, LAST, true);
	return table_read(&v->list.table, reader, err);
}

static void
preview(struct app *app, struct view *v, struct doc *d)
{
	const struct table_row   *row = list_row(&v->list);
	const struct table_value *value = table_keep(&v->list.table, row, d->keep);
	char                      first[WHEN_TEXT_MAX], last[WHEN_TEXT_MAX];
	struct finding_row        whole = { 0 };
	const struct risk_object *here = NULL;
	struct text               risk, called, computers = value[HOST].text;
	bool                      once = value[FIRST].time_ns == value[LAST].time_ns;

	first[zone_human(&app->screen.zone, value[FIRST].time_ns, first)] = '\0';
	last[zone_human(&app->screen.zone, value[LAST].time_ns, last)] = '\0';
	doc_rule(d, TEXT("selected"), TEXT_NONE);
	doc_field(d, "Rule", value[RULE].text);
	doc_brief(d, "What", value[WHAT].text, app->screen.columns, &app->screen);
	doc_fact(d, "Message", value[MESSAGE].text);
	called = query_user_called(app->cf, value[USER].text, d->keep);
	if (query_finding(app->cf, row->id, d->keep, &whole, NULL)) {
		computers = computers_said(app, &whole.finding, d->keep);
		here = computers_object(app, &whole.finding);
	}
	doc_field(d, "Computer",
		  arena_printf(d->keep, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(computers),
			       value[USER].text.n ? "   user " : "",
			       TEXT_ARG(called.n ? called : value[USER].text)));
	risk = TEXT("none, the rule raises no risk");
	if (value[OBJECT].text.n)
		risk = arena_printf(d->keep, "%.0f to " TEXT_FMT "%s",
				    here ? here->score : value[RISK].number,
				    TEXT_ARG(here ? here->value : value[OBJECT].text),
				    whole.finding.n_objects > 1 ? " and others" : "");
	doc_field(d, "Risk",
		  arena_printf(d->keep, TEXT_FMT "   " TEXT_FMT "   " TEXT_FMT, TEXT_ARG(risk),
			       TEXT_ARG(value[TYPE].text), TEXT_ARG(value[TACTIC].text)));
	doc_field(d, "Seen", arena_printf(d->keep, "%s, %s%s%s " TEXT_FMT,
					  counted((uint64_t)value[COUNT].number, "time").words,
					  first, once ? "" : " to ", once ? "" : last,
					  TEXT_ARG(zone_short(&app->screen.zone))));
	if (value[IMPORT].number > 1 || value[LAST_IMPORT].number > value[IMPORT].number)
		doc_field(d, "Imported",
			  arena_printf(d->keep, value[LAST_IMPORT].number > value[IMPORT].number
						    ? "found with import %.0f; further events came with import %.0f"
						    : "found with import %.0f",
				       value[IMPORT].number, value[LAST_IMPORT].number));
	doc_fact(d, "Verdict", value[VERDICT].text);
	doc_fact(d, "Note", value[NOTE].text);
	doc_fact(d, "Bookmark", value[BOOKMARK].text);
}

static bool
act(struct app *app, struct view *v, enum action action)
{
	const struct table_row *row = list_row(&v->list);

	if (!row)
		return false;
	switch ((int)action) {
	case ACTION_OPEN:
		open_finding(app, row->id);
		return true;
	case ACTION_RULE:
		open_rule(app, row->values[RULE_ID].text);
		return true;
	case ACTION_DRILLDOWN:
		open_drilldowns(app, row->id);
		return true;
	case ACTION_AROUND:
		open_around(app, row->values[HOST].text, row->values[FIRST].time_ns);
		return true;
	}
	return false;
}

static struct work_about
about(const struct view *v, int64_t row)
{
	(void)v;
	return (struct work_about){ .number = row };
}

static bool
count(const struct app *app, const struct view *v, uint64_t *n)
{
	if (v->loaded && v->list.n_columns)
		*n = v->list.table.n_rows;
	else if (text_absent(v->level->host) && !v->level->n_conditions && !app_filtered(app))
		*n = app->info.findings;
	else
		return false;
	return true;
}

static struct text
note(struct app *app, struct view *v, struct arena *keep)
{
	if (!text_absent(v->level->host))
		return arena_printf(keep, "View the detection results for " TEXT_FMT,
				    TEXT_ARG(v->level->host));
	if (app->info.hidden)
		return arena_printf(keep, "%s hidden by filters of rules (H)",
				    counted_number(app->info.hidden).words);
	return TEXT_NONE;
}

const struct view_kind view_findings = {
	.name = "findings",
	.unit = "finding",
	.title = "Findings",
	.marks = MARK_FINDING,
	.keys = KEYS_MOVES | KEYS_LIST | KEYS_ASIDE | KEYS_OPENS | KEYS_RISK | KEYS_WEIGHS | KEYS_CELLS | KEYS_RULED | KEYS_DRILLS |
		KEYS_FINDINGS | KEYS_MARKS | KEYS_NOTED | KEYS_INSIDE | KEYS_AROUND,
	.deaf = 1u << FILTER_FIELD,
	.hints = hints,
	.load = load,
	.act = act,
	.about = about,
	.preview = preview,
	.preview_rows = 9,
	.narrow = long_list_narrow,
	.found = long_list_found,
	.job_done = long_list_done,
	.why_empty = empty_from_ledger,
	.count = count,
	.note = note,
};
