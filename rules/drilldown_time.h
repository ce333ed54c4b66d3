/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * drilldown_time.h - the times of a drilldown: they count back from its finding, not from now.
 *
 * A case is read long after it happened, so that "the last 7 days" are those up to the finding.
 */
#ifndef AUGER_RULES_DRILLDOWN_TIME_H
#define AUGER_RULES_DRILLDOWN_TIME_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/source.h"
#include "base/text.h"

/* What earliest_offset (LATEST: latest_offset) says for a finding at FOUND_NS, WHEN_NONE: it has no
 * time; the finding itself is inside. $info_min_time$ and $info_max_time$ are those of WHOLE. */
bool drilldown_offset(int64_t *ns, struct text offset, bool latest, int64_t found_ns,
		      struct span whole, struct err *err);

/*
 * A modifier of the search itself, such as starthoursago=168 or earliest=-7d, as one in whole
 * seconds since 1970 that takes in the finding. Absent: it is none, or does not depend on now.
 */
struct text drilldown_modifier(struct text name, struct text value, int64_t found_ns,
			       struct arena *keep);

#endif
