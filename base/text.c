/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"

int
text_cmp(struct text a, struct text b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int    c = n ? memcmp(a.p, b.p, n) : 0;

	if (c != 0)
		return c;
	return a.n < b.n ? -1 : a.n > b.n;
}

static inline unsigned char
fold_ascii(unsigned char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) : c;
}

/*
 * Simple case folding of the two-byte letters whose folding has two bytes too (Unicode
 * CaseFolding.txt, status C): CODE is below 0x800.
 */
static uint32_t
fold_two_byte(uint32_t code)
{
	if ((code >= 0xC0 && code <= 0xDE && code != 0xD7) || /* Latin-1 */
	    (code >= 0x391 && code <= 0x3AB && code != 0x3A2) || /* Greek */
	    (code >= 0x410 && code <= 0x42F))                   /* Cyrillic */
		return code + 32;
	if (code >= 0x400 && code <= 0x40F)
		return code + 80;
	if (code >= 0x531 && code <= 0x556) /* Armenian */
		return code + 48;
	if ((code >= 0x100 && code <= 0x12F) || (code >= 0x132 && code <= 0x137) ||
	    (code >= 0x14A && code <= 0x177) || (code >= 0x460 && code <= 0x481) ||
	    (code >= 0x48A && code <= 0x4BF) || (code >= 0x4D0 && code <= 0x52F))
		return code | 1;
	if ((code >= 0x139 && code <= 0x148) || (code >= 0x179 && code <= 0x17E))
		return (code & 1) ? code + 1 : code;
	if (code >= 0x388 && code <= 0x38A) /* Greek with an accent, and below */
		return code + 37;
	if (code == 0x386)
		return 0x3AC;
	if (code == 0x38C)
		return 0x3CC;
	if (code == 0x38E || code == 0x38F)
		return code + 63;
	if (code == 0x178)
		return 0xFF;
	if (code == 0x3C2) /* final sigma */
		return 0x3C3;
	return code;
}

void
text_fold(char *out, struct text t)
{
	const unsigned char *p = (const unsigned char *)t.p;
	size_t               i = 0;

	while (i < t.n) {
		unsigned char c = p[i];

		if (c >= 0xC3 && c <= 0xDF && i + 1 < t.n && (p[i + 1] & 0xC0) == 0x80) {
			uint32_t code = ((uint32_t)(c & 0x1F) << 6) | (p[i + 1] & 0x3F);

			code = fold_two_byte(code);
			out[i] = (char)(0xC0 | (code >> 6));
			out[i + 1] = (char)(0x80 | (code & 0x3F));
			i += 2;
		} else {
			out[i++] = (char)fold_ascii(c);
		}
	}
}

/* Folded byte(s) at I of T into OUT; returns how many bytes were taken (1 or 2). */
static size_t
fold_at(struct text t, size_t i, unsigned char out[2])
{
	unsigned char c = (unsigned char)t.p[i];

	if (c < 0xC3 || c > 0xDF) {
		out[0] = fold_ascii(c);
		return 1;
	}
	size_t n = i + 1 < t.n && ((unsigned char)t.p[i + 1] & 0xC0) == 0x80 ? 2 : 1;

	text_fold((char *)out, (struct text){ t.p + i, n });
	return n;
}

int
text_icmp(struct text a, struct text b)
{
	size_t i = 0, n = a.n < b.n ? a.n : b.n;

	while (i < n) {
		unsigned char x[2] = { (unsigned char)a.p[i] }, y[2] = { (unsigned char)b.p[i] };
		size_t        nx, ny;

		if (x[0] == y[0] && x[0] < 0x80) {
			i++;
			continue;
		}
		nx = fold_at(a, i, x);
		ny = fold_at(b, i, y);
		if (x[0] != y[0])
			return x[0] < y[0] ? -1 : 1;
		if (nx == 2 && ny == 2) {
			if (x[1] != y[1])
				return x[1] < y[1] ? -1 : 1;
			i += 2;
		} else {
			i++;
		}
	}
	return a.n < b.n ? -1 : a.n > b.n;
}

bool
text_ieq(struct text a, struct text b)
{
	return a.n == b.n && text_icmp(a, b) == 0;
}

