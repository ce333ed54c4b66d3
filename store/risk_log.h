/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * risk_log.h - who changed what risk is counted from, and when: factors, what is known of hosts and
 * users, risk given by hand.
 */
#ifndef AUGER_STORE_RISK_LOG_H
#define AUGER_STORE_RISK_LOG_H

#include "base/arena.h"
#include "base/err.h"
#include "store/casefile.h"

/* Of the change that is being made; the texts live in KEEP. */
struct signature {
	struct text author;
	int64_t     time_ns;
};
struct signature signature_now(struct arena *keep);

/* KIND: "entity", "factor", "given". An empty VALUE: forgotten. */
bool risk_log_add(struct casefile *cf, const char *kind, struct text name, struct text value,
		  const struct signature *by, struct err *err);

struct risk_change {
	struct text kind, name, value, author; /* empty value: forgotten, or taken back */
	int64_t     time_ns;
};
typedef bool risk_change_fn(void *ctx, const struct risk_change *change);
/* In the order in which they were made. */
bool risk_log(struct casefile *cf, risk_change_fn *fn, void *ctx, struct err *err);

#endif
