/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One finding: message, why, risk, the text that matched, its row, its events and its rule. */
#include "config.h"

#include <stdlib.h>

#include "base/counted.h"
#include "base/decoded.h"
#include "base/scored.h"
#include "rules/attack.h"
#include "tui/app.h"
#include "tui/computers.h"
#include "tui/filter.h"
#include "tui/matched.h"

static const enum action hints[] = { ACTION_OPEN,    ACTION_DRILLDOWN, ACTION_MATCH_NEXT,
				     ACTION_ITEM_NEXT, ACTION_VERDICT, ACTION_NOTE,
				     ACTION_RULE,    ACTION_EXPORT,    ACTION_NONE };

#define EVENTS_LISTED 50
#define HOST_SHOWN    15 /* columns of its name beside an event */
#define EVENTS_MATCHED 3  /* of which the matched text is shown */
#define EVENTS_TRIED   20
#define LINES_AROUND  2
#define SCRIPT_LINES_MAX 40
#define DECODED_BYTES 4000

struct finding_state {
	struct finding_row      row;
	const struct detection *rule;
};

/* How the rule comes to its score, where it says so. */
static void
say_score(const struct screen *screen, struct doc *d, const struct finding_state *s)
{
	const struct detection *rule = s->rule;

	if (!rule || rule->impact <= 0 || rule->confidence <= 0)
		return;
	doc_field(d, "Score",
		  arena_printf(d->keep, "%.4g = impact %g %s confidence %g / 100",
			       rule->impact * rule->confidence / 100, rule->impact,
			       screen->ascii ? "x" : "×", rule->confidence));
}

static void
say_risk(struct doc *d, const struct finding *f)
{
	if (!f->n_objects)
		doc_field(d, "Risk", TEXT("none, the rule raises no risk"));
	for (uint32_t i = 0; i < f->n_objects; i++) {
		const struct risk_object *o = &f->objects[i];

		doc_field(d, i ? "" : "Risk",
			  arena_printf(d->keep, "%.10g to " TEXT_FMT " (%s)", o->score,
				       TEXT_ARG(o->value), risk_object_type_name(o->type)));
		if (o->factors.n)
			doc_field(d, "", scored(o, d->keep));
	}
	for (uint32_t i = 0; i < f->n_threats; i++)
		doc_field(d, i ? "" : "Threats",
			  arena_printf(d->keep, TEXT_FMT " (" TEXT_FMT ")",
				       TEXT_ARG(f->threats[i].value),
				       TEXT_ARG(f->threats[i].type)));
}

struct ranking {
	struct host_row own;
	uint32_t        above, all;
};

static bool
own_host(void *ctx, const struct host_row *row)
{
	((struct ranking *)ctx)->own = *row;
	return false;
}

static bool
count_above(void *ctx, const struct host_row *row)
{
	struct ranking *r = ctx;

	r->above += row->risk_score > r->own.risk_score;
	r->all++;
	return true;
}

/* The place of the computer among all, in the whole case. */
static void
say_rank(struct app *app, struct doc *d, const struct finding *finding)
{
	struct case_filter f = CASE_FILTER_ALL;
	struct ranking     r = { 0 };
	struct text        host = computers_first(app, finding);

	if (!host.n)
		return;
	f.host = host;
	if (!query_hosts(app->cf, &f, own_host, &r, NULL) || !r.own.id)
		return;
	f.host = TEXT_NONE;
	if (!query_hosts(app->cf, &f, count_above, &r, NULL))
		return;
	doc_field(d, "Host total",
		  arena_printf(d->keep, TEXT_FMT ", rank %u of %s%s" TEXT_FMT,
			       TEXT_ARG(table_amount(r.own.risk_score, d->keep)),
			       (unsigned)r.above + 1, counted(r.all, "host").words,
			       finding->n_objects > 1 ? ": " : "",
			       TEXT_ARG(finding->n_objects > 1 ? host : TEXT(""))));
}

static void
say_attack(struct doc *d, const struct finding *f)
{
	struct text techniques = f->techniques;
	const char *label = "ATT&CK";

	for (; !text_absent(techniques); label = "") {
		struct text id = text_cut(&techniques, ' ');

		if (id.n)
			doc_field(d, label,
				  arena_printf(d->keep, TEXT_FMT "  " TEXT_FMT, TEXT_ARG(id),
					       TEXT_ARG(attack_name(id))));
	}
	doc_fact(d, "Tactics", f->tactics);
}

