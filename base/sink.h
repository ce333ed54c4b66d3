/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sink.h - text under construction. Without P its length is only counted; so a text is written
 * twice, or once into a buffer of MOST bytes, where it is cut.
 */
#ifndef AUGER_BASE_SINK_H
#define AUGER_BASE_SINK_H

#include <string.h>

#include "base/text.h"

struct sink {
	char  *p;
	size_t n;
	size_t most; /* 0: no limit */
};

static inline void
sink_put(struct sink *sink, struct text piece)
{
	if (sink->most)
		piece = text_head(piece, sink->most - sink->n);
	if (sink->p && piece.n)
		memcpy(sink->p + sink->n, piece.p, piece.n);
	sink->n += piece.n;
}

#endif
