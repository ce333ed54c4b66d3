/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Functions of texts. Most work on the first value of a field, as Splunk's do. */
#include "config.h"

#include <math.h>
#include <openssl/evp.h>
#include <stdio.h>

#include "base/ascii.h"
#include "base/visible.h"
#include "base/when.h"
#include "rules/functions.h"

/* --- letter case --- */

static uint32_t
code_lower(uint32_t c)
{
	if ((c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7) ||
	    (c >= 0x391 && c <= 0x3a9) || (c >= 0x410 && c <= 0x42f))
		return c + 32;
	if (c >= 0x400 && c <= 0x40f)
		return c + 80;
	return c;
}

static uint32_t
code_upper(uint32_t c)
{
	if ((c >= 'a' && c <= 'z') || (c >= 0xe0 && c <= 0xfe && c != 0xf7) ||
	    (c >= 0x3b1 && c <= 0x3c9 && c != 0x3c2) || (c >= 0x430 && c <= 0x44f))
		return c - 32;
	if (c >= 0x450 && c <= 0x45f)
		return c - 80;
	return c;
}

/* One letter case. */
struct letters {
	uint32_t (*map)(uint32_t);
	unsigned char first; /* of the 26 ASCII letters that it changes */
};

static const struct letters lower = { code_lower, 'A' };
static const struct letters upper = { code_upper, 'a' };

/* Nearly all text is ASCII: eight bytes at a time; returns how many there are. */
static size_t
map_ascii(char *out, struct text t, unsigned char first)
{
	size_t   n = 0;
	uint64_t word;

	for (; n + sizeof(word) <= t.n; n += sizeof(word)) {
		memcpy(&word, t.p + n, sizeof(word));
		if (word & UINT64_C(0x8080808080808080))
			break;
		for (size_t i = n; i < n + sizeof(word); i++) {
			unsigned char c = (unsigned char)t.p[i];

			out[i] = (char)((unsigned char)(c - first) < 26 ? c ^ 0x20 : c);
		}
	}
	return n;
}

static struct text
map_codes(struct text t, struct eval *ev, const struct letters *letters)
{
	char  *p = eval_room(ev, t.n * 2);
	size_t n = 0;

	if (!p)
		return TEXT_NONE;
	for (size_t i = 0; i < t.n;) {
		uint32_t code, mapped;
		size_t   length = map_ascii(p + n, text_from(t, i), letters->first);

		n += length;
		i += length;
		if (i == t.n)
			break;
		length = utf8_decode(t.p + i, t.p + t.n, &code);
		mapped = letters->map(code);

		if (mapped == code) {
			memcpy(p + n, t.p + i, length);
			n += length;
		} else {
			n += utf8_encode(mapped, p + n);
		}
		i += length;
	}
	ev->run->scratch->at = p + n; /* what was not needed */
	return (struct text){ p, n };
}

/* Expressions that ask a text for one word after the other lower it anew for each. */
static struct text
recase(struct text t, struct eval *ev, const struct letters *letters)
{
	struct run     *run = ev->run;
	struct recased *last = &run->recased;

	if (last->letters != letters || last->of.p != t.p || last->of.n != t.n ||
	    last->releases != run->releases)
		*last = (struct recased){ letters, t, map_codes(t, ev, letters), run->releases };
	return last->is;
}

/* Each value of the field. */
static struct value
map_values(const struct expr *call, struct eval *ev, const struct letters *letters)
{
	struct value        v = arg_value(call, ev, 0);
	const struct value *items;
	size_t              n = value_items(&v, &items);
	struct value       *out = eval_items(ev, n);

	for (size_t i = 0; out && i < n; i++)
		out[i] = value_of_text(
		    recase(value_text(&items[i], ' ', ev->run->scratch), ev, letters));
	return out && !ev->run->failed ? value_of_list(out, n) : (struct value){ 0 };
}

struct value
function_lower(const struct expr *call, struct eval *ev)
{
	return map_values(call, ev, &lower);
}

struct value
function_upper(const struct expr *call, struct eval *ev)
{
	return map_values(call, ev, &upper);
}

/* --- length and parts --- */

static size_t
count_codes(struct text t)
{
	size_t n = 0;

	for (size_t i = 0; i < t.n; i++)
		n += ((unsigned char)t.p[i] & 0xc0) != 0x80;
	return n;
}

/* Bytes of the first N characters. */
static size_t
codes_to_bytes(struct text t, size_t n)
{
	size_t i = 0;

	for (; i < t.n; i++)
		if (((unsigned char)t.p[i] & 0xc0) != 0x80 && n-- == 0)
			break;
	return i;
}

struct value
function_len(const struct expr *call, struct eval *ev)
{
	struct text t;

	if (!arg_text(call, ev, 0, &t))
		return (struct value){ 0 };
	return value_of_number((double)count_codes(t));
}

