/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "importers/binxml_program.h"

#include "importers/bytes.h"
#include "importers/fresh.h"
#include "importers/utf16.h"

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
damaged(struct binxml_compiler *c, const char *why)
{
	if (c->damage == NULL)
		c->damage = why;
	return false;
}

static uint32_t
left(const struct binxml_compiler *c)
{
	return c->end - c->at;
}

static bool
take_u8(struct binxml_compiler *c, uint8_t *v)
{
	if (left(c) < 1)
		return damaged(c, "the record ends inside a token");
	*v = c->chunk.p[c->at++];
	return true;
}

static bool
take_u16(struct binxml_compiler *c, uint16_t *v)
{
	if (left(c) < 2)
		return damaged(c, "the record ends inside a token");
	*v = le16(c->chunk.p + c->at);
	c->at += 2;
	return true;
}

static bool
take_u32(struct binxml_compiler *c, uint32_t *v)
{
	if (left(c) < 4)
		return damaged(c, "the record ends inside a token");
	*v = le32(c->chunk.p + c->at);
	c->at += 4;
	return true;
}

/* Is there memory for N more bytes of text, and for the steps in the end? */
static bool
has_room(struct binxml_compiler *c, size_t n)
{
	if ((size_t)(c->keep->end - c->keep->at) < BINXML_COMPILE_ROOM + n)
		return damaged(c, "templates of this chunk need more memory than they may have");
	return true;
}

/* UTF-16 of the chunk as text, the last thing in the arena and ended by a NUL. */
static struct text
to_text(struct binxml_compiler *c, uint32_t at, uint32_t units)
{
	char *p = arena_new(c->keep, char, 3 * (size_t)units + UTF16_SLACK);
	char *end = utf16_to_utf8(p, c->chunk.p + at, units);

	c->keep->at = end + 1; /* the rest of the guess is free again; one NUL stays */
	*end = '\0';
	return (struct text){ p, (size_t)(end - p) };
}

static bool
name_fits(const struct binxml_compiler *c, uint32_t offset)
{
	uint32_t n = c->chunk.n;

	return offset >= FIRST_NAME && offset <= n && n - offset >= NAME_HEADER + 2 &&
	       (n - offset - NAME_HEADER - 2) / 2 >= le16(c->chunk.p + offset + 6);
}

/* A name that is out of reach is called "?"; its value is worth keeping. */
static bool
take_name(struct binxml_compiler *c, struct text *name)
{
	struct binxml_name ref = { .at = (uint16_t)(c->at - c->begin) };
	const uint8_t     *p = c->chunk.p;

	if (!take_u32(c, &ref.offset) || !has_room(c, 0))
		return false;
	ref.inline_here = ref.offset == c->at;
	if (!name_fits(c, ref.offset)) {
		*name = TEXT("?");
		c->bound = true;
		return ref.inline_here ? damaged(c, "a name runs out of the chunk") : true;
	}
	ref.units = le16(p + ref.offset + 6);
	if (ref.inline_here) {
		uint32_t size = NAME_HEADER + 2u * ref.units + 2;

		if (left(c) < size)
			return damaged(c, "a name runs out of its record");
		c->at += size;
	}
	*name = to_text(c, ref.offset + NAME_HEADER,
			ref.units < NAME_LONGEST ? ref.units : NAME_LONGEST);
	if (c->n_names == BINXML_NAMES_MAX)
		return damaged(c, "more names than a template can have");
	c->names[c->n_names++] = ref;
	return true;
}

static bool
add_step(struct binxml_compiler *c, struct step s)
{
	if (c->n_steps == BINXML_STEPS_MAX)
		return damaged(c, "more elements than a record can have");
	c->steps[c->n_steps++] = s;
	return true;
}

