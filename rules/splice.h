/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * splice.h - a subsearch among the words of a command: where x=[search ... | return $x].
 *
 * It runs when the search begins, and what it found takes its place in the text before the command
 * is read. Values go in as literals: quoted, or as they are when they are a number or a list of
 * quoted strings, so that evidence never becomes search text.
 */
#ifndef AUGER_RULES_SPLICE_H
#define AUGER_RULES_SPLICE_H

#include "rules/pipeline.h"

/* Is there one in what S has left? */
bool splice_needed(const struct scan *s);
/* Reads the stage of COMMAND, whose name S is behind. */
bool splice_parse(struct scan *s, struct stage *stage, const struct pipe_command *command);

#endif
