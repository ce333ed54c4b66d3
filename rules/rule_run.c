/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/rule_run.h"

#include <assert.h>
#include <string.h>

#include "base/counted.h"
#include "base/decoded.h"
#include "base/digest.h"
#include "base/names.h"
#include "base/pred.h"
#include "base/when.h"
#include "rules/silence.h"

/* A key that was given out. */
struct given_key {
	uint64_t hash;  /* 0: a free place */
	unsigned times; /* rows that had it */
};

/* Keys that the run has given out, so that no two findings share one. */
struct keys {
	struct arena      arena;
	struct given_key *slots;
	size_t            n, cap;
};

/* One of the rules that a run serves. */
struct member {
	const struct detection *detection;
	uint32_t                rule;
	const struct finding_rule *told; /* where it is alike with others */
	uint32_t                n_twins; /* those behind it whose findings are twins of its */
	struct keys             keys;
	uint64_t                findings;
	uint64_t                baseless; /* rows that rest on no event, and are none */
};

struct run {
	const struct rule_run *for_whom;
	struct arena   scratch; /* of one finding */
	struct digest *digest;
	struct member *members;
	uint32_t       n_members;
	struct search_run   how;
	struct search_stats stats;
	struct err          problem;
	struct search_feed *feed; /* of one that shares the reading */
};

/* Where the key is, or would be put. */
static struct given_key *
keys_find(const struct keys *k, uint64_t hash)
{
	size_t at = hash & (k->cap - 1);

	while (k->slots[at].hash && k->slots[at].hash != hash)
		at = (at + 1) & (k->cap - 1);
	return &k->slots[at];
}

static void
keys_grow(struct keys *k)
{
	const struct given_key *old = k->slots;
	size_t                  old_cap = k->cap;

	if (!k->arena.start) /* most rules find nothing */
		k->arena = arena_open((size_t)1 << 30);
	k->cap = old_cap ? old_cap * 2 : 64;
	k->slots = arena_new(&k->arena, struct given_key, k->cap);
	for (size_t i = 0; i < old_cap; i++)
		if (old[i].hash)
			*keys_find(k, old[i].hash) = old[i];
}

/* Its place, in which times is 0 when it was not given out before. */
static struct given_key *
keys_add(struct keys *k, struct text key)
{
	uint64_t          hash = text_hash(key, 1) | 1;
	struct given_key *given = keys_find(k, hash);

	if (!given->hash) {
		given->hash = hash;
		k->n++;
	}
	return given;
}

/* Rows that differ only in numbers would be one: the later ones are numbered. */
static struct text
own_key(struct keys *k, struct text key, struct digest *digest, struct arena *keep)
{
	struct given_key *given, *place;
	struct text       own = key;

	while ((k->n + 2) * 2 > k->cap)
		keys_grow(k);
	given = place = keys_add(k, key);
	while (place->times) {
		char       *hex = arena_new(keep, char, DIGEST_HEX + 1);
		struct text numbered;

		given->times++;
		numbered = arena_printf(keep, TEXT_FMT "#%u", TEXT_ARG(key), given->times);
		digest_add(digest, numbered.p, numbered.n);
		digest_next(digest, hex);
		own = (struct text){ hex, DIGEST_HEX };
		place = keys_add(k, own);
	}
	place->times = 1;
	return own;
}

static const struct finding_twin *
make_twins(struct run *run, struct member *m, const struct row *row, struct arena *keep)
{
	struct finding_twin *twins = arena_new(keep, struct finding_twin, m->n_twins);

	for (uint32_t i = 0; i < m->n_twins; i++) {
		struct member          *twin = &m[i + 1];
		const struct detection *d = twin->detection;
		struct text             key = finding_key(d, row, run->digest, keep);

		twins[i].key = own_key(&twin->keys, key, run->digest, keep);
		twins[i].message = text_absent(d->message) ? d->name : TEXT_NONE;
		twins[i].rule = twin->told;
	}
	return twins;
}

/* The row as a finding of one rule, with its twins; false when FN has enough. */
static bool
give_out(struct run *run, struct member *m, const struct row *row, finding_fn *fn)
{
	bool           found = fn == run->for_whom->found, based;
	struct arena   scratch;
	struct finding f;

	if (!run->scratch.start) {
		run->scratch = arena_open((size_t)1 << 30);
		run->digest = digest_new();
	}
	scratch = run->scratch;
	based = finding_make(&f, m->detection, row, run->digest, &scratch);
	for (uint32_t i = 0; i <= m->n_twins; i++) {
		m[i].findings += found && based;
		m[i].baseless += found && !based;
	}
	if (!based)
		return true;
	f.key = own_key(&m->keys, f.key, run->digest, &scratch);
	f.twins = make_twins(run, m, row, &scratch);
	f.n_twins = m->n_twins;
	return fn(run->for_whom->ctx, &f);
}

