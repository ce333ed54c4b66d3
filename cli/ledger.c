/* SPDX-License-Identifier: GPL-3.0-or-later */
/* auger ledger. */
#include "config.h"

#include "cli/lists.h"

static int
list(struct cli *cli, struct casefile *cf, struct err *err)
{
	return list_command(cli, cf, &case_view_ledger, "rules",
			    " have run yet: import evidence first", err);
}

int
command_ledger(struct cli *cli)
{
	return cli_with_case(cli, list);
}
