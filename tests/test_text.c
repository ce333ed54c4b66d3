/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text and arena: what everything else leans on. */
#include "config.h"

#include "base/arena.h"
#include "base/counted.h"
#include "base/digest.h"
#include "base/err.h"
#include "base/text.h"
#include "tests/tap.h"

static void
case_is_ignored_where_the_length_stays(void)
{
	ok(text_ieq(TEXT("PowerShell.EXE"), TEXT("powershell.exe")), "ASCII");
	ok(text_ieq(TEXT("MÜNCHEN"), TEXT("münchen")), "Latin-1");
	ok(text_ieq(TEXT("ДОМЕН"), TEXT("домен")), "Cyrillic");
	ok(text_ieq(TEXT("ΣΊΣΥΦΟΣ"), TEXT("σίσυφος")), "Greek, accents and final sigma included");
	ok(text_ieq(TEXT("ΆΈΉΊΌΎΏΪΫ"), TEXT("άέήίόύώϊϋ")), "every accented letter of it");
	ok(!text_ieq(TEXT("K"), TEXT("\xE2\x84\xAA")), "the Kelvin sign is not a k: another length");
	ok(text_icmp(TEXT("abc"), TEXT("ABD")) < 0, "order ignores case");
	ok(!text_ieq(TEXT("\xC3"), TEXT("\xC4")), "half a letter folds to itself");
}

static void
finding_a_folded_needle(void)
{
	struct text hay = TEXT("xxInvoke-WMIexec; ÄÖ");

	ok(text_ifind(hay, TEXT("invoke-wmiexec")) == 2, "found whatever the case");
	ok(text_ifind(hay, TEXT("äö")) == 18, "letters beyond ASCII too");
	ok(text_ifind(hay, TEXT("invoke-wmiexec!")) == TEXT_NOWHERE, "absent is absent");
	ok(text_ifind(hay, TEXT("")) == 0, "the empty needle is at the start");
	ok(text_ifind(TEXT("ab"), TEXT("abc")) == TEXT_NOWHERE, "longer than the hay");
	ok(text_ifind(TEXT("x"), TEXT("x")) == 0, "all of the hay");
	ok(text_ifind(TEXT("aXbX"), TEXT("xb")) == 1, "second candidate byte counts");
}

static void
numbers_are_the_whole_text(void)
{
	uint64_t u = 7;
	int64_t  i = 7;
	double   d = 7;

	ok(text_to_u64(TEXT("0x1f4"), &u) && u == 500, "hexadecimal after 0x");
	ok(text_to_u64(TEXT("18446744073709551615"), &u) && u == UINT64_MAX, "the largest");
	ok(!text_to_u64(TEXT("18446744073709551616"), &u), "one more is refused");
	ok(!text_to_u64(TEXT("12 "), &u) && !text_to_u64(TEXT(""), &u), "blanks, nothing: refused");
	ok(text_to_i64(TEXT("-9223372036854775808"), &i) && i == INT64_MIN, "the smallest");
	ok(!text_to_i64(TEXT("9223372036854775808"), &i), "beyond is refused");
	ok(text_to_double(TEXT("-1.5e3"), &d) && d == -1500, "exponents");
	ok(!text_to_double(TEXT("nan"), &d) && !text_to_double(TEXT("0x10"), &d) &&
	       !text_to_double(TEXT("1e999"), &d) && !text_to_double(TEXT("."), &d),
	   "no names, no hex, no overflow, no lone dot");
}

static void
cutting(void)
{
	struct text t = TEXT("a,b,");

	is(text_cut(&t, ','), TEXT("a"), "first part");
	is(text_cut(&t, ','), TEXT("b"), "second part");
	ok(!text_absent(t) && t.n == 0, "behind the last separator is empty text");
	is(text_cut(&t, ','), TEXT(""), "which is a part");
	ok(text_absent(t), "and then nothing is left");
	is(text_last_part(TEXT("C:\\Windows\\calc.exe")), TEXT("calc.exe"), "last part of a path");
	is(text_last_part(TEXT("calc.exe")), TEXT("calc.exe"), "a bare name is its own last part");
}

