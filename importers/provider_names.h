/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * provider_names.h - what is known of event providers that text forms leave out.
 *
 * Source: the providers' manifests as Windows registers them (wevtutil gp).
 */
#ifndef AUGER_IMPORTERS_PROVIDER_NAMES_H
#define AUGER_IMPORTERS_PROVIDER_NAMES_H

#include "base/text.h"

struct provider_name {
	struct text display; /* as classic text shows the source; absent: the name itself */
	struct text name;    /* as event XML has it */
	struct text guid;    /* absent: a classic provider has none */
};

/* By display name or name, without case; NULL: not known. */
const struct provider_name *provider_find(struct text source);

/* The log of a provider that writes to one only; absent: not known. */
struct text only_log_of(struct text provider);
/* The provider that alone writes that event to that log; absent: not known. */
struct text only_provider_of(struct text channel, uint64_t event_id);

/* Number of a level's name, English and some others ("Error" is 2, "Audit Success" 0); absent: not known. */
struct text level_number(struct text name);
/* Number of an opcode's English name ("Info" is 0, "On create calls" 15); absent: not known. */
struct text opcode_number(struct text name);

#endif
