/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "importers/gaps.h"

static bool
same_reason(const struct gaps *g, struct text reason, size_t same)
{
	return g->holding && g->reason_same == same && reason.n >= same &&
	       memcmp(g->reason, reason.p, same) == 0;
}

bool
gaps_add(struct gaps *g, const struct gap *gap, size_t same)
{
	struct text reason = text_head(gap->reason, sizeof(g->reason));

	if (same > reason.n)
		same = reason.n;
	if (same_reason(g, reason, same)) {
		g->held.length = gap->offset + gap->length - g->held.offset;
		g->held.records_lost += gap->records_lost;
		return true;
	}
	if (!gaps_flush(g))
		return false;
	g->held = *gap;
	memcpy(g->reason, reason.p, reason.n);
	g->held.reason = (struct text){ g->reason, reason.n };
	g->reason_same = same;
	g->holding = true;
	return true;
}

bool
gaps_flush(struct gaps *g)
{
	if (!g->holding)
		return true;
	g->holding = false;
	return !g->out->gap || g->out->gap(g->out->self, &g->held);
}
