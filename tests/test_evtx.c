/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Event log files: chunks, records, damage, recovery, ranges. */
#include "config.h"

#include "importers/bytes.h"
#include "samples/evtx_writer.h"
#include "tests/evtx_forge.h"

static struct forge f;

/* A plain record with one field. */
static void
record(const char *text)
{
	forge_record(&f);
	size_t event = forge_event(&f);
	size_t data = forge_open(&f, "EventData", false, 0);

	forge_content(&f);
	forge_leaf(&f, "Text", text);
	forge_close(&f, data);
	forge_close(&f, event);
	forge_record_end(&f);
}

static struct text
three_records(void)
{
	forge_begin(&f);
	record("one");
	record("two");
	record("three");
	return forge_end(&f);
}

/* Two records of one template, as a format description gives them byte by byte. */
static const uint8_t two_records[] = {
	0x2a, 0x2a, 0x00, 0x00, 0xe8, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x80, 0x20, 0x9b, 0xcb, 0x82, 0xd8, 0x01, 0x0f, 0x01, 0x01, 0x00, 0x0c, 0x01,
	0x78, 0x56, 0x34, 0x12, 0x26, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x78, 0x56, 0x34,
	0x12, 0x34, 0x12, 0x78, 0x56, 0x9a, 0xbc, 0xde, 0xf0, 0x12, 0x34, 0x56, 0x78, 0x93, 0x00,
	0x00, 0x00, 0x0f, 0x01, 0x01, 0x00, 0x01, 0xff, 0xff, 0x87, 0x00, 0x00, 0x00, 0x4d, 0x02,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xba, 0x0c, 0x05, 0x00, 'E', 0, 'v', 0, 'e', 0, 'n',
	0, 't', 0, 0x00, 0x00, 0x02, 0x01, 0xff, 0xff, 0x22, 0x00, 0x00, 0x00, 0x6d, 0x02, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0xf5, 0x61, 0x07, 0x00, 'E', 0, 'v', 0, 'e', 0, 'n', 0, 't',
	0, 'I', 0, 'D', 0, 0x00, 0x00, 0x02, 0x0d, 0x00, 0x00, 0x06, 0x04, 0x41, 0xff, 0xff, 0x3d,
	0x00, 0x00, 0x00, 0x96, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x8a, 0x6f, 0x04, 0x00,
	'D', 0, 'a', 0, 't', 0, 'a', 0, 0x00, 0x00, 0x1d, 0x00, 0x00, 0x00, 0x06, 0xb1, 0x02,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x4b, 0x95, 0x04, 0x00, 'N', 0, 'a', 0, 'm', 0, 'e',
	0, 0x00, 0x00, 0x05, 0x01, 0x01, 0x00, 'A', 0, 0x02, 0x0e, 0x01, 0x00, 0x01, 0x04, 0x04,
	0x00, 0x02, 0x00, 0x00, 0x00, 0x02, 0x00, 0x06, 0x00, 0x04, 0x00, 0x01, 0x00, 0x08, 0x10,
	'h', 0, 'i', 0, 0x00, 0xe8, 0x00, 0x00, 0x00,

	0x2a, 0x2a, 0x00, 0x00, 0x40, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x80, 0x16, 0xb9, 0x9b, 0xcb, 0x82, 0xd8, 0x01, 0x0f, 0x01, 0x01, 0x00, 0x0c, 0x01,
	0x78, 0x56, 0x34, 0x12, 0x26, 0x02, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x02, 0x00, 0x06,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x08, 0x10, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x40, 0x00, 0x00, 0x00,
};

static void
the_worked_example_is_read_to_the_letter(void)
{
	forge_begin(&f);
	bytes_add(&f.chunk, two_records, sizeof(two_records));
	ok(f.chunk.n == 0x328, "it ends where it should");
	for (size_t at = 8; at < 40; at += 16) {
		f.chunk.p[at] = 1;
		f.chunk.p[at + 8] = 2;
	}
	bytes_set_u32(&f.chunk, 40, 128);
	f.last_record = 0x2e8;
	bytes_set_u32(&f.chunk, 120, 1);
	bytes_set_u32(&f.chunk, 128 + 4 * 58, 0x24d);
	bytes_set_u32(&f.chunk, 128 + 4 * 53, 0x26d);
	bytes_set_u32(&f.chunk, 128 + 4 * 10, 0x296);
	bytes_set_u32(&f.chunk, 128 + 4 * 11, 0x2b1);
	bytes_set_u32(&f.chunk, 384 + 4 * 24, 0x226);
	struct text file = forge_end(&f);

	ok(bytes_u32_at(&f.chunk, 52) == 0x3c437a67, "checksum of its records");
	ok(bytes_u32_at(&f.chunk, 124) == 0x946b7121, "checksum of its header");
	struct outcome o = forge_import(file, false);

	ok(o.events == 2 && o.gaps == 0 && !outcome_has(&o, "remark"), "two events and no remark");
	ok(outcome_has(&o, "time=2022-06-18T04:26:40.000000Z"), "the time of the record");
	ok(outcome_has(&o, "body EventID=[4104]\nbody A=[hi]\n"), "the first has both fields");
	ok(outcome_has(&o, "at=4840+64") && outcome_has(&o, "+64\nbody EventID=[4104]\n"),
	   "the second, by a reference backwards, has one");
	outcome_free(&o);
}

