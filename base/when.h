/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * when.h - timestamps: one integer inside, one spelling outside.
 *
 * Units: nanoseconds since 1970-01-01T00:00:00Z; never local time. Holds 1677-09-21 to 2262-04-11.
 * Errors: false means "not a time we can hold"; the caller keeps the raw value.
 */
#ifndef AUGER_BASE_WHEN_H
#define AUGER_BASE_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

#define WHEN_SECOND INT64_C(1000000000)
#define WHEN_HOUR   (3600 * WHEN_SECOND)
#define WHEN_DAY    (24 * WHEN_HOUR)
#define WHEN_NONE   INT64_MIN /* no time; sorts before every time */
#define WHEN_MAX    INT64_MAX

/* Windows FILETIME: 100 ns ticks since 1601-01-01 UTC ([MS-DTYP] 2.3.3). */
bool when_from_filetime(uint64_t ticks, int64_t *ns);

/* The clock of the system. False: it is at a time that we cannot hold, and NS is the nearest one. */
bool when_now(int64_t *ns);

struct when_fields {
	int year, month, day, hour, minute, second;
	int ns;      /* 0..999999999 */
	int weekday; /* 0 = Sunday */
	int yearday; /* 0..365 */
};

struct when_fields when_split(int64_t ns);
/* When the piece of UNIT_NS that NS lies in begins; the first one there is begins with time. */
int64_t when_piece(int64_t ns, int64_t unit_ns);
/* LENGTH_NS later, but not behind the last time there is. */
int64_t when_later(int64_t ns, int64_t length_ns);

bool               when_join(const struct when_fields *f, int64_t *ns); /* proleptic Gregorian; checks ranges */

/*
 * ISO 8601 in the spellings evidence uses: 'T' or blank between date and time, 0 to 9 fraction
 * digits ('.' or ','), then Z, +hh:mm, +hhmm, " UTC", " GMT" or nothing. *HAS_ZONE says whether a
 * zone was written; without one the digits are taken as UTC.
 */
bool when_from_iso(struct text t, int64_t *ns, bool *has_zone);

#define WHEN_TEXT_MAX 40

/* "2020-09-21T00:14:37.123456Z"; returns the length. WHEN_NONE gives an empty text. */
size_t when_to_iso(int64_t ns, char out[WHEN_TEXT_MAX]);

/* "2020-09-21 00:14:37", for people, shifted by OFFSET_S seconds east of UTC. */
size_t when_to_human(int64_t ns, int32_t offset_s, char out[WHEN_TEXT_MAX]);

#endif
