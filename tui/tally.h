/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tally.h - what became of the rules of a case, in numbers: the ledger counted. */
#ifndef AUGER_TUI_TALLY_H
#define AUGER_TUI_TALLY_H

#include "store/query.h"

struct tally {
	uint32_t    found, nothing, no_data, unsupported, failed;
	struct text reason; /* rule and reason of the first that could not run; in KEEP */
};

bool     tally_rules(struct casefile *cf, struct arena *keep, struct tally *out, struct err *err);
uint32_t tally_silent(const struct tally *t); /* could not run, for whatever reason */
uint32_t tally_all(const struct tally *t);

#endif
