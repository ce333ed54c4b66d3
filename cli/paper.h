/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * paper.h - headings, facts and tables for people, as Markdown or as one HTML file.
 *
 * Everything handed in is text, never markup: hostile code points become visible, what would be
 * markup is escaped, nothing becomes a link. HTML needs no other file and runs no script.
 * Errors: those of stdio, found at the end.
 */
#ifndef AUGER_CLI_PAPER_H
#define AUGER_CLI_PAPER_H

#include <stdio.h>

#include "base/arena.h"
#include "base/text.h"

enum paper_form { PAPER_MARKDOWN, PAPER_HTML };

struct paper {
	FILE           *out;
	enum paper_form form;
	struct arena    scratch; /* of one piece */
};

void paper_begin(struct paper *p, FILE *out, enum paper_form form, struct text title);
void paper_end(struct paper *p);

void paper_heading(struct paper *p, int level, struct text t);
void paper_text(struct paper *p, struct text t);
/* Facts: a name and a value each; absent and empty values are left out. */
void paper_facts_begin(struct paper *p);
void paper_fact(struct paper *p, const char *name, struct text value);
void paper_facts_end(struct paper *p);
/* A table: the head, then rows, all of N cells. */
void paper_table_begin(struct paper *p, const struct text *heads, size_t n);
void paper_row(struct paper *p, const struct text *cells, size_t n);
void paper_table_end(struct paper *p);

#endif
