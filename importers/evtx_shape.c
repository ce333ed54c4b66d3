/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "importers/evtx_shape.h"

#include <stddef.h>

/* System facts: element, attribute (none: the element's text), name as a field. */
static const struct fact {
	struct text    element, attribute, name;
	enum evtx_role role;
} facts[] = {
	{ TEXT_INIT("Provider"), TEXT_INIT("Name"), TEXT_INIT("Name"), ROLE_PROVIDER },
	{ TEXT_INIT("Provider"), TEXT_INIT("Guid"), TEXT_INIT("Guid"), ROLE_GUID },
	{ TEXT_INIT("EventID"), TEXT_INIT(""), TEXT_INIT("EventID"), ROLE_EVENT_ID },
	{ TEXT_INIT("EventID"), TEXT_INIT("Qualifiers"), TEXT_INIT("Qualifiers"), ROLE_QUALIFIERS },
	{ TEXT_INIT("Version"), TEXT_INIT(""), TEXT_INIT("Version"), ROLE_VERSION },
	{ TEXT_INIT("Level"), TEXT_INIT(""), TEXT_INIT("Level"), ROLE_LEVEL },
	{ TEXT_INIT("Task"), TEXT_INIT(""), TEXT_INIT("Task"), ROLE_TASK },
	{ TEXT_INIT("Opcode"), TEXT_INIT(""), TEXT_INIT("Opcode"), ROLE_OPCODE },
	{ TEXT_INIT("Keywords"), TEXT_INIT(""), TEXT_INIT("Keywords"), ROLE_KEYWORDS },
	{ TEXT_INIT("TimeCreated"), TEXT_INIT("SystemTime"), TEXT_INIT("SystemTime"), ROLE_TIME },
	{ TEXT_INIT("EventRecordID"), TEXT_INIT(""), TEXT_INIT("EventRecordID"), ROLE_RECORD_ID },
	{ TEXT_INIT("Correlation"), TEXT_INIT("ActivityID"), TEXT_INIT("ActivityID"),
	  ROLE_ACTIVITY },
	{ TEXT_INIT("Correlation"), TEXT_INIT("RelatedActivityID"),
	  TEXT_INIT("RelatedActivityID"), ROLE_RELATED_ACTIVITY },
	{ TEXT_INIT("Execution"), TEXT_INIT("ProcessID"), TEXT_INIT("ProcessID"), ROLE_PROCESS },
	{ TEXT_INIT("Execution"), TEXT_INIT("ThreadID"), TEXT_INIT("ThreadID"), ROLE_THREAD },
	{ TEXT_INIT("Channel"), TEXT_INIT(""), TEXT_INIT("Channel"), ROLE_CHANNEL },
	{ TEXT_INIT("Computer"), TEXT_INIT(""), TEXT_INIT("Computer"), ROLE_HOST },
	{ TEXT_INIT("Security"), TEXT_INIT("UserID"), TEXT_INIT("UserID"), ROLE_USER },
};

static const struct fact *
find_fact(struct text element, struct text attribute)
{
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
		if (text_eq(facts[i].element, element) && text_eq(facts[i].attribute, attribute))
			return &facts[i];
	return NULL;
}

static bool
is_lost(struct text name)
{
	return text_eq(name, EVTX_NAME_LOST);
}

/* Elements whose field is called by their Name attribute. */
static bool
is_named_by_attribute(struct text element)
{
	return text_eq(element, TEXT("Data")) || text_eq(element, TEXT("ComplexData"));
}

static struct text
dotted(struct arena *keep, struct text parent, struct text leaf)
{
	return arena_join(keep, arena_join(keep, parent, TEXT(".")), leaf);
}

static enum evtx_place
below_event(struct text element)
{
	static const struct {
		struct text     name;
		enum evtx_place place;
	} parts[] = {
		{ TEXT_INIT("System"), PLACE_SYSTEM },
		{ TEXT_INIT("EventData"), PLACE_EVENT_DATA },
		{ TEXT_INIT("UserData"), PLACE_USER_DATA },
		{ TEXT_INIT("ProcessingErrorData"), PLACE_ERROR },
		{ TEXT_INIT("RenderingInfo"), PLACE_RENDERING },
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (text_eq(parts[i].name, element))
			return parts[i].place;
	return is_lost(element) ? PLACE_EVENT_DATA : PLACE_BODY;
}

enum evtx_place
evtx_shape_inside(enum evtx_place at, struct text element)
{
	switch (at) {
	case PLACE_ROOT:
		return text_eq(element, TEXT("Event")) ? PLACE_EVENT : below_event(element);
	case PLACE_EVENT:
		return below_event(element);
	case PLACE_SYSTEM:
	case PLACE_FACT:
		return PLACE_FACT;
	case PLACE_RENDERING:
	case PLACE_KEYWORDS:
		return PLACE_KEYWORDS;
	case PLACE_EVENT_DATA:
	case PLACE_USER_DATA:
	case PLACE_BODY:
	case PLACE_ERROR:
		return PLACE_BODY;
	}
	return PLACE_BODY;
}

struct evtx_shape
evtx_shape_content(enum evtx_place at, struct text element, struct arena *keep)
{
	struct evtx_shape  s = { .role = ROLE_BODY, .name = element };
	const struct fact *fact;

	switch (at) {
	case PLACE_ROOT:
	case PLACE_EVENT:
	case PLACE_USER_DATA:
		s.omit_empty = true;
		break;
	case PLACE_SYSTEM:
		fact = find_fact(element, TEXT(""));
		s.role = fact ? fact->role : ROLE_OTHER_FACT;
		s.name = fact ? fact->name : element;
		s.omit_empty = fact == NULL;
		break;
	case PLACE_FACT:
		s.role = ROLE_OTHER_FACT;
		s.omit_empty = true;
		break;
	case PLACE_EVENT_DATA:
		break;
	case PLACE_BODY:
		s.leaf = !is_named_by_attribute(element);
		break;
	case PLACE_ERROR:
		if (text_eq(element, TEXT("EventPayload")))
			s.role = ROLE_PAYLOAD;
		break;
	case PLACE_RENDERING:
	case PLACE_KEYWORDS:
		if (at == PLACE_RENDERING && text_eq(element, TEXT("Message")))
			s.role = ROLE_MESSAGE;
		s.name = dotted(keep, TEXT("RenderingInfo"), element);
		s.omit_empty = true;
		break;
	}
	return s;
}

static bool
is_name(enum evtx_place at, struct text element, struct text attribute)
{
	return (is_named_by_attribute(element) || (at == PLACE_EVENT_DATA && is_lost(element))) &&
	       (text_eq(attribute, TEXT("Name")) || is_lost(attribute));
}

struct evtx_shape
evtx_shape_attribute(enum evtx_place at, struct text element, struct text attribute,
		     struct arena *keep)
{
	struct evtx_shape s = { .role = ROLE_BODY, .omit_empty = true };

	if (text_eq(attribute, TEXT("xmlns")) || text_starts(attribute, TEXT("xmlns:"))) {
		s.role = ROLE_IGNORE;
	} else if (at == PLACE_SYSTEM || at == PLACE_FACT) {
		const struct fact *fact = find_fact(element, attribute);

		s.role = fact ? fact->role : ROLE_OTHER_FACT;
		s.name = fact ? fact->name : attribute;
	} else if (is_name(at, element, attribute)) {
		s.role = ROLE_NAME;
	} else {
		s.name = dotted(keep, element, attribute);
	}
	return s;
}
