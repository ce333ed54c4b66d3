/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Detections find events made to satisfy them, and nothing in events that just miss. */
#include "config.h"

#include <ctype.h>

#include "base/when.h"
#include "rules/ruleset.h"
#include "tests/attempt.h"
#include "tests/tap.h"
#include "tests/words.h"

#define KINDS   96
#define CHOICES 24
#define COPIES  32
#define OTHERS  8

struct tally {
	uint32_t rules, made, found, later, unmade;
	uint32_t kinds, kinds_hit, misses, misses_right;
	uint32_t thresholds, thresholds_right;
	bool     verbose;
	const struct macros *macros;
};

/* The first choice with which KIND can satisfy PRED. */
static bool
first_choice(const struct pred *pred, const struct made_kind *kind, const struct filling *fill,
	     uint32_t *choice, struct arena *keep, struct event *out)
{
	for (*choice = 0; *choice < CHOICES; ++*choice)
		if (satisfy(pred, kind, *choice, fill, keep, out))
			return true;
	return false;
}

/* One event for each subsearch and join, where one can be made; returns how many. */
static size_t
other_events(const struct search *s, const struct filling *fill, struct arena *keep,
	     struct event *out, size_t cap)
{
	struct made_kind *kinds = arena_new(keep, struct made_kind, KINDS);
	size_t            n = 0;

	for (uint32_t leaf = 1; leaf < search_leaves(s); leaf++) {
		const struct pred *pred = search_leaf_pred(s, leaf);
		size_t   n_kinds = pred ? made_kinds(pred, keep, kinds, KINDS) : 0;
		uint32_t choice;

		for (size_t i = 0; i < n_kinds && n < cap; i++)
			if (first_choice(pred, &kinds[i], fill, &choice, keep, &out[n])) {
				n++;
				break;
			}
	}
	return n;
}

/* Does the text have this number by itself? */
static bool
names_number(struct text spl, size_t number)
{
	char   digits[24];
	size_t n = (size_t)snprintf(digits, sizeof(digits), "%zu", number);

	for (size_t i = 1; i + n <= spl.n; i++)
		if (memcmp(spl.p + i, digits, n) == 0 && !isalnum((unsigned char)spl.p[i - 1]) &&
		    spl.p[i - 1] != '.' &&
		    (i + n == spl.n || !isalnum((unsigned char)spl.p[i + n])))
			return true;
	return false;
}

/* Of N events that give a row, the fewest that still do are as many as the search says, or one
 * more; so one below gives none. */
static void
try_threshold(struct tally *t, const struct detection *d, struct event *events, size_t n,
	      struct arena *keep)
{
	struct search_stats stats = { 0 };
	struct text         spl = d->search->expansion.text;
	size_t              least = 1;
	bool                right;

	while (least < n && attempt_rows(d->search, events, least, &stats, keep) == 0)
		least++;
	if (least == 1)
		return;
	right = names_number(spl, least) || names_number(spl, least - 1);
	t->thresholds++;
	t->thresholds_right += right;
	if (!right && t->verbose)
		printf("# a row from %zu events on: " TEXT_FMT "\n", least, TEXT_ARG(d->name));
}

/* Many events, a second apart, alike but for one field: each that an aggregate is over. KEEP is
 * emptied. */
static bool
many_found(struct tally *t, const struct detection *d, const struct pred *pred,
	   const struct made_kind *kind, uint32_t choice, struct filling fill, struct arena *keep)
{
	const struct search *s = d->search;
	struct event        copies[COPIES + OTHERS];
	struct search_stats stats = { 0 };

	for (fill.varied = 0; fill.varied <= fill.n; fill.varied++) {
		size_t n = 0;

		if (fill.varied < fill.n && fill.names[fill.varied].p[-1] != '(')
			continue;
		arena_reset(keep, (size_t)1 << 20);
		for (fill.number = 0; fill.number < COPIES; fill.number++) {
			if (!satisfy(pred, kind, choice, &fill, keep, &copies[n]))
				break;
			copies[n].time_ns += (int64_t)n * WHEN_SECOND;
			n++;
		}
		size_t alone = n;

		n += n ? other_events(s, &fill, keep, copies + n, OTHERS) : 0;
		if (n && attempt_rows(s, copies, n, &stats, keep) > 0) {
			if (n == alone)
				try_threshold(t, d, copies, n, keep);
			return true;
		}
	}
	return false;
}

/* Stages whose conditions on values the generator does not read. */
static bool
has_condition(struct text spl)
{
	static const char *const stages[] = { "where",  "regex", "rex",  "lookup", "join",
					      "search", "streamstats", "eventstats", "transaction",
					      "inputlookup", "mvexpand", "spath", "append" };

	while (!text_absent(spl)) {
		struct text stage = text_trim(text_cut(&spl, '|'));

		for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++)
			if (text_istarts(stage, text_of(stages[i])))
				return true;
	}
	return false;
}

