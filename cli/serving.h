/* SPDX-License-Identifier: GPL-3.0-or-later */
/* serving.h - the services that the UI asks for (tui/services.h), for one case. */
#ifndef AUGER_CLI_SERVING_H
#define AUGER_CLI_SERVING_H

#include "cli/cli.h"
#include "tui/services.h"

/* Lives as long as CLI. PATH: of the case. */
const struct services *serving_open(const struct cli *cli, const char *path);

#endif
