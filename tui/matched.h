/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * matched.h - which places of an event's texts a rule looked at: for highlighting.
 */
#ifndef AUGER_TUI_MATCHED_H
#define AUGER_TUI_MATCHED_H

#include "base/event.h"
#include "base/pred.h"
#include "rules/detection.h"

#define MATCHED_MAX 512

/* Places in VALUE, a text of EV, that comparisons of the detection's searches matched; ascending
 * and apart. Comparisons count under whatever name they see the text or a part of it, those of data
 * models, too; of a view made of several fields each shows its own part. */
size_t matched_ranges(const struct detection *d, const struct event *ev, struct text value,
		      struct arena scratch, struct range out[MATCHED_MAX]);

/* Joins ranges that touch; returns how many are left. */
size_t matched_merge(struct range *ranges, size_t n);

#endif
