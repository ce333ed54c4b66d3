/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/gather.h"

#include <stdlib.h>

#include "base/numbers.h"
#include "base/when.h"

/* What is counted of a finding, each by its number; findings that agree in it are one kind. */
enum aspect { RULE, TECHNIQUES, TACTICS, HOST, ASPECTS };

struct kind {
	uint32_t of[ASPECTS];
};

struct owner {
	uint64_t finding; /* the last one, counted from 1 */
	double   score;   /* of it, so far */
	double   risk_score;
	uint32_t findings, kinds;
	int64_t  first_ns, last_ns;
};

/* How many findings of a kind an owner has. */
struct share {
	uint32_t owner, kind, n;
};

struct owners {
	struct numbers names;
	struct owner  *of; /* by number, as the next */
	struct numbers pairs;
	struct share  *shares;
	size_t         owners_cap, shares_cap;
};

struct gathering {
	struct arena   keep;
	struct numbers texts, kinds;
	struct owners  hosts, users;
	uint64_t       finding;
	uint32_t       kind; /* of the finding */
	int64_t        first_ns, last_ns;
};

static struct text
bytes(const void *p, size_t n)
{
	return (struct text){ p, n };
}

struct gathering *
gathering_new(void)
{
	struct arena      keep = arena_open((size_t)1 << 30);
	struct gathering *all = arena_new(&keep, struct gathering, 1);

	all->keep = keep;
	all->texts.keep = all->kinds.keep = &all->keep;
	all->hosts.names.keep = all->hosts.pairs.keep = &all->keep;
	all->users.names.keep = all->users.pairs.keep = &all->keep;
	return all;
}

void
gathering_free(struct gathering *all)
{
	struct arena keep = all->keep;

	arena_close(&keep);
}

static uint32_t
number(struct gathering *all, struct text t)
{
	t = text_trim(t);
	return t.n ? numbers_of(&all->texts, t) : 0;
}

void
gathering_begin(struct gathering *all, const struct found *f)
{
	const struct kind kind = { {
	    [RULE] = number(all, f->rule_id),
	    [TECHNIQUES] = number(all, f->techniques),
	    [TACTICS] = number(all, f->tactics),
	    [HOST] = number(all, f->host),
	} };

	all->finding++;
	all->kind = numbers_of(&all->kinds, bytes(&kind, sizeof(kind)));
	all->first_ns = f->first_ns;
	all->last_ns = f->last_ns;
}

static void
count_kind(struct gathering *all, struct owners *owners, uint32_t owner)
{
	const uint32_t pair[] = { owner, all->kind };
	uint32_t       at = numbers_of(&owners->pairs, bytes(pair, sizeof(pair)));

	while (owners->shares_cap <= at)
		arena_grow(&all->keep, owners->shares, owners->shares_cap, &owners->shares_cap);
	if (owners->shares[at].n++)
		return;
	owners->shares[at].owner = owner;
	owners->shares[at].kind = all->kind;
	owners->of[owner].kinds++;
}

static void
count_finding(struct gathering *all, struct owner *o)
{
	if (o->findings++ == 0)
		o->first_ns = o->last_ns = WHEN_NONE;
	o->finding = all->finding;
	o->risk_score += o->score;
	o->score = 0;
	if (all->first_ns != WHEN_NONE &&
	    (o->first_ns == WHEN_NONE || all->first_ns < o->first_ns))
		o->first_ns = all->first_ns;
	if (all->last_ns > o->last_ns)
		o->last_ns = all->last_ns;
}

static void
add(struct gathering *all, struct owners *owners, struct text name, double score)
{
	uint32_t      n = numbers_of(&owners->names, name);
	struct owner *o;

	while (owners->owners_cap <= n)
		arena_grow(&all->keep, owners->of, owners->owners_cap, &owners->owners_cap);
	o = &owners->of[n];
	if (o->finding != all->finding) {
		count_finding(all, o);
		count_kind(all, owners, n);
	}
	o->score += score;
}

void
gathering_host(struct gathering *all, int64_t host, double score)
{
	if (host)
		add(all, &all->hosts, bytes(&host, sizeof(host)), score);
}

