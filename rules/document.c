/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/document.h"

#include "base/ascii.h"
#include "base/visible.h"

#define DOC_DEPTH_MAX 64
#define DOC_NODES_MAX 200000
/* Longer paths are not spelled out. */
#define DOC_PATH_MAX 512

struct reader {
	struct text   t;
	size_t        at;
	struct arena *keep;
	unsigned      depth;
	size_t        nodes;
};

static void
doc_add(struct doc *parent, struct doc *child)
{
	if (parent->last)
		parent->last->next = child;
	else
		parent->first = child;
	parent->last = child;
}

static struct doc *
doc_new(struct reader *r, enum doc_kind kind)
{
	struct doc *d = arena_new(r->keep, struct doc, 1);

	d->kind = kind;
	r->nodes++;
	return d;
}

static char
peek(const struct reader *r)
{
	return r->at < r->t.n ? r->t.p[r->at] : '\0';
}

static void
skip_blanks(struct reader *r)
{
	while (r->at < r->t.n && strchr(" \t\r\n", r->t.p[r->at]) && r->t.p[r->at])
		r->at++;
}

/* --- JSON (RFC 8259) --- */

static bool
read_hex(struct reader *r, uint32_t *code)
{
	*code = 0;
	for (int i = 0; i < 4; i++) {
		unsigned digit = ascii_value(peek(r));

		if (digit >= 16)
			return false;
		*code = *code * 16 + digit;
		r->at++;
	}
	return true;
}

static bool
read_escape(struct reader *r, char *p, size_t *n)
{
	static const char from[] = "bfnrt\"\\/", to[] = "\b\f\n\r\t\"\\/";
	char              c = peek(r);
	const char       *found;
	uint32_t          code, low;

	r->at++;
	if (c != 'u') {
		found = c ? strchr(from, c) : NULL;
		if (!found)
			return false;
		p[(*n)++] = to[found - from];
		return true;
	}
	if (!read_hex(r, &code))
		return false;
	if (code >= 0xd800 && code < 0xdc00 && r->at + 1 < r->t.n && r->t.p[r->at] == '\\' &&
	    r->t.p[r->at + 1] == 'u') {
		r->at += 2;
		if (!read_hex(r, &low))
			return false;
		if (low >= 0xdc00 && low < 0xe000)
			code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
	}
	*n += utf8_encode(code, p + *n);
	return true;
}

static bool
read_json_string(struct reader *r, struct text *out)
{
	size_t end = r->at + 1, n = 0;
	char  *p;

	if (peek(r) != '"')
		return false;
	while (end < r->t.n && r->t.p[end] != '"')
		end += r->t.p[end] == '\\' ? 2 : 1;
	if (end >= r->t.n)
		return false;
	p = arena_new(r->keep, char, end - r->at + 4);
	for (r->at++; r->at < end;) {
		if (r->t.p[r->at] != '\\') {
			p[n++] = r->t.p[r->at++];
			continue;
		}
		r->at++;
		if (!read_escape(r, p, &n))
			return false;
	}
	r->at = end + 1;
	*out = (struct text){ p, n };
	return true;
}

static struct doc *read_json_value(struct reader *r);

static bool
read_members(struct reader *r, struct doc *parent, char close)
{
	r->at++;
	skip_blanks(r);
	if (peek(r) == close) {
		r->at++;
		return true;
	}
	for (;;) {
		struct text name = TEXT_NONE;
		struct doc *child;

		skip_blanks(r);
		if (close == '}') {
			if (!read_json_string(r, &name))
				return false;
			skip_blanks(r);
			if (peek(r) != ':')
				return false;
			r->at++;
		}
		child = read_json_value(r);
		if (!child)
			return false;
		child->name = name;
		doc_add(parent, child);
		skip_blanks(r);
		if (peek(r) == close) {
			r->at++;
			return true;
		}
		if (peek(r) != ',')
			return false;
		r->at++;
	}
}

