/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Templates of binary XML, compiled into programs. */
#include "config.h"

#include "importers/binxml_program.h"

#include "importers/binxml_token.h"
#include "importers/bytes.h"
#include "importers/fresh.h"
#include "importers/spelling.h"

#define NAME_HEADER 8  /* next, hash, number of units */
#define NAME_LONGEST 256 /* units; real names stay below 100, a longer one is cut */
#define FIRST_NAME  512 /* behind the chunk header */
#define LEAVES_MAX  512

/* The element that is being compiled. */
struct element {
	enum evtx_place   at;   /* where it stands */
	struct text       name;
	struct text       parent;
	struct evtx_shape content;
	bool              own_name; /* its Name attribute names its field, when it runs */
	bool              has_children, has_attributes, has_text;
};

void
binxml_compiler_open(struct binxml_compiler *c, struct arena *keep)
{
	*c = (struct binxml_compiler){
		.steps = fresh_new(keep, struct step, BINXML_STEPS_MAX + 2),
		.pieces = fresh_new(keep, struct step, BINXML_STEPS_MAX),
		.names = fresh_new(keep, struct binxml_name, BINXML_NAMES_MAX),
		.leaves = fresh_new(keep, struct binxml_leaf, LEAVES_MAX),
	};
}

static bool
add_step(struct binxml_compiler *c, struct step s)
{
	if (c->n_steps == BINXML_STEPS_MAX)
		return token_damaged(c, "more elements than a record can have");
	c->steps[c->n_steps++] = s;
	return true;
}

/* Makes one field of the pieces gathered so far. */
static bool
flush_pieces(struct binxml_compiler *c, struct step field)
{
	uint32_t n = c->n_pieces;

	c->n_pieces = 0;
	if (field.role == ROLE_IGNORE)
		return true;
	field.key = text_key(field.name);
	if (n == 0 || (n == 1 && c->pieces[0].op == STEP_PIECE_TEXT)) {
		field.op = STEP_TEXT;
		field.text = n ? spelling_guid(c->pieces[0].text, false, c->keep) : TEXT("");
		return (field.omit_empty && field.text.n == 0) || add_step(c, field);
	}
	if (n == 1) {
		field.op = STEP_SLOT;
		field.slot = c->pieces[0].slot;
		field.optional = c->pieces[0].optional;
		return add_step(c, field);
	}
	if (n >= BINXML_STEPS_MAX - c->n_steps)
		return token_damaged(c, "more elements than a record can have");
	field.op = STEP_MIXED;
	field.next = (uint16_t)(c->n_steps + 1 + n);
	add_step(c, field);
	for (uint32_t i = 0; i < n; i++)
		add_step(c, c->pieces[i]);
	return true;
}

/* "leaf", or "parent.leaf" when another parent had a leaf of that name before. */
static struct text
leaf_name(struct binxml_compiler *c, struct text parent, struct text leaf)
{
	uint32_t key = text_key(leaf), parent_key = text_key(parent);

	for (uint32_t i = 0; i < c->n_leaves; i++) {
		if (c->leaves[i].key != key)
			continue;
		if (c->leaves[i].parent == parent_key)
			return leaf;
		return arena_join(c->keep, arena_join(c->keep, parent, TEXT(".")), leaf);
	}
	if (c->n_leaves < LEAVES_MAX)
		c->leaves[c->n_leaves++] = (struct binxml_leaf){ key, parent_key };
	return leaf;
}

static bool
is_blank(struct text t)
{
	return text_trim(t).n == 0;
}

/* Text of the element up to here becomes its field. */
static bool
flush_content(struct binxml_compiler *c, struct element *e)
{
	bool only_text = c->n_pieces == 1 && c->pieces[0].op == STEP_PIECE_TEXT;

	if (c->n_pieces == 0 || (e->has_children && only_text && is_blank(c->pieces[0].text))) {
		c->n_pieces = 0;
		return true;
	}
	struct step field = {
		.role = (uint8_t)e->content.role,
		.place = (uint8_t)evtx_shape_inside(e->at, e->name),
		.omit_empty = e->content.omit_empty || e->has_children,
		.content = true,
		.own_name = e->own_name,
		.name = e->content.name,
	};

	if (e->content.leaf && !e->has_text)
		e->content.name = field.name = leaf_name(c, e->parent, e->content.name);
	e->has_text = true;
	return flush_pieces(c, field);
}

