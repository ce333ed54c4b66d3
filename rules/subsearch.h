/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * subsearch.h - what commands with a subsearch share.
 */
#ifndef AUGER_RULES_SUBSEARCH_H
#define AUGER_RULES_SUBSEARCH_H

#include "rules/pipeline.h"

/* "[ ... ]" and nothing behind it. FIRST: a search of its own; else stages for given rows. */
bool subsearch_parse(struct scan *s, struct pipeline *out, bool first);
/* row_fn: hands rows on to the stage behind CTX, a struct stage_run. */
bool subsearch_emit(void *ctx, const struct row *row);

/* Several of them, side by side; with DATA_SETS also datamodel:<name> and lookup:<name>. */
struct subsearches {
	struct pipeline *items;
	size_t           n;
};
bool subsearches_parse(struct scan *s, size_t least, bool data_sets, struct subsearches *out);

#endif
