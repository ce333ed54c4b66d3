/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Event logs in bytes that are no event log: chunks off the grid, records without their chunk. */
#include "config.h"

#include "importers/carve.h"
#include "samples/evtx_writer.h"
#include "tests/import_help.h"

#define N_RECORDS   1200
#define CHUNK_BYTES 65536
#define HEADER      4096
#define PAYLOAD     "0123456789 0123456789 0123456789 0123456789 0123456789 0123456789"

/* A log of a few chunks. */
static struct text
make_log(struct arena *keep)
{
	const struct evtx_datum data[] = {
		{ TEXT_INIT("TargetUserName"), TEXT_INIT("alice") },
		{ TEXT_INIT("Payload"), TEXT_INIT(PAYLOAD) },
	};
	FILE               *out = tmpfile();
	struct evtx_writer *w = evtx_writer_open(keep, out);
	bool                good = true;

	for (uint32_t i = 0; i < N_RECORDS; i++) {
		struct evtx_record r = {
			.provider = TEXT("P"), .event_id = 4624, .record_id = i + 1,
			.time_ns = INT64_C(1700000000000000000) + i, .channel = TEXT("Security"),
			.computer = TEXT("WS-07"), .data = data, .n_data = 2,
		};
		good &= evtx_writer_add(w, &r);
	}
	good &= evtx_writer_finish(w);
	long  n = ftell(out);
	char *p = arena_new(keep, char, (size_t)n);

	rewind(out);
	good &= fread(p, 1, (size_t)n, out) == (size_t)n;
	fclose(out);
	ok(good && n >= HEADER + 3 * CHUNK_BYTES, "the log has three chunks and more");
	return (struct text){ p, (size_t)n };
}

/* BYTES behind N bytes of noise. */
static struct text
behind_noise(struct text bytes, size_t n, struct arena *keep)
{
	char    *p = arena_new(keep, char, n + bytes.n);
	uint32_t x = 7;

	for (size_t i = 0; i < n; i++)
		p[i] = (char)((x = x * 1664525 + 1013904223) >> 24);
	memcpy(p + n, bytes.p, bytes.n);
	return (struct text){ p, n + bytes.n };
}

static struct outcome
carve(struct text bytes, size_t window)
{
	struct import_options opt = { .window_bytes = window, .recover = true, .carve = true };

	return import_with(&importer_carve, bytes, &opt);
}

static void
chunks_are_found_wherever_they_stand(struct text log)
{
	static const size_t places[] = { 0, 8, 512, 4096, 65536, 12345, 3 * 65536 + 1024 };
	struct text         chunks = text_from(log, HEADER);

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		struct arena   keep = arena_open((size_t)8 << 20);
		struct outcome o = carve(behind_noise(chunks, places[i], &keep), 0);

		ok(o.events == N_RECORDS && o.gaps == 0, "%zu bytes of noise hide nothing",
		   places[i]);
		if (i == 0)
			ok(outcome_has(&o, "host=WS-07 channel=Security provider=P record=1200"),
			   "an event is whole");
		outcome_free(&o);
		arena_close(&keep);
	}
}

static void
all_is_flagged_as_recovered(struct text log)
{
	struct outcome o = carve(log, 0);
	struct text    rest = { o.log, o.n };
	size_t         flagged = 0;

	for (size_t at; (at = text_find(rest, TEXT(" flags=4 "))) != TEXT_NOWHERE; flagged++)
		rest = text_from(rest, at + 1);
	ok(o.events == N_RECORDS && flagged == N_RECORDS, "every event of a whole log too");
	outcome_free(&o);
}

static void
records_survive_their_chunk(struct text log)
{
	struct arena   keep = arena_open((size_t)8 << 20);
	struct text    image = behind_noise(text_from(log, HEADER), 7 * 512, &keep);
	char          *p = arena_new(&keep, char, image.n);
	struct outcome o;

	memcpy(p, image.p, image.n);
	memset(p + 7 * 512, 0, 512);                   /* the first header */
	memset(p + 7 * 512 + CHUNK_BYTES + 100, 0xaa, 600); /* a record of the second */
	o = carve((struct text){ p, image.n }, 0);
	ok(o.events >= N_RECORDS - 3, "records without a chunk header are read: %zu", o.events);
	ok(outcome_has(&o, "carved, its chunk is lost"), "and say so");
	outcome_free(&o);
	arena_close(&keep);
}