struct value
function_substr(const struct expr *call, struct eval *ev)
{
	struct text t;
	double      start, length, n;

	if (!arg_text(call, ev, 0, &t) || !arg_number(call, ev, 1, &start))
		return (struct value){ 0 };
	n = (double)count_codes(t);
	length = n;
	if (call->n_kids > 2 && !arg_number(call, ev, 2, &length))
		return (struct value){ 0 };
	/* As SQLite counts: what lies before the first character uses up the length. */
	start = start < 0 ? n + start : start > 0 ? start - 1 : -1;
	double end = start + (length < 0 ? 0 : length);

	if (call->n_kids <= 2)
		end = n;
	if (start < 0)
		start = 0;
	if (end > n)
		end = n;
	if (!(end > start))
		return value_of_text(TEXT(""));
	size_t from = codes_to_bytes(t, (size_t)start);

	return value_of_text((struct text){ t.p + from, codes_to_bytes(t, (size_t)end) - from });
}

static bool
in_set(struct text set, const char *p, size_t n)
{
	return text_find(set, (struct text){ p, n }) != TEXT_NOWHERE;
}

static struct value
trimmed(const struct expr *call, struct eval *ev, bool left, bool right)
{
	struct text t, set = TEXT(" \t");

	if (!arg_text(call, ev, 0, &t) || (call->n_kids > 1 && !arg_text(call, ev, 1, &set)))
		return (struct value){ 0 };
	while (left && t.n) {
		size_t n = codes_to_bytes(t, 1);

		if (!in_set(set, t.p, n))
			break;
		t = text_from(t, n);
	}
	while (right && t.n) {
		size_t n = 1;

		while (n < t.n && ((unsigned char)t.p[t.n - n] & 0xc0) == 0x80)
			n++;
		if (!in_set(set, t.p + t.n - n, n))
			break;
		t.n -= n;
	}
	return value_of_text(t);
}

struct value
function_trim(const struct expr *call, struct eval *ev)
{
	return trimmed(call, ev, true, true);
}

struct value
function_ltrim(const struct expr *call, struct eval *ev)
{
	return trimmed(call, ev, true, false);
}

struct value
function_rtrim(const struct expr *call, struct eval *ev)
{
	return trimmed(call, ev, false, true);
}

/* --- replace --- */

struct output {
	struct eval *ev;
	char        *p;
	size_t       n, cap;
};

static void
output_add(struct output *o, struct text t)
{
	if (t.n > o->cap - o->n) {
		size_t cap = (o->n + t.n) * 2;
		char  *p = eval_room(o->ev, cap);

		if (!p)
			return;
		if (o->n)
			memcpy(p, o->p, o->n);
		o->p = p;
		o->cap = cap;
	}
	if (t.n)
		memcpy(o->p + o->n, t.p, t.n);
	o->n += t.n;
}

/* \1 to \9 stand for groups, \0 for the whole match. */
static void
output_replacement(struct output *o, struct text with, struct text t, const struct regex_match *m)
{
	for (size_t i = 0; i < with.n; i++) {
		char     next = with.p[i] == '\\' && i + 1 < with.n ? with.p[i + 1] : '\0';
		uint32_t group = (uint32_t)(next - '0');

		if (next < '0' || next > '9') {
			output_add(o, (struct text){ with.p + i, 1 });
			continue;
		}
		i++;
		if (group < m->n && m->start[group] != TEXT_NOWHERE)
			output_add(o, (struct text){ t.p + m->start[group],
						     m->end[group] - m->start[group] });
	}
}

struct value
function_replace(const struct expr *call, struct eval *ev)
{
	struct text         t, with;
	const struct regex *re;
	struct regex_match  m;
	struct output       o = { .ev = ev };
	size_t              done = 0, from = 0;

	if (!arg_text(call, ev, 0, &t) || !arg_text(call, ev, 2, &with) ||
	    !(re = arg_regex(call, ev, 1)))
		return (struct value){ 0 };
	for (;;) {
		enum regex_result r = regex_find(re, t, from, ev->run->stats->gave_up, &m);

		if (r == REGEX_GAVE_UP)
			eval_gave_up(ev, "replace()");
		if (r != REGEX_YES || m.start[0] == TEXT_NOWHERE || ev->run->failed)
			break;
		output_add(&o, (struct text){ t.p + done, m.start[0] - done });
		output_replacement(&o, with, t, &m);
		done = m.end[0];
		from = regex_next(t, &m);
	}
	output_add(&o, text_from(t, done));
	return value_of_text(o.p ? (struct text){ o.p, o.n } : TEXT(""));
}

