/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "importers/binxml_xml.h"

#include <string.h>

#include "importers/binxml_token.h"
#include "importers/bytes.h"
#include "importers/evtx_value.h"

#define OUT_MAX     ((size_t)4 << 20)
#define WORK_MAX    (1 << 18) /* tokens, values of instances */
#define SLOTS_WORK  16 /* values passed over for one step's work */
#define NAMES_BYTES ((size_t)64 << 20)
#define INDENT      2

struct frame {
	struct binxml_chunk chunk;
	uint32_t            at; /* descriptors */
	uint32_t            values; /* the first one's bytes */
	uint32_t            count, end;
};

struct printer {
	struct binxml_compiler c; /* reads tokens; pieces of text gather in it */
	struct arena           names;
	struct evtx_dates      dates;
	char                  *out;
	size_t                 n;
	long                   work;
};

static bool
put(struct printer *p, struct text t)
{
	if (t.n > OUT_MAX - p->n)
		return token_damaged(&p->c, "its XML is too long to be shown");
	if (t.n)
		memcpy(p->out + p->n, t.p, t.n);
	p->n += t.n;
	return true;
}

static bool
put_escaped(struct printer *p, struct text t, bool attribute)
{
	for (size_t i = 0; i < t.n; i++) {
		const char *entity = t.p[i] == '<'		 ? "&lt;"
				     : t.p[i] == '>'		 ? "&gt;"
				     : t.p[i] == '&'		 ? "&amp;"
				     : attribute && t.p[i] == '"' ? "&quot;"
								 : NULL;

		if (!put(p, entity ? text_of(entity) : (struct text){ t.p + i, 1 }))
			return false;
	}
	return true;
}

static bool
put_line(struct printer *p, unsigned depth)
{
	if (p->n && !put(p, TEXT("\n")))
		return false;
	for (unsigned i = 0; i < depth * INDENT; i++)
		if (!put(p, TEXT(" ")))
			return false;
	return true;
}

static bool
count_work(struct printer *p, long n)
{
	p->work -= n;
	return p->work >= 0 ||
	       token_damaged(&p->c, "the record needs more work than it may have");
}

static struct evtx_value
value_of(const struct frame *f, uint32_t slot)
{
	uint32_t at = f->values;

	if (slot >= f->count)
		return (struct evtx_value){ 0 };
	for (uint32_t i = 0;; i++) {
		const uint8_t *descriptor = f->chunk.p + f->at + 4 * i;
		uint32_t       size = le16(descriptor);

		if (size > f->end - at)
			return (struct evtx_value){ 0 };
		if (i == slot)
			return (struct evtx_value){ f->chunk.p + at, size, descriptor[2] };
		at += size;
	}
}

static bool
put_value(struct printer *p, const struct evtx_value *v, bool attribute)
{
	struct arena scratch = p->names;
	bool         misfit = false;
	char        *text;

	if (arena_room(&scratch) < evtx_value_room(v->n))
		return token_damaged(&p->c, "its values are too long to be shown");
	text = arena_new(&scratch, char, evtx_value_room(v->n));
	return put_escaped(p,
			   (struct text){ text, (size_t)(evtx_value_text(text, v, &p->dates, &misfit) -
							 text) },
			   attribute);
}

static bool
put_array(struct printer *p, struct evtx_value rest, bool attribute)
{
	struct evtx_value item;
	bool              first = true;

	while (evtx_array_next(&rest, &item)) {
		if ((!first && !put(p, TEXT("\n"))) || !put_value(p, &item, attribute))
			return false;
		first = false;
	}
	return true;
}

static bool put_fragment(struct printer *p, uint32_t begin, uint32_t end, const struct frame *f,
			 bool definition, unsigned depth);

/* Sets *BROKE when the piece was XML on lines of its own. */
static bool
put_piece(struct printer *p, const struct step *piece, const struct frame *f, bool attribute,
	  unsigned depth, bool *broke)
{
	struct evtx_value v;

	if (piece->op == STEP_PIECE_TEXT)
		return put_escaped(p, piece->text, attribute);
	if (!count_work(p, piece->slot / SLOTS_WORK))
		return false;
	v = value_of(f, piece->slot);
	if (v.type == EVTX_NULL)
		return true;
	if (v.type == EVTX_BINXML && !attribute) {
		uint32_t at = (uint32_t)(v.p - p->c.chunk.p);

		*broke = true;
		return put_fragment(p, at, at + v.n, &(struct frame){ 0 }, false, depth);
	}
	return v.type & EVTX_ARRAY ? put_array(p, v, attribute) : put_value(p, &v, attribute);
}

