/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * scan.h - inside the store: the functions of a case's struct source. Contracts: base/source.h.
 */
#ifndef AUGER_STORE_SCAN_H
#define AUGER_STORE_SCAN_H

#include "base/source.h"

bool scan_events(void *self, const struct pred *pred, struct span span, enum order order,
		 event_fn *fn, void *ctx, struct err *err);
bool scan_hits(void *self, struct text rule_id, uint32_t leaf, struct span span, enum order order,
	       event_fn *fn, void *ctx, struct err *err);
/* The same, of these hosts alone; ascending, at least one. */
struct casefile;
bool scan_events_of(struct casefile *cf, const int64_t *hosts, size_t n_hosts,
		    const struct pred *pred, struct span span, enum order order, event_fn *fn,
		    void *ctx, struct err *err);
bool scan_hits_of(struct casefile *cf, const int64_t *hosts, size_t n_hosts, struct text rule_id,
		  uint32_t leaf, struct span span, enum order order, event_fn *fn, void *ctx,
		  struct err *err);
bool scan_all_hits(void *self, const struct text *rule_ids, uint32_t n, hits_fn *fn, void *ctx,
		   struct err *err);
bool scan_all_hits_of(struct casefile *cf, const int64_t *hosts, size_t n_hosts,
		      const struct text *rule_ids, uint32_t n, hits_fn *fn, void *ctx,
		      struct err *err);
bool scan_facts(void *self, const struct pred *pred, struct span span, enum order order,
		event_fn *fn, void *ctx, bool *told, struct err *err);
bool scan_risk(void *self, struct span span, risk_fn *fn, void *ctx, struct err *err);

#endif
