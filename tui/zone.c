/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* "+02:00", "-0330", "+2" */
static bool
offset_of(struct text t, int32_t *out)
{
	struct text hours, minutes = TEXT("0");
	uint64_t    h, m;
	bool        west = text_starts(t, TEXT("-"));

	if (!west && !text_starts(t, TEXT("+")))
		return false;
	hours = text_from(t, 1);
	if (text_find_byte(hours, ':') != TEXT_NOWHERE) {
		minutes = hours;
		hours = text_cut(&minutes, ':');
	} else if (hours.n == 4) {
		minutes = text_from(hours, 2);
		hours = text_head(hours, 2);
	}
	if (!text_to_u64(hours, &h) || !text_to_u64(minutes, &m) || h > 14 || m > 59)
		return false;
	*out = (int32_t)(h * 3600 + m * 60) * (west ? -1 : 1);
	return true;
}

static void
remember_local(struct zone *z)
{
	const char *tz = getenv("TZ");

	if (!z->known_local)
		snprintf(z->local, sizeof(z->local), "%s", tz ? tz : "");
	z->known_local = true;
}

static void
put_in_force(struct zone *z)
{
	const char *tz = z->kind == ZONE_NAMED ? z->name : z->local;

	remember_local(z);
	if (*tz)
		setenv("TZ", tz, 1);
	else
		unsetenv("TZ");
	tzset();
}

static bool
in_zone_table(struct text name)
{
	char path[128];

	if (!name.n || name.n >= 64 || name.p[0] == '/' ||
	    text_find(name, TEXT("..")) != TEXT_NOWHERE ||
	    text_find_byte(name, '\0') != TEXT_NOWHERE)
		return false;
	snprintf(path, sizeof(path), "/usr/share/zoneinfo/" TEXT_FMT, TEXT_ARG(name));
	return access(path, R_OK) == 0;
}

bool
zone_set(struct zone *z, struct text name, struct err *err)
{
	if (text_ieq(name, TEXT("UTC")) || text_ieq(name, TEXT("Z"))) {
		z->kind = ZONE_UTC;
	} else if (text_ieq(name, TEXT("local"))) {
		z->kind = ZONE_LOCAL;
	} else if (offset_of(name, &z->offset_s)) {
		z->kind = ZONE_OFFSET;
		snprintf(z->name, sizeof(z->name), TEXT_FMT, TEXT_ARG(name));
	} else if (in_zone_table(name)) {
		z->kind = ZONE_NAMED;
		snprintf(z->name, sizeof(z->name), TEXT_FMT, TEXT_ARG(name));
	} else {
		return err_set(err, ERR_USAGE,
			       TEXT_FMT " is not a zone; try UTC, local, +02:00 or Europe/Berlin",
			       TEXT_ARG(text_head(name, 60)));
	}
	put_in_force(z);
	return true;
}

void
zone_next(struct zone *z)
{
	switch (z->kind) {
	case ZONE_UTC:
		z->kind = ZONE_LOCAL;
		break;
	case ZONE_LOCAL:
		z->kind = ZONE_UTC;
		if (z->name[0])
			z->kind = offset_of(text_of(z->name), &z->offset_s) ? ZONE_OFFSET
									    : ZONE_NAMED;
		break;
	case ZONE_OFFSET:
	case ZONE_NAMED:
		z->kind = ZONE_UTC;
		break;
	}
	put_in_force(z);
}

static bool
from_table(const struct zone *z, int64_t time_ns, struct tm *out)
{
	time_t seconds = (time_t)(time_ns / WHEN_SECOND);

	return (z->kind == ZONE_LOCAL || z->kind == ZONE_NAMED) && localtime_r(&seconds, out);
}

size_t
zone_human(const struct zone *z, int64_t time_ns, char out[WHEN_TEXT_MAX])
{
	struct tm local;
	int32_t   offset_s = z->kind == ZONE_OFFSET ? z->offset_s : 0;

	if (time_ns != WHEN_NONE && from_table(z, time_ns, &local))
		offset_s = (int32_t)local.tm_gmtoff;
	return when_to_human(time_ns, offset_s, out);
}

struct text
zone_label(const struct zone *z, int64_t time_ns, struct arena *keep)
{
	struct tm local;
	long      minutes;

	if (z->kind == ZONE_UTC)
		return TEXT("UTC");
	if (z->kind == ZONE_OFFSET)
		return arena_printf(keep, "UTC%s", z->name);
	if (!from_table(z, time_ns == WHEN_NONE ? 0 : time_ns, &local))
		return TEXT("local");
	minutes = local.tm_gmtoff / 60;
	return arena_printf(keep, "%s %c%02ld:%02ld", z->kind == ZONE_NAMED ? z->name : "local",
			    minutes < 0 ? '-' : '+', labs(minutes) / 60, labs(minutes) % 60);
}

struct text
zone_word(const struct zone *z)
{
	switch (z->kind) {
	case ZONE_UTC:
		return TEXT("UTC");
	case ZONE_LOCAL:
		return TEXT("local");
	case ZONE_OFFSET:
	case ZONE_NAMED:
		break;
	}
	return text_of(z->name);
}

struct text
zone_short(const struct zone *z)
{
	return text_last_part(zone_word(z));
}