/* Is there anything in the pieces gathered from FROM on? */
static bool
pieces_there(const struct printer *p, uint32_t from, const struct frame *f)
{
	for (uint32_t i = from; i < p->c.n_pieces; i++)
		if (p->c.pieces[i].op == STEP_PIECE_TEXT || !p->c.pieces[i].optional ||
		    value_of(f, p->c.pieces[i].slot).type != EVTX_NULL)
			return true;
	return p->c.n_pieces == from;
}

static bool
put_attributes(struct printer *p, const struct frame *f)
{
	struct binxml_compiler *c = &p->c;
	uint32_t                size;
	bool                    broke;

	if (!token_u32(c, &size))
		return false;
	while (token_left(c) > 0 && (c->chunk.p[c->at] & ~TOKEN_MORE) == TOKEN_ATTRIBUTE) {
		uint32_t    from = c->n_pieces;
		struct text name;
		bool        more = true;

		c->at++;
		if (!count_work(p, 1) || !token_name(c, &name))
			return false;
		while (more && token_left(c) > 0)
			if (!token_piece(c, &more))
				return false;
		if (pieces_there(p, from, f)) {
			if (!put(p, TEXT(" ")) || !put(p, name) || !put(p, TEXT("=\"")))
				return false;
			for (uint32_t i = from; i < c->n_pieces; i++)
				if (!put_piece(p, &c->pieces[i], f, true, 0, &broke))
					return false;
			if (!put(p, TEXT("\"")))
				return false;
		}
		c->n_pieces = from;
	}
	return true;
}

static bool put_element(struct printer *p, const struct frame *f, bool attributes, unsigned depth);
static bool put_instance(struct printer *p, unsigned depth);

/* Up to the end of the element. *BROKE: its end has a line of its own. */
static bool
put_content(struct printer *p, const struct frame *f, unsigned depth, bool *broke)
{
	struct binxml_compiler *c = &p->c;

	while (token_left(c) > 0) {
		uint8_t  token = c->chunk.p[c->at];
		uint32_t from = c->n_pieces;
		bool     taken;

		if (!count_work(p, 1))
			return false;
		if (token == TOKEN_END_ELEMENT) {
			c->at++;
			return true;
		}
		if (!token_piece(c, &taken))
			return false;
		if (taken) {
			struct step piece = c->pieces[from];

			c->n_pieces = from;
			if (piece.op == STEP_PIECE_TEXT && *broke && !text_trim(piece.text).n)
				continue;
			if (!put_piece(p, &piece, f, false, depth + 1, broke))
				return false;
			continue;
		}
		c->at++;
		token &= (uint8_t)~TOKEN_MORE;
		if (token == TOKEN_ELEMENT || token == TOKEN_INSTANCE) {
			bool attributes = (c->chunk.p[c->at - 1] & TOKEN_MORE) != 0;

			*broke = true;
			if (!(token == TOKEN_ELEMENT ? put_element(p, f, attributes, depth + 1)
						     : put_instance(p, depth + 1)))
				return false;
		} else if (token != TOKEN_PI_TARGET && token != TOKEN_PI_DATA) {
			return token_damaged(c, "an unknown token in an element");
		} else if (!token_instruction(c, token)) {
			return false;
		}
	}
	return token_damaged(c, "an element has no end");
}

/* Behind the name of the element, up to its end. */
static bool
put_inside(struct printer *p, const struct frame *f, struct text name, bool attributes,
	   unsigned depth)
{
	struct binxml_compiler *c = &p->c;
	bool                    broke = false;
	uint8_t                 token;

	if (!put_line(p, depth) || !put(p, TEXT("<")) || !put(p, name) ||
	    (attributes && !put_attributes(p, f)) || !token_u8(c, &token))
		return false;
	if (token == TOKEN_CLOSE_EMPTY)
		return put(p, TEXT("/>"));
	if (token != TOKEN_CLOSE_START)
		return token_damaged(c, "an unknown token in an element");
	return put(p, TEXT(">")) && put_content(p, f, depth, &broke) &&
	       (!broke || put_line(p, depth)) && put(p, TEXT("</")) && put(p, name) &&
	       put(p, TEXT(">"));
}

