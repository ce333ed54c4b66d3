/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/risk.h"

#include <stdlib.h>

#include "base/when.h"
#include "store/writer.h"

struct text
risk_normalize(struct text object, struct arena *keep)
{
	if (text_absent(object))
		return object;
	struct text t = text_trim(object);
	char       *folded = arena_new(keep, char, t.n + 1);

	text_fold(folded, t);
	return (struct text){ folded, t.n };
}

static const char exact_host[] = "SELECT id FROM host WHERE fold = ?1";
static const char kin_of_label[] = "SELECT id, fold FROM host WHERE fold = ?1 OR "
				   "(fold >= ?2 AND fold < ?3) LIMIT 2";

/* The host that the normalised name means; 0: none, or more than one may be meant. */
static int64_t
find_host(struct casefile *cf, struct text name, struct arena scratch, struct err *err)
{
	struct ask q;
	int64_t    id = 0;
	size_t     n = 0;

	if (ask(&q, cf, exact_host, err)) {
		ask_text(&q, 1, name);
		if (ask_row(&q))
			id = ask_get_int(&q, 0);
	}
	if (!ask_end(&q) || id || !name.n)
		return id;
	struct text label = host_label(name);
	bool        domain = label.n < name.n;

	if (ask(&q, cf, kin_of_label, err)) {
		ask_text(&q, 1, label);
		ask_text(&q, 2, arena_join(&scratch, label, TEXT(".")));
		ask_text(&q, 3, arena_join(&scratch, label, TEXT("/")));
		for (; ask_row(&q); n++) {
			id = ask_get_int(&q, 0);
			/* ws-07.a.example is not ws-07.b.example. */
			if (domain && ask_get_text(&q, 1).n > label.n)
				n++;
		}
	}
	return ask_end(&q) && n == 1 ? id : 0;
}

static const char objects[] = "SELECT normalized, min(value) FROM risk_event WHERE type = 0 "
			      "AND normalized <> '' GROUP BY normalized";
static const char set_object[] = "UPDATE risk_event SET host_ref = ?2 WHERE type = 0 AND "
				 "normalized = ?1";
static const char finding_hosts[] = "SELECT host, host FROM finding WHERE host IS NOT NULL "
				    "GROUP BY host";
static const char set_finding[] = "UPDATE finding SET host_ref = ?2 WHERE host = ?1";

struct mention {
	struct text key, name; /* as found in its column; as a host would be called */
};

/* Read before anything is written: the loop changes what it would read. */
static size_t
read_mentions(struct casefile *cf, const char *sql, struct arena *keep, struct mention **out,
	      struct err *err)
{
	struct ask q;
	size_t     n = 0, cap = 0;

	*out = NULL;
	if (ask(&q, cf, sql, err))
		while (ask_row(&q)) {
			arena_grow(keep, *out, n, &cap);
			struct text key = arena_copy(keep, ask_get_text(&q, 0));
			struct text name = arena_copy(keep, ask_get_text(&q, 1));

			(*out)[n++] = (struct mention){ key, name };
		}
	return ask_end(&q) ? n : 0;
}

static bool
set_refs(struct casefile *cf, const char *from, const char *to, bool make, struct arena scratch,
	 struct err *err)
{
	struct mention *mentions;
	size_t          n = read_mentions(cf, from, &scratch, &mentions, err);

	for (size_t i = 0; i < n; i++) {
		struct arena inner = scratch;
		struct text  rest = mentions[i].name, first = text_trim(text_cut(&rest, '\n'));
		int64_t      id, kin;
		struct ask   q;

		id = find_host(cf, risk_normalize(first, &inner), inner, err);
		if (!id && make && !writer_host(cf, first, inner, &id, &kin, err))
			return false;
		if (!id)
			continue;
		if (ask(&q, cf, to, err)) {
			ask_text(&q, 1, mentions[i].key);
			ask_int(&q, 2, id);
			ask_run(&q);
		}
		if (!ask_end(&q))
			return false;
	}
	return true;
}

struct count {
	struct text name;
	uint32_t    n;
};

