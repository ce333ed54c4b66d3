/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/finding.h"

const char *
risk_object_type_name(enum risk_object_type t)
{
	switch (t) {
	case RISK_SYSTEM:
		return "system";
	case RISK_USER:
		return "user";
	case RISK_OTHER:
		return "other";
	}
	return "other";
}

double
risk_object_base(const struct risk_object *o)
{
	return o->factors.n ? o->base : o->score;
}

struct finding
finding_of_twin(const struct finding *f, uint32_t twin, struct risk_object *objects)
{
	const struct finding_twin *t = &f->twins[twin];
	struct finding             own = *f;

	own.key = t->key;
	own.rule_id = t->rule->rule_id;
	own.rule = t->rule->rule;
	own.type = t->rule->type;
	own.techniques = t->rule->techniques;
	own.tactics = t->rule->tactics;
	own.stories = t->rule->stories;
	own.annotations = t->rule->annotations;
	own.twins = NULL;
	own.n_twins = 0;
	if (text_absent(t->message))
		return own;
	own.message = t->message;
	for (uint32_t i = 0; i < f->n_objects; i++) {
		objects[i] = f->objects[i];
		if (text_eq(objects[i].message, f->message))
			objects[i].message = t->message;
	}
	own.objects = objects;
	return own;
}

const char *
ledger_status_name(enum ledger_status s)
{
	switch (s) {
	case LEDGER_FOUND:
		return "found";
	case LEDGER_NOTHING:
		return "nothing found";
	case LEDGER_NO_DATA:
		return "no data";
	case LEDGER_UNSUPPORTED:
		return "unsupported";
	case LEDGER_FAILED:
		return "failed";
	}
	return "failed";
}