bool
text_starts(struct text t, struct text head)
{
	return t.n >= head.n && text_eq(text_head(t, head.n), head);
}

bool
text_istarts(struct text t, struct text head)
{
	return t.n >= head.n && text_ieq(text_head(t, head.n), head);
}

bool
text_iends(struct text t, struct text tail)
{
	return t.n >= tail.n && text_ieq(text_from(t, t.n - tail.n), tail);
}

size_t
text_find_byte(struct text hay, char c)
{
	const char *at = hay.n ? memchr(hay.p, c, hay.n) : NULL;

	return at ? (size_t)(at - hay.p) : TEXT_NOWHERE;
}

size_t
text_rfind_byte(struct text hay, char c)
{
	for (size_t i = hay.n; i-- > 0;)
		if (hay.p[i] == c)
			return i;
	return TEXT_NOWHERE;
}

size_t
text_find(struct text hay, struct text needle)
{
	if (needle.n == 0)
		return 0;
	if (needle.n > hay.n)
		return TEXT_NOWHERE;
	const char *at = memmem(hay.p, hay.n, needle.p, needle.n);

	return at ? (size_t)(at - hay.p) : TEXT_NOWHERE;
}

/* Does the folded text at I equal FOLDED? The caller made sure that there is room. */
static bool
folded_at(struct text hay, size_t i, struct text folded)
{
	size_t k = 0;

	while (k < folded.n) {
		unsigned char x[2], c = (unsigned char)hay.p[i + k];
		size_t        n;

		if (c < 0x80) {
			if (fold_ascii(c) != (unsigned char)folded.p[k])
				return false;
			k++;
			continue;
		}
		n = fold_at(hay, i + k, x);
		if (n > folded.n - k)
			n = folded.n - k;
		if (memcmp(x, folded.p + k, n) != 0)
			return false;
		k += n;
	}
	return true;
}

static size_t
ifind_slow(struct text hay, struct text folded)
{
	size_t last = hay.n - folded.n;

	for (size_t i = 0; i <= last; i++)
		if (folded_at(hay, i, folded))
			return i;
	return TEXT_NOWHERE;
}

/* Sixteen bytes, compared at once. */
typedef unsigned char lane __attribute__((vector_size(16)));

static lane
lane_load(const char *p)
{
	lane x;

	memcpy(&x, p, sizeof(x));
	return x;
}

static lane
lane_fill(unsigned char c)
{
	return (lane){ 0 } + c;
}

static bool
lane_any(lane x)
{
	uint64_t halves[2];

	memcpy(halves, &x, sizeof(x));
	return (halves[0] | halves[1]) != 0;
}

/* An ASCII byte of the needle, and the bit that its two cases differ in. */
struct probe {
	size_t        at;
	unsigned char c, either;
};

static struct probe
probe_at(struct text folded, size_t at)
{
	unsigned char c = (unsigned char)folded.p[at];

	return (struct probe){ at, c, ascii_lower(c) ? 0x20 : 0 };
}

/* Both probes must be there before the whole needle is compared. */
static size_t
ifind_probes(struct text hay, struct text folded, struct probe first, struct probe last)
{
	size_t places = hay.n - folded.n + 1, i = 0;
	lane   c1 = lane_fill(first.c), either1 = lane_fill(first.either);
	lane   c2 = lane_fill(last.c), either2 = lane_fill(last.either);

	for (; i + sizeof(lane) <= places; i += sizeof(lane)) {
		lane x = lane_load(hay.p + i + first.at), y = lane_load(hay.p + i + last.at);
		lane hit = (lane)((x | either1) == c1) & (lane)((y | either2) == c2);

		if (!lane_any(hit))
			continue;
		for (size_t k = 0; k < sizeof(lane); k++)
			if (hit[k] && folded_at(hay, i + k, folded))
				return i + k;
	}
	for (; i < places; i++)
		if (((unsigned char)hay.p[i + first.at] | first.either) == first.c &&
		    folded_at(hay, i, folded))
			return i;
	return TEXT_NOWHERE;
}