void
gathering_user(struct gathering *all, struct text user, double score)
{
	if (user.n)
		add(all, &all->users, user, score);
}

/* ---- what an owner's add up to ---- */

static void
count_in(struct arena *keep, struct gathered_names *names, struct text name, uint32_t n)
{
	name = text_trim(name);
	if (!name.n)
		return;
	for (size_t i = 0; i < names->n; i++)
		if (text_eq(names->of[i].name, name)) {
			names->of[i].n += n;
			return;
		}
	arena_grow(keep, names->of, names->n, &names->cap);
	names->of[names->n++] = (struct gathered_name){ name, n };
}

static void
count_each(struct arena *keep, struct gathered_names *names, struct text list, char between,
	   uint32_t n)
{
	while (!text_absent(list))
		count_in(keep, names, text_cut(&list, between), n);
}

/* What one owner has of each text. */
struct tally {
	uint32_t owner, n;
};

/* The shares of an owner, one behind the other, and tallies of texts. */
struct adding_up {
	const struct gathering *all;
	const struct owners    *owners;
	uint32_t               *starts; /* [owner]: where its shares begin in ORDER */
	uint32_t               *order;
	struct tally           *tallies[ASPECTS]; /* [text] */
};

static void
sort_shares(struct adding_up *up, struct arena *scratch)
{
	const struct owners *owners = up->owners;
	uint32_t            *next;

	up->starts = arena_new(scratch, uint32_t, owners->names.n + 1);
	up->order = arena_new(scratch, uint32_t, owners->pairs.n + 1);
	next = arena_new(scratch, uint32_t, owners->names.n + 1);
	for (size_t i = 1; i < owners->names.n; i++)
		next[i + 1] = up->starts[i + 1] = up->starts[i] + owners->of[i].kinds;
	for (uint32_t i = 1; i < owners->pairs.n; i++)
		up->order[next[owners->shares[i].owner]++] = i;
	for (int a = 0; a < ASPECTS; a++)
		up->tallies[a] = arena_new(scratch, struct tally, up->all->texts.n + 1);
}

/* The numbers of the owner's texts of that aspect, each once; how often is in the tallies. */
static const uint32_t *
texts_of(struct adding_up *up, uint32_t owner, enum aspect aspect, uint32_t *n, struct arena *keep)
{
	uint32_t  kinds = up->owners->of[owner].kinds;
	uint32_t *list = arena_new(keep, uint32_t, kinds + 1);

	*n = 0;
	for (uint32_t i = 0; i < kinds; i++) {
		const struct share *s = &up->owners->shares[up->order[up->starts[owner] + i]];
		struct kind         kind;
		struct tally       *tally;

		memcpy(&kind, up->all->kinds.texts[s->kind].p, sizeof(kind));
		tally = &up->tallies[aspect][kind.of[aspect]];
		if (!kind.of[aspect])
			continue;
		if (tally->owner != owner) {
			*tally = (struct tally){ owner, 0 };
			list[(*n)++] = kind.of[aspect];
		}
		tally->n += s->n;
	}
	return list;
}

static void
count_lists(struct adding_up *up, uint32_t owner, enum aspect aspect, char between,
	    struct gathered_names *names, struct arena *keep)
{
	uint32_t        n;
	const uint32_t *list = texts_of(up, owner, aspect, &n, keep);

	for (uint32_t i = 0; i < n; i++)
		count_each(keep, names, up->all->texts.texts[list[i]], between,
			   up->tallies[aspect][list[i]].n);
}

static bool
give(struct adding_up *up, uint32_t owner, struct arena scratch, gather_fn *fn, void *ctx,
     int64_t host, struct text user, struct err *err)
{
	const struct owner *o = &up->owners->of[owner];
	struct gathered     g = { .arena = scratch,
				  .findings = o->findings,
				  .risk_score = o->risk_score + o->score,
				  .first_ns = o->first_ns,
				  .last_ns = o->last_ns };

	texts_of(up, owner, RULE, &g.rules, &g.arena);
	texts_of(up, owner, HOST, &g.hosts, &g.arena);
	count_lists(up, owner, TECHNIQUES, ' ', &g.techniques, &g.arena);
	count_lists(up, owner, TACTICS, ',', &g.tactics, &g.arena);
	return fn(ctx, host, user, &g, err);
}

