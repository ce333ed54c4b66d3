/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * kept_rows.h - rows that a stage keeps in memory, to go back to any of them; many, which are only
 * wanted in order, go to sorted_rows.h.
 */
#ifndef AUGER_RULES_KEPT_ROWS_H
#define AUGER_RULES_KEPT_ROWS_H

#include "rules/pipeline.h"

struct kept_rows {
	struct row **rows; /* in run->keep */
	size_t       n, cap;
};

/* Adds a copy of what is needed behind the stage. */
bool kept_add(struct stage_run *sr, struct kept_rows *k, const struct row *row);

#endif