static void
a_part_of_a_chunk_gives_its_records(struct text log)
{
	struct text    part = text_head(text_from(log, HEADER), 2 * CHUNK_BYTES + 30001);
	struct outcome o = carve(part, 0), whole = carve(text_head(part, 2 * CHUNK_BYTES), 0);

	ok(o.events > whole.events + 20, "a chunk that is cut off gives what is there");
	outcome_free(&o);
	outcome_free(&whole);
}

/* As workers do it. */
static struct outcome
carve_in_ranges(struct text bytes, uint64_t step)
{
	struct import_options  opt = { .recover = true, .carve = true };
	struct memory_evidence m = { bytes };
	struct input in = { .name = TEXT("m"), .size = bytes.n, .self = &m,
			    .read_at = memory_evidence_read, .seekable = true };
	struct outcome o = outcome_new(bytes.n * 64 + (1 << 20));
	struct sink    sink = { .self = &o, .event = outcome_event, .gap = outcome_gap };
	struct err     err = { 0 };

	for (uint64_t at = 0; at < bytes.n; at += step)
		importer_carve.decode(&in, at, at + step < bytes.n ? at + step : bytes.n, &opt,
				      &sink, &err);
	return o;
}

static void
windows_and_ranges_change_nothing(struct text log)
{
	struct arena   keep = arena_open((size_t)8 << 20);
	struct text    image = behind_noise(text_from(log, HEADER), 5 * 512, &keep);
	struct outcome whole = carve(image, 0);
	struct outcome small = carve(image, 4096), odd = carve(image, 65537);
	struct outcome ranges = carve_in_ranges(image, CHUNK_BYTES);

	ok(outcome_same(&whole, &small) && outcome_same(&whole, &odd),
	   "what is found does not depend on the window");
	ok(outcome_same(&whole, &ranges), "nor on the ranges");
	outcome_free(&whole);
	outcome_free(&small);
	outcome_free(&odd);
	outcome_free(&ranges);
	arena_close(&keep);
}

static void
other_bytes_are_passed_over(void)
{
	struct arena   keep = arena_open((size_t)8 << 20);
	struct text    noise = behind_noise(TEXT("ElfChnk"), 300000, &keep);
	struct outcome o = carve(noise, 0), nothing = carve(TEXT(""), 0);

	ok(o.events == 0 && o.gaps == 0, "noise gives nothing and is no gap");
	ok(nothing.events == 0 && nothing.gaps == 0, "nor does nothing");
	outcome_free(&o);
	outcome_free(&nothing);
	arena_close(&keep);
}

static void
hostile_bytes_do_no_harm(struct text log)
{
	struct arena   keep = arena_open((size_t)8 << 20);
	char          *p = arena_new(&keep, char, 3 * CHUNK_BYTES);
	struct outcome whole = carve((struct text){ log.p + HEADER, 3 * CHUNK_BYTES }, 8192);
	uint32_t       x = 11;
	size_t         most = 0;

	for (int round = 0; round < 40; round++) {
		struct outcome o;

		memcpy(p, log.p + HEADER, 3 * CHUNK_BYTES);
		for (int i = 0; i < 200; i++) {
			x = x * 1664525 + 1013904223;
			p[(x >> 8) % (3 * CHUNK_BYTES)] ^= (char)(1u << (x & 7));
		}
		if (round & 1)
			memset(p, 0, 8);
		o = carve((struct text){ p, 3 * CHUNK_BYTES - (size_t)round * 13 }, 8192);
		most = o.events > most ? o.events : most;
		outcome_free(&o);
	}
	ok(most > 0 && most <= whole.events, "of damaged chunks at most what they held is read (%zu)",
	   most);
	outcome_free(&whole);
	arena_close(&keep);
}

int
main(void)
{
	struct arena keep = arena_open((size_t)256 << 20);
	struct text  log = make_log(&keep);

	chunks_are_found_wherever_they_stand(log);
	all_is_flagged_as_recovered(log);
	records_survive_their_chunk(log);
	a_part_of_a_chunk_gives_its_records(log);
	windows_and_ranges_change_nothing(log);
	other_bytes_are_passed_over();
	hostile_bytes_do_no_harm(log);
	arena_close(&keep);
	return done_testing();
}
