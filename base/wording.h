/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * wording.h - event_words.def: titles of events, and words with places for their fields.
 */
#ifndef AUGER_BASE_WORDING_H
#define AUGER_BASE_WORDING_H

#include "base/event.h"
#include "base/sink.h"

struct wording {
	enum event_scope scope;
	uint32_t         event_id;
	struct text      provider; /* absent: any */
	struct text      title;
	struct text      summary; /* n == 0: none */
	struct text      message; /* n == 0: none */
};

/* NULL: the table does not have the event. */
const struct wording *wording_find(const struct event *ev);

/* The words with fields in their places. Returns how many places had a value. */
size_t wording_put(struct sink *sink, const struct event *ev, struct text title, struct text words);

#endif
