/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * given.h - risk that analysts give by hand: a score, which may be negative, for somebody, at a
 * time of the evidence, with a reason. Each is a finding of the rule "manual", and its risk event
 * counts like any other.
 *
 * Source: Splunk Enterprise Security, risk modifiers entered ad hoc.
 */
#ifndef AUGER_STORE_GIVEN_H
#define AUGER_STORE_GIVEN_H

#include "base/arena.h"
#include "base/err.h"
#include "base/finding.h"
#include "store/casefile.h"

/* Id and name of the rule. */
#define GIVEN_RULE TEXT("manual")

struct given_risk {
	int64_t               id;
	enum risk_object_type kind;
	struct text           object, message;
	double                score;
	int64_t               at_ns; /* in the time of the evidence */
	/* read only: */
	bool        taken_back;
	int64_t     finding; /* that it is; 0: taken back */
	struct text author;
	int64_t     time_ns; /* when it was written */
};

/* Both are to be followed by given_settle. ERR_USAGE: there is no such one. */
bool given_add(struct casefile *cf, const struct given_risk *g, struct err *err);
bool given_take_back(struct casefile *cf, int64_t id, struct err *err);
/* By number. */
size_t given_risks(struct casefile *cf, struct arena *keep, struct given_risk **out);
/* Makes the findings of those that hold, and none of others: between findings_begin and
 * findings_end. */
bool given_settle(struct casefile *cf, struct err *err);

#endif
