/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a detection can run as it is, with a reservation, or not at all. */
#include "config.h"

#include "rules/detection.h"
#include "rules/tokens.h"

const char *
detection_status_name(enum detection_status status)
{
	switch (status) {
	case DETECTION_OK:
		return "ok";
	case DETECTION_RESERVATION:
		return "reservation";
	case DETECTION_UNSUPPORTED:
		return "unsupported";
	case DETECTION_INVALID:
		break;
	}
	return "invalid";
}

static struct text
joined(struct text a, struct text b, struct arena *keep)
{
	if (text_absent(a) || text_absent(b))
		return text_absent(a) ? b : a;
	return arena_printf(keep, TEXT_FMT "; " TEXT_FMT, TEXT_ARG(a), TEXT_ARG(b));
}

/* The words in which the language refuses what Splunk has and a case cannot have (commands.def);
 * all else is a mistake in the file. */
static bool
is_unsupported(struct text what)
{
	static const char *const words[] = { "not supported", "does not have", "only read",
					     "stays offline", NULL };

	for (size_t i = 0; words[i]; i++) {
		if (text_find(what, text_of(words[i])) != TEXT_NOWHERE)
			return true;
	}
	return false;
}

static bool
among(struct text name, const struct text *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (text_eq(names[i], name))
			return true;
	}
	return false;
}

/* Tokens of the message that no row of the search can have: its last stats or table drops them. */
static struct text
dropped_tokens(const struct detection *d, struct arena *keep)
{
	const struct text *columns;
	size_t             n = search_output_columns(d->search, &columns);
	struct text        rest = d->message, all = TEXT_NONE;

	while (n && !text_absent(rest)) {
		struct token t = token_next(&rest);

		if (text_absent(t.name))
			break;
		if (t.closed && !among(t.name, columns, n))
			all = joined(all,
				     arena_printf(keep,
						  "message names $" TEXT_FMT "$, which the search "
						  "does not give",
						  TEXT_ARG(t.name)),
				     keep);
	}
	return all;
}

enum detection_status
detection_status(const struct detection *d, struct arena *keep, struct text *reason)
{
	struct text where = text_of(d->problem.where), what = text_of(d->problem.what);

	if (d->problem.kind != ERR_NONE || !d->search) {
		if (text_starts(where, d->source))
			where = text_from(where, d->source.n + 1);
		*reason =
		    arena_printf(keep, TEXT_FMT ": " TEXT_FMT, TEXT_ARG(where), TEXT_ARG(what));
		return is_unsupported(what) ? DETECTION_UNSUPPORTED : DETECTION_INVALID;
	}
	*reason = joined(search_reservation(d->search), d->remarks, keep);
	*reason = joined(*reason, dropped_tokens(d, keep), keep);
	return text_absent(*reason) ? DETECTION_OK : DETECTION_RESERVATION;
}
