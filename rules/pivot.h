/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pivot.h - what chart and timechart share: rows by one field, a column per value of another.
 */
#ifndef AUGER_RULES_PIVOT_H
#define AUGER_RULES_PIVOT_H

#include "rules/groups.h"

/* "where max in top5", "where sum > 10": which columns are kept. */
enum pivot_keep { KEEP_TOP, KEEP_BOTTOM, KEEP_LESS, KEEP_MORE };

struct pivot {
	struct grouping  grouping;   /* BY: the row field, then the column field if there is one */
	bool             has_columns;
	enum aggregate_kind score;   /* of the cells of a column: AGG_SUM, _MAX, _MIN, _AVG */
	enum pivot_keep  keep;
	bool             keep_others; /* "notin": the columns that this does not say */
	uint64_t         limit;      /* of columns, top or bottom; 0: all */
	double           bound;      /* of the score, for less and more */
	bool             use_other, use_null;
	struct text      other, null_name;
	struct text      separator;  /* between aggregate and value in names of columns */
	struct text      format;     /* of these names, with $AGG$ and $VAL$; or absent */
	bool             is_time;    /* rows are times: empty ones are there, too, */
	bool             no_gaps;    /* unless this says otherwise */
	bool             auto_span;  /* the span follows from the data */
	struct time_span span;
	uint64_t         bins;
};

void pivot_defaults(struct pivot *p);
/* limit= useother= usenull= otherstr= nullstr= sep= format=; *TAKEN says whether it was one. */
bool pivot_option(struct scan *s, struct pivot *p, struct text name, struct text value,
		  bool *taken);
/* "where <aggregate> in|notin top|bottom<n>" or "where <aggregate> <|> <n>", if that comes next. */
bool pivot_where(struct scan *s, struct pivot *p);
void pivot_uses(const struct stage *stage, struct uses *uses);
void pivot_columns(const struct stage *stage, struct columns *columns);
bool pivot_start(struct stage_run *sr);
bool pivot_row(struct stage_run *sr, struct row *row);
bool pivot_finish(struct stage_run *sr);

#endif
