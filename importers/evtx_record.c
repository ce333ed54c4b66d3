/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "importers/evtx_record.h"

#include <string.h>

#include "importers/binxml_xml.h"
#include "importers/bytes.h"
#include "importers/evtx_chunk.h"
#include "importers/utf16.h"

#define FILE_HEADER   4096
#define SECTOR        512
#define RECORD_HEADER 24 /* magic, size, id, time */
#define RECORD_MAGIC  0x00002a2a

static bool
read_all(struct input *in, uint64_t offset, uint8_t *buf, size_t n, size_t *got, struct err *err)
{
	*got = 0;
	while (*got < n) {
		size_t more;

		if (!in->read_at(in->self, offset + *got, buf + *got, n - *got, &more, err))
			return false;
		if (!more)
			break;
		*got += more;
	}
	return true;
}

static bool
chunk_at(struct input *in, uint64_t offset, uint8_t *buf, size_t *got, struct err *err)
{
	return read_all(in, offset, buf, EVTX_CHUNK_BYTES, got, err) && evtx_is_chunk(buf, *got);
}

/* The chunk around OFFSET: where the grid of a whole log has it, else the nearest that begins at a
 * sector before. Without one the record stands alone. */
static bool
find_chunk(struct input *in, uint64_t offset, uint8_t *buf, size_t *got, uint64_t *begin,
	   struct err *err)
{
	uint64_t grid = offset < FILE_HEADER ? 0 : offset - (offset - FILE_HEADER) % EVTX_CHUNK_BYTES;

	*begin = grid;
	if (offset >= FILE_HEADER && chunk_at(in, grid, buf, got, err))
		return true;
	for (uint64_t back = 0; back < EVTX_CHUNK_BYTES && err->kind == ERR_NONE; back += SECTOR) {
		uint64_t sector = offset / SECTOR * SECTOR;

		if (back > sector)
			break;
		*begin = sector - back;
		if (chunk_at(in, *begin, buf, got, err))
			return true;
	}
	return err->kind == ERR_NONE &&
	       err_set(err, ERR_INPUT, "there is no chunk of an event log around 0x%llx",
		       (unsigned long long)offset);
}

bool
evtx_record_read(struct input *in, uint64_t offset, uint64_t length, struct arena *keep,
		 struct evtx_record *out, struct err *err)
{
	uint8_t *buf = arena_new(keep, uint8_t, EVTX_CHUNK_BYTES + UTF16_SLACK);
	uint64_t begin;
	uint32_t at, size;
	size_t   got;

	memset(buf, 0, EVTX_CHUNK_BYTES + UTF16_SLACK);
	if (!find_chunk(in, offset, buf, &got, &begin, err))
		return false;
	at = (uint32_t)(offset - begin);
	if (at > got || got - at < RECORD_HEADER + 4 || le32(buf + at) != RECORD_MAGIC)
		return err_set(err, ERR_INPUT, "there is no record at 0x%llx now",
			       (unsigned long long)offset);
	size = le32(buf + at + 4);
	if (size != length || size < RECORD_HEADER + 4 || size > got - at)
		return err_set(err, ERR_INPUT, "the record at 0x%llx is another one now",
			       (unsigned long long)offset);
	*out = (struct evtx_record){ .bytes = { (const char *)buf + at, size } };
	out->why = binxml_xml(buf, (uint32_t)got, at + RECORD_HEADER, at + size - 4, keep, &out->xml);
	return true;
}
