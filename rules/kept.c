/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which searches of a rule have their hits kept in the case. */
#include "config.h"

#include "rules/search.h"

/* Whether membership in a data model is required. */
static bool
takes_model(const struct pred *p)
{
	if (p->kind == PRED_MODEL)
		return true;
	for (uint32_t i = 0; p->kind == PRED_AND && i < p->n_kids; i++) {
		if (takes_model(p->kids[i]))
			return true;
	}
	return false;
}

bool
search_leaf_kept(const struct search *s, uint32_t leaf, struct arena scratch)
{
	const struct pred *pred = search_leaf_pred(s, leaf);

	if (!pred)
		return false;
	return (leaf == 0 && !takes_model(pred)) || pred_narrow(pred, &scratch).n_groups > 0;
}
