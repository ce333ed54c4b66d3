/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * kind.h - what a name that somebody gives is the name of: a host, a user, something else.
 */
#ifndef AUGER_CLI_KIND_H
#define AUGER_CLI_KIND_H

#include "base/arena.h"
#include "base/err.h"
#include "base/finding.h"
#include "store/casefile.h"

/* "system", "user" or "other", letter case ignored. */
bool kind_named(struct text word, enum risk_object_type *out);
/* As WORD says, of --kind; absent: what the case knows the name as. ERR_USAGE: neither, or both, or
 * several users; no name at all. */
bool kind_of_name(struct casefile *cf, struct text word, struct text name, struct arena *keep,
		  enum risk_object_type *out, struct err *err);
/* The one host or user of the case that the name stands for, as lists call it; else NAME itself. */
bool kind_whole_name(struct casefile *cf, enum risk_object_type kind, struct text name,
		     struct arena *keep, struct text *out, struct err *err);

#endif