/* T is the last thing in the arena: behind a piece of text it only has to close up. */
static bool
add_piece_text(struct binxml_compiler *c, struct text t)
{
	struct step *last = c->n_pieces ? &c->pieces[c->n_pieces - 1] : NULL;

	if (last && last->op == STEP_PIECE_TEXT) {
		char *end = c->keep->at - t.n - 2; /* the NUL behind the piece before */

		memmove(end, t.p, t.n + 1);
		c->keep->at--;
		last->text.n += t.n;
		return true;
	}
	if (c->n_pieces == BINXML_STEPS_MAX)
		return damaged(c, "more pieces of text than a record can have");
	c->pieces[c->n_pieces++] = (struct step){ .op = STEP_PIECE_TEXT, .text = t };
	return true;
}

static struct text
entity_text(struct text name)
{
	static const struct {
		struct text name, value;
	} entities[] = {
		{ TEXT_INIT("amp"), TEXT_INIT("&") },   { TEXT_INIT("lt"), TEXT_INIT("<") },
		{ TEXT_INIT("gt"), TEXT_INIT(">") },    { TEXT_INIT("quot"), TEXT_INIT("\"") },
		{ TEXT_INIT("apos"), TEXT_INIT("'") },
	};

	for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++)
		if (text_eq(entities[i].name, name))
			return entities[i].value;
	return TEXT("?");
}

static bool
take_characters(struct binxml_compiler *c)
{
	uint16_t units;

	if (!take_u16(c, &units))
		return false;
	uint32_t fits = left(c) / 2 < units ? left(c) / 2 : units;

	if (!has_room(c, 3 * (size_t)fits + UTF16_SLACK))
		return false;
	bool kept = add_piece_text(c, to_text(c, c->at, fits));

	c->at += 2 * fits;
	if (fits < units)
		return damaged(c, "a text is longer than its record");
	return kept;
}

static bool
take_entity(struct binxml_compiler *c)
{
	char       *before = c->keep->at;
	struct text name;

	if (!take_name(c, &name))
		return false;
	struct text value = entity_text(name);

	c->keep->at = before;
	return add_piece_text(c, arena_copy(c->keep, value));
}

