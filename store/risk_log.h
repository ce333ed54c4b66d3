/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * risk_log.h - inside the store: who changed what risk is counted from, and when.
 */
#ifndef AUGER_STORE_RISK_LOG_H
#define AUGER_STORE_RISK_LOG_H

#include "store/db.h"

/* Of the change that is being made; the texts live in KEEP. */
struct signature {
	struct text author;
	int64_t     time_ns;
};
struct signature signature_now(struct arena *keep);

/* KIND: "entity", "factor", "given". An empty VALUE: forgotten. */
bool risk_log_add(struct casefile *cf, const char *kind, struct text name, struct text value,
		  const struct signature *by, struct err *err);

#endif
