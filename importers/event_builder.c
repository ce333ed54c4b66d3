/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "importers/event_builder.h"

#include "base/when.h"
#include "importers/fresh.h"

#define LEAF_LOOK_BACK 1024 /* fields looked at for a leaf of the same name */

static const struct text fact_names[ROLE_OTHER_FACT] = {
	[ROLE_PROVIDER] = TEXT_INIT("Name"),
	[ROLE_GUID] = TEXT_INIT("Guid"),
	[ROLE_EVENT_ID] = TEXT_INIT("EventID"),
	[ROLE_QUALIFIERS] = TEXT_INIT("Qualifiers"),
	[ROLE_VERSION] = TEXT_INIT("Version"),
	[ROLE_LEVEL] = TEXT_INIT("Level"),
	[ROLE_TASK] = TEXT_INIT("Task"),
	[ROLE_OPCODE] = TEXT_INIT("Opcode"),
	[ROLE_KEYWORDS] = TEXT_INIT("Keywords"),
	[ROLE_TIME] = TEXT_INIT("SystemTime"),
	[ROLE_RECORD_ID] = TEXT_INIT("EventRecordID"),
	[ROLE_ACTIVITY] = TEXT_INIT("ActivityID"),
	[ROLE_RELATED_ACTIVITY] = TEXT_INIT("RelatedActivityID"),
	[ROLE_PROCESS] = TEXT_INIT("ProcessID"),
	[ROLE_THREAD] = TEXT_INIT("ThreadID"),
	[ROLE_CHANNEL] = TEXT_INIT("Channel"),
	[ROLE_HOST] = TEXT_INIT("Computer"),
	[ROLE_USER] = TEXT_INIT("UserID"),
};

void
builder_open(struct event_builder *b)
{
	size_t n = BUILDER_FACTS + BUILDER_FIELDS_MAX;

	*b = (struct event_builder){ 0 };
	b->mem = arena_open_whole(n * (sizeof(struct field) + sizeof(struct text)) + 64);
	b->fields = fresh_new(&b->mem, struct field, n);
	b->parents = fresh_new(&b->mem, struct text, n);
	builder_clear(b);
}

void
builder_close(struct event_builder *b)
{
	arena_close(&b->mem);
}

void
builder_clear(struct event_builder *b)
{
	b->n_fields = BUILDER_FACTS;
	b->n_other = 0;
	b->present = 0;
	b->message = TEXT_NONE;
	b->overfull = false;
}

static void
add_fact(struct event_builder *b, enum evtx_role role, struct text name, struct text value)
{
	uint32_t slot = role;

	if (role == ROLE_OTHER_FACT) {
		if (b->n_other == BUILDER_OTHER_MAX)
			return;
		slot += b->n_other++;
	}
	if (b->present >> slot & 1)
		return;
	b->present |= UINT32_C(1) << slot;
	b->fields[slot] = (struct field){ name, value, text_key(name) };
}

static void
add_body(struct event_builder *b, struct text parent, struct text name, struct text value)
{
	if (b->n_fields == BUILDER_FACTS + BUILDER_FIELDS_MAX) {
		b->overfull = true;
		return;
	}
	b->parents[b->n_fields] = parent;
	b->fields[b->n_fields++] = (struct field){ name, value, text_key(name) };
}

void
builder_add(struct event_builder *b, enum evtx_role role, struct text name, struct text value)
{
	if (role <= ROLE_OTHER_FACT)
		add_fact(b, role, name, value);
	else if (role == ROLE_MESSAGE)
		b->message = text_absent(b->message) ? value : b->message;
	else if (role == ROLE_BODY || role == ROLE_PAYLOAD)
		add_body(b, TEXT_NONE, name, value);
}

void
builder_fact(struct event_builder *b, enum evtx_role role, struct text value)
{
	add_fact(b, role, fact_names[role], value);
}

struct text
builder_get(const struct event_builder *b, enum evtx_role role)
{
	return b->present >> role & 1 ? b->fields[role].value : TEXT_NONE;
}

void
builder_leaf(struct event_builder *b, struct text parent, struct text name, struct text value,
	     struct arena *keep)
{
	uint32_t key = text_key(name);
	uint32_t end = b->n_fields;

	if (end > BUILDER_FACTS + LEAF_LOOK_BACK)
		end = BUILDER_FACTS + LEAF_LOOK_BACK;
	for (uint32_t i = BUILDER_FACTS; i < end; i++) {
		if (b->fields[i].key != key || !text_eq(b->fields[i].name, name))
			continue;
		if (!text_absent(b->parents[i]) && !text_eq(b->parents[i], parent))
			name = arena_join(keep, arena_join(keep, parent, TEXT(".")), name);
		break;
	}
	add_body(b, parent, name, value);
}

struct text
builder_body_get(const struct event_builder *b, struct text name)
{
	for (uint32_t i = BUILDER_FACTS; i < b->n_fields; i++)
		if (text_eq(b->fields[i].name, name))
			return b->fields[i].value;
	return TEXT_NONE;
}

/* Moves the facts that are there next to the body; returns where the list begins. */
static struct field *
close_ranks(struct event_builder *b)
{
	struct field *to = b->fields + BUILDER_FACTS;

	for (uint32_t slot = BUILDER_FACTS; slot-- > 0;)
		if (b->present >> slot & 1)
			*--to = b->fields[slot];
	return to;
}

void
builder_finish(struct event_builder *b, struct event *ev)
{
	uint64_t n;
	bool has_zone;

	ev->host = builder_get(b, ROLE_HOST);
	ev->channel = builder_get(b, ROLE_CHANNEL);
	ev->provider = builder_get(b, ROLE_PROVIDER);
	ev->message = b->message;
	if (ev->time_ns == WHEN_NONE && !text_absent(builder_get(b, ROLE_TIME)) &&
	    !when_from_iso(builder_get(b, ROLE_TIME), &ev->time_ns, &has_zone))
		ev->time_ns = WHEN_NONE;
	if (text_to_u64(builder_get(b, ROLE_EVENT_ID), &n) && n <= UINT32_MAX)
		ev->event_id = (uint32_t)n;
	ev->has_record_id = text_to_u64(builder_get(b, ROLE_RECORD_ID), &ev->record_id);
	ev->fields = close_ranks(b);
	ev->n_system = (uint32_t)(b->fields + BUILDER_FACTS - ev->fields);
	ev->n_fields = ev->n_system + (b->n_fields - BUILDER_FACTS);
	event_finish(ev);
}

void
builder_more(struct event_builder *b, struct event *ev)
{
	ev->n_fields = ev->n_system + (b->n_fields - BUILDER_FACTS);
	event_finish(ev);
}