struct named {
	int64_t     host;
	struct text user;
	uint32_t    number;
};

static int
by_name(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	if (x->host != y->host)
		return x->host < y->host ? -1 : 1;
	return text_cmp(x->user, y->user);
}

static bool
give_all(const struct gathering *all, const struct owners *owners, bool hosts, gather_fn *fn,
	 void *ctx, struct err *err)
{
	struct arena     scratch = arena_open((size_t)1 << 30);
	struct adding_up up = { .all = all, .owners = owners };
	size_t           n = owners->names.n;
	struct named    *list = arena_new(&scratch, struct named, n + 1);
	bool             good = true;

	sort_shares(&up, &scratch);
	for (uint32_t i = 1; i < n; i++) {
		struct text name = owners->names.texts[i];

		list[i] = (struct named){ .number = i, .user = hosts ? TEXT_NONE : name };
		if (hosts)
			memcpy(&list[i].host, name.p, sizeof(list[i].host));
	}
	if (n > 1)
		qsort(list + 1, n - 1, sizeof(*list), by_name);
	for (size_t i = 1; i < n && good; i++)
		good = give(&up, list[i].number, scratch, fn, ctx, list[i].host, list[i].user,
			    err);
	arena_close(&scratch);
	return good;
}

bool
gathering_hosts(struct gathering *all, gather_fn *fn, void *ctx, struct err *err)
{
	return give_all(all, &all->hosts, true, fn, ctx, err);
}

bool
gathering_users(struct gathering *all, gather_fn *fn, void *ctx, struct err *err)
{
	return give_all(all, &all->users, false, fn, ctx, err);
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

/* ---- of the findings that pass a filter ---- */

struct passing {
	struct gathering        *all;
	const struct conditions *cs;
};

/* Part of a finding is enough for it to be in a time; its risk is at its end, as in lists of risk
 * events. */
static bool
has_risk_then(const struct conditions *cs, const struct found *f)
{
	for (size_t i = 0; i < cs->n; i++) {
		const struct span span = cs->of[i].span;

		if (cs->of[i].part == FILTER_TIME &&
		    (f->last_ns != WHEN_NONE && f->last_ns >= span.earliest_ns &&
		     (f->last_ns < span.latest_ns || span.latest_ns == WHEN_MAX)) == cs->of[i].excludes)
			return false;
	}
	return true;
}

static bool
gather_host(void *ctx, const struct found *f, struct err *err)
{
	const struct passing *p = ctx;
	bool                  risk = has_risk_then(p->cs, f);

	(void)err;
	gathering_begin(p->all, f);
	gathering_host(p->all, f->host_ref, 0);
	for (size_t i = 0; i < f->n_objects; i++)
		gathering_host(p->all, f->objects[i].host, risk ? f->objects[i].score : 0);
	return true;
}

static bool
gather_user(void *ctx, const struct found *f, struct err *err)
{
	const struct passing *p = ctx;
	bool                  risk = has_risk_then(p->cs, f);

	(void)err;
	gathering_begin(p->all, f);
	gathering_user(p->all, f->user_key, 0);
	for (size_t i = 0; i < f->n_objects; i++)
		if (f->objects[i].type == RISK_USER)
			gathering_user(p->all, f->objects[i].normalized,
				       risk ? f->objects[i].score : 0);
	return true;
}

bool
gather_hosts(struct casefile *cf, const struct conditions *cs, gather_fn *fn, void *ctx,
	     struct err *err)
{
	struct passing p = { gathering_new(), cs };
	bool           good = found_each(cf, cs, GATHER_OF_HOSTS, gather_host, &p, err) &&
		    gathering_hosts(p.all, fn, ctx, err);

	gathering_free(p.all);
	return good;
}

bool
gather_users(struct casefile *cf, const struct conditions *cs, gather_fn *fn, void *ctx,
	     struct err *err)
{
	struct passing p = { gathering_new(), cs };
	bool           good = found_each(cf, cs, GATHER_OF_USERS, gather_user, &p, err) &&
		    gathering_users(p.all, fn, ctx, err);

	gathering_free(p.all);
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
