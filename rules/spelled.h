/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * spelled.h - aggregates with a star in them, spelled out for the fields that rows have.
 */
#ifndef AUGER_RULES_SPELLED_H
#define AUGER_RULES_SPELLED_H

#include "rules/aggregates.h"

/* Those without a star first, in their order; then one for each field, as rows bring them. */
struct spelled {
	struct aggregate *items;
	size_t            n, cap;
};

void spelled_begin(struct spelled *s, const struct aggregate *a, size_t n, struct arena *keep);
/* Adds what the fields of ROW call for; those of BY and internal ones are left out. */
void spelled_add(struct spelled *s, const struct aggregate *a, size_t n, const struct column *by,
		 size_t n_by, struct run *run, const struct row *row);

#endif
