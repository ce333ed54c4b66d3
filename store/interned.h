/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * interned.h - inside the store: names that events share, each a row whose number events have.
 *
 * The row is made when the name is new, in the transaction that is open. False: failed.
 */
#ifndef AUGER_STORE_INTERNED_H
#define AUGER_STORE_INTERNED_H

#include "base/err.h"
#include "store/casefile.h"

enum interned { INTERNED_CHANNEL, INTERNED_PROVIDER, INTERNED_ACCOUNT };
bool interned(struct casefile *cf, enum interned kind, struct text name, int64_t *id,
	      struct err *err);

/* A host and its kin: the first host with the same first label. Letter case makes no difference. */
bool interned_host(struct casefile *cf, struct text name, struct arena scratch, int64_t *id,
		   int64_t *kin, struct err *err);

#endif