static void
say_stories(const struct screen *screen, struct doc *d, struct text stories)
{
	struct text *names = NULL;
	size_t       n = 0, cap = 0;

	while (!text_absent(stories)) {
		arena_grow(d->keep, names, n, &cap);
		names[n++] = text_cut(&stories, '\n');
	}
	doc_fact(d, "Stories", screen_names(screen, names, n, d->keep));
}

static void
say_core(struct app *app, struct doc *d, const struct finding_state *s)
{
	const struct screen  *screen = &app->screen;
	const struct finding *f = &s->row.finding;
	struct text           called;
	char                  first[WHEN_TEXT_MAX], last[WHEN_TEXT_MAX];

	first[zone_human(&screen->zone, f->first_ns, first)] = '\0';
	last[zone_human(&screen->zone, f->last_ns, last)] = '\0';
	doc_brief(d, "What", f->what, doc_plain_columns(screen, 0), screen);
	doc_field(d, "Message", f->message);
	if (f->remarks.n)
		doc_field(d, "Remark", f->remarks)->role = ROLE_FLAG;
	doc_fact(d, "Computer", computers_said(app, f, d->keep));
	doc_fact(d, "User", f->user);
	called = query_user_called(app->cf, f->user, d->keep);
	if (called.n)
		doc_field(d, "", arena_join(d->keep, TEXT("= "), called));
	doc_field(d, "Count", arena_printf(d->keep, "%s   first %s   last %s " TEXT_FMT,
					   counted_number(f->count).words, first, last,
					   TEXT_ARG(zone_short(&screen->zone))));
	say_risk(d, f);
	say_score(screen, d, s);
	say_rank(app, d, f);
	say_attack(d, f);
	say_stories(screen, d, f->stories);
	doc_fact(d, "Verdict", s->row.verdict);
	doc_fact(d, "Note", s->row.note);
	doc_fact(d, "Bookmark", s->row.bookmark ? TEXT("yes") : TEXT_NONE);
}

struct saying {
	struct app *app;
	struct doc *doc;
	size_t      n;
};

static bool
say_entry(void *ctx, const struct work_entry *e)
{
	struct saying *s = ctx;
	struct arena  *keep = s->doc->keep;
	char           when[WHEN_TEXT_MAX] = "";

	if (!s->n++)
		doc_rule(s->doc, TEXT("who said what"), TEXT_NONE);
	if (e->time_ns)
		when[when_to_human(e->time_ns, 0, when)] = '\0';
	doc_plain(s->doc, arena_printf(keep, "%s%s  " TEXT_FMT "  %s: " TEXT_FMT "%s", when,
				       when[0] ? " UTC" : "time not known",
				       TEXT_ARG(e->author.n ? e->author : TEXT("author not known")),
				       work_kind_name(e->kind),
				       TEXT_ARG(e->value.n ? e->value : TEXT("taken back")),
				       e->current ? "" : "  (replaced)"));
	return true;
}

static void
say_fields(struct doc *d, const struct finding *f)
{
	doc_rule(d, TEXT("result row"), TEXT_NONE);
	for (uint32_t i = 0; i < f->n_fields; i++) {
		struct text value = text_head(f->fields[i].value, 400);

		doc_field(d, arena_cstr(d->keep, f->fields[i].name),
			  value.n < f->fields[i].value.n ? arena_join(d->keep, value, TEXT(" ..."))
							 : value);
	}
}

/* The lines of VALUE that hold matched text, and those around them. */
static void
say_excerpt(struct doc *d, struct text value, const struct range *ranges, size_t n_ranges)
{
	size_t first = d->n, kept;

	doc_code(d, value, ranges, n_ranges);
	kept = first;
	for (size_t i = first; i < d->n && kept < first + SCRIPT_LINES_MAX; i++) {
		bool near = false;

		for (size_t k = i > first + LINES_AROUND ? i - LINES_AROUND : first;
		     k <= i + LINES_AROUND && k < d->n; k++)
			near |= d->items[k].n_ranges > 0;
		if (!near)
			continue;
		d->items[kept++] = d->items[i];
	}
	d->n = kept;
}

