/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * evtx_typed.h - values as a log stores them: typed where their text is that type's usual form.
 */
#ifndef AUGER_SAMPLES_EVTX_TYPED_H
#define AUGER_SAMPLES_EVTX_TYPED_H

#include "importers/evtx_value.h"
#include "samples/evtx_bytes.h"

struct evtx_typed {
	uint8_t     type; /* enum evtx_type */
	uint8_t     n;    /* bytes of a value that is no string */
	uint8_t     bytes[8 + 4 * 15];
	struct text text; /* of a string; borrowed */
};

/* "500" is a uint32, "0x3e7" a hexadecimal number, "{...}" a GUID, "S-1-..." a SID, "true" a
 * boolean; absent is NULL, anything else a string. */
struct evtx_typed evtx_typed(struct text t);
struct evtx_typed evtx_typed_text(struct text t);
struct evtx_typed evtx_typed_number(enum evtx_type type, uint64_t v);

size_t evtx_typed_size(const struct evtx_typed *v);
void   evtx_typed_put(struct bytes *b, const struct evtx_typed *v);

uint64_t evtx_filetime(int64_t time_ns);

#endif
