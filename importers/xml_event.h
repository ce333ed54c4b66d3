/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * xml_event.h - one event in XML to struct event, with libxml2.
 *
 * No DTD, no entity but the five predefined ones, no network, no huge documents: a record that
 * asks for them is refused. What other writers get wrong is set right before parsing: control
 * characters, bare ampersands, references to characters that XML does not have.
 */
#ifndef AUGER_IMPORTERS_XML_EVENT_H
#define AUGER_IMPORTERS_XML_EVENT_H

#include "base/event.h"
#include "importers/event_builder.h"

struct xml_reader; /* for one record after the other */

struct xml_reader *xml_reader_open(struct event_builder *b, struct arena *keep);
void               xml_reader_close(struct xml_reader *x);

enum xml_outcome {
	XML_WHOLE,
	XML_DAMAGED, /* an event, but not all of it: see why */
	XML_LOST,    /* no event came of it: see why */
};

/* RECORD is UTF-8. EV is filled from the builder; values live in KEEP. *WHY: words for a gap. */
enum xml_outcome xml_read(struct xml_reader *x, struct text record, struct arena *keep,
			  struct event *ev, struct text *why);

/* The fields of a piece of an event (<EventData> ...) are added to what the builder has. */
void xml_read_fragment(struct xml_reader *x, struct text xml, struct arena *keep);

#endif
