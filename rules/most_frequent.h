/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * most_frequent.h - what top and rare share.
 */
#ifndef AUGER_RULES_MOST_FREQUENT_H
#define AUGER_RULES_MOST_FREQUENT_H

#include "rules/pipeline.h"

bool frequent_parse(struct scan *s, struct stage *stage);
void frequent_uses(const struct stage *stage, struct uses *uses);
void frequent_columns(const struct stage *stage, struct columns *columns);
bool frequent_start(struct stage_run *sr);
bool frequent_row(struct stage_run *sr, struct row *row);
/* RARE: the least frequent values first. */
bool frequent_finish(struct stage_run *sr, bool rare);

#endif
