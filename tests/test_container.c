/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Archives as they come: whole, nested, locked, cut off, and made to do harm. */
#include "config.h"

#include <archive.h>
#include <archive_entry.h>
#include <malloc.h>
#include <unistd.h>

#include "importers/container.h"
#include "importers/crc32.h"
#include "tests/import_help.h"

#define ARCHIVE_MAX ((size_t)8 << 20)

/* Archives are written into memory by libarchive itself. */
struct made {
	struct archive *archive;
	char           *bytes;
	size_t          n;
};

static void
made_begin(struct made *m, int (*format)(struct archive *), int (*filter)(struct archive *),
	   const char *options)
{
	m->bytes = malloc(ARCHIVE_MAX);
	m->n = 0;
	m->archive = archive_write_new();
	format(m->archive);
	if (filter)
		filter(m->archive);
	archive_write_set_bytes_in_last_block(m->archive, 1);
	if (options)
		archive_write_set_options(m->archive, options);
}

static void
made_open(struct made *m)
{
	archive_write_open_memory(m->archive, m->bytes, ARCHIVE_MAX, &m->n);
}

static void
made_entry(struct made *m, const char *name, unsigned type, struct text content)
{
	struct archive_entry *e = archive_entry_new();

	archive_entry_set_pathname(e, name);
	archive_entry_set_filetype(e, type);
	archive_entry_set_perm(e, 0644);
	if (type == AE_IFLNK)
		archive_entry_set_symlink(e, "/etc/passwd");
	archive_entry_set_size(e, type == AE_IFREG ? (la_int64_t)content.n : 0);
	archive_write_header(m->archive, e);
	if (type == AE_IFREG)
		archive_write_data(m->archive, content.p, content.n);
	archive_entry_free(e);
}

static struct text
made_end(struct made *m)
{
	archive_write_close(m->archive);
	archive_write_free(m->archive);
	return (struct text){ m->bytes, m->n };
}

/* Three logs, and what is no log: a folder, a link. */
static struct text
three_logs(struct made *m, int (*format)(struct archive *), int (*filter)(struct archive *))
{
	made_begin(m, format, filter, NULL);
	made_open(m);
	made_entry(m, "logs", AE_IFDIR, TEXT_NONE);
	made_entry(m, "logs/one.xml", AE_IFREG, TEXT("<Event>one</Event>"));
	made_entry(m, "logs/link.xml", AE_IFLNK, TEXT_NONE);
	made_entry(m, "logs/two.xml", AE_IFREG, TEXT("<Event>two</Event>"));
	made_entry(m, "logs/three.xml", AE_IFREG, TEXT("<Event>three</Event>"));
	return made_end(m);
}

/* What comes out, written down: a line per member or gap. Others take so much memory meanwhile. */
static struct outcome
unpack_input(struct input *in, const struct container_options *opt, size_t others_bytes)
{
	struct container *c = container_open(in, opt);
	struct outcome    o = outcome_new((size_t)1 << 20);
	void *volatile    others = others_bytes ? malloc(others_bytes) : NULL;
	const atomic_bool never = false;
	struct member     m;

	while (container_next(c, &m, &never)) {
		char    content[64] = "";
		ssize_t n = m.fd >= 0 ? pread(m.fd, content, sizeof(content), 0) : 0;

		outcome_say(&o, "[" TEXT_FMT "]", TEXT_ARG(m.name));
		if (m.fd >= 0)
			outcome_say(&o, " %llu bytes <%.*s>", (unsigned long long)m.size, (int)n,
				    content);
		if (!text_absent(m.gap))
			outcome_say(&o, " gap: " TEXT_FMT, TEXT_ARG(m.gap));
		outcome_say(&o, "%s\n", m.locked ? " locked" : "");
		o.events += m.fd >= 0;
		o.gaps += !text_absent(m.gap);
		if (m.fd >= 0)
			close(m.fd);
	}
	container_close(c);
	free(others);
	return o;
}

static struct outcome
unpack_beside(struct text bytes, const struct container_options *opt, size_t others_bytes)
{
	struct memory_evidence e = { bytes };
	struct input in = { .name = TEXT("a"), .size = bytes.n, .self = &e,
			    .read_at = memory_evidence_read, .seekable = true };

	return unpack_input(&in, opt, others_bytes);
}

static struct outcome
unpack(struct text bytes, const struct container_options *opt)
{
	return unpack_beside(bytes, opt, 0);
}

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

