/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * expr_reader.h - what the two halves of the reader of expressions share: expr.c reads operators,
 * expr_primary.c what stands between them.
 */
#ifndef AUGER_RULES_EXPR_READER_H
#define AUGER_RULES_EXPR_READER_H

#include "rules/functions.h"

struct reader {
	struct scan s;
	unsigned    depth;
};

/* A node with one kid, two, or none. */
struct expr *reader_node(struct reader *r, enum expr_kind kind, enum expr_type type,
			 struct expr *a, struct expr *b);
/* False, with an error, when E is no value (no condition); it was read at AT. */
bool reader_want_value(struct reader *r, const char *at, const struct expr *e);
bool reader_want_condition(struct reader *r, const char *at, struct expr *e);

bool read_expression(struct reader *r, struct expr **out);
/* A field, a text, a number, a call, or an expression in parentheses. */
bool read_primary(struct reader *r, struct expr **out);
/* Arguments up to ")" become kids of CALL, checked by its function if it has one. */
bool read_arguments(struct reader *r, struct expr *call, const char *close);
/* The table and the columns that a call of lookup names, which was written at AT. */
bool check_lookup(struct reader *r, const char *at, struct expr *call);

#endif
