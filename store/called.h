/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * called.h - which user of the case somebody means who writes a name: with the domain before it or
 * behind it, without, or by an alias. Only users of findings are asked about.
 *
 * ann, CORP\ann and ann@corp.example are one user when the case has no second one of that name. Two
 * domains that are both known must be one: CORP and corp.example are.
 */
#ifndef AUGER_STORE_CALLED_H
#define AUGER_STORE_CALLED_H

#include "base/arena.h"
#include "store/casefile.h"

struct called_book;
/* The users as they are now; texts live in KEEP. */
struct called_book *called_open(struct casefile *cf, struct arena *keep);

struct called {
	struct text user;  /* as user_risk has it; of several the first; absent: nobody is called so */
	uint32_t    n;     /* how many it may be */
	bool        exact; /* it is the very name */
};
struct called called_find(const struct called_book *book, struct casefile *cf, struct text name,
			  struct arena *keep);

#endif
