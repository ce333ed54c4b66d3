/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Archives that are locked, or made to do harm: passwords, bombs, memory. */
#include "config.h"

#include <malloc.h>

#include "importers/crc32.h"
#include "tests/made_archive.h"

static const struct container_options plain;

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
	encrypted_members_need_the_password();
	damaged_members_are_not_tried_with_every_password_for_ever();
	bombs_stop();
	a_dictionary_larger_than_memory_allows_is_refused();
	memory_of_others_is_not_the_archives();
	return done_testing();
}