static bool
compile_attribute(struct binxml_compiler *c, struct element *e)
{
	struct text name;
	bool        more = true;

	if (!token_name(c, &name))
		return false;
	while (more && token_left(c) > 0)
		if (!token_piece(c, &more))
			return false;
	struct evtx_shape shape = evtx_shape_attribute(e->at, e->name, name, c->keep);

	if (shape.role == ROLE_IGNORE) {
		c->n_pieces = 0;
		return true;
	}
	e->has_attributes |= shape.role != ROLE_NAME;
	if (shape.role == ROLE_NAME && c->n_pieces == 1 && c->pieces[0].op == STEP_PIECE_TEXT) {
		e->content.name = c->pieces[0].text;
		c->n_pieces = 0;
		return true;
	}
	e->own_name |= shape.role == ROLE_NAME;
	return flush_pieces(c, (struct step){
				   .role = (uint8_t)shape.role,
				   .omit_empty = shape.omit_empty,
				   .name = shape.name,
			       });
}

static bool compile_content(struct binxml_compiler *c, struct element *e);

static bool
compile_attributes(struct binxml_compiler *c, struct element *e)
{
	uint32_t size;

	if (!token_u32(c, &size))
		return false;
	if (size > token_left(c))
		return token_damaged(c, "an attribute list is longer than its element");
	while (token_left(c) > 0 && (c->chunk.p[c->at] & ~TOKEN_MORE) == TOKEN_ATTRIBUTE) {
		c->at++;
		if (!compile_attribute(c, e))
			return false;
	}
	return true;
}

/* Behind the name: attributes, then nothing or content. */
static bool
compile_inside(struct binxml_compiler *c, struct element *e, bool attributes)
{
	uint8_t token;

	if (attributes && !compile_attributes(c, e))
		return false;
	if (!token_u8(c, &token))
		return false;
	if (token == TOKEN_CLOSE_START) {
		if (!compile_content(c, e))
			return false;
	} else if (token != TOKEN_CLOSE_EMPTY) {
		return token_damaged(c, "an unknown token in an element");
	}
	if (e->has_text || e->has_children || e->has_attributes || e->content.omit_empty)
		return true;
	c->pieces[c->n_pieces++] = (struct step){ .op = STEP_PIECE_TEXT, .text = TEXT("") };
	return flush_content(c, e);
}

/* An element; its token has been taken. */
static bool
compile_element(struct binxml_compiler *c, enum evtx_place at, struct text parent, bool attributes)
{
	struct element e = { .at = at, .parent = parent };
	uint32_t       size, outer_end = c->end, need = c->n_steps;
	uint16_t       slot = BINXML_NO_SLOT;

	if (c->depth >= BINXML_DEPTH_MAX)
		return token_damaged(c, "elements are nested too deep");
	if ((c->dependencies && !token_u16(c, &slot)) || !token_u32(c, &size))
		return false;
	if (size > token_left(c))
		return token_damaged(c, "an element is longer than what holds it");
	if (slot != BINXML_NO_SLOT && !add_step(c, (struct step){ .op = STEP_NEED, .slot = slot }))
		return false;
	c->end = c->at + size;
	c->depth++;
	bool whole = token_name(c, &e.name);

	if (whole) {
		e.content = evtx_shape_content(at, e.name, c->keep);
		whole = compile_inside(c, &e, attributes);
	}
	c->depth--;
	c->end = outer_end;
	if (slot != BINXML_NO_SLOT)
		c->steps[need].next = (uint16_t)c->n_steps;
	return whole;
}

/* A template instance in element content is left to the runner; here it is only skipped. */
static bool
compile_instance(struct binxml_compiler *c, enum evtx_place place)
{
	struct binxml_instance instance;
	const char            *why = binxml_instance(c->chunk, c->at, c->end, &instance);

	if (why)
		return token_damaged(c, why);
	c->bound = true;
	if (!add_step(c, (struct step){
			     .op = STEP_INSTANCE, .at = c->at, .place = (uint8_t)place }))
		return false;
	c->at = instance.descriptors + 4 * instance.count;
	for (uint32_t i = 0; i < instance.count; i++) {
		uint32_t size = le16(c->chunk.p + instance.descriptors + 4 * i);

		if (size > token_left(c))
			return token_damaged(c, "values are longer than what holds them");
		c->at += size;
	}
	return true;
}

