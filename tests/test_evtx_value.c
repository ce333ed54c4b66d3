/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Typed values of binary XML as text. */
#include "config.h"

#include "importers/crc32.h"
#include "importers/evtx_value.h"
#include "tests/tap.h"

static char out[1 << 16];

/* The text of a value; *MISFIT as evtx_value_text says. */
static struct text
shown(enum evtx_type type, const void *bytes, size_t n, bool *misfit)
{
	static uint8_t    copy[4096 + UTF16_SLACK];
	struct evtx_dates dates = EVTX_DATES_NONE;
	struct evtx_value v = { copy, (uint32_t)n, (uint8_t)type };

	memset(copy, 0xee, sizeof(copy));
	memcpy(copy, bytes, n);
	*misfit = false;
	return (struct text){ out, (size_t)(evtx_value_text(out, &v, &dates, misfit) - out) };
}

static void
shows(enum evtx_type type, const void *bytes, size_t n, const char *want)
{
	bool misfit;
	char what[64];

	snprintf(what, sizeof(what), "text of type 0x%02x, %zu bytes", (unsigned)type, n);
	is(shown(type, bytes, n, &misfit), text_of(want), what);
	ok(!misfit, "its size fits");
}

#define BYTES(...) (const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ })

static void
numbers_are_decimal_and_signed_where_they_should_be(void)
{
	shows(EVTX_INT8, BYTES(0x80), "-128");
	shows(EVTX_UINT8, BYTES(0x80), "128");
	shows(EVTX_INT16, BYTES(0xff, 0xff), "-1");
	shows(EVTX_UINT16, BYTES(0x08, 0x10), "4104");
	shows(EVTX_INT32, BYTES(0, 0, 0, 0x80), "-2147483648");
	shows(EVTX_UINT32, BYTES(0xff, 0xff, 0xff, 0xff), "4294967295");
	shows(EVTX_UINT32, BYTES(0, 0, 0, 0), "0");
	shows(EVTX_UINT32, BYTES(0x40, 0x42, 0x0f, 0), "1000000");
	shows(EVTX_INT64, BYTES(0, 0, 0, 0, 0, 0, 0, 0x80), "-9223372036854775808");
	shows(EVTX_UINT64, BYTES(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
	      "18446744073709551615");
	shows(EVTX_UINT64, BYTES(0, 0, 0, 0, 1, 0, 0, 0), "4294967296");
}

static void
every_number_of_digits_is_right(void)
{
	bool     good = true, misfit;
	uint32_t v = 1;

	for (int i = 0; i < 32; i++, v = v * 3 + 1) {
		char     want[16];
		uint8_t  bytes[4] = { (uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16),
				      (uint8_t)(v >> 24) };
		unsigned n = (unsigned)snprintf(want, sizeof(want), "%u", v);

		good &= text_eq(shown(EVTX_UINT32, bytes, 4, &misfit), (struct text){ want, n });
	}
	ok(good, "numbers of one to ten digits");
}

static void
hexadecimal_has_no_leading_zeros(void)
{
	shows(EVTX_HEX32, BYTES(0xf4, 1, 0, 0), "0x1f4");
	shows(EVTX_HEX64, BYTES(0, 0, 0, 0, 0, 0, 0x20, 0x80), "0x8020000000000000");
	shows(EVTX_HEX64, BYTES(0, 0, 0, 0, 0, 0, 0, 0), "0x0");
	shows(EVTX_SIZE, BYTES(0xab, 0, 0, 0), "0xab");
	shows(EVTX_HANDLE, BYTES(0xab, 0, 0, 0, 0, 0, 0, 0), "0xab");
	shows(EVTX_BINARY, BYTES(0x00, 0xab, 0x0f), "00AB0F");
}

static void
reals_are_short_and_not_local(void)
{
	shows(EVTX_FLOAT, BYTES(0, 0, 0, 0x3f), "0.5");
	shows(EVTX_FLOAT, BYTES(0xcd, 0xcc, 0xcc, 0x3d), "0.1");
	shows(EVTX_DOUBLE, BYTES(0x9a, 0x99, 0x99, 0x99, 0x99, 0x99, 0xb9, 0x3f), "0.1");
	shows(EVTX_DOUBLE, BYTES(0, 0, 0, 0, 0, 0, 0xf0, 0x7f), "1.#INF");
	shows(EVTX_DOUBLE, BYTES(0, 0, 0, 0, 0, 0, 0xf0, 0xff), "-1.#INF");
	shows(EVTX_DOUBLE, BYTES(0, 0, 0, 0, 0, 0, 0xf8, 0xff), "-1.#IND");
}

static void
truth_has_several_sizes(void)
{
	shows(EVTX_BOOL, BYTES(1, 0, 0, 0), "true");
	shows(EVTX_BOOL, BYTES(0, 0, 0, 0), "false");
	shows(EVTX_BOOL, BYTES(0, 1), "true");
	shows(EVTX_BOOL, BYTES(0), "false");
}

static void
identities_look_as_windows_shows_them(void)
{
	shows(EVTX_GUID,
	      BYTES(0x78, 0x56, 0x34, 0x12, 0x34, 0x12, 0x78, 0x56, 0x9a, 0xbc, 0xde, 0xf0, 0x12,
		    0x34, 0x56, 0x78),
	      "{12345678-1234-5678-9ABC-DEF012345678}");
	shows(EVTX_SID, BYTES(1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0), "S-1-5-18");
	shows(EVTX_SID, BYTES(1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0), "S-1-5-32-544");
	shows(EVTX_SID, BYTES(1, 0, 0, 0, 0, 0, 0, 5), "S-1-5");
}

static void
a_sid_may_have_fifteen_parts_and_no_more(void)
{
	uint8_t sid[8 + 4 * 16] = { 1, 15, 0, 0, 0, 0, 0, 5 };
	bool    misfit;

	ok(text_starts(shown(EVTX_SID, sid, 8 + 4 * 15, &misfit), TEXT("S-1-5-0-0")) && !misfit,
	   "fifteen parts are a SID");
	sid[1] = 16;
	shown(EVTX_SID, sid, sizeof(sid), &misfit);
	ok(misfit, "sixteen are bytes");
	sid[1] = 15;
	shown(EVTX_SID, sid, 20, &misfit);
	ok(misfit, "a SID that is cut off is bytes");
}

static void
times_are_iso_and_the_date_is_remembered_rightly(void)
{
	struct evtx_dates dates = EVTX_DATES_NONE;
	static uint8_t    late[8 + UTF16_SLACK] = { 0x01, 0x00, 0x00 }, early[8 + UTF16_SLACK];
	struct evtx_value v = { early, 8, EVTX_FILETIME };
	bool              misfit = false;
	uint64_t          ticks = UINT64_C(133541037271234567);

	for (int i = 0; i < 8; i++)
		late[i] = (uint8_t)(ticks >> 8 * i);
	for (int turn = 0; turn < 4; turn++) {
		v.p = turn % 2 ? late : early;
		char       *end = evtx_value_text(out, &v, &dates, &misfit);
		struct text got = { out, (size_t)(end - out) };

		is(got,
		   turn % 2 ? TEXT("2024-03-05T09:15:27.1234567Z")
			    : TEXT("1601-01-01T00:00:00.0000000Z"),
		   "a FILETIME, whatever day came before");
	}
	shows(EVTX_FILETIME, BYTES(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f),
	      "30828-09-14T02:48:05.4775807Z");
	shows(EVTX_SYSTEMTIME, BYTES(0xe8, 7, 3, 0, 2, 0, 5, 0, 9, 0, 15, 0, 27, 0, 123, 0),
	      "2024-03-05T09:15:27.123Z");
	shows(EVTX_SYSTEMTIME, BYTES(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
	      "1601-01-01T00:00:00.000Z");
}

static void
strings_lose_their_nuls_and_keep_everything_else(void)
{
	shows(EVTX_STRING, BYTES('h', 0, 'i', 0, 0, 0, 0, 0), "hi");
	shows(EVTX_STRING, BYTES('h', 0, 'i', 0, 'x'), "hi");
	shows(EVTX_STRING, BYTES('a', 0, '\r', 0, '\n', 0, 'b', 0, '\r', 0), "a\nb\r");
	shows(EVTX_STRING, BYTES(0x3d, 0xd8, 'x', 0), "\xEF\xBF\xBDx");
	shows(EVTX_STRING, BYTES(0x00, 0xdc), "\xEF\xBF\xBD");
	shows(EVTX_STRING, BYTES(0x3d, 0xd8, 0x00, 0xde), "\xF0\x9F\x98\x80");
	shows(EVTX_STRING, BYTES(0xe4, 0, 0xac, 0x20), "\xC3\xA4\xE2\x82\xAC");
	shows(EVTX_ANSI, BYTES('a', 0x96, 0xe4, '\r', '\n', 0), "a\xE2\x80\x93\xC3\xA4\n");
	shows(EVTX_STRING, BYTES(0x1b, 0, '[', 0), "\x1b[");
	shows(EVTX_NULL, BYTES(1, 2, 3), "");
}

/* One odd unit at every place of texts of every length: blocks of the fast path end anywhere. */
static void
no_length_and_no_place_is_special(void)
{
	static uint8_t src[2 * 64 + UTF16_SLACK];
	bool           good = true;

	for (size_t n = 1; n <= 48; n++) {
		for (size_t odd = 0; odd < n; odd++) {
			char   want[3 * 64];
			size_t w = 0;

			for (size_t i = 0; i < n; i++) {
				src[2 * i] = i == odd ? 0xe4 : (uint8_t)('a' + i % 26);
				src[2 * i + 1] = 0;
				if (i == odd)
					want[w++] = '\xC3', want[w++] = '\xA4';
				else
					want[w++] = (char)('a' + i % 26);
			}
			memset(src + 2 * n, '\r', UTF16_SLACK);
			char *end = utf16_to_utf8(out, src, n);

			good &= text_eq((struct text){ out, (size_t)(end - out) },
					(struct text){ want, w });
		}
	}
	ok(good, "every text of 1 to 48 units with one umlaut anywhere");
}

static void
sizes_that_do_not_fit_are_bytes(void)
{
	bool misfit;

	is(shown(EVTX_UINT32, "\x01\x02", 2, &misfit), TEXT("0102"), "two bytes of a uint32");
	ok(misfit, "are noticed");
	shown(EVTX_GUID, "\x01\x02", 2, &misfit);
	ok(misfit, "two bytes of a GUID too");
	is(shown(0x7f, "\x01\x02", 2, &misfit), TEXT("0102"), "an unknown type");
	ok(misfit, "is noticed");
	is(shown(EVTX_UINT32, "", 0, &misfit), TEXT(""), "no bytes are no text");
	ok(!misfit, "and no damage");
}

static void
items(enum evtx_type type, const void *bytes, size_t n, const char *want)
{
	static uint8_t    copy[256 + UTF16_SLACK];
	struct evtx_value rest = { copy, (uint32_t)n, (uint8_t)(EVTX_ARRAY | type) }, item;
	struct evtx_dates dates = EVTX_DATES_NONE;
	char             *end = out;
	bool              misfit = false;

	memcpy(copy, bytes, n);
	while (evtx_array_next(&rest, &item)) {
		end = evtx_value_text(end, &item, &dates, &misfit);
		*end++ = '|';
	}
	struct text got = { out, (size_t)(end - out) };

	is(got, text_of(want), want);
}

static void
arrays_are_taken_apart(void)
{
	items(EVTX_STRING, BYTES('a', 0, 0, 0, 'b', 0, 'c', 0, 0, 0), "a|bc|");
	items(EVTX_STRING, BYTES('a', 0, 0, 0, 0, 0, 'c', 0), "a||c|");
	items(EVTX_ANSI, BYTES('a', 0, 'b'), "a|b|");
	items(EVTX_UINT16, BYTES(1, 0, 2, 0), "1|2|");
	items(EVTX_UINT64, BYTES(1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0), "1|2|");
	items(EVTX_BOOL, BYTES(1, 0, 0, 0, 0, 0, 0, 0), "true|false|");
	items(EVTX_SID, BYTES(1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1),
	      "S-1-5-18|S-1-1|");
	items(EVTX_UINT32, BYTES(1, 0, 0, 0, 2), "1|02|");
	items(EVTX_BINARY, BYTES(1, 2, 3), "010203|");
	items(EVTX_STRING, BYTES('a', 0, 0, 0, 'b'), "a||");
}

static void
a_checksum_does_not_depend_on_how_it_is_made(void)
{
	static uint8_t bytes[1024];
	struct crc32   fast, slow;
	bool           same = true;

	crc32_init(&fast);
	slow = fast;
	slow.folds = false;
	ok(crc32_add(&fast, 0, (const uint8_t *)"123456789", 9) == 0xCBF43926, "the check value");
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * i >> 3);
	for (size_t n = 0; n < 900; n++)
		same &= crc32_add(&fast, 7, bytes + n % 16, n) ==
			crc32_add(&slow, 7, bytes + n % 16, n);
	ok(same, "by table or by multiplication, at any address and length");
	ok(crc32_add(&fast, crc32_add(&fast, 0, bytes, 500), bytes + 500, 524) ==
	       crc32_add(&slow, 0, bytes, 1024),
	   "in one piece or two");
}

int
main(void)
{
	numbers_are_decimal_and_signed_where_they_should_be();
	every_number_of_digits_is_right();
	hexadecimal_has_no_leading_zeros();
	reals_are_short_and_not_local();
	truth_has_several_sizes();
	identities_look_as_windows_shows_them();
	a_sid_may_have_fifteen_parts_and_no_more();
	times_are_iso_and_the_date_is_remembered_rightly();
	strings_lose_their_nuls_and_keep_everything_else();
	no_length_and_no_place_is_special();
	sizes_that_do_not_fit_are_bytes();
	arrays_are_taken_apart();
	a_checksum_does_not_depend_on_how_it_is_made();
	return done_testing();
}
