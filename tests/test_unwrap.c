/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Encoded commands, made by the same steps that an intruder takes, and texts that only look so. */
#include "config.h"

#include "base/unwrap.h"

#define ZLIB_CONST
#include <zlib.h>

#include "base/decoded.h"
#include "tests/made.h"
#include "tests/tap.h"

#define COMMAND "Invoke-WmiMethod -CN srv02 -Class Win32_Process -Name create"
#define DEFLATE (-MAX_WBITS)
#define ZLIB    MAX_WBITS
#define GZIP    (MAX_WBITS + 16)

static struct text
base64(struct arena *keep, struct text bytes)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char  *out = arena_new(keep, char, bytes.n / 3 * 4 + 5);
	size_t n = 0;

	for (size_t i = 0; i < bytes.n; i += 3) {
		uint32_t bits = 0;
		size_t   left = bytes.n - i < 3 ? bytes.n - i : 3;

		for (size_t k = 0; k < 3; k++)
			bits = bits << 8 | (k < left ? (unsigned char)bytes.p[i + k] : 0u);
		for (size_t k = 0; k < 4; k++)
			out[n++] = k <= left ? digits[bits >> (18 - 6 * k) & 63] : '=';
	}
	return (struct text){ out, n };
}

static struct text
utf16(struct arena *keep, struct text ascii)
{
	char *out = arena_new(keep, char, ascii.n * 2 + 1);

	for (size_t i = 0; i < ascii.n; i++)
		out[i * 2] = ascii.p[i];
	return (struct text){ out, ascii.n * 2 };
}

static struct text
packed(struct arena *keep, struct text bytes, int window)
{
	z_stream z = { .next_in = (const Bytef *)bytes.p, .avail_in = (uInt)bytes.n };
	size_t   room = bytes.n + 1024;
	char    *out = arena_new(keep, char, room);

	z.next_out = (Bytef *)out;
	z.avail_out = (uInt)room;
	if (deflateInit2(&z, 9, Z_DEFLATED, window, 9, Z_DEFAULT_STRATEGY) != Z_OK)
		abort();
	deflate(&z, Z_FINISH);
	deflateEnd(&z);
	return (struct text){ out, room - z.avail_out };
}

/* "powershell -enc ..." */
static struct text
encoded(struct arena *keep, const char *parameter, struct text command)
{
	return arena_join(keep, arena_printf(keep, "powershell -nop %s ", parameter),
			  base64(keep, utf16(keep, command)));
}

static struct text
quoted(struct arena *keep, const char *head, struct text bytes)
{
	return arena_join(keep, arena_printf(keep, "%s'", head),
			  arena_join(keep, base64(keep, bytes), TEXT("')")));
}

static void
layer_is(struct arena *keep, struct text script, struct text want, const char *how,
	 const char *what)
{
	struct layer *layers;
	size_t        n = unwrap(script, keep, &layers);

	ok(n == 1, "%s: one layer (%zu)", what, n);
	is(n ? layers[0].text : TEXT_NONE, want, what);
	is(n ? layers[0].how : TEXT_NONE, text_of(how), "and how it was packed");
}

static void
nothing_in(struct arena *keep, struct text script, const char *what)
{
	struct layer *layers;

	ok(unwrap(script, keep, &layers) == 0, "%s: nothing in it", what);
}

static void
every_spelling_of_the_parameter_is_decoded(struct arena keep)
{
	static const char *const parameters[] = {
		"-e", "-ec", "-en", "-enc", "-EncodedCommand", "-eNcOdEdC", "/enc",
		"\u2013enc", "\u2014e", "\u2015EncodedCommand",
	};

	for (size_t i = 0; i < sizeof(parameters) / sizeof(parameters[0]); i++)
		layer_is(&keep, encoded(&keep, parameters[i], TEXT("whoami /all")),
			 TEXT("whoami /all"), "base64 UTF-16LE", parameters[i]);
	layer_is(&keep, quoted(&keep, "powershell -enc ", utf16(&keep, TEXT("whoami /all"))),
		 TEXT("whoami /all"), "base64 UTF-16LE", "in quotes");
}

