/* SPDX-License-Identifier: GPL-3.0-or-later */
/* manual.h - the lists of the manual page, as mdoc, made from the tables that the program uses. */
#ifndef AUGER_CLI_MANUAL_H
#define AUGER_CLI_MANUAL_H

#include <stdio.h>

/* LIST: "commands", "options", "formats", "keys"; returns the exit status. */
int manual_print(FILE *out, const char *list);

#endif
