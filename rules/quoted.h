/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * quoted.h - strings in double quotes, as search text has them: a backslash takes the next byte
 * along.
 */
#ifndef AUGER_RULES_QUOTED_H
#define AUGER_RULES_QUOTED_H

#include "base/arena.h"
#include "base/text.h"

/* VALUE as a string, quotes included, that means just that: '\\' doubled, '"' escaped; in KEEP. */
struct text spl_quote(struct text value, struct arena *keep);

/* Index behind the string that opens at AT of T; TEXT_NOWHERE when it does not close. */
size_t quoted_end(struct text t, size_t at);

#endif
