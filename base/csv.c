/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/csv.h"

#include "base/visible.h"

/* U+FF1D = U+FF0B + U+FF0D - U+FF20 @: full-width forms, which an East Asian Excel takes for the plain
 * ones. */
static bool
begins_formula(struct text cell)
{
	static const uint32_t wide[] = { 0xff1d, 0xff0b, 0xff0d, 0xff20 };
	uint32_t              code = 0;

	utf8_decode(cell.p, cell.p + cell.n, &code);
	for (size_t i = 0; i < sizeof(wide) / sizeof(*wide); i++)
		if (code == wide[i])
			return true;
	return memchr("=+-@\t\r\n", cell.p[0], 7) != NULL;
}

/* Whether a spreadsheet would run the cell: it gets a leading '. */
static bool
is_formula(struct text cell)
{
	size_t at = 0;
	double number;

	while (at < cell.n && cell.p[at] == '\'')
		at++;
	return at < cell.n && begins_formula(text_from(cell, at)) &&
	       !text_to_double(text_from(cell, at), &number);
}

static bool
is_separator(char ch)
{
	return ch == ',' || ch == '"' || ch == '\n' || ch == '\r';
}

static bool
must_quote(struct text cell)
{
	for (size_t i = 0; i < cell.n; i++)
		if (is_separator(cell.p[i]))
			return true;
	return cell.n && (cell.p[0] == ' ' || cell.p[cell.n - 1] == ' ');
}

/* How much from AT on stands for itself: printable ASCII but quotes. */
static size_t
plain_run(struct text cell, size_t at)
{
	size_t n = 0;

	while (at + n < cell.n && cell.p[at + n] >= ' ' && cell.p[at + n] < 0x7f &&
	       cell.p[at + n] != '"')
		n++;
	return n;
}

static void
put_code(FILE *out, const char *at, size_t n, uint32_t code)
{
	char   stand_in[16];
	size_t len;

	if (code == '"') {
		fputs("\"\"", out);
	} else if (code != '\n' && code != '\t' && code_hostile(code)) {
		len = code_stand_in(code, false, stand_in);
		fwrite(stand_in, 1, len, out);
	} else if (code == 0xfffd && n == 1) {
		fputs("\xef\xbf\xbd", out); /* an ill-formed byte */
	} else {
		fwrite(at, 1, n, out);
	}
}

void
csv_cell(struct csv *c, struct text cell)
{
	bool     quoted = must_quote(cell);
	uint32_t code;

	if (c->row_begun)
		putc(',', c->out);
	c->row_begun = true;
	if (quoted)
		putc('"', c->out);
	if (is_formula(cell))
		putc('\'', c->out);
	for (size_t i = 0; i < cell.n;) {
		size_t n = plain_run(cell, i);

		if (n) {
			fwrite(cell.p + i, 1, n, c->out);
		} else {
			n = utf8_decode(cell.p + i, cell.p + cell.n, &code);
			put_code(c->out, cell.p + i, n, code);
		}
		i += n;
	}
	if (quoted)
		putc('"', c->out);
}

void
csv_end_row(struct csv *c)
{
	putc('\n', c->out);
	c->row_begun = false;
}