static void
a_wrong_checksum_is_a_remark_on_the_first_event(void)
{
	struct text file = three_records();

	f.chunk.p[60] ^= 1;
	struct outcome o = forge_import(file, false);

	ok(o.events == 3 && o.gaps == 0, "all is read");
	ok(outcome_has(&o, "remark=[checksum of the chunk header does not match]\nevent"),
	   "the first event says so");
	outcome_free(&o);
	f.file[120] = 4;
	o = forge_import(file, false);
	ok(!outcome_has(&o, "remark"), "nobody minds when no checksums were written");
	outcome_free(&o);
}

static void
behind_a_broken_record_only_recovery_goes_on(void)
{
	struct text file = three_records();
	size_t      second = 512 + bytes_u32_at(&f.chunk, 512 + 4);

	bytes_set_u32(&f.chunk, second + 4, 0);
	struct outcome o = forge_import(file, false);

	ok(o.events == 1 && o.gaps == 1 && o.lost == 2, "a size of 0 is a gap of two records");
	ok(outcome_has(&o, "recovery would read 1 whole record]"),
	   "one of which is whole");
	outcome_free(&o);
	o = forge_import(file, true);
	ok(o.events == 2 && o.lost == 1, "recovery reads it");
	ok(outcome_has(&o, "flags=6") && outcome_has(&o, "Text=[three]"), "and marks it");
	outcome_free(&o);
}

static void
sizes_that_cannot_be_are_refused(void)
{
	static const uint32_t sizes[] = { 1, 27, 65025, 65536, 0x7fffffff, 0xffffffff };
	bool                  good = true;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct text file = three_records();

		bytes_set_u32(&f.chunk, 512 + 4, sizes[i]);
		struct outcome o = forge_import(file, false);

		good &= o.events == 0 && o.gaps == 1;
		outcome_free(&o);
	}
	ok(good, "each is a gap");
}

static void
unused_space_is_for_recovery(void)
{
	struct text file = three_records();
	size_t      second = 512 + bytes_u32_at(&f.chunk, 512 + 4);

	bytes_set_u32(&f.chunk, 48, (uint32_t)second);
	f.file[120] = 4;
	struct outcome o = forge_import(file, false);

	ok(o.events == 1 && o.gaps == 0, "records behind the free-space offset are not live");
	outcome_free(&o);
	o = forge_import(file, true);
	ok(o.events == 3 && outcome_has(&o, "remark=[recovered from unused space of the chunk]"),
	   "recovery reads them and says where they were");
	outcome_free(&o);
}

static void
a_free_space_offset_that_is_too_large_is_no_damage(void)
{
	struct text file = three_records();

	bytes_set_u32(&f.chunk, 48, 60000);
	f.file[120] = 4;
	struct outcome o = forge_import(file, false);

	ok(o.events == 3 && o.gaps == 0, "zeros are the end");
	bytes_set_u32(&f.chunk, 48, 0xffffffff);
	outcome_free(&o);
	o = forge_import(file, false);
	ok(o.events == 3 && o.gaps == 0, "beyond the chunk too");
	outcome_free(&o);
}

static void
a_chunk_that_is_cut_off_is_a_gap_that_counts(void)
{
	struct text    file = three_records();
	struct outcome o = forge_import(text_head(file, 4096 + f.chunk.n + 100), false);

	ok(o.events == 0 && o.gaps == 1 && o.lost == 3, "three records");
	outcome_free(&o);
	o = forge_import(text_head(file, 4096 + f.last_record + 30), true);
	ok(o.events == 2 && o.gaps == 1, "recovery reads those that are whole");
	outcome_free(&o);
}

