/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * zone.h - the time zone that the screen shows. Files and searches are UTC whatever it is.
 *
 * Named zones come from the system's zone table through the environment variable TZ, so of those
 * only one is in force in a process at a time; local time is what TZ was at the start.
 */
#ifndef AUGER_TUI_ZONE_H
#define AUGER_TUI_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"
#include "base/when.h"

enum zone_kind { ZONE_UTC, ZONE_LOCAL, ZONE_OFFSET, ZONE_NAMED };

struct zone {
	enum zone_kind kind;
	int32_t        offset_s;  /* ZONE_OFFSET: seconds east of UTC */
	char           name[64];  /* "Europe/Berlin", "+02:00"; of the zone that was chosen last */
	char           local[64]; /* TZ at the start; empty: the system's */
	bool           known_local;
};

/* "UTC", "local", "+02:00", "Europe/Berlin". Errors: ERR_USAGE, the zone stays. */
bool zone_set(struct zone *z, struct text name, struct err *err);
/* UTC, local time, the zone that was chosen (if one was), UTC again. */
void zone_next(struct zone *z);

/* "2020-09-21 00:14:37" in the zone; returns the length, 0 for WHEN_NONE. */
size_t zone_human(const struct zone *z, int64_t time_ns, char out[WHEN_TEXT_MAX]);
/* "UTC", "local CEST +02:00", "Europe/Berlin": with the offset in force at TIME_NS. */
struct text zone_label(const struct zone *z, int64_t time_ns, struct arena *keep);
/* For the head of a column: "UTC", "local", "+02:00", "Berlin". */
struct text zone_short(const struct zone *z);
/* As zone_set takes it. */
struct text zone_word(const struct zone *z);

#endif