/* An element; its token has been taken. */
static bool
put_element(struct printer *p, const struct frame *f, bool attributes, unsigned depth)
{
	struct binxml_compiler *c = &p->c;
	uint32_t                size, outer_end = c->end;
	uint16_t                slot = BINXML_NO_SLOT;
	struct text             name;
	bool                    good;

	if (depth >= BINXML_DEPTH_MAX)
		return token_damaged(c, "elements are nested too deep");
	if ((c->dependencies && !token_u16(c, &slot)) || !token_u32(c, &size))
		return false;
	if (size > token_left(c))
		return token_damaged(c, "an element is longer than what holds it");
	if (slot != BINXML_NO_SLOT && !count_work(p, slot / SLOTS_WORK))
		return false;
	if (slot != BINXML_NO_SLOT && value_of(f, slot).type == EVTX_NULL) {
		c->at += size;
		return true;
	}
	c->end = c->at + size;
	good = token_name(c, &name) && put_inside(p, f, name, attributes, depth);
	c->end = outer_end;
	return good;
}

/* A template instance, whose token has been taken: its definition with the values that follow. */
static bool
put_instance(struct printer *p, unsigned depth)
{
	struct binxml_compiler *c = &p->c;
	struct binxml_instance  in;
	const char             *why = binxml_instance(c->chunk, c->at, c->end, &in);
	uint32_t                size, at;
	struct frame            f;

	if (why)
		return token_damaged(c, why);
	if (depth >= BINXML_DEPTH_MAX)
		return token_damaged(c, "templates are nested too deep");
	at = in.descriptors + 4 * in.count;
	f = (struct frame){ c->chunk, in.descriptors, at, in.count, c->end };
	for (uint32_t i = 0; i < in.count; i++) {
		uint32_t value = le16(c->chunk.p + in.descriptors + 4 * i);

		if (value > c->end - at)
			return token_damaged(c, "values are longer than what holds them");
		at += value;
	}
	if (!count_work(p, (long)in.count))
		return false;
	c->at = at;
	if (in.definition > c->chunk.n || c->chunk.n - in.definition < BINXML_DEFINITION_HEADER)
		return token_damaged(c, "its template is not in the chunk");
	if (le32(c->chunk.p + in.definition + 4) != in.id)
		return token_damaged(c, "its template was overwritten");
	size = le32(c->chunk.p + in.definition + 20);
	in.definition += BINXML_DEFINITION_HEADER;
	if (size > c->chunk.n - in.definition)
		return token_damaged(c, "its template runs out of the chunk");
	return put_fragment(p, in.definition, in.definition + size, &f, true, depth);
}

static bool
put_fragment(struct printer *p, uint32_t begin, uint32_t end, const struct frame *f,
	     bool definition, unsigned depth)
{
	struct binxml_compiler *c = &p->c;
	uint32_t                outer_at = c->at, outer_end = c->end, outer_begin = c->begin;
	bool                    outer = c->dependencies, good = true, ended = false;

	c->at = c->begin = begin;
	c->end = end;
	c->dependencies = definition;
	c->n_names = 0;
	while (good && !ended && token_left(c) > 0) {
		uint8_t token = c->chunk.p[c->at++];

		switch (token & ~TOKEN_MORE) {
		case TOKEN_END:
			ended = true;
			break;
		case TOKEN_FRAGMENT:
			good = token_left(c) >= 3 ||
			       token_damaged(c, "the record ends inside a token");
			c->at += good ? 3 : 0;
			break;
		case TOKEN_ELEMENT:
			good = count_work(p, 1) &&
			       put_element(p, f, (token & TOKEN_MORE) != 0, depth);
			break;
		case TOKEN_INSTANCE:
			good = count_work(p, 1) && put_instance(p, depth);
			break;
		case TOKEN_PI_TARGET:
		case TOKEN_PI_DATA:
			good = token_instruction(c, token);
			break;
		default:
			good = token_damaged(c, "an unknown token between elements");
		}
	}
	c->at = outer_at;
	c->end = outer_end;
	c->begin = outer_begin;
	c->dependencies = outer;
	return good;
}

const char *
binxml_xml(const uint8_t *chunk, uint32_t n, uint32_t begin, uint32_t end, struct arena *keep,
	   struct text *out)
{
	struct printer p = { .names = arena_open(NAMES_BYTES), .work = WORK_MAX,
			     .dates = EVTX_DATES_NONE };
	bool           good;

	binxml_compiler_open(&p.c, &p.names);
	p.c.keep = &p.names;
	p.c.chunk = (struct binxml_chunk){ chunk, n };
	p.c.end = end;
	p.out = arena_new(&p.names, char, OUT_MAX);
	good = put_fragment(&p, begin, end, &(struct frame){ 0 }, false, 0);
	*out = arena_copy(keep, (struct text){ p.out, p.n });
	arena_close(&p.names);
	return good ? NULL : p.c.damage;
}
