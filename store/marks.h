/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * marks.h - the findings and events that an analyst selected in lists, for what is done to many and
 * for exports; kept in the case, each analyst's their own.
 */
#ifndef AUGER_STORE_MARKS_H
#define AUGER_STORE_MARKS_H

#include "store/query.h"

enum mark_kind { MARK_NONE, MARK_FINDING, MARK_EVENT };

/* Those of who works here (work_author), in the order in which they were set. */
bool marks_list(struct casefile *cf, enum mark_kind kind, row_id_fn *fn, void *ctx, struct err *err);
/* Of these the events that the filter leaves; of chips that ask for fields it leaves all. */
bool marks_list_events(struct casefile *cf, const struct case_filter *f, row_id_fn *fn, void *ctx,
		       struct err *err);
/* Sets them, or lets go of them: all or none. */
bool marks_put(struct casefile *cf, enum mark_kind kind, const int64_t *ids, size_t n, bool on,
	       struct err *err);

#endif
