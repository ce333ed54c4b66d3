/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Archives as they come: whole, nested, joined, cut off, unreadable for a moment. */
#include "config.h"

#include "tests/made_archive.h"

static const struct container_options plain;

static void
every_kind_gives_its_files(void)
{
	static const struct {
		const char *kind;
		int (*format)(struct archive *);
		int (*filter)(struct archive *);
	} kinds[] = {
		{ "zip", archive_write_set_format_zip, NULL },
		{ "7z", archive_write_set_format_7zip, NULL },
		{ "tar", archive_write_set_format_ustar, NULL },
		{ "gzip", archive_write_set_format_ustar, archive_write_add_filter_gzip },
		{ "bzip2", archive_write_set_format_pax, archive_write_add_filter_bzip2 },
		{ "xz", archive_write_set_format_gnutar, archive_write_add_filter_xz },
		{ "zstd", archive_write_set_format_pax, archive_write_add_filter_zstd },
		{ "lz4", archive_write_set_format_pax, archive_write_add_filter_lz4 },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct made    m;
		struct text    bytes = three_logs(&m, kinds[i].format, kinds[i].filter);
		struct outcome o = unpack(bytes, &plain);

		is(text_of(container_kind(text_head(bytes, SNIFF_BYTES))), text_of(kinds[i].kind),
		   "a container is told by its first bytes");
		ok(o.events == 3 && o.gaps == 0, "%s gives its three files and nothing else",
		   kinds[i].kind);
		ok(outcome_has(&o, "[logs/two.xml] 18 bytes <<Event>two</Event>>\n"),
		   "with their names and bytes");
		outcome_free(&o);
		free(m.bytes);
	}
}

static void
a_compressed_single_file_has_no_name(void)
{
	struct made    m;
	struct outcome o;

	made_begin(&m, archive_write_set_format_raw, archive_write_add_filter_gzip, NULL);
	made_open(&m);
	made_entry(&m, "x", AE_IFREG, TEXT("<Event>alone</Event>"));
	o = unpack(made_end(&m), &plain);
	ok(outcome_has(&o, "[] 20 bytes <<Event>alone</Event>>\n"), "a lone file is unpacked");
	outcome_free(&o);
	free(m.bytes);
}

static struct text
packed(struct made *m, struct text bytes)
{
	made_begin(m, archive_write_set_format_raw, archive_write_add_filter_gzip, NULL);
	made_open(m);
	made_entry(m, "x", AE_IFREG, bytes);
	return made_end(m);
}

/* Evidence of which one read fails and the others give a few bytes. */
struct weak_evidence {
	struct memory_evidence whole;
	int                    reads, fails_at;
};

static bool
weak_evidence_read(void *self, uint64_t offset, void *buf, size_t n, size_t *got, struct err *err)
{
	struct weak_evidence *e = self;

	if (++e->reads == e->fails_at)
		return err_set(err, ERR_IO, "the disk is ill");
	return memory_evidence_read(&e->whole, offset, buf, n < 30 ? n : 30, got, err);
}

static void
a_read_that_fails_is_said_once_and_ends_it(void)
{
	struct made m;
	struct text bytes = packed(&m, TEXT("<Event>alone, 0123456789 abcdefghijklmnopqrstuvwxyz</Event>"));

	for (int at = 1; at <= 2; at++) {
		struct weak_evidence e = { { bytes }, 0, at };
		struct input in = { .name = TEXT("a"), .size = bytes.n, .self = &e,
				    .read_at = weak_evidence_read, .seekable = true };
		struct outcome o = unpack_input(&in, &plain, 0);

		ok(o.gaps == 1 && outcome_has(&o, "not read further: the disk is ill"),
		   "a read that fails is said once");
		ok(!outcome_has(&o, "</Event>") && !outcome_has(&o, "\x1f"),
		   "and nothing of what is behind it comes out, nor packed bytes");
		printf("# %s", o.log);
		outcome_free(&o);
	}
	free(m.bytes);
}

