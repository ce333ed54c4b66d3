/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/unwrap.h"

#include "base/ascii.h"
#include "base/assemble.h"
#include "base/readable.h"

#define ZLIB_CONST
#include <zlib.h>

#define MARK_MAX   128  /* bytes before base64 that may announce it */
#define BARE_MIN   24   /* letters of base64 that nothing announces, to be UTF-8 */
#define PACKED_MIN 16   /* bytes */
#define TORN_MIN   64   /* bytes that a stream without an end must have given */
#define TRIES_MAX  1000 /* streams looked into */
#define WORK_LEAST 3    /* bytes of work; with less base64 gives nothing */

struct unwrapper {
	struct arena *keep;
	struct layer *layers;
	size_t        n, work, text; /* layers found; bytes that may still be decoded, kept */
	size_t        tries;
};

/* Digits of base64, counted from 1. */
static const unsigned char known_digits[256] = {
	['A'] = 1, ['B'] = 2, ['C'] = 3, ['D'] = 4, ['E'] = 5, ['F'] = 6, ['G'] = 7, ['H'] = 8,
	['I'] = 9, ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15,
	['P'] = 16, ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22,
	['W'] = 23, ['X'] = 24, ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29,
	['d'] = 30, ['e'] = 31, ['f'] = 32, ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36,
	['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40, ['o'] = 41, ['p'] = 42, ['q'] = 43,
	['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48, ['w'] = 49, ['x'] = 50,
	['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56, ['4'] = 57,
	['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['+'] = 63, ['/'] = 64,
};

static uint32_t
digit_of(char c)
{
	return known_digits[(unsigned char)c] - 1u;
}

static bool
is_digit(char c)
{
	return known_digits[(unsigned char)c] != 0;
}

static bool
is_quote(char c)
{
	return c == '\'' || c == '"';
}

/* Start of the next run of UNWRAP_MIN digits from AT on, where a run may start; t.n: none. Most of
 * the text is stepped over: a run holds every place where one that long could end. */
static size_t
next_run(struct text t, size_t at)
{
	while (t.n - at >= UNWRAP_MIN) {
		size_t k = at + UNWRAP_MIN;

		while (k > at && is_digit(t.p[k - 1]))
			k--;
		if (k == at)
			return at;
		at = k;
	}
	return t.n;
}

/* A quick look: false says that there is nothing to find. */
static bool
is_worth_a_look(struct text script)
{
	return next_run(script, 0) < script.n || assemble_worth(script);
}

/* A run of base64 and what stands around it. */
struct run {
	struct text digits; /* without what joined its pieces */
	size_t      end;    /* in the text */
	bool        marked; /* something announces base64 */
};

static struct text
trim_back(struct text t, const char *what)
{
	while (t.n && text_find_byte(text_of(what), t.p[t.n - 1]) != TEXT_NOWHERE)
		t.n--;
	return t;
}

/* "-", "/" and the dashes that PowerShell takes for one. */
static size_t
dash_bytes(struct text word)
{
	if (word.n && (word.p[0] == '-' || word.p[0] == '/'))
		return 1;
	return text_starts(word, TEXT("\u2013")) || text_starts(word, TEXT("\u2014")) ||
			       text_starts(word, TEXT("\u2015"))
		   ? 3
		   : 0;
}

static bool
is_encoded_command(struct text word)
{
	size_t dash = dash_bytes(word);

	word = text_from(word, dash);
	return dash && word.n &&
	       (text_istarts(TEXT("EncodedCommand"), word) || text_ieq(word, TEXT("ec")));
}

static struct text
last_word(struct text t)
{
	size_t start = t.n;

	while (start && !ascii_blank(t.p[start - 1]) && !is_quote(t.p[start - 1]))
		start--;
	return text_from(t, start);
}

/* Does the head of the text end with what announces base64? */
static bool
is_marked(struct text head)
{
	struct text word = trim_back(head, " \t\"'");

	if (word.n < head.n && is_encoded_command(last_word(word)))
		return true;
	return text_iends(trim_back(head, " \t\r\n\"'("), TEXT("FromBase64String"));
}

/* Where digits go on behind a line end or "' + '"; AT when they do not. */
static size_t
joint(struct text t, size_t at)
{
	size_t i = at;

	if (i < t.n && is_quote(t.p[i])) {
		char quote = t.p[i++];

		while (i < t.n && ascii_blank(t.p[i]))
			i++;
		if (i == t.n || t.p[i++] != '+')
			return at;
		while (i < t.n && ascii_blank(t.p[i]))
			i++;
		if (i == t.n || t.p[i++] != quote)
			return at;
	} else {
		while (i < t.n && ascii_blank(t.p[i]))
			i++;
		if (text_find_byte(text_head(text_from(t, at), i - at), '\n') == TEXT_NOWHERE)
			return at;
	}
	return i < t.n && is_digit(t.p[i]) ? i : at;
}

static size_t
digits_end(struct text t, size_t at)
{
	while (at < t.n && is_digit(t.p[at]))
		at++;
	return at;
}

/* Copies the first MOST digits to OUT unless it is NULL; returns how many there are. *END: behind
 * them in the text. */
static size_t
take_digits(struct text t, size_t start, bool quoted, char *out, size_t most, size_t *end)
{
	size_t n = 0;

	for (size_t next = start;; start = next) {
		*end = digits_end(t, start);
		if (out && n < most)
			memcpy(out + n, t.p + start, *end - start < most - n ? *end - start : most - n);
		n += *end - start;
		next = quoted ? joint(t, *end) : *end;
		if (next == *end)
			return n;
	}
}

static struct run
read_run(struct unwrapper *u, struct text t, size_t start)
{
	size_t      from = start < MARK_MAX ? 0 : start - MARK_MAX;
	struct text head = text_from(text_head(t, start), from), opened = trim_back(head, "\r\n");
	bool        quoted = opened.n && is_quote(opened.p[opened.n - 1]);
	struct run  r = { .marked = is_marked(head) };

	r.digits = text_from(t, start);
	r.digits.n = take_digits(t, start, quoted, NULL, 0, &r.end);
	if (r.digits.n < r.end - start) {
		size_t n = r.digits.n < UNWRAP_WORK ? r.digits.n : UNWRAP_WORK;
		char  *copy = arena_bytes(u->keep, n);

		take_digits(t, start, quoted, copy, n, &r.end);
		r.digits = (struct text){ copy, n };
	}
	return r;
}

static struct text
decode_base64(struct unwrapper *u, struct text digits, bool *cut)
{
	size_t   most = u->work / 3 * 4, n = 0;
	uint32_t bits = 0;
	char    *bytes;

	*cut = digits.n > most;
	digits = text_head(digits, most);
	bytes = arena_bytes(u->keep, digits.n / 4 * 3 + 3);
	for (size_t i = 0; i < digits.n; i++) {
		bits = bits << 6 | digit_of(digits.p[i]);
		if (i % 4 != 0)
			bytes[n++] = (char)(bits >> (6 - i % 4 * 2));
	}
	u->work -= n < u->work ? n : u->work;
	return (struct text){ bytes, n };
}

enum packing { PACKED_NOT, PACKED_GZIP, PACKED_ZLIB, PACKED_DEFLATE };

/* What the head of the bytes says. Raw deflate says nothing: anything may be it. */
static enum packing
packing_of(struct text bytes)
{
	unsigned char first, second;

	if (bytes.n < PACKED_MIN)
		return PACKED_NOT;
	first = (unsigned char)bytes.p[0];
	second = (unsigned char)bytes.p[1];
	if (first == 0x1f && second == 0x8b)
		return PACKED_GZIP;
	if ((first & 0x0f) == 8 && first >> 4 <= 7 && (first << 8 | second) % 31 == 0)
		return PACKED_ZLIB;
	return PACKED_DEFLATE;
}

/* Inflates into ROOM bytes; returns how many there were. *STATE is zlib's. */
static size_t
inflate_into(struct text bytes, enum packing packing, char *out, size_t room, int *state)
{
	static const int windows[] = {
		[PACKED_GZIP] = 16 + MAX_WBITS,
		[PACKED_ZLIB] = MAX_WBITS,
		[PACKED_DEFLATE] = -MAX_WBITS,
	};
	z_stream z = { .next_in = (const Bytef *)bytes.p, .avail_in = (uInt)bytes.n };

	*state = inflateInit2(&z, windows[packing]);
	if (*state != Z_OK)
		return 0;
	z.next_out = (Bytef *)out;
	z.avail_out = (uInt)room;
	*state = inflate(&z, Z_SYNC_FLUSH);
	inflateEnd(&z);
	return room - z.avail_out;
}

/* What is there, whole or not, as far as the limits go; absent: not packed like that. */
static struct text
inflated(struct unwrapper *u, struct text bytes, enum packing packing, bool *cut)
{
	size_t       most = u->text * 2 < u->work ? u->text * 2 : u->work;
	size_t       room = bytes.n * 8 + 256, n;
	struct arena before_it = *u->keep;
	char        *out;
	int          state;

	if (u->tries == 0)
		return TEXT_NONE;
	u->tries--;
	/* first with the room that such text mostly needs, then with all there is */
	for (;;) {
		if (room > most)
			room = most;
		*u->keep = before_it;
		out = arena_bytes(u->keep, room);
		n = inflate_into(bytes, packing, out, room, &state);
		u->work -= n < u->work ? n : u->work;
		if (n < room || room == most)
			break;
		room = most;
	}
	u->keep->at = out + n; /* the room that was not needed */
	*cut = state != Z_STREAM_END;
	/* few bytes come out of anything before it turns out to be nothing */
	if (*cut && n < TORN_MIN)
		return TEXT_NONE;
	return (struct text){ out, n };
}

/* How a text came about, by packing and letters. */
static struct text
how_of(enum packing packing, bool utf16)
{
	static const struct text ways[][2] = {
		[PACKED_NOT] = { TEXT_INIT("base64"), TEXT_INIT("base64 UTF-16LE") },
		[PACKED_GZIP] = { TEXT_INIT("base64 gzip"), TEXT_INIT("base64 gzip UTF-16LE") },
		[PACKED_ZLIB] = { TEXT_INIT("base64 zlib"), TEXT_INIT("base64 zlib UTF-16LE") },
		[PACKED_DEFLATE] = { TEXT_INIT("base64 deflate"),
				     TEXT_INIT("base64 deflate UTF-16LE") },
	};

	return ways[packing][utf16];
}

/* The text in the bytes; false: none. */
static bool
read_text(struct unwrapper *u, struct text bytes, enum packing packing, bool marked,
	  struct layer *l)
{
	/* what nothing announces must be long, unless every second byte is zero */
	struct text utf16 = readable_utf16(bytes, marked, u->keep);

	l->text = utf16;
	if (text_absent(utf16) && (marked || bytes.n >= BARE_MIN / 4 * 3)) {
		if (l->cut)
			bytes = readable_whole(bytes);
		l->text = readable_utf8(bytes, marked, u->keep);
	}
	l->how = how_of(packing, !text_absent(utf16));
	return !text_absent(l->text);
}

static bool
read_packed(struct unwrapper *u, struct text bytes, enum packing packing, bool marked,
	    struct layer *l)
{
	const bool  cut = l->cut;
	struct text plain = inflated(u, bytes, packing, &l->cut);

	if (!text_absent(plain) && read_text(u, plain, packing, marked, l))
		return true;
	l->cut = cut;
	return false;
}

static bool
read_bytes(struct unwrapper *u, struct text bytes, bool marked, struct layer *l)
{
	enum packing packing = packing_of(bytes);

	if ((packing == PACKED_GZIP || packing == PACKED_ZLIB) &&
	    read_packed(u, bytes, packing, marked, l))
		return true;
	if (read_text(u, bytes, PACKED_NOT, marked, l))
		return true;
	return packing == PACKED_DEFLATE && read_packed(u, bytes, packing, marked, l);
}

static bool
is_known(const struct unwrapper *u, struct text t)
{
	for (size_t i = 0; i < u->n; i++)
		if (text_eq(u->layers[i].text, t))
			return true;
	return false;
}

/* Counts the layer, and cuts it where there is no room for more text. */
static void
keep_layer(struct unwrapper *u, struct layer *l)
{
	if (l->text.n > u->text) {
		l->text = readable_whole(text_head(l->text, u->text));
		l->cut = true;
	}
	u->text -= l->text.n;
	u->layers[u->n++] = *l;
}

/* The layer that the run holds, NULL when it holds none. */
static struct layer *
add_layer(struct unwrapper *u, const struct run *r, uint32_t depth)
{
	struct arena  before_it = *u->keep;
	struct layer *l = &u->layers[u->n];

	struct text   bytes;

	*l = (struct layer){ .depth = depth };
	bytes = decode_base64(u, r->digits, &l->cut);
	if (!read_bytes(u, bytes, r->marked, l) || is_known(u, l->text)) {
		*u->keep = before_it;
		return NULL;
	}
	keep_layer(u, l);
	return l;
}

static void look_into(struct unwrapper *u, struct text t, uint32_t depth);

/* What the text says once its strings are put together, as a layer. */
static void
look_assembled(struct unwrapper *u, struct text t, uint32_t depth)
{
	struct arena before_it = *u->keep;
	struct layer l = { .how = TEXT("strings put together"), .depth = depth };

	if (u->n == UNWRAP_LAYERS || !u->work || !u->text || !assemble_worth(t))
		return;
	u->work -= t.n < u->work ? t.n : u->work;
	l.text = assemble(t, u->keep, &l.cut);
	if (text_absent(l.text) || is_known(u, l.text)) {
		*u->keep = before_it;
		return;
	}
	keep_layer(u, &l);
	if (depth < UNWRAP_DEPTH)
		look_into(u, l.text, depth + 1);
}

static void
look_into(struct unwrapper *u, struct text t, uint32_t depth)
{
	size_t at = next_run(t, 0);

	look_assembled(u, t, depth);
	while (at < t.n && u->n < UNWRAP_LAYERS && u->work && u->text) {
		struct arena  before_it = *u->keep;
		struct run    r = read_run(u, t, at);
		struct layer *l = add_layer(u, &r, depth);

		if (l == NULL)
			*u->keep = before_it;
		else if (depth < UNWRAP_DEPTH)
			look_into(u, l->text, depth + 1);
		at = next_run(t, r.end);
	}
}

size_t
unwrap_patiently(struct text script, size_t *patience, struct arena *keep, struct layer **out)
{
	const size_t     work = *patience < UNWRAP_WORK ? *patience : UNWRAP_WORK;
	struct unwrapper u = { .keep = keep, .work = work, .text = UNWRAP_TEXT,
			       .tries = TRIES_MAX };

	*out = NULL;
	if (!work || !is_worth_a_look(script))
		return 0;
	u.layers = *out = arena_new(keep, struct layer, UNWRAP_LAYERS);
	look_into(&u, script, 1);
	*patience -= u.work < WORK_LEAST ? work : work - u.work;
	return u.n;
}

size_t
unwrap(struct text script, struct arena *keep, struct layer **out)
{
	size_t patience = UNWRAP_WORK;

	return unwrap_patiently(script, &patience, keep, out);
}
