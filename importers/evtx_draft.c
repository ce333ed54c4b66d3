/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "importers/evtx_draft.h"

#include "base/when.h"
#include "importers/fresh.h"
#include "importers/spelling.h"
#include "importers/utf16.h"

void
evtx_draft_open(struct evtx_draft *d, struct arena *keep)
{
	*d = (struct evtx_draft){ 0 };
	d->start = fresh_new(keep, char, DRAFT_TEXT_MAX + UTF16_SLACK);
	d->end = d->start + DRAFT_TEXT_MAX;
	d->fields = fresh_new(keep, struct field, DRAFT_SYSTEM_MAX + DRAFT_FIELDS_MAX);
	evtx_draft_clear(d);
}

void
evtx_draft_clear(struct evtx_draft *d)
{
	d->at = d->start;
	d->n_fields = DRAFT_SYSTEM_MAX;
	d->system = 0;
	d->n_other = 0;
	d->message = TEXT_NONE;
	d->time_ns = WHEN_NONE;
	d->numbers = 0;
	d->misfit = false;
	d->nameless = false;
	d->lost_names = false;
	d->borrowed = false;
}

/* "EventPayload" is hexadecimal; this is the text in it. */
static bool
add_payload_text(struct evtx_draft *d, struct text hex)
{
	char *start = d->at;

	if (!evtx_draft_room(d, hex.n))
		return true;
	d->at += spelling_payload_to(start, hex);
	return d->at == start || evtx_draft_add(d, ROLE_BODY, TEXT("EventPayloadText"),
						text_key(TEXT("EventPayloadText")), start);
}

bool
evtx_draft_add(struct evtx_draft *d, enum evtx_role role, struct text name, uint32_t key,
	       const char *value)
{
	struct field field = { name, { value, (size_t)(d->at - value) }, key };

	if (role <= ROLE_OTHER_FACT) {
		uint32_t slot = role;

		if (role == ROLE_OTHER_FACT) {
			if (d->n_other == DRAFT_OTHER_MAX)
				return true;
			slot += d->n_other++;
		}
		if (d->system >> slot & 1) /* whoever comes second does not overwrite */
			return true;
		d->system |= 1u << slot;
		d->fields[slot] = field;
		return true;
	}
	if (role == ROLE_MESSAGE) {
		if (text_absent(d->message))
			d->message = field.value;
		return true;
	}
	if (d->n_fields == DRAFT_SYSTEM_MAX + DRAFT_FIELDS_MAX)
		return false;
	d->fields[d->n_fields++] = field;
	return role != ROLE_PAYLOAD || add_payload_text(d, field.value);
}

static struct text
fact(const struct evtx_draft *d, enum evtx_role role)
{
	return d->system >> role & 1 ? d->fields[role].value : TEXT_NONE;
}

/* The number of a fact: seen as one, or written as text. */
static bool
number(const struct evtx_draft *d, enum evtx_role role, uint64_t *v)
{
	return d->numbers >> role & 1 || text_to_u64(fact(d, role), v);
}

/* A time that stands as text gets the spelling of one that does not. */
static void
spell_time(struct evtx_draft *d)
{
	struct arena room = { .at = d->at, .end = d->end, .start = d->start };

	if (d->time_ns != WHEN_NONE || !(d->system >> ROLE_TIME & 1) || !evtx_draft_room(d, 256))
		return;
	struct text *value = &d->fields[ROLE_TIME].value;
	bool         has_zone;

	if (!when_from_iso(*value, &d->time_ns, &has_zone)) {
		d->time_ns = WHEN_NONE;
		return;
	}
	*value = spelling_time_ns(d->time_ns, &room);
	d->at = room.at;
}

/* Moves the system facts that are there next to the body; returns where the list begins. */
static struct field *
close_ranks(struct evtx_draft *d)
{
	struct field *to = d->fields + DRAFT_SYSTEM_MAX;

	for (uint32_t slot = DRAFT_SYSTEM_MAX; slot-- > 0;)
		if (d->system >> slot & 1)
			*--to = d->fields[slot];
	return to;
}

void
evtx_draft_event(struct evtx_draft *d, struct event *ev)
{
	spell_time(d);
	*ev = (struct event){
		.time_ns = d->time_ns,
		.host = fact(d, ROLE_HOST),
		.channel = fact(d, ROLE_CHANNEL),
		.provider = fact(d, ROLE_PROVIDER),
		.message = d->message,
		.format = FORMAT_EVTX,
	};
	if (number(d, ROLE_EVENT_ID, &d->event_id) && d->event_id <= UINT32_MAX)
		ev->event_id = (uint32_t)d->event_id;
	ev->has_record_id = number(d, ROLE_RECORD_ID, &d->record_id);
	ev->record_id = ev->has_record_id ? d->record_id : 0;
	ev->fields = close_ranks(d);
	ev->n_system = (uint32_t)(d->fields + DRAFT_SYSTEM_MAX - ev->fields);
	ev->n_fields = ev->n_system + (d->n_fields - DRAFT_SYSTEM_MAX);
}
