/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scripts whose strings are in pieces, as obfuscators leave them, and scripts that only look so. */
#include "config.h"

#include "base/assemble.h"

#include "base/decoded.h"
#include "tests/made.h"
#include "tests/tap.h"

static void
reads(struct arena keep, const char *script, const char *wanted)
{
	bool        cut;
	struct text t = assemble(text_of(script), &keep, &cut);

	ok(text_eq(t, text_of(wanted)) && assemble_worth(text_of(script)) && !cut, "%s", script);
	if (!text_eq(t, text_of(wanted)))
		printf("# got [" TEXT_FMT "]\n", TEXT_ARG(t));
}

static void
stays(struct arena keep, const char *script)
{
	bool        cut;
	struct text t = assemble(text_of(script), &keep, &cut);

	ok(text_absent(t), "stays: %s", script);
	if (!text_absent(t))
		printf("# got [" TEXT_FMT "]\n", TEXT_ARG(t));
}

static void
strings_are_put_together(struct arena keep)
{
	reads(keep, "& ('Inv'+'oke-WmiMethod') -CN srv", "& Invoke-WmiMethod -CN srv");
	reads(keep, "&(\"Inv\" + 'oke' +\n \"-WmiMethod\") -CN b", "&Invoke-WmiMethod -CN b");
	reads(keep, "&(('In'+('vo'+'ke'))+'-Command')", "&Invoke-Command");
	reads(keep, "-Class ('Win32'+'_Process') -Name ('cre'+'ate')",
	      "-Class Win32_Process -Name create");
	reads(keep, "iex ('net us'+'er /add')", "iex ('net user /add')");
	reads(keep, "$a.Trim('x'+'y') + 'a'*('b'+'c')", "$a.Trim(xy) + 'a'*bc");
	reads(keep, "('Inv'+'oke').Length", "(Invoke).Length");
	reads(keep, "'a'+'b'+$c+'d'+'e'", "ab+$c+de");
	reads(keep, "[char]73+[char]0x45+'X'", "IEX");
	reads(keep, "'it''s '+\"a `\"b`\"\"", "'it's a \"b\"'");
}

static void
formats_are_filled_in(struct arena keep)
{
	reads(keep, "& (\"{1}{0}\" -f 'oke-WmiMethod','Inv') -CN b", "& Invoke-WmiMethod -CN b");
	reads(keep, "&(\"{2}{0}{1}\"-f'ke-',('Com'+'mand'),'Invo')", "&Invoke-Command");
	reads(keep, "(\"{0}{1}\" -F ('a','b'))", "ab");
	reads(keep, "('{0}x{{{1}}}' -f 'a','b')", "('ax{b}')");
	reads(keep, "'{0,3}{1:x}' -f 'a','b'", "ab");
}

static void
letters_need_no_escape(struct arena keep)
{
	reads(keep, "I`nvo`ke-Wm`iMethod -C`N srv", "Invoke-WmiMethod -CN srv");
	reads(keep, "a\nIn`voke-Command\nb", "Invoke-Command");
	reads(keep, "powershell -c \"I`nvo`ke-Command x\"", "powershell -c \"Invoke-Command x\"");
}

static void
code_in_strings_is_read_too(struct arena keep)
{
	reads(keep, "powershell.exe -c \"&('Inv'+'oke-WmiMethod') -CN b\"",
	      "powershell.exe -c \"&Invoke-WmiMethod -CN b\"");
	reads(keep, "x\n# it's\n&('Inv'+'oke')\ny", "&Invoke");
}

static void
what_is_no_constant_stays(struct arena keep)
{
	stays(keep, "$a + 'b'");
	stays(keep, "'{0} of {1}' -f $n, $total");
	stays(keep, "'{5}' -f 'a'");
	stays(keep, "',' + ' '*3");
	stays(keep, "'a' + 'b'.Length");
	stays(keep, "Get-Item 'a' -Force; ls 'x' -f y");
	stays(keep, "Write-Host \"one`ntwo\" `\n  -NoNewline");
	stays(keep, "# 'a'+'b'\n<# 'a'+'b' #>");
	stays(keep, "@'\n'a'+'b'\n'@");
	stays(keep, "(((");
	stays(keep, "'a' + (");
	stays(keep, "\"");
	stays(keep, "don't");
	stays(keep, "[char]7");
	stays(keep, "");
}

/* N times WORD. */
static struct text
many(struct arena *keep, const char *word, size_t n)
{
	size_t size = strlen(word);
	char  *p = arena_new(keep, char, n * size);

	for (size_t i = 0; i < n; i++)
		memcpy(p + i * size, word, size);
	return (struct text){ p, n * size };
}

static void
hostile_scripts_end_within_bounds(struct arena keep)
{
	static const char *const words[] = {
		"(", "'a'+", "('a'+", "\"{0}\"-f", "'{0}{0}{0}{0}'-f(", "\"'", "'\"", "[char]", "`a",
		"'{0}'-f'a',", "@'\n", "<#", "{", "'{'-f'a' ",
	};
	size_t bytes = 0;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct arena scratch = arena_open((size_t)16 << 20);
		struct text  t = many(&keep, words[i], ASSEMBLE_TEXT / strlen(words[i]) + 9);
		bool         cut;

		bytes += assemble(t, &scratch, &cut).n;
		assemble_worth(t);
		arena_close(&scratch);
	}
	ok(bytes <= 2 * ASSEMBLE_TEXT * sizeof(words) / sizeof(words[0]), "%zu bytes came out",
	   bytes);
	bool        cut;
	struct text grown = assemble(TEXT("'{0}{0}{0}{0}{0}{0}{0}{0}'-f('{0}{0}{0}{0}{0}{0}{0}{0}'-f("
					  "'{0}{0}{0}{0}{0}{0}{0}{0}'-f('{0}{0}{0}{0}{0}{0}{0}{0}'-f("
					  "'{0}{0}{0}{0}{0}{0}{0}{0}'-f('{0}{0}{0}{0}{0}{0}{0}{0}'-f("
					  "'{0}{0}{0}{0}{0}{0}{0}{0}'-f('a b'+'c')))))))"),
				     &keep, &cut);

	ok(cut && grown.n < 2 * ASSEMBLE_TEXT, "formats that multiply are cut off");
}

static void
the_decoded_field_holds_the_lines(struct arena keep)
{
	struct event *ev = (struct event *)made_event(
	    &keep, "Microsoft-Windows-PowerShell/Operational", 4104, "h",
	    "--\nScriptBlockText=&('Inv'+'oke-WmiMethod') -CN srv02 -Class Win32_Process");

	ok(event_unwrap(ev, NULL, &keep) &&
	       text_eq(event_body(ev, TEXT("ScriptBlockText_decoded")),
		       TEXT("&Invoke-WmiMethod -CN srv02 -Class Win32_Process")),
	   "as a field of its own");
	ok(text_eq(decoded_origin(ev, &ev->fields[ev->n_fields - 1], &keep),
		   TEXT("ScriptBlockText, strings put together")),
	   "that says how it came about");
}

int
main(void)
{
	struct arena keep = arena_open((size_t)256 << 20);

	strings_are_put_together(keep);
	formats_are_filled_in(keep);
	letters_need_no_escape(keep);
	code_in_strings_is_read_too(keep);
	what_is_no_constant_stays(keep);
	hostile_scripts_end_within_bounds(keep);
	the_decoded_field_holds_the_lines(keep);
	arena_close(&keep);
	return done_testing();
}
