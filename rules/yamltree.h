/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * yamltree.h - a small YAML file as a tree of nodes that know where they stand.
 *
 * For rule files, written by strangers: size, depth and number of nodes are bounded; an alias shares
 * the members of what it stands for, so that nothing multiplies. Scalars are text, whatever YAML would make of them.
 * Lines and columns count from 1, columns in characters. Errors: ERR_RULE, where "line:column".
 */
#ifndef AUGER_RULES_YAMLTREE_H
#define AUGER_RULES_YAMLTREE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

#define YAML_FILE_MAX  ((size_t)4 << 20)
#define YAML_DEPTH_MAX 64
#define YAML_NODES_MAX 200000

enum yaml_kind { YAML_KIND_SCALAR, YAML_KIND_LIST, YAML_KIND_MAP };
enum yaml_style {
	YAML_STYLE_PLAIN,
	YAML_STYLE_SINGLE,
	YAML_STYLE_DOUBLE,
	YAML_STYLE_LITERAL,
	YAML_STYLE_FOLDED
};

struct yaml_node {
	enum yaml_kind    kind;
	enum yaml_style   style; /* of a scalar */
	struct text       key;   /* when the node is the value of a key */
	struct text       value; /* of a scalar; otherwise absent */
	struct yaml_node *first; /* of a list or a map */
	struct yaml_node *next;
	uint32_t          line, column; /* of its first character: quote, '|', dash or key */
	size_t            line_at; /* offset of the first byte of that line */
};

/* The first document of SOURCE; *DOCUMENTS (may be NULL) says how many there are, the others are
 * its `next`. Texts live in KEEP. */
bool yaml_read(struct yaml_node **out, uint32_t *documents, struct arena *keep, struct text source,
	       struct err *err);

/* Value of a key; NULL when NODE is NULL, no map, or has no such key. The last of equal keys. */
const struct yaml_node *yaml_get(const struct yaml_node *node, const char *key);
/* A value whose key came before in the same mapping: in ROOT or a mapping right below it. NULL:
 * there is none. */
const struct yaml_node *yaml_repeated(const struct yaml_node *root);
/* Text of a scalar value; absent when there is none. */
struct text yaml_text(const struct yaml_node *node, const char *key);
/* A list of scalars, or one scalar, as an array; returns how many. */
uint32_t yaml_texts(const struct yaml_node *node, struct arena *keep, struct text **out);

/* Where the value of a scalar begins, behind its quote or block sign. */
void yaml_value_place(const struct yaml_node *node, struct text source, uint32_t *line,
		      uint32_t *column);
/*
 * Turns a place inside the value (line, column in bytes, from 1) into the place in SOURCE it was
 * written at, whatever the style: folding, doubled quotes and escapes are followed.
 */
void yaml_locate(const struct yaml_node *node, struct text source, uint32_t *line,
		 uint32_t *column);

#endif