struct value
function_urldecode(const struct expr *call, struct eval *ev)
{
	struct text t;
	char       *p;
	size_t      n = 0;

	if (!arg_text(call, ev, 0, &t) || !(p = eval_room(ev, t.n)))
		return (struct value){ 0 };
	for (size_t i = 0; i < t.n; i++) {
		if (i + 2 < t.n && t.p[i] == '%' && ascii_hex(t.p[i + 1]) && ascii_hex(t.p[i + 2])) {
			p[n++] = (char)(ascii_value(t.p[i + 1]) << 4 | ascii_value(t.p[i + 2]));
			i += 2;
		} else {
			p[n++] = t.p[i];
		}
	}
	return value_of_text((struct text){ p, n });
}

/* --- numbers as texts --- */

static struct value
with_commas(double n, struct arena *scratch)
{
	double      rounded = round(n * 100) / 100;
	struct text t =
	    arena_printf(scratch, rounded == floor(rounded) ? "%.0f" : "%.2f", fabs(rounded));
	size_t      dot = text_find_byte(t, '.');
	struct text whole = dot == TEXT_NOWHERE ? t : text_head(t, dot);
	char       *p = arena_new(scratch, char, t.n * 2 + 2);
	size_t      at = 0;

	if (n < 0)
		p[at++] = '-';
	for (size_t i = 0; i < whole.n; i++) {
		if (i && (whole.n - i) % 3 == 0)
			p[at++] = ',';
		p[at++] = whole.p[i];
	}
	memcpy(p + at, t.p + whole.n, t.n - whole.n);
	return value_of_text((struct text){ p, at + t.n - whole.n });
}

static struct value
as_duration(double n, struct arena *scratch)
{
	long long s = fabs(n) < 1e15 ? (long long)fabs(n) : 0, days = s / 86400;
	char      head[32] = "";

	if (days)
		snprintf(head, sizeof(head), "%lld+", days);
	return value_of_text(arena_printf(scratch, "%s%s%02lld:%02lld:%02lld", n < 0 ? "-" : "",
					  head, s % 86400 / 3600, s % 3600 / 60, s % 60));
}

static struct value
as_binary(double n, struct arena *scratch)
{
	uint64_t bits = n >= 0 && n < 1.8e19 ? (uint64_t)n : 0;
	char    *p = arena_new(scratch, char, 65);
	size_t   at = 64;

	do
		p[--at] = (char)('0' + (bits & 1));
	while (bits >>= 1);
	return value_of_text((struct text){ p + at, 64 - at });
}

struct value
function_tostring(const struct expr *call, struct eval *ev)
{
	struct value  v = arg_value(call, ev, 0);
	struct arena *scratch = ev->run->scratch;
	struct text   how;
	double        n;

	if (v.kind == VALUE_NULL)
		return v;
	if (call->n_kids > 1 && arg_text(call, ev, 1, &how) && value_number(&v, &n)) {
		if (text_ieq(how, TEXT("hex")) && n >= 0 && n < 1.8e19)
			return value_of_text(
			    arena_printf(scratch, "0x%llX", (unsigned long long)n));
		if (text_ieq(how, TEXT("commas")))
			return with_commas(n, scratch);
		if (text_ieq(how, TEXT("duration")))
			return as_duration(n, scratch);
		if (text_ieq(how, TEXT("binary")))
			return as_binary(n, scratch);
	}
	v = value_first(&v);
	return value_of_text(value_text(&v, ' ', scratch));
}

struct value
function_tonumber(const struct expr *call, struct eval *ev)
{
	struct text t;
	double      base = 10, n = 0;
	bool        minus;

	if (!arg_text(call, ev, 0, &t) || (call->n_kids > 1 && !arg_number(call, ev, 1, &base)))
		return (struct value){ 0 };
	if (base == 10)
		return text_to_double(t, &n) ? value_of_number(n) : (struct value){ 0 };
	minus = text_starts(t, TEXT("-"));
	t = text_from(t, minus);
	if (base == 16 && text_istarts(t, TEXT("0x")))
		t = text_from(t, 2);
	if (t.n == 0 || base < 2 || base > 36)
		return (struct value){ 0 };
	for (size_t i = 0; i < t.n; i++) {
		unsigned digit = ascii_value(t.p[i]);

		if (digit >= base)
			return (struct value){ 0 };
		n = n * base + digit;
	}
	return value_of_number(minus ? -n : n);
}

/* T as wide as WIDTH characters, or wider. */
static void
output_padded(struct output *o, struct text t, int width, bool left)
{
	int characters = 0;

	for (size_t i = 0; i < t.n; i++)
		characters += ((unsigned char)t.p[i] & 0xc0) != 0x80;
	for (int i = characters; !left && i < width; i++)
		output_add(o, TEXT(" "));
	output_add(o, t);
	for (int i = characters; left && i < width; i++)
		output_add(o, TEXT(" "));
}

