/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * expr.h - the expressions of eval and where: values and conditions over one row.
 *
 * AND binds tighter than OR here. Conditions have three values: a comparison with null is unknown,
 * and where keeps a row only for true. Types are known while compiling: a condition may stand only
 * where one is expected.
 */
#ifndef AUGER_RULES_EXPR_H
#define AUGER_RULES_EXPR_H

#include "rules/pipeline.h"

struct expr;

enum truth { TRUTH_FALSE, TRUTH_TRUE, TRUTH_UNKNOWN };

/* What an expression is evaluated with. */
struct eval {
	struct run         *run;
	const struct row   *row;
	struct text         bound_name; /* mvfilter, mvmap: this field is one of its values */
	const struct value *bound;
};

/* Reads one expression, up to something that cannot belong to it. */
bool expr_parse(struct scan *s, struct expr **out);
bool expr_parse_value(struct scan *s, struct expr **out);     /* fails for a condition */
bool expr_parse_condition(struct scan *s, struct expr **out); /* fails for a value */

bool expr_is_condition(const struct expr *e);

struct value expr_value(const struct expr *e, struct eval *ev);
enum truth   expr_truth(const struct expr *e, struct eval *ev);

void expr_uses(const struct expr *e, struct uses *uses, enum use kind);

#endif
