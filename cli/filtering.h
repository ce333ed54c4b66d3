/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * filtering.h - a rule's _filter macro, set in the case: what it hides, and what it must not hide.
 *
 * The rule runs anew with the definition in one transaction; given up, the case is as it was. Events
 * are not asked again: a filter acts behind the hits.
 */
#ifndef AUGER_CLI_FILTERING_H
#define AUGER_CLI_FILTERING_H

#include "cli/cli.h"
#include "tui/services.h"

/* What errors of a definition name as their file: "filter:1:12". */
#define FILTER_PLACE TEXT("filter")

/* CF must be open for work. Errors: ERR_RULE with FILTER_PLACE; ERR_USAGE: no such rule, or the change
 * would hide true positives without force (OUT is filled, nothing changed). */
bool filtering_change(const struct cli *cli, struct casefile *cf, const struct filter_change *change,
		      struct filter_outcome *out, struct err *err);

#endif
