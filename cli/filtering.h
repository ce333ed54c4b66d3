/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * filtering.h - a rule's _filter macro, set in the case: what it hides, and what it must not hide.
 *
 * The rule runs anew with the definition in one transaction; given up, the case is as it was. Events
 * are not asked again: a filter acts behind the hits.
 */
#ifndef AUGER_CLI_FILTERING_H
#define AUGER_CLI_FILTERING_H

#include <stdatomic.h>

#include "cli/cli.h"

/* What errors of a definition name as their file: "filter:1:12". */
#define FILTER_PLACE TEXT("filter")

struct filter_change {
	struct text        rule;       /* id or name */
	struct text        definition; /* SPL behind the bar: search NOT (host="X"); empty: none */
	bool               off;        /* keep it, but not in force */
	bool               try_only;   /* change nothing, only say what it would do */
	bool               force;      /* hide what is marked true positive, too */
	const atomic_bool *cancel;     /* may be NULL */
};

struct filter_outcome {
	struct text rule_id, rule, macro;
	struct text before;     /* definition until now; empty: none */
	bool        before_off;
	uint64_t    shown;      /* findings of the rule with it */
	uint64_t    hidden;     /* that it takes away */
	uint64_t    newly;      /* of these, shown until now */
	struct text *lost;      /* of these, marked true positive: "finding:7  host  message" */
	uint32_t    n_lost;
	struct text remark;     /* names a field that the results do not have; absent: none */
};

/* CF must be open for work. Errors: ERR_RULE with FILTER_PLACE; ERR_USAGE: no such rule, or the change
 * would hide true positives without force (OUT is filled, nothing changed). */
bool filtering_change(const struct cli *cli, struct casefile *cf, const struct filter_change *change,
		      struct filter_outcome *out, struct err *err);

#endif
