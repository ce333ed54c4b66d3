/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * memo.h - stages behind each other whose outcome is remembered by the values that they read.
 *
 * Events repeat themselves: the same script runs a thousand times, and a rule with twenty evals
 * over its text would come to the same each time. Where stages set fields of each row by what they
 * read of it alone, equal values are worked on once per run. Values are compared whole, long ones by
 * their SHA-256, so this never decides; a run in which few are equal, or that has no room left, goes
 * on without.
 */
#ifndef AUGER_RULES_MEMO_H
#define AUGER_RULES_MEMO_H

#include "rules/pipeline.h"

/* Finds such stages, and notes them at the first and the last of them. */
void memo_plan(struct compile *c, struct pipeline *p);

struct memo_run;
struct memo_run *memo_start(struct run *run, const struct memo *memo);
/* As the row function of FIRST: either its stages run, or the row gets what they came to before. */
bool memo_row(struct stage_run *first, struct row *row);
/* The last of the stages hands ROW on. */
void memo_note(struct memo_run *m, const struct row *row);

#endif