static bool
on_row(void *ctx, const struct row *row)
{
	struct run *run = ctx;

	for (uint32_t i = 0; i < run->n_members; i += 1 + run->members[i].n_twins)
		if (!give_out(run, &run->members[i], row, run->for_whom->found))
			return false;
	return true;
}

static bool
on_dropped(void *ctx, const struct row *row)
{
	struct run *run = ctx;

	for (uint32_t i = 0; i < run->n_members; i += 1 + run->members[i].n_twins)
		give_out(run, &run->members[i], row, run->for_whom->hidden);
	return true;
}

/* The stage at which the last rows were lost, on one line. */
static struct text
emptied_text(const struct search_stats *stats, uint64_t hits, struct arena *keep)
{
	struct text stage = arena_copy(keep, text_of(stats->emptied_by));
	char       *p = arena_new(keep, char, stage.n + 1);

	for (size_t i = 0; i < stage.n; i++)
		p[i] = strchr("\n\r\t", stage.p[i]) ? ' ' : stage.p[i];
	return arena_printf(keep, "its search has %s, of which \"" TEXT_FMT "\" leaves none",
			    counted(hits, "hit").words, (int)stage.n, p);
}

static struct text
problem_text(const struct err *e, struct arena *keep)
{
	return arena_printf(keep, "%s%s%s", e->where, e->where[0] ? ": " : "", e->what);
}

static struct ledger_entry
entry_of(const struct run *run, const struct member *m, const struct err *problem,
	 struct arena *keep)
{
	const struct search_stats *stats = &run->stats;
	const struct detection    *d = m->detection;
	struct ledger_entry        e = {
		.rule_id = d->id,
		.rule = d->name,
		.source = d->source,
		.version = d->version,
		.sha256 = d->sha256,
		.hits = stats->hits,
		.filtered = stats->filtered,
		.findings = m->findings,
		.status = m->findings ? LEDGER_FOUND : LEDGER_NOTHING,
		.clock_ns = stats->clock_asked ? run->how.source->case_clock_ns : WHEN_NONE,
	};

	if (problem) {
		e.status = LEDGER_FAILED;
		e.reason = problem_text(problem, keep);
	} else if (stats->warnings) {
		e.reason = arena_printf(keep, "%s", stats->warning);
	} else if (m->baseless) {
		e.reason = arena_printf(keep, "%llu of its rows rest%s on no event, as those of counts "
					"over nothing: they are no findings",
					(unsigned long long)m->baseless, m->baseless == 1 ? "s" : "");
	} else if (!m->findings && stats->hits && stats->emptied) {
		e.reason = emptied_text(stats, stats->hits, keep);
	}
	return e;
}

/* Why a rule with so many hits found nothing, when all rows were lost where those of the run were. */
static struct text
reason_of(const struct run *run, const struct member *m, uint64_t hits)
{
	struct arena       *keep = run->for_whom->keep;
	struct ledger_entry e = { .status = LEDGER_NOTHING, .hits = hits };

	if (run->stats.hits && run->stats.emptied)
		e.reason = emptied_text(&run->stats, hits, keep);
	silence_explain(m->detection, NULL, &e, keep);
	return e.reason;
}

/* Makes the entry of a part that of the whole case. False: it does not tell that. */
static bool
complete_entry(const struct run *run, const struct member *m, struct ledger_entry *e)
{
	const struct search_stats *stats = &run->stats;
	const struct rule_part    *part = run->for_whom->part;
	const struct ledger_entry *before = &part->before[m->rule];

	if (stats->warnings || m->baseless)
		return false;
	e->hits = before->hits + stats->new_hits;
	e->findings += part->elsewhere[m->rule];
	e->status = e->findings ? LEDGER_FOUND : LEDGER_NOTHING;
	if (before->clock_ns != WHEN_NONE)
		e->clock_ns = before->clock_ns;
	e->reason = TEXT_NONE;
	/* A rule that found nothing may have said more of that than a part can. */
	if (e->findings)
		return before->findings || !before->hits;
	if (stats->hits && stats->emptied)
		e->reason = emptied_text(stats, e->hits, run->for_whom->keep);
	/* The stage that leaves none must be that of all the others, too. */
	return !before->hits ||
	       (!before->findings && text_eq(before->reason, reason_of(run, m, before->hits)));
}

static void
find_twins(struct run *run)
{
	uint32_t first = 0;

	for (uint32_t i = 1; i < run->n_members; i++) {
		if (finding_twins(run->members[first].detection, run->members[i].detection))
			run->members[first].n_twins++;
		else
			first = i;
	}
}

