/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/import_log.h"

#include "store/db.h"
#include "store/work.h"

static const char put_import[] =
    "INSERT INTO import(time_ns, last_event, last_work) VALUES(?1, "
    "(SELECT coalesce(max(id), 0) FROM event), (SELECT coalesce(max(id), 0) FROM work))";

bool
import_log_note(struct casefile *cf, struct err *err)
{
	struct ask q;

	if (cf->import_noted)
		return true;
	if (casefile_unfinished(cf) && db_int(cf, "SELECT count(*) FROM import", 0) > 0) {
		cf->import_noted = true;
		return true;
	}
	if (ask(&q, cf, put_import, err)) {
		ask_int(&q, 1, work_now_ns());
		ask_run(&q);
	}
	cf->import_noted = ask_end(&q);
	return cf->import_noted;
}

static const char all_imports[] =
    "SELECT m.id, m.time_ns, m.last_event, m.last_work, n.last_event, n.last_work FROM import m "
    "LEFT JOIN import n ON n.id = (SELECT min(x.id) FROM import x WHERE x.id > m.id) ORDER BY m.id";
static const char count_events[] = "SELECT count(*) FROM event WHERE id > ?1 AND id <= ?2";
static const char count_findings[] = "SELECT count(*) FROM finding WHERE id > ?1 AND id <= ?2";

static uint64_t
count(struct casefile *cf, const char *sql, int64_t behind, int64_t to)
{
	struct ask q;
	uint64_t   n = 0;

	if (ask(&q, cf, sql, NULL)) {
		ask_int(&q, 1, behind);
		ask_int(&q, 2, to);
		if (ask_row(&q))
			n = (uint64_t)ask_get_int(&q, 0);
	}
	ask_end(&q);
	return n;
}

size_t
import_log(struct casefile *cf, struct arena *keep, struct import_entry **out)
{
	struct ask q;
	size_t     n = 0, cap = 0;

	*out = NULL;
	if (ask(&q, cf, all_imports, NULL))
		while (ask_row(&q)) {
			bool last = ask_get_null(&q, 4);

			arena_grow(keep, *out, n, &cap);
			(*out)[n++] = (struct import_entry){
				.number = ask_get_int(&q, 0),
				.time_ns = ask_get_int(&q, 1),
				.events = count(cf, count_events, ask_get_int(&q, 2),
						last ? INT64_MAX : ask_get_int(&q, 4)),
				.findings = count(cf, count_findings, ask_get_int(&q, 3),
						  last ? INT64_MAX : ask_get_int(&q, 5)),
			};
		}
	ask_end(&q);
	return n;
}

bool
import_log_number(struct casefile *cf, struct text word, int64_t *number, struct err *err)
{
	int64_t last = db_int(cf, "SELECT max(id) FROM import", 0);

	if (!casefile_whole(cf, err))
		return false;
	if (last <= 0)
		return err_set(err, ERR_USAGE, "no import of this case is known by number: it has none, or an "
					       "older auger made it");
	*number = last;
	if (text_ieq(word, TEXT("last")) ||
	    (text_to_i64(word, number) && *number >= 1 && *number <= last))
		return true;
	return err_set(err, ERR_USAGE, TEXT_FMT ": no import of this case; a number from 1 to %lld, or last",
		       TEXT_ARG(word), (long long)last);
}

static const char mark_of[] = "SELECT last_event, last_work FROM import WHERE id = ?1";

struct import_mark
import_log_mark(struct casefile *cf, int64_t number)
{
	struct import_mark mark = { INT64_MAX, INT64_MAX };
	struct ask         q;

	if (ask(&q, cf, mark_of, NULL)) {
		ask_int(&q, 1, number);
		if (ask_row(&q))
			mark = (struct import_mark){ ask_get_int(&q, 0), ask_get_int(&q, 1) };
	}
	ask_end(&q);
	return mark;
}
