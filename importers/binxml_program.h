/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * binxml_program.h - binary XML compiled to a flat list of steps.
 *
 * A template definition, or the spelled-out tree of a plain record, is parsed once; what the
 * tree means (which text is which field) is settled here, so that running the steps for a record
 * is a walk over an array. Layout of tokens: libevtx's format description, [MS-EVEN6] 2.2.12.
 * Private to binxml*.c.
 */
#ifndef AUGER_IMPORTERS_BINXML_PROGRAM_H
#define AUGER_IMPORTERS_BINXML_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"
#include "importers/evtx_shape.h"

#define BINXML_DEPTH_MAX 64
#define BINXML_STEPS_MAX 4096
#define BINXML_NAMES_MAX 4096

#define BINXML_NO_SLOT 0xffff /* a dependency on nothing */

/* Tokens; all but the first few may carry TOKEN_MORE. */
enum {
	TOKEN_END = 0x00,
	TOKEN_ELEMENT = 0x01,
	TOKEN_CLOSE_START = 0x02,
	TOKEN_CLOSE_EMPTY = 0x03,
	TOKEN_END_ELEMENT = 0x04,
	TOKEN_TEXT = 0x05,
	TOKEN_ATTRIBUTE = 0x06,
	TOKEN_CDATA = 0x07,
	TOKEN_CHARACTER = 0x08,
	TOKEN_ENTITY = 0x09,
	TOKEN_PI_TARGET = 0x0a,
	TOKEN_PI_DATA = 0x0b,
	TOKEN_INSTANCE = 0x0c,
	TOKEN_SUBSTITUTION = 0x0d,
	TOKEN_OPTIONAL = 0x0e,
	TOKEN_FRAGMENT = 0x0f,
	TOKEN_MORE = 0x40,
};

/* A chunk (or what is left of one). UTF16_SLACK bytes behind it are readable. */
struct binxml_chunk {
	const uint8_t *p;
	uint32_t       n;
};

enum step_op {
	STEP_END,
	STEP_BROKEN,     /* the source is damaged here: why = name */
	STEP_NEED,       /* go on at `next` when the value of the slot is NULL */
	STEP_TEXT,       /* a field with the fixed text `text` */
	STEP_SLOT,       /* a field whose text is one value */
	STEP_MIXED,      /* a field put together from the pieces up to `next` */
	STEP_PIECE_TEXT,
	STEP_PIECE_SLOT,
	STEP_INSTANCE,   /* a template instance at chunk offset `at` */
};

struct step {
	uint8_t     op;    /* enum step_op */
	uint8_t     role;  /* enum evtx_role */
	uint8_t     place; /* enum evtx_place: of elements inside the value */
	bool        optional;   /* NULL leaves the field out; else it is empty */
	bool        omit_empty;
	bool        content;    /* of an element: arrays repeat the field, binary XML is decoded */
	bool        own_name;   /* called as the ROLE_NAME step before it said, if it did */
	uint16_t    slot;
	uint16_t    next;
	uint32_t    key; /* text_key(name) */
	uint32_t    at;
	struct text name;
	struct text text;
};

/* A name that the source refers to, to recognise the same definition in another chunk. */
struct binxml_name {
	uint16_t at; /* of the reference, from the start of the source */
	bool     inline_here; /* the name itself follows the reference */
	uint32_t offset; /* in the chunk */
	uint16_t units;
	const uint8_t *text; /* the UTF-16 of a name that is elsewhere; set by the cache */
};

struct binxml_program {
	const struct step *steps; /* ended by STEP_END */
	uint32_t           n_steps;
	bool               bound; /* refers to its chunk: no use in another one */
	bool               lost_names; /* some names are EVTX_NAME_LOST */
};

/* The compiler's own memory, used for one program after the other. */
struct binxml_compiler {
	struct step       *steps; /* BINXML_STEPS_MAX + a few */
	struct step       *pieces;
	struct binxml_name *names;
	uint32_t           n_steps, n_pieces, n_names;
	struct binxml_leaf {
		uint32_t key, parent;
	}                 *leaves;
	uint32_t           n_leaves;
	struct binxml_chunk chunk;
	uint32_t           begin, at, end;
	bool               dependencies; /* elements carry a dependency id: inside a definition */
	bool               bound, lost_names;
	unsigned           depth;
	struct arena      *keep;
	const char        *damage;
};

void binxml_compiler_open(struct binxml_compiler *c, struct arena *keep);

/* Compiles the tokens in [BEGIN, END) of the chunk, which stand at PLACE; texts and steps live in
 * KEEP. Damage becomes a STEP_BROKEN behind what could be read. */
struct binxml_program binxml_compile(struct binxml_compiler *c, struct binxml_chunk chunk,
				     uint32_t begin, uint32_t end, enum evtx_place place,
				     bool definition, unsigned depth, struct arena *keep);

/* KEEP must have this much left when binxml_compile is called; beyond that the compiler looks
 * itself. */
#define BINXML_COMPILE_ROOM ((BINXML_STEPS_MAX + 2) * sizeof(struct step) + 16384)

/* A template instance: where its parts are. */
struct binxml_instance {
	uint32_t id;         /* first word of the definition's GUID */
	uint32_t definition; /* chunk offset */
	uint32_t count;      /* of values */
	uint32_t descriptors;
};

#define BINXML_DEFINITION_HEADER 24 /* next, GUID, size */

/* Reads the instance whose token stands before AT; NULL or why it cannot be read. */
const char *binxml_instance(struct binxml_chunk chunk, uint32_t at, uint32_t end,
			    struct binxml_instance *out);

#endif
