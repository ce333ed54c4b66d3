/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * basis.h - inside the store: the events that findings rest on, written in the order of events.
 *
 * Findings come one after the other, and each has its events all over the case: entered as they
 * come, nearly every one would have to find its place anew. So they are gathered, and written many
 * at once. Until basis_flush the table lacks what was put last. Those of one event whose numbers follow
 * each other share a row.
 */
#ifndef AUGER_STORE_BASIS_H
#define AUGER_STORE_BASIS_H

#include "store/db.h"

/* SQL: is finding ID among those that row X of finding_event is for? */
#define BASIS_OF(x, id) id " BETWEEN " x ".finding AND " x ".finding + " x ".n - 1"
/* The end of an INSERT: a row that is there is for the more of both. */
#define BASIS_TWICE " ON CONFLICT DO UPDATE SET n = max(n, excluded.n)"

/* No finding is left: the index goes until basis_end, as one made of all at once costs less. */
bool basis_clear(struct casefile *cf, struct err *err);
bool basis_put(struct casefile *cf, int64_t finding, const int64_t *events, uint32_t n,
	       struct err *err);
/* What was put is in the table, and can be found by its finding. */
bool basis_flush(struct casefile *cf, struct err *err);
/* The same, and gives the memory back. */
bool basis_end(struct casefile *cf, struct err *err);
/* Forgets what was put since; the transaction is undone. */
void basis_abort(struct casefile *cf);

#endif
