/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ATT&CK of the case: techniques with their findings, hosts and risk. */
#include "config.h"

#include "rules/attack.h"
#include "tui/app.h"
#include "tui/empty.h"

enum { TECHNIQUE, TACTIC, FINDINGS, HOSTS, RISK, FIRST, LAST, NAME, N_COLUMNS };

static const struct table_column columns[N_COLUMNS] = {
	[TECHNIQUE] = { "technique", TABLE_TEXT },
	[TACTIC] = { "tactics", TABLE_TEXT },
	[FINDINGS] = { "findings", TABLE_NUMBER },
	[HOSTS] = { "hosts", TABLE_NUMBER },
	[RISK] = { "risk_score", TABLE_NUMBER },
	[FIRST] = { "first_time", TABLE_TIME },
	[LAST] = { "last_time", TABLE_TIME },
	[NAME] = { "name", TABLE_TEXT },
};

static const struct list_column shown[] = {
	{ RISK, "RISK", 7, .right = true, .look = LOOK_RISK },
	{ TECHNIQUE, "TECHNIQUE", 10, .look = LOOK_PLAIN },
	{ NAME, "NAME", 20, .flexible = true },
	{ TACTIC, "TACTICS", 20, .flexible = true, .from = 100 },
	{ FINDINGS, "FIND", 6, .right = true, .look = LOOK_AMOUNT },
	{ HOSTS, "HOSTS", 5, .right = true, .look = LOOK_AMOUNT },
	{ FIRST, "FIRST", 11, .look = LOOK_MINUTE, .from = 90 },
	{ LAST, "LAST", 11, .look = LOOK_MINUTE },
};

static const enum action hints[] = { ACTION_OPEN, ACTION_NARROW, ACTION_SORT_RIGHT, ACTION_EXPORT,
				     ACTION_NONE };

#define TECHNIQUES_MAX 1024

struct technique {
	struct text id, tactics;
	double      risk;
	uint64_t    findings, hosts;
	int64_t     first_ns, last_ns; /* WHEN_NONE: no finding has a time */
};

struct counting {
	struct arena     *keep;
	struct technique *items;
	size_t            n;
};

static struct technique *
technique_of(struct counting *c, struct text id)
{
	for (size_t i = 0; i < c->n; i++)
		if (text_eq(c->items[i].id, id))
			return &c->items[i];
	return NULL;
}

/* Its tactics are those of ATT&CK; of one that is not there, those of the rule. */
static struct technique *
add_technique(struct counting *c, struct text id, const struct finding_sum *sum)
{
	struct text tactics = attack_tactic_names(attack_tactics(id), c->keep);

	if (c->n == TECHNIQUES_MAX)
		return NULL;
	c->items[c->n] = (struct technique){ .id = arena_copy(c->keep, id),
					     .tactics = tactics.n ? tactics
								  : arena_copy(c->keep, sum->tactics),
					     .first_ns = WHEN_NONE,
					     .last_ns = WHEN_NONE };
	return &c->items[c->n++];
}

static void
count_findings(void *ctx, const struct finding_sum *sum)
{
	struct counting *c = ctx;
	struct text      ids = sum->techniques;

	while (ids.n) {
		struct text       id = text_cut(&ids, ' ');
		struct technique *t = technique_of(c, id);

		if (!t && id.n)
			t = add_technique(c, id, sum);
		if (!t)
			continue;
		t->findings += sum->findings;
		t->risk += sum->risk_score;
		if (sum->first_ns != WHEN_NONE && (t->first_ns == WHEN_NONE || sum->first_ns < t->first_ns))
			t->first_ns = sum->first_ns;
		t->last_ns = sum->last_ns > t->last_ns ? sum->last_ns : t->last_ns;
	}
}

/* "T1047:3 T1021.006:1": a finding may be about more hosts than the one that it names. */
static bool
count_host(void *ctx, const struct host_row *row)
{
	struct text techniques = row->techniques;

	while (techniques.n) {
		struct text       one = text_cut(&techniques, ' ');
		struct technique *t = technique_of(ctx, text_cut(&one, ':'));

		if (t)
			t->hosts++;
	}
	return true;
}

static bool
load(struct app *app, struct view *v, struct err *err)
{
	struct case_filter f = view_filter(app, v);
	struct counting    c = { .keep = &v->arena };
	struct table      *t = &v->list.table;

	c.items = arena_new(&v->arena, struct technique, TECHNIQUES_MAX);
	table_reset(t, &v->arena, columns, N_COLUMNS);
	v->list.columns = shown;
	v->list.n_columns = sizeof(shown) / sizeof(shown[0]);
	if (t->sort_column == TABLE_UNSORTED) {
		t->sort_column = RISK;
		t->descending = true;
	}
	if (!query_finding_sums(app->cf, &f, count_findings, &c, err) ||
	    !query_hosts(app->cf, &f, count_host, &c, err))
		return false;
	for (size_t i = 0; i < c.n; i++) {
		struct table_row *row = table_add(t, (int64_t)i + 1);

		row->values[TECHNIQUE].text = c.items[i].id;
		row->values[NAME].text = attack_name(c.items[i].id);
		row->values[TACTIC].text = c.items[i].tactics;
		table_number(row, FINDINGS, (double)c.items[i].findings);
		table_number(row, HOSTS, (double)c.items[i].hosts);
		table_number(row, RISK, c.items[i].risk);
		table_time(row, FIRST, c.items[i].first_ns);
		table_time(row, LAST, c.items[i].last_ns);
	}
	return true;
}

static bool
act(struct app *app, struct view *v, enum action action)
{
	const struct table_row *row = list_row(&v->list);

	if (action != ACTION_OPEN || !row)
		return false;
	open_findings_with(app, FILTER_TECHNIQUE, row->values[TECHNIQUE].text,
			   row->values[TECHNIQUE].text);
	return true;
}

const struct view_kind view_attack = {
	.name = "attack",
	.title = "ATT&CK",
	.unit = "technique",
	.keys = KEYS_MOVES | KEYS_LIST | KEYS_ASIDE | KEYS_OPENS | KEYS_RISK | KEYS_CELLS,
	.deaf = 1u << FILTER_FIELD,
	.hints = hints,
	.load = load,
	.act = act,
	.why_empty = empty_from_ledger,
};
