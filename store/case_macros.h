/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * case_macros.h - the analysts' own macro definitions (their _filter macros), kept in the case with
 * author and time; every change stays in a log.
 */
#ifndef AUGER_STORE_CASE_MACROS_H
#define AUGER_STORE_CASE_MACROS_H

#include "base/err.h"
#include "store/casefile.h"

struct case_macro {
	struct text name, definition, rule_id; /* rule_id: whose _filter it is */
	bool        off;                       /* kept, but not in force */
	/* read only: */
	struct text author;
	int64_t     time_ns; /* 0: not known */
	struct text rule;    /* its name; absent: the case was not asked about it */
	uint64_t    hidden;  /* findings of the rule that filters take away */
};
/* An empty definition: forget it. */
bool   case_macro_set(struct casefile *cf, const struct case_macro *macro, struct err *err);
size_t case_macros(struct casefile *cf, struct arena *keep, struct case_macro **out);

#endif
