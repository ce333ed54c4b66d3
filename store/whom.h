/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * whom.h - inside the store: whom the names in findings mean (machine.h, user.h).
 *
 * Two names may decide what a third one means, so that is known only when all are: whom_decide.
 * Before it, a name means what it would mean if no other finding named anybody: nearly always that
 * is it, and rows are written once. Names are remembered as findings are written, up to a limit;
 * beyond it, and when findings are there that were written before, they are read.
 */
#ifndef AUGER_STORE_WHOM_H
#define AUGER_STORE_WHOM_H

#include "store/db.h"

/* No finding is left: all names will be told from here on. */
void whom_clear(struct casefile *cf);
/* A finding is gone, and perhaps a name with it. */
void whom_dropped(struct casefile *cf);
/* Every name is known, and whom it means. Makes hosts for objects that no event names. Inside a
 * transaction. */
bool whom_decide(struct casefile *cf, struct err *err);
/* Nothing is remembered any more: the transaction ends. */
void whom_forget(struct casefile *cf);

/* The row that stands for the machine; 0: none. OBJECT: the name is that of a risk object. */
int64_t whom_host(struct casefile *cf, struct text name, bool object);
/* One spelling for it: that which stands for it; absent for 0. */
struct text whom_host_key(struct casefile *cf, int64_t host);
/* The user, on that host if it is an account of one; absent when there is no name. */
struct text whom_user(struct casefile *cf, struct text name, int64_t host, bool *of_host,
		      struct arena *keep);

#endif
