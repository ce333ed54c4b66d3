/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * document.h - JSON and XML inside fields, as a tree; paths into it as spath writes them.
 *
 * Meant for values of events: small, hostile, often fragments. XML may have several roots; there
 * are no entities but the five and numbers, no DTD, no files. Nesting is limited to 64.
 */
#ifndef AUGER_RULES_DOCUMENT_H
#define AUGER_RULES_DOCUMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

enum doc_kind { DOC_SCALAR, DOC_OBJECT, DOC_ARRAY, DOC_ELEMENT, DOC_ATTRIBUTE };

struct doc {
	enum doc_kind kind;
	struct text   name;  /* of a member, an element, an attribute */
	struct text   value; /* DOC_SCALAR, DOC_ATTRIBUTE; text of an element without children */
	struct text   source; /* JSON: the text of the value itself */
	bool          is_null;
	struct doc   *first, *last, *next;
};

/* The document of a text: JSON if it begins with { or [, else XML; NULL: neither. */
struct doc *doc_read(struct text t, struct arena *keep);
struct doc *doc_read_json(struct text t, struct arena *keep);

/* Values at a path such as a.b{}.c, a{0}.b, Event.System.Provider{@Name}. */
typedef void doc_fn(void *ctx, struct text path, struct text value);
void doc_find(const struct doc *root, struct text path, doc_fn *fn, void *ctx, struct arena *keep);
/* Every scalar, with its path. */
void doc_each(const struct doc *root, doc_fn *fn, void *ctx, struct arena *keep);

#endif
