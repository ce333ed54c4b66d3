/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "importers/xml_clean.h"

#include <stdint.h>
#include <stdio.h>

#include "base/ascii.h"
#include "base/visible.h"
#include "importers/decode.h"

#define STAND_IN UINT32_C(0xFDD0)

static bool
is_control(unsigned char c)
{
	return c < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

static bool
char_allowed(uint32_t c)
{
	return c == 0x9 || c == 0xa || c == 0xd || (c >= 0x20 && c < 0xd800) ||
	       (c >= 0xe000 && c < 0xfffe) || (c >= 0x10000 && c < 0x110000);
}

struct reference {
	size_t length; /* 0: none begins here */
	bool fine;     /* the parser may have it as it is */
	uint32_t code; /* otherwise: what it means */
};

static struct reference
number_at(struct text t)
{
	struct reference r = { .length = 0 };
	bool hex = t.n > 2 && (t.p[2] | 0x20) == 'x';
	size_t i = hex ? 3 : 2, digits = 0;

	for (; i < t.n && digits <= 8; i++, digits++) {
		char c = t.p[i];
		uint32_t v;

		if (ascii_digit(c))
			v = (uint32_t)(c - '0');
		else if (hex && (c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			v = (uint32_t)((c | 0x20) - 'a') + 10;
		else
			break;
		r.code = r.code > 0x110000 ? r.code : r.code * (hex ? 16 : 10) + v;
	}
	if (digits == 0 || i >= t.n || t.p[i] != ';')
		return r;
	r.length = i + 1;
	r.fine = char_allowed(r.code) && !(hex && t.p[2] == 'X');
	return r;
}

/* T begins with '&'. */
static struct reference
reference_at(struct text t)
{
	static const struct text known[] = {
		TEXT_INIT("&lt;"),   TEXT_INIT("&gt;"),	  TEXT_INIT("&amp;"),
		TEXT_INIT("&quot;"), TEXT_INIT("&apos;"),
	};

	if (t.n > 1 && t.p[1] == '#')
		return number_at(t);
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (text_starts(t, known[i]))
			return (struct reference){ .length = known[i].n, .fine = true };
	return (struct reference){ .length = 0 };
}

/* Offset of the first ampersand that the parser would refuse; t.n: none. */
static size_t
first_bad_reference(struct text t)
{
	for (size_t i = 0; i < t.n;) {
		const char *amp = memchr(t.p + i, '&', t.n - i);

		if (!amp)
			break;
		i = (size_t)(amp - t.p);
		if (!reference_at(text_from(t, i)).fine)
			return i;
		i++;
	}
	return t.n;
}

static size_t
put_code(char *out, uint32_t code, struct xml_cleaned *what)
{
	char ref[16];

	if (char_allowed(code)) { /* stays a reference: it may be a '<' */
		int n = snprintf(ref, sizeof(ref), "&#%u;", (unsigned)code);

		memcpy(out, ref, (size_t)n);
		return (size_t)n;
	}
	if (code >= 0x20)
		return utf8_encode(0xfffd, out);
	what->controls = true;
	return utf8_encode(STAND_IN + code, out);
}

struct text
xml_clean(struct text t, struct arena *keep, struct xml_cleaned *what)
{
	char *out;
	size_t n = 0, grown = 0;

	*what = (struct xml_cleaned){ .controls = byte_kinds(t).control };
	if (!what->controls && first_bad_reference(t) == t.n)
		return t;
	for (size_t i = 0; i < t.n; i++)
		grown += t.p[i] == '&' || is_control((unsigned char)t.p[i]);
	/* "&" becomes "&amp;", a control character three bytes. */
	out = arena_alloc(keep, 1, 1, t.n + 4 * grown);
	for (size_t i = 0; i < t.n;) {
		unsigned char c = (unsigned char)t.p[i];
		struct reference r = { .length = 0 };

		if (is_control(c)) {
			n += put_code(out + n, c, what);
			i++;
			continue;
		}
		if (c == '&')
			r = reference_at(text_from(t, i));
		if (c != '&' || r.fine) {
			out[n++] = t.p[i++];
		} else if (r.length > 0) {
			n += put_code(out + n, r.code, what);
			i += r.length;
		} else {
			memcpy(out + n, "&amp;", 5);
			n += 5;
			i++;
			what->bare_ampersands = true;
		}
	}
	keep->at = out + n;
	return (struct text){ out, n };
}

size_t
xml_restore(char *p, size_t n)
{
	size_t out = 0;

	for (size_t i = 0; i < n;) {
		/* U+FDD0 to U+FDEF: ef b7 90 to ef b7 af */
		if (n - i >= 3 && memcmp(p + i, "\xef\xb7", 2) == 0 &&
		    (unsigned char)p[i + 2] >= 0x90 && (unsigned char)p[i + 2] <= 0xaf) {
			p[out++] = (char)((unsigned char)p[i + 2] - 0x90);
			i += 3;
		} else {
			p[out++] = p[i++];
		}
	}
	return out;
}
