/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CSV as it is written. */
#include "config.h"

#include "base/csv.h"

#include "tests/tap.h"

static struct text
one_row(struct text a, struct text b)
{
	char      *text = NULL;
	size_t     n = 0;
	struct csv csv = { .out = open_memstream(&text, &n) };

	csv_cell(&csv, a);
	csv_cell(&csv, b);
	csv_end_row(&csv);
	fclose(csv.out);
	return (struct text){ text, n };
}

static void
says(struct text a, struct text b, struct text want, const char *what)
{
	struct text got = one_row(a, b);

	is(got, want, what);
	free((void *)(uintptr_t)got.p);
}

static void
cells_are_quoted_only_when_they_must_be(void)
{
	says(TEXT("a"), TEXT("b"), TEXT("a,b\n"), "plain cells are plain");
	says(TEXT("a,b"), TEXT("say \"x\""), TEXT("\"a,b\",\"say \"\"x\"\"\"\n"), "comma and quote");
	says(TEXT("one\ntwo"), TEXT_NONE, TEXT("\"one\ntwo\",\n"), "a line end stays, absent is empty");
}

static void
formulas_are_defused(void)
{
	says(TEXT("=1+1"), TEXT("@x"), TEXT("'=1+1,'@x\n"), "= and @");
	says(TEXT("-5"), TEXT("-5+2"), TEXT("-5,'-5+2\n"), "a number is no formula");
	says(TEXT("'=1"), TEXT("it's"), TEXT("''=1,it's\n"), "undone by taking one ' off");
	says(TEXT("\tx"), TEXT("+"), TEXT("'\tx,'+\n"), "tab and a lone sign");
	says(TEXT("\n=1"), TEXT("-"), TEXT("\"'\n=1\",'-\n"), "a line end before it");
	says(TEXT("\uff1d1+1"), TEXT("\uff201"), TEXT("'\uff1d1+1,'\uff201\n"), "full-width signs");
	says(TEXT("\uff1c1"), TEXT("\xef"), TEXT("\uff1c1,\ufffd\n"), "but nothing like them");
}

static void
nothing_drives_a_terminal(void)
{
	struct text got = one_row(TEXT("\033[2J"), TEXT("a\xff"));
	bool        clean = true;

	for (size_t i = 0; i < got.n; i++)
		clean &= got.p[i] != '\033';
	ok(clean && text_find(got, TEXT("\xef\xbf\xbd")) != TEXT_NOWHERE,
	   "escapes and broken bytes become visible");
	free((void *)(uintptr_t)got.p);
}

int
main(void)
{
	cells_are_quoted_only_when_they_must_be();
	formulas_are_defused();
	nothing_drives_a_terminal();
	return done_testing();
}
