/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * foresight.h - groups that a later stage is going to drop, known before they are made.
 *
 * "tstats count by dest process ... | rename ... | regex process=..." asks only for what the groups
 * are made by. While compiling, every field behind the grouping is traced back to the BY fields;
 * filters that read nothing else form a short pipeline of their own. While running, it is asked
 * with a row of these BY values alone, and a row that it drops never becomes a group. The filters
 * stay where they are: this only spares work and memory, it never decides.
 */
#ifndef AUGER_RULES_FORESIGHT_H
#define AUGER_RULES_FORESIGHT_H

#include "rules/groups.h"

/* Which BY fields (bit I: the Ith) a field follows from; a field that is not there is null. */
struct origins {
	struct arena *keep;
	struct text  *names;
	uint64_t     *from;
	size_t        n, cap, from_cap;
};

#define ORIGINS_BY_MAX  62
#define ORIGINS_SOLID   (UINT64_C(1) << 62) /* it is never null, as BY fields are */
#define ORIGINS_UNKNOWN (UINT64_C(1) << 63) /* more than the BY fields count */

uint64_t origins_get(const struct origins *o, struct text name);
void     origins_set(struct origins *o, struct text name, uint64_t from);
/* It becomes what FROM says where that is not null. */
void     origins_overlay(struct origins *o, struct text name, uint64_t from);

/* What behind stage I, which groups its rows as SPEC says, can be foreseen; NULL: nothing. */
struct foresight;
const struct foresight *foresight_make(struct compile *c, const struct pipeline *p, size_t i,
				       const struct grouping *spec);
/* The BY fields that it asks for, as bits. */
uint64_t foresight_fields(const struct foresight *f);

/* One run of it; NULL after a failure. */
struct foresight_run;
struct foresight_run *foresight_start(struct run *run, const struct foresight *f);
/* Would the row that is grouped by ALL be dropped? Only values of foresight_fields are read. */
bool foresight_drops(struct foresight_run *fr, const struct value *all);

#endif
