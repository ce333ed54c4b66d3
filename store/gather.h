/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gather.h - inside the store: what findings add up to for each host and user.
 *
 * Used for the summaries that are kept, and for those of a filter. Findings come one by one, of all
 * owners mixed; most are like others, so what is kept grows with the owners and with what differs.
 */
#ifndef AUGER_STORE_GATHER_H
#define AUGER_STORE_GATHER_H

#include "store/found.h"

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
	struct gathered_names techniques, tactics;
	uint32_t              findings, rules, hosts;
	double                risk_score;        /* of the risk events that are the owner's */
	int64_t               first_ns, last_ns; /* WHEN_NONE: no finding has a time */
};

struct text gather_techniques(struct gathered *g); /* "T1047:3 T1021.006:1" */
struct text gather_tactics(struct gathered *g);    /* "Execution, Lateral Movement" */

/* An owner of findings: a host by its id, or a user by its key. Texts live until it returns. */
typedef bool gather_fn(void *ctx, int64_t host, struct text user, struct gathered *g,
		       struct err *err);

struct gathering;
struct gathering *gathering_new(void);
void              gathering_free(struct gathering *all);
/* What follows is of finding F, which counts once for an owner, with the risk of all its objects
 * that are the owner. */
void gathering_begin(struct gathering *all, const struct found *f);
void gathering_host(struct gathering *all, int64_t host, double score); /* 0: of none */
void gathering_user(struct gathering *all, struct text user, double score); /* empty: of none */
/* Every host, by id, and every user, by key. */
bool gathering_hosts(struct gathering *all, gather_fn *fn, void *ctx, struct err *err);
bool gathering_users(struct gathering *all, gather_fn *fn, void *ctx, struct err *err);

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

#endif
