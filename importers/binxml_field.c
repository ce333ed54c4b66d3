/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values of a binary XML program as text of fields. */
#include "config.h"

#include "importers/binxml_run.h"

#include "base/when.h"
#include "importers/bytes.h"
#include "importers/spelling.h"

#define ITEMS_MAX 8192 /* of one array */

/* A GUID that is stored as text is spelled like one that is not. */
static inline void
put_string(struct evtx_draft *d, const struct evtx_value *v)
{
	char *start = d->at;

	d->at = evtx_string_text(start, v->p, v->n);
	if (d->at - start == SPELLING_GUID_BYTES && *start == '{')
		spelling_guid_in_place(start, SPELLING_GUID_BYTES);
}

/* Appends the text of a single value. */
static inline bool
put_value(struct binxml *b, const struct evtx_value *v)
{
	struct evtx_draft *d = b->draft;

	if (!evtx_draft_room(d, evtx_value_room(v->n))) {
		binxml_stop(b, "the record expands to more text than it may have");
		return false;
	}
	if (v->type == EVTX_STRING)
		put_string(d, v);
	else
		d->at = evtx_value_text(d->at, v, &b->dates, &d->misfit);
	return true;
}

/* The text since START becomes the field of the step, unless it is empty and need not be. */
static inline void
end_field(struct binxml *b, const struct step *s, const char *start)
{
	struct evtx_draft *d = b->draft;
	struct text        name = s->name;
	uint32_t           key = s->key;

	if (s->omit_empty && d->at == start && s->role != ROLE_NAME)
		return;
	if (s->role == ROLE_NAME) {
		b->own_name = (struct text){ start, (size_t)(d->at - start) };
		return;
	}
	if (s->own_name && b->own_name.n) {
		name = b->own_name;
		key = text_key(name);
	}
	if (!evtx_draft_add_quick(d, (enum evtx_role)s->role, name, key, start))
		binxml_stop(b, "the record has more fields than it may have");
}

/* Appends the items of an array, one per line; as fields of their own when the step says so. */
static void
put_array(struct binxml *b, const struct step *s, const struct evtx_value *v, bool repeat)
{
	struct evtx_value rest = *v, item;
	uint32_t          n = 0;

	while (!b->stop && evtx_array_next(&rest, &item)) {
		const char *start = b->draft->at;

		if (++n > ITEMS_MAX || --b->work < 0) {
			binxml_stop(b, "an array has more items than it may have");
			return;
		}
		if (!repeat && n > 1 && evtx_draft_room(b->draft, 1))
			*b->draft->at++ = '\n';
		if (!put_value(b, &item))
			return;
		if (repeat)
			end_field(b, s, start);
	}
	if (repeat && n == 0)
		end_field(b, s, b->draft->at);
}

/* Values that are no plain single ones. */
static void
run_odd_slot(struct binxml *b, const struct step *s, const struct evtx_value *v)
{
	const char *start = b->draft->at;

	if (v->type == EVTX_BINXML && s->content) {
		binxml_nested(b, v, (enum evtx_place)s->place);
	} else if (v->type & EVTX_ARRAY) {
		put_array(b, s, v, s->content);
		if (!s->content && !b->stop)
			end_field(b, s, start);
	} else if (put_value(b, v)) {
		end_field(b, s, start);
	}
}

/* Facts that count as numbers too are taken from the value, not from its text. */
static void
note_number(struct evtx_draft *d, enum evtx_role role, const struct evtx_value *v)
{
	if (d->system >> role & 1)
		return;
	if (role == ROLE_TIME && v->type == EVTX_FILETIME && v->n == 8) {
		if (!when_from_filetime(le64(v->p), &d->time_ns))
			d->time_ns = WHEN_NONE;
	} else if (role == ROLE_EVENT_ID && v->type == EVTX_UINT16 && v->n == 2) {
		d->event_id = le16(v->p);
		d->numbers |= 1u << role;
	} else if (role == ROLE_RECORD_ID && v->type == EVTX_UINT64 && v->n == 8) {
		d->record_id = le64(v->p);
		d->numbers |= 1u << role;
	}
}

static inline bool
is_odd(uint8_t type)
{
	return (type & EVTX_ARRAY) != 0 || type == EVTX_BINXML;
}

void
binxml_slot(struct binxml *b, const struct step *s, const struct evtx_value *v)
{
	struct evtx_draft *d = b->draft;
	char              *start = d->at;

	if (v->type == EVTX_NULL) {
		if (s->role == ROLE_NAME)
			b->own_name = TEXT_NONE;
		else if (!s->optional)
			end_field(b, s, start);
		return;
	}
	if (is_odd(v->type)) {
		run_odd_slot(b, s, v);
		return;
	}
	if (!put_value(b, v))
		return;
	if (s->role < ROLE_OTHER_FACT)
		note_number(d, (enum evtx_role)s->role, v);
	end_field(b, s, start);
}

bool
binxml_put_text(struct binxml *b, struct text t)
{
	if (!evtx_draft_room(b->draft, t.n)) {
		binxml_stop(b, "the record expands to more text than it may have");
		return false;
	}
	memcpy(b->draft->at, t.p, t.n);
	b->draft->at += t.n;
	return true;
}

/* A field of several pieces; binary XML among them is decoded behind it. */
void
binxml_mixed(struct binxml *b, const struct step *s, const struct step *end,
	     const struct binxml_frame *f)
{
	const char *start = b->draft->at;
	bool        missing = false;

	for (const struct step *piece = s + 1; piece < end && !b->stop; piece++) {
		const struct evtx_value *v = frame_value(f, piece->slot);

		if (piece->op == STEP_PIECE_TEXT)
			binxml_put_text(b, piece->text);
		else if (v->type & EVTX_ARRAY)
			put_array(b, s, v, false);
		else if (v->type == EVTX_NULL)
			missing |= piece->optional;
		else if (v->type != EVTX_BINXML || !s->content)
			put_value(b, v);
	}
	if (b->stop)
		return;
	if (!missing || b->draft->at != start)
		end_field(b, s, start);
	for (const struct step *piece = s + 1; piece < end && !b->stop && s->content; piece++) {
		const struct evtx_value *v = frame_value(f, piece->slot);

		if (piece->op == STEP_PIECE_SLOT && v->type == EVTX_BINXML)
			binxml_nested(b, v, (enum evtx_place)s->place);
	}
}

void
binxml_text(struct binxml *b, const struct step *s)
{
	const char *start = b->draft->at;

	if (binxml_put_text(b, s->text))
		end_field(b, s, start);
}