/* The same for what stands behind the first search, and for its macros. */
static bool
has_later_condition(struct text spl, const struct macros *macros)
{
	struct text rest = text_trim(spl);

	text_cut(&rest, '|');
	if (has_condition(rest))
		return true;
	while (!text_absent(rest)) {
		const struct macro *m;
		struct text         name;

		text_cut(&rest, '`');
		name = text_cut(&rest, '`');
		m = text_iends(name, TEXT("_filter")) ? NULL : macros_find(macros, name, 0);
		if (m && has_condition(m->definition))
			return true;
	}
	return false;
}

static void
near_misses(struct tally *t, const struct detection *d, const struct pred *pred,
	    const struct made_kind *kind, uint32_t choice, struct arena *keep)
{
	struct event        ev;
	struct search_stats stats = { 0 };

	for (uint32_t part = 0; near_miss(pred, kind, choice, &part, keep, &ev);) {
		struct subject subject = event_subject(&ev);
		bool           right;

		stats = (struct search_stats){ 0 };
		attempt_rows(d->search, &ev, 1, &stats, keep);
		right = stats.hits == 0 && !pred_eval(pred, &subject, *keep);
		t->misses++;
		t->misses_right += right;
		if (!right && t->verbose)
			printf("# miss found: " TEXT_FMT "\n", TEXT_ARG(d->name));
	}
}

static void
try_rule(struct tally *t, const struct detection *d, struct arena *keep, struct arena *many)
{
	const struct pred *pred = search_leaf_pred(d->search, 0);
	struct text        words[WORDS];
	struct filling     fill = { .names = words, .n = words_of(d->search_text, words) };
	struct made_kind  *kinds = arena_new(keep, struct made_kind, KINDS);
	size_t             n = pred ? made_kinds(pred, keep, kinds, KINDS) : 0;
	bool               made = false, found = false, hit = true;
	uint32_t           tried = 0;

	t->rules++;
	fill.varied = fill.n;
	for (size_t i = 0; i < n; i++) {
		struct search_stats stats = { 0 };
		struct event        ev;
		uint32_t            choice;

		if (!first_choice(pred, &kinds[i], &fill, &choice, keep, &ev))
			continue;
		made = true;
		t->kinds++;
		found |= attempt_rows(d->search, &ev, 1, &stats, keep) > 0;
		/* An inner join whose other side is empty reads no events at all: ask the predicate. */
		struct subject subject = event_subject(&ev);
		bool           satisfied = stats.hits > 0 || pred_eval(pred, &subject, *keep);

		hit = hit && satisfied;
		t->kinds_hit += satisfied;
		near_misses(t, d, pred, &kinds[i], choice, keep);
		if (!found && ++tried <= 2)
			found = many_found(t, d, pred, &kinds[i], choice, fill, many);
	}
	if (made && !found)
		found = attempt_all(d->search, pred, kinds, n, fill, many);
	t->made += made;
	t->found += made && found;
	t->unmade += !made;
	if (made && !found && hit && has_later_condition(d->search_text, t->macros)) {
		t->later++;
		if (t->verbose)
			printf("# later: " TEXT_FMT "\n", TEXT_ARG(d->name));
	} else if (t->verbose && (!made || !found || !hit)) {
		printf("# %s: " TEXT_FMT "\n", !made ? "not made" : !hit ? "no hit" : "no row",
		       TEXT_ARG(d->name));
	}
}

int
main(void)
{
	struct arena    keep = arena_open((size_t)1 << 34), text = arena_open(1 << 20);
	struct arena    many = arena_open((size_t)1 << 32);
	const char     *shared = getenv("SHARED");
	struct ruleset *rs = ruleset_new();
	struct err      err = { 0 };
	struct tally    t = { .verbose = getenv("VERBOSE") != NULL };
	struct text     path = arena_printf(&text, "%s/security_content", shared ? shared : "");

	if (!shared || !ruleset_load(rs, path, &err)) {
		ruleset_free(rs);
		skip_all("no detections in $SHARED/security_content");
	}
	ruleset_compile(rs);
	t.macros = ruleset_macros(rs);
	for (uint32_t i = 0; i < ruleset_count(rs); i++) {
		if (ruleset_get(rs, i)->search)
			try_rule(&t, ruleset_get(rs, i), &keep, &many);
		arena_reset(&keep, (size_t)1 << 20);
	}
	printf("# %u rules: events made for %u (not for %u); %u of them give a row, %u more need a "
	       "condition behind the first search\n",
	       t.rules, t.made, t.unmade, t.found, t.later);
	printf("# %u rules and kinds of events, %u hit; %u near misses, %u not hit\n", t.kinds,
	       t.kinds_hit, t.misses, t.misses_right);
	ok(t.kinds_hit == t.kinds, "every event made for a rule hits it");
	ok(t.misses_right == t.misses, "no near miss does");
	printf("# %u rules need several events; the fewest of %u are a number of the search\n",
	       t.thresholds, t.thresholds_right);
	ok(t.thresholds_right == t.thresholds, "one event below a threshold gives no row");
	ok(t.made * 100 >= t.rules * 98, "events can be made for 98%% of the rules");
	ok(t.found * 100 >= t.rules * 95, "95%% of all rules give a row for them");
	ok(t.found + t.later == t.made, "the others have stages that ask for more");
	ruleset_free(rs);
	arena_close(&text);
	arena_close(&many);
	arena_close(&keep);
	return done_testing();
}
