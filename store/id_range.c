/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/id_range.h"

#include "store/import_log.h"

#define FEW_BY_ID 50000

/* The events with records in the file lie in R, which grows. */
static bool
add_file(struct casefile *cf, struct text path, struct id_range *r, struct err *err)
{
	struct ask q;

	if (ask(&q, cf, "SELECT min(first_event), max(last_event) FROM evidence_file WHERE path = ?1",
		err)) {
		ask_text(&q, 1, path);
		if (ask_row(&q) && !ask_get_null(&q, 0)) {
			r->first = ask_get_int(&q, 0) < r->first ? ask_get_int(&q, 0) : r->first;
			r->last = ask_get_int(&q, 1) > r->last ? ask_get_int(&q, 1) : r->last;
		}
	}
	return ask_end(&q);
}

/* Files have their events one behind the other: where only some files are asked for, their ids. */
static bool
range_of_files(struct casefile *cf, const struct conditions *cs, struct id_range *r, struct err *err)
{
	for (size_t i = 0; i < cs->n; i++) {
		const struct condition *c = &cs->of[i];

		if (c->part != FILTER_EVIDENCE || c->excludes)
			continue;
		*r = (struct id_range){ INT64_MAX, 0, false };
		for (uint32_t k = 0; k < c->n_values; k++)
			if (!add_file(cf, c->values[k], r, err))
				return false;
		return true;
	}
	return true;
}

/* What came since an import stands behind what was there. */
bool
id_range_of(struct casefile *cf, const struct conditions *cs, struct id_range *r, struct err *err)
{
	*r = (struct id_range){ 1, INT64_MAX, false };
	if (!range_of_files(cf, cs, r, err))
		return false;
	for (size_t i = 0; i < cs->n; i++) {
		const struct condition *c = &cs->of[i];
		int64_t                 before;

		if (c->part != FILTER_SINCE || c->excludes)
			continue;
		before = import_log_mark(cf, (int64_t)c->number).event;
		if (before >= r->first)
			r->first = before < INT64_MAX ? before + 1 : before;
		if (r->last == INT64_MAX && !db_get_int(cf, "SELECT max(id) FROM event", 0, &r->last, err))
			return false;
	}
	r->few = r->last < r->first || r->last - r->first < FEW_BY_ID;
	return true;
}
