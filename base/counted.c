/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/counted.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct counted
counted_noun(uint64_t n, const char *noun)
{
	struct counted out;
	size_t         length = strlen(noun);
	bool           y = length > 1 && noun[length - 1] == 'y' && !strchr("aeiou", noun[length - 2]);
	bool           s = length > 0 && noun[length - 1] == 's';

	if (n == 1)
		snprintf(out.words, sizeof(out.words), "%s", noun);
	else if (y)
		snprintf(out.words, sizeof(out.words), "%.*sies", (int)length - 1, noun);
	else
		snprintf(out.words, sizeof(out.words), "%s%s", noun, s ? "es" : "s");
	return out;
}

struct counted
counted_number(uint64_t n)
{
	struct counted out;
	char           digits[24];
	int            length = snprintf(digits, sizeof(digits), "%" PRIu64, n);
	size_t         at = 0;

	for (int i = 0; i < length; i++) {
		if (i && (length - i) % 3 == 0)
			out.words[at++] = ',';
		out.words[at++] = digits[i];
	}
	out.words[at] = '\0';
	return out;
}

struct counted
counted(uint64_t n, const char *noun)
{
	struct counted out;

	snprintf(out.words, sizeof(out.words), "%.30s %.30s", counted_number(n).words,
		 counted_noun(n, noun).words);
	return out;
}
