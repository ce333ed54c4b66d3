/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * evtx_value.h - one typed value of a binary event to text, as Windows shows it.
 *
 * Source of types and spellings: [MS-EVEN6] 2.2.12 to 2.2.17, libevtx's format description.
 * A value points into the chunk; UTF16_SLACK bytes behind it must be readable. Sizes that do not
 * fit the type are shown as hexadecimal bytes, never read beyond.
 */
#ifndef AUGER_IMPORTERS_EVTX_VALUE_H
#define AUGER_IMPORTERS_EVTX_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "importers/utf16.h"

enum evtx_type {
	EVTX_NULL = 0x00,
	EVTX_STRING = 0x01,
	EVTX_ANSI = 0x02,
	EVTX_INT8 = 0x03,
	EVTX_UINT8 = 0x04,
	EVTX_INT16 = 0x05,
	EVTX_UINT16 = 0x06,
	EVTX_INT32 = 0x07,
	EVTX_UINT32 = 0x08,
	EVTX_INT64 = 0x09,
	EVTX_UINT64 = 0x0a,
	EVTX_FLOAT = 0x0b,
	EVTX_DOUBLE = 0x0c,
	EVTX_BOOL = 0x0d,
	EVTX_BINARY = 0x0e,
	EVTX_GUID = 0x0f,
	EVTX_SIZE = 0x10,
	EVTX_FILETIME = 0x11,
	EVTX_SYSTEMTIME = 0x12,
	EVTX_SID = 0x13,
	EVTX_HEX32 = 0x14,
	EVTX_HEX64 = 0x15,
	EVTX_HANDLE = 0x20,
	EVTX_BINXML = 0x21,
	EVTX_XML = 0x23,
	EVTX_ARRAY = 0x80, /* added to the type of the items */
};

struct evtx_value {
	const uint8_t *p;
	uint32_t       n;
	uint8_t        type; /* as stored; may be none of enum evtx_type */
};

/* The date part of the last FILETIME written: most of them fall on one day. */
struct evtx_dates {
	uint64_t day; /* since 1601-01-01; UINT64_MAX: none yet */
	unsigned length;
	char     text[16]; /* "2024-03-05T" */
};

#define EVTX_DATES_NONE { .day = UINT64_MAX }

/* Room that the text of a value of N bytes may need, slack included. */
static inline size_t
evtx_value_room(size_t n)
{
	return 3 * n + 320;
}

/* The text of a string of N bytes without the NULs at its end. */
static inline char *
evtx_string_text(char *out, const uint8_t *p, size_t n)
{
	size_t units = n / 2;

	while (units && p[2 * units - 1] == 0 && p[2 * units - 2] == 0)
		units--;
	return utf16_to_utf8(out, p, units);
}

/* Writes the text of V (no array, no binary XML: those come out as hexadecimal bytes) to OUT,
 * returns its end. *MISFIT is set when the size does not fit the type, else left alone. */
char *evtx_value_text(char *out, const struct evtx_value *v, struct evtx_dates *dates,
		      bool *misfit);

/* Takes the next item off the array REST (its type has EVTX_ARRAY set); false: no more items. An
 * item that does not fit is what is left, as bytes. */
bool evtx_array_next(struct evtx_value *rest, struct evtx_value *item);

#endif
