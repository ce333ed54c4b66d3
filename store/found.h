/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * found.h - inside the store: findings with the hosts and users that they give risk to.
 */
#ifndef AUGER_STORE_FOUND_H
#define AUGER_STORE_FOUND_H

#include "base/finding.h"
#include "store/filter.h"

#define OBJECTS_MAX 4096 /* risk_event.id is finding * 4096 + number */
/* Rows R of risk_event that are of finding ID, in SQL. */
#define RISK_EVENTS_OF(r, id) r ".id BETWEEN " id " * 4096 AND " id " * 4096 + 4095"

struct found_object {
	int64_t               id;
	enum risk_object_type type; /* RISK_SYSTEM or RISK_USER */
	struct text           value, normalized;
	int64_t               host; /* host_ref; 0: none */
	double                score;
};

struct found {
	int64_t     id, first_ns, last_ns;
	struct text rule_id, techniques, tactics, host, user, user_key;
	int64_t     host_ref; /* 0: none */
	const struct found_object *objects;
	size_t      n_objects;
};

typedef bool found_fn(void *ctx, const struct found *f, struct err *err);

/* Every finding that passes those PARTS, by number. Texts live until FN returns; it may change the
 * columns that say who is meant. */
bool found_each(struct casefile *cf, const struct conditions *cs, unsigned parts, found_fn *fn,
		void *ctx, struct err *err);

#endif
