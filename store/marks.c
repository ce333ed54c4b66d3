/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/marks.h"

#include "store/db.h"
#include "store/filter.h"
#include "store/question.h"
#include "store/work.h"

#define SCRATCH ((size_t)1 << 20)

static bool
take_ids(struct ask *q, row_id_fn *fn, void *ctx)
{
	while (ask_row(q))
		if (!fn(ctx, ask_get_int(q, 0)))
			break;
	return ask_end(q);
}

bool
marks_list(struct casefile *cf, enum mark_kind kind, row_id_fn *fn, void *ctx, struct err *err)
{
	static const char all[] = "SELECT about FROM mark WHERE author = ?1 AND kind = ?2 ORDER BY id";
	struct arena scratch = arena_open(SCRATCH);
	struct ask   q;
	bool         good;

	if (ask(&q, cf, all, err)) {
		ask_text(&q, 1, work_author(&scratch));
		ask_int(&q, 2, kind);
	}
	good = take_ids(&q, fn, ctx);
	arena_close(&scratch);
	return good;
}

bool
marks_list_events(struct casefile *cf, const struct case_filter *f, row_id_fn *fn, void *ctx,
		  struct err *err)
{
	struct arena      scratch = arena_open(SCRATCH);
	struct question   s = { .n = 0 };
	struct conditions cs;
	struct ask        q;
	bool              good;

	filter_conditions(f, FILTER_ANY, &cs);
	question_add(&s, "SELECT e.id FROM mark m JOIN event e ON e.id = m.about WHERE m.kind = ?");
	question_int(&s, MARK_EVENT);
	question_add(&s, " AND m.author = ?");
	question_text(&s, work_author(&scratch));
	filter_events(&s, cf, &cs, true);
	question_add(&s, " ORDER BY m.id");
	question_ask(&q, cf, &s, err);
	good = take_ids(&q, fn, ctx);
	arena_close(&scratch);
	return good;
}

static bool
put_one(struct casefile *cf, const char *sql, struct text author, enum mark_kind kind, int64_t id,
	struct err *err)
{
	struct ask q;

	if (ask(&q, cf, sql, err)) {
		ask_text(&q, 1, author);
		ask_int(&q, 2, kind);
		ask_int(&q, 3, id);
		ask_run(&q);
	}
	return ask_end(&q);
}

bool
marks_put(struct casefile *cf, enum mark_kind kind, const int64_t *ids, size_t n, bool on,
	  struct err *err)
{
	static const char set[] = "INSERT OR IGNORE INTO mark(author, kind, about) VALUES(?1, ?2, ?3)";
	static const char drop[] = "DELETE FROM mark WHERE author = ?1 AND kind = ?2 AND about = ?3";
	struct arena scratch = arena_open(SCRATCH);
	struct text  author = work_author(&scratch);
	bool         good = work_begin(cf, err);

	if (good) {
		for (size_t i = 0; good && i < n; i++)
			good = put_one(cf, on ? set : drop, author, kind, ids[i], err);
		good = work_end(cf, good, err);
	}
	arena_close(&scratch);
	return good;
}
