/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * record.h - an event as a record again: XML made of what the case keeps, or the bytes that the
 * evidence has.
 */
#ifndef AUGER_TUI_RECORD_H
#define AUGER_TUI_RECORD_H

#include "store/query.h"

/* The event in the form of Windows' event schema. The case keeps names and values in their order;
 * which element of UserData a value stood in, and blanks between elements, it does not. */
struct text record_xml(const struct event *ev, struct arena *keep);

#define RECORD_BYTES_MAX ((size_t)1 << 20)

/* The record as it stands in the evidence file, when that is a text, no member of an archive, and
 * still there. Errors: ERR_INPUT, ERR_IO, in words for the screen. */
bool record_source(const struct event_origin *origin, struct arena *keep, struct text *out,
		   struct err *err);

#endif