static void
a_compressed_file_may_begin_with_zeros(void)
{
	char           disk[8192] = { 0 };
	struct made    m;
	struct outcome o = unpack(packed(&m, (struct text){ disk, 4096 }), &plain);

	ok(outcome_has(&o, "[] 4096 bytes"), "it is no empty tar archive");
	outcome_free(&o);
	free(m.bytes);
	memset(disk + 4096, 'x', 4096);
	o = unpack(packed(&m, (struct text){ disk, sizeof(disk) }), &plain);
	ok(outcome_has(&o, "[] 8192 bytes") && o.gaps == 0, "nor one behind whose zeros another is damaged");
	outcome_free(&o);
	free(m.bytes);
}

/* FIRST and SECOND, joined, one byte at AT from the end changed by XOR. */
static struct outcome
unpack_joined(struct text first, struct text second, size_t at, char xor)
{
	size_t         n = first.n + second.n;
	char          *bytes = malloc(n);
	struct outcome o;

	memcpy(bytes, first.p, first.n);
	memcpy(bytes + first.n, second.p, second.n);
	bytes[n - at] ^= xor;
	o = unpack((struct text){ bytes, n }, &plain);
	free(bytes);
	return o;
}

static void
gzip_is_believed_only_with_its_checksum(void)
{
	static const struct {
		size_t      at; /* from the end */
		const char *said;
	} harm[] = {
		{ 8, "gap: damaged: its gzip data is not as it was packed: incorrect data check" },
		{ 4, "gap: damaged: its gzip data is not as it was packed: incorrect length check" },
	};
	struct made    m, again, tar;
	struct text    bytes = packed(&m, TEXT("<Event>alone</Event>"));
	struct text    twice = packed(&again, bytes), logs;
	struct outcome o;

	for (size_t i = 0; i < sizeof(harm) / sizeof(*harm); i++) {
		o = unpack_joined(bytes, TEXT(""), harm[i].at, 1);
		ok(outcome_has(&o, "[] 20 bytes <<Event>alone</Event>>") &&
			   outcome_has(&o, harm[i].said),
		   "a file whose sum is wrong is read and called damaged");
		outcome_free(&o);
		o = unpack_joined(twice, TEXT(""), harm[i].at, 1);
		ok(outcome_has(&o, harm[i].said), "so is one that is packed twice");
		outcome_free(&o);
	}
	o = unpack_joined(twice, TEXT(""), 1, 0);
	ok(outcome_has(&o, "[] 20 bytes <<Event>alone</Event>>\n"), "packed twice it is read");
	outcome_free(&o);
	logs = three_logs(&tar, archive_write_set_format_ustar, archive_write_add_filter_gzip);
	o = unpack_joined(logs, TEXT(""), 8, 1);
	ok(o.events == 3 && outcome_has(&o, "[] gap: damaged: its gzip data is not as it was packed"),
	   "an archive ends before the sum, which is looked at all the same");
	outcome_free(&o);
	free(m.bytes);
	free(again.bytes);
	free(tar.bytes);
}

static void
what_lies_behind_gzip_is_read_or_named(void)
{
	struct made    m, other;
	struct text    one = packed(&m, TEXT("<Event>1</Event>"));
	struct text    two = packed(&other, TEXT("<Event>2</Event>"));
	struct outcome o = unpack_joined(one, two, 1, 0);

	ok(outcome_has(&o, "[] 32 bytes <<Event>1</Event><Event>2</Event>>\n"),
	   "streams behind one another are one file");
	outcome_free(&o);
	o = unpack_joined(one, two, two.n, 1);
	ok(outcome_has(&o, "[] 16 bytes <<Event>1</Event>> gap: damaged: behind its gzip data lies "
			   "something else"),
	   "one that does not begin as such is named");
	outcome_free(&o);
	o = unpack_joined(one, (struct text){ "\0\0\0\0\0", 5 }, 1, 0);
	ok(outcome_has(&o, "[] 16 bytes <<Event>1</Event>>\n"), "zeros to the end are nothing");
	outcome_free(&o);
	o = unpack_joined(one, TEXT("\0\0x"), 1, 0);
	ok(o.gaps == 1, "zeros with something behind them are");
	outcome_free(&o);
	free(m.bytes);
	free(other.bytes);
}

