/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * evidence_again.h - evidence of a case looked at once more, where it lies now.
 */
#ifndef AUGER_CLI_EVIDENCE_AGAIN_H
#define AUGER_CLI_EVIDENCE_AGAIN_H

#include "base/digest.h"
#include "cli/member_again.h"
#include "tui/services.h"

/* Where evidence lies that was imported as PATH: there, or, when that is a relative path and nothing
 * lies there now, beside the case. What is found is evidence only by its SHA-256. */
struct text evidence_place(struct text path, const char *case_path, struct arena *keep);
/* Why nothing lies there. */
const char *evidence_gone(struct text path);

bool evidence_hash(struct text path, char hex[DIGEST_HEX + 1], struct err *err);

/* The record as the evidence has it; services.h says more. */
bool evidence_record(const struct event_origin *origin, const struct member_how *how,
		     struct arena *keep, struct raw_record *out, struct err *err);

#endif
