/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nothing in a log line drives a terminal. */
#include "config.h"

#include "base/visible.h"
#include "tests/tap.h"

static void
line_is(struct arena keep, struct text in, const char *want, const char *ascii)
{
	is(visible_line(in, false, &keep), text_of(want), want);
	is(visible_line(in, true, &keep), text_of(ascii), ascii);
}

static void
controls_become_pictures(struct arena keep)
{
	line_is(keep, TEXT("\x1b[31mred\x07"), "␛[31mred␇", "\\x1b[31mred\\x07");
	line_is(keep, TEXT("a\0b"), "a␀b", "a\\x00b");
	line_is(keep, TEXT("a\x7f"), "a␡", "a\\x7f");
	line_is(keep, TEXT("a\r\nb\tc"), "a␍↵b c", "a\\x0d\\nb c");
	line_is(keep,
		TEXT("\xc2\x9b"
		     "31m"),
		"<U+009B>31m", "\\x9b31m");
}

static void
invisible_and_turning_letters_are_named(struct arena keep)
{
	line_is(keep, TEXT("gpj\xe2\x80\xae.exe"), "gpj<U+202E>.exe", "gpj<U+202E>.exe");
	line_is(keep,
		TEXT("a\xe2\x80\x8b"
		     "b"),
		"a<U+200B>b", "a<U+200B>b");
	line_is(keep,
		TEXT("\xef\xbb\xbf"
		     "x"),
		"<U+FEFF>x", "<U+FEFF>x");
	line_is(keep,
		TEXT("a\xe2\x80\xa8"
		     "b"),
		"a<U+2028>b", "a<U+2028>b");
	line_is(keep,
		TEXT("a\xc2\xad"
		     "b"),
		"a<U+00AD>b", "a\\xadb");
	line_is(keep, TEXT("a\xf3\xa0\x81\x81"), "a<U+E0041>", "a<U+E0041>");
}

static void
other_letters_stay(struct arena keep)
{
	struct text plain = TEXT("C:\\Windows");

	ok(visible_line(plain, false, &keep).p == plain.p, "plain text is not copied");
	line_is(keep, TEXT("caf\xc3\xa9 \xe6\x97\xa5"), "café 日", "caf<U+00E9> <U+65E5>");
	is(visible_line(TEXT("a\xff"), false, &keep), TEXT("a\xef\xbf\xbd"), "ill-formed byte");
	is(visible_line(TEXT("a\xff"), true, &keep), TEXT("a\\xff"), "ill-formed byte in ASCII");
	is(visible_block(TEXT("a\n\x1b\tb"), false, &keep), TEXT("a\n␛ b"),
	   "blocks keep line ends");
}

static void
hostile_code_points_are_known(void)
{
	static const uint32_t bad[] = { 0,       0x1b,    0x7f,   0x80,    0x9f,     0xad,
					0x61c,   0x180e,  0x200b, 0x200c,  0x200d,   0x200e,
					0x200f,  0x2028,  0x2029, 0x202a,  0x202e,   0x2060,
					0x2064,  0x2066,  0x2069, 0xfdd0,  0xfeff,   0xfff9,
					0xfffb,  0xfffe,  0xffff, 0x1fffe, 0x10ffff, 0xe0001,
					0xe007f, 0x110000 };
	static const uint32_t good[] = { ' ',    '~',    0xa0,    0xe9,  0x3b1,
					 0x65e5, 0xfffd, 0x1f600, 0x202f };
	size_t                n = 0, m = 0;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		n += code_hostile(bad[i]);
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		m += code_hostile(good[i]);
	ok(n == sizeof(bad) / sizeof(bad[0]), "all hostile ones are");
	ok(m == 0, "no other one is");
}