/* A piece of text or a substitution; *TAKEN is false when the token is neither. */
static bool
take_piece(struct binxml_compiler *c, bool *taken)
{
	uint8_t     token = c->chunk.p[c->at], type;
	uint16_t    number;

	*taken = true;
	switch (token & ~TOKEN_MORE) {
	case TOKEN_TEXT:
		c->at++;
		return take_u8(c, &type) && take_characters(c);
	case TOKEN_CDATA:
		c->at++;
		return take_characters(c);
	case TOKEN_CHARACTER:
		c->at++;
		return take_u16(c, &number) && has_room(c, UTF16_SLACK) &&
		       add_piece_text(c, to_text(c, c->at - 2, 1));
	case TOKEN_ENTITY:
		c->at++;
		return take_entity(c);
	case TOKEN_SUBSTITUTION:
	case TOKEN_OPTIONAL:
		c->at++;
		if (!take_u16(c, &number) || !take_u8(c, &type))
			return false;
		if (c->n_pieces == BINXML_STEPS_MAX)
			return damaged(c, "more pieces of text than a record can have");
		c->pieces[c->n_pieces++] = (struct step){
			.op = STEP_PIECE_SLOT,
			.slot = number,
			.optional = (token & ~TOKEN_MORE) == TOKEN_OPTIONAL,
		};
		return true;
	default:
		*taken = false;
		return true;
	}
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
		field.text = n ? c->pieces[0].text : TEXT("");
		return (field.omit_empty && field.text.n == 0) || add_step(c, field);
	}
	if (n == 1) {
		field.op = STEP_SLOT;
		field.slot = c->pieces[0].slot;
		field.optional = c->pieces[0].optional;
		return add_step(c, field);
	}
	if (n >= BINXML_STEPS_MAX - c->n_steps)
		return damaged(c, "more elements than a record can have");
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

	if (!take_name(c, &name))
		return false;
	while (more && left(c) > 0)
		if (!take_piece(c, &more))
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

	if (!take_u32(c, &size))
		return false;
	if (size > left(c))
		return damaged(c, "an attribute list is longer than its element");
	while (left(c) > 0 && (c->chunk.p[c->at] & ~TOKEN_MORE) == TOKEN_ATTRIBUTE) {
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
	if (!take_u8(c, &token))
		return false;
	if (token == TOKEN_CLOSE_START) {
		if (!compile_content(c, e))
			return false;
	} else if (token != TOKEN_CLOSE_EMPTY) {
		return damaged(c, "an unknown token in an element");
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
		return damaged(c, "elements are nested too deep");
	if ((c->dependencies && !take_u16(c, &slot)) || !take_u32(c, &size))
		return false;
	if (size > left(c))
		return damaged(c, "an element is longer than what holds it");
	if (slot != BINXML_NO_SLOT && !add_step(c, (struct step){ .op = STEP_NEED, .slot = slot }))
		return false;
	c->end = c->at + size;
	c->depth++;
	bool whole = take_name(c, &e.name);

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
		return damaged(c, why);
	c->bound = true;
	if (!add_step(c, (struct step){
			     .op = STEP_INSTANCE, .at = c->at, .place = (uint8_t)place }))
		return false;
	c->at = instance.descriptors + 4 * instance.count;
	for (uint32_t i = 0; i < instance.count; i++) {
		uint32_t size = le16(c->chunk.p + instance.descriptors + 4 * i);

		if (size > left(c))
			return damaged(c, "values are longer than what holds them");
		c->at += size;
	}
	return true;
}

static bool
skip_instruction(struct binxml_compiler *c, uint8_t token)
{
	char       *before = c->keep->at;
	struct text name;
	uint16_t    units;

	if (token == TOKEN_PI_TARGET) {
		bool taken = take_name(c, &name);

		c->keep->at = before;
		return taken;
	}
	if (!take_u16(c, &units))
		return false;
	if (left(c) / 2 < units)
		return damaged(c, "a text is longer than its record");
	c->at += 2u * units;
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
		return skip_instruction(c, token);
	default:
		return damaged(c, "an unknown token in an element");
	}
}

static bool
compile_content(struct binxml_compiler *c, struct element *e)
{
	while (left(c) > 0) {
		uint8_t token = c->chunk.p[c->at];
		bool    taken;

		if (token == TOKEN_END_ELEMENT) {
			c->at++;
			return flush_content(c, e);
		}
		if (!take_piece(c, &taken)) {
			flush_content(c, e);
			return false;
		}
		if (!taken && !compile_child(c, e, token))
			return false;
	}
	flush_content(c, e);
	return damaged(c, "an element has no end");
}

/* A sequence of fragments: headers, elements, instances, up to its end. */
static bool
compile_fragment(struct binxml_compiler *c, enum evtx_place place)
{
	while (left(c) > 0) {
		uint8_t token = c->chunk.p[c->at++];

		switch (token & ~TOKEN_MORE) {
		case TOKEN_END:
			return true;
		case TOKEN_FRAGMENT:
			if (left(c) < 3)
				return damaged(c, "the record ends inside a token");
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
			if (!skip_instruction(c, token))
				return false;
			break;
		default:
			return damaged(c, "an unknown token between elements");
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
	c->depth = depth;
	c->keep = keep;
	c->damage = NULL;
	if (!compile_fragment(c, place))
		c->steps[c->n_steps++] =
		    (struct step){ .op = STEP_BROKEN, .name = text_of(c->damage) };
	c->steps[c->n_steps++] = (struct step){ .op = STEP_END };
	struct step *steps = arena_new(keep, struct step, c->n_steps);

	memcpy(steps, c->steps, c->n_steps * sizeof(*steps));
	return (struct binxml_program){ steps, c->n_steps, c->bound };
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