static bool
compile_child(struct binxml_compiler *c, struct element *e, uint8_t token)
{
	enum evtx_place inside = evtx_shape_inside(e->at, e->name);

	c->at++;
	switch (token & ~TOKEN_MORE) {
	case TOKEN_ELEMENT:
		e->has_children = true;
		return flush_content(c, e) &&
		       compile_element(c, inside, e->name, (token & TOKEN_MORE) != 0);
	case TOKEN_INSTANCE:
		e->has_children = true;
		return flush_content(c, e) && compile_instance(c, inside);
	case TOKEN_PI_TARGET:
	case TOKEN_PI_DATA:
		return token_instruction(c, token);
	default:
		return token_damaged(c, "an unknown token in an element");
	}
}

static bool
compile_content(struct binxml_compiler *c, struct element *e)
{
	while (token_left(c) > 0) {
		uint8_t token = c->chunk.p[c->at];
		bool    taken;

		if (token == TOKEN_END_ELEMENT) {
			c->at++;
			return flush_content(c, e);
		}
		if (!token_piece(c, &taken)) {
			flush_content(c, e);
			return false;
		}
		if (!taken && !compile_child(c, e, token))
			return false;
	}
	flush_content(c, e);
	return token_damaged(c, "an element has no end");
}

/* A sequence of fragments: headers, elements, instances, up to its end. */
static bool
compile_fragment(struct binxml_compiler *c, enum evtx_place place)
{
	while (token_left(c) > 0) {
		uint8_t token = c->chunk.p[c->at++];

		switch (token & ~TOKEN_MORE) {
		case TOKEN_END:
			return true;
		case TOKEN_FRAGMENT:
			if (token_left(c) < 3)
				return token_damaged(c, "the record ends inside a token");
			c->at += 3;
			break;
		case TOKEN_ELEMENT:
			if (!compile_element(c, place, TEXT(""), (token & TOKEN_MORE) != 0))
				return false;
			break;
		case TOKEN_INSTANCE:
			if (!compile_instance(c, place))
				return false;
			break;
		case TOKEN_PI_TARGET:
		case TOKEN_PI_DATA:
			if (!token_instruction(c, token))
				return false;
			break;
		default:
			return token_damaged(c, "an unknown token between elements");
		}
	}
	return true;
}

struct binxml_program
binxml_compile(struct binxml_compiler *c, struct binxml_chunk chunk, uint32_t begin, uint32_t end,
	       enum evtx_place place, bool definition, unsigned depth, struct arena *keep)
{
	c->n_steps = c->n_pieces = c->n_names = c->n_leaves = 0;
	c->chunk = chunk;
	c->begin = c->at = begin;
	c->end = end;
	c->dependencies = definition;
	c->bound = false;
	c->lost_names = false;
	c->depth = depth;
	c->keep = keep;
	c->damage = NULL;
	if (!compile_fragment(c, place))
		c->steps[c->n_steps++] =
		    (struct step){ .op = STEP_BROKEN, .name = text_of(c->damage) };
	c->steps[c->n_steps++] = (struct step){ .op = STEP_END };
	struct step *steps = arena_new(keep, struct step, c->n_steps);

	memcpy(steps, c->steps, c->n_steps * sizeof(*steps));
	return (struct binxml_program){ steps, c->n_steps, c->bound, c->lost_names };
}

const char *
binxml_instance(struct binxml_chunk chunk, uint32_t at, uint32_t end, struct binxml_instance *out)
{
	const uint8_t *p = chunk.p;

	if (end - at < 9)
		return "a template instance is cut off";
	out->id = le32(p + at + 1);
	out->definition = le32(p + at + 5);
	at += 9;
	if (out->definition == at) {
		if (end - at < BINXML_DEFINITION_HEADER)
			return "a template is cut off";
		uint32_t size = le32(p + at + 20);

		at += BINXML_DEFINITION_HEADER;
		if (size > end - at)
			return "a template is longer than its record";
		at += size;
	}
	if (end - at < 4)
		return "a template instance is cut off";
	out->count = le32(p + at);
	at += 4;
	if (out->count > (end - at) / 4)
		return "more values than the record has room for";
	out->descriptors = at;
	return NULL;
}