static struct text
locked_zip(struct made *m)
{
	made_begin(m, archive_write_set_format_zip, NULL, NULL);
	archive_write_set_options(m->archive, "zip:encryption=aes256");
	archive_write_set_passphrase(m->archive, "infected");
	made_open(m);
	made_entry(m, "secret.xml", AE_IFREG, TEXT("<Event>secret</Event>"));
	return made_end(m);
}

static void
encrypted_members_need_the_password(void)
{
	const char *const        words[] = { "wrong", "infected" };
	struct container_options with = { .passwords = words, .n_passwords = 2 };
	const char *const        others[] = { "another" };
	struct container_options wrong = { .passwords = words, .n_passwords = 1 };
	struct container_options other = { .passwords = others, .n_passwords = 1 };
	bool                     said;
	struct made              m;
	struct text              bytes = locked_zip(&m);
	struct outcome           o = unpack(bytes, &plain);

	ok(outcome_has(&o, "[secret.xml] gap: encrypted: give --password locked\n"),
	   "without a password it is a gap that says what to do");
	outcome_free(&o);
	o = unpack(bytes, &wrong);
	ok(o.events == 0 && o.gaps == 1, "so it is with a wrong one");
	/* By its two bytes of a check one of 65,536 wrong ones seems to fit. */
	said = outcome_has(&o, "gap: encrypted: no --password that was given opens it locked\n");
	outcome_free(&o);
	o = unpack(bytes, &other);
	said |= outcome_has(&o, "gap: encrypted: no --password that was given opens it locked\n");
	ok(said, "and it says that a password was given");
	outcome_free(&o);
	o = unpack(bytes, &with);
	ok(outcome_has(&o, "[secret.xml] 21 bytes <<Event>secret</Event>>\n"),
	   "all passwords are tried");
	outcome_free(&o);
	free(m.bytes);
}

#define LOCKED_MEMBERS 40

/* SOUND: members at the end that nothing was done to. */
static struct outcome
unpack_damaged_members(uint64_t vain_bytes, int sound)
{
	const char *const        words[] = { "wrong", "infected", "another" };
	struct container_options with = { .passwords = words, .n_passwords = 3 };
	char                     name[16];
	struct made              m;
	struct text              bytes;
	struct outcome           o;
	int                      left = LOCKED_MEMBERS - sound;

	with.limits = (struct container_limits){ .member_bytes = 1 << 20, .free_bytes = 1 << 20,
						 .growth = 200, .total_bytes = 1 << 20,
						 .vain_bytes = vain_bytes, .members = LOCKED_MEMBERS };
	made_begin(&m, archive_write_set_format_zip, NULL, NULL);
	archive_write_set_options(m.archive, "zip:encryption=aes256,zip:compression=store");
	archive_write_set_passphrase(m.archive, "infected");
	made_open(&m);
	for (int i = 0; i < LOCKED_MEMBERS; i++) {
		snprintf(name, sizeof(name), "%d.xml", i);
		made_entry(&m, name, AE_IFREG, TEXT("<Event>secret</Event>"));
	}
	bytes = made_end(&m);
	/* What a member is authenticated by ends before its descriptor. */
	for (size_t at = 8; at + 4 < bytes.n && left > 0; at++) {
		if (memcmp(m.bytes + at, "PK\x07\x08", 4) != 0)
			continue;
		m.bytes[at - 5] ^= 1;
		left--;
	}
	o = unpack(bytes, &with);
	free(m.bytes);
	return o;
}

