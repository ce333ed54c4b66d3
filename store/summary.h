/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * summary.h - inside the store: counts per host, hour and kind of event, kept with every commit.
 */
#ifndef AUGER_STORE_SUMMARY_H
#define AUGER_STORE_SUMMARY_H

#include "store/db.h"

/* A new event; ids are rows of their tables, 0: none. */
struct summary_row {
	int64_t  host, channel, provider, time_ns;
	uint32_t event_id;
};

/* Inside the transaction that adds the events. */
bool summary_add(struct casefile *cf, const struct summary_row *rows, size_t n,
		 struct arena scratch, struct err *err);
/* The event is no longer counted there; first and last times stay. Inside its transaction. */
bool summary_take(struct casefile *cf, const struct summary_row *row, struct err *err);

#endif
