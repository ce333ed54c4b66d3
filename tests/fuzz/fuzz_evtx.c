/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The first byte chooses: bits 0 and 1 the read window, bit 2 recovery, bit 3 what the rest is:
 * a file, or the records of a chunk, which saves the fuzzer from inventing 64 KiB around them.
 */
#include "config.h"

#include "importers/evtx.h"
#include "importers/evtx_record.h"
#include "tests/fuzz/fuzz_input.h"
#include "tests/fuzz/mutate_evtx.h"

#define CHUNK        65536
#define CHUNK_HEADER 512

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

/* Every event's record is read again, as XML. */
static bool
read_again(void *self, struct event *ev)
{
	struct fuzz_evidence *e = self;
	struct arena          keep = arena_open((size_t)64 << 20);
	struct input          in = { .name = TEXT("fuzz"), .size = e->n, .self = e,
				     .read_at = fuzz_read_at, .seekable = true };
	struct evtx_record    record;
	struct err            err = { .kind = ERR_NONE };

	if (evtx_record_read(&in, ev->offset, ev->length, &keep, &record, &err) &&
	    record.bytes.n != ev->length)
		abort();
	arena_close(&keep);
	return fuzz_event(self, ev);
}

static void
read_file(uint8_t mode, const uint8_t *p, size_t n)
{
	static const size_t   windows[] = { 0, 1021, 4096, 65000 };
	struct fuzz_evidence  e = { p, n };
	struct input          in = { .name = TEXT("fuzz"), .size = n, .self = &e,
				     .read_at = fuzz_read_at, .seekable = true };
	struct import_options opt = { .window_bytes = windows[mode & 3],
				      .recover = (mode & 4) != 0 };
	struct sink           sink = { .self = &e, .event = read_again, .gap = fuzz_gap };
	struct err            err = { .kind = ERR_NONE };

	importer_evtx.bid((struct text){ (const char *)p, n < SNIFF_BYTES ? n : SNIFF_BYTES }, n);
	if (!importer_evtx.decode(&in, 0, n, &opt, &sink, &err))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	if (n == 0)
		return 0;
	if ((p[0] & 8) == 0) {
		read_file(p[0], p + 1, n - 1);
		return 0;
	}
	uint8_t *chunk = calloc(1, CHUNK);
	size_t   records = n - 1 < CHUNK - CHUNK_HEADER ? n - 1 : CHUNK - CHUNK_HEADER;

	if (chunk == NULL)
		abort();
	memcpy(chunk, "ElfChnk", 8);
	memset(chunk + 48, 0xff, 4); /* free space: nowhere */
	chunk[120] = 4;              /* no checksums */
	memcpy(chunk + CHUNK_HEADER, p + 1, records);
	read_file(p[0], chunk, CHUNK);
	free(chunk);
	return 0;
}
