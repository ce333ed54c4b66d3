/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "importers/evtx_value.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "importers/bytes.h"
#include "importers/utf16.h"

#define TICKS_A_SECOND 10000000u
#define TICKS_A_DAY    (86400 * (uint64_t)TICKS_A_SECOND)

/* A SID with more sub-authorities than Windows allows is shown as bytes ([MS-DTYP] 2.4.2). */
#define SID_PARTS_MAX 15

#define DIGIT_ROW(t) t "0" t "1" t "2" t "3" t "4" t "5" t "6" t "7" t "8" t "9"
#define HEX_ROW(h)                                                                            \
	h "0" h "1" h "2" h "3" h "4" h "5" h "6" h "7" h "8" h "9" h "A" h "B" h "C" h "D" h \
	  "E" h "F"

static const char two_digits[] = DIGIT_ROW("0") DIGIT_ROW("1") DIGIT_ROW("2") DIGIT_ROW("3")
    DIGIT_ROW("4") DIGIT_ROW("5") DIGIT_ROW("6") DIGIT_ROW("7") DIGIT_ROW("8") DIGIT_ROW("9");

static const char two_nibbles[] = HEX_ROW("0") HEX_ROW("1") HEX_ROW("2") HEX_ROW("3") HEX_ROW("4")
    HEX_ROW("5") HEX_ROW("6") HEX_ROW("7") HEX_ROW("8") HEX_ROW("9") HEX_ROW("A") HEX_ROW("B")
	HEX_ROW("C") HEX_ROW("D") HEX_ROW("E") HEX_ROW("F");

static inline char *
put_two(char *out, unsigned v)
{
	memcpy(out, two_digits + 2 * v, 2);
	return out + 2;
}

static inline char *
put_byte(char *out, uint8_t v)
{
	memcpy(out, two_nibbles + 2 * v, 2);
	return out + 2;
}

static inline unsigned
count_digits(uint32_t v)
{
	if (v < 10000)
		return v < 100 ? 1 + (v >= 10) : 3 + (v >= 1000);
	if (v < 100000000)
		return v < 1000000 ? 5 + (v >= 100000) : 7 + (v >= 10000000);
	return 9 + (v >= 1000000000);
}

static char *
put_u32(char *out, uint32_t v)
{
	char *end = out + count_digits(v), *at = end;

	while (v >= 100) {
		at -= 2;
		put_two(at, v % 100);
		v /= 100;
	}
	if (v >= 10)
		put_two(out, v);
	else
		*out = (char)('0' + v);
	return end;
}

static char *
put_u64(char *out, uint64_t v)
{
	if (v <= UINT32_MAX)
		return put_u32(out, (uint32_t)v);
	out = put_u64(out, v / 1000000000);
	uint32_t low = (uint32_t)(v % 1000000000);

	for (int i = 8; i >= 0; i--) {
		out[i] = (char)('0' + low % 10);
		low /= 10;
	}
	return out + 9;
}

static char *
put_i64(char *out, int64_t v)
{
	if (v >= 0)
		return put_u64(out, (uint64_t)v);
	*out++ = '-';
	return put_u64(out, 0 - (uint64_t)v);
}

static char *
put_hex(char *out, uint64_t v)
{
	unsigned digits = v ? (67u - (unsigned)__builtin_clzll(v)) / 4 : 1;

	*out++ = '0';
	*out++ = 'x';
	for (unsigned i = digits; i-- > 0; v >>= 4)
		out[i] = "0123456789abcdef"[v & 15];
	return out + digits;
}

static char *
put_bytes(char *out, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out = put_byte(out, p[i]);
	return out;
}

/* N bytes from P on, taken in steps of STEP (1 or -1). */
static inline char *
put_run(char *out, const uint8_t *p, int n, int step)
{
#pragma GCC unroll 8
	for (int i = 0; i < n; i++)
		out = put_byte(out, p[i * step]);
	return out;
}

static char *
put_guid(char *out, const uint8_t *p)
{
	*out++ = '{';
	out = put_run(out, p + 3, 4, -1);
	*out++ = '-';
	out = put_run(out, p + 5, 2, -1);
	*out++ = '-';
	out = put_run(out, p + 7, 2, -1);
	*out++ = '-';
	out = put_run(out, p + 8, 2, 1);
	*out++ = '-';
	out = put_run(out, p + 10, 6, 1);
	*out++ = '}';
	return out;
}

static char *
put_sid(char *out, const uint8_t *p)
{
	uint64_t authority = 0;

	for (int i = 2; i < 8; i++)
		authority = authority << 8 | p[i];
	*out++ = 'S';
	*out++ = '-';
	out = put_u32(out, p[0]);
	*out++ = '-';
	out = authority <= UINT32_MAX ? put_u32(out, (uint32_t)authority) : put_hex(out, authority);
	for (unsigned i = 0; i < p[1]; i++) {
		*out++ = '-';
		out = put_u32(out, le32(p + 8 + 4 * i));
	}
	return out;
}

