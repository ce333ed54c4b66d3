/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * group_runs.h - groups that memory has no room for: runs of them in a file without a name, merged
 * when all are wanted. A group may be in several runs, the later ones holding later rows.
 */
#ifndef AUGER_RULES_GROUP_RUNS_H
#define AUGER_RULES_GROUP_RUNS_H

#include "rules/groups.h"

struct group_runs;

/* NULL after a failure. */
struct group_runs *group_runs_new(struct groups *g);
/* Writes a run, of groups ordered as groups_sorted does, which are copied: memory may be free then. */
bool group_runs_put(struct group_runs *gr, struct group *const *sorted, size_t n);
/* The run is whole, and what it was made of is gone from memory. */
bool group_runs_add(struct group_runs *gr);
/* All groups, merged, in that order; each lives until FN returns, which may stop it. */
bool group_runs_merge(struct group_runs *gr, group_fn *fn, void *ctx);

#endif