/* Scratch: what it allocates is gone for the caller. */
static size_t
use_scratch(struct arena scratch)
{
	return (size_t)(arena_new(&scratch, char, 100) != NULL);
}

static void
an_arena_passed_by_value_gives_back(void)
{
	struct arena a = arena_open(1 << 20);
	size_t       before, cap = 0, n = 0;
	int         *items = NULL;

	arena_copy(&a, TEXT("kept"));
	before = arena_used(&a);
	use_scratch(a);
	ok(arena_used(&a) == before, "scratch use leaves nothing behind");
	for (; n < 1000; n++) {
		arena_grow(&a, items, n, &cap);
		items[n] = (int)n;
	}
	ok(items[0] == 0 && items[999] == 999, "a growing list keeps its items");
	ok(cap * sizeof(int) + before + 64 >= arena_used(&a), "and grows in place at the end");
	arena_reset(&a, 0);
	ok(*arena_new(&a, char, 1) == 0, "memory handed out again is zeroed");
	arena_close(&a);
}

static void
the_first_error_wins(void)
{
	struct err e = { 0 };

	ok(!err_set(&e, ERR_INPUT, "broke at %d", 1) && !err_set(&e, ERR_IO, "later"), "both say false");
	err_where(&e, "file");
	err_where(&e, "outer");
	ok(e.kind == ERR_INPUT && strcmp(e.what, "broke at 1") == 0 && strcmp(e.where, "file") == 0,
	   "what and where of the first stay");
	ok(!err_set(NULL, ERR_IO, "nobody asks"), "nobody needs to ask");
}

static void
printing_into_an_arena(void)
{
	struct arena keep = arena_open(1 << 20);
	struct text  nul = { "a\0b", 3 };

	ok(text_eq(arena_printf(&keep, "<" TEXT_FMT "|%s>", TEXT_ARG(nul), "c"),
		   (struct text){ "<a\0b|c>", 7 }),
	   "a NUL in a text does not end it");
	is(arena_printf(&keep, "%d %5u %-4s|%zu %lld %llx %ld %c%% %.2f %*d %.*f" TEXT_FMT, -1, 7u,
			"ab", (size_t)8, -9LL, 255ULL, 10L, 'x', 0.125, 4, 11, 1, 0.5,
			TEXT_ARG(TEXT("end"))),
	   TEXT("-1     7 ab  |8 -9 ff 10 x% 0.12   11 0.5end"), "all else is as printf has it");
	is(arena_printf(&keep, "%s", ""), TEXT(""), "nothing is an empty text");
	arena_close(&keep);
}

static void
counts_agree_with_their_nouns(void)
{
	is(text_of(counted(0, "file").words), TEXT("0 files"), "none are several");
	is(text_of(counted(1, "new event").words), TEXT("1 new event"), "one is one");
	is(text_of(counted(UINT64_MAX, "entry").words), TEXT("18,446,744,073,709,551,615 entries"), "y");
	is(text_of(counted(2, "day").words), TEXT("2 days"), "but not behind a vowel");
	is(text_of(counted_number(999).words), TEXT("999"), "three digits stand as they are");
	is(text_of(counted_number(1000).words), TEXT("1,000"), "four are grouped");
	is(text_of(counted_noun(1, "row").words), TEXT("row"), "the noun alone");
}

int
main(void)
{
	counts_agree_with_their_nouns();
	char hex[DIGEST_HEX + 1];

	case_is_ignored_where_the_length_stays();
	finding_a_folded_needle();
	numbers_are_the_whole_text();
	cutting();
	an_arena_passed_by_value_gives_back();
	printing_into_an_arena();
	the_first_error_wins();
	digest_text(TEXT("abc"), hex);
	ok(strcmp(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad") == 0,
	   "SHA-256 of 'abc' is the published one");
	return done_testing();
}