size_t
text_ifind(struct text hay, struct text folded)
{
	size_t first = 0, last = folded.n;

	if (folded.n == 0)
		return 0;
	if (folded.n > hay.n)
		return TEXT_NOWHERE;
	while (first < folded.n && (unsigned char)folded.p[first] >= 0x80)
		first++;
	if (first == folded.n)
		return ifind_slow(hay, folded);
	while ((unsigned char)folded.p[last - 1] >= 0x80)
		last--;
	return ifind_probes(hay, folded, probe_at(folded, first), probe_at(folded, last - 1));
}

struct text
text_trim(struct text t)
{
	while (t.n && ascii_blank(t.p[t.n - 1]))
		t.n--;
	while (t.n && ascii_blank(t.p[0])) {
		t.p++;
		t.n--;
	}
	return t;
}

struct text
text_last_part(struct text t)
{
	for (size_t i = t.n; i-- > 0;)
		if (t.p[i] == '/' || t.p[i] == '\\')
			return text_from(t, i + 1);
	return t;
}

struct text
text_cut(struct text *t, char sep)
{
	size_t      at = text_find_byte(*t, sep);
	struct text head;

	if (at == TEXT_NOWHERE) {
		head = *t;
		*t = TEXT_NONE;
		return head;
	}
	head = text_head(*t, at);
	*t = text_from(*t, at + 1);
	return head;
}

bool
text_to_u64(struct text t, uint64_t *out)
{
	unsigned base = 10;
	uint64_t v = 0;

	if (t.n > 2 && t.p[0] == '0' && (t.p[1] == 'x' || t.p[1] == 'X')) {
		base = 16;
		t = text_from(t, 2);
	}
	if (t.n == 0)
		return false;
	for (size_t i = 0; i < t.n; i++) {
		unsigned d = ascii_value(t.p[i]);

		if (d >= base || v > (UINT64_MAX - d) / base)
			return false;
		v = v * base + d;
	}
	*out = v;
	return true;
}

bool
text_to_i64(struct text t, int64_t *out)
{
	bool     minus = t.n && t.p[0] == '-';
	uint64_t v;

	if (t.n && (t.p[0] == '-' || t.p[0] == '+'))
		t = text_from(t, 1);
	if (t.n > 1 && (t.p[1] == 'x' || t.p[1] == 'X'))
		return false;
	if (!text_to_u64(t, &v) || v > (uint64_t)INT64_MAX + minus)
		return false;
	*out = minus ? (int64_t)(0 - v) : (int64_t)v;
	return true;
}

bool
text_to_double(struct text t, double *out)
{
	char   buf[64];
	size_t digits = 0;

	if (t.n == 0 || t.n >= sizeof(buf))
		return false;
	for (size_t i = 0; i < t.n; i++) {
		char c = t.p[i];

		if (ascii_digit(c))
			digits++;
		else if (c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E')
			return false;
		buf[i] = c;
	}
	if (digits == 0 || buf[0] == 'e' || buf[0] == 'E')
		return false;
	buf[t.n] = '\0';
	char  *end;
	double v = strtod(buf, &end);

	if (end != buf + t.n || !isfinite(v))
		return false;
	*out = v;
	return true;
}

uint32_t
text_key(struct text t)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < t.n; i++)
		h = (h ^ (unsigned char)t.p[i]) * 16777619u;
	return h;
}

static uint64_t
mix(uint64_t h)
{
	h ^= h >> 32;
	h *= 0xD6E8FEB86659FD93u;
	h ^= h >> 32;
	h *= 0xD6E8FEB86659FD93u;
	return h ^ (h >> 32);
}

uint64_t
text_hash(struct text t, uint64_t seed)
{
	uint64_t    h = mix(seed ^ (0x9E3779B97F4A7C15u + t.n));
	const char *p = t.p;
	size_t      n = t.n;

	while (n >= 8) {
		uint64_t w;

		memcpy(&w, p, 8);
		h = (h ^ mix(w)) * 0x9E3779B97F4A7C15u;
		p += 8;
		n -= 8;
	}
	if (n) {
		uint64_t w = 0;

		memcpy(&w, p, n);
		h = (h ^ mix(w + n)) * 0x9E3779B97F4A7C15u;
	}
	return mix(h);
}
