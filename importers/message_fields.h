/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * message_fields.h - fields out of a rendered message, for sources that carry nothing else.
 *
 * Adds to the body: the fields of the event schema where the layout of the message is known
 * (script blocks, Sysmon, the common Security events, states of services), then every "Label: value" under its label
 * with underscores (New_Process_Name), as Splunk names them. Messages in other languages than
 * English yield labels only.
 */
#ifndef AUGER_IMPORTERS_MESSAGE_FIELDS_H
#define AUGER_IMPORTERS_MESSAGE_FIELDS_H

#include "importers/event_builder.h"

enum message_labels {
	LABELS_NONE, /* schema fields only: the source has its own names for the rest */
	LABELS_ALL,
};

/* MESSAGE has LF line ends; channel, provider and event id are taken from the builder's facts. */
void message_fields(struct event_builder *b, struct text message, enum message_labels labels,
		    struct arena *keep);

#endif