/* "2024-03-05T" of a day number since 1601-01-01; years in eras of 400, beginning in March. */
static unsigned
date_text(char *out, uint64_t day)
{
	uint64_t z = day + 584694; /* days from 0000-03-01 to 1601-01-01 */
	uint64_t era = z / 146097;
	uint32_t doe = (uint32_t)(z % 146097);
	uint32_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	uint32_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	uint32_t mp = (5 * doy + 2) / 153;
	uint32_t month = mp < 10 ? mp + 3 : mp - 9;
	uint64_t year = yoe + era * 400 + (month <= 2);
	char    *start = out;

	out = put_u64(out, year);
	*out++ = '-';
	out = put_two(out, month);
	*out++ = '-';
	out = put_two(out, doy - (153 * mp + 2) / 5 + 1);
	*out++ = 'T';
	return (unsigned)(out - start);
}

static char *
put_clock(char *out, unsigned second_of_day)
{
	out = put_two(out, second_of_day / 3600);
	*out++ = ':';
	out = put_two(out, second_of_day / 60 % 60);
	*out++ = ':';
	return put_two(out, second_of_day % 60);
}

static char *
put_filetime(char *out, uint64_t ticks, struct evtx_dates *dates)
{
	uint64_t day = ticks / TICKS_A_DAY;
	uint64_t rest = ticks % TICKS_A_DAY;
	unsigned fraction = (unsigned)(rest % TICKS_A_SECOND);

	if (day != dates->day) {
		dates->length = date_text(dates->text, day);
		dates->day = day;
	}
	memcpy(out, dates->text, sizeof(dates->text));
	out = put_clock(out + dates->length, (unsigned)(rest / TICKS_A_SECOND));
	*out++ = '.';
	*out++ = (char)('0' + fraction / 1000000);
	out = put_two(out, fraction / 10000 % 100);
	out = put_two(out, fraction / 100 % 100);
	out = put_two(out, fraction % 100);
	*out++ = 'Z';
	return out;
}

/* Eight 16-bit numbers; a date that cannot be (month 0) is shown with the digits it has, all
 * zero as the beginning of the count, 1601. */
static char *
put_systemtime(char *out, const uint8_t *p)
{
	unsigned f[8], any = 0;

	for (int i = 0; i < 8; i++)
		any |= f[i] = le16(p + 2 * i);
	if (!any) {
		f[0] = 1601;
		f[1] = f[3] = 1;
	}
	return out + snprintf(out, 64, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ", f[0], f[1], f[3],
			      f[4], f[5], f[6], f[7]);
}

/* Shortest decimal that reads back as the same number, with a dot in every locale. */
static char *
put_real(char *out, double v, bool single)
{
	char buf[40];
	int  n = 0;

	if (isnan(v) || isinf(v)) {
		const char *word = isnan(v) ? "-1.#IND" : v > 0 ? "1.#INF" : "-1.#INF";
		size_t      length = strlen(word);

		memcpy(out, word, length);
		return out + length;
	}
	for (int digits = 1; digits <= 17; digits++) {
		n = snprintf(buf, sizeof(buf), "%.*g", digits, v);
		if (single ? strtof(buf, NULL) == (float)v : strtod(buf, NULL) == v)
			break;
	}
	for (int i = 0; i < n; i++)
		*out++ = strchr("0123456789e+-", buf[i]) ? buf[i] : '.';
	return out;
}

static char *
put_float(char *out, const uint8_t *p)
{
	uint32_t bits = le32(p);
	float    v;

	memcpy(&v, &bits, sizeof(v));
	return put_real(out, (double)v, true);
}

static char *
put_double(char *out, const uint8_t *p)
{
	uint64_t bits = le64(p);
	double   v;

	memcpy(&v, &bits, sizeof(v));
	return put_real(out, v, false);
}

static char *
put_bool(char *out, const uint8_t *p, size_t n)
{
	bool on = false;

	for (size_t i = 0; i < n; i++)
		on |= p[i] != 0;
	memcpy(out, on ? "true" : "false", 5);
	return out + (on ? 4 : 5);
}

static char *
put_ansi(char *out, const uint8_t *p, size_t bytes)
{
	while (bytes && p[bytes - 1] == 0)
		bytes--;
	return cp1252_to_utf8(out, p, bytes);
}

/* Sizes of the types that have one; the others are 0. */
static const uint8_t fixed_size[] = {
	[EVTX_INT8] = 1,     [EVTX_UINT8] = 1,       [EVTX_INT16] = 2,  [EVTX_UINT16] = 2,
	[EVTX_INT32] = 4,    [EVTX_UINT32] = 4,      [EVTX_FLOAT] = 4,  [EVTX_HEX32] = 4,
	[EVTX_INT64] = 8,    [EVTX_UINT64] = 8,      [EVTX_DOUBLE] = 8, [EVTX_HEX64] = 8,
	[EVTX_FILETIME] = 8, [EVTX_SYSTEMTIME] = 16, [EVTX_GUID] = 16,  [EVTX_XML] = 0,
};

