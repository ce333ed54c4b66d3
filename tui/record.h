/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * record.h - an event as a record again: XML made of what the case keeps, or the bytes of
 * the evidence.
 */
#ifndef AUGER_TUI_RECORD_H
#define AUGER_TUI_RECORD_H

#include "store/query.h"

/* The event in the form of Windows' event schema. The case keeps names and values in their order;
 * which element of UserData a value stood in, and blanks between elements, it does not. */
struct text record_xml(const struct event *ev, struct arena *keep);

/* Rows of 16 bytes: offset, hexadecimal, characters. */
struct text record_hex(struct text bytes, struct arena *keep);

#endif
