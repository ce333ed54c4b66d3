/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pivot.h - what chart and timechart share: rows by one field, a column per value of another.
 */
#ifndef AUGER_RULES_PIVOT_H
#define AUGER_RULES_PIVOT_H

#include "rules/groups.h"

struct pivot {
	struct grouping  grouping;   /* BY: the row field, then the column field if there is one */
	bool             has_columns;
	uint64_t         limit;      /* of columns; 0: all */
	bool             use_other, use_null;
	struct text      other, null_name;
	bool             is_time;    /* rows are times: empty ones are there, too, */
	bool             no_gaps;    /* unless this says otherwise */
	bool             auto_span;  /* the span follows from the data */
	struct time_span span;
	uint64_t         bins;
};

void pivot_defaults(struct pivot *p);
/* limit= useother= usenull= otherstr= nullstr=; *TAKEN says whether it was one of them. */
bool pivot_option(struct scan *s, struct pivot *p, struct text name, struct text value,
		  bool *taken);
void pivot_uses(const struct stage *stage, struct uses *uses);
void pivot_columns(const struct stage *stage, struct columns *columns);
bool pivot_start(struct stage_run *sr);
bool pivot_row(struct stage_run *sr, struct row *row);
bool pivot_finish(struct stage_run *sr);

#endif
