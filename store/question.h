/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * question.h - inside the store: a question put together from constant pieces, its values bound.
 *
 * Errors: a piece or a value more than there is room for is kept in mind; question_ask refuses it.
 */
#ifndef AUGER_STORE_QUESTION_H
#define AUGER_STORE_QUESTION_H

#include "store/db.h"

#define QUESTION_SQL    32768
#define QUESTION_VALUES 1024

struct question {
	char   sql[QUESTION_SQL];
	size_t n;
	struct {
		enum { BIND_INT, BIND_REAL, BIND_TEXT } kind;
		int64_t     i;
		double      r;
		struct text t;
	} value[QUESTION_VALUES];
	unsigned n_values;
	bool     too_long; /* then it is refused */
};

void question_add(struct question *s, const char *piece);
/* The value of the next '?'. */
void question_int(struct question *s, int64_t v);
void question_real(struct question *s, double v);
void question_text(struct question *s, struct text t);
/* Prepares and binds. Texts are not copied: they must live until ask_end. */
bool question_ask(struct ask *q, struct casefile *cf, const struct question *s, struct err *err);

#endif