/* One conversion of a format; *I stands behind its '%'. */
static void
printf_one(struct output *o, struct text format, size_t *i, const struct expr *call,
	   struct eval *ev, size_t *arg)
{
	char        spec[24] = "%", buf[512];
	size_t      n = 1;
	double      number = 0;
	struct text t = TEXT("");
	int         width = 0;

	while (*i < format.n && n < sizeof(spec) - 4 && strchr("-+ #0123456789.", format.p[*i])) {
		width = ascii_digit(format.p[*i]) ? width * 10 + format.p[*i] - '0'
								   : 0;
		spec[n++] = format.p[(*i)++];
	}
	char c = *i < format.n ? format.p[(*i)++] : '%';

	if (c == '%' || width > 200) {
		output_add(o, TEXT("%"));
		return;
	}
	if (strchr("diouxXc", c)) {
		arg_number(call, ev, (*arg)++, &number);
		number = fabs(number) < 9e18 ? number : 0;
		memcpy(spec + n, "ll", 2);
		spec[n + 2] = c == 'c' ? 'd' : c;
	} else if (strchr("fFeEgGaA", c)) {
		arg_number(call, ev, (*arg)++, &number);
		spec[n] = c;
	} else {
		arg_text(call, ev, (*arg)++, &t);
		output_padded(o, t, width, memchr(spec, '-', n) != NULL);
		return;
	}
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	int len = strchr("diouxXc", c) ? snprintf(buf, sizeof(buf), spec, (long long)number)
				       : snprintf(buf, sizeof(buf), spec, number);
#pragma GCC diagnostic pop
	if (len > 0)
		output_add(o, (struct text){buf, (size_t)len < sizeof(buf) ? (size_t)len
									   : sizeof(buf) - 1});
}

struct value
function_printf(const struct expr *call, struct eval *ev)
{
	struct text   format;
	struct output o = { .ev = ev };
	size_t        arg = 1;

	if (!arg_text(call, ev, 0, &format))
		return (struct value){ 0 };
	for (size_t i = 0; i < format.n;) {
		if (format.p[i] != '%') {
			output_add(&o, (struct text){ format.p + i++, 1 });
			continue;
		}
		i++;
		printf_one(&o, format, &i, call, ev, &arg);
	}
	return value_of_text(o.p ? (struct text){ o.p, o.n } : TEXT(""));
}

/* --- hashes --- */

static struct value
hashed(const struct expr *call, struct eval *ev, const EVP_MD *md)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char     bytes[EVP_MAX_MD_SIZE];
	unsigned          n = 0;
	struct text       t;
	char             *p;

	if (!arg_text(call, ev, 0, &t) || EVP_Digest(t.p ? t.p : "", t.n, bytes, &n, md, NULL) != 1)
		return (struct value){ 0 };
	p = arena_new(ev->run->scratch, char, 2 * (size_t)n + 1);
	for (unsigned i = 0; i < n; i++) {
		p[2 * i] = digits[bytes[i] >> 4];
		p[2 * i + 1] = digits[bytes[i] & 15];
	}
	return value_of_text((struct text){ p, 2 * (size_t)n });
}

struct value
function_md5(const struct expr *call, struct eval *ev)
{
	return hashed(call, ev, EVP_md5());
}

struct value
function_sha1(const struct expr *call, struct eval *ev)
{
	return hashed(call, ev, EVP_sha1());
}

struct value
function_sha256(const struct expr *call, struct eval *ev)
{
	return hashed(call, ev, EVP_sha256());
}

struct value
function_sha512(const struct expr *call, struct eval *ev)
{
	return hashed(call, ev, EVP_sha512());
}

static bool
ipv4(struct text t, unsigned char out[4])
{
	t = text_trim(t);
	for (int i = 0; i < 4; i++) {
		uint64_t    part;
		struct text digits = i < 3 ? text_cut(&t, '.') : t;

		if (!text_to_u64(digits, &part) || part > 255 || text_absent(t))
			return false;
		out[i] = (unsigned char)part;
	}
	return true;
}

struct value
function_ipmask(const struct expr *call, struct eval *ev)
{
	unsigned char mask[4], ip[4];
	struct text   t;

	if (!arg_text(call, ev, 0, &t) || !ipv4(t, mask) || !arg_text(call, ev, 1, &t) ||
	    !ipv4(t, ip))
		return (struct value){ 0 };
	return value_of_text(arena_printf(ev->run->scratch, "%d.%d.%d.%d", mask[0] & ip[0],
					  mask[1] & ip[1], mask[2] & ip[2], mask[3] & ip[3]));
}
