/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * id_range.h - inside the store: between which numbers the events lie that conditions ask for, where
 * files or imports are among these.
 */
#ifndef AUGER_STORE_ID_RANGE_H
#define AUGER_STORE_ID_RANGE_H

#include "store/filter.h"

struct id_range {
	int64_t first, last; /* last < first: none */
	bool    few;         /* so few that to read them all, and sort them, is less than to look for
	                        them in the order of time */
};

bool id_range_of(struct casefile *cf, const struct conditions *cs, struct id_range *r, struct err *err);

#endif
