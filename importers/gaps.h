/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gaps.h - gaps in a row for one reason become one gap: a foreign file is one, not a million.
 */
#ifndef AUGER_IMPORTERS_GAPS_H
#define AUGER_IMPORTERS_GAPS_H

#include "importers/importer.h"

struct gaps {
	struct sink *out;
	struct gap   held;        /* of the reason below; meaningless unless holding */
	char         reason[256];
	size_t       reason_same; /* bytes of the reason that must be the same */
	bool         holding;
};

/* Takes a gap over; its reason is copied. The first SAME bytes of it decide whether two gaps have
 * one reason, the rest is a detail of the first. False: the sink wants no more. */
bool gaps_add(struct gaps *g, const struct gap *gap, size_t same);

/* Delivers what is held: before every event, and at the end. */
bool gaps_flush(struct gaps *g);

#endif
