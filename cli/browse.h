/* SPDX-License-Identifier: GPL-3.0-or-later */
/* browse.h - the terminal UI over a case, with the options of the command. */
#ifndef AUGER_CLI_BROWSE_H
#define AUGER_CLI_BROWSE_H

#include "cli/cli.h"

/* To be called before the sandbox is entered; NULL: the screen cannot import. */
struct importer *browse_importer(const struct cli *cli, const char *path);
/* Returns the exit status. */
int browse_case(struct cli *cli, const char *path);

#endif
