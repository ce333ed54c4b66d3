/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * model_rows.h - the rows of a data set, as from and datamodel give them: events that belong to
 * it, or, for Risk.All_Risk, the risk events of the case.
 */
#ifndef AUGER_RULES_MODEL_ROWS_H
#define AUGER_RULES_MODEL_ROWS_H

#include "rules/pipeline.h"

/* PLAIN: fields are named without the data set's prefix. */
bool model_rows_parse(struct scan *s, struct stage *stage, const char *at, struct text name,
		      bool plain);
void model_rows_columns(const struct stage *stage, struct columns *columns);
bool model_rows_generate(struct stage_run *sr);

/* "Endpoint.Processes", whole or its parts in quotes. */
bool model_rows_name(struct scan *s, struct text *name);
/* The data set of that name. *CLOSED, with a reservation: no event can be a member of it, and *OUT
 * is MODEL_NONE. */
bool model_rows_find(struct scan *s, const char *at, struct text name, enum model *out,
		     bool *closed);
/* The risk events in the range of a leaf as rows, their field names behind PREFIX. (none: empty) */
bool model_rows_risk(struct stage_run *sr, uint32_t leaf, struct text prefix);

#endif
