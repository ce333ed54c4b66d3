/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lists.h - commands that print one view of the case. */
#ifndef AUGER_CLI_LISTS_H
#define AUGER_CLI_LISTS_H

#include "cli/cli.h"
#include "cli/views.h"

/* Prints VIEW, a list of UNIT, as the options say; WHY ends the remark when the case has none. */
int list_command(struct cli *cli, struct casefile *cf, const struct case_view *view,
		 const char *unit, const char *why, struct err *err);

/* Rules that could not run, and evidence that could not be read: what may be why there is nothing. */
void list_say_silent(const struct cli *cli, struct casefile *cf);

#endif
