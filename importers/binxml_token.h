/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * binxml_token.h - the small parts of binary XML: numbers, names, pieces of text.
 *
 * Each function takes its bytes from c->at, which it moves on, and never looks beyond c->end.
 * False: the source is damaged, c->damage says how. Private to binxml_compile.c.
 */
#ifndef AUGER_IMPORTERS_BINXML_TOKEN_H
#define AUGER_IMPORTERS_BINXML_TOKEN_H

#include "importers/binxml_program.h"

/* The first damage stays. Returns false. */
bool token_damaged(struct binxml_compiler *c, const char *why);

bool token_u8(struct binxml_compiler *c, uint8_t *v);
bool token_u16(struct binxml_compiler *c, uint16_t *v);
bool token_u32(struct binxml_compiler *c, uint32_t *v);

/* A name that is overwritten or out of reach is EVTX_NAME_LOST; its value is worth keeping. */
bool token_name(struct binxml_compiler *c, struct text *name);

/* Adds a text, a reference or a substitution to c->pieces; *TAKEN is false when the token at
 * c->at (there must be one) is none of them. */
bool token_piece(struct binxml_compiler *c, bool *taken);

/* Skips a processing instruction; its token has been taken. */
bool token_instruction(struct binxml_compiler *c, uint8_t token);

static inline uint32_t
token_left(const struct binxml_compiler *c)
{
	return c->end - c->at;
}

#endif
