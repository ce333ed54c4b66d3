/* SPDX-License-Identifier: GPL-3.0-or-later */
/* auger findings. */
#include "config.h"

#include "cli/lists.h"

static int
list(struct cli *cli, struct casefile *cf, struct err *err)
{
	return list_command(cli, cf, &case_view_findings, "findings",
			    "; auger ledger CASE says what became of every rule", err);
}

int
command_findings(struct cli *cli)
{
	return cli_with_case(cli, list);
}