static void
a_file_that_ends_in_its_header_is_empty(void)
{
	struct text    file = three_records();
	struct outcome o = forge_import(text_head(file, 200), false);

	ok(o.events == 0 && o.gaps == 1 && outcome_has(&o, "at=0+200"), "one gap");
	outcome_free(&o);
	o = forge_import(text_head(file, 4096), false);
	ok(o.events == 0 && o.gaps == 0, "a header alone is a log without records");
	outcome_free(&o);
}

static void
a_block_without_a_header_is_a_gap(void)
{
	struct text file = three_records();

	f.chunk.p[0] = 'x';
	struct outcome o = forge_import(file, false);

	ok(o.events == 0 && o.lost == 3 && outcome_has(&o, "no chunk header"), "of three records");
	outcome_free(&o);
	o = forge_import(file, true);
	ok(o.events == 3, "recovery reads them by the block's own beginning");
	outcome_free(&o);
	memset(f.chunk.p, 0, FORGE_CHUNK);
	o = forge_import(file, false);
	ok(o.events == 0 && o.gaps == 0, "a block of zeros was never written");
	outcome_free(&o);
}

static void
a_foreign_region_is_one_gap(struct arena scratch)
{
	size_t         n = 4096 + 5 * FORGE_CHUNK;
	uint8_t       *file = arena_new(&scratch, uint8_t, n);
	struct text    log = three_records();
	struct outcome o;

	memset(file, 'x', n);
	memcpy(file, log.p, log.n);
	o = forge_import((struct text){ (const char *)file, n }, false);
	ok(o.events == 3 && o.gaps == 1, "four blocks of something else");
	ok(outcome_has(&o, "gap at=69632+262144 "), "from the first to the last");
	outcome_free(&o);
}

/* A log of N records over several chunks, as Windows writes them. */
static struct text
written_log(struct arena *keep, unsigned n)
{
	FILE               *out = tmpfile();
	struct evtx_writer *w = evtx_writer_open(keep, out);
	bool                good = true;

	for (unsigned i = 0; i < n; i++) {
		struct evtx_datum data[] = {
			{ TEXT("ScriptBlockText"), arena_printf(keep, "Get-Item %u", i) },
			{ TEXT("NewProcessId"), TEXT("0x1f4") },
			{ TEXT("SubjectUserSid"), TEXT("S-1-5-21-1-2-3-1105") },
			{ TEXT("Path"), TEXT("") },
			{ TEXT_NONE, TEXT("500") },
			{ TEXT("Gone"), TEXT_NONE },
		};
		struct evtx_record r = {
			.provider = TEXT("Microsoft-Windows-PowerShell"),
			.provider_guid = TEXT("{A0C1853B-5C40-4B15-8766-3CF1C58F985A}"),
			.event_id = 4104,
			.level = 5,
			.keywords = UINT64_C(0x8000000000000000),
			.time_ns = INT64_C(1709630127123456700) + i * WHEN_SECOND,
			.record_id = 7000 + i,
			.pid = 4312,
			.channel = TEXT("Microsoft-Windows-PowerShell/Operational"),
			.computer = TEXT("ws01.corp.example"),
			.user_sid = TEXT("S-1-5-18"),
			.data = data,
			.n_data = sizeof(data) / sizeof(data[0]),
		};

		good &= evtx_writer_add(w, &r);
	}
	good &= evtx_writer_finish(w);
	size_t size = (size_t)ftello(out);
	char  *p = arena_new(keep, char, size);

	rewind(out);
	good &= fread(p, 1, size, out) == size;
	fclose(out);
	ok(good, "a log of %u records is written", n);
	return (struct text){ p, size };
}

static void
what_was_written_is_read(struct arena scratch)
{
	struct text    log = written_log(&scratch, 1000);
	struct outcome o = forge_import(log, false);

	ok(log.n > 4096 + 3 * 65536, "it takes several chunks");
	ok(o.events == 1000 && o.gaps == 0 && !outcome_has(&o, "remark"),
	   "all of it, sums correct");
	ok(outcome_has(&o, "event 4104 time=2024-03-05T09:32:06.123456Z host=ws01.corp.example "
			   "channel=Microsoft-Windows-PowerShell/Operational "
			   "provider=Microsoft-Windows-PowerShell record=7999 "),
	   "the last one has its core facts");
	ok(outcome_has(&o,
		       "sys Name=[Microsoft-Windows-PowerShell]\n"
		       "sys Guid=[{A0C1853B-5C40-4B15-8766-3CF1C58F985A}]\n"
		       "sys EventID=[4104]\nsys Version=[0]\nsys Level=[5]\nsys Task=[0]\n"
		       "sys Opcode=[0]\nsys Keywords=[0x8000000000000000]\n"
		       "sys SystemTime=[2024-03-05T09:15:27.1234567Z]\n"
		       "sys EventRecordID=[7000]\nsys ProcessID=[4312]\nsys ThreadID=[0]\n"
		       "sys Channel=[Microsoft-Windows-PowerShell/Operational]\n"
		       "sys Computer=[ws01.corp.example]\nsys UserID=[S-1-5-18]\n"
		       "body ScriptBlockText=[Get-Item 0]\nbody NewProcessId=[0x1f4]\n"
		       "body SubjectUserSid=[S-1-5-21-1-2-3-1105]\nbody Path=[]\nbody Data=[500]\n"
		       "event"),
	   "the first has its fields in the agreed order");
	outcome_free(&o);
}