static void
archives_behind_one_another_are_one(void)
{
	struct made    m;
	struct text    logs = three_logs(&m, archive_write_set_format_ustar, NULL);
	struct outcome o = unpack_joined(logs, logs, 1, 0);

	ok(o.events == 6 && o.gaps == 0, "no tar is left out because it comes second");
	outcome_free(&o);
	free(m.bytes);
}

static void
names_are_labels(void)
{
	struct made    m;
	struct outcome o;

	made_begin(&m, archive_write_set_format_ustar, NULL, NULL);
	made_open(&m);
	made_entry(&m, "../../etc/cron.d/evil", AE_IFREG, TEXT("1"));
	made_entry(&m, "/abs\\back\\slash", AE_IFREG, TEXT("2"));
	made_entry(&m, "bad\xff\xfename", AE_IFREG, TEXT("3"));
	made_entry(&m, "esc\033[2Jape", AE_IFREG, TEXT("4"));
	o = unpack(made_end(&m), &plain);
	ok(o.events == 4, "no name keeps a file from being read");
	ok(outcome_has(&o, "[../../etc/cron.d/evil] 1 bytes <1>"), "a path that climbs is a label");
	ok(outcome_has(&o, "[/abs/back/slash] 1 bytes <2>"), "back-slashes are slashes");
	ok(outcome_has(&o, "[bad\xef\xbf\xbd\xef\xbf\xbdname] 1 bytes <3>"),
	   "bytes that are no UTF-8 are replaced");
	ok(access("../../etc/cron.d/evil", F_OK) != 0, "nothing was written by name");
	outcome_free(&o);
	free(m.bytes);
}

static void
what_came_of_a_torn_archive_is_kept(void)
{
	static const char head[] = "<Event>0123456789</Event>";
	size_t            n = 1 << 20;
	char             *noise = malloc(n);
	uint32_t          x = 1;
	unsigned          silent = 0;
	struct made       m;
	struct text       bytes;
	struct outcome    o;

	for (size_t i = 0; i < n; i++)
		noise[i] = (char)((x = x * 1664525 + 1013904223) >> 24);
	memcpy(noise, head, sizeof(head) - 1);
	for (int zip = 0; zip < 2; zip++) {
		made_begin(&m, zip ? archive_write_set_format_zip : archive_write_set_format_ustar,
			   zip ? NULL : archive_write_add_filter_gzip, NULL);
		made_open(&m);
		made_entry(&m, "first.xml", AE_IFREG, TEXT("<Event>first</Event>"));
		made_entry(&m, "second.xml", AE_IFREG, (struct text){ noise, n });
		bytes = made_end(&m);
		o = unpack(text_head(bytes, bytes.n / 2), &plain);
		ok(outcome_has(&o, "[first.xml] 20 bytes <<Event>first</Event>>\n"),
		   "what lies before the tear is whole");
		ok(outcome_has(&o, "bytes <<Event>0123456789</Event>"),
		   "the torn member is kept as far as it goes");
		ok(o.gaps >= 1, "and the rest is a gap");
		outcome_free(&o);
		for (size_t at = 14; at < 600; at += 7) { /* fewer bytes are no archive */
			o = unpack(text_head(bytes, at), &plain);
			silent += o.gaps == 0;
			outcome_free(&o);
		}
		free(m.bytes);
	}
	free(noise);
	ok(silent == 0, "no cut is too early to leave a gap (%u)", silent);
}

static void
what_is_no_archive_is_not_taken_for_one(void)
{
	static const struct text others[] = {
		TEXT_INIT(""), TEXT_INIT("P"), TEXT_INIT("BZh is how it begins"),
		TEXT_INIT("{\"a\":1}"), TEXT_INIT("ElfFile\0\0"), TEXT_INIT("\x1f\x8b"),
	};

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		ok(!container_kind(others[i]), "other content %zu is left alone", i);
}

int
main(void)
{
	every_kind_gives_its_files();
	a_compressed_single_file_has_no_name();
	a_read_that_fails_is_said_once_and_ends_it();
	a_compressed_file_may_begin_with_zeros();
	gzip_is_believed_only_with_its_checksum();
	what_lies_behind_gzip_is_read_or_named();
	archives_behind_one_another_are_one();
	names_are_labels();
	what_came_of_a_torn_archive_is_kept();
	what_is_no_archive_is_not_taken_for_one();
	return done_testing();
}