static void
every_packing_is_opened(struct arena keep)
{
	struct text c = TEXT(COMMAND), wide = utf16(&keep, c);
	const char *call = "[Convert]::FromBase64String(";

	layer_is(&keep, quoted(&keep, call, TEXT("http://192.0.2.7")), TEXT("http://192.0.2.7"),
		 "base64", "a short UTF-8 text that is announced");
	layer_is(&keep, quoted(&keep, call, c), c, "base64", "UTF-8");
	layer_is(&keep, quoted(&keep, call, packed(&keep, c, DEFLATE)), c, "base64 deflate",
		 "raw deflate");
	layer_is(&keep, quoted(&keep, call, packed(&keep, c, ZLIB)), c, "base64 zlib", "zlib");
	layer_is(&keep, quoted(&keep, call, packed(&keep, c, GZIP)), c, "base64 gzip", "gzip");
	layer_is(&keep, quoted(&keep, call, packed(&keep, wide, GZIP)), c,
		 "base64 gzip UTF-16LE", "UTF-16LE in gzip");
	layer_is(&keep, quoted(&keep, "$x = (", packed(&keep, c, GZIP)), c, "base64 gzip",
		 "a literal that nothing announces");
	layer_is(&keep, quoted(&keep, "$x = (", c), c, "base64", "the same in UTF-8");
}

static void
joined_and_wrapped_literals_are_one(struct arena keep)
{
	struct text all = base64(&keep, TEXT(COMMAND)), a = text_head(all, 40);
	struct text b = text_head(text_from(all, 40), 10), c = text_from(all, 50);
	struct text joined =
	    arena_printf(&keep, "$x='" TEXT_FMT "' + '" TEXT_FMT "' +\r\n\t'" TEXT_FMT "'",
			 TEXT_ARG(a), TEXT_ARG(b), TEXT_ARG(c));
	struct text wrapped = arena_printf(
	    &keep, "$x=@'\n" TEXT_FMT "\n" TEXT_FMT "\r\n  " TEXT_FMT "\n'@", TEXT_ARG(a),
	    TEXT_ARG(b), TEXT_ARG(c));
	struct text bare = arena_printf(&keep, "powershell -enc " TEXT_FMT "\nInvoke-Something",
					TEXT_ARG(base64(&keep, utf16(&keep, TEXT("whoami /a")))));

	layer_is(&keep, joined, TEXT(COMMAND), "base64", "joined by +");
	layer_is(&keep, wrapped, TEXT(COMMAND), "base64", "over lines");
	layer_is(&keep, bare, TEXT("whoami /a"), "base64 UTF-16LE",
		 "the next line is no part of what has no quotes");
}

static void
layers_within_layers_come_in_order(struct arena keep)
{
	struct text   inner = quoted(&keep, "IEX inflate([Convert]::FromBase64String(",
				     packed(&keep, TEXT(COMMAND), DEFLATE));
	struct layer *layers;
	size_t        n = unwrap(encoded(&keep, "-enc", inner), &keep, &layers);

	ok(n == 2, "two layers");
	is(layers[0].text, inner, "the outer one");
	is(layers[1].text, TEXT(COMMAND), "the inner one");
	ok(layers[0].depth == 1 && layers[1].depth == 2, "and how deep they lie");
	n = unwrap(arena_join(&keep, encoded(&keep, "-e", TEXT("whoami /all")),
			      encoded(&keep, ";-e", TEXT("whoami /all"))),
		   &keep, &layers);
	ok(n == 1, "the same text counts once");
}

static void
texts_of_other_scripts_are_text_when_announced(struct arena keep)
{
	/* "привет мир", UTF-16LE */
	struct text wide = TEXT("\x3f\x04\x40\x04\x38\x04\x32\x04\x35\x04\x42\x04 \0e\0c\0h\0o\0"
				" \0h\0e\0l\0l\0o\0");

	layer_is(&keep, quoted(&keep, "-enc ", wide),
		 TEXT("\u043f\u0440\u0438\u0432\u0435\u0442 echo hello"), "base64 UTF-16LE",
		 "Cyrillic");
}

