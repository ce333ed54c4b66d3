/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "importers/text_labels.h"

static const struct label {
	struct text shown, english;
} labels[] = {
#define LABEL(shown, english) { TEXT_INIT(shown), TEXT_INIT(english) },
#include "importers/text_labels.def"
#undef LABEL
};

/* In French a blank, which may be one that does not break, stands before the colon. */
static struct text
without_blanks(struct text t)
{
	for (;;) {
		struct text trimmed = text_trim(t);

		if (trimmed.n >= 2 && text_starts(text_from(trimmed, trimmed.n - 2), TEXT("\xc2\xa0")))
			trimmed.n -= 2;
		else if (trimmed.n >= 1 && trimmed.p[trimmed.n - 1] == '\xa0')
			trimmed.n--;
		if (trimmed.n == t.n)
			return trimmed;
		t = trimmed;
	}
}

struct text
text_label(struct text shown, bool *foreign)
{
	struct text t = without_blanks(shown);

	for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++)
		if (text_ieq(t, labels[i].shown)) {
			*foreign = true;
			return labels[i].english;
		}
	return t;
}

bool
text_label_begins(struct text line, struct text english)
{
	size_t colon = text_find_byte(line, ':');
	bool   foreign;

	return colon != TEXT_NOWHERE && text_ieq(text_label(text_head(line, colon), &foreign), english);
}
