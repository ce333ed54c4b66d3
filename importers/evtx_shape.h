/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * evtx_shape.h - which field of an event an element or attribute of its XML is.
 *
 * The tree of an event (System, EventData, UserData, RenderingInfo ...) becomes a flat list of
 * fields. This module knows the tree; it is asked while a template is compiled, not per record.
 * Element names: the event schema of Windows ([MS-EVEN6], "Event Schema" in the Windows SDK).
 */
#ifndef AUGER_IMPORTERS_EVTX_SHAPE_H
#define AUGER_IMPORTERS_EVTX_SHAPE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/text.h"

/* A name that is overwritten. Such an element is taken for what mostly stands in its place: below
 * Event a list of Data, and in that a Data with a Name. */
#define EVTX_NAME_LOST TEXT("?")

/* Where an element stands: what its parent is. */
enum evtx_place {
	PLACE_ROOT,
	PLACE_EVENT,      /* below Event */
	PLACE_SYSTEM,     /* below System */
	PLACE_FACT,       /* below an element of System */
	PLACE_EVENT_DATA, /* below EventData */
	PLACE_USER_DATA,  /* below UserData: the one wrapping element */
	PLACE_BODY,       /* deeper in a body: leaves count by name */
	PLACE_ERROR,      /* below ProcessingErrorData */
	PLACE_RENDERING,  /* below RenderingInfo */
	PLACE_KEYWORDS,   /* below RenderingInfo/Keywords */
};

/* What a text is to the event. System facts come first, in the order in which events list them. */
enum evtx_role {
	ROLE_PROVIDER,
	ROLE_GUID,
	ROLE_EVENT_ID,
	ROLE_QUALIFIERS,
	ROLE_VERSION,
	ROLE_LEVEL,
	ROLE_TASK,
	ROLE_OPCODE,
	ROLE_KEYWORDS,
	ROLE_TIME,
	ROLE_RECORD_ID,
	ROLE_ACTIVITY,
	ROLE_RELATED_ACTIVITY,
	ROLE_PROCESS,
	ROLE_THREAD,
	ROLE_CHANNEL,
	ROLE_HOST,
	ROLE_USER,
	ROLE_OTHER_FACT, /* of System, without a place of its own */
	ROLE_BODY,
	ROLE_MESSAGE, /* rendered text */
	ROLE_PAYLOAD, /* raw data of an event that did not fit its manifest */
	ROLE_NAME,    /* names the field of its element */
	ROLE_IGNORE,
};

struct evtx_shape {
	enum evtx_role role;
	struct text    name;
	bool           omit_empty; /* a container or attribute: no field when its text is empty */
	bool           leaf; /* needs its parent's name too when another parent has that leaf */
};

/* Where the children of ELEMENT stand. */
enum evtx_place evtx_shape_inside(enum evtx_place at, struct text element);

/* The text of ELEMENT. Names that are put together live in KEEP. */
struct evtx_shape evtx_shape_content(enum evtx_place at, struct text element, struct arena *keep);
struct evtx_shape evtx_shape_attribute(enum evtx_place at, struct text element,
				       struct text attribute, struct arena *keep);

#endif
