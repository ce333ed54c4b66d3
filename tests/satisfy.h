/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * satisfy.h - from a predicate: an event that must match it, and near misses that must not.
 *
 * Works backwards and without the evaluator: chooses a disjunct, inverts names.def for one kind of
 * event, and writes raw field values for its comparisons. What it cannot write, it refuses.
 */
#ifndef AUGER_TESTS_SATISFY_H
#define AUGER_TESTS_SATISFY_H

#include "base/pred.h"

/* A kind of event; CrowdStrike's have an event name and no channel. */
struct made_kind {
	struct text      channel, event_name;
	uint32_t         event_id;
	enum event_scope scope;
};

/* The kinds that PRED may be about; at most CAP. */
size_t made_kinds(const struct pred *pred, struct arena *keep, struct made_kind *out, size_t cap);

/* A field that shall be like VALUE, where '*' is anything. */
struct wish {
	struct text field, value;
};

/* What fields hold that nothing asks for: paths; all the same word, as the host, so that they can
 * be joined; or a word each. */
enum filler { FILLER_PATH, FILLER_SAME, FILLER_EACH, FILLERS };

/* Fields beyond those of the predicate; one of them may differ from event to event. */
struct filling {
	const struct text *names;
	size_t             n, varied; /* varied: its index, or n */
	uint32_t           number;    /* of the event */
	enum filler        filler;
	const struct wish *wishes;    /* all are fulfilled */
	size_t             n_wishes;
};

/* An event of KIND that satisfies PRED; CHOICE picks among disjuncts. False: this kind or choice
 * cannot. */
bool satisfy(const struct pred *pred, const struct made_kind *kind, uint32_t choice,
	     const struct filling *fill, struct arena *keep, struct event *out);

/* The event of the same choice with one part of the top conjunction violated; *PART counts the
 * parts up. False: no further part that can be violated alone. */
bool near_miss(const struct pred *pred, const struct made_kind *kind, uint32_t choice,
	       uint32_t *part, struct arena *keep, struct event *out);

#endif
