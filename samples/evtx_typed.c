/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "samples/evtx_typed.h"

#include "base/ascii.h"
#include "base/visible.h"

#define TICKS_1970 INT64_C(116444736000000000)
#define SID_PARTS  15

static void
put_number(struct evtx_typed *v, uint64_t number, uint8_t n)
{
	for (uint8_t i = 0; i < n; i++)
		v->bytes[v->n++] = (uint8_t)(number >> 8 * i);
}

struct evtx_typed
evtx_typed_text(struct text t)
{
	return (struct evtx_typed){ .type = text_absent(t) ? EVTX_NULL : EVTX_STRING, .text = t };
}

struct evtx_typed
evtx_typed_number(enum evtx_type type, uint64_t number)
{
	struct evtx_typed v = { .type = (uint8_t)type };

	switch (type) {
	case EVTX_UINT8:
		put_number(&v, number, 1);
		break;
	case EVTX_UINT16:
		put_number(&v, number, 2);
		break;
	case EVTX_BOOL:
	case EVTX_UINT32:
		put_number(&v, number, 4);
		break;
	default:
		put_number(&v, number, 8);
		break;
	}
	return v;
}

static int
hex_digit(char c)
{
	if (ascii_digit(c))
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* "{A0C1853B-5C40-4B15-8766-3CF1C58F985A}", upper case. */
static bool
to_guid(struct text t, struct evtx_typed *v)
{
	static const uint8_t order[16] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };
	size_t               byte = 0;

	if (t.n != 38 || t.p[0] != '{' || t.p[37] != '}')
		return false;
	for (size_t i = 1; i < 37;) {
		if (i == 9 || i == 14 || i == 19 || i == 24) {
			if (t.p[i++] != '-')
				return false;
			continue;
		}
		int high = hex_digit(t.p[i]), low = hex_digit(t.p[i + 1]);

		if (high < 0 || low < 0)
			return false;
		v->bytes[order[byte++]] = (uint8_t)(high << 4 | low);
		i += 2;
	}
	v->type = EVTX_GUID;
	v->n = 16;
	return true;
}

/* A decimal without leading zeros. */
static bool
to_decimal(struct text t, uint64_t *number)
{
	if (t.n == 0 || t.p[0] < '0' || t.p[0] > '9' || (t.n > 1 && t.p[0] == '0'))
		return false;
	return text_to_u64(t, number);
}

static bool
to_sid(struct text t, struct evtx_typed *v)
{
	struct text rest = text_from(t, 6);
	uint64_t    authority, part;

	if (!text_starts(t, TEXT("S-1-")))
		return false;
	rest = text_from(t, 4);
	if (!to_decimal(text_cut(&rest, '-'), &authority) || authority > UINT32_MAX)
		return false;
	v->bytes[0] = 1;
	for (int i = 0; i < 4; i++)
		v->bytes[4 + i] = (uint8_t)(authority >> (24 - 8 * i));
	v->n = 8;
	while (!text_absent(rest)) {
		if (v->bytes[1] == SID_PARTS || !to_decimal(text_cut(&rest, '-'), &part) ||
		    part > UINT32_MAX)
			return false;
		put_number(v, part, 4);
		v->bytes[1]++;
	}
	v->type = EVTX_SID;
	return true;
}

/* "0x3e7": lower case, no leading zeros. */
static bool
to_hex(struct text t, uint64_t *number)
{
	if (!text_starts(t, TEXT("0x")) || t.n < 3 || (t.n > 3 && t.p[2] == '0'))
		return false;
	for (size_t i = 2; i < t.n; i++)
		if (t.p[i] >= 'A' && t.p[i] <= 'F')
			return false;
	return text_to_u64(t, number);
}

struct evtx_typed
evtx_typed(struct text t)
{
	struct evtx_typed v = { .type = EVTX_NULL };
	uint64_t          number;

	if (text_absent(t))
		return v;
	if (to_decimal(t, &number) && number <= UINT32_MAX)
		return evtx_typed_number(EVTX_UINT32, number);
	if (to_hex(t, &number))
		return evtx_typed_number(EVTX_HEX64, number);
	if (text_eq(t, TEXT("true")) || text_eq(t, TEXT("false")))
		return evtx_typed_number(EVTX_BOOL, t.n == 4);
	if (to_guid(t, &v))
		return v;
	v = (struct evtx_typed){ .type = EVTX_NULL };
	if (to_sid(t, &v))
		return v;
	return evtx_typed_text(t);
}

size_t
bytes_utf16(struct bytes *b, struct text t)
{
	const char *p = t.p, *end = t.p + t.n;
	size_t      n = 0;

	while (p < end) {
		uint32_t code;

		p += utf8_decode(p, end, &code);
		if (code >= 0x10000) {
			n += 4;
			if (b == NULL)
				continue;
			bytes_u16(b, (uint16_t)(0xD800 + ((code - 0x10000) >> 10)));
			bytes_u16(b, (uint16_t)(0xDC00 + ((code - 0x10000) & 0x3FF)));
		} else {
			n += 2;
			if (b)
				bytes_u16(b, (uint16_t)code);
		}
	}
	return n;
}

size_t
evtx_typed_size(const struct evtx_typed *v)
{
	return v->type == EVTX_STRING ? bytes_utf16(NULL, v->text) : v->n;
}

void
evtx_typed_put(struct bytes *b, const struct evtx_typed *v)
{
	if (v->type == EVTX_STRING)
		bytes_utf16(b, v->text);
	else
		bytes_add(b, v->bytes, v->n);
}

uint64_t
evtx_filetime(int64_t time_ns)
{
	return (uint64_t)(time_ns / 100 + TICKS_1970);
}
