/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The grid of cells: no byte of evidence drives the terminal. */
#include "config.h"

#include "tui/screen.h"

#include "base/visible.h"
#include "tests/tap.h"

static struct text
dump(const struct screen *s)
{
	char  *text = NULL;
	size_t n = 0;
	FILE  *out = open_memstream(&text, &n);

	screen_dump(s, out);
	fclose(out);
	return (struct text){ text, n };
}

static void
looks(struct screen *s, struct text want, const char *what)
{
	struct text got = dump(s);

	is(got, want, what);
	free((void *)(uintptr_t)got.p);
	screen_clear(s);
}

static void
text_is_cut_and_marked(struct screen *s)
{
	screen_put(s, 0, 0, 5, TEXT("abcdefgh"), ROLE_TEXT);
	looks(s, TEXT("abcd~\n\n"), "a cut is marked");
	screen_put_right(s, 0, 0, 5, TEXT("ab"), ROLE_TEXT);
	looks(s, TEXT("   ab\n\n"), "right");
	screen_put(s, 0, 3, 9, TEXT("\347\256\241\347\220\206\350\200\205"), ROLE_TEXT);
	looks(s, TEXT("   \347\256\241\347\220\206\350\200\205\n\n"), "wide characters take two columns");
	screen_put(s, 0, 0, 5, TEXT("\347\256\241\347\220\206\350\200\205"), ROLE_TEXT);
	looks(s, TEXT("\347\256\241\347\220\206~\n\n"), "none is cut in half");
	screen_put(s, 0, 0, 9, TEXT("e\314\201x"), ROLE_TEXT);
	looks(s, TEXT("e\314\201x\n\n"), "combining marks stay with their base");
	screen_put(s, 0, 0, 4, TEXT("\347\256\241\347\220\206"), ROLE_TEXT);
	screen_put(s, 0, 1, 1, TEXT("x"), ROLE_TEXT);
	looks(s, TEXT(" x\347\220\206\n\n"), "half of a wide character overwritten takes the other along");
	screen_put(s, 1, 9, 9, TEXT("abc"), ROLE_TEXT);
	screen_put(s, 7, 0, 9, TEXT("abc"), ROLE_TEXT);
	looks(s, TEXT("\n         abc\n"), "outside of the grid nothing happens");
}

static void
matches_show_in_a_dump(struct screen *s)
{
	screen_put(s, 0, 0, 9, TEXT("ab"), ROLE_TEXT);
	screen_put(s, 0, 2, 9, TEXT("cd"), ROLE_MATCH);
	looks(s, TEXT("ab\302\253cd\302\273\n\n"), "between guillemets");
}

static void
no_byte_drives_the_terminal(void)
{
	struct screen s = { 0 };
	int           hostile = 0, beyond = 0;
	uint32_t      state = 12345;

	screen_resize(&s, 24, 80);
	for (int ascii = 0; ascii < 2; ascii++) {
		s.ascii = ascii;
		for (int round = 0; round < 2000; round++) {
			char   bytes[40];
			size_t n = (state >> 8) % sizeof(bytes);

			for (size_t i = 0; i < n; i++) {
				state = state * 1103515245 + 12345;
				bytes[i] = (char)(state >> 16);
			}
			screen_put(&s, round % 24, (int)(state >> 20) % 90 - 5, 30,
				   (struct text){ bytes, n }, ROLE_TEXT);
		}
		for (int i = 0; i < 24 * 80; i++) {
			hostile += s.cells[i].width && code_hostile(s.cells[i].code);
			beyond += ascii && s.cells[i].code >= 0x7f;
		}
		screen_clear(&s);
	}
	ok(hostile == 0, "no cell holds a code point that would");
	ok(beyond == 0, "in ASCII no cell goes beyond it");
	screen_free(&s);
}

static void
names_stand_in_one_line(struct screen *s)
{
	static const struct text three[] = { TEXT_INIT("Suspicious WMI Use"), TEXT_INIT("Ransomware"),
					     TEXT_INIT("Malicious PowerShell") };
	struct arena             keep = arena_open(1 << 16);

	is(screen_names(s, three, 3, &keep),
	   TEXT("Suspicious WMI Use · Ransomware · Malicious PowerShell"), "three names, each once");
	is(screen_names(s, three, 1, &keep), TEXT("Suspicious WMI Use"), "one stands alone");
	is(screen_names(s, NULL, 0, &keep), TEXT(""), "none is nothing");
	s->ascii = true;
	is(screen_names(s, three, 2, &keep), TEXT("Suspicious WMI Use, Ransomware"),
	   "a terminal without the dot gets commas");
	s->ascii = false;
	arena_close(&keep);
}

int
main(void)
{
	struct screen s = { 0 };

	screen_resize(&s, 2, 12);
	text_is_cut_and_marked(&s);
	matches_show_in_a_dump(&s);
	names_stand_in_one_line(&s);
	screen_free(&s);
	no_byte_drives_the_terminal();
	return done_testing();
}
