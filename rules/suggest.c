/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/suggest.h"

#define SUGGEST_LENGTH_MAX 40

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Edits between two short words: letters added, dropped, changed, or swapped with the next. */
static unsigned
distance(struct text a, struct text b)
{
	unsigned d[SUGGEST_LENGTH_MAX + 1][SUGGEST_LENGTH_MAX + 1];
	char     x[SUGGEST_LENGTH_MAX], y[SUGGEST_LENGTH_MAX];

	text_fold(x, a);
	text_fold(y, b);
	for (size_t i = 0; i <= a.n; i++)
		for (size_t k = 0; k <= b.n; k++) {
			if (i == 0 || k == 0) {
				d[i][k] = (unsigned)(i + k);
				continue;
			}
			d[i][k] = least(d[i - 1][k] + 1, d[i][k - 1] + 1);
			d[i][k] = least(d[i][k], d[i - 1][k - 1] + (x[i - 1] != y[k - 1]));
			if (i > 1 && k > 1 && x[i - 1] == y[k - 2] && x[i - 2] == y[k - 1])
				d[i][k] = least(d[i][k], d[i - 2][k - 2] + 1);
		}
	return d[a.n][b.n];
}

struct text
suggest(struct text word, const struct text *known, size_t n)
{
	struct text best = TEXT_NONE;
	unsigned    least_far = (unsigned)(word.n + 2) / 3;

	if (word.n < 2 || word.n > SUGGEST_LENGTH_MAX)
		return best;
	for (size_t i = 0; i < n; i++) {
		unsigned far;

		if (known[i].n > SUGGEST_LENGTH_MAX)
			continue;
		far = distance(word, known[i]);
		if (far < least_far || (far == least_far && text_absent(best))) {
			least_far = far;
			best = known[i];
		}
	}
	return best;
}
