/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * kind.h - what a name on the command line is the name of: a host, a user, something else.
 */
#ifndef AUGER_CLI_KIND_H
#define AUGER_CLI_KIND_H

#include "cli/cli.h"

/* "system", "user" or "other", letter case ignored. */
bool kind_named(struct text word, enum risk_object_type *out);
/* As --kind says; without it what the case knows the name as. ERR_USAGE: neither, or both. */
bool kind_of_name(const struct cli *cli, struct casefile *cf, struct text name,
		  enum risk_object_type *out, struct err *err);

#endif
