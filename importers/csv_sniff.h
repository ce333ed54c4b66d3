/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * csv_sniff.h - whether the first bytes of a file are a table, and whether of events.
 */
#ifndef AUGER_IMPORTERS_CSV_SNIFF_H
#define AUGER_IMPORTERS_CSV_SNIFF_H

#include "importers/importer.h"

enum bid csv_bid(struct text head, uint64_t size);

/* A table that is none of events. *REASON: words for a gap, which last. */
bool csv_table_find(struct text head, struct text *reason);

#endif
