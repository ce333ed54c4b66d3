/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * signatures.h - what a file is that no importer reads, and what to do about it.
 *
 * Sources: the file formats' own specifications; Microsoft-documented headers of .evt logs.
 */
#ifndef AUGER_IMPORTERS_SIGNATURES_H
#define AUGER_IMPORTERS_SIGNATURES_H

#include <stdbool.h>

#include "base/text.h"

/* By the first bytes. *REASON: words for a gap; *IGNORE: holds no evidence and needs no gap.
 * False: no known signature. */
bool signature_find(struct text head, struct text *reason, bool *ignore);

/* The same for text that no importer knows; HEAD is UTF-8 without leading blanks. */
bool text_signature_find(struct text head, struct text *reason);

#endif
