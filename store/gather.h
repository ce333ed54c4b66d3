/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gather.h - inside the store: what the findings of one host or user add up to.
 *
 * Used for the summaries that are kept, and for those of a filter. Texts live until the callback returns.
 */
#ifndef AUGER_STORE_GATHER_H
#define AUGER_STORE_GATHER_H

#include "store/filter.h"

struct gathered_name {
	struct text name;
	uint32_t    n;
};

struct gathered_names {
	struct gathered_name *of;
	size_t                n, cap;
};

struct gathered {
	struct arena          arena;
	struct gathered_names techniques, tactics, rules, hosts;
	uint32_t              findings;
	double                risk_score;        /* of the risk events that are the owner's */
	int64_t               first_ns, last_ns; /* WHEN_NONE: no finding has a time */
};

/* An owner of findings: a host by its id, or a user by its key. G is emptied afterwards. */
typedef bool gather_fn(void *ctx, int64_t host, struct text user, struct gathered *g,
		       struct err *err);

/* Conditions that decide which findings count; what else a filter says is not looked at. */
#define GATHER_OF_HOSTS                                                                            \
	~(FILTER_PARTS(FILTER_HOST) | FILTER_PARTS(FILTER_RISK) | FILTER_PARTS(FILTER_FIELD))
#define GATHER_OF_USERS                                                                            \
	~(FILTER_PARTS(FILTER_USER) | FILTER_PARTS(FILTER_RISK) | FILTER_PARTS(FILTER_FIELD))

/* Every host, by id, and every user, by key, who has findings that pass. */
bool gather_hosts(struct casefile *cf, const struct conditions *cs, gather_fn *fn, void *ctx,
		  struct err *err);
bool gather_users(struct casefile *cf, const struct conditions *cs, gather_fn *fn, void *ctx,
		  struct err *err);

/* Whether an owner with this risk passes what the filter says of risk. */
bool gather_has_risk(const struct conditions *cs, double risk_score);

struct text gather_techniques(struct gathered *g); /* "T1047:3 T1021.006:1" */
struct text gather_tactics(struct gathered *g);    /* "Execution, Lateral Movement" */

#endif
