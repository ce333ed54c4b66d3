/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * time_format.h - times as text, in the formats of strftime and strptime.
 *
 * All of it is UTC, in nanoseconds. Codes: Splunk's "Date and time format variables".
 */
#ifndef AUGER_RULES_TIME_FORMAT_H
#define AUGER_RULES_TIME_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

struct text time_format(int64_t ns, struct text format, struct arena *keep);
bool        time_parse(struct text t, struct text format, int64_t *ns);

#endif