static void
records_whose_template_is_lost_borrow_one(struct arena scratch)
{
	struct text log = written_log(&scratch, 400);
	char       *second = arena_new(&scratch, char, log.n);
	struct text file = { second, log.n };

	memcpy(second, log.p, log.n);
	memset(second + 4096 + FORGE_CHUNK, 0, 4096);
	struct outcome o = forge_import(file, false);
	size_t         live = o.events, lost = o.lost;

	ok(live > 200 && live < 300 && lost > 100, "none of a block without a header is live");
	outcome_free(&o);
	o = forge_import(file, true);
	ok(o.events == live + lost && o.lost == 0, "recovery reads them by the templates before");
	ok(outcome_has(&o, "remark=[no chunk header; read by a template of another chunk]") &&
	       outcome_has(&o, "body ScriptBlockText=[Get-Item 200]\n"),
	   "and says so");
	outcome_free(&o);
}

/* The first record holds the templates and names of its chunk. */
static void
recovery_keeps_the_values_when_templates_are_overwritten(struct arena scratch)
{
	struct text log = written_log(&scratch, 40);
	uint8_t    *file = arena_new(&scratch, uint8_t, log.n);
	struct text bytes = { (const char *)file, log.n };

	memcpy(file, log.p, log.n);
	uint32_t first = le32(file + 4096 + 512 + 4);

	memset(file + 4096 + 512, 0, first);
	struct outcome o = forge_import(bytes, false);

	ok(o.events == 0 && o.gaps == 1 && o.lost == 39, "zeros hide the records behind them");
	outcome_free(&o);
	o = forge_import(bytes, true);
	ok(o.events == 39 && o.lost == 1, "recovery reads them, and knows that one is lost");
	ok(outcome_has(&o, "=[Microsoft-Windows-PowerShell/Operational]\n") &&
	       outcome_has(&o, "=[ws01.corp.example]\n") &&
	       outcome_has(&o, "=[Get-Item 39]\n"),
	   "with the values of the event and of its data");
	ok(outcome_has(&o, "remark=[zeros where a record should be; template lost, fields are "
			   "numbered]\n"),
	   "and says that their names are lost");
	outcome_free(&o);
}

/* Decodes FILE in ranges of STEP chunks, with a small window. */
static struct outcome
in_ranges(struct text file, uint64_t step, bool recover)
{
	struct memory_evidence m = { file };
	struct input in = { .name = TEXT("memory"), .size = file.n, .self = &m,
			    .read_at = memory_evidence_read, .seekable = true };
	struct import_options opt = { .window_bytes = 4099, .recover = recover };
	struct outcome o = outcome_new(file.n * 64 + (1 << 20));
	struct sink    sink = { .self = &o, .event = outcome_event, .gap = outcome_gap };
	struct err     err = { .kind = ERR_NONE };
	uint64_t       begin = 0, end = importer_evtx.split_first;

	for (; begin < file.n; begin = end, end += step * importer_evtx.split_step)
		importer_evtx.decode(&in, begin, end < file.n ? end : file.n, &opt, &sink, &err);
	return o;
}

static void
ranges_give_the_same_as_the_whole(struct arena scratch)
{
	struct text log = written_log(&scratch, 600);
	char       *moved = arena_new(&scratch, char, log.n + 1536);
	struct text bare = text_from(log, 4096), shifted = { moved, log.n + 1536 };
	struct text files[] = { log, bare, shifted };

	memset(moved, 'x', 1536);
	memcpy(moved + 1536, log.p, log.n);
	for (size_t i = 0; i < 3; i++) {
		struct outcome whole = forge_import(files[i], true);

		ok(whole.events == 600 && whole.gaps == (i == 2),
		   i == 0   ? "a log"
		   : i == 1 ? "chunks without a file"
			    : "a log with junk before it");
		for (uint64_t step = 1; step < 4; step++) {
			struct outcome parts = in_ranges(files[i], step, true);

			ok(outcome_same(&whole, &parts), "the same in ranges of %d chunks",
			   (int)step);
			outcome_free(&parts);
		}
		outcome_free(&whole);
	}
}