static void
nothing_hostile_survives(struct arena keep)
{
	size_t left = 0, wide = 0;

	for (uint32_t code = 0; code < 0x110000; code++) {
		struct arena scratch = keep;
		char         buf[4];
		struct text  shown =
		    visible_line((struct text){ buf, utf8_encode(code, buf) }, false, &scratch);
		size_t i = 0;

		while (i < shown.n) {
			uint32_t got;

			i += utf8_decode(shown.p + i, shown.p + shown.n, &got);
			left += code_hostile(got);
		}
		wide += visible_width(shown) > 10;
	}
	ok(left == 0, "every code point is shown as something harmless");
	ok(wide == 0, "and short");
}

static void
utf8_is_read_and_written(void)
{
	size_t   wrong = 0;
	uint32_t code;

	for (uint32_t c = 0; c < 0x110000; c++) {
		char   buf[4];
		size_t n = utf8_encode(c, buf);

		if (c >= 0xD800 && c <= 0xDFFF)
			wrong += utf8_decode(buf, buf + n, &code) != 3 || code != 0xFFFD;
		else
			wrong += utf8_decode(buf, buf + n, &code) != n || code != c;
	}
	ok(wrong == 0, "every code point survives, surrogates become U+FFFD");
	ok(!utf8_valid(TEXT("\xc0\xaf")) && !utf8_valid(TEXT("\xe0\x80\xaf")),
	   "overlong forms are ill-formed");
	ok(!utf8_valid(TEXT("\xed\xa0\x80")), "so are surrogates");
	ok(!utf8_valid(TEXT("\xf4\x90\x80\x80")) && !utf8_valid(TEXT("\xf8")),
	   "and codes out of range");
	ok(!utf8_valid(TEXT("\xe6\x97")), "and cut ones");
	ok(utf8_valid(TEXT("a\xc3\xa9\xe6\x97\xa5\xf0\x9f\x98\x80")) && utf8_valid(TEXT("")),
	   "good ones are good");
	struct text cut = TEXT("\xe6\x97");
	ok(utf8_decode(cut.p, cut.p + cut.n, &code) == 1 && code == 0xFFFD,
	   "a cut form is one bad byte");
}

static void
what_hides_or_climbs_is_told(struct arena keep)
{
	is(visible_line(TEXT("a\xe3\x85\xa4" "b\xe1\x85\x9f"), false, &keep),
	   TEXT("a<U+3164>b<U+115F>"), "fillers that look like nothing");
	is(visible_line(TEXT("e\xcc\x81\xcc\x81"), false, &keep), TEXT("e\xcc\x81\xcc\x81"),
	   "marks belong to letters");
	is(visible_line(TEXT("e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81"
			     "\xcc\x81z"), false, &keep),
	   TEXT("e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81<U+0301>z"),
	   "more of them than a letter has are spelled out");
}

static void
widths_are_the_programs_own(void)
{
	ok(code_width('a') == 1 && code_width(0xe9) == 1, "letters");
	ok(code_width(0x301) == 0 && code_width(0x20d7) == 0 && code_width(0xfe0f) == 0,
	   "combining marks");
	ok(code_width(0x65e5) == 2 && code_width(0xac00) == 2 && code_width(0xff21) == 2,
	   "wide letters");
	ok(code_width(0x1f600) == 2 && code_width(0x20000) == 2, "emoji and later ideographs");
	ok(code_width(0x2603) == 1 && code_width(0x3b1) == 1 && code_width(0x378) == 1,
	   "ambiguous and unassigned ones take one");
	ok(code_width(0x241b) == 1 && code_width(0x21b5) == 1, "stand-ins take one");
	ok(visible_width(TEXT("a\xcc\x81\xe6\x97\xa5")) == 3, "a text");
}

int
main(void)
{
	struct arena keep = arena_open(1 << 20);

	controls_become_pictures(keep);
	invisible_and_turning_letters_are_named(keep);
	other_letters_stay(keep);
	hostile_code_points_are_known();
	nothing_hostile_survives(keep);
	utf8_is_read_and_written();
	what_hides_or_climbs_is_told(keep);
	widths_are_the_programs_own();
	arena_close(&keep);
	return done_testing();
}
