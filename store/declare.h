/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * declare.h - inside the store: which rows the rules of an import have, and where their hits go.
 */
#ifndef AUGER_STORE_DECLARE_H
#define AUGER_STORE_DECLARE_H

#include "store/db.h"
#include "store/import.h"
#include "store/writer.h"

/* Row of table predicate for each search of a rule; 0: its hits are not kept. */
struct declared {
	int64_t *predicates;
	uint32_t n;
};

/* Puts them at w->rules; inside a transaction. */
bool declare_rules(struct writer *w, struct casefile *cf, const struct declared_rule *rules,
		   uint32_t n, struct err *err);
void declared_free(struct writer *w);

/* Hits, one after the other, each once; what was not declared is left out. Ends with ask_end. */
void hits_ask(struct ask *q, struct casefile *cf, struct err *err);
void hits_put(struct ask *q, const struct writer *w, uint32_t rule, uint32_t leaf, int64_t event);

/* While there are no hits yet, their index is taken away: made of all of them at once it costs less. */
bool hits_unindex(struct casefile *cf, struct err *err);
bool hits_index(struct casefile *cf, struct err *err);

#endif
