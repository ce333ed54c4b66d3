/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * evtx_record.h - one record of an event log read again where it lies.
 */
#ifndef AUGER_IMPORTERS_EVTX_RECORD_H
#define AUGER_IMPORTERS_EVTX_RECORD_H

#include "importers/importer.h"

struct evtx_record {
	struct text bytes; /* all of it, header and trailing size included */
	struct text xml;   /* what could be read of it */
	const char *why;   /* something could not; NULL: all of it */
};

/* The record at OFFSET, LENGTH bytes long. ERR_INPUT: there is none. */
bool evtx_record_read(struct input *in, uint64_t offset, uint64_t length, struct arena *keep,
		      struct evtx_record *out, struct err *err);

#endif
