/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * totals.h - addtotals and addcoltotals: the sum of the numbers of a row, and of a column.
 */
#ifndef AUGER_RULES_TOTALS_H
#define AUGER_RULES_TOTALS_H

#include "rules/pipeline.h"

/* ROW, COLUMN: which sums there are unless options say otherwise. */
bool totals_parse(struct scan *s, struct stage *stage, bool row, bool column);
void totals_uses(const struct stage *stage, struct uses *uses);
void totals_columns(const struct stage *stage, struct columns *columns);
bool totals_repeats(const struct stage *stage);
enum keeps totals_keeps(const struct search_env *env, const struct stage *stage, struct text field,
			struct arena *scratch);
bool totals_start(struct stage_run *sr);
bool totals_row(struct stage_run *sr, struct row *row);
bool totals_finish(struct stage_run *sr);

#endif