static struct doc *
read_json_scalar(struct reader *r)
{
	struct doc *d = doc_new(r, DOC_SCALAR);
	size_t      start = r->at;
	double      number;

	if (peek(r) == '"')
		return read_json_string(r, &d->value) ? d : NULL;
	while (r->at < r->t.n && !strchr(",]} \t\r\n", r->t.p[r->at]))
		r->at++;
	d->value = (struct text){ r->t.p + start, r->at - start };
	d->is_null = text_eq(d->value, TEXT("null"));
	if (d->is_null || text_eq(d->value, TEXT("true")) || text_eq(d->value, TEXT("false")) ||
	    text_to_double(d->value, &number))
		return d;
	return NULL;
}

static struct doc *
read_json_value(struct reader *r)
{
	struct doc *d;
	size_t      start;
	bool        good;

	skip_blanks(r);
	start = r->at;
	if (r->nodes > DOC_NODES_MAX)
		return NULL;
	if (peek(r) != '{' && peek(r) != '[') {
		d = read_json_scalar(r);
	} else if (r->depth >= DOC_DEPTH_MAX) {
		return NULL;
	} else {
		bool object = peek(r) == '{';

		d = doc_new(r, object ? DOC_OBJECT : DOC_ARRAY);
		r->depth++;
		good = read_members(r, d, object ? '}' : ']');
		r->depth--;
		d = good ? d : NULL;
	}
	if (d)
		d->source = (struct text){ r->t.p + start, r->at - start };
	return d;
}

struct doc *
doc_read_json(struct text t, struct arena *keep)
{
	struct reader r = { .t = t, .keep = keep };
	struct doc   *d = read_json_value(&r);

	skip_blanks(&r);
	return r.at == t.n ? d : NULL;
}

/* --- XML, as events have it --- */

static bool
is_name_end(char c)
{
	return c == '\0' || strchr(" \t\r\n/>=<", c) != NULL;
}

static struct text
read_xml_name(struct reader *r)
{
	size_t start = r->at;

	while (r->at < r->t.n && !is_name_end(r->t.p[r->at]))
		r->at++;
	return (struct text){ r->t.p + start, r->at - start };
}

