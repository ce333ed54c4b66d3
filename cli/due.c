/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli/due.h"

#include <stdlib.h>

#include "base/when.h"
#include "cli/factoring.h"
#include "tui/facts.h"
#include "rules/silence.h"
#include "rules/unkept.h"
#include "store/changes.h"
#include "store/findings.h"

/* New events that are looked at one by one; more of them concern any search that takes events whole. */
#define LOOK_MOST 16384

struct numbered {
	struct text id;
	uint32_t    rule;
};

struct finding_due {
	struct casefile      *cf;
	const struct ruleset *rs;
	struct arena         *keep;
	struct due           *due;
	struct ledger_entry  *before;
	struct numbered      *ids;     /* by id */
	uint64_t             *elsewhere; /* [rule]: as in struct rule_part */
	struct text          *gone;
	size_t                gone_cap;
	int64_t               clock_ns;
	struct case_facts     facts;
};

static int
by_id(const void *a, const void *b)
{
	const struct numbered *x = a, *y = b;

	return text_cmp(x->id, y->id);
}

static struct ledger_entry
keep_entry(const struct ledger_entry *e, struct arena *keep)
{
	struct ledger_entry own = *e;
	struct text *const  texts[] = { &own.rule_id, &own.rule,    &own.source,     &own.reason,
					&own.version, &own.sha256, &own.fingerprint };

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		*texts[i] = arena_copy(keep, *texts[i]);
	return own;
}

/* Is what the rule found what it would find in the same case now? */
static bool
still_the_same(const struct finding_due *f, const struct ledger_entry *entry, uint32_t rule)
{
	struct arena scratch = *f->keep;

	return entry->fingerprint.n &&
	       text_eq(entry->fingerprint, ruleset_fingerprint(f->rs, rule, &scratch)) &&
	       (entry->clock_ns == WHEN_NONE || entry->clock_ns == f->clock_ns);
}

/* NULL: it is no rule of now. */
static const struct numbered *
rule_known(const struct finding_due *f, struct text id)
{
	const struct numbered wanted = { id, 0 };
	uint32_t              n = ruleset_count(f->rs);

	return n ? bsearch(&wanted, f->ids, n, sizeof(*f->ids), by_id) : NULL;
}

/* Can what the ledger says be brought up to date by what new events add? */
static bool
can_be_added_to(const struct finding_due *f, const struct ledger_entry *entry, uint32_t rule)
{
	const struct search *s = ruleset_get(f->rs, rule)->search;

	return s && !entry->filtered && entry->status <= LEDGER_NO_DATA &&
	       (entry->status != LEDGER_FOUND || !entry->reason.n) &&
	       search_is_by_host(s, *f->keep);
}

static bool
on_entry(void *ctx, const struct ledger_entry *entry, struct hits_changed changed)
{
	struct finding_due    *f = ctx;
	const struct numbered *known = rule_known(f, entry->rule_id);
	bool                   same;

	if (!known) {
		arena_grow(f->keep, f->gone, f->due->n_gone, &f->gone_cap);
		f->gone[f->due->n_gone++] = arena_copy(f->keep, entry->rule_id);
		return true;
	}
	f->before[known->rule] = keep_entry(entry, f->keep);
	same = !changed.others && still_the_same(f, entry, known->rule);
	f->due->rule[known->rule] = changed.more || !same;
	f->due->in_part[known->rule] = same && can_be_added_to(f, entry, known->rule);
	return true;
}

static bool
read_ledger(struct finding_due *f, int64_t last, struct err *err)
{
	uint32_t n = ruleset_count(f->rs);

	f->ids = arena_new(f->keep, struct numbered, n);
	for (uint32_t i = 0; i < n; i++)
		f->ids[i] = (struct numbered){ ruleset_get(f->rs, i)->id, i };
	if (n)
		qsort(f->ids, n, sizeof(*f->ids), by_id);
	return changes_rules(f->cf, last, on_entry, f, err);
}

static bool
ask_unkept(void *ctx, const struct event *ev)
{
	return unkept_ask(ctx, ev);
}

/* Those that take events whole. */
static bool
look_at_events(struct finding_due *f, const struct changes *changes, struct err *err)
{
	struct unkept *u = unkept_new(f->rs);
	bool           all = false, good = true;

	if (!changes->earlier)
		good = changes_events(f->cf, changes->last, LOOK_MOST, ask_unkept, u, &all, err);
	if (!all)
		unkept_all(u);
	for (uint32_t i = 0; good && i < ruleset_count(f->rs); i++) {
		bool concerned = unkept_concerns(u, i);

		f->due->rule[i] |= concerned;
		f->due->in_part[i] &= !(concerned && changes->earlier);
	}
	unkept_free(u);
	return good;
}

/* A rule that is not run says what it said, but for the log or field that the case lacks. False: it
 * can run now. */
static bool
says_the_same(const struct finding_due *f, uint32_t rule)
{
	const struct detection *d = ruleset_get(f->rs, rule);
	struct ledger_entry    *e = &f->before[rule];
	struct ledger_entry     now = { .status = LEDGER_NOTHING };

	if (e->hits || (e->status != LEDGER_NOTHING && e->status != LEDGER_NO_DATA))
		return true;
	silence_explain(d, &f->facts, &now, f->keep);
	if (now.status == LEDGER_NO_DATA) {
		e->status = now.status;
		e->reason = now.reason;
	}
	return now.status == e->status;
}

