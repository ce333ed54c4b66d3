/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * json_sniff.h - whether the first bytes of a file are JSON, and whether events are in it.
 */
#ifndef AUGER_IMPORTERS_JSON_SNIFF_H
#define AUGER_IMPORTERS_JSON_SNIFF_H

#include "importers/importer.h"

/* BID_SURE: a record of a known form. BID_MAYBE: JSON; what is in it, its gaps will say. */
enum bid json_sniff(struct text head);

#endif
