/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * evtx_draft.h - one record on its way to an event: its texts and its list of fields.
 *
 * Values are written straight into one buffer, names are borrowed (from compiled templates or
 * from the same buffer). A draft is used for one record after the other and bounds each of them:
 * DRAFT_TEXT_MAX bytes of text, DRAFT_FIELDS_MAX fields of the body.
 */
#ifndef AUGER_IMPORTERS_EVTX_DRAFT_H
#define AUGER_IMPORTERS_EVTX_DRAFT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/event.h"
#include "importers/evtx_shape.h"

#define DRAFT_TEXT_MAX   (1 << 20)
#define DRAFT_FIELDS_MAX 16384
#define DRAFT_OTHER_MAX  8 /* System facts without a place of their own */
#define DRAFT_SYSTEM_MAX (ROLE_OTHER_FACT + DRAFT_OTHER_MAX)

struct evtx_draft {
	char         *at;  /* where the next text is written */
	char         *end; /* one past the last byte that may be written, slack not counted */
	struct field *fields; /* system facts by role, then the body from DRAFT_SYSTEM_MAX on */
	uint32_t      n_fields;
	uint32_t      system; /* bit per fact that is there */
	uint32_t      n_other;
	struct text   message;
	int64_t       time_ns; /* WHEN_NONE: not seen as a FILETIME */
	uint64_t      event_id, record_id; /* where the bits of `numbers` say so */
	uint32_t      numbers;
	bool          misfit;  /* a value did not have the size of its type */
	bool          nameless; /* fields are called param1..n: their template is lost */
	bool          lost_names; /* names of elements or attributes are lost */
	bool          borrowed; /* a template is lost, one of that name in another chunk was used */
	char         *start;
};

/* Everything the draft needs is made once, in KEEP, which was opened just now. */
void evtx_draft_open(struct evtx_draft *d, struct arena *keep);
void evtx_draft_clear(struct evtx_draft *d);

/* Adds the text from VALUE to d->at under NAME; false: no room for a further field. */
bool evtx_draft_add(struct evtx_draft *d, enum evtx_role role, struct text name, uint32_t key,
		    const char *value);

/* The same for a fact that has no value yet, or (role ROLE_BODY) while there is room. */
static inline bool
evtx_draft_add_quick(struct evtx_draft *d, enum evtx_role role, struct text name, uint32_t key,
		     const char *value)
{
	struct field *f;

	if (role < ROLE_OTHER_FACT && !(d->system >> role & 1)) {
		d->system |= 1u << role;
		f = &d->fields[role];
	} else if (role == ROLE_BODY && d->n_fields < DRAFT_SYSTEM_MAX + DRAFT_FIELDS_MAX) {
		f = &d->fields[d->n_fields++];
	} else {
		return evtx_draft_add(d, role, name, key, value);
	}
	f->name = name;
	f->value = (struct text){ value, (size_t)(d->at - value) };
	f->key = key;
	return true;
}

/* The event of the draft, once; valid until the draft is cleared. Flags, origin, remark and
 * event_finish are left to the caller. */
void evtx_draft_event(struct evtx_draft *d, struct event *ev);

static inline bool
evtx_draft_room(const struct evtx_draft *d, size_t n)
{
	return n <= (size_t)(d->end - d->at);
}

#endif
