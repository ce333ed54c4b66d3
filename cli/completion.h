/* SPDX-License-Identifier: GPL-3.0-or-later */
/* completion.h - the shell completion script, made from commands.def and options.def. */
#ifndef AUGER_CLI_COMPLETION_H
#define AUGER_CLI_COMPLETION_H

#include <stdio.h>

/* Prints the script for SHELL ("bash"); returns the exit status. */
int completion_print(FILE *out, const char *shell);

#endif
