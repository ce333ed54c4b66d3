/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * textlog.h - decodes files of event XML and classic text, in any mixture.
 *
 * The importers "xml" and "text" both end here; they differ in what they bid on.
 */
#ifndef AUGER_IMPORTERS_TEXTLOG_H
#define AUGER_IMPORTERS_TEXTLOG_H

#include "importers/importer.h"
#include "importers/records.h"

bool textlog_decode(struct input *in, uint64_t begin, uint64_t end,
		    const struct import_options *opt, struct sink *out, struct err *err);

/* Bid of an importer for files whose first record is of one of the kinds FIRST to LAST. */
enum bid textlog_bid(struct text head, enum record_kind first, enum record_kind last);

#endif
