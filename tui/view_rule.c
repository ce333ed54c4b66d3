/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One rule, whole: what it looks for, what it means, what became of it in this case. */
#include "config.h"

#include "base/counted.h"
#include "store/given.h"
#include "tui/app.h"
#include "tui/zone.h"

static const enum action hints[] = { ACTION_FIND, ACTION_COPY, ACTION_EXPORT, ACTION_NONE };

struct finding_entry {
	struct text   rule_id;
	struct doc   *doc;
};

static bool
say_entry(void *ctx, const struct ledger_entry *e)
{
	struct finding_entry *want = ctx;
	struct arena         *keep = want->doc->keep;

	if (!text_ieq(e->rule_id, want->rule_id))
		return true;
	doc_field(want->doc, "In this case",
		  arena_printf(keep, "%s: %s, %s, %s removed by its filter",
			       ledger_status_name(e->status), counted(e->hits, "hit").words,
			       counted(e->findings, "finding").words,
			       counted_number(e->filtered).words));
	doc_fact(want->doc, "Reason", arena_copy(keep, e->reason));
	doc_fact(want->doc, "File", arena_copy(keep, e->source));
	doc_fact(want->doc, "SHA-256", arena_copy(keep, e->sha256));
	return false;
}

static void
say_list(struct doc *d, const char *label, const struct text *items, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		doc_field(d, i ? "" : label, items[i]);
}

static void
say_rule(struct doc *d, const struct detection *r)
{
	doc_field(d, "Rule", r->name)->role = ROLE_HEAD;
	doc_field(d, "Id",
		  arena_printf(d->keep,
			       TEXT_FMT "   version " TEXT_FMT "   " TEXT_FMT "   " TEXT_FMT,
			       TEXT_ARG(r->id), TEXT_ARG(r->version), TEXT_ARG(r->date),
			       TEXT_ARG(r->author)));
	doc_field(d, "Type", arena_printf(d->keep, TEXT_FMT "   " TEXT_FMT, TEXT_ARG(r->type),
					  TEXT_ARG(r->status)));
	if (!r->n_risks)
		doc_field(d, "Risk", TEXT("none, the rule raises no risk"));
	for (uint32_t i = 0; i < r->n_risks; i++)
		doc_field(d, i ? "" : "Risk",
			  arena_printf(d->keep, "%.0f to " TEXT_FMT " (%s)", r->risks[i].score,
				       TEXT_ARG(r->risks[i].field),
				       risk_object_type_name(r->risks[i].type)));
	if (r->n_risks)
		doc_fact(d, "Message", r->risks[0].message);
	say_list(d, "ATT&CK", r->techniques, r->n_techniques);
	doc_fact(d, "Tactics", r->tactics);
	for (uint32_t i = 0; i < r->n_annotations; i++)
		doc_field(d,
			  i && r->annotations[i].framework == r->annotations[i - 1].framework
			      ? ""
			      : r->annotations[i].framework->label,
			  r->annotations[i].value);
	say_list(d, "Stories", r->stories, r->n_stories);
	doc_fact(d, "Filter", r->filter_macro);
	doc_fact(d, "Remarks", r->remarks);
	doc_rule(d, TEXT("describes"), TEXT_NONE);
	doc_plain(d, doc_paragraphs(r->description, d->keep));
	doc_fact(d, "Needs", doc_paragraphs(r->how_to_implement, d->keep));
	doc_fact(d, "False pos.", doc_paragraphs(r->known_false_positives, d->keep));
	say_list(d, "Data", r->data_sources, r->n_data_sources);
	say_list(d, "References", r->references, r->n_references);
	d->pane = 1;
	doc_rule(d, TEXT("search"), TEXT_NONE);
	doc_plain(d, r->search_text);
	for (uint32_t i = 0; i < r->n_drilldowns; i++) {
		doc_rule(d, r->drilldowns[i].name, TEXT("drilldown"));
		doc_plain(d, r->drilldowns[i].search);
	}
	if (r->search) {
		doc_rule(d, TEXT("how it is evaluated"), TEXT_NONE);
		doc_plain(d, search_explain(r->search, d->keep));
	}
	d->pane = 0;
}

/* "-14 to H1 (system): is being rebuilt", and who says so */
static void
say_given(struct doc *d, const struct given_risk *g, const struct zone *zone)
{
	char        when[WHEN_TEXT_MAX] = "";
	struct text what = arena_printf(d->keep, "%+g to " TEXT_FMT " (%s): " TEXT_FMT, g->score,
					TEXT_ARG(g->object), risk_object_type_name(g->kind),
					TEXT_ARG(g->message));

	if (g->time_ns)
		when[zone_human(zone, g->time_ns, when)] = '\0';
	doc_field(d, arena_printf(d->keep, "Number %lld", (long long)g->id).p, what)->role =
	    g->taken_back ? ROLE_DIM : ROLE_TEXT;
	doc_field(d, "", arena_printf(d->keep, "%sby " TEXT_FMT "%s%.19s",
				      g->taken_back ? "taken back; " : "", TEXT_ARG(g->author),
				      when[0] ? ", " : "", when))
	    ->role = ROLE_DIM;
}

/* No rule at all: what analysts gave, each a finding. */
static void
say_manual(struct app *app, struct doc *d)
{
	struct given_risk *all;
	size_t             n = given_risks(app->cf, d->keep, &all);

	doc_plain(d, TEXT("Risk that analysts gave by hand, with a reason: no rule, no search. It counts "
			  "like that of any detection until it is taken back."));
	doc_rule(d, TEXT("given in this case"), TEXT_NONE);
	for (size_t i = 0; i < n; i++)
		say_given(d, &all[i], &app->screen.zone);
}

static bool
load(struct app *app, struct view *v, struct err *err)
{
	struct doc             *d = &v->doc;
	struct finding_entry    want = { v->level->detail, d };
	const struct detection *r =
	    app->rules ? ruleset_find(app->rules, v->level->detail) : NULL;

	doc_reset(d, &v->arena);
	if (r)
		say_rule(d, r);
	else
		doc_field(d, "Rule", v->level->detail);
	if (app->late)
		doc_plain(d, TEXT("The rules are being loaded."));
	else if (!r && text_eq(v->level->detail, GIVEN_RULE))
		say_manual(app, d);
	else if (!r)
		doc_plain(d, TEXT("It is not among the rules that are loaded now (--rules PATH)."));
	if (r && !r->search) {
		doc_field(d, "Problem",
			  arena_printf(d->keep, "%s: %s", r->problem.where, r->problem.what))
		    ->role = ROLE_FLAG;
	}
	return query_ledger(app->cf, say_entry, &want, err);
}

const struct view_kind view_rule = {
	.name = "rule",
	.title = "Rule",
	.keys = KEYS_MOVES | KEYS_TEXT | KEYS_PANES,
	.hints = hints,
	.load = load,
};
