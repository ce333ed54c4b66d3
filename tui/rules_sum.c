/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/rules_sum.h"

#include "base/counted.h"

#include <stdlib.h>

#define RULES_SHOWN 6 /* so that what they are about is seen, too */
#define NAMES_MAX   32

struct rule_sum {
	struct text rule, type, technique;
	double      sum, each;
	uint64_t    n;
	int64_t     last_ns;
};

/* Names with how often they came; further ones are counted together. */
struct name_sum {
	struct text name;
	uint64_t    n;
};

struct names_sum {
	struct name_sum of[NAMES_MAX];
	size_t          n, more;
};

struct sums {
	struct arena    *keep;
	int64_t          host;
	struct rule_sum *rules; /* one for each score of a rule */
	size_t           n, cap;
	struct names_sum tactics, stories;
	struct text      latest; /* message */
};

static void
add_names(struct sums *s, struct names_sum *names, struct text list, char between)
{
	while (!text_absent(list)) {
		struct text one = text_trim(text_cut(&list, between));
		size_t      i = 0;

		if (!one.n)
			continue;
		while (i < names->n && !text_eq(names->of[i].name, one))
			i++;
		if (i == NAMES_MAX) {
			names->more++;
			continue;
		}
		if (i == names->n)
			names->of[names->n++] = (struct name_sum){ arena_copy(s->keep, one), 0 };
		names->of[i].n++;
	}
}

static bool
add_up(void *ctx, const struct risk_event *re)
{
	struct sums     *s = ctx;
	struct rule_sum *sum = NULL;

	if (re->host_id != s->host)
		return true;
	if (text_absent(s->latest))
		s->latest = arena_copy(s->keep, re->object.message);
	add_names(s, &s->tactics, re->tactic, ',');
	add_names(s, &s->stories, re->stories, '\n');
	for (size_t i = 0; i < s->n && !sum; i++)
		if (text_eq(s->rules[i].rule, re->rule) && s->rules[i].each == re->object.score)
			sum = &s->rules[i];
	if (!sum) {
		arena_grow(s->keep, s->rules, s->n, &s->cap);
		sum = &s->rules[s->n++];
		*sum = (struct rule_sum){ .rule = arena_copy(s->keep, re->rule),
					  .type = arena_copy(s->keep, re->rule_type),
					  .technique = arena_copy(s->keep, re->technique),
					  .each = re->object.score,
					  .last_ns = re->time_ns };
	}
	sum->n++;
	sum->sum += re->object.score;
	sum->last_ns = re->time_ns > sum->last_ns ? re->time_ns : sum->last_ns;
	return true;
}

static int
by_sum(const void *a, const void *b)
{
	const struct rule_sum *x = a, *y = b;

	return x->sum != y->sum ? (x->sum < y->sum ? 1 : -1) : text_cmp(x->rule, y->rule);
}

static int
by_count(const void *a, const void *b)
{
	const struct name_sum *x = a, *y = b;

	return x->n != y->n ? (x->n < y->n ? 1 : -1) : text_cmp(x->name, y->name);
}

/* "Execution 17 · Lateral Movement 3" */
static struct text
names_text(struct app *app, struct names_sum *names, bool counts, struct arena *keep)
{
	struct text said[NAMES_MAX], out;

	if (names->n)
		qsort(names->of, names->n, sizeof(names->of[0]), by_count);
	for (size_t i = 0; i < names->n; i++) {
		said[i] = names->of[i].name;
		if (counts)
			said[i] = arena_printf(keep, TEXT_FMT " %s", TEXT_ARG(said[i]),
					       counted_number(names->of[i].n).words);
	}
	out = screen_names(&app->screen, said, names->n, keep);
	return names->more ? arena_printf(keep, TEXT_FMT " ...", TEXT_ARG(out)) : out;
}