/* Every text of the event in which the rule matched something. */
static bool
say_matched(struct app *app, struct doc *d, const struct finding_state *s, int64_t id)
{
	struct event  ev;
	struct range *ranges = arena_new(d->keep, struct range, MATCHED_MAX);
	bool          any = false;

	if (!query_event(app->cf, id, true, d->keep, &ev, NULL))
		return false;
	for (uint32_t i = ev.n_system; i < ev.n_fields; i++) {
		size_t n = matched_ranges(s->rule, &ev, ev.fields[i].value, app->frame, ranges);

		if (!n)
			continue;
		doc_rule(d,
			 arena_printf(d->keep, "matched in " TEXT_FMT, TEXT_ARG(ev.fields[i].name)),
			 arena_printf(d->keep, "event %lld", (long long)id));
		say_excerpt(d, ev.fields[i].value, ranges, n);
		any = true;
	}
	if (!any && ev.message.n) {
		size_t n = matched_ranges(s->rule, &ev, ev.message, app->frame, ranges);

		if (n) {
			doc_rule(d, TEXT("matched in the message"),
				 arena_printf(d->keep, "event %lld", (long long)id));
			say_excerpt(d, ev.message, ranges, n);
			any = true;
		}
	}
	return any;
}

#define DECODED_LINES 8

/* What encoded texts of the event say, the beginning of each. */
static void
say_decoded(struct app *app, struct doc *d, int64_t id)
{
	struct event ev;

	if (!query_event(app->cf, id, true, d->keep, &ev, NULL))
		return;
	for (uint32_t i = ev.n_system; i < ev.n_fields; i++) {
		const struct field *field = &ev.fields[i];
		size_t              first;
		struct text         origin;

		if (!name_is_decoded(field->name))
			continue;
		origin = decoded_origin(&ev, field, d->keep);
		doc_rule(d,
			 arena_printf(d->keep, "decoded from " TEXT_FMT,
				      TEXT_ARG(origin.n ? origin : field->name)),
			 TEXT("not executed"));
		first = d->n;
		doc_script(d, text_head(field->value, DECODED_BYTES), NULL, 0);
		if (d->n > first + DECODED_LINES || field->value.n > DECODED_BYTES) {
			d->n = d->n < first + DECODED_LINES ? d->n : first + DECODED_LINES;
			doc_plain(d, TEXT("Enter shows the event with all of it"))->link = id;
		}
	}
}

struct listing {
	struct arena    *keep;
	struct event_row of[EVENTS_LISTED];
	size_t           n;
};

static bool
list_event(void *ctx, const struct event_row *ev)
{
	struct listing *l = ctx;

	l->of[l->n] = *ev;
	l->of[l->n++].host = arena_copy(l->keep, ev->host);
	return true;
}

