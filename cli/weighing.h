/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * weighing.h - changes of what risk is counted from, as the screens ask for them, and whose risk
 * they change.
 */
#ifndef AUGER_CLI_WEIGHING_H
#define AUGER_CLI_WEIGHING_H

#include "rules/ruleset.h"
#include "tui/services.h"

/* Tries or makes the change. RS: macros and lookups that conditions may name. Texts live in KEEP. */
bool weighing_change(struct casefile *cf, const struct ruleset *rs, const struct risk_wish *wish,
		     struct arena *keep, struct risk_outcome *out, struct err *err);

#endif