static void
what_is_no_text_is_no_layer(struct arena keep)
{
	nothing_in(&keep, TEXT(""), "nothing");
	nothing_in(&keep, TEXT_NONE, "an absent text");
	nothing_in(&keep, TEXT("[Convert]::FromBase64String($x)"), "a name in letters of base64");
	nothing_in(&keep, TEXT("C:/Windows/System32/WindowsPowerShell/v1/Modules/Something"),
		   "a path");
	nothing_in(&keep, TEXT("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), "zeros");
	nothing_in(&keep, TEXT("d41d8cd98f00b204e9800998ecf8427ed41d8cd98f00b204e9800998ecf8427e"),
		   "a hash");
	nothing_in(&keep,
		   TEXT("ConvertFromStringDataWithVeryLongNamesOfThingsThatNobodyEverWouldCallSo"),
		   "long names");
	nothing_in(&keep,
		   quoted(&keep, "FromBase64String(",
			  TEXT("MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff\0\0\xb8")),
		   "a program");
	nothing_in(&keep, TEXT("powershell -enc SQBFAFgA"), "less than is worth a look");
	nothing_in(&keep, TEXT("tool.exe -export QUJDREVGR0hJSktM"), "another parameter, and short");
}

static void
torn_ends_give_what_is_there(struct arena keep)
{
	struct text   whole = encoded(&keep, "-enc", TEXT(COMMAND));
	struct text   zip = quoted(&keep, "FromBase64String(", packed(&keep, TEXT(COMMAND COMMAND), GZIP));
	struct layer *layers;

	for (size_t cut = 1; cut < 40; cut++) {
		size_t n = unwrap(text_head(whole, whole.n - cut), &keep, &layers);

		if (n != 1 || !text_starts(TEXT(COMMAND), layers[0].text))
			ok(false, "cut %zu", cut);
	}
	ok(unwrap(text_head(zip, zip.n - 20), &keep, &layers) <= 1, "a torn stream");
}

/* A stream that grows a thousandfold. */
static struct text
bomb(struct arena *keep, char filler)
{
	size_t n = (size_t)4 << 20;
	char  *much = arena_new(keep, char, n);

	memset(much, filler, n);
	return packed(keep, (struct text){ much, n }, GZIP);
}

static size_t
bytes_of(const struct layer *layers, size_t n)
{
	size_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += layers[i].text.n;
	return sum;
}

static void
bombs_stay_within_the_limits(struct arena keep)
{
	struct arena  out = arena_open(16 * UNWRAP_WORK);
	struct text   a = quoted(&keep, "FromBase64String(", bomb(&keep, 'a'));
	struct text   many = a, deep = TEXT(COMMAND);
	struct layer *layers;
	size_t        n = unwrap(a, &out, &layers);

	ok(n == 1 && layers[0].cut && layers[0].text.n == UNWRAP_TEXT, "the text is cut");
	arena_reset(&out, 0);
	n = unwrap(quoted(&keep, "FromBase64String(", bomb(&keep, '\0')), &out, &layers);
	ok(n == 0, "zeros are no text");
	for (char c = 'b'; c <= 'h'; c++)
		many = arena_join(&keep, many, quoted(&keep, ",(", bomb(&keep, c)));
	n = unwrap(many, &out, &layers);
	ok(n >= 1 && bytes_of(layers, n) <= UNWRAP_TEXT, "many of them share the limit");
	arena_reset(&out, 0);
	for (uint32_t i = 0; i < UNWRAP_DEPTH + 2; i++)
		deep = encoded(&keep, "-e", deep);
	n = unwrap(deep, &out, &layers);
	ok(n >= 1 && n <= UNWRAP_DEPTH && bytes_of(layers, n) <= UNWRAP_TEXT, "depth ends");
	arena_close(&out);
}

static void
texts_share_a_patience(struct arena keep)
{
	struct arena  out = arena_open(16 * UNWRAP_WORK);
	struct text   a = quoted(&keep, "FromBase64String(", bomb(&keep, 'a'));
	struct text   command = encoded(&keep, "powershell -enc", TEXT(COMMAND));
	struct layer *layers;
	size_t        patience = 2 * UNWRAP_WORK, decoded = 0;

	for (int i = 0; i < 64 && patience; i++) {
		arena_reset(&out, 0);
		decoded += unwrap_patiently(a, &patience, &out, &layers);
	}
	ok(decoded > 1 && patience == 0, "so many bombs use it up (%zu)", decoded);
	ok(unwrap_patiently(command, &patience, &out, &layers) == 0,
	   "then nothing is decoded any more");
	patience = UNWRAP_WORK;
	ok(unwrap_patiently(command, &patience, &out, &layers) == 1 && patience > UNWRAP_WORK / 2,
	   "an everyday command takes little of it");
	for (size_t left = 61; left < 64; left++) {
		patience = left;
		arena_reset(&out, 0);
		ok(unwrap_patiently(command, &patience, &out, &layers) == 1 && layers[0].cut,
		   "one that is longer than what is left of it is cut, and says so");
		ok(patience == 0, "and nothing is left (%zu of %zu)", patience, left);
	}
	arena_close(&out);
}

static void
huge_texts_take_little(struct arena keep)
{
	struct arena  out = arena_open(16 * UNWRAP_WORK);
	size_t        size = (size_t)4 << 20;
	char         *p = arena_new(&keep, char, size);
	uint64_t      seed = 1;
	struct layer *layers;

	memset(p, 'A', size);
	ok(unwrap((struct text){ p, size }, &out, &layers) == 0, "one endless literal");
	for (size_t i = 0; i + 24 <= size; i += 24)
		memcpy(p + i, "AAAAAAAAAAAAAAAAAAAAA'+'", 24);
	p[0] = '\'';
	ok(unwrap((struct text){ p, size }, &out, &layers) == 0, "joined without end");
	for (size_t i = 0; i < size; i++) {
		seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
		p[i] = i % 33 ? "ABCDEFGHabcdefgh01234567+/ZYXzyx"[seed >> 59] : ' ';
	}
	unwrap((struct text){ p, size }, &out, &layers);
	ok(arena_used(&out) <= 16 * UNWRAP_WORK, "noise");
	arena_close(&out);
}

static struct event *
script(struct arena *keep, struct text text)
{
	struct event *ev = made_event(keep, POWERSHELL_LOG, 4104, "h",
				      "EventRecordID=5\n--\nScriptBlockText=x\nPath=");

	for (uint32_t i = 0; i < ev->n_fields; i++)
		if (text_eq(ev->fields[i].name, TEXT("ScriptBlockText")))
			ev->fields[i].value = text;
	return ev;
}

static void
an_event_gets_a_field_that_searches_find(struct arena keep)
{
	struct event *ev = script(&keep, encoded(&keep, "-enc", TEXT(COMMAND)));
	uint32_t      n = ev->n_fields;

	ok(!made_holds(made_word(&keep, "*invoke-wmimethod*"), ev, keep), "hidden before");
	ok(event_unwrap(ev, NULL, &keep) && ev->n_fields == n + 1, "one field more");
	is(made_values(&keep, ev, "ScriptBlockText_decoded"), TEXT(COMMAND), "with the text");
	ok(made_holds(made_word(&keep, "*invoke-wmimethod*"), ev, keep), "bare words find it");
	ok(made_holds(made_eq(&keep, "ScriptBlockText_decoded", "*-CN srv02*"), ev, keep),
	   "by name, too");
	ok(!made_holds(made_eq(&keep, "ScriptBlockText", "*-CN srv02*"), ev, keep),
	   "the original is what it was");
	ok(text_find(made_values(&keep, ev, "Message"), TEXT("srv02")) == TEXT_NOWHERE,
	   "nor does the message say it");
	ok(event_unwrap(ev, NULL, &keep) && ev->n_fields == n + 1, "twice is once");
	is(decoded_origin(ev, &ev->fields[n], &keep), TEXT("ScriptBlockText, base64 UTF-16LE"),
	   "and where it came from");
	struct event plain = event_undecoded(ev, &keep);

	ok(plain.n_fields == n && ev->n_fields == n + 1, "and it can be left out");
}

static void
a_decoded_field_is_listed_with_its_origin(struct arena keep)
{
	struct event       *ev = made_event(&keep, "Security", 4688, "h", "--\nCommandLine=x");
	struct named_value *all;
	size_t              n, found = 0;

	ev->fields[ev->n_fields - 1].value =
	    encoded(&keep, "-e",
		    quoted(&keep, "FromBase64String(", packed(&keep, TEXT(COMMAND), DEFLATE)));
	event_unwrap(ev, NULL, &keep);
	n = event_named_values(ev, true, &keep, &all);
	for (size_t i = 0; i < n; i++)
		if (text_eq(all[i].name, TEXT("CommandLine_decoded"))) {
			is(all[i].origin, TEXT("CommandLine, base64 UTF-16LE, base64 deflate"),
			   "how it was decoded");
			found++;
		}
	ok(found == 1, "once");
}

static void
events_without_encoded_commands_stay_as_they_are(struct arena keep)
{
	struct event *plain = script(&keep, TEXT("Get-ChildItem C:\\"));
	struct event *other = made_event(&keep, "Security", 4624, "h", "--\nCommandLine=x");
	struct event *rest = script(&keep, encoded(&keep, "-enc", TEXT(COMMAND)));

	other->fields[other->n_fields - 1].value = encoded(&keep, "-enc", TEXT(COMMAND));
	rest->flags |= EVENT_SCRIPT_REST;
	ok(!event_unwrap(plain, NULL, &keep) && !event_unwrap(other, NULL, &keep) && !event_unwrap(rest, NULL, &keep),
	   "no field is added");
	ok(name_is_decoded(TEXT("ScriptBlockText_decoded")) && !name_is_decoded(TEXT("decoded")) &&
	       !name_is_decoded(TEXT("")),
	   "names of such fields are known");
}

int
main(void)
{
	struct arena keep = arena_open((size_t)4 << 30);

	every_spelling_of_the_parameter_is_decoded(keep);
	every_packing_is_opened(keep);
	joined_and_wrapped_literals_are_one(keep);
	layers_within_layers_come_in_order(keep);
	texts_of_other_scripts_are_text_when_announced(keep);
	what_is_no_text_is_no_layer(keep);
	torn_ends_give_what_is_there(keep);
	bombs_stay_within_the_limits(keep);
	texts_share_a_patience(keep);
	huge_texts_take_little(keep);
	an_event_gets_a_field_that_searches_find(keep);
	a_decoded_field_is_listed_with_its_origin(keep);
	events_without_encoded_commands_stay_as_they_are(keep);
	arena_close(&keep);
	return done_testing();
}
