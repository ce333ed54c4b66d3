/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * spill_values.h - texts, values and rows as bytes of a spill, for the time that one search runs:
 * numbers as the machine has them.
 *
 * Errors fail the run.
 */
#ifndef AUGER_RULES_SPILL_VALUES_H
#define AUGER_RULES_SPILL_VALUES_H

#include "rules/spill.h"

bool spill_put_number(struct spill *to, uint64_t n);
bool spill_put_text(struct spill *to, struct text t);
bool spill_put_value(struct spill *to, const struct value *v);
bool spill_put_row(struct spill *to, const struct row *row);

/* What is read is made in KEEP. */
struct reading {
	struct spill_reader *from;
	struct run          *run;
	struct arena        *keep;
};
bool reading_number(struct reading *r, uint64_t *n);
bool reading_text(struct reading *r, struct text *out);
bool reading_value(struct reading *r, struct value *out);
/* Values that were put behind their number. */
bool reading_values(struct reading *r, struct value **out, uint64_t *n);
bool reading_row(struct reading *r, struct row *out);

#endif
