/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * syntax.h - scripts for the eye: which bytes are comments, strings and commands, and where a long
 * line may be broken. Nothing of the text is changed, and nothing of it is run.
 *
 * It reads PowerShell; what it does not understand is plain text.
 */
#ifndef AUGER_TUI_SYNTAX_H
#define AUGER_TUI_SYNTAX_H

#include "base/arena.h"
#include "base/text.h"

enum syntax_kind { SYNTAX_COMMENT, SYNTAX_STRING, SYNTAX_COMMAND };

struct syntax_span {
	size_t           start, n;
	enum syntax_kind kind;
};

/* Ascending, without overlap. */
size_t syntax_spans(struct text script, struct arena *keep, struct syntax_span **out);

/* The first span that ends behind AT; N: none does. */
size_t syntax_span_at(const struct syntax_span *spans, size_t n, size_t at);

/* How many bytes of LINE, which begins at AT in the script, to show before it is broken: behind a
 * ';', '|', '{' outside of strings. At least MOST bytes are long enough to break. */
size_t syntax_break(struct text line, size_t at, const struct syntax_span *spans, size_t n_spans,
		    size_t most);

#endif