/* Does a value of N bytes at P have a size that its type can have? */
static bool
size_fits(uint8_t type, const uint8_t *p, uint32_t n)
{
	if (type >= sizeof(fixed_size))
		return false;
	if (fixed_size[type])
		return n == fixed_size[type];
	switch (type) {
	case EVTX_BOOL:
		return n == 1 || n == 2 || n == 4 || n == 8;
	case EVTX_SIZE:
	case EVTX_HANDLE:
		return n == 4 || n == 8;
	case EVTX_SID:
		return n >= 8 && p[1] <= SID_PARTS_MAX && n >= 8 + 4u * p[1];
	case EVTX_NULL:
	case EVTX_STRING:
	case EVTX_ANSI:
	case EVTX_BINARY:
	case EVTX_XML:
		return true;
	default:
		return false;
	}
}

char *
evtx_value_text(char *out, const struct evtx_value *v, struct evtx_dates *dates, bool *misfit)
{
	const uint8_t *p = v->p;

	if (v->n == 0 || v->type == EVTX_NULL)
		return out;
	if (!size_fits(v->type, p, v->n)) {
		*misfit = true;
		return put_bytes(out, p, v->n);
	}
	switch ((enum evtx_type)v->type) {
	case EVTX_NULL:
		return out;
	case EVTX_STRING:
	case EVTX_XML:
		return evtx_string_text(out, p, v->n);
	case EVTX_ANSI:
		return put_ansi(out, p, v->n);
	case EVTX_INT8:
		return put_i64(out, (int8_t)p[0]);
	case EVTX_UINT8:
		return put_u32(out, p[0]);
	case EVTX_INT16:
		return put_i64(out, (int16_t)le16(p));
	case EVTX_UINT16:
		return put_u32(out, le16(p));
	case EVTX_INT32:
		return put_i64(out, (int32_t)le32(p));
	case EVTX_UINT32:
		return put_u32(out, le32(p));
	case EVTX_INT64:
		return put_i64(out, (int64_t)le64(p));
	case EVTX_UINT64:
		return put_u64(out, le64(p));
	case EVTX_FLOAT:
		return put_float(out, p);
	case EVTX_DOUBLE:
		return put_double(out, p);
	case EVTX_BOOL:
		return put_bool(out, p, v->n);
	case EVTX_GUID:
		return put_guid(out, p);
	case EVTX_SIZE:
	case EVTX_HEX32:
	case EVTX_HEX64:
	case EVTX_HANDLE:
		return put_hex(out, v->n == 8 ? le64(p) : le32(p));
	case EVTX_FILETIME:
		return put_filetime(out, le64(p), dates);
	case EVTX_SYSTEMTIME:
		return put_systemtime(out, p);
	case EVTX_SID:
		return put_sid(out, p);
	case EVTX_BINARY:
	case EVTX_BINXML:
	case EVTX_ARRAY:
		break;
	}
	return put_bytes(out, p, v->n);
}

/* Bytes up to and with the first terminator of WIDTH bytes; all N when there is none. */
static uint32_t
terminated(const uint8_t *p, uint32_t n, uint32_t width)
{
	for (uint32_t i = 0; n - i >= width; i += width)
		if (p[i] == 0 && p[i + width - 1] == 0)
			return i + width;
	return n;
}

/* Bytes of the first item of an array of TYPE, its terminator included; 0: it does not fit. */
static uint32_t
item_size(uint8_t type, const uint8_t *p, uint32_t n)
{
	if (type < sizeof(fixed_size) && fixed_size[type])
		return fixed_size[type];
	switch (type) {
	case EVTX_STRING:
		return terminated(p, n, 2);
	case EVTX_ANSI:
		return terminated(p, n, 1);
	case EVTX_BOOL:
		return 4;
	case EVTX_SIZE:
		return n % 8 ? 4 : 8;
	case EVTX_SID:
		return n >= 8 && p[1] <= SID_PARTS_MAX ? 8 + 4u * p[1] : 0;
	default:
		return 0;
	}
}

bool
evtx_array_next(struct evtx_value *rest, struct evtx_value *item)
{
	uint8_t  type = (uint8_t)(rest->type & ~EVTX_ARRAY);
	uint32_t n;

	if (rest->n == 0)
		return false;
	n = item_size(type, rest->p, rest->n);
	if (n == 0 || n > rest->n) {
		n = rest->n;
		type = EVTX_BINARY;
	}
	*item = (struct evtx_value){ rest->p, n, type };
	rest->p += n;
	rest->n -= n;
	return true;
}
