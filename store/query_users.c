/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Users by risk. */
#include "config.h"

#include <stdlib.h>

#include "base/when.h"
#include "store/gather.h"

static const char users_head[] =
    "SELECT u.user, coalesce((SELECT n.name FROM user_name n WHERE n.name = u.user AND n.user = "
    "u.user), u.user), u.risk_score, u.findings, u.rules, u.hosts, u.techniques, u.first_ns, "
    "u.last_ns, u.aliases FROM user_risk u WHERE 1";

static int64_t
time_or_none(struct ask *q, int column)
{
	return ask_get_null(q, column) ? WHEN_NONE : ask_get_int(q, column);
}

static void
user_named(struct question *s, struct casefile *cf, struct text user)
{
	(void)cf;
	filter_user(s, "u.user", user);
}

static struct user_row
user_get(struct ask *q)
{
	return (struct user_row){
		.user = ask_get_text(q, 1),
		.risk_score = ask_get_real(q, 2),
		.findings = (uint32_t)ask_get_int(q, 3),
		.rules = (uint32_t)ask_get_int(q, 4),
		.hosts = (uint32_t)ask_get_int(q, 5),
		.techniques = ask_get_text(q, 6),
		.first_ns = time_or_none(q, 7),
		.last_ns = time_or_none(q, 8),
		.aliases = ask_get_text(q, 9),
	};
}

/* What the findings that pass add up to, by key; then the rows that show it. */
struct user_sum {
	struct text     key;
	struct user_row row;
};

struct user_sums {
	struct arena     keep;
	struct user_sum *sums;
	struct user_row *rows;
	size_t           n_sums, n_rows, sums_cap, rows_cap;
};

static bool
add_sum(void *ctx, int64_t host, struct text user, struct gathered *g, struct err *err)
{
	struct user_sums *us = ctx;
	struct text       key = arena_copy(&us->keep, user);
	struct text       techniques = arena_copy(&us->keep, gather_techniques(g));

	(void)host;
	(void)err;
	arena_grow(&us->keep, us->sums, us->n_sums, &us->sums_cap);
	us->sums[us->n_sums++] = (struct user_sum){
		.key = key,
		.row = { .risk_score = g->risk_score,
			 .findings = g->findings,
			 .rules = g->rules,
			 .hosts = g->hosts,
			 .techniques = techniques,
			 .first_ns = g->first_ns,
			 .last_ns = g->last_ns },
	};
	return true;
}

static int
by_key(const void *key, const void *item)
{
	return text_cmp(*(const struct text *)key, ((const struct user_sum *)item)->key);
}

static int
by_risk(const void *a, const void *b)
{
	const struct user_row *x = a, *y = b;
	int                    order = (x->risk_score < y->risk_score) -
				       (x->risk_score > y->risk_score);

	return order ? order : text_cmp(x->user, y->user);
}

/* Users are known by findings alone: who has none that passes is not there. */
static void
add_row(struct user_sums *us, struct text key, struct user_row row)
{
	const struct user_sum *sum =
	    us->n_sums ? bsearch(&key, us->sums, us->n_sums, sizeof(*us->sums), by_key) : NULL;
	struct user_row        shown;

	if (!sum)
		return;
	shown = sum->row;
	shown.user = arena_copy(&us->keep, row.user);
	shown.aliases = arena_copy(&us->keep, row.aliases);
	arena_grow(&us->keep, us->rows, us->n_rows, &us->rows_cap);
	us->rows[us->n_rows++] = shown;
}

static void
users_question(struct question *s, struct casefile *cf, const struct conditions *cs)
{
	question_add(s, users_head);
	for (size_t i = 0; i < cs->n; i++)
		if (cs->of[i].part == FILTER_USER)
			condition_any(s, cf, &cs->of[i], user_named);
}

/* Numbers made anew, of the findings that pass. */
static bool
users_of_some(struct casefile *cf, const struct conditions *cs, user_fn *fn, void *ctx,
	      struct err *err)
{
	struct user_sums us = { .keep = arena_open((size_t)1 << 30) };
	struct question  s = { .n = 0 };
	struct ask       q;
	bool             good = gather_users(cf, cs, add_sum, &us, err);

	users_question(&s, cf, cs);
	if (good) {
		if (question_ask(&q, cf, &s, err))
			while (ask_row(&q))
				add_row(&us, ask_get_text(&q, 0), user_get(&q));
		good = ask_end(&q);
	}
	if (good && us.n_rows)
		qsort(us.rows, us.n_rows, sizeof(*us.rows), by_risk);
	for (size_t i = 0; good && i < us.n_rows; i++)
		if (gather_has_risk(cs, us.rows[i].risk_score) && !fn(ctx, &us.rows[i]))
			break;
	arena_close(&us.keep);
	return good;
}

bool
query_users(struct casefile *cf, const struct case_filter *f, user_fn *fn, void *ctx,
	    struct err *err)
{
	struct question   s = { .n = 0 };
	struct conditions cs;
	struct ask        q;

	filter_conditions(f, FILTER_ANY, &cs);
	if (filter_has(&cs, GATHER_OF_USERS))
		return users_of_some(cf, &cs, fn, ctx, err);
	users_question(&s, cf, &cs);
	question_add(&s, " ORDER BY u.risk_score DESC, u.user");
	if (question_ask(&q, cf, &s, err))
		while (ask_row(&q)) {
			struct user_row row = user_get(&q);

			if (gather_has_risk(&cs, row.risk_score) && !fn(ctx, &row))
				break;
		}
	return ask_end(&q);
}

static const char user_called[] =
    "SELECT min(coalesce((SELECT n.name FROM user_name n WHERE n.name = un.user AND n.user = "
    "un.user), un.user)), count(*) FROM user_name un WHERE un.name = ?1";

struct text
query_user_called(struct casefile *cf, struct text name, struct arena *keep)
{
	struct text user = TEXT_NONE;
	struct err  err = { 0 };
	struct ask  q;

	if (!name.n)
		return TEXT_NONE;
	if (ask(&q, cf, user_called, &err)) {
		ask_text(&q, 1, name);
		if (ask_row(&q) && ask_get_int(&q, 1) == 1 &&
		    !text_ieq(ask_get_text(&q, 0), name))
			user = arena_copy(keep, ask_get_text(&q, 0));
	}
	return ask_end(&q) ? user : TEXT_NONE;
}
