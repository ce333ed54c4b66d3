/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tui.h - the terminal UI over one case: hosts by risk, down to finding and record.
 *
 * tui_run takes the terminal until the user quits. Nothing in the case changes but analyst work
 * (verdicts, notes), and nothing at all when read_only. With a script no terminal is touched: the
 * keys are applied to a screen in memory, which is what golden tests and --dump show.
 *
 * Environment: TERM, LANG (box drawing needs UTF-8), NO_COLOR, ESCDELAY is set to 25 ms.
 */
#ifndef AUGER_TUI_TUI_H
#define AUGER_TUI_TUI_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"
#include "rules/ruleset.h"
#include "store/query.h"
#include "tui/importing.h"
#include "tui/services.h"

struct tui_setup {
	const char               *case_path;
	struct ruleset           *rules;  /* compiled; NULL: no rule texts and no drilldowns */
	/* Compiles them, on another thread when the first screen has been shown; NULL: they are there or
	 * will not be. GONE: what is missing of them, for the status line. */
	bool (*load_rules)(void *ctx, struct ruleset **out, struct err *gone, struct err *err);
	void                     *load_rules_ctx;
	const char		 *view; /* first tab: hosts findings events timeline rules evidence;
					   NULL: hosts */
	const struct case_filter *filter; /* to begin with; NULL: everything */
	bool                      read_only;
	int                       rows, columns; /* of the screen; 0: as the terminal says */
	/* In process: type SCRIPT ("jj<Enter>/foo<Esc>", see keys.h), wait for running searches,
	 * write the screen to DUMP. NULL: use the terminal. */
	const char               *script;
	FILE                     *dump;
	bool			  ascii; /* no box drawing, arrows or other signs beyond ASCII */
	bool                      no_colour; /* as NO_COLOR */
	struct importer          *importer; /* NULL: nothing can be imported from here */
	const struct services    *services; /* NULL: no filters of rules, no reports */
	const char               *settings; /* file of keys and colours; NULL: none is read */
	const char               *zone;  /* that times are shown in; NULL: as it was left, or UTC */
};

/* Errors: those of casefile_open; ERR_USAGE for an unknown view, a broken script, no terminal. */
bool tui_run(const struct tui_setup *setup, struct err *err);

#endif
