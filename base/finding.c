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
