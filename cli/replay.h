/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * replay.h - what detections find when each run sees a window of time only, as runs on a schedule
 * do: for comparison with a server that ran them every hour. Nothing is kept.
 *
 * Windows begin with multiples of their length in UTC; the clock of a run is the end of its window.
 * One run over all of the case makes a result row of what runs over windows make a row of each.
 */
#ifndef AUGER_CLI_REPLAY_H
#define AUGER_CLI_REPLAY_H

#include "rules/rule_run.h"
#include "store/casefile.h"

/* Every rule that has hits, over every window that has some of them: by rule, then time. A rule that
 * fails is counted and passed over. */
bool replay(struct casefile *cf, const struct ruleset *rs, int64_t window_ns, finding_fn *fn,
	    void *ctx, uint32_t *failed, struct err *err);

#endif
