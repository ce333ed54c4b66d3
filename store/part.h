/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * part.h - the part of a case that new events belong to: all events of the hosts that have some.
 *
 * What rests on events of one host alone need not be made anew for the others.
 */
#ifndef AUGER_STORE_PART_H
#define AUGER_STORE_PART_H

#include "base/source.h"
#include "store/casefile.h"

struct case_part {
	struct casefile *cf;
	const int64_t   *hosts; /* ascending */
	size_t           n_hosts;
};

/* The hosts of events beyond LAST. *WORTH false: the part is most of the case, or there are events
 * without a host, which may be taken for those of any. */
bool part_find(struct casefile *cf, int64_t last, struct arena *keep, struct case_part *out,
	       bool *worth, struct err *err);

/* Each finding that rests on events of the part, by its rule; to be told before
 * findings_settle_part. Between findings_begin and findings_end. */
typedef void part_finding_fn(void *ctx, struct text rule_id);
bool part_findings(const struct case_part *part, part_finding_fn *fn, void *ctx, struct err *err);

/* WHOLE, but for the events of other hosts. PART lives as long. */
struct source part_source(struct case_part *part, const struct source *whole);

#endif