static void
the_sink_may_stop_at_any_event(struct arena scratch)
{
	struct memory_evidence m = { written_log(&scratch, 300) };
	struct input in = { .name = TEXT("memory"), .size = m.bytes.n, .self = &m,
			    .read_at = memory_evidence_read, .seekable = true };
	struct import_options opt = { .recover = true };
	struct outcome o = outcome_new(1 << 22);
	struct sink    sink = { .self = &o, .event = outcome_event, .gap = outcome_gap };
	struct err     err = { .kind = ERR_NONE };

	o.stop_after = 7;
	ok(importer_evtx.decode(&in, 0, m.bytes.n, &opt, &sink, &err) && o.events == 7,
	   "nothing is delivered after that");
	outcome_free(&o);
}

static void
only_logs_are_claimed(void)
{
	struct text file = three_records();

	ok(importer_evtx.bid(file, file.n) == BID_SURE, "a file header is a sure sign");
	ok(importer_evtx.bid(text_from(file, 4096), 65536) == BID_SURE, "a chunk header too");
	f.file[0] = 'x';
	ok(importer_evtx.bid(file, file.n) == BID_LIKELY, "a chunk further on a likely one");
	ok(importer_evtx.bid(TEXT("ElfFil"), 6) == BID_NO, "less is none");
	ok(importer_evtx.bid(TEXT(""), 0) == BID_NO, "nor is nothing");
}

/* Flips bits all over a small log: whatever comes out, decoding ends inside its bounds. */
static void
no_flipped_bit_does_harm(struct arena scratch)
{
	struct text written = written_log(&scratch, 40);
	uint8_t    *file = arena_new(&scratch, uint8_t, written.n);
	uint64_t    state = 88172645463325252u;
	size_t      events = 0, gaps = 0;
	struct text bytes = { (const char *)file, 4096 + 65536 };

	for (int round = 0; round < 4000; round++) {
		memcpy(file, written.p, bytes.n);
		for (int flip = 0; flip <= round % 5; flip++) {
			state ^= state << 13;
			state ^= state >> 7;
			state ^= state << 17;
			/* Most hits in the first records, where the templates are. */
			size_t at = 4096 + 512 + (size_t)(state >> 8) % (round % 2 ? 3000 : 20000);

			file[at] ^= (uint8_t)(1u << (state & 7));
		}
		struct memory_evidence m = { bytes };
		struct input in = { .name = TEXT("memory"), .size = bytes.n, .self = &m,
				    .read_at = memory_evidence_read, .seekable = true };
		struct import_options opt = { .recover = round % 3 == 0 };
		struct outcome o = outcome_new(1 << 16);
		struct sink    sink = { .self = &o, .event = outcome_event, .gap = outcome_gap };
		struct err     err = { .kind = ERR_NONE };

		importer_evtx.decode(&in, 0, bytes.n, &opt, &sink, &err);
		events += o.events;
		gaps += o.gaps;
		outcome_free(&o);
	}
	ok(events > 4000 && gaps > 100, "4,000 damaged logs, read as far as they go");
}

int
main(void)
{
	struct arena scratch = arena_open((size_t)64 << 20);

	the_worked_example_is_read_to_the_letter();
	a_wrong_checksum_is_a_remark_on_the_first_event();
	behind_a_broken_record_only_recovery_goes_on();
	sizes_that_cannot_be_are_refused();
	unused_space_is_for_recovery();
	a_free_space_offset_that_is_too_large_is_no_damage();
	a_chunk_that_is_cut_off_is_a_gap_that_counts();
	a_file_that_ends_in_its_header_is_empty();
	a_block_without_a_header_is_a_gap();
	a_foreign_region_is_one_gap(scratch);
	what_was_written_is_read(scratch);
	records_whose_template_is_lost_borrow_one(scratch);
	recovery_keeps_the_values_when_templates_are_overwritten(scratch);
	ranges_give_the_same_as_the_whole(scratch);
	the_sink_may_stop_at_any_event(scratch);
	only_logs_are_claimed();
	no_flipped_bit_does_harm(scratch);
	arena_close(&scratch);
	return done_testing();
}