/* One run for rules whose search is the same. */
static void
run_begin(struct run *run, const struct rule_run *for_whom, const uint32_t *rules, uint32_t n)
{
	run->for_whom = for_whom;
	run->n_members = n;
	run->members = arena_new(for_whom->keep, struct member, n);
	for (uint32_t i = 0; i < n; i++)
		run->members[i] = (struct member){
			.detection = ruleset_get(for_whom->rules, rules[i]),
			.rule = rules[i],
			.told = ruleset_told(for_whom->rules, rules[i]),
		};
	find_twins(run);
	run->how = (struct search_run){
		.source = for_whom->source,
		.span = { WHEN_NONE, WHEN_MAX },
		.since = for_whom->part ? for_whom->part->since : INT64_MAX,
		.rule_id = run->members[0].detection->id,
		.dropped = for_whom->hidden ? on_dropped : NULL,
		.ctx = run,
	};
}

static bool
run_end(struct run *run, bool good, struct ledger_entry *ledger, struct err *err)
{
	for (uint32_t i = 0; i < run->n_members; i++) {
		ledger[i] = entry_of(run, &run->members[i], good ? NULL : &run->problem,
				     run->for_whom->keep);
		if (good && run->for_whom->part && !complete_entry(run, &run->members[i], &ledger[i]))
			good = err_set(&run->problem, ERR_RULE, "its part of the case does not tell");
		arena_close(&run->members[i].keys.arena);
	}
	arena_close(&run->scratch);
	digest_free(run->digest);
	if (good)
		return true;
	err_set(err, run->problem.kind, "%s", run->problem.what);
	return err_where(err, "%s", run->problem.where);
}

static bool
run_members(const struct rule_run *r, const uint32_t *rules, uint32_t n,
	    struct ledger_entry *ledger, struct err *err)
{
	const struct detection *d = ruleset_get(r->rules, rules[0]);
	struct run              run = { 0 };
	bool                    good;

	if (!d->search) {
		*ledger = (struct ledger_entry){ .rule_id = d->id,
						 .rule = d->name,
						 .source = d->source,
						 .version = d->version,
						 .sha256 = d->sha256,
						 .status = LEDGER_UNSUPPORTED,
						 .clock_ns = WHEN_NONE,
						 .reason = problem_text(&d->problem, r->keep) };
		return true;
	}
	run_begin(&run, r, rules, n);
	good = search_execute(d->search, &run.how, on_row, &run, &run.stats, &run.problem);
	return run_end(&run, good, ledger, err);
}

bool
rule_run(const struct rule_run *r, uint32_t rule, struct ledger_entry *ledger, struct err *err)
{
	return run_members(r, &rule, 1, ledger, err);
}

bool
rule_run_alike(const struct rule_run *r, uint32_t rule, struct ledger_entry *ledger,
	       struct err *err)
{
	const uint32_t *rules;
	uint32_t        n = ruleset_alike(r->rules, rule, &rules);

	return run_members(r, rules, n, ledger, err);
}

/* ---- several that read the same ---- */

/* What they may take together while events are read, of what one may take: with more than the first,
 * large groups go to the disk, with more than the second smaller ones, too; when that is not enough, the
 * largest reads alone. */
#define CROWDED_SIXTEENTHS 4
#define TIGHT_SIXTEENTHS   5
#define FED_SIXTEENTHS     6
#define LARGE_PART         16 /* of what one may take */
#define SMALLER_PART       32

#define SCRATCH_SLACK ((size_t)1 << 30) /* addresses for one row, beyond that */
#define EVENTS_BETWEEN_LOOKS 256 /* at the memory */

struct together {
	struct run         *runs;
	uint32_t            n, *each; /* their places */
	size_t              budget_bytes;
	size_t              room_most; /* of one, until it goes to the disk */
	uint64_t            events;
	struct event_views *views;
	struct arena        scratch; /* of one event */
	struct arena        shared;  /* scratch of the searches */
};

static size_t
room_most(size_t total, size_t budget)
{
	if (total <= budget / 16 * CROWDED_SIXTEENTHS)
		return SIZE_MAX;
	return budget / (total <= budget / 16 * TIGHT_SIXTEENTHS ? LARGE_PART : SMALLER_PART);
}

/* What all take; *LARGEST takes the most. */
static size_t
taken_together(const struct together *all, struct search_feed **largest)
{
	size_t total = 0;

	*largest = NULL;
	for (uint32_t i = 0; i < all->n; i++) {
		struct search_feed *feed = all->runs[i].feed;

		if (!search_feed_whole(feed))
			search_feed_stop(feed);
		total += search_feed_bytes(feed);
		if (!*largest || search_feed_bytes(feed) > search_feed_bytes(*largest))
			*largest = feed;
	}
	return total;
}