static size_t
entity(struct text t, char out[4])
{
	static const struct {
		const char *name;
		char        c;
	} known[] = {
	    {"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}};
	uint64_t code = 0;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (text_eq(t, text_of(known[i].name))) {
			out[0] = known[i].c;
			return 1;
		}
	if (t.n < 4 || t.p[1] != '#')
		return 0;
	bool hex = (t.p[2] | 0x20) == 'x';

	for (size_t i = hex ? 3 : 2; i + 1 < t.n; i++) {
		unsigned digit = ascii_value(t.p[i]), base = hex ? 16 : 10;

		if (digit >= base || code > 0x10ffff)
			return 0;
		code = code * base + digit;
	}
	return utf8_encode((uint32_t)code, out);
}

static struct text
decode_entities(struct text t, struct arena *keep)
{
	char  *p;
	size_t n = 0;

	if (text_find_byte(t, '&') == TEXT_NOWHERE)
		return t;
	p = arena_new(keep, char, t.n + 4);
	for (size_t i = 0; i < t.n;) {
		struct text rest = text_from(t, i);
		size_t end =
		    t.p[i] == '&' ? text_find_byte(text_head(rest, 12), ';') : TEXT_NOWHERE;
		size_t      got = end == TEXT_NOWHERE ? 0 : entity(text_head(rest, end + 1), p + n);

		if (got) {
			n += got;
			i += end + 1;
		} else {
			p[n++] = t.p[i++];
		}
	}
	return (struct text){ p, n };
}

static bool
read_attributes(struct reader *r, struct doc *element)
{
	for (;;) {
		struct doc *a;
		size_t      start;
		char        quote;

		skip_blanks(r);
		if (peek(r) == '>' || peek(r) == '/' || peek(r) == '\0')
			return peek(r) != '\0';
		a = doc_new(r, DOC_ATTRIBUTE);
		a->name = read_xml_name(r);
		skip_blanks(r);
		if (a->name.n == 0 || peek(r) != '=')
			return false;
		r->at++;
		skip_blanks(r);
		quote = peek(r);
		if (quote != '"' && quote != '\'')
			return false;
		start = ++r->at;
		while (r->at < r->t.n && r->t.p[r->at] != quote)
			r->at++;
		if (r->at == r->t.n)
			return false;
		a->value = decode_entities((struct text){ r->t.p + start, r->at - start }, r->keep);
		r->at++;
		if (!text_starts(a->name, TEXT("xmlns")))
			doc_add(element, a);
	}
}

static bool read_xml_content(struct reader *r, struct doc *parent);

/* Behind the '<' of a start tag. */
static bool
read_element(struct reader *r, struct doc *parent)
{
	struct doc *e = doc_new(r, DOC_ELEMENT);

	e->name = read_xml_name(r);
	if (e->name.n == 0 || r->nodes > DOC_NODES_MAX || !read_attributes(r, e))
		return false;
	doc_add(parent, e);
	if (peek(r) == '/') {
		r->at += 2;
		return r->at <= r->t.n && r->t.p[r->at - 1] == '>';
	}
	r->at++;
	if (++r->depth > DOC_DEPTH_MAX || !read_xml_content(r, e))
		return false;
	r->depth--;
	struct text name = read_xml_name(r);

	skip_blanks(r);
	return text_eq(name, e->name) && peek(r) == '>' && ++r->at;
}

/* Skips a comment, a declaration or a processing instruction, or reads a CDATA section. */
static bool
read_markup(struct reader *r, struct doc *parent)
{
	struct text rest = text_from(r->t, r->at);
	bool        cdata = text_starts(rest, TEXT("![CDATA["));
	const char *close = text_starts(rest, TEXT("!--")) ? "-->" : cdata ? "]]>" : ">";
	size_t      end = text_find(rest, text_of(close));

	if (end == TEXT_NOWHERE)
		return false;
	if (cdata)
		parent->value = arena_join(r->keep, parent->value.p ? parent->value : TEXT(""),
					   (struct text){ rest.p + 8, end - 8 });
	r->at += end + strlen(close);
	return true;
}

/* Up to the end, or behind the "</" of the parent's end tag. */
static bool
read_xml_content(struct reader *r, struct doc *parent)
{
	while (r->at < r->t.n) {
		size_t      end = text_find_byte(text_from(r->t, r->at), '<');
		struct text run = end == TEXT_NOWHERE ? text_from(r->t, r->at)
						      : (struct text){ r->t.p + r->at, end };

		if (text_trim(run).n)
			parent->value =
			    arena_join(r->keep, parent->value.p ? parent->value : TEXT(""),
				       decode_entities(run, r->keep));
		r->at += run.n;
		if (end == TEXT_NOWHERE)
			return parent->name.p == NULL;
		r->at++;
		if (peek(r) == '/') {
			r->at++;
			return parent->name.p != NULL;
		}
		if (peek(r) == '!' || peek(r) == '?' ? !read_markup(r, parent)
						     : !read_element(r, parent))
			return false;
	}
	return parent->name.p == NULL;
}

struct doc *
doc_read(struct text t, struct arena *keep)
{
	struct reader r = { .t = t, .keep = keep };
	struct text   trimmed = text_trim(t);
	struct doc   *root;

	if (trimmed.n == 0)
		return NULL;
	if (trimmed.p[0] == '{' || trimmed.p[0] == '[')
		return doc_read_json(t, keep);
	root = doc_new(&r, DOC_ELEMENT);
	return trimmed.p[0] == '<' && read_xml_content(&r, root) ? root : NULL;
}

/* --- paths --- */

struct walk {
	doc_fn       *fn;
	void         *ctx;
	struct arena *keep;
};

static bool
is_leaf(const struct doc *d)
{
	return d->kind == DOC_SCALAR || d->kind == DOC_ATTRIBUTE;
}

static void
give(const struct walk *w, struct text path, const struct doc *d)
{
	if (d->kind == DOC_SCALAR ? !d->is_null : d->value.p != NULL)
		w->fn(w->ctx, path, d->value);
	else if (d->kind == DOC_OBJECT || d->kind == DOC_ARRAY)
		w->fn(w->ctx, path, d->source);
}

/* The next step of a path: a name, then what stands in braces behind it (absent: none). */
static struct text
cut_step(struct text *path, struct text *braces)
{
	size_t      i = 0;
	struct text name;

	while (i < path->n && path->p[i] != '.' && path->p[i] != '{')
		i++;
	name = text_head(*path, i);
	*braces = TEXT_NONE;
	if (i < path->n && path->p[i] == '{') {
		struct text inside = text_from(*path, i + 1);
		size_t      end = text_find_byte(inside, '}');

		if (end == TEXT_NOWHERE)
			end = inside.n;
		*braces = text_head(inside, end);
		i += end + 2;
	}
	if (i < path->n && path->p[i] == '.')
		i++;
	*path = text_from(*path, i);
	return name;
}

static void find_steps(const struct walk *w, const struct doc *d, struct text rest,
		       struct text whole);

static void
find_in_braces(const struct walk *w, const struct doc *d, struct text braces, uint64_t number,
	       struct text rest, struct text whole)
{
	uint64_t wanted, i = 0;
	bool     all = braces.n == 0, indexed = text_to_u64(braces, &wanted);

	if (braces.n && braces.p[0] == '@') {
		for (const struct doc *a = d->first; a; a = a->next)
			if (a->kind == DOC_ATTRIBUTE && text_eq(a->name, text_from(braces, 1)))
				give(w, whole, a);
	} else if (d->kind == DOC_ARRAY) {
		for (const struct doc *child = d->first; child; child = child->next, i++)
			if (all || (indexed && i == wanted))
				find_steps(w, child, rest, whole);
	} else if (all || (indexed && number == wanted)) {
		/* Elements of one name count from 1. */
		find_steps(w, d, rest, whole);
	}
}

static void
find_steps(const struct walk *w, const struct doc *d, struct text rest, struct text whole)
{
	struct text name, braces;
	uint64_t    number = 0;

	if (rest.n == 0) {
		give(w, whole, d);
		return;
	}
	name = cut_step(&rest, &braces);
	if (name.n == 0 && !text_absent(braces)) {
		find_in_braces(w, d, braces, 1, rest, whole);
		return;
	}
	for (const struct doc *child = d->first; child; child = child->next) {
		if (child->kind == DOC_ATTRIBUTE || !text_eq(child->name, name))
			continue;
		number++;
		if (text_absent(braces))
			find_steps(w, child, rest, whole);
		else
			find_in_braces(w, child, braces, number, rest, whole);
	}
}

void
doc_find(const struct doc *root, struct text path, doc_fn *fn, void *ctx, struct arena *keep)
{
	struct walk w = { fn, ctx, keep };

	find_steps(&w, root, path, path);
}

static void
each_below(const struct walk *w, const struct doc *d, struct text path)
{
	if (d->kind == DOC_ELEMENT ? d->value.p != NULL : is_leaf(d))
		give(w, path, d);
	for (const struct doc *child = d->first; child; child = child->next) {
		const char *dot = path.n && child->name.p ? "." : "";
		struct text below;

		if (child->kind == DOC_ATTRIBUTE)
			below = arena_printf(w->keep, TEXT_FMT "{@" TEXT_FMT "}", TEXT_ARG(path),
					     TEXT_ARG(child->name));
		else if (d->kind == DOC_ARRAY)
			below = arena_printf(w->keep, TEXT_FMT "{}", TEXT_ARG(path));
		else
			below = arena_printf(w->keep, TEXT_FMT "%s" TEXT_FMT, TEXT_ARG(path), dot,
					     TEXT_ARG(child->name));
		if (below.n <= DOC_PATH_MAX)
			each_below(w, child, below);
	}
}

void
doc_each(const struct doc *root, doc_fn *fn, void *ctx, struct arena *keep)
{
	struct walk w = { fn, ctx, keep };

	each_below(&w, root, TEXT(""));
}
