/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * block.h - the fields of consecutive events as one compressed block, and back.
 *
 * Layout before compression (zstd level 1); every number is a base-128 varint:
 *
 *	1 (layout), events, names, shapes
 *	names:  length, bytes
 *	shapes: extras, fields, system fields, then a name index per field
 *	sizes:  bytes of each event
 *	events: shape, format, extras in the order of their bits, then a value per field;
 *	        an extra or a value is length, bytes
 *
 * A shape is a list of field names; events of a kind share one. The extras of a shape are texts
 * that are no fields: enum block_extra. Host is among them only when no system field Computer
 * says the same. A block is closed at 64 KiB or 128 events: measured, smaller compresses worse
 * and larger is slower to read from.
 */
#ifndef AUGER_STORE_BLOCK_H
#define AUGER_STORE_BLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/event.h"
#include "base/text.h"

#define BLOCK_LAYOUT    1
#define BLOCK_RAW_BYTES 65536
#define BLOCK_EVENTS    128
#define BLOCK_EVENTS_MOST BLOCK_RAW_BYTES /* that a block of any auger can have */
#define BLOCK_RAW_MAX   ((size_t)256 << 20) /* of a block with one huge event */

enum block_extra {
	EXTRA_HOST    = 1 << 0,
	EXTRA_MESSAGE = 1 << 1,
	EXTRA_NAME    = 1 << 2, /* event_name */
	EXTRA_REMARK  = 1 << 3,
};
#define N_EXTRAS 4

/* Fills blocks; belongs to one thread. */
struct block_encoder;
struct block_encoder *block_encoder_new(void);
void                  block_encoder_free(struct block_encoder *e);
/* Forgets everything, names included. */
void                  block_encoder_reset(struct block_encoder *e);
/* Adds an event; false: values had to be cut because it is larger than BLOCK_RAW_MAX. */
bool                  block_add(struct block_encoder *e, const struct event *ev);
uint32_t              block_events(const struct block_encoder *e);
bool                  block_full(const struct block_encoder *e);
/* Closes the block: its compressed bytes, in KEEP. */
struct text           block_close(struct block_encoder *e, struct arena *keep);
/* What it holds since the reset: names, and events that are in no block yet. */
size_t                block_bytes(const struct block_encoder *e);
/* Names seen since the reset. */
size_t                block_names(const struct block_encoder *e, const struct text **out);

/* The same block without the events whose DROP is set; empty text when none is left. */
struct text block_without(struct block_encoder *e, struct text packed, const bool *drop,
			  struct arena *keep);

/* A block opened for reading. */
struct block {
	char        *raw;
	size_t       raw_bytes;
	uint32_t     n; /* events */
	struct field *names;     /* name and key set */
	uint32_t     n_names;
	struct block_shape *shapes;
	uint32_t     n_shapes;
	uint32_t    *names_of;   /* name indexes of all shapes */
	size_t      *at;         /* n + 1 offsets of events in raw */
	size_t       memory_bytes;
};

/* False: not a block, or damaged. */
bool block_open(struct block *b, struct text packed);
void block_free(struct block *b);
/* Fields, message, event_name, remark, format (and host when the block has it) of event I, into
 * OUT, whose other members are left alone; texts point into the block, fields lie in KEEP. */
bool block_event(const struct block *b, uint32_t i, struct event *out, struct arena *keep);

/* All values of event I as they lie in the block, with lengths and the like between them. */
struct text block_body(const struct block *b, uint32_t i);
struct text block_bodies(const struct block *b); /* of all events */

size_t varint_put(unsigned char *p, uint64_t v); /* at most 10 bytes; returns how many */
/* Reads one and moves *P; false at the end or when it is too long. */
bool   varint_get(const unsigned char **p, const unsigned char *end, uint64_t *v);

#endif
