/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * binxml_xml.h - binary XML of a record as XML text: elements, attributes and order as recorded.
 *
 * For one record at a time, when somebody looks at it; binxml.h is the fast way to its fields.
 * Elements and attributes whose value is NULL are left out as Windows leaves them out; items of an
 * array stand on lines of their own. Nothing in the chunk is trusted; depth, work and output have
 * limits.
 */
#ifndef AUGER_IMPORTERS_BINXML_XML_H
#define AUGER_IMPORTERS_BINXML_XML_H

#include <stdint.h>

#include "base/arena.h"

/* The binary XML in [BEGIN, END) of the chunk: N bytes at P, UTF16_SLACK more are readable. NULL: all
 * of it is in OUT; else why not, in words that outlive the call, and OUT has what could be read. */
const char *binxml_xml(const uint8_t *p, uint32_t n, uint32_t begin, uint32_t end,
		       struct arena *keep, struct text *out);

#endif
