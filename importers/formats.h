/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * formats.h - the formats that importers.c lists, one header for all.
 */
#ifndef AUGER_IMPORTERS_FORMATS_H
#define AUGER_IMPORTERS_FORMATS_H

#include "importers/evtx.h"

extern const struct importer importer_splunk_results, importer_xml, importer_text,
    importer_csv, importer_json;

#endif
