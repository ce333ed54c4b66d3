/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * evtx_writer.h - writes binary Windows event logs, for the demo, the tests and the bench.
 *
 * The layout is what Windows writes: 64 KiB chunks with their checksums, tables of names and
 * templates, records of one template for the event with its System part and a second one, inside,
 * for its EventData. Values whose text is the usual form of a number, GUID or SID are stored as
 * such, the rest as strings, so that every reader shows the text that was given. Layout: libevtx's
 * format description, [MS-EVEN6] 2.2.12.
 */
#ifndef AUGER_SAMPLES_EVTX_WRITER_H
#define AUGER_SAMPLES_EVTX_WRITER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/text.h"

struct evtx_datum {
	struct text name;  /* absent: unnamed */
	struct text value; /* absent: the template has the name, the record leaves it out */
};

struct evtx_record {
	struct text provider, provider_guid; /* GUID in braces; absent: none */
	uint32_t    event_id;
	uint8_t     version, level, opcode;
	uint16_t    task;
	uint64_t    keywords;
	int64_t     time_ns;
	uint64_t    record_id;
	struct text activity; /* GUID in braces; absent: none */
	uint32_t    pid, tid;
	struct text channel, computer;
	struct text user_sid; /* absent: none */
	const struct evtx_datum *data;
	uint32_t    n_data;
};

struct evtx_writer;

/* Writes to OUT, which must be able to seek; memory comes from KEEP. Nothing is closed. */
struct evtx_writer *evtx_writer_open(struct arena *keep, FILE *out);

/* False: the record does not fit into a chunk, or OUT failed. */
bool evtx_writer_add(struct evtx_writer *w, const struct evtx_record *r);

/* Writes the last chunk and the header; OUT stands at its end. */
bool evtx_writer_finish(struct evtx_writer *w);

#endif
