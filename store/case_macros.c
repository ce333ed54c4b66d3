/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/case_macros.h"

#include "store/db.h"
#include "store/work.h"

static const char put_macro[] =
    "INSERT OR REPLACE INTO macro(name, definition, rule_id, off, author, time_ns) "
    "VALUES(?1, ?2, ?3, ?4, ?5, ?6)";
static const char drop_macro[] = "DELETE FROM macro WHERE name = ?1";
static const char log_macro[] =
    "INSERT INTO macro_log(name, definition, rule_id, off, author, time_ns) "
    "VALUES(?1, ?2, ?3, ?4, ?5, ?6)";

static bool
write_macro(struct casefile *cf, const char *sql, const struct case_macro *m, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, sql, err)) {
		ask_text(&q, 1, m->name);
		if (sql != drop_macro) {
			ask_text(&q, 2, m->definition.n ? m->definition : TEXT(""));
			ask_text(&q, 3, m->rule_id.n ? m->rule_id : TEXT(""));
			ask_int(&q, 4, m->off);
			ask_text(&q, 5, m->author);
			ask_int(&q, 6, m->time_ns);
		}
		ask_run(&q);
	}
	return ask_end(&q);
}

bool
case_macro_set(struct casefile *cf, const struct case_macro *macro, struct err *err)
{
	struct arena      scratch = arena_open((size_t)1 << 20);
	struct case_macro m = *macro;
	bool              good = work_begin(cf, err);

	m.author = work_author(&scratch);
	m.time_ns = work_now_ns();
	if (good)
		good = work_end(cf,
				write_macro(cf, m.definition.n ? put_macro : drop_macro, &m, err) &&
				    write_macro(cf, log_macro, &m, err),
				err);
	arena_close(&scratch);
	return good;
}

static const char all_macros[] =
    "SELECT m.name, m.definition, m.rule_id, m.off, m.author, m.time_ns, l.rule, "
    "(SELECT count(*) FROM hidden h WHERE h.rule_id = m.rule_id) "
    "FROM macro m LEFT JOIN rule_ledger l ON l.rule_id = m.rule_id ORDER BY m.name";

size_t
case_macros(struct casefile *cf, struct arena *keep, struct case_macro **out)
{
	struct ask q;
	size_t     n = 0, cap = 0;

	*out = NULL;
	if (ask(&q, cf, all_macros, NULL))
		while (ask_row(&q)) {
			arena_grow(keep, *out, n, &cap);
			struct case_macro m = {
				.name = arena_copy(keep, ask_get_text(&q, 0)),
				.definition = arena_copy(keep, ask_get_text(&q, 1)),
				.rule_id = arena_copy(keep, ask_get_text(&q, 2)),
				.off = ask_get_int(&q, 3) != 0,
				.author = arena_copy(keep, ask_get_text(&q, 4)),
				.time_ns = ask_get_int(&q, 5),
				.rule = arena_copy(keep, ask_get_text(&q, 6)),
				.hidden = (uint64_t)ask_get_int(&q, 7),
			};

			(*out)[n++] = m;
		}
	ask_end(&q);
	return n;
}