/* Each password costs the way from the beginning to the member. */
static void
damaged_members_are_not_tried_with_every_password_for_ever(void)
{
	struct outcome o = unpack_damaged_members((uint64_t)1 << 20, 0);

	ok(o.gaps == LOCKED_MEMBERS, "damaged members are gaps");
	ok(outcome_has(&o, "gap: damaged: "), "the first are tried with every password");
	ok(outcome_has(&o, "gap: damaged, or of another --password: "), "the rest is said not to be");
	outcome_free(&o);
	o = unpack_damaged_members((uint64_t)1 << 30, 2);
	ok(o.gaps == LOCKED_MEMBERS - 2 && !outcome_has(&o, "of another"),
	   "many may be damaged before that, and those behind them are read");
	outcome_free(&o);
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
bombs_stop(void)
{
	struct container_options opt = {
		.limits = { .member_bytes = 3 << 20, .free_bytes = 1 << 20, .growth = 2,
			    .total_bytes = 64 << 20, .members = 3 },
	};
	size_t         n = (size_t)8 << 20;
	char          *zeros = calloc(n, 1);
	struct made    m;
	struct outcome o;

	made_begin(&m, archive_write_set_format_ustar, archive_write_add_filter_gzip, NULL);
	made_open(&m);
	made_entry(&m, "bomb", AE_IFREG, (struct text){ zeros, n });
	made_entry(&m, "log.xml", AE_IFREG, TEXT("<Event>log</Event>"));
	made_entry(&m, "a", AE_IFREG, TEXT("a"));
	made_entry(&m, "b", AE_IFREG, TEXT("b"));
	made_entry(&m, "c", AE_IFREG, TEXT("c"));
	o = unpack(made_end(&m), &opt);
	ok(outcome_has(&o, "gap: cut off: grows out of proportion"), "a bomb is cut off");
	ok(outcome_has(&o, "[log.xml] 18 bytes"), "what lies behind it is read");
	ok(outcome_has(&o, "[] gap: more than 3 members: the rest is not read\n"),
	   "an archive of too many members says so");
	outcome_free(&o);
	opt.limits.growth = 1000000;
	o = unpack((struct text){ m.bytes, m.n }, &opt);
	ok(outcome_has(&o, "gap: cut off: larger than a member may be"), "so is what is too large");
	outcome_free(&o);
	free(m.bytes);
	free(zeros);
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

static bool
memory_is_counted(void)
{
#ifdef HAVE_MALLINFO2
	size_t before = mallinfo2().hblkhd;
	void *volatile block = malloc((size_t)64 << 20); /* or the compiler leaves it out */
	bool   counted = mallinfo2().hblkhd > before;

	free(block);
	return counted;
#else
	return false;
#endif
}

/* A compressed log that asks for 512 MiB: a byte in the first block's header says how large the
 * dictionary is (xz file format 3.1, 5.3.1). */
static struct text
greedy_xz(struct made *m)
{
	struct crc32 crc;

	crc32_init(&crc);
	made_begin(m, archive_write_set_format_raw, archive_write_add_filter_xz, NULL);
	made_open(m);
	made_entry(m, "log.xml", AE_IFREG, TEXT("<Event>one</Event>"));
	struct text xz = made_end(m);
	uint8_t    *header = (uint8_t *)m->bytes + 12;
	size_t      size = 4 * (size_t)header[0];

	ok(header[2] == 0x21 && header[3] == 1, "the only filter is LZMA2");
	header[4] = 34; /* 512 MiB */
	uint32_t sum = crc32_add(&crc, 0, header, size);

	for (int i = 0; i < 4; i++)
		header[size + i] = (uint8_t)(sum >> 8 * i);
	return xz;
}

static void
a_dictionary_larger_than_memory_allows_is_refused(void)
{
	struct made m;
	struct text xz = greedy_xz(&m);

	for (size_t others = 0; others <= (size_t)200 << 20; others += (size_t)200 << 20) {
		struct outcome o = unpack_beside(xz, &plain, others);

		if (memory_is_counted())
			ok(o.events == 0 && o.gaps == 1 && outcome_has(&o, "takes 512 MiB of memory"),
			   "512 MiB for a file of a few bytes, with %zu MiB of others",
			   others >> 20);
		else
			skip("this C library does not count large blocks");
		outcome_free(&o);
	}
	free(m.bytes);
}

struct asked {
	int  times;
	bool now;
};

static void
count_alone(void *ctx, bool begin)
{
	struct asked *asked = ctx;

	asked->times += begin;
	asked->now = begin;
}

static void
memory_of_others_is_not_the_archives(void)
{
	struct asked             asked = { 0 };
	struct container_options opt = { .alone = count_alone, .ctx = &asked };
	struct made              m;
	struct text              bytes = three_logs(&m, archive_write_set_format_gnutar,
						    archive_write_add_filter_xz);
	struct outcome           o = unpack_beside(bytes, &opt, (size_t)200 << 20);

	ok(o.events == 3 && o.gaps == 0, "200 MiB that others took cost no member");
	ok(asked.times == (memory_is_counted() ? 1 : 0) && !asked.now,
	   "it was measured alone once, and then no more");
	outcome_free(&o);
	free(m.bytes);
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
	encrypted_members_need_the_password();
	damaged_members_are_not_tried_with_every_password_for_ever();
	what_came_of_a_torn_archive_is_kept();
	bombs_stop();
	a_dictionary_larger_than_memory_allows_is_refused();
	memory_of_others_is_not_the_archives();
	what_is_no_archive_is_not_taken_for_one();
	return done_testing();
}
