/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * decoded_cache.h - inside the store: what joined script blocks decode to, kept by a connection for
 * whoever reads the same events next, as rules do one after the other.
 *
 * It is of one state of the case: a commit of another connection empties it, and a connection that
 * imports has none. What is in it when it is full stays, since readers go through the events in the
 * same order again.
 */
#ifndef AUGER_STORE_DECODED_CACHE_H
#define AUGER_STORE_DECODED_CACHE_H

#include "store/db.h"

struct event;

/* As event_unwrap for an event that has the text of its whole script block. */
void decoded_unwrap(struct casefile *cf, struct event *ev, struct arena *keep);

void decoded_cache_free(struct decoded_cache *c);

#endif
