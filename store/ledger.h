/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ledger.h - inside the store: rows of the ledger.
 */
#ifndef AUGER_STORE_LEDGER_H
#define AUGER_STORE_LEDGER_H

#include "base/finding.h"
#include "store/db.h"

#define LEDGER_COLUMNS                                                                             \
	"l.rule_id, l.rule, l.source, l.status, l.hits, l.findings, l.filtered, l.reason, "        \
	"l.version, l.sha256, l.fingerprint, l.clock_ns"
#define LEDGER_N 12

struct ledger_entry ledger_get(struct ask *q); /* of a row that begins with LEDGER_COLUMNS */

#endif
