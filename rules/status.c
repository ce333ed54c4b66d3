/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rules/detection.h"

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
	return text_absent(*reason) ? DETECTION_OK : DETECTION_RESERVATION;
}