/* In WIDTH columns, blanks behind it; cut where it is longer. */
static struct text
fit(const struct screen *screen, struct text t, int width, struct arena *keep)
{
	int has = screen_width(screen, t);

	if (has <= width)
		return arena_printf(keep, TEXT_FMT "%*s", TEXT_ARG(t), width - has, "");
	while (t.n && has > width - 1) {
		do
			t.n--;
		while (t.n && ((unsigned char)t.p[t.n] & 0xc0) == 0x80);
		has = screen_width(screen, t);
	}
	return arena_printf(keep, TEXT_FMT "~%*s", TEXT_ARG(t), width - 1 - has, "");
}

enum { TYPE_WIDTH = 11, TECHNIQUE_WIDTH = 15, OTHER_WIDTH = 66, RULE_LEAST = 20 };

/* What is below the rules that are shown, so that the sum can be checked. */
static void
say_rest(const struct sums *s, size_t shown, struct doc *d)
{
	struct text sum;
	double      rest = 0;
	uint64_t    n = 0;

	for (size_t i = shown; i < s->n; i++) {
		rest += s->rules[i].sum;
		n += s->rules[i].n;
	}
	sum = table_amount(rest, d->keep);
	doc_plain(d, arena_printf(d->keep, "%*s" TEXT_FMT " %10s  %s more (Enter, then 2: each risk event)",
				  sum.n < 6 ? 6 - (int)sum.n : 0, "", TEXT_ARG(sum),
				  counted_number(n).words, counted_number(s->n - shown).words));
}

static void
say_rules(struct app *app, const struct sums *s, struct doc *d)
{
	const struct screen *screen = &app->screen;
	int                  width = screen->columns - OTHER_WIDTH;
	size_t               shown = s->n > RULES_SHOWN + 1 ? RULES_SHOWN : s->n;
	char                 human[WHEN_TEXT_MAX];

	width = width < RULE_LEAST ? RULE_LEAST : width;
	doc_plain(d, arena_printf(d->keep, "  RISK  EACH    %s  %-*s  %-*s  %-*s  LAST",
				  screen->ascii ? "x" : "×", width, "RULE", TYPE_WIDTH, "TYPE",
				  TECHNIQUE_WIDTH, "ATT&CK"))
	    ->role = ROLE_DIM;
	for (size_t i = 0; i < s->n && i < shown; i++) {
		const struct rule_sum *r = &s->rules[i];
		struct text sum = table_amount(r->sum, d->keep);
		struct text rule = fit(screen, r->rule, width, d->keep);
		struct text type = fit(screen, r->type, TYPE_WIDTH, d->keep);
		struct text technique = fit(screen, r->technique, TECHNIQUE_WIDTH, d->keep);

		human[zone_human(&screen->zone, r->last_ns, human)] = '\0';
		doc_plain(d, arena_printf(d->keep,
					  "%*s" TEXT_FMT " %5.0f %4llu  " TEXT_FMT "  " TEXT_FMT "  " TEXT_FMT
					  "  %.*s",
					  sum.n < 6 ? 6 - (int)sum.n : 0, "", TEXT_ARG(sum), r->each, (unsigned long long)r->n, TEXT_ARG(rule),
					  TEXT_ARG(type), TEXT_ARG(technique),
					  screen->years ? 10 : 11,
					  !human[0] || screen->years ? human : human + 5));
	}
	if (shown < s->n)
		say_rest(s, shown, d);
}

void
rules_sum(struct app *app, const struct case_filter *f, int64_t host, struct doc *d)
{
	struct sums *s = arena_new(d->keep, struct sums, 1);
	struct err   err = { 0 };

	*s = (struct sums){ .keep = d->keep, .host = host };
	if (!query_risk_events(app->cf, f, add_up, s, &err)) {
		doc_plain(d, arena_printf(d->keep, "%s", err.what));
		return;
	}
	if (!s->n) {
		doc_plain(d, TEXT("No risk: no rule found anything here."));
		return;
	}
	qsort(s->rules, s->n, sizeof(s->rules[0]), by_sum);
	say_rules(app, s, d);
	doc_fact(d, "Tactics", names_text(app, &s->tactics, true, d->keep));
	doc_fact(d, "Latest", s->latest);
	doc_fact(d, "Stories", names_text(app, &s->stories, false, d->keep));
}
