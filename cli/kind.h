/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * kind.h - what a name on the command line is the name of: a host, a user, something else.
 */
#ifndef AUGER_CLI_KIND_H
#define AUGER_CLI_KIND_H

#include "cli/cli.h"

/* "system", "user" or "other", letter case ignored. */
bool kind_named(struct text word, enum risk_object_type *out);
/* As --kind says; without it what the case knows the name as. ERR_USAGE: neither, or both, or several
 * users; no name at all. */
bool kind_of_name(const struct cli *cli, struct casefile *cf, struct text name,
		  enum risk_object_type *out, struct err *err);
/* The one host or user of the case that the name stands for, as lists call it; else NAME itself. */
bool kind_whole_name(const struct cli *cli, struct casefile *cf, enum risk_object_type kind,
		     struct text name, struct text *out, struct err *err);

#endif
