/* SPDX-License-Identifier: GPL-3.0-or-later */
/* auger hosts. */
#include "config.h"

#include "cli/lists.h"

static int
list(struct cli *cli, struct casefile *cf, struct err *err)
{
	return list_command(cli, cf, &case_view_hosts, "hosts", ": import evidence first",
			    err);
}

int
command_hosts(struct cli *cli)
{
	return cli_with_case(cli, list);
}
