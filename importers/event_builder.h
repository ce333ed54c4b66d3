/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * event_builder.h - gathers the fields of one event: system facts in their order, then the body.
 *
 * For importers that meet the parts of an event in any order. What is added is borrowed: it must
 * live until the event has been delivered. The builder is used for one event after the other.
 */
#ifndef AUGER_IMPORTERS_EVENT_BUILDER_H
#define AUGER_IMPORTERS_EVENT_BUILDER_H

#include <stdbool.h>

#include "base/event.h"
#include "importers/evtx_shape.h"

#define BUILDER_FIELDS_MAX 65536 /* of the body */
#define BUILDER_OTHER_MAX  8     /* system facts without a place of their own */
#define BUILDER_FACTS      (ROLE_OTHER_FACT + BUILDER_OTHER_MAX)

struct event_builder {
	struct arena  mem;
	struct field *fields;  /* facts by role, the body from BUILDER_FACTS on */
	struct text  *parents; /* beside fields: the element around a leaf */
	uint32_t      n_fields, n_other;
	uint32_t      present; /* bit per fact */
	struct text   message;
	bool          overfull; /* BUILDER_FIELDS_MAX was reached */
};

void builder_open(struct event_builder *b);
void builder_close(struct event_builder *b);
void builder_clear(struct event_builder *b);

/* The first fact of a role stays, whoever comes second is dropped. ROLE_IGNORE adds nothing. */
void builder_add(struct event_builder *b, enum evtx_role role, struct text name, struct text value);

/* System facts by role, under their own names. */
void        builder_fact(struct event_builder *b, enum evtx_role role, struct text value);
struct text builder_get(const struct event_builder *b, enum evtx_role role);

static inline void
builder_body(struct event_builder *b, struct text name, struct text value)
{
	builder_add(b, ROLE_BODY, name, value);
}

/* A leaf below PARENT: when another parent had a leaf of that name, it is called parent.leaf. */
void builder_leaf(struct event_builder *b, struct text parent, struct text name, struct text value,
		  struct arena *keep);

/* First body value of that name; absent when there is none. */
struct text builder_body_get(const struct event_builder *b, struct text name);

/* The event of what was added, event_finish included. Times: SystemTime, unless TIME_NS was set
 * in EV already (it must be WHEN_NONE otherwise). */
void builder_finish(struct event_builder *b, struct event *ev);

/* Body fields added after builder_finish become part of EV. */
void builder_more(struct event_builder *b, struct event *ev);

#endif