/* Those that take the most step back until there is room for all the others, when smaller groups had
 * time to go to the disk and that was not enough. */
static void
make_room(struct together *all)
{
	size_t              before = all->room_most, full = all->budget_bytes / 16 * FED_SIXTEENTHS;
	struct search_feed *largest;
	size_t              total = taken_together(all, &largest);

	all->room_most = room_most(total, all->budget_bytes);
	if (all->room_most < before)
		return;
	for (; total > full; total = taken_together(all, &largest))
		search_feed_stop(largest);
}

static bool
hand_hit(void *ctx, const struct event *given, const uint32_t *to, uint32_t n)
{
	struct together *all = ctx;
	struct arena     scratch = all->scratch;
	struct event     ev = views_of(all->views, given), plain = event_undecoded(&ev, &scratch);
	bool             decoded = plain.n_fields != ev.n_fields;

	if (all->events++ % EVENTS_BETWEEN_LOOKS == 0)
		make_room(all);
	for (uint32_t i = 0; i < n; i++)
		search_feed_event(all->runs[to[i]].feed, &ev, decoded ? &plain : NULL);
	return true;
}

static bool
hand_round(void *ctx, const struct event *given)
{
	struct together *all = ctx;

	return hand_hit(ctx, given, all->each, all->n);
}

static bool
read_together(struct together *all, const struct rule_run *r, enum model model, struct err *err)
{
	const struct pred    member = { .kind = PRED_MODEL, .model = model };
	const struct span    whole = { WHEN_NONE, WHEN_MAX };
	const struct source *src = r->source;
	struct text         *ids = arena_new(r->keep, struct text, all->n);

	all->each = arena_new(r->keep, uint32_t, all->n);
	for (uint32_t i = 0; i < all->n; i++) {
		ids[i] = all->runs[i].how.rule_id;
		all->each[i] = i;
	}
	return model == MODEL_NONE
		   ? src->all_hits(src->self, ids, all->n, hand_hit, all, err)
		   : src->events(src->self, &member, whole, ORDER_ANY, hand_round, all, err);
}

/* Ends one; when it could not take all events, it runs anew, with all the memory for itself. */
static bool
feed_end(struct run *run)
{
	const struct search *search = run->members[0].detection->search;
	bool                 again = run->problem.kind == ERR_LIMIT && !search_feed_whole(run->feed);

	if (!again)
		return search_feed_end(run->feed);
	search_feed_drop(run->feed);
	run->problem = (struct err){ 0 };
	return search_execute(search, &run->how, on_row, run, &run->stats, &run->problem);
}

bool
rule_run_together(const struct rule_run *r, enum model model, const uint32_t *rules, uint32_t n,
		  struct ledger_entry **ledger, enum err_kind *failed, struct err *err)
{
	struct run       *runs = arena_new(r->keep, struct run, n);
	struct together   together = { .runs = runs, .n = n, .room_most = SIZE_MAX };
	struct err        problem;
	bool              good;

	assert(n <= RULES_TOGETHER);
	for (uint32_t i = 0; i < n; i++) {
		const uint32_t *alike;
		uint32_t        n_alike = ruleset_alike(r->rules, rules[i], &alike);

		run_begin(&runs[i], r, alike, n_alike);
		runs[i].how.room_most = &together.room_most;
	}
	together.budget_bytes = search_budget(&runs[0].how);
	together.shared = arena_open(together.budget_bytes + SCRATCH_SLACK);
	for (uint32_t i = 0; i < n; i++)
		runs[i].feed = search_feed_begin(runs[i].members[0].detection->search, &runs[i].how,
						 &together.shared, on_row, &runs[i], &runs[i].stats,
						 &runs[i].problem);
	together.views = views_new();
	together.scratch = arena_open((size_t)1 << 30);
	good = read_together(&together, r, model, err);
	together.room_most = SIZE_MAX;
	arena_close(&together.scratch);
	views_free(together.views);
	for (uint32_t i = 0; i < n; i++) {
		bool ended = good && feed_end(&runs[i]); /* its rows come out now */

		if (!good)
			search_feed_drop(runs[i].feed);
		problem = (struct err){ 0 };
		failed[i] = run_end(&runs[i], ended, ledger[i], &problem) ? ERR_NONE : problem.kind;
		if (good && (problem.kind == ERR_IO || problem.kind == ERR_CANCEL)) {
			good = false;
			if (err)
				*err = problem;
		}
	}
	arena_close(&together.shared);
	return good;
}
