/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rows_text.h - rows as search text: what format and return make for the search around them.
 */
#ifndef AUGER_RULES_ROWS_TEXT_H
#define AUGER_RULES_ROWS_TEXT_H

#include "rules/pipeline.h"

struct return_field {
	struct column column;
	struct text   alias; /* name in the text; absent: as bare */
	bool          bare;  /* only its value */
};

/* What stands around rows and between fields: format may be given others. */
struct row_words {
	struct text open_all, open, between, close, between_rows, close_all;
	struct text between_values; /* of one field */
	bool        expression; /* names are quoted as where reads them, not as search does */
};
struct row_words row_words_usual(void); /* ( ( a="x" AND b="y" ) OR ( ... ) ) */

/* ( a="x" AND b="y" ), absent where the row has none; FIELDS NULL: all that are not internal. Neither values nor names, which
 * evidence may have given, are read as anything else there. */
struct text row_as_text(const struct row *row, const struct return_field *fields, size_t n,
			const struct row_words *words, struct arena *keep);
/* The one row that such a stage gives. */
bool emit_search_text(struct stage_run *sr, struct text t);

#endif
