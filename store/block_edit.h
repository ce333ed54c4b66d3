/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * block_edit.h - inside the store: the events of a stored block, changed and written anew.
 *
 * Inside the writer's transaction. A block that is written anew is sketched anew (block_changed), and
 * other connections read it again (BLOCKS_REWRITTEN). False: failed, ERR says why.
 */
#ifndef AUGER_STORE_BLOCK_EDIT_H
#define AUGER_STORE_BLOCK_EDIT_H

#include "store/blocks.h"
#include "store/writer.h"

struct block_edit {
	struct writer   *w;
	struct casefile *cf;
	struct err      *err;
	struct arena     scratch, before; /* what is read of a block, until it is closed */
	struct held      held;
	int64_t          first; /* event */
	uint32_t         n;
	struct facts    *rows;
	struct event    *events;
	bool             changed, any; /* set by whoever changes an event; one of all blocks was */
};

/* The block that has EVENT: its rows and events. To be closed whatever comes of it. */
bool block_edit_open(struct block_edit *k, int64_t event);
/* Stores the events when they changed and all is GOOD; returns whether it still is. */
bool block_edit_close(struct block_edit *k, bool good);
/* Behind the last one. */
bool block_edit_end(struct block_edit *k);

#endif