/* What the findings of one host or user add up to. */
struct gathered {
	struct arena  arena;
	struct count *techniques, *tactics, *rules, *hosts;
	size_t        n_techniques, n_tactics, n_rules, n_hosts;
	size_t        techniques_cap, tactics_cap, rules_cap, hosts_cap;
	uint32_t      findings;
	int64_t       first, last;
};

static void
gather_start(struct gathered *g)
{
	struct arena arena = g->arena;

	arena_reset(&arena, 1 << 20);
	*g = (struct gathered){ .arena = arena, .first = WHEN_MAX, .last = WHEN_NONE };
}

static void
count_in(struct arena *keep, struct count **list, size_t *n, size_t *cap, struct text name)
{
	name = text_trim(name);
	if (!name.n)
		return;
	for (size_t i = 0; i < *n; i++)
		if (text_eq((*list)[i].name, name)) {
			(*list)[i].n++;
			return;
		}
	arena_grow(keep, *list, *n, cap);
	struct text copy = arena_copy(keep, name);

	(*list)[(*n)++] = (struct count){ copy, 1 };
}

static int
by_count(const void *a, const void *b)
{
	const struct count *x = a, *y = b;

	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return text_cmp(x->name, y->name);
}

static void
gather(struct gathered *g, struct text rule, struct text techniques, struct text tactics,
       struct text host, int64_t first, int64_t last)
{
	g->findings++;
	count_in(&g->arena, &g->rules, &g->n_rules, &g->rules_cap, rule);
	count_in(&g->arena, &g->hosts, &g->n_hosts, &g->hosts_cap, host);
	while (!text_absent(techniques))
		count_in(&g->arena, &g->techniques, &g->n_techniques, &g->techniques_cap,
			 text_cut(&techniques, ' '));
	while (!text_absent(tactics))
		count_in(&g->arena, &g->tactics, &g->n_tactics, &g->tactics_cap,
			 text_cut(&tactics, ','));
	if (first != WHEN_NONE && first < g->first)
		g->first = first;
	if (last > g->last)
		g->last = last;
}

/* "T1047:3 T1021.006:1", or without numbers "Execution, Lateral Movement". */
static struct text
counts_text(struct gathered *g, struct count *list, size_t n, bool numbers)
{
	struct text out = TEXT("");

	if (n)
		qsort(list, n, sizeof(*list), by_count);
	for (size_t i = 0; i < n; i++)
		out = numbers ? arena_printf(&g->arena, TEXT_FMT "%s" TEXT_FMT ":%u", TEXT_ARG(out),
					     i ? " " : "", TEXT_ARG(list[i].name), list[i].n)
			      : arena_printf(&g->arena, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(out),
					     i ? ", " : "", TEXT_ARG(list[i].name));
	return out;
}

static const char host_findings[] =
    "SELECT x.host_ref, f.rule_id, f.techniques, f.tactics, f.host, f.first_ns, f.last_ns FROM "
    "(SELECT host_ref, finding FROM risk_event WHERE host_ref IS NOT NULL "
    " UNION SELECT host_ref, id FROM finding WHERE host_ref IS NOT NULL) x "
    "JOIN finding f ON f.id = x.finding ORDER BY x.host_ref";
static const char set_host[] =
    "UPDATE host SET findings = ?2, rules = ?3, techniques = ?4, tactics = ?5, risk_score = "
    "(SELECT coalesce(sum(score), 0) FROM risk_event WHERE host_ref = ?1) WHERE id = ?1";

static bool
flush_host(struct casefile *cf, struct gathered *g, int64_t host, struct err *err)
{
	struct ask q;

	if (!host)
		return true;
	if (ask(&q, cf, set_host, err)) {
		ask_int(&q, 1, host);
		ask_int(&q, 2, g->findings);
		ask_int(&q, 3, (int64_t)g->n_rules);
		ask_text(&q, 4, counts_text(g, g->techniques, g->n_techniques, true));
		ask_text(&q, 5, counts_text(g, g->tactics, g->n_tactics, false));
		ask_run(&q);
	}
	return ask_end(&q);
}

