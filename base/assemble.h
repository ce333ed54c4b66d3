/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * assemble.h - a script as it reads once the strings that it puts together are put together.
 *
 * Constant expressions alone: 'a'+'b', "{1}{0}" -f 'a','b', [char]97, parentheses around them, and
 * letters that a backtick escapes for nothing (I`nvoke). Nothing is run, no variable is looked up;
 * what is no constant stays as it is. Nested to a bounded depth, in time that grows with the text.
 *
 * Source: about_Operators, about_Operator_Precedence, about_Quoting_Rules.
 */
#ifndef AUGER_BASE_ASSEMBLE_H
#define AUGER_BASE_ASSEMBLE_H

#include "base/arena.h"
#include "base/text.h"

#define ASSEMBLE_TEXT ((size_t)1 << 20) /* bytes that are looked at, and that come out at most */

/* The lines of the script that read differently then; absent: none does. *CUT: a limit was met.
 * Takes less than 6 * ASSEMBLE_TEXT of KEEP. */
struct text assemble(struct text script, struct arena *keep, bool *cut);

/* A quick look: false says that no line does. */
bool assemble_worth(struct text script);

#endif
