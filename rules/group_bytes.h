/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * group_bytes.h - a group as bytes, for the time that one search runs: numbers as the machine has
 * them.
 */
#ifndef AUGER_RULES_GROUP_BYTES_H
#define AUGER_RULES_GROUP_BYTES_H

#include "rules/groups.h"
#include "rules/spill.h"

/* False: the run failed. */
bool group_put(struct spill *to, const struct groups *g, const struct group *group);
/* What tells it from others; group_get_rest has to follow before the next group is read. What they
 * hold is made in KEEP. */
bool group_get_key(struct spill_reader *from, struct groups *g, struct group *group,
		   struct arena *keep);
bool group_get_rest(struct spill_reader *from, struct groups *g, struct group *group,
		    struct arena *keep);

#endif
