/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "importers/binxml_token.h"

#include "importers/bytes.h"
#include "importers/utf16.h"

#define NAME_HEADER  8 /* next, hash, number of units */
#define NAME_LONGEST 256 /* units; real names stay below 100, a longer one is cut */
#define FIRST_NAME   512 /* behind the chunk header */

bool
token_damaged(struct binxml_compiler *c, const char *why)
{
	if (c->damage == NULL)
		c->damage = why;
	return false;
}

bool
token_u8(struct binxml_compiler *c, uint8_t *v)
{
	if (token_left(c) < 1)
		return token_damaged(c, "the record ends inside a token");
	*v = c->chunk.p[c->at++];
	return true;
}

bool
token_u16(struct binxml_compiler *c, uint16_t *v)
{
	if (token_left(c) < 2)
		return token_damaged(c, "the record ends inside a token");
	*v = le16(c->chunk.p + c->at);
	c->at += 2;
	return true;
}

bool
token_u32(struct binxml_compiler *c, uint32_t *v)
{
	if (token_left(c) < 4)
		return token_damaged(c, "the record ends inside a token");
	*v = le32(c->chunk.p + c->at);
	c->at += 4;
	return true;
}

/* Is there memory for N more bytes of text, and for the steps in the end? */
static bool
has_room(struct binxml_compiler *c, size_t n)
{
	if (arena_room(c->keep) < BINXML_COMPILE_ROOM + n)
		return token_damaged(c,
				     "templates of this chunk need more memory than they may have");
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

static void
lose_name(struct binxml_compiler *c, struct text *name)
{
	*name = EVTX_NAME_LOST;
	c->bound = true;
	c->lost_names = true;
}

bool
token_name(struct binxml_compiler *c, struct text *name)
{
	struct binxml_name ref = { .at = (uint16_t)(c->at - c->begin) };
	const uint8_t     *p = c->chunk.p;

	if (!token_u32(c, &ref.offset) || !has_room(c, 0))
		return false;
	ref.inline_here = ref.offset == c->at;
	if (!name_fits(c, ref.offset)) {
		lose_name(c, name);
		return ref.inline_here ? token_damaged(c, "a name runs out of the chunk") : true;
	}
	ref.units = le16(p + ref.offset + 6);
	if (ref.inline_here) {
		uint32_t size = NAME_HEADER + 2u * ref.units + 2;

		if (token_left(c) < size)
			return token_damaged(c, "a name runs out of its record");
		c->at += size;
	}
	if (ref.units == 0) {
		lose_name(c, name);
		return true;
	}
	*name = to_text(c, ref.offset + NAME_HEADER,
			ref.units < NAME_LONGEST ? ref.units : NAME_LONGEST);
	if (c->n_names == BINXML_NAMES_MAX)
		return token_damaged(c, "more names than a template can have");
	c->names[c->n_names++] = ref;
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
		return token_damaged(c, "more pieces of text than a record can have");
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

	if (!token_u16(c, &units))
		return false;
	uint32_t fits = token_left(c) / 2 < units ? token_left(c) / 2 : units;

	if (!has_room(c, 3 * (size_t)fits + UTF16_SLACK))
		return false;
	bool kept = add_piece_text(c, to_text(c, c->at, fits));

	c->at += 2 * fits;
	if (fits < units)
		return token_damaged(c, "a text is longer than its record");
	return kept;
}

static bool
take_entity(struct binxml_compiler *c)
{
	char       *before = c->keep->at;
	struct text name;

	if (!token_name(c, &name))
		return false;
	struct text value = entity_text(name);

	c->keep->at = before;
	return add_piece_text(c, arena_copy(c->keep, value));
}

bool
token_piece(struct binxml_compiler *c, bool *taken)
{
	uint8_t     token = c->chunk.p[c->at], type;
	uint16_t    number;

	*taken = true;
	switch (token & ~TOKEN_MORE) {
	case TOKEN_TEXT:
		c->at++;
		return token_u8(c, &type) && take_characters(c);
	case TOKEN_CDATA:
		c->at++;
		return take_characters(c);
	case TOKEN_CHARACTER:
		c->at++;
		return token_u16(c, &number) && has_room(c, UTF16_SLACK) &&
		       add_piece_text(c, to_text(c, c->at - 2, 1));
	case TOKEN_ENTITY:
		c->at++;
		return take_entity(c);
	case TOKEN_SUBSTITUTION:
	case TOKEN_OPTIONAL:
		c->at++;
		if (!token_u16(c, &number) || !token_u8(c, &type))
			return false;
		if (c->n_pieces == BINXML_STEPS_MAX)
			return token_damaged(c, "more pieces of text than a record can have");
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

bool
token_instruction(struct binxml_compiler *c, uint8_t token)
{
	char       *before = c->keep->at;
	struct text name;
	uint16_t    units;

	if (token == TOKEN_PI_TARGET) {
		bool taken = token_name(c, &name);

		c->keep->at = before;
		return taken;
	}
	if (!token_u16(c, &units))
		return false;
	if (token_left(c) / 2 < units)
		return token_damaged(c, "a text is longer than its record");
	c->at += 2u * units;
	return true;
}