static int
earlier_first(const void *a, const void *b)
{
	const struct event_row *x = a, *y = b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

/* What happened, in what is left of a line of the right pane behind USED columns. */
static struct text
summary_of(struct app *app, int64_t id, int used, struct arena *keep)
{
	struct arena scratch = app->frame;
	struct event ev;
	int          width = doc_plain_columns(&app->screen, 1) - used;
	struct text  what;

	if (width <= 0 || !query_event(app->cf, id, true, &scratch, &ev, NULL))
		return TEXT("");
	what = screen_cut_folder(&app->screen, event_summary(&ev, &scratch), width, &scratch);
	if (screen_fit(&app->screen, what, width) == what.n)
		return arena_copy(keep, what);
	return arena_printf(keep, TEXT_FMT "~",
			    TEXT_ARG(text_head(what, screen_fit(&app->screen, what, width - 1))));
}

/* Columns of the computers beside events; 0: all are of the finding's, which need not be said again. */
static int
host_columns(const struct screen *s, const struct listing *l, struct text host)
{
	bool differ = false;
	int  most = 0;

	for (size_t i = 0; i < l->n; i++) {
		int width = screen_width(s, text_head(l->of[i].host, HOST_SHOWN));

		most = width > most ? width : most;
		differ |= !text_ieq(l->of[i].host, host);
	}
	return differ ? most : 0;
}

static void
say_event(struct app *app, struct doc *d, const struct event_row *ev, int host_columns)
{
	char        human[WHEN_TEXT_MAX];
	struct text where = TEXT(""), head;
	int         blanks = 0;

	human[zone_human(&app->screen.zone, ev->time_ns, human)] = '\0';
	if (host_columns) {
		where = screen_cut_domain(&app->screen, ev->host, host_columns, d->keep);
		blanks = host_columns - screen_width(&app->screen, where) + 2;
	}
	head = arena_printf(d->keep, "%s  %-5u " TEXT_FMT "%*s", human[0] ? human : "no time",
			    (unsigned)ev->event_id, TEXT_ARG(where), blanks, "");
	doc_plain(d, arena_join(d->keep, head,
				summary_of(app, ev->id, screen_width(&app->screen, head), d->keep)))
	    ->link = ev->id;
}

#define NEAR_NS     (60 * WHEN_SECOND)
#define BEFORE_SUMMARY 17 /* columns */
#define NEAR_LISTED 6 /* before, and as many after */

struct near {
	struct event_row of[2 * NEAR_LISTED];
	uint32_t         n;
};

static bool
add_near(void *ctx, const struct event_row *ev)
{
	struct near *near = ctx;

	near->of[near->n++] = (struct event_row){ .id = ev->id,
						  .time_ns = ev->time_ns,
						  .event_id = ev->event_id,
						  .risk_score = ev->risk_score };
	return true;
}

static void
say_near_event(struct app *app, struct doc *d, const struct event_row *row)
{
	char        human[WHEN_TEXT_MAX];
	struct text what = summary_of(app, row->id, BEFORE_SUMMARY, d->keep);

	human[zone_human(&app->screen.zone, row->time_ns, human)] = '\0';
	doc_plain(d, arena_printf(d->keep, "%s%s  %-5u " TEXT_FMT, row->risk_score > 0 ? "!" : " ",
				  human[0] ? human + 11 : "", (unsigned)row->event_id,
				  TEXT_ARG(what)))
	    ->link = row->id;
}

/* What the computer did around the beginning of the finding. */
static void
say_near(struct app *app, struct doc *d, const struct finding *f)
{
	struct case_filter around = CASE_FILTER_ALL;
	struct near        near = { .n = 0 };
	struct err         err = { 0 };
	struct event_key   middle = { f->first_ns, 0 };

	if (!f->host.n || f->first_ns == WHEN_NONE)
		return;
	around.host = f->host;
	around.span = (struct span){ f->first_ns - NEAR_NS, f->first_ns + NEAR_NS + 1 };
	if (!query_events(app->cf, &around, middle, OLDEST_BACK, NEAR_LISTED, add_near, &near, &err))
		return;
	for (uint32_t i = 0; i < near.n / 2; i++) {
		struct event_row other = near.of[i];

		near.of[i] = near.of[near.n - 1 - i];
		near.of[near.n - 1 - i] = other;
	}
	if (!query_events(app->cf, &around, middle, OLDEST_ONWARD, NEAR_LISTED, add_near, &near, &err) ||
	    !near.n)
		return;
	doc_rule(d,
		 arena_printf(d->keep, "near it, same computer, %s 60 s",
			      app->screen.ascii ? "+-" : "±"),
		 TEXT("o shows more"));
	for (uint32_t i = 0; i < near.n; i++)
		say_near_event(app, d, &near.of[i]);
}

static void
say_events(struct app *app, struct doc *d, const struct finding *f)
{
	struct listing l = { .keep = d->keep };
	struct err     err = { 0 };
	uint32_t       n = f->n_events < EVENTS_LISTED ? f->n_events : EVENTS_LISTED;
	int            columns;

	doc_rule(d, arena_printf(d->keep, "%u%s %s behind it", (unsigned)f->n_events,
				 f->events_capped ? " or more" : "",
				 counted_noun(f->n_events, "event").words),
		 TEXT("Enter opens"));
	if (!query_event_rows(app->cf, f->events, n, list_event, &l, &err))
		doc_plain(d, arena_printf(d->keep, "%s", err.what));
	qsort(l.of, l.n, sizeof(l.of[0]), earlier_first);
	columns = host_columns(&app->screen, &l, f->host);
	for (size_t i = 0; i < l.n; i++)
		say_event(app, d, &l.of[i], columns);
	if (n < f->n_events)
		doc_plain(d, TEXT("Enter lists all of them"))->link = -1;
}

static void
say_rule(struct doc *d, const struct detection *rule)
{
	doc_rule(d, TEXT("rule"), TEXT("R shows all of it"));
	doc_fact(d, "Describes", doc_paragraphs(rule->description, d->keep));
	doc_fact(d, "Search", rule->search_text);
	doc_fact(d, "False pos.", doc_paragraphs(rule->known_false_positives, d->keep));
	for (uint32_t i = 0; i < rule->n_references; i++)
		doc_field(d, i ? "" : "References", rule->references[i]);
	for (uint32_t i = 0; i < rule->n_drilldowns; i++)
		doc_field(d, i ? "" : "Drilldowns (d)", rule->drilldowns[i].name);
}

static bool
load(struct app *app, struct view *v, struct err *err)
{
	struct finding_state *s = arena_new(&v->arena, struct finding_state, 1);
	struct doc           *d = &v->doc;
	uint32_t              shown = 0;

	doc_reset(d, &v->arena);
	d->label_width = 14;
	if (!query_finding(app->cf, v->id, &v->arena, &s->row, err))
		return false;
	if (app->rules)
		s->rule = ruleset_find(app->rules, s->row.finding.rule_id);
	v->level->heading =
	    arena_printf(&v->arena, "%.0f " TEXT_FMT "  " TEXT_FMT, s->row.finding.risk_score,
			 TEXT_ARG(s->row.finding.type), TEXT_ARG(s->row.finding.rule));
	say_core(app, d, s);
	d->pane = 1;
	for (uint32_t i = 0;
	     s->rule && i < s->row.finding.n_events && i < EVENTS_TRIED && shown < EVENTS_MATCHED;
	     i++)
		shown += say_matched(app, d, s, s->row.finding.events[i]);
	if (s->row.finding.n_events)
		say_decoded(app, d, s->row.finding.events[0]);
	say_events(app, d, &s->row.finding);
	say_near(app, d, &s->row.finding);
	d->pane = 0;
	say_fields(d, &s->row.finding);
	if (!work_log(app->cf, v->id, say_entry, &(struct saying){ app, d, 0 }, err))
		return false;
	if (s->rule)
		say_rule(d, s->rule);
	v->data = s;
	return true;
}

static struct text
host(struct app *app, struct view *v)
{
	const struct finding_state *s = v->data;

	return s ? computers_first(app, &s->row.finding) : TEXT_NONE;
}

static void
open_events(struct app *app, struct view *v, const struct finding_state *s)
{
	const struct doc_item *item = doc_current(&v->doc);
	const struct finding  *f = &s->row.finding;

	if (item && item->link > 0)
		open_event(app, item->link);
	else if (f->n_events == 0)
		app_say(app, "no events are behind this finding");
	else if (f->n_events == 1)
		open_event(app, f->events[0]);
	else
		open_events_of(
		    app,
		    arena_printf(&app->frame, "events behind: " TEXT_FMT, TEXT_ARG(f->message)),
		    f->events, f->n_events);
}

static bool
cell(struct app *app, struct view *v, struct condition *out)
{
	const struct doc_item *item = doc_current(&v->doc);

	return item && item->kind == DOC_FIELD && item->label.n &&
	       filter_from_name(item->label, item->text, out, &app->frame);
}

static bool
act(struct app *app, struct view *v, enum action action)
{
	const struct finding_state *s = v->data;

	if (!s)
		return false;
	switch ((int)action) {
	case ACTION_OPEN:
		open_events(app, v, s);
		return true;
	case ACTION_RULE:
		open_rule(app, s->row.finding.rule_id);
		return true;
	case ACTION_DRILLDOWN:
		open_drilldowns(app, v->id);
		return true;
	case ACTION_AROUND:
		open_around(app, host(app, v), s->row.finding.first_ns);
		return true;
	}
	return false;
}

static struct work_about
about(const struct view *v, int64_t row)
{
	(void)row;
	return (struct work_about){ .number = v->id };
}

const struct view_kind view_finding = {
	.name = "finding",
	.title = "Finding",
	.keys = KEYS_MOVES | KEYS_TEXT | KEYS_OPENS | KEYS_INSIDE | KEYS_RULED | KEYS_DRILLS | KEYS_FINDINGS | KEYS_NOTED |
		KEYS_AROUND | KEYS_PANES | KEYS_CELLS | KEYS_WEIGHS,
	.hints = hints,
	.load = load,
	.act = act,
	.about = about,
	.host = host,
	.cell = cell,
};
