/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * classic.h - one event in text to struct event: Splunk's WinEventLog blocks, what wevtutil
 * prints, what Event Viewer copies.
 *
 * None of them says in which zone its time is: opt's zone is used and EVENT_ZONE_ASSUMED set.
 */
#ifndef AUGER_IMPORTERS_CLASSIC_H
#define AUGER_IMPORTERS_CLASSIC_H

#include "importers/date_line.h"
#include "importers/event_builder.h"
#include "importers/records.h"

/*
 * RECORD is UTF-8; ORDER is what the file as a whole says about its dates. EV is filled from the
 * builder; values live in KEEP. False: no event id in it.
 */
bool classic_read(struct event_builder *b, enum record_kind kind, struct text record,
		  enum date_order order, int32_t zone_offset_s, struct arena *keep,
		  struct event *ev);

#endif
