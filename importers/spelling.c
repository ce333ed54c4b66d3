/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "importers/spelling.h"

#include "base/ascii.h"
#include "base/when.h"
#include "importers/decode.h"

#define PAYLOAD_RUN 4 /* printable units that are taken for text */

static const char guid_shape[] = "{hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh}";

static bool
has_shape(struct text t, struct text shape)
{
	if (t.n != shape.n)
		return false;
	for (size_t i = 0; i < t.n; i++)
		if (shape.p[i] == 'h' ? !ascii_hex(t.p[i]) : t.p[i] != shape.p[i])
			return false;
	return true;
}

/* "{a0c1...}" in braces; only the shape is looked at. */
static bool
is_guid(struct text t)
{
	return t.n == sizeof(guid_shape) - 1 && t.p[0] == '{' &&
	       has_shape(t, (struct text){ guid_shape, sizeof(guid_shape) - 1 });
}

void
spelling_guid_in_place(char *p, size_t n)
{
	if (!is_guid((struct text){ p, n }))
		return;
	for (size_t i = 0; i < n; i++)
		if (guid_shape[i] == 'h' && p[i] >= 'a')
			p[i] = (char)(p[i] - ('a' - 'A'));
}

struct text
spelling_guid(struct text t, bool add_braces, struct arena *keep)
{
	struct text braced = t;
	char *p;

	if (add_braces && has_shape(t, (struct text){ guid_shape + 1, sizeof(guid_shape) - 3 }))
		braced = arena_printf(keep, "{" TEXT_FMT "}", TEXT_ARG(t));
	if (!is_guid(braced))
		return t;
	p = arena_alloc(keep, 1, 1, braced.n);
	memcpy(p, braced.p, braced.n);
	spelling_guid_in_place(p, braced.n);
	return (struct text){ p, braced.n };
}

struct text
spelling_time_ns(int64_t ns, struct arena *keep)
{
	struct when_fields f = when_split(ns);

	if (f.ns % 100)
		return arena_printf(keep, "%04d-%02d-%02dT%02d:%02d:%02d.%09dZ", f.year, f.month,
				    f.day, f.hour, f.minute, f.second, f.ns);
	return arena_printf(keep, "%04d-%02d-%02dT%02d:%02d:%02d.%07dZ", f.year, f.month, f.day,
			    f.hour, f.minute, f.second, f.ns / 100);
}

struct text
spelling_time(struct text t, struct arena *keep)
{
	int64_t ns;
	bool has_zone;

	if (!when_from_iso(t, &ns, &has_zone))
		return t;
	if (t.n == 28 && t.p[10] == 'T' && t.p[27] == 'Z')
		return t;
	if (t.n == 30 && t.p[10] == 'T' && text_iends(t, TEXT("00Z")))
		return arena_join(keep, text_head(t, 27), TEXT("Z"));
	return spelling_time_ns(ns, keep);
}

struct text
spelling_hex64(struct text t, struct arena *keep)
{
	uint64_t u;
	int64_t i;

	if (text_to_i64(t, &i))
		u = (uint64_t)i;
	else if (text_istarts(t, TEXT("0x")) || !text_to_u64(t, &u))
		return t;
	return arena_printf(keep, "0x%llx", (unsigned long long)u);
}

/* Printable unit of UTF-16LE in the four digits at P, or NUL. */
static char
unit_of_digits(const char *p)
{
	unsigned low;

	if (!ascii_hex(p[0]) || !ascii_hex(p[1]) || p[2] != '0' || p[3] != '0')
		return '\0';
	low = ascii_value(p[0]) << 4 | ascii_value(p[1]);
	return low >= 0x20 && low <= 0x7e ? (char)low : '\0';
}

size_t
spelling_payload_to(char *p, struct text hex)
{
	size_t n = 0;

	for (size_t i = 0; i + 4 <= hex.n;) {
		size_t run = n;

		if (run > 0)
			p[n++] = '\n';
		for (size_t k = i; k + 4 <= hex.n && unit_of_digits(hex.p + k); k += 4)
			p[n++] = unit_of_digits(hex.p + k);
		if (n - run - (run > 0) >= PAYLOAD_RUN) {
			i += 4 * (n - run - (run > 0));
		} else {
			n = run;
			i += 2;
		}
	}
	return n;
}

struct text
spelling_payload(struct text hex, struct arena *keep)
{
	char *p = arena_alloc(keep, 1, 1, hex.n);

	return (struct text){ p, spelling_payload_to(p, hex) };
}

struct text
spelling_lines(struct text t, struct arena *keep)
{
	char *p;

	if (text_find(t, TEXT("\r\n")) == TEXT_NOWHERE)
		return t;
	p = arena_alloc(keep, 1, 1, t.n);
	memcpy(p, t.p, t.n);
	return (struct text){ p, line_ends_to_lf(p, t.n) };
}
