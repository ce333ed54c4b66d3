/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * filter.h - inside the store: a question put together from constant pieces, its values bound.
 */
#ifndef AUGER_STORE_FILTER_H
#define AUGER_STORE_FILTER_H

#include "store/db.h"
#include "store/query.h"

#define QUESTION_SQL    8192
#define QUESTION_VALUES 128

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
};

void question_add(struct question *s, const char *piece);
void question_int(struct question *s, int64_t v); /* the value of the next '?' */
void question_real(struct question *s, double v);
void question_text(struct question *s, struct text t);
/* Prepares and binds. Texts must live until ask_end. */
bool question_ask(struct ask *q, struct casefile *cf, const struct question *s, struct err *err);

/* " AND ..." for what F says of findings, alias f, joined with work w. */
void filter_findings(struct question *s, struct casefile *cf, const struct case_filter *f);
/* Does F say anything that only findings know? */
bool filter_needs_findings(const struct case_filter *f);
bool filter_has_span(const struct case_filter *f);
/* "COLUMN IN (users that the name may mean)"; the column holds users as user_risk has them. */
void filter_user(struct question *s, const char *column, struct text user);
/* "COLUMN IN (hosts that the name may mean)". */
void filter_host(struct question *s, struct casefile *cf, const char *column, struct text host);

#endif