/* Rules that are alike run together: one that is due makes all so, one that needs the whole case, too. */
static void
spread_alike(struct due *due, const uint32_t *alike, uint32_t n)
{
	bool any = false, in_part = true;

	for (uint32_t i = 0; i < n; i++) {
		any |= due->rule[alike[i]];
		in_part &= due->in_part[alike[i]];
	}
	for (uint32_t i = 0; i < n; i++) {
		due->rule[alike[i]] = any;
		due->in_part[alike[i]] = in_part;
	}
}

/* What reads risk reads what all others find. */
static void
spread(const struct ruleset *rs, struct due *due, bool any)
{
	for (uint32_t i = 0; i < ruleset_count(rs); i++) {
		const uint32_t      *alike;
		uint32_t             n = ruleset_alike(rs, i, &alike);
		const struct search *s = ruleset_get(rs, i)->search;

		if (alike[0] == i)
			spread_alike(due, alike, n);
		if (any && s && search_reads_risk(s))
			due->rule[i] = true;
	}
}

static void
count_of_part(void *ctx, struct text rule_id)
{
	struct finding_due    *f = ctx;
	const struct numbered *known = rule_known(f, rule_id);

	if (known && f->elsewhere[known->rule])
		f->elsewhere[known->rule]--;
}

/* What rules by host that are due need to know, when it is worth it. */
static bool
find_part(struct finding_due *f, const struct changes *changes, struct err *err)
{
	struct due *due = f->due;
	uint32_t    n = ruleset_count(f->rs);
	bool        worth = false, any = false;

	for (uint32_t i = 0; i < n; i++)
		any |= due->in_part[i] &= due->rule[i];
	if (any && !part_find(f->cf, changes->last, f->keep, &due->part, &worth, err))
		return false;
	f->elsewhere = arena_new(f->keep, uint64_t, n);
	for (uint32_t i = 0; i < n; i++) {
		due->in_part[i] &= worth;
		f->elsewhere[i] = f->before[i].findings;
	}
	due->told = (struct rule_part){ changes->last, f->before, f->elsewhere };
	return !worth || part_findings(&due->part, count_of_part, f, err);
}

static bool
find(struct finding_due *f, const struct changes *changes, struct err *err)
{
	struct due *due = f->due;
	uint32_t    n = ruleset_count(f->rs);
	bool        any = false;

	for (uint32_t i = 0; i < n; i++)
		due->rule[i] = true; /* until the ledger says otherwise */
	if (!read_ledger(f, changes->last, err) || !look_at_events(f, changes, err) ||
	    !facts_of_case(f->cf, f->keep, &f->facts, err))
		return false;
	for (uint32_t i = 0; i < n; i++) {
		due->rule[i] = due->rule[i] || !says_the_same(f, i);
		any |= due->rule[i] && ruleset_get(f->rs, i)->search;
	}
	spread(f->rs, due, any || due->n_gone || changes->names || factoring_newer(f->cf));
	due->gone = f->gone;
	return find_part(f, changes, err);
}

bool
due_find(struct casefile *cf, const struct ruleset *rs, bool anew, struct arena *keep,
	 struct due *out, struct err *err)
{
	uint32_t           n = ruleset_count(rs);
	struct finding_due f = { .cf = cf, .rs = rs, .keep = keep, .due = out };
	struct changes     changes;

	*out = (struct due){ .rule = arena_new(keep, bool, n),
			     .in_part = arena_new(keep, bool, n) };
	out->before = f.before = arena_new(keep, struct ledger_entry, n);
	f.clock_ns = casefile_source(cf).case_clock_ns;
	changes_read(cf, &changes);
	out->whole = anew || !changes.ever;
	if (!out->whole && !find(&f, &changes, err))
		return false;
	for (uint32_t i = 0; i < n; i++) {
		out->rule[i] |= out->whole;
		out->n += out->rule[i] && ruleset_get(rs, i)->search;
	}
	return true;
}

static bool
correct(struct casefile *cf, const struct detection *d, const struct ledger_entry *before,
	struct err *err)
{
	struct ledger_entry now = *before;

	now.source = d->source; /* the same file may lie elsewhere */
	return findings_ledger(cf, &now, err);
}

bool
due_clear(struct casefile *cf, const struct ruleset *rs, const struct due *due, struct err *err)
{
	if (due->whole)
		return findings_clear_all(cf, err);
	for (uint32_t i = 0; i < due->n_gone; i++)
		if (!findings_clear_rule(cf, due->gone[i], err))
			return false;
	for (uint32_t i = 0; i < ruleset_count(rs); i++) {
		const struct detection *d = ruleset_get(rs, i);
		bool                    reads = d->search && search_reads_risk(d->search);

		if (due->rule[i] ? reads && !findings_clear_rule(cf, d->id, err)
				 : !correct(cf, d, &due->before[i], err))
			return false;
	}
	return true;
}
