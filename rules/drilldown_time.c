/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The times of a drilldown. */
#include "config.h"

#include "base/ascii.h"
#include "base/when.h"
#include "rules/drilldown_time.h"
#include "rules/timespec.h"

bool
drilldown_offset(int64_t *ns, struct text offset, bool latest, int64_t found_ns, struct span whole,
		 struct err *err)
{
	offset = text_trim(offset);
	*ns = latest ? whole.latest_ns : whole.earliest_ns;
	if (offset.n == 0)
		return true;
	if (text_eq(offset, TEXT("$info_min_time$"))) {
		*ns = whole.earliest_ns;
		return true;
	}
	if (text_eq(offset, TEXT("$info_max_time$"))) {
		*ns = whole.latest_ns;
		return true;
	}
	if (found_ns == WHEN_NONE)
		return true;
	if (latest && (text_eq(offset, TEXT("0")) || text_ieq(offset, TEXT("now")))) {
		*ns = found_ns == WHEN_MAX ? found_ns : found_ns + 1;
		return true;
	}
	if (timespec_resolve(offset, found_ns, ns))
		return true;
	return err_set(err, ERR_RULE, "drilldown offset \"" TEXT_FMT "\" is no time",
		       TEXT_ARG(offset));
}

static const struct {
	const char *name;
	const char *unit; /* of which the value is a number; NULL: the value is a time */
	bool        latest;
} modifiers[] = {
	{ "earliest", NULL, false },     { "latest", NULL, true },
	{ "startminutesago", "m", false }, { "endminutesago", "m", true },
	{ "starthoursago", "h", false }, { "endhoursago", "h", true },
	{ "startdaysago", "d", false },  { "enddaysago", "d", true },
};

/* Against now: -7d, +1h@h, now, @d; not 1700000000 and not 2024-05-14. */
static bool
is_relative(struct text value)
{
	return value.n && !ascii_digit(value.p[0]);
}

struct text
drilldown_modifier(struct text name, struct text value, int64_t found_ns, struct arena *keep)
{
	for (size_t i = 0; i < sizeof(modifiers) / sizeof(modifiers[0]); i++) {
		const char *unit = modifiers[i].unit;
		bool        latest = modifiers[i].latest;
		int64_t     ns;
		long long   second;

		if (!text_eq(name, text_of(modifiers[i].name)))
			continue;
		if (!unit && !is_relative(value))
			return TEXT_NONE;
		if (unit)
			value = arena_printf(keep, "-" TEXT_FMT "%s", TEXT_ARG(value), unit);
		if (found_ns == WHEN_NONE || !timespec_resolve(value, found_ns, &ns))
			return TEXT_NONE;
		if (latest && ns < found_ns)
			ns = found_ns;
		/* A number below 0 would count back from now; 0 is the beginning of time. */
		second = ns < 0 ? 0 : ns / WHEN_SECOND;
		return arena_printf(keep, "%s=%lld", latest ? "latest" : "earliest",
				    second + latest);
	}
	return TEXT_NONE;
}
