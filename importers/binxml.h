/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * binxml.h - binary XML of a record to the fields of an event.
 *
 * Works inside one chunk: names and templates are offsets into it. Nothing in the chunk is
 * trusted; nesting, output and work per record have limits, so that decoding always ends.
 */
#ifndef AUGER_IMPORTERS_BINXML_H
#define AUGER_IMPORTERS_BINXML_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "importers/evtx_draft.h"

struct binxml; /* caches of templates, buffers; one per thread */

/* KEEP was opened just now. BORROWS: a record whose template was overwritten is read by one with
 * the same id that an earlier chunk had (the draft says so); for recovery, not for live records. */
struct binxml *binxml_open(struct arena *keep, bool borrows);
void           binxml_close(struct binxml *b);

/* The chunk of the records to come: N bytes at P, UTF16_SLACK more are readable. It must stay as
 * it is until the next one. */
void binxml_chunk(struct binxml *b, const uint8_t *p, uint32_t n);

/* Decodes the binary XML in [BEGIN, END) of the chunk into the cleared draft. NULL: all of it;
 * else why not, in words that outlive the call, and the draft holds what could be read. */
const char *binxml_decode(struct binxml *b, uint32_t begin, uint32_t end, struct evtx_draft *d);

#endif
