/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * attempt.h - sets of events for a whole search: what its later stages ask for (supply.h), often
 * enough for its thresholds, with fields that differ, in pairs, with a burst after quiet days.
 */
#ifndef AUGER_TESTS_ATTEMPT_H
#define AUGER_TESTS_ATTEMPT_H

#include "rules/pipeline.h"
#include "tests/satisfy.h"

/* Rows that the search gives for these events, which get ids; 0 also when it fails. */
size_t attempt_rows(const struct search *s, struct event *events, size_t n,
		    struct search_stats *stats, struct arena *keep);

/* Does one of many sets of events, each of which satisfies PRED, give a row? KEEP is emptied. */
bool attempt_all(const struct search *s, const struct pred *pred, const struct made_kind *kinds,
		 size_t n_kinds, struct filling fill, struct arena *keep);

#endif
