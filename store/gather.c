/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/gather.h"

#include <stdlib.h>

#include "base/when.h"

static void
start(struct gathered *g)
{
	struct arena arena = g->arena;

	arena_reset(&arena, 1 << 20);
	*g = (struct gathered){ .arena = arena, .first_ns = WHEN_NONE, .last_ns = WHEN_NONE };
}

static void
count_in(struct arena *keep, struct gathered_names *names, struct text name)
{
	name = text_trim(name);
	if (!name.n)
		return;
	for (size_t i = 0; i < names->n; i++)
		if (text_eq(names->of[i].name, name)) {
			names->of[i].n++;
			return;
		}
	arena_grow(keep, names->of, names->n, &names->cap);
	struct text copy = arena_copy(keep, name);

	names->of[names->n++] = (struct gathered_name){ copy, 1 };
}

static void
count_each(struct arena *keep, struct gathered_names *names, struct text list, char between)
{
	while (!text_absent(list))
		count_in(keep, names, text_cut(&list, between));
}

enum { OWNER, RULE, TECHNIQUES, TACTICS, HOST, FIRST, LAST, SCORE };
#define COLUMNS                                                                                    \
	"f.rule_id, f.techniques, f.tactics, f.host, f.first_ns, f.last_ns, sum(x.score) "

static void
add_finding(struct gathered *g, struct ask *q)
{
	int64_t first = ask_get_int(q, FIRST), last = ask_get_int(q, LAST);

	g->findings++;
	g->risk_score += ask_get_real(q, SCORE);
	count_in(&g->arena, &g->rules, ask_get_text(q, RULE));
	count_each(&g->arena, &g->techniques, ask_get_text(q, TECHNIQUES), ' ');
	count_each(&g->arena, &g->tactics, ask_get_text(q, TACTICS), ',');
	count_in(&g->arena, &g->hosts, ask_get_text(q, HOST));
	if (first != WHEN_NONE && (g->first_ns == WHEN_NONE || first < g->first_ns))
		g->first_ns = first;
	if (last > g->last_ns)
		g->last_ns = last;
}

static int
by_count(const void *a, const void *b)
{
	const struct gathered_name *x = a, *y = b;

	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return text_cmp(x->name, y->name);
}

/* Most frequent first. */
static void
sort_names(struct gathered_names *names)
{
	if (names->n)
		qsort(names->of, names->n, sizeof(*names->of), by_count);
}

struct text
gather_techniques(struct gathered *g)
{
	struct text out = TEXT("");

	sort_names(&g->techniques);
	for (size_t i = 0; i < g->techniques.n; i++)
		out = arena_printf(&g->arena, TEXT_FMT "%s" TEXT_FMT ":%u", TEXT_ARG(out),
				   i ? " " : "", TEXT_ARG(g->techniques.of[i].name),
				   (unsigned)g->techniques.of[i].n);
	return out;
}

struct text
gather_tactics(struct gathered *g)
{
	struct text out = TEXT("");

	sort_names(&g->tactics);
	for (size_t i = 0; i < g->tactics.n; i++)
		out = arena_printf(&g->arena, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(out), i ? ", " : "",
				   TEXT_ARG(g->tactics.of[i].name));
	return out;
}

/* A finding counts once for an owner, with the risk of all its objects that are the owner. */
static const char of_hosts[] =
    "SELECT x.host_ref, " COLUMNS "FROM (SELECT host_ref, finding, score FROM risk_event "
    "WHERE host_ref IS NOT NULL UNION ALL "
    "SELECT host_ref, id, 0 FROM finding WHERE host_ref IS NOT NULL) x "
    "JOIN finding f ON f.id = x.finding LEFT JOIN work w ON w.id = f.id WHERE 1";
static const char by_hosts[] = " GROUP BY x.host_ref, x.finding ORDER BY x.host_ref";

bool
gather_hosts(struct casefile *cf, const struct conditions *cs, gather_fn *fn, void *ctx,
	     struct err *err)
{
	struct gathered g = { .arena = arena_open((size_t)1 << 30) };
	struct question s = { .n = 0 };
	struct ask      q;
	int64_t         host = 0;
	bool            good = true;

	question_add(&s, of_hosts);
	filter_findings(&s, cf, cs, GATHER_OF_HOSTS);
	question_add(&s, by_hosts);
	start(&g);
	if (question_ask(&q, cf, &s, err))
		while (good && ask_row(&q)) {
			if (ask_get_int(&q, OWNER) != host) {
				good = !host || fn(ctx, host, TEXT_NONE, &g, err);
				start(&g);
				host = ask_get_int(&q, OWNER);
			}
			add_finding(&g, &q);
		}
	good = ask_end(&q) && good;
	good = good && (!host || fn(ctx, host, TEXT_NONE, &g, err));
	arena_close(&g.arena);
	return good;
}

static const char of_users[] =
    "SELECT x.user, " COLUMNS "FROM (SELECT normalized AS user, finding, score FROM risk_event "
    "WHERE type = 1 UNION ALL "
    "SELECT user_key, id, 0 FROM finding WHERE user_key IS NOT NULL) x "
    "JOIN finding f ON f.id = x.finding LEFT JOIN work w ON w.id = f.id WHERE x.user <> ''";
static const char by_users[] = " GROUP BY x.user, x.finding ORDER BY x.user";

bool
gather_users(struct casefile *cf, const struct conditions *cs, gather_fn *fn, void *ctx,
	     struct err *err)
{
	struct gathered g = { .arena = arena_open((size_t)1 << 30) };
	struct question s = { .n = 0 };
	struct ask      q;
	struct text     user = TEXT("");
	bool            good = true;

	question_add(&s, of_users);
	filter_findings(&s, cf, cs, GATHER_OF_USERS);
	question_add(&s, by_users);
	start(&g);
	if (question_ask(&q, cf, &s, err))
		while (good && ask_row(&q)) {
			if (!text_eq(ask_get_text(&q, OWNER), user)) {
				good = !user.n || fn(ctx, 0, user, &g, err);
				start(&g);
				user = arena_copy(&g.arena, ask_get_text(&q, OWNER));
			}
			add_finding(&g, &q);
		}
	good = ask_end(&q) && good;
	good = good && (!user.n || fn(ctx, 0, user, &g, err));
	arena_close(&g.arena);
	return good;
}

bool
gather_has_risk(const struct conditions *cs, double risk_score)
{
	for (size_t i = 0; i < cs->n; i++)
		if (cs->of[i].part == FILTER_RISK &&
		    (risk_score >= cs->of[i].number) == cs->of[i].excludes)
			return false;
	return true;
}
