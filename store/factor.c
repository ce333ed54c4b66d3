/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/factor.h"

#include "store/db.h"
#include "store/risk_log.h"
#include "store/work.h"

static const char put_factor[] =
    "INSERT INTO factor(name, condition, addend, multiplier, off, author, time_ns) "
    "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET condition = ?2, addend = ?3, "
    "multiplier = ?4, off = ?5, author = ?6, time_ns = ?7";
static const char drop_factor[] = "DELETE FROM factor WHERE name = ?1";

static bool
write_factor(struct casefile *cf, const struct factor *f, const struct signature *by,
	     struct err *err)
{
	struct ask q;

	if (ask(&q, cf, f->condition.n ? put_factor : drop_factor, err)) {
		ask_text(&q, 1, f->name);
		if (f->condition.n) {
			ask_text(&q, 2, f->condition);
			ask_real(&q, 3, f->add);
			ask_real(&q, 4, f->multiply);
			ask_int(&q, 5, f->off);
			ask_text(&q, 6, by->author);
			ask_int(&q, 7, by->time_ns);
		}
		ask_run(&q);
	}
	return ask_end(&q);
}

bool
factor_set(struct casefile *cf, const struct factor *f, struct err *err)
{
	struct arena     scratch = arena_open((size_t)1 << 20);
	struct signature by = signature_now(&scratch);
	struct text      value = TEXT("");
	bool             good = work_begin(cf, err);

	if (f->condition.n)
		value = arena_printf(&scratch, "%s+%g x%g " TEXT_FMT, f->off ? "(off) " : "", f->add,
				     f->multiply, TEXT_ARG(f->condition));
	if (good)
		good = work_end(cf,
				write_factor(cf, f, &by, err) &&
				    risk_log_add(cf, "factor", f->name, value, &by, err),
				err);
	arena_close(&scratch);
	return good;
}

static const char all_factors[] = "SELECT name, condition, addend, multiplier, off, risk_events, "
				  "author, time_ns, problem FROM factor ORDER BY addend = 0, name";

size_t
factors(struct casefile *cf, struct arena *keep, struct factor **out)
{
	struct ask q;
	size_t     n = 0, cap = 0;

	*out = NULL;
	if (ask(&q, cf, all_factors, NULL))
		while (ask_row(&q)) {
			arena_grow(keep, *out, n, &cap);
			(*out)[n++] = (struct factor){
				.name = arena_copy(keep, ask_get_text(&q, 0)),
				.condition = arena_copy(keep, ask_get_text(&q, 1)),
				.add = ask_get_real(&q, 2),
				.multiply = ask_get_real(&q, 3),
				.off = ask_get_int(&q, 4) != 0,
				.risk_events = (uint64_t)ask_get_int(&q, 5),
				.author = arena_copy(keep, ask_get_text(&q, 6)),
				.time_ns = ask_get_int(&q, 7),
				.problem = arena_copy(keep, ask_get_text(&q, 8)),
			};
		}
	ask_end(&q);
	return n;
}

/* ---- what they come to ---- */

static const char take_back[] =
    "UPDATE risk_event SET score = base, base = NULL, factors = NULL WHERE base IS NOT NULL";
static const char put_score[] = "UPDATE risk_event SET base = score, score = (score + ?2) * ?3, "
				"factors = ?4 WHERE id = ?1 AND base IS NULL";
static const char put_count[] = "UPDATE factor SET risk_events = ?2, problem = ?3 WHERE name = ?1";

bool
factors_matter(struct casefile *cf)
{
	return db_int(cf, "SELECT EXISTS(SELECT 1 FROM factor) OR "
			  "(EXISTS(SELECT 1 FROM risk_log WHERE kind = 'factor') AND "
			  "EXISTS(SELECT 1 FROM risk_event WHERE base IS NOT NULL))",
		      1) != 0;
}

static bool
put_scores(struct casefile *cf, const struct factor_score *scores, size_t n, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, put_score, err))
		for (size_t i = 0; i < n && !q.failed; i++) {
			ask_int(&q, 1, scores[i].risk_event);
			ask_real(&q, 2, scores[i].add);
			ask_real(&q, 3, scores[i].multiply);
			ask_text(&q, 4, scores[i].terms);
			ask_run(&q);
		}
	return ask_end(&q);
}

static bool
put_counts(struct casefile *cf, const struct factor *all, size_t n, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, put_count, err))
		for (size_t i = 0; i < n && !q.failed; i++) {
			ask_text(&q, 1, all[i].name);
			ask_int(&q, 2, (int64_t)all[i].risk_events);
			ask_text(&q, 3, all[i].problem);
			ask_run(&q);
		}
	return ask_end(&q);
}

bool
factors_score(struct casefile *cf, const struct factor_score *scores, size_t n,
	      const struct factor *all, size_t n_factors, struct err *err)
{
	cf->found = true;
	return db_run(cf, take_back, err) && put_scores(cf, scores, n, err) &&
	       put_counts(cf, all, n_factors, err);
}