static bool
summarize_hosts(struct casefile *cf, struct gathered *g, struct err *err)
{
	struct ask q;
	int64_t    host = 0;
	bool       good = true;

	gather_start(g);
	if (ask(&q, cf, host_findings, err))
		while (good && ask_row(&q)) {
			if (ask_get_int(&q, 0) != host) {
				good = flush_host(cf, g, host, err);
				gather_start(g);
				host = ask_get_int(&q, 0);
			}
			gather(g, ask_get_text(&q, 1), ask_get_text(&q, 2), ask_get_text(&q, 3),
			       ask_get_text(&q, 4), ask_get_int(&q, 5), ask_get_int(&q, 6));
		}
	good = ask_end(&q) && good;
	return good && flush_host(cf, g, host, err);
}

static const char user_findings[] =
    "SELECT x.user, f.rule_id, f.techniques, f.tactics, f.host, f.first_ns, f.last_ns FROM "
    "(SELECT normalized AS user, finding FROM risk_event WHERE type = 1 "
    " UNION SELECT user_key, id FROM finding WHERE user_key IS NOT NULL) x "
    "JOIN finding f ON f.id = x.finding WHERE x.user <> '' ORDER BY x.user";
static const char put_user[] =
    "INSERT INTO user_risk(user, risk_score, findings, rules, hosts, techniques, first_ns, "
    "last_ns) VALUES(?1, (SELECT coalesce(sum(score), 0) FROM risk_event WHERE type = 1 AND "
    "normalized = ?1), ?2, ?3, ?4, ?5, ?6, ?7)";

static bool
flush_user(struct casefile *cf, struct gathered *g, struct text user, struct err *err)
{
	struct ask q;

	if (!user.n)
		return true;
	if (ask(&q, cf, put_user, err)) {
		ask_text(&q, 1, user);
		ask_int(&q, 2, g->findings);
		ask_int(&q, 3, (int64_t)g->n_rules);
		ask_int(&q, 4, (int64_t)g->n_hosts);
		ask_text(&q, 5, counts_text(g, g->techniques, g->n_techniques, true));
		if (g->first != WHEN_MAX)
			ask_int(&q, 6, g->first);
		if (g->last != WHEN_NONE)
			ask_int(&q, 7, g->last);
		ask_run(&q);
	}
	return ask_end(&q);
}

static bool
summarize_users(struct casefile *cf, struct gathered *g, struct err *err)
{
	struct ask  q;
	struct text user = TEXT("");
	bool        good = true;

	gather_start(g);
	if (ask(&q, cf, user_findings, err))
		while (good && ask_row(&q)) {
			if (!text_eq(ask_get_text(&q, 0), user)) {
				good = flush_user(cf, g, user, err);
				gather_start(g);
				user = arena_copy(&g->arena, ask_get_text(&q, 0));
			}
			gather(g, ask_get_text(&q, 1), ask_get_text(&q, 2), ask_get_text(&q, 3),
			       ask_get_text(&q, 4), ask_get_int(&q, 5), ask_get_int(&q, 6));
		}
	good = ask_end(&q) && good;
	return good && flush_user(cf, g, user, err);
}

bool
risk_summarize(struct casefile *cf, struct err *err)
{
	struct arena    scratch = arena_open((size_t)1 << 30);
	struct gathered g = { .arena = arena_open((size_t)1 << 30) };
	bool            good;

	good = db_run(cf,
		      "UPDATE risk_event SET host_ref = NULL WHERE host_ref IS NOT NULL;"
		      "UPDATE host SET risk_score = 0, findings = 0, rules = 0, techniques = '', "
		      "tactics = '' WHERE findings > 0;"
		      "DELETE FROM user_risk",
		      err) &&
	       set_refs(cf, objects, set_object, true, scratch, err) &&
	       set_refs(cf, finding_hosts, set_finding, false, scratch, err) &&
	       summarize_hosts(cf, &g, err) && summarize_users(cf, &g, err);
	arena_close(&g.arena);
	arena_close(&scratch);
	return good;
}
